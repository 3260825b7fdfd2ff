//! Calls through the fake: tokens, faults of the way, limits.
//!
//! Invariant: no test waits for a deadline of the service; the fake's time is moved, the client's patience is short.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::api::Api;
use super::fake::{APP_ID, APP_SECRET, BOT, Fake, Fault, open_id};
use super::fault::{ApiError, Class};
use super::{Mode, Options};
use crate::messenger::net::Network;

/// A fake and an app that talks to it.
pub async fn ground() -> (Fake, Arc<Api>) {
    let fake = Fake::start().await.unwrap();
    let api = Arc::new(app(&fake.base_url(), APP_SECRET));
    (fake, api)
}

fn app(base_url: &str, secret: &str) -> Api {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_millis(1500)).build().unwrap();
    Api::new(options(base_url, secret), client)
}

fn options(base_url: &str, secret: &str) -> Options {
    Options {
        app_id: APP_ID.to_owned(),
        app_secret: SecretString::from(secret.to_owned()),
        encrypt_key: None,
        previous_encrypt_key: None,
        verification_token: None,
        mode: Mode::Webhook,
        base_url: base_url.to_owned(),
        login: false,
        network: Default::default(),
    }
}

async fn info(api: &Api) -> Result<Value, ApiError> {
    api.call(Method::GET, "/open-apis/bot/v3/info", &[], None).await
}

#[tokio::test]
async fn fifty_at_once_ask_for_one_token() {
    let (fake, api) = ground().await;
    // Not more than the pace lets go at once: the point is the token.
    let user = |n: usize| format!("/open-apis/contact/v3/users/{n}");
    let calls = (0..50).map(|n| {
        let api = api.clone();
        tokio::spawn(async move { api.call(Method::GET, &user(n), &[], None).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap().unwrap_err().code, Some(41012));
    }
    assert_eq!((fake.count("token"), fake.count("users.get")), (1, 50));
}

#[tokio::test]
async fn a_token_that_ends_early_is_renewed_once_and_the_calls_succeed() {
    let (fake, api) = ground().await;
    info(&api).await.unwrap();
    fake.ends_tokens();
    let calls: Vec<_> = (0..8)
        .map(|_| {
            tokio::spawn({
                let api = api.clone();
                async move { info(&api).await }
            })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap()["bot"]["open_id"], BOT);
    }
    assert_eq!(fake.count("token"), 2);
}

#[tokio::test]
async fn each_code_for_a_bad_token_is_answered_with_a_fresh_one() {
    for code in [99991661, 99991663, 99991664, 99991671] {
        let (fake, api) = ground().await;
        fake.fail("bot.info", 1, Fault::Code(code));
        info(&api).await.unwrap();
        assert_eq!((fake.count("token"), fake.count("bot.info")), (2, 2), "{code}");
        fake.fail("bot.info", 2, Fault::Code(code));
        assert_eq!(info(&api).await.unwrap_err().class, Class::Token, "a second refusal is the outbox's");
        assert_eq!(fake.count("bot.info"), 4, "{code}");
    }
}

#[tokio::test]
async fn a_token_is_not_used_to_its_very_end() {
    let (fake, api) = ground().await;
    // Half of a short life counts as its end; a life of nothing is over at once.
    fake.tokens_last(Duration::ZERO);
    fake.fail("bot.info", 2, Fault::Code(77));
    assert_eq!(info(&api).await.unwrap_err().class, Class::Other);
    assert_eq!(fake.count("token"), 1);
    fake.tokens_last(Duration::from_secs(7200));
    info(&api).await.unwrap_err();
    info(&api).await.unwrap();
    assert_eq!(fake.count("token"), 2);
}

#[tokio::test]
async fn wrong_credentials_are_for_the_administrator_and_are_not_hammered() {
    let fake = Fake::start().await.unwrap();
    let api = app(&fake.base_url(), "guessed");
    for _ in 0..3 {
        let error = info(&api).await.unwrap_err();
        assert_eq!((error.class, error.code), (Class::Config, Some(10014)));
        assert!(
            error.why.starts_with("the app secret is wrong") && !error.why.contains("guessed"),
            "{error}"
        );
    }
    assert_eq!((fake.count("token"), fake.count("bot.info")), (1, 0));
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    let (fake, api) = ground().await;
    fake.takes_scope("contact:user.base:readonly");
    let error = api.call(Method::GET, "/open-apis/contact/v3/users/ou_1", &[], None).await.unwrap_err();
    assert_eq!(error.class, Class::Config);
    assert!(error.why.contains("grant one of: contact:user.base:readonly"), "{error}");
    assert!(error.why.ends_with("(log id 20261121-fake)"), "{error}");
}

#[tokio::test]
async fn what_happens_on_the_way_is_told_apart() {
    use Class::{Config, Limit, Other, Unclear};
    let faults = [
        (Fault::Limited { reset: 3 }, Limit),
        (Fault::Code(230020), Limit),
        (Fault::Code(77), Other),
        (Fault::Page(502), Unclear),
        (Fault::Page(404), Config),
        (Fault::PageAfter(504), Unclear),
        (Fault::Internal, Unclear),
        (Fault::Silent, Unclear),
        (Fault::SilentAfter, Unclear),
        (Fault::Cut, Unclear),
        (Fault::CutAfter, Unclear),
    ];
    for (fault, class) in faults {
        let (fake, api) = ground().await;
        fake.fail("bot.info", 1, fault);
        let error = info(&api).await.unwrap_err();
        assert_eq!(error.class, class, "{fault:?}: {error}");
        assert_eq!(fake.count("bot.info"), 1, "{fault:?} is not tried again here");
    }
}

#[tokio::test]
async fn without_a_token_nothing_was_done_whatever_became_of_the_request_for_it() {
    for fault in [Fault::Silent, Fault::CutAfter, Fault::Page(502), Fault::Internal] {
        let (fake, api) = ground().await;
        fake.fail("token", 1, fault);
        assert_eq!(info(&api).await.unwrap_err().class, Class::Retry, "{fault:?}");
        assert_eq!(fake.count("bot.info"), 0);
    }
}

#[tokio::test]
async fn nobody_at_the_address_means_that_nothing_was_done() {
    let api = app("http://127.0.0.1:9", APP_SECRET);
    assert_eq!(info(&api).await.unwrap_err().class, Class::Retry);
    let api = app("no address", APP_SECRET);
    assert_eq!(info(&api).await.unwrap_err().class, Class::Config);
}

#[tokio::test]
async fn a_call_that_feishu_closes_stays_closed_until_it_said() {
    let (fake, api) = ground().await;
    fake.fail("bot.info", 1, Fault::Limited { reset: 20 });
    assert_eq!(info(&api).await.unwrap_err().after, Some(Duration::from_secs(20)));
    let error = info(&api).await.unwrap_err();
    assert_eq!(error.class, Class::Limit);
    assert!(error.after.is_some_and(|after| after > Duration::from_secs(15)), "{error:?}");
    assert_eq!(fake.count("bot.info"), 1, "it was not even tried");
    let other = api.call(Method::GET, "/open-apis/contact/v3/departments/0/children", &[], None).await;
    assert_eq!(other.unwrap()["items"].as_array().unwrap().len(), 3, "other calls go on");
}

#[tokio::test]
async fn lists_come_in_pages() {
    let (_fake, api) = ground().await;
    let department = "od-00000000000000000000000000000003";
    let (mut token, mut names, mut pages) = (String::new(), Vec::new(), 0);
    loop {
        let query = [("department_id", department), ("page_size", "2"), ("page_token", &token)];
        let query = if token.is_empty() { &query[..2] } else { &query[..] };
        let page = api
            .call(Method::GET, "/open-apis/contact/v3/users/find_by_department", query, None)
            .await
            .unwrap();
        names.extend(
            page["items"].as_array().unwrap().iter().map(|p| p["open_id"].as_str().unwrap().to_owned()),
        );
        pages += 1;
        match page["has_more"].as_bool().unwrap() {
            true => token = page["page_token"].as_str().unwrap().to_owned(),
            false => break,
        }
    }
    assert_eq!((pages, names), (2, ['3', 'c', 'd'].map(open_id).to_vec()));
}

#[tokio::test]
async fn children_are_direct_unless_all_are_asked_for() {
    let (_fake, api) = ground().await;
    for (deep, count) in [("false", 3), ("true", 4)] {
        let query = [("fetch_child", deep), ("page_size", "50")];
        let path = "/open-apis/contact/v3/departments/0/children";
        let page = api.call(Method::GET, path, &query, None).await.unwrap();
        assert_eq!(page["items"].as_array().unwrap().len(), count);
    }
}

#[tokio::test]
async fn people_outside_the_range_are_neither_shown_nor_listed() {
    let (fake, api) = ground().await;
    fake.person(&open_id('c'), |person| person.available = false);
    let path = format!("/open-apis/contact/v3/users/{}", open_id('c'));
    let error = api.call(Method::GET, &path, &[], None).await.unwrap_err();
    assert_eq!((error.code, error.class), (Some(41050), Class::Receiver));
    let asked = json!({"emails": ["wangwu@example.com"]});
    let query = [("user_id_type", "open_id")];
    let path = "/open-apis/contact/v3/users/batch_get_id";
    let found = api.call(Method::POST, path, &query, Some(&asked)).await.unwrap();
    assert_eq!(found["user_list"], json!([{"email": "wangwu@example.com"}]));
}

#[tokio::test]
async fn a_crowd_is_held_back_before_feishu_has_to_refuse_it() {
    let (fake, api) = ground().await;
    let calls: Vec<_> = (0..150)
        .map(|_| {
            tokio::spawn({
                let api = api.clone();
                async move { info(&api).await }
            })
        })
        .collect();
    let mut later = 0;
    for call in calls {
        if let Err(error) = call.await.unwrap() {
            assert_eq!((error.class, error.code), (Class::Limit, None));
            assert!(error.after.is_some_and(|after| after < Duration::from_secs(1)), "{error:?}");
            later += 1;
        }
    }
    let mut calls = fake.calls();
    assert!(calls.iter().all(|call| call.code == 0), "Feishu refused nothing");
    calls.retain(|call| call.name == "bot.info");
    assert!(calls.windows(51).all(|over| over[50].at - over[0].at >= 1_000));
    assert_eq!(calls.len() + later, 150);
    assert!(later > 0, "who would wait for long is told when to come back");
}

/// Somebody who always says a little more, and never all.
async fn drips() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let head =
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{";
                let mut asked = [0; 4096];
                let mut said = stream.read(&mut asked).await.map(drop);
                if said.is_ok() {
                    said = stream.write_all(head.as_bytes()).await;
                }
                while said.is_ok() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    said = stream.write_all(b" ").await;
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn an_answer_that_drips_is_given_up_in_time_although_it_moves() {
    let network = Network::default();
    let client = network.client_within(&network.tls().unwrap(), Duration::from_millis(500)).unwrap();
    let (url, begun) = (drips().await, Instant::now());
    let api = Api::new(options(&url, APP_SECRET), client.clone());
    let body = client.get(&url).send().await.unwrap().bytes().await;
    assert!(body.unwrap_err().is_timeout(), "the head comes at once, and the whole counts");
    let error = info(&api).await.unwrap_err();
    assert!(error.why.starts_with("Feishu did not answer in time"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
}
