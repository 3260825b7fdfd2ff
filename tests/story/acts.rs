//! What programs do over the API: the road of the chat, with its rights and refusals, once per key.

use serde_json::{Value, json};

use crate::world::ground;
use crate::world::{World, client, filled, story};

/// A token made at the command line.
fn token(world: &World, person: &str, scopes: &str) -> String {
    ground::token(world.database(), ("ERP", person, scopes))
}

/// Acts under a key; status and answer. Everything that follows is said.
async fn acts(world: &World, (token, key): (&str, &str), body: &Value) -> (u16, Value) {
    let request = client().post(format!("{}/api/v1/acts", world.url())).bearer_auth(token);
    let request = if key.is_empty() { request } else { request.header("idempotency-key", key) };
    let answer = request.json(body).send().await.unwrap();
    let (status, answer) = (answer.status().as_u16(), answer.json().await.unwrap());
    world.settles().await;
    (status, answer)
}

/// One command line under a key of its own; status, and the code of what was done or of the refusal.
async fn does(world: &World, token: &str, line: &str) -> (u16, String) {
    let (status, answer) = acts(
        world,
        (token, &line.replace(|c: char| !c.is_ascii_alphanumeric(), "-")),
        &json!({ "command": line }),
    )
    .await;
    let code = answer.pointer("/code").or(answer.pointer("/error/code"));
    (status, code.or(answer.get("outcome")).and_then(Value::as_str).unwrap_or_default().to_owned())
}

story!(a_program_files_approves_and_confirms_as_its_persons_and_everybody_hears_as_ever, |world| {
    let [zhang, liu, li] = ["zhang.wei", "liu.yang", "li.na"].map(|person| token(world, person, "act"));
    let mut values = filled(&[]);
    values.remove("title");
    let file = json!({ "command": "/new 新品上市推广", "values": values, "as": "zhang.wei" });
    let (status, answer) = acts(world, (&zhang, "order-4711"), &file).await;
    assert_eq!(
        (status, &answer["outcome"], &answer["code"]),
        (200, &json!("done"), &json!("filed")),
        "{answer}"
    );
    let number = answer["request"].as_str().unwrap().to_owned();
    assert!(answer["text"].as_str().unwrap().contains(&number), "the words of the chat: {answer}");
    world.hears("liu.yang ← 请审批市场部的协作需求").await;
    assert_eq!(does(world, &liu, &format!("/approve {number}")).await, (200, "approved".to_owned()));
    world.forgets().await;
    assert_eq!(does(world, &li, "/确认 SCB-1").await, (200, "confirmed".to_owned()));
    world.hears("zhang.wei ← 研发部已确认（李娜）").await;
    // The history tells it as any other act of that person.
    let lines = "SELECT COUNT(*) FROM audit WHERE what = 'confirmed' AND by_person = 'li.na'";
    assert_eq!(world.numbers(lines, 1).await, [1]);
    assert_eq!(world.numbers("SELECT COUNT(*) FROM signature WHERE signed_by = 'li.na'", 1).await, [1]);
});

story!(the_same_key_is_one_act_and_gets_the_first_answer, |world| {
    let number = world.files_and_approves().await;
    let (li, wang) = (token(world, "li.na", "act"), token(world, "wang.fang", "act"));
    let body = json!({ "command": format!("/comment {number} 图纸已发") });
    let (first, again) = tokio::join!(acts(world, (&li, "k1"), &body), acts(world, (&li, "k1"), &body));
    assert_eq!((first.0, &first), (200, &again));
    let other = json!({ "command": format!("/confirm {number}") });
    assert_eq!(acts(world, (&li, "k1"), &other).await, first, "whatever stands in the body then");
    assert_eq!(world.numbers("SELECT COUNT(*) FROM audit WHERE what = 'commented'", 1).await, [1]);
    world.forgets().await;
    // Another person's key is another one; a refusal is an answer, too.
    assert_eq!(acts(world, (&wang, "k1"), &other).await.1["code"], "confirmed");
    world.hears("zhang.wei ← 财务部已确认（王芳）").await;
    let second = acts(world, (&wang, "k2"), &other).await;
    assert_eq!(
        (second.0, second.1["error"]["code"].as_str()),
        (409, Some("already_decided")),
        "{}",
        second.1
    );
    assert_eq!(acts(world, (&wang, "k2"), &other).await, second);
    // After a restart it is still so.
    world.is_killed().await;
    assert_eq!(acts(world, (&li, "k1"), &body).await, first);
    world.hears("").await;
});

story!(what_a_person_may_not_do_or_see_a_program_may_not_either, |world| {
    let number = world.files_and_approves().await;
    let secret = world.files_with(&[("visibility", "people"), ("title", "收购星辰公司")]).await;
    world.forgets().await;
    let (sun, li) = (token(world, "sun.li", "act"), token(world, "li.na", "act"));
    for (line, status, code) in [
        (format!("/confirm {number}"), 403, "not_yours"),
        (format!("/accept {number}"), 403, "not_yours"),
        (format!("/show {secret}"), 404, "not_found"),
        (format!("/comment {secret} 看看"), 404, "not_found"),
        ("/comment 2026-Q4-SCB-999 看看".to_owned(), 404, "not_found"),
        (format!("/urge {number}"), 403, "not_yours"),
        ("/bind managers".to_owned(), 403, "only_for"),
        ("/确人 12".to_owned(), 422, "unknown_command"),
        ("你好".to_owned(), 422, "unknown_command"),
        ("/snooze".to_owned(), 422, "nothing_at_hand"),
        (format!("/show {number}"), 200, "shown"),
    ] {
        assert_eq!(does(world, &sun, &line).await, (status, code.to_owned()), "{line}");
    }
    assert_eq!(does(world, &li, &format!("/start {number}/1")).await.0, 404, "there are no tasks yet");
    // Nothing of a link to the pages is in an answer.
    let (status, shown) = acts(world, (&li, "board"), &json!({ "command": "/board" })).await;
    assert!(status == 200 && !shown.to_string().contains("http"), "{shown}");
    let everything = "SELECT COUNT(*) FROM audit WHERE by_person IN ('sun.li', 'li.na')";
    assert_eq!(world.numbers(everything, 1).await, [0]);
    world.hears("").await;
});

story!(who_may_only_read_or_calls_in_a_wrong_way_does_nothing, |world| {
    let number = world.files_and_approves().await;
    let (reads, acting) = (token(world, "li.na", "requests,tasks"), token(world, "li.na", "act"));
    let confirm = json!({ "command": format!("/confirm {number}") });
    let as_other = json!({ "command": format!("/confirm {number}"), "as": "wang.fang" });
    for (token, key, body, status, code) in [
        (&*reads, "k", &confirm, 403, "no_scope"),
        ("liaison_none", "k", &confirm, 401, "no_token"),
        (&*acting, "", &confirm, 400, "bad_parameter"),
        (&*acting, "a key", &confirm, 400, "bad_parameter"),
        (&*acting, "k", &as_other, 403, "not_this_person"),
        (&*acting, "k", &json!({ "command": "" }), 422, "bad_fields"),
        (&*acting, "k", &json!({ "command": "/my", "values": { "title": "x" } }), 422, "bad_fields"),
        (&*acting, "k", &json!({ "command": "/my", "revision": 1 }), 422, "bad_fields"),
    ] {
        let (answered, answer) = acts(world, (token, key), body).await;
        assert_eq!((answered, answer["error"]["code"].as_str()), (status, Some(code)), "{body}: {answer}");
    }
    let body = client()
        .post(format!("{}/api/v1/acts", world.url()))
        .bearer_auth(&acting)
        .header("idempotency-key", "k");
    let broken = body.header("content-type", "application/json").body("{").send().await.unwrap();
    assert_eq!(broken.status().as_u16(), 400);
    // None of it has used up the key.
    let older = json!({ "command": format!("/confirm {number}"), "revision": 9 });
    let (status, answer) = acts(world, (&acting, "k"), &older).await;
    assert_eq!((status, answer["error"]["code"].as_str()), (409, Some("old_version")), "{answer}");
    assert_eq!(world.numbers("SELECT COUNT(*) FROM signature", 1).await, [0]);
    world.hears("").await;
});

story!(what_is_wrong_with_a_form_is_named_by_field_and_nothing_typed_in_the_chat_is_lost, |world| {
    let zhang = token(world, "zhang.wei", "act");
    // Something half filled in the chat.
    world.says("zhang.wei", "/new").await;
    world.fills("zhang.wei", "keep_draft", &[("title", "写了一半"), ("goal", "还没想好")]).await;
    world.forgets().await;
    let values = json!({ "title": "接口提交", "wanted_by": "2026-01-05", "ask1_department": "没有部", "budget": "many" });
    let (status, answer) = acts(world, (&zhang, "k"), &json!({ "command": "/new", "values": values })).await;
    assert_eq!((status, &answer["error"]["code"]), (422, &json!("faults")), "{answer}");
    let fields = answer["error"]["fields"].as_array().unwrap();
    for (field, code) in
        [("background", "required"), ("wanted_by", "past"), ("ask1_department", "unknown_department")]
    {
        let found =
            fields.iter().find(|one| one["field"] == field).unwrap_or_else(|| panic!("{field}: {answer}"));
        assert!(found["code"] == code && found["text"].is_string(), "{field}: {found}");
    }
    let (status, answer) =
        acts(world, (&zhang, "k2"), &json!({ "command": "/new", "values": filled(&[]) })).await;
    assert_eq!((status, &answer["code"]), (200, &json!("filed")), "{answer}");
    world.forgets().await;
    world.says("zhang.wei", "/drafts").await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("写了一半") && !card.contains("接口提交"), "{card}");
    world.forgets().await;
    // A line that leaves out what its form asks for.
    world.says("liu.yang", "/approve SCB-1").await;
    world.forgets().await;
    let li = token(world, "li.na", "act");
    let (status, answer) = acts(world, (&li, "k"), &json!({ "command": "/object SCB-1" })).await;
    assert_eq!((status, &answer["error"]["code"]), (422, &json!("incomplete")), "{answer}");
    assert_eq!(answer["error"]["fields"][0]["field"], "reason", "{answer}");
    let values = json!({ "reason": "两周做不完", "suggestion": "顺延一周" });
    let (status, answer) =
        acts(world, (&li, "k3"), &json!({ "command": "/object SCB-1", "values": values })).await;
    assert_eq!((status, &answer["code"]), (200, &json!("objected")), "{answer}");
    world.forgets().await;
});

story!(work_goes_from_start_to_acceptance_over_the_api, |world| {
    let number = world.files_and_approves().await;
    let [zhang, li, wang] = ["zhang.wei", "li.na", "wang.fang"].map(|person| token(world, person, "act"));
    for (who, line, code) in [
        (&li, format!("/confirm {number}"), "confirmed"),
        (&wang, format!("/confirm {number}"), "confirmed"),
        (&zhang, format!("/task split {number}"), "broken_down"),
        (&zhang, format!("/urge {number} 尽快"), "urged"),
        (&li, format!("/start {number}/1"), "task_started"),
        (&li, format!("/progress {number}/1 60% 完成初稿 下一步：校对"), "reported"),
        (&li, format!("/done {number}/1"), "task_done"),
        (&wang, format!("/done {number}/2"), "task_done"),
        (&zhang, format!("/accept {number}"), "accepted"),
    ] {
        assert_eq!(does(world, who, &line).await, (200, code.to_owned()), "{line}");
    }
    assert!(world.upcoming().await.is_empty());
    world.forgets().await;
});

story!(several_at_once_are_answered_each_for_itself, |world| {
    let (first, second) = (world.files().await, world.files().await);
    world.forgets().await;
    let liu = token(world, "liu.yang", "act");
    let line = format!("/approve {first} 2026-Q4-SCB-999 {second}");
    let (status, answer) = acts(world, (&liu, "k"), &json!({ "command": line })).await;
    assert_eq!((status, &answer["outcome"]), (200, &json!("several")), "{answer}");
    let each: Vec<_> =
        answer["each"].as_array().unwrap().iter().map(|one| one["status"].as_u64().unwrap()).collect();
    assert_eq!(each, [200, 404, 200], "{answer}");
    assert_eq!(acts(world, (&liu, "k"), &json!({ "command": line })).await, (status, answer));
    world.forgets().await;
});
