//! Calls through the fake: tokens, faults of the way, limits, the month's quota.
//!
//! Invariant: no test waits for a deadline of the service; the client's patience is short.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::super::fake::{CLIENT_ID, CLIENT_SECRET, Fake, Fault, GROUP, ROBOT_SECRET, ROBOT_TOKEN};
use super::*;
use crate::clock::SystemClock;
use crate::messenger::dingtalk::{GroupRobot, Mode};

/// Options for a fake, without a template.
pub fn options(fake: &Fake) -> Options {
    Options {
        client_id: CLIENT_ID.to_owned(),
        client_secret: SecretString::from(CLIENT_SECRET.to_owned()),
        robot_code: CLIENT_ID.to_owned(),
        mode: Mode::Stream,
        base_url: fake.base_url(),
        legacy_base_url: fake.base_url(),
        card_template_id: None,
        card_route_key: None,
        event_token: None,
        event_aes_key: None,
        ding: None,
        todo: false,
        monthly_calls: 5_000,
        login: false,
        network: Default::default(),
        corp_id: None,
        group_robots: vec![GroupRobot {
            name: "managers".to_owned(),
            token: SecretString::from(ROBOT_TOKEN.to_owned()),
            secret: SecretString::from(ROBOT_SECRET.to_owned()),
        }],
    }
}

/// An application that talks with `options`.
pub fn app(options: Options) -> Arc<Api> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().timeout(Duration::from_millis(1_500)).build().unwrap();
    Arc::new(Api::new(options, client, Arc::new(SystemClock)))
}

/// A fake and an application that talks to it.
pub async fn ground() -> (Fake, Arc<Api>) {
    let fake = Fake::start().await.unwrap();
    let api = app(options(&fake));
    (fake, api)
}

const SEND: &str = "/v1.0/robot/groupMessages/send";

async fn say(api: &Api) -> Result<Value, ApiError> {
    let body = json!({"robotCode": CLIENT_ID, "openConversationId": GROUP, "msgKey": "sampleText",
        "msgParam": "{\"content\":\"hi\"}"});
    api.call(&Ask::new(Method::POST, SEND, &body)).await
}

async fn head(api: &Api) -> Result<Value, ApiError> {
    api.call(&Ask::old("/topapi/v2/department/get", &json!({"dept_id": 2}))).await
}

#[tokio::test]
async fn many_at_once_ask_for_one_token_and_both_hosts_take_it() {
    let (fake, api) = ground().await;
    let calls: Vec<_> = (0..10)
        .map(|n| {
            let api = api.clone();
            tokio::spawn(async move { if n % 2 == 0 { say(&api).await } else { head(&api).await } })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!((fake.count("token"), fake.count("groupSend"), fake.count("departments.get")), (1, 5, 5));
}

#[tokio::test]
async fn a_token_that_ends_early_is_renewed_once_and_the_calls_succeed() {
    let (fake, api) = ground().await;
    say(&api).await.unwrap();
    fake.ends_tokens();
    head(&api).await.unwrap();
    say(&api).await.unwrap();
    assert_eq!(fake.count("token"), 2);
}

#[tokio::test]
async fn a_token_that_is_refused_twice_is_no_endless_matter() {
    for fault in [Fault::Code(400, "InvalidAuthentication"), Fault::Old(40_014), Fault::Old(42_001)] {
        let (fake, api) = ground().await;
        fake.fail("groupSend", 2, fault);
        assert_eq!(say(&api).await.unwrap_err().class, Class::Token, "{fault:?}");
        assert_eq!((fake.count("token"), fake.count("groupSend")), (2, 2));
        say(&api).await.unwrap();
    }
}

#[tokio::test]
async fn wrong_credentials_are_for_the_administrator_and_are_not_hammered() {
    let fake = Fake::start().await.unwrap();
    let secret = SecretString::from("guessed".to_owned());
    let api = app(Options { client_secret: secret, ..options(&fake) });
    for _ in 0..3 {
        let error = say(&api).await.unwrap_err();
        assert_eq!((error.class, error.code.as_deref()), (Class::Config, Some("invalidClientIdOrSecret")));
        assert!(!error.why.contains("guessed"));
    }
    assert_eq!((fake.count("token"), fake.count("groupSend")), (1, 0));
}

#[tokio::test]
async fn a_token_that_cannot_be_had_leaves_the_call_undone() {
    let (fake, api) = ground().await;
    fake.fail("token", 1, Fault::Page(502));
    assert_eq!(say(&api).await.unwrap_err().class, Class::Retry);
    assert!(fake.messages().is_empty());
}

#[tokio::test]
async fn a_limit_closes_that_call_and_no_other() {
    let (fake, api) = ground().await;
    fake.fail("groupSend", 1, Fault::Code(403, "Forbidden.AccessDenied.QpmLimitForApi"));
    assert_eq!(say(&api).await.unwrap_err().class, Class::Limit);
    let held = say(&api).await.unwrap_err();
    assert!(held.class == Class::Limit && held.after > Some(Duration::from_secs(30)), "{held:?}");
    assert_eq!(fake.count("groupSend"), 1, "the second try did not leave");
    head(&api).await.unwrap();
}

#[tokio::test]
async fn a_crowd_of_calls_is_spread() {
    let (fake, api) = ground().await;
    let calls: Vec<_> = (0..12)
        .map(|_| {
            let api = api.clone();
            tokio::spawn(async move { say(&api).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let mut moments: Vec<_> =
        fake.calls().into_iter().map(|call| (call.name == "groupSend", call.at)).collect();
    moments.retain(|(is_said, _)| *is_said);
    moments.sort();
    // Five at once, then one every tenth of a second; a slow machine only makes it longer.
    let took = moments[11].1 - moments[0].1;
    assert!(moments.len() == 12 && took >= Duration::from_millis(480), "{took:?}");
}

#[tokio::test]
async fn a_spent_quota_stops_metered_calls_only() {
    let (fake, api) = ground().await;
    fake.fail("groupSend", 1, Fault::Code(403, "Forbidden.AccessDenied.ApiCountLimitForOrg"));
    for _ in 0..2 {
        assert_eq!(say(&api).await.unwrap_err().class, Class::Quota);
    }
    assert_eq!(fake.count("groupSend"), 1);
    head(&api).await.unwrap();
    api.post(&fake.webhook("s"), &[], &json!({"msgtype": "text", "text": {"content": "hi"}})).await.unwrap();
}

#[tokio::test]
async fn a_shut_out_stops_everything() {
    let (fake, api) = ground().await;
    fake.fail("groupSend", 1, Fault::ShutOut);
    assert_eq!(say(&api).await.unwrap_err().class, Class::Banned);
    assert_eq!(head(&api).await.unwrap_err().class, Class::Limit, "held back");
    assert_eq!(fake.count("departments.get"), 0);
}

#[tokio::test]
async fn what_was_lost_on_the_way_may_have_been_done() {
    for fault in [Fault::SilentAfter, Fault::CutAfter, Fault::Garbage, Fault::Page(504)] {
        let (fake, api) = ground().await;
        fake.fail("groupSend", 1, fault);
        let error = say(&api).await.unwrap_err();
        assert_eq!(error.class, Class::Unclear, "{fault:?}");
        assert!(!error.why.contains("http://"), "{error}");
        assert_eq!(fake.messages().len(), usize::from(fault.is_after()));
        assert_eq!(fake.count("groupSend"), 1, "trying again is not its own decision");
    }
}

#[tokio::test]
async fn nobody_there_means_that_nothing_was_done() {
    let (fake, _) = ground().await;
    let api = app(Options { base_url: "http://127.0.0.1:1".to_owned(), ..options(&fake) });
    assert_eq!(say(&api).await.unwrap_err().class, Class::Retry);
}

#[tokio::test]
async fn calls_that_dingtalk_counts_are_counted() {
    let (fake, api) = ground().await;
    say(&api).await.unwrap();
    head(&api).await.unwrap();
    fake.fail("groupSend", 1, Fault::Code(400, "group.disbanded"));
    say(&api).await.unwrap_err();
    fake.fail("groupSend", 1, Fault::Code(500, "system.busy"));
    say(&api).await.unwrap_err();
    assert_eq!(api.metered(), 2, "neither the directory nor what was lost counts");
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    let (fake, api) = ground().await;
    fake.takes_scope("qyapi_robot_sendmsg");
    let error = say(&api).await.unwrap_err();
    assert_eq!((error.class, error.missing), (Class::Config, vec!["qyapi_robot_sendmsg".to_owned()]));
}
