//! Who gets in over HTTP: each line of the table of routes, tried with the sandbox on and with the sandbox off.

use std::collections::BTreeSet;
use std::path::Path;

use liaison::{Running, Service, TimeSource};
use tokio::net::TcpListener;

use crate::world::ground::numbers;
use crate::world::{client, monday_morning, story};

/// The table as it was reviewed; `src/web/routes.rs` keeps it true.
const TABLE: &str = include_str!("../../src/web/snapshots/liaison__web__routes__tests__routes.snap");

/// Method, path and caller of each route; the path with something in its places.
fn routes() -> Vec<(reqwest::Method, String, String)> {
    let lines = TABLE.lines().filter(|line| line.starts_with("GET ") || line.starts_with("POST "));
    let row = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let path = words[1]
            .replace("{name}", "none.js")
            .replace("{chat}", "p-li.na")
            .replace("{token}", "none")
            .replace("{no}", "2026-Q4-SCB-001");
        (words[0].parse().unwrap(), path, words[2].to_owned())
    };
    lines.map(row).collect()
}

async fn status(base: &str, method: &reqwest::Method, path: &str) -> u16 {
    let request = client().request(method.clone(), format!("{base}{path}")).body("{}");
    request.send().await.unwrap().status().as_u16()
}

/// A fresh service without the sandbox: where it is, its database, and itself.
async fn without_the_sandbox(folder: &Path) -> (String, String, Running) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let database = format!("sqlite://{}", folder.join("liaison.db").display());
    let mut config = liaison::demo_config(listener.local_addr().unwrap(), &database).unwrap();
    config.sandbox.enabled = false;
    let service = Service::open(&config, TimeSource::Frozen(monday_morning())).await.unwrap();
    (base, database, service.start(listener).unwrap())
}

#[tokio::test]
async fn without_the_sandbox_only_what_concerns_nobody_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let (base, _, running) = without_the_sandbox(folder.path()).await;
    for (method, path, caller) in routes() {
        let status = status(&base, &method, &path).await;
        match caller.as_str() {
            "Anyone" => assert_ne!(status, 404, "{method} {path}"),
            "Session" | "Token" => {
                assert_eq!(status, 401, "{method} {path} without what {caller} stands for")
            }
            _ => assert_eq!(status, 404, "{method} {path} for {caller}"),
        }
    }
    running.stop().await;
}

/// What is tried first at any door.
const USUAL: [&str; 14] = [
    "admin",
    "administrator",
    "root",
    "liaison",
    "liaison_",
    "password",
    "changeme",
    "secret",
    "token",
    "default",
    "demo",
    "null",
    "undefined",
    "0",
];

#[tokio::test]
async fn a_fresh_service_has_no_password_no_token_and_no_session_that_anybody_could_know() {
    let folder = tempfile::tempdir().unwrap();
    let (base, database, running) = without_the_sandbox(folder.path()).await;
    let made = "SELECT (SELECT COUNT(*) FROM api_token), (SELECT COUNT(*) FROM web_session)";
    assert_eq!(numbers(&database, made, 2).await, [0, 0]);
    let client = client();
    let closed = routes().into_iter().filter(|(.., caller)| ["Session", "Token"].contains(&caller.as_str()));
    for (at, (method, path, _)) in closed.enumerate() {
        for (n, word) in USUAL.into_iter().enumerate() {
            let asks = || {
                let request = client.request(method.clone(), format!("{base}{path}")).body("{}");
                request.header("x-forwarded-for", format!("203.0.{at}.{n}"))
            };
            let tried = [
                asks().bearer_auth(word),
                asks().basic_auth("admin", Some(word)),
                asks().basic_auth(word, Some(word)),
                asks().header("cookie", format!("liaison={word}")),
            ];
            for request in tried {
                assert_eq!(request.send().await.unwrap().status(), 401, "{method} {path} with {word}");
            }
        }
    }
    running.stop().await;
}

story!(a_messenger_without_its_signature_is_sent_away_and_each_route_has_its_methods_only, |world| {
    let (elsewhere, routes): (Vec<_>, Vec<_>) = routes()
        .into_iter()
        .partition(|(.., caller)| ["FeishuWebhook", "DingTalkWebhook", "Login"].contains(&caller.as_str()));
    for (method, path, _) in elsewhere {
        assert_eq!(status(world.url(), &method, &path).await, 404, "{path} without an app there");
    }
    let callers: BTreeSet<&str> = routes.iter().map(|(.., caller)| caller.as_str()).collect();
    assert_eq!(
        callers,
        BTreeSet::from(["Anyone", "SandboxMessenger", "SandboxPage", "Session", "SignedLink", "Token"]),
        "a caller untried"
    );
    for (method, path, caller) in &routes {
        if caller.ends_with("Messenger") {
            assert_eq!(status(world.url(), method, path).await, 401, "{path}");
        }
        for other in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let other: reqwest::Method = other.parse().unwrap();
            if !routes.iter().any(|(m, p, _)| (m, p) == (&other, path)) {
                assert_eq!(status(world.url(), &other, path).await, 405, "{other} {path}");
            }
        }
    }
    world.hears("").await;
});
