//! What programs read over the API, and that its description is true.

use serde_json::Value;

use crate::world::ground::{self, runs};
use crate::world::{World, client, story};

/// A token made at the command line.
fn token(world: &World, person: &str, scopes: &str) -> String {
    ground::token(world.database(), ("报表", person, scopes))
}

async fn calls(world: &World, token: &str, path: &str) -> (u16, Value) {
    let request = client().get(format!("{}/api/v1/{path}", world.url())).bearer_auth(token);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// All rows, page by page.
async fn all(world: &World, token: &str, path: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let (status, page) = calls(world, token, &format!("{path}{cursor}")).await;
        assert_eq!(status, 200, "{page}");
        rows.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { return rows };
        cursor = format!("&cursor={next}");
    }
}

story!(a_token_reads_what_its_person_sees_and_what_its_scopes_name_until_it_is_revoked, |world| {
    let open = world.files_and_approves().await;
    let secret = world.files_with(&[("visibility", "people"), ("title", "收购星辰公司")]).await;
    world.forgets().await;
    let (hers, theirs) = (token(world, "zhang.wei", "requests,tasks"), token(world, "sun.li", "requests"));
    let ids = async |token: &str, path: &str| -> Vec<String> {
        let rows = all(world, token, path).await;
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&hers, "requests?limit=1").await, [open.clone(), secret.clone()], "page by page");
    assert_eq!(ids(&theirs, "requests?limit=1").await, std::slice::from_ref(&open));
    assert_eq!(ids(&hers, "requests?state=in_review").await, std::slice::from_ref(&secret));
    assert_eq!(ids(&theirs, &format!("requests?id={secret}")).await, [""; 0]);
    for (token, path, status) in [
        (&*theirs, "tasks", 403),
        (&*hers, "progress", 403),
        ("liaison_none", "requests", 401),
        ("", "requests", 401),
        (&*hers, "requests?limit=0", 400),
        (&*hers, "requests?limit=201", 400),
        (&*hers, "requests?cursor=none", 400),
        (&*hers, "tasks?cursor=WzEsMl0", 400),
        (&*hers, "requests?filed_since=soon", 400),
        (&*hers, "requests?evil=1", 400),
    ] {
        let (answered, error) = calls(world, token, path).await;
        assert_eq!(answered, status, "{path}: {error}");
        assert!(error["error"]["code"].is_string());
    }
    // In the database is nothing that opens anything.
    let (code, listed) = runs(world.database(), (&["token", "list"], &[]));
    assert_eq!(code, Some(0));
    assert!(!listed.contains("liaison_") && listed.contains("报表"), "{listed}");
    let id = listed.lines().find(|line| line.contains("as zhang.wei")).unwrap().split(' ').next().unwrap();
    assert_eq!(runs(world.database(), (&["token", "revoke", id], &[])).0, Some(0));
    assert_eq!(calls(world, &hers, "requests").await.0, 401, "revoked");
    assert_ne!(runs(world.database(), (&["token", "revoke", id], &[])).0, Some(0), "only once");
    assert_ne!(
        runs(
            world.database(),
            (&["token", "add", "--name", "x", "--person", "nobody", "--scope", "tasks"], &[])
        )
        .0,
        Some(0)
    );
    assert_ne!(
        runs(
            world.database(),
            (&["token", "add", "--name", "x", "--person", "li.na", "--scope", "all"], &[])
        )
        .0,
        Some(0)
    );
});

/// Whether a value is what its schema says.
fn fits(value: &Value, schema: &Value) -> bool {
    let is = |kind: &str| match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "null" => value.is_null(),
        "object" => value.is_object(),
        other => panic!("an unknown type {other}"),
    };
    match &schema["type"] {
        Value::String(kind) => is(kind),
        Value::Array(kinds) => kinds.iter().any(|kind| is(kind.as_str().unwrap())),
        other => panic!("no type: {other}"),
    }
}

story!(the_description_of_the_api_is_what_its_routes_answer, |world| {
    let number = world.files_and_approves().await;
    world.presses("li.na", "confirm").await;
    world.presses("wang.fang", "confirm").await;
    world.presses("zhang.wei", "split").await;
    world.says("li.na", &format!("/progress {number}/1 60% 完成初稿 下一步：校对 风险：缺图")).await;
    world.forgets().await;
    let document: Value =
        client().get(format!("{}/api/openapi.json", world.url())).send().await.unwrap().json().await.unwrap();
    let token = token(world, "zhang.wei", "requests,tasks,obligations,progress");
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 6);
    for (path, described) in paths.iter().filter(|(_, described)| described.get("get").is_some()) {
        let name = path.strip_prefix("/api/v1/").unwrap();
        let rows = all(world, &token, &format!("{name}?limit=2")).await;
        assert!(!rows.is_empty(), "nothing to compare at {path}");
        let schema = &document["components"]["schemas"][name];
        let properties = schema["properties"].as_object().unwrap();
        for row in &rows {
            let row = row.as_object().unwrap();
            assert_eq!(row.keys().collect::<Vec<_>>(), properties.keys().collect::<Vec<_>>(), "{path}");
            for (field, value) in row {
                assert!(
                    fits(value, &properties[field]),
                    "{path} {field}: {value} is not {}",
                    properties[field]
                );
            }
        }
        // Every parameter that is described is taken.
        for parameter in described["get"]["parameters"].as_array().unwrap() {
            let value = match (
                parameter["name"].as_str().unwrap(),
                &parameter["schema"]["format"],
                &parameter["schema"]["type"],
            ) {
                ("cursor", ..) => continue,
                (_, Value::String(format), _) if format == "date" => "2026-11-23",
                (_, Value::String(_), _) => "2026-11-23T00:00:00Z",
                (_, _, Value::String(kind)) if kind == "boolean" => "true",
                (_, _, Value::String(kind)) if kind == "integer" => "5",
                _ => "none",
            };
            let (status, page) =
                calls(world, &token, &format!("{name}?{}={value}", parameter["name"].as_str().unwrap()))
                    .await;
            assert_eq!(status, 200, "{path} {parameter}: {page}");
        }
    }
});

story!(the_description_of_an_act_is_what_is_taken_and_answered, |world| {
    let number = world.files_and_approves().await;
    let document: Value =
        client().get(format!("{}/api/openapi.json", world.url())).send().await.unwrap().json().await.unwrap();
    let described = &document["paths"]["/api/v1/acts"]["post"];
    let schemas = &document["components"]["schemas"];
    let token = token(world, "li.na", described["security"][0]["token"][0].as_str().unwrap());
    let header = described["parameters"][0]["name"].as_str().unwrap();
    let done = serde_json::json!({ "command": format!("/comment {number} 在看"), "values": null, "revision": null, "as": "li.na" });
    let refused = serde_json::json!({ "command": format!("/accept {number}") });
    let all: Vec<&String> = schemas["act"]["properties"].as_object().unwrap().keys().collect();
    assert_eq!(
        all,
        done.as_object().unwrap().keys().collect::<Vec<_>>(),
        "every field that is described is taken"
    );
    for (key, body, schema) in
        [("a", &done, &schemas["outcome"]), ("b", &refused, &schemas["error"]["properties"]["error"])]
    {
        let request =
            client().post(format!("{}/api/v1/acts", world.url())).bearer_auth(&token).header(header, key);
        let answer = request.json(body).send().await.unwrap();
        let status = answer.status().as_u16().to_string();
        assert!(described["responses"][&status].is_object(), "{status} is described");
        let answer: Value = answer.json().await.unwrap();
        let answer = answer.get("error").unwrap_or(&answer).as_object().unwrap();
        for (field, value) in answer {
            let described = &schema["properties"][field];
            assert!(described.is_object() && fits(value, described), "{field}: {value} is not {described}");
        }
        for needed in schema["required"].as_array().unwrap() {
            assert!(answer.contains_key(needed.as_str().unwrap()), "{needed}");
        }
    }
    world.settles().await;
    world.forgets().await;
});
