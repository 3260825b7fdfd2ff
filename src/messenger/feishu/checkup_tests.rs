//! The checkup against the fake: what is well is said to be, what is not is named with its remedy, and nobody hears it.

use super::api_tests::ground;
use super::checkup::{Premises, ask, offline};
use super::fake::{APP_ID, APP_SECRET, Fake, Fault, GROUP};
use super::{Mode, Options};
use crate::clock::SystemClock;
use crate::messenger::checkup::{Finding, Grade};

const PUBLIC: &str = "https://liaison.example.com";

fn options(base_url: &str, mode: Mode) -> Options {
    Options {
        app_id: APP_ID.to_owned(),
        app_secret: APP_SECRET.into(),
        encrypt_key: Some("key".into()),
        previous_encrypt_key: None,
        verification_token: Some("token".into()),
        mode,
        base_url: base_url.to_owned(),
    }
}

async fn asked(options: &Options) -> Vec<Finding> {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let groups = [("managers".to_owned(), GROUP.to_owned())];
    ask(options, &http, &Premises { public_url: PUBLIC, groups: &groups }, &SystemClock).await
}

async fn stream(fake: &Fake) -> Vec<Finding> {
    asked(&options(&fake.base_url(), Mode::Stream)).await
}

/// What is not well, without the remark that a fake is neither Feishu nor Lark.
fn amiss(found: &[Finding]) -> Vec<(&'static str, Grade)> {
    let amiss = found.iter().filter(|f| f.grade != Grade::Ok && f.name != "feishu address");
    amiss.map(|f| (f.name, f.grade)).collect()
}

#[tokio::test]
async fn an_app_that_is_well_set_up_has_nothing_to_mend_and_nobody_hears_of_the_checkup() {
    let (fake, _) = ground().await;
    for mode in [Mode::Stream, Mode::Webhook] {
        let found = asked(&options(&fake.base_url(), mode)).await;
        assert_eq!(amiss(&found), [], "{found:?}");
        assert!(found.iter().all(|f| f.remedy.is_empty() == (f.grade == Grade::Ok)), "{found:?}");
    }
    assert!(fake.messages().is_empty());
    assert_eq!(fake.count(""), 0, "every call is one that Feishu has");
    assert_eq!(fake.count("ws.endpoint"), 1, "the webhook needs no long connection");
}

#[tokio::test]
async fn credentials_that_are_not_taken_end_the_checkup() {
    let (fake, _) = ground().await;
    let wrong = Options { app_secret: "wrong".into(), ..options(&fake.base_url(), Mode::Stream) };
    let found = asked(&wrong).await;
    assert_eq!(amiss(&found), [("feishu credentials", Grade::Fail)]);
    assert!(!format!("{found:?}").contains("\"wrong\""));
    let deaf = options("http://127.0.0.1:1", Mode::Stream);
    let found = asked(&deaf).await;
    assert_eq!(found.last().map(|f| (f.name, f.grade)), Some(("feishu address", Grade::Fail)));
}

#[tokio::test]
async fn a_missing_permission_is_named_with_what_people_miss() {
    let (fake, _) = ground().await;
    for scope in ["im:message:send_as_bot", "im:message", "contact:user.id:readonly"] {
        fake.takes_scope(scope);
    }
    let found = stream(&fake).await;
    assert_eq!(amiss(&found), [("feishu permissions", Grade::Fail), ("feishu permissions", Grade::Warn)]);
    let said: Vec<_> = found.iter().filter(|f| f.grade != Grade::Ok).map(|f| f.what.as_str()).collect();
    assert!(said[1].contains("send messages") && said[1].contains("im:message:send_as_bot"), "{said:?}");
    assert!(said[2].contains("contact:user.id:readonly"), "{said:?}");
}

#[tokio::test]
async fn what_could_not_be_asked_is_not_taken_for_missing() {
    let (fake, _) = ground().await;
    fake.fail("messages.create", 1, Fault::Code(99_991_403));
    let found = stream(&fake).await;
    assert_eq!(amiss(&found), [("feishu permissions", Grade::Warn)]);
    let said = found.iter().find(|f| f.name == "feishu permissions" && f.grade == Grade::Warn).unwrap();
    assert!(said.what.contains("is not known") && said.remedy.contains("quota"), "{said:?}");
}

#[tokio::test]
async fn a_bot_that_is_off_and_a_clock_that_is_wrong_are_told() {
    let (fake, _) = ground().await;
    fake.bot_goes_off();
    for (seconds, far) in [(30, false), (-30, false), (90, true), (-90, true)] {
        fake.clock_is_off(seconds);
        let found = stream(&fake).await;
        let clock = found.iter().find(|f| f.name == "feishu clock").unwrap();
        assert_eq!(clock.grade == Grade::Warn, far, "{clock:?}");
        let bot = found.iter().find(|f| f.name == "feishu bot").unwrap();
        assert_eq!(bot.grade, Grade::Fail, "{bot:?}");
    }
}

#[tokio::test]
async fn a_group_that_the_bot_cannot_speak_in_is_told() {
    let (fake, _) = ground().await;
    fake.chat(GROUP, |chat| chat.has_bot = false);
    let found = stream(&fake).await;
    let group = found.last().unwrap();
    assert_eq!((group.name, group.grade), ("feishu group", Grade::Fail));
    assert!(group.what.starts_with("managers") && group.remedy.contains("/bind"), "{group:?}");
    // Without the permission to look nobody can say.
    fake.takes_scope("im:chat:readonly");
    fake.takes_scope("im:chat");
    assert_eq!(stream(&fake).await.last().map(|f| f.grade), Some(Grade::Warn));
}

#[test]
fn addresses_and_keys_are_judged_without_asking() {
    let feishu = options("https://open.feishu.cn", Mode::Webhook);
    let grades = |options: &Options, public: &str| {
        offline(options, public).iter().map(|f| (f.name, f.grade)).collect::<Vec<_>>()
    };
    assert!(offline(&feishu, PUBLIC).iter().all(|f| f.grade == Grade::Ok));
    for public in [
        "http://liaison.example.com",
        "https://localhost:8443",
        "https://127.0.0.2",
        "https://[::1]:8443",
        "https://0.0.0.0",
    ] {
        let found = grades(&feishu, public);
        assert!(found.contains(&("feishu events", Grade::Fail)), "{public}: {found:?}");
    }
    let bare = Options { encrypt_key: None, verification_token: None, ..feishu.clone() };
    let found = grades(&bare, PUBLIC);
    assert!(
        found.contains(&("feishu events", Grade::Fail)) && found.contains(&("feishu events", Grade::Warn))
    );
    let turning = Options { previous_encrypt_key: Some("old".into()), ..feishu };
    assert!(grades(&turning, PUBLIC).contains(&("feishu events", Grade::Warn)));
    let address = |base_url, mode| grades(&options(base_url, mode), PUBLIC)[0].1;
    assert_eq!(address("https://open.larksuite.com", Mode::Webhook), Grade::Ok);
    assert_eq!(address("https://open.larksuite.com", Mode::Stream), Grade::Warn);
    assert_eq!(address("http://open.feishu.example.com", Mode::Stream), Grade::Fail);
    assert_eq!(address("https://gateway.example.com", Mode::Stream), Grade::Warn);
}
