//! Secrets and people's words, and every place where they do not belong: the log at its most talkative, metrics, health,
//! the configuration as it is shown, exports, a copy.
//!
//! Invariant: each place is shown to hold something before it is searched.

use std::sync::Arc;

use super::super::ground;
use super::site::{SECRET, Site};
use super::{Client, INITIATORS};

const LINKS: &str = "canary-of-links-0123456789abcdef0123";
const FORMER: &str = "canary-of-former-links-0123456789abc";
const SWITCH: &str = "canary-of-the-switch";
const PHONE: &str = "13812345678";
const WORDS: &str = "机密的并购计划";

/// Whoever played, by name and number as the demo's directory has them.
const NAMES: [&str; 4] = ["张伟", "刘洋", "黄磊", "唐蕊"];

fn holds_none(place: &str, text: &str, canaries: &[&str]) {
    assert!(text.len() > 100, "{place} says next to nothing: {text}");
    for canary in canaries {
        let line = text.lines().find(|line| line.contains(canary));
        assert!(line.is_none(), "{place} holds {canary}: {line:?}");
    }
}

async fn page(site: &Site, path: &str) -> String {
    let answer = ground::client().get(format!("{}{path}", site.url(0))).send().await.unwrap();
    let head = format!("{} {:?}\n", answer.status(), answer.headers());
    head + &answer.text().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_and_nobodys_words_are_where_they_do_not_belong() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("liaison.db").display());
    let switch = format!("http://127.0.0.1:9/{SWITCH}");
    let variables = [
        ("LIAISON__LOG__LEVEL", "trace"),
        ("LIAISON__SERVER__LINK_SECRET", LINKS),
        ("LIAISON__SERVER__PREVIOUS_LINK_SECRET", FORMER),
        ("LIAISON__SERVER__HEARTBEAT_URL", switch.as_str()),
    ];
    let (site, log) = Site::opens_heard(folder, database.clone(), &variables);
    let site = Arc::new(site);
    let mut client =
        Client { site: site.clone(), name: 7, said: 0, last_form: String::new(), done: Vec::new() };
    client.works(INITIATORS[0]).await;
    client.types("li.na", &format!("{WORDS}，我的电话 {PHONE}")).await;
    client.types("li.na", &format!("/new {WORDS} {PHONE}")).await;
    client.types("li.na", "/board").await;
    assert_eq!(client.done.len(), 4, "a request was played");
    let pages =
        [page(&site, "/forms/none").await, page(&site, "/metrics").await, page(&site, "/readyz").await];
    site.rests().await;

    let secrets = [SECRET, LINKS, FORMER, SWITCH];
    let people = [NAMES.as_slice(), &[WORDS, PHONE, "K7-", "新品上市推广"]].concat();
    let everything = [secrets.as_slice(), &people].concat();
    let log = log.lock().unwrap().clone();
    for level in ["TRACE", "DEBUG", "INFO"] {
        println!("{level}: {} lines", log.lines().filter(|line| line.contains(level)).count());
    }
    holds_none("the log", &log, &everything);
    pages.iter().for_each(|page| holds_none("a page", page, &everything));

    let variables = [&variables[..], &[("LIAISON__SANDBOX__SECRET", SECRET)]].concat();
    let (code, dump) = ground::runs(&database, (&["config", "dump"], &variables));
    assert!(code == Some(0) && dump.contains("[redacted]"), "{dump}");
    holds_none("the configuration", &dump, &secrets);
    for what in ["audit", "requests", "obligations", "messages"] {
        let (code, lines) = ground::runs(&database, (&["export", what], &variables));
        assert_eq!(code, Some(0), "{what}: {lines}");
        holds_none(what, &lines, &[secrets.as_slice(), &NAMES, &[PHONE]].concat());
    }
    let copy = tempfile::tempdir().unwrap();
    let file = copy.path().join("copy.db");
    let (code, said) = ground::runs(&database, (&["backup", file.to_str().unwrap()], &variables));
    assert_eq!(code, Some(0), "{said}");
    let bytes = std::fs::read(&file).unwrap();
    assert!(bytes.windows(3).any(|part| part == b"K7-"), "the copy holds the request");
    for secret in secrets {
        let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!found, "the copy holds {secret}");
    }
}
