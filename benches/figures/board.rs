//! The first page of the board among many requests, as a browser gets it: for somebody who sees everything, a part, and
//! what is public.

use std::time::{Duration, Instant};

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use serde_json::json;

use crate::search;
use crate::seed::{self, Bench};

/// Each reader opens each page so often.
const TIMES: usize = 10;

/// How long it takes.
pub struct Figure {
    /// p50, p95 and the slowest of `/board`.
    pub first: (Duration, Duration, Duration),
    /// The same of one column, one department, one word, and the view by departments.
    pub narrowed: (Duration, Duration, Duration),
}

/// On SQLite.
pub async fn on_sqlite(requests: usize) -> Figure {
    let folder = tempfile::tempdir().unwrap();
    measured(&seed::sqlite(folder.path()), requests).await
}

/// On PostgreSQL.
pub async fn on_postgres(maintenance: &str, requests: usize) -> Figure {
    measured(&seed::postgres(maintenance).await, requests).await
}

async fn measured(url: &str, requests: usize) -> Figure {
    search::seeded(url, requests).await;
    let bench = Bench::starts(url, seed::monday()).await;
    search::is_filled(url).await;
    let (mut first, mut narrowed) = (Vec::new(), Vec::new());
    for person in search::READERS {
        let session = enters(&bench, person).await;
        for _ in 0..TIMES {
            first.push(opens(&bench, &session, "/board").await);
            for path in ["column=confirmed", "department=YFB", "text=SCB-1000", "by=department"] {
                narrowed.push(opens(&bench, &session, &format!("/board?{path}")).await);
            }
        }
    }
    bench.stops().await;
    Figure { first: told(first), narrowed: told(narrowed) }
}

fn told(mut all: Vec<Duration>) -> (Duration, Duration, Duration) {
    all.sort();
    let at = |percent: usize| all[(all.len() - 1) * percent / 100];
    (at(50), at(95), at(100))
}

/// The link that somebody gets in the chat.
pub async fn link(bench: &Bench, person: &str) -> String {
    bench.posts("/sandbox/api/messages", json!({ "person": person, "text": "/board" })).await;
    bench.posts("/sandbox/api/clock", json!({ "advance": "0min" })).await;
    let path = format!("{}/sandbox/api/chats/p-{person}/messages?person={person}", bench.url);
    let messages: serde_json::Value = bench.client.get(path).send().await.unwrap().json().await.unwrap();
    let card = &messages.as_array().unwrap().last().unwrap()["card"];
    card["blocks"].as_array().unwrap().iter().find_map(page).unwrap().to_owned()
}

/// Comes in by the link of the chat; the cookie.
pub async fn enters(bench: &Bench, person: &str) -> String {
    let link = link(bench, person).await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = client.get(link).send().await.unwrap();
    assert!(answer.headers().contains_key(LOCATION));
    answer.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned()
}

/// Where a link leads; a picture has an address, too, but none of its own site.
fn page(block: &serde_json::Value) -> Option<&str> {
    block["url"].as_str().filter(|url| url.starts_with("http"))
}

async fn opens(bench: &Bench, session: &str, path: &str) -> Duration {
    let begun = Instant::now();
    let answer =
        bench.client.get(format!("{}{path}", bench.url)).header(COOKIE, session).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let _ = answer.bytes().await.unwrap();
    begun.elapsed()
}
