//! Our requests beside those that the platform's official SDK makes (`tests/platform/vectors/dingtalk`).
//!
//! Invariant: a field that we send is one that the SDK sends, under the same name and with the same kind of value.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::api::tests::{app, options};
use super::card::{Style, card_data, message};
use super::fake::{Fake, GROUP, PERSON, TEMPLATE};
use super::send::{Content, Letter, Sender};
use super::session::Sessions;
use super::todo::Todos;
use super::voice::Voice;
use super::{Ding, Options};
use crate::card::trial;
use crate::clock::SystemClock;
use crate::domain::{ChatId, Lang};
use crate::messenger::Address;
use crate::messenger::seal::SealKey;
use crate::messenger::todo::{Item, TodoList as _};

/// Name of the fake's route → step of the recording.
const STEPS: &[(&str, &str)] = &[
    ("token", "accessToken"),
    ("batchSend", "batchSend"),
    ("groupSend", "groupSend"),
    ("ding", "dingSend"),
    ("cards.create", "createAndDeliver.group"),
    ("cards.create", "createAndDeliver.robot"),
    ("cards.update", "updateCard"),
    ("cards.register", "cardCallbackRegister"),
    ("todo.create", "todoCreate"),
];

/// Documented, but not in the recording.
const DOCUMENTED: &[&str] = &["/imGroupOpenSpaceModel/notification", "/imRobotOpenSpaceModel/notification"];

fn recorded() -> BTreeMap<String, Value> {
    let file = include_str!("../../../tests/platform/vectors/dingtalk/openapi_requests.json");
    let file: Value = serde_json::from_str(file).unwrap();
    let calls = file["calls"].as_array().unwrap().iter();
    calls.map(|call| (call["step"].as_str().unwrap().to_owned(), call["request"].clone())).collect()
}

/// Paths in `ours` that the recording does not have, or has with another kind of value.
fn strange(ours: &Value, theirs: &Value, path: &str) -> Vec<String> {
    let (Some(ours), Some(theirs)) = (ours.as_object(), theirs.as_object()) else {
        let same = std::mem::discriminant(ours) == std::mem::discriminant(theirs);
        return if same { Vec::new() } else { vec![path.to_owned()] };
    };
    // The names inside are the template's, languages' or people's.
    if path.ends_with("cardParamMap") || path.ends_with("atUserIds") || path.ends_with("I18n") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (name, value) in ours {
        let path = format!("{path}/{name}");
        match theirs.get(name) {
            Some(known) => found.extend(strange(value, known, &path)),
            None if DOCUMENTED.contains(&path.as_str()) => {}
            None => found.push(path),
        }
    }
    found
}

async fn says_everything(fake: &Fake, template: Option<&str>) {
    let options =
        Options { card_template_id: template.map(str::to_owned), ding: Some(Ding::App), ..options(fake) };
    let sessions = Arc::new(Sessions::new(&options.legacy_base_url));
    let sender = Sender::new(app(options), sessions);
    let seal = SealKey::new(b"k");
    let now = "2026-11-20T09:00:00Z".parse().unwrap();
    let style = Style { seal: &seal, now, more: "", page: None, link: &|_| None };
    let card = trial::card(Lang::Zh, "https://liaison.example.com", "17:00");
    let content = Content {
        data: card_data(&card, &style),
        message: message(&card, &style),
        plain: "plain".to_owned(),
        summary: "summary".to_owned(),
        calls: vec![(PERSON.to_owned(), "Wang".to_owned())],
    };
    let group = Address::Chat { chat: ChatId::new(GROUP), reply_to: None };
    for (key, to) in [("k1", &group), ("k2", &Address::Person(PERSON.to_owned()))] {
        let sent = sender.send(&Letter { key, to, content: &content, urgent: true }).await.unwrap();
        sender.update(&sent, &content).await.unwrap();
    }
}

async fn registers(fake: &Fake) {
    let options = Options { card_route_key: Some("cross-dept".to_owned()), ..options(fake) };
    let sessions = Arc::new(Sessions::new(&options.legacy_base_url));
    let voice = Voice::over(Sender::new(app(options), sessions), (SealKey::new(b"k"), Arc::new(SystemClock)));
    voice.register("https://liaison.example.com/webhook/dingtalk/card").await.unwrap();
}

async fn keeps_lists(fake: &Fake) {
    let item = Item {
        key: "task-77".to_owned(),
        account: PERSON.to_owned(),
        subject: "完成接口联调".to_owned(),
        due: "2026-11-20T09:00:00Z".parse().unwrap(),
        page: "https://liaison.example.com/forms/x".to_owned(),
    };
    Todos::new(app(options(fake))).add(&item).await.unwrap();
}

#[tokio::test]
async fn every_call_has_the_shape_of_the_official_one() {
    let (fake, recorded) = (Fake::start().await.unwrap(), recorded());
    says_everything(&fake, None).await;
    says_everything(&fake, Some(TEMPLATE)).await;
    registers(&fake).await;
    keeps_lists(&fake).await;
    for (name, step) in STEPS {
        let theirs = &recorded[*step];
        let space = theirs["body"]["openSpaceId"].as_str().and_then(|space| space.split('.').nth(1));
        let is_there = |body: &Value| {
            let ours = body["openSpaceId"].as_str().and_then(|space| space.split('.').nth(1));
            ours == space
        };
        let calls = fake.calls();
        let ours = calls.iter().find(|call| call.name == *name && is_there(&call.body)).ok_or(step).unwrap();
        let (method, _) = super::fake::route(name).unwrap();
        let called = (Some(method), Some(ours.path.as_str()));
        assert_eq!((theirs["method"].as_str(), theirs["path"].as_str()), called, "{step}");
        assert_eq!(strange(&ours.body, &theirs["body"], ""), Vec::<String>::new(), "{step}");
    }
}
