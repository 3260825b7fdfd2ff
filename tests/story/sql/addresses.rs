//! Every parameter of every address: pages, the API, the sandbox's own, and the bodies that are posted there.

use std::collections::BTreeSet;

use reqwest::header::COOKIE;
use serde_json::{Value, json};

use super::{PAYLOADS, escaped, requests_in, token, unharmed_story};
use crate::world::{SECRET, World, client, machine_now};

/// The table as it was reviewed; `src/web/routes.rs` keeps it true.
const TABLE: &str = include_str!("../../../src/web/snapshots/liaison__web__routes__tests__routes.snap");
/// What a board's address may say is a list there.
const BOARD: &str = include_str!("../../../src/web/board/address.rs");
/// What the sandbox's own page and the ways in ask for.
const OTHERS: [&str; 9] =
    ["person", "after", "language", "pass", "to", "code", "state", "authCode", "cursor"];

const SECRET_GOAL: &str = "收购星辰公司";

fn paths(method: &str) -> Vec<&'static str> {
    let lines = TABLE.lines().filter(|line| line.starts_with(method));
    lines.map(|line| line.split_whitespace().nth(1).unwrap()).collect()
}

/// Names of parameters, from the product's own lists.
async fn names(world: &World) -> BTreeSet<String> {
    let (_, list) = BOARD.split_once("const NAMES: [&str; ").unwrap();
    let list = list.split(';').next().unwrap().split('"').skip(1).step_by(2);
    let document = world.gets("/api/openapi.json").await;
    let of_path = |path: &Value| path["get"]["parameters"].as_array().cloned().unwrap_or_default();
    let paths = document["paths"].as_object().unwrap().values().flat_map(of_path);
    let described = paths.map(|parameter| parameter["name"].as_str().unwrap().to_owned());
    list.chain(OTHERS).map(str::to_owned).chain(described).collect()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A path with something in its places.
fn filled(path: &str, place: &str) -> String {
    let mut parts = path.split('/').map(|part| if part.starts_with('{') { place } else { part });
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |path, part| format!("{path}/{part}"))
}

/// Somebody who asks for everything, each time from another address: nobody is counted as one who guesses.
struct Asker {
    client: reqwest::Client,
    url: String,
    cookie: String,
    token: String,
    asked: u32,
    /// What is to be seen without any payload.
    sees: BTreeSet<String>,
    /// Words that are not to be seen.
    never: Option<&'static str>,
}

impl Asker {
    async fn of(world: &World, person: &'static str, sees: &[&str]) -> Self {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let (cookie, token) = (world.visitor(person).await.cookie, token(world, person).await);
        let sees = sees.iter().map(|number| (*number).to_owned()).collect();
        Self { client, url: world.url().to_owned(), cookie, token, asked: 0, sees, never: None }
    }

    /// The request as this person's browser or program sends it.
    fn request(&mut self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.asked += 1;
        let from = std::net::Ipv4Addr::from(0xc633_6400 + self.asked);
        let request = self.client.request(method.parse().unwrap(), format!("{}{path}", self.url));
        request
            .header(COOKIE, &self.cookie)
            .bearer_auth(&self.token)
            .header("x-forwarded-for", from.to_string())
    }

    /// The answer is no failure, and tells of nothing that is not to be seen.
    async fn is_answered(&self, request: reqwest::RequestBuilder) -> (u16, String) {
        let answer = request.send().await.unwrap();
        let (status, place) = (answer.status().as_u16(), answer.url().to_string());
        assert!(status < 500 && status != 429, "{place}: {status} {}", answer.text().await.unwrap());
        let kind = answer.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        if kind.is_some_and(|kind| kind.starts_with("text/event-stream")) {
            // It never ends.
            return (status, String::new());
        }
        let text = String::from_utf8_lossy(&answer.bytes().await.unwrap()).into_owned();
        if !place.contains("/sandbox/") {
            let told = requests_in(&text);
            assert!(told.is_subset(&self.sees), "{place} tells of {told:?}");
            assert!(!self.never.is_some_and(|never| text.contains(never)), "{place} tells {text}");
        }
        (status, text)
    }

    async fn gets(&mut self, path: &str) -> (u16, String) {
        let request = self.request("GET", path);
        self.is_answered(request).await
    }
}

/// One request that everybody sees, and one that few do, with a task and an issue each.
async fn two(world: &mut World) -> (String, String) {
    let mut numbers = Vec::new();
    for (visibility, goal) in [("public", "公开"), ("people", SECRET_GOAL)] {
        let number = world.files_with(&[("visibility", visibility), ("goal", goal)]).await;
        world.presses("liu.yang", "approve").await;
        for (person, words) in [
            ("li.na", "/confirm NO"),
            ("wang.fang", "/confirm NO"),
            ("zhang.wei", "/task split NO"),
            ("zhang.wei", "/issue NO important @研发部 停电 影响：全部"),
        ] {
            world.says(person, &words.replace("NO", &number)).await;
        }
        numbers.push(number);
    }
    let secret = numbers.pop().unwrap();
    (numbers.pop().unwrap(), secret)
}

unharmed_story!(what_looks_like_sql_in_any_address_narrows_at_most, |world| {
    let (open, secret) = two(world).await;
    let names = names(world).await;
    let mut outsider = Asker::of(world, "tang.rui", &[&open]).await;
    outsider.never = Some(SECRET_GOAL);
    for path in paths("GET") {
        for (n, payload) in PAYLOADS.iter().map(|payload| encoded(payload)).enumerate() {
            let place = if n % 2 == 0 { payload.clone() } else { format!("{secret}{payload}") };
            // A number that was asked for may be said again.
            outsider.sees = [open.clone(), secret.clone()].into_iter().take(1 + n % 2).collect();
            outsider.gets(&filled(path, &place)).await;
            outsider.sees = [open.clone()].into();
            if (n + path.len()) % 2 == 0 {
                continue;
            }
            let all: Vec<String> = names.iter().map(|name| format!("{name}={payload}")).collect();
            outsider.gets(&format!("{}?{}", filled(path, &open), all.join("&"))).await;
        }
    }
    one_by_one(world, &names, &[&open, &secret]).await;
});

/// Each parameter alone, on the pages and resources that know it: nobody sees more than without.
async fn one_by_one(world: &World, names: &BTreeSet<String>, all: &[&str]) {
    let lists = ["/board", "/board/issues", "/api/v1/requests", "/api/v1/tasks", "/api/v1/obligations"];
    for (person, sees) in [("tang.rui", &all[..1]), ("zhang.wei", all)] {
        let mut reader = Asker::of(world, person, sees).await;
        for path in lists {
            let (_, plain) = reader.gets(path).await;
            assert_eq!(requests_in(&plain), reader.sees, "{path} without any payload");
            for (n, name) in names.iter().enumerate() {
                for payload in PAYLOADS.iter().skip(n % 6).step_by(6) {
                    let (status, page) = reader.gets(&format!("{path}?{name}={}", encoded(payload))).await;
                    assert!([200, 400].contains(&status), "{path} {name} {payload}: {status}");
                    let is_kept = name == "text" && path == "/board";
                    assert!(!is_kept || page.contains(&escaped(payload)), "{payload} on {page}");
                }
            }
        }
    }
}

/// Bodies that are good but for the one field that gets a payload.
fn bodies(number: &str) -> [(&'static str, Value); 5] {
    [
        (
            "/sandbox/api/messages",
            json!({ "person": "li.na", "chat": "p-li.na", "text": "/my", "reply_to": "m" }),
        ),
        ("/sandbox/api/actions", json!({ "person": "li.na", "message_id": "m", "action": "confirm" })),
        ("/sandbox/api/clock", json!({ "advance": "0min" })),
        ("/sandbox/api/language", json!({ "language": "zh" })),
        ("/api/v1/acts", json!({ "command": format!("/comment {number} x"), "as": "zhang.wei" })),
    ]
}

unharmed_story!(what_looks_like_sql_in_any_body_that_is_posted_is_taken_or_refused, |world| {
    let (open, secret) = two(world).await;
    let mut asker = Asker::of(world, "zhang.wei", &[&open, &secret]).await;
    for (n, payload) in PAYLOADS.into_iter().enumerate() {
        for (path, good) in bodies(&open) {
            for field in good.as_object().unwrap().keys() {
                let mut body = good.clone();
                body[field] = payload.into();
                let request = asker.request("POST", path).header("idempotency-key", format!("{n}-{field}"));
                asker.is_answered(request.json(&body)).await;
            }
        }
        let values = json!({ "command": format!("/comment {open}"), "values": { payload: payload } });
        let request = asker.request("POST", "/api/v1/acts").header("idempotency-key", format!("values-{n}"));
        asker.is_answered(request.json(&values)).await;
        if let Ok(header) = reqwest::header::HeaderValue::from_str(payload) {
            let mut request =
                asker.request("POST", "/api/v1/acts").json(&bodies(&open)[4].1).build().unwrap();
            request.headers_mut().insert("idempotency-key", header.clone());
            assert!(asker.client.execute(request).await.unwrap().status().as_u16() < 500);
            let cookie = format!("liaison={payload}");
            let request = client().get(format!("{}/board", world.url())).header(COOKIE, cookie);
            let request = request.header("x-forwarded-for", format!("203.0.113.{n}")).bearer_auth(payload);
            assert_eq!(request.send().await.unwrap().status(), 401);
        }
        events(world, &open, payload).await;
        lists(&mut asker, world, (&open, payload)).await;
    }
    let posted: BTreeSet<&str> = paths("POST").into_iter().collect();
    assert!(bodies(&open).iter().all(|(path, _)| posted.contains(path)));
});

/// An event of a messenger with a payload in one field after the other.
async fn events(world: &World, number: &str, payload: &str) {
    let good = json!({ "event": "e", "person": "li.na", "chat": "p-li.na", "message": "m", "type": "text",
        "text": format!("/comment {number} x"), "reply_to": "m", "value": "x", "values": {} });
    for field in good.as_object().unwrap().keys() {
        let mut event = good.clone();
        event["event"] = format!("{field} {payload}").into();
        event[field] = if field == "values" { json!({ payload: payload }) } else { payload.into() };
        let body = serde_json::to_vec(&event).unwrap();
        let status = world.webhook_at(world.url(), &body, SECRET, machine_now()).await;
        assert!([200, 400].contains(&status), "{field}: {payload} is answered {status}");
    }
}

/// A task list with a payload in one column after the other, at both doors.
async fn lists(asker: &mut Asker, world: &World, (number, payload): (&str, &str)) {
    let good = ["A", "整理清单", "李娜", "T+5", "", "是"];
    let quoted = format!("\"{}\"", payload.replace('"', "\"\""));
    for column in 0..good.len() {
        let row: Vec<&str> = good
            .iter()
            .enumerate()
            .map(|(n, cell)| if n == column { quoted.as_str() } else { cell })
            .collect();
        let file = format!("序号,名称,负责人,完成,前置任务,里程碑\r\n{}\r\n", row.join(","));
        let request = asker.request("POST", &format!("/api/v1/requests/{number}/tasks"));
        let key = format!(
            "{column}-{}",
            encoded(payload).len() * 1_000 + encoded(payload).bytes().map(usize::from).sum::<usize>()
        );
        let request =
            request.header("idempotency-key", key).header("content-type", "text/csv").body(file.clone());
        asker.is_answered(request).await;
    }
    let visitor = world.visitor("zhang.wei").await;
    let path = format!("/requests/{number}/tasks");
    let mark = visitor.opens(&path).await.submission();
    for parts in [
        [("_submission", payload), ("file", "x")],
        [("_submission", &mark), ("file", payload)],
        [("_submission", &mark), ("list", payload)],
    ] {
        let parts = parts.map(|(name, value)| (name, value.as_bytes()));
        assert!(visitor.posts_parts(&path, &parts, "same-origin").await.status < 500, "{payload}");
    }
}

unharmed_story!(what_looks_like_sql_on_a_page_behind_a_link_stands_beside_what_is_wrong, |world| {
    let number = world.files_and_approves().await;
    world.loses_forms().await;
    world.says("li.na", &format!("/show {number}")).await;
    let link = world.link("li.na", "object").await;
    for payload in PAYLOADS {
        let page = world.opens(&link).await;
        let mark = page.submission();
        let wrong = world.submits(&link, &page, "object", &[("reason", payload), ("suggestion", "")]).await;
        assert_eq!(wrong.status, 422, "{payload}");
        wrong.says(&escaped(payload));
        for (mark, button, field) in
            [(payload, "object", "reason"), (&mark, payload, "reason"), (&mark, "object", payload)]
        {
            let posted = world.posts_form(&link, mark, button, &[(field, payload)]).await;
            assert!(posted.status < 500, "{payload}: {} {}", posted.status, posted.text);
        }
    }
});
