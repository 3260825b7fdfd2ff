//! What the official client was recorded to send: the fake takes it, and our client sends the same.
//!
//! Invariant: shapes are compared (names and kinds of fields), values only where they are the protocol's.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::api_tests::ground;
use super::fake::{Fake, GROUP, open_id};
use super::send::{Content, Letter, Sender};
use crate::domain::{ChatId, MessageId};
use crate::messenger::Address;

const RECORDED: &str = include_str!("../../../tests/platform/vectors/feishu/openapi_requests.json");

fn recorded() -> Vec<Value> {
    let all: Value = serde_json::from_str(RECORDED).unwrap();
    all["requests"].as_array().unwrap().clone()
}

/// The names and kinds of what is inside; lists by their first item.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), shape(field))).collect(),
        Value::Array(items) => items.iter().take(1).map(shape).collect(),
        Value::String(_) => json!("text"),
        Value::Number(_) => json!("number"),
        Value::Bool(_) => json!("truth"),
        Value::Null => json!("nothing"),
    }
}

/// Sends one recorded request with the ids of this fake and returns the answer.
async fn send(fake: &Fake, request: &Value, ids: &BTreeMap<String, String>) -> Value {
    let mut text = request.to_string();
    for (old, new) in ids {
        text = text.replace(old, new);
    }
    let request: Value = serde_json::from_str(&text).unwrap();
    let url = format!("{}{}", fake.base_url(), request["path"].as_str().unwrap());
    let method: reqwest::Method = request["method"].as_str().unwrap().parse().unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut call = client.request(method, url).query(&request["query"]);
    for (name, value) in request["headers"].as_object().unwrap() {
        let value = value.as_str().unwrap().replace("t-<tenant_access_token>", &fake.state().token().0);
        call = call.header(name, value);
    }
    if !request["body"].is_null() {
        call = call.body(request["body"].to_string());
    }
    call.send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn the_fake_takes_every_recorded_request_and_answers_in_the_recorded_shape() {
    let (fake, _) = ground().await;
    let mut ids = BTreeMap::new();
    for request in recorded() {
        let (want, path) = (&request["fake_response"], request["path"].as_str().unwrap());
        let got = send(&fake, &request, &ids).await;
        assert_eq!(got["code"], 0, "{path}: {got}");
        assert_eq!(shape(&got), shape(want), "{path}");
        for id in ["/data/message_id", "/data/chat_id"] {
            if let (Some(Value::String(old)), Some(Value::String(new))) = (want.pointer(id), got.pointer(id))
            {
                ids.insert(old.clone(), new.clone());
            }
        }
    }
}

#[tokio::test]
async fn our_client_sends_what_the_official_one_sends() {
    let (fake, api) = ground().await;
    let sender = Sender::new(api.clone());
    let card = json!({"schema": "2.0", "body": {"elements": []}});
    let content = Content { card: card.clone(), nameless: card, text: "hi".to_owned() };
    let person = Address::Person(open_id('a'));
    let chat = |reply_to| Address::Chat { chat: ChatId::new(GROUP), reply_to };
    let sent =
        sender.send(&Letter { key: "u-0", to: &person, content: &content, urgent: true }).await.unwrap();
    let sent_in_group = Letter { key: "u-2", to: &chat(None), content: &content, urgent: false };
    let first = sender.send(&sent_in_group).await.unwrap();
    let under = chat(Some(MessageId::new(first.message.as_str())));
    sender.send(&Letter { key: "r1", to: &under, content: &content, urgent: false }).await.unwrap();
    sender.update(&sent, &content).await.unwrap();
    sender.bot().await.unwrap();

    let wanted = recorded();
    let mut compared = Vec::new();
    for call in fake.calls() {
        let is_it = |request: &&Value| {
            let path = request["path"].as_str().unwrap();
            let same_kind = call.query.is_empty() || request["query"] == json!(call.query);
            request["method"] == json!(call.method)
                && of_no_message(path) == of_no_message(&call.path)
                && same_kind
        };
        let request = wanted.iter().find(is_it).expect(&call.path);
        assert_eq!(shape(&request["body"]), shape(&call.body), "{}", call.path);
        assert_eq!(request["query"], json!(call.query), "{}", call.path);
        let content_type = request["headers"].get("Content-Type").and_then(Value::as_str);
        // The official client leaves it out where it asks for a token, and adds it to one question without a body.
        if call.name != "token" && call.name != "bot.info" {
            assert_eq!(call.content_type.as_deref(), content_type, "{}", call.path);
        }
        compared.push(call.name);
    }
    compared.sort_unstable();
    let want =
        "bot.info messages.create messages.create messages.patch messages.reply messages.urgent_app token";
    assert_eq!(compared.join(" "), want);
}

/// A path whose message is left out.
fn of_no_message(path: &str) -> String {
    let part = |part: &str| if part.starts_with("om_") { "om".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}
