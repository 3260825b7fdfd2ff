//! What the platform demands of a registration and of an answer, looked at closer than its servers do.
//!
//! Invariant: what is complained of here is against the documentation or unlike every official SDK.

use serde_json::Value;

use super::script::{CARD, ROBOT, Said};

/// The complaints about a registration: head and body as they came.
pub fn registration(request: &str) -> Vec<String> {
    let (head, body) = request.split_once("\r\n\r\n").unwrap_or((request, ""));
    let head = head.to_ascii_lowercase();
    let mut complaints = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            complaints.push(format!("registration: {what}"));
        }
    };
    must(head.contains("\r\naccept: application/json\r\n"), "the answer would be XML");
    must(head.contains("\r\ncontent-type: application/json\r\n"), "the body is not said to be JSON");
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let text = |field: &str| body[field].as_str().is_some_and(|text| !text.is_empty());
    must(text("clientId") && text("clientSecret") && text("ua"), "credentials and ua are texts");
    let known = ["clientId", "clientSecret", "subscriptions", "ua", "localIp", "extras"];
    let fields = body.as_object().map(|body| body.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    must(fields.iter().all(|field| known.contains(&field.as_str())), "a field that nobody documents");
    let topics = body["subscriptions"].as_array().cloned().unwrap_or_default();
    let has = |topic: &str| topics.iter().any(|one| one["type"] == "CALLBACK" && one["topic"] == topic);
    must(has(ROBOT) && has(CARD), "robot messages and card callbacks are to be subscribed to");
    complaints
}

/// The complaints about the text of an answer to `said`.
pub fn answer(said: &Said, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            complaints.push(format!("answer to {}: {what}: {text}", said.id));
        }
    };
    let frame: Value = serde_json::from_str(text).unwrap_or_default();
    must(!text.contains('\n'), "it is on one line");
    must(frame["code"].is_u64() && frame["message"].is_string(), "a code and a message");
    must(frame["headers"]["contentType"] == "application/json", "its content type");
    let data: Value = serde_json::from_str(frame["data"].as_str().unwrap_or_default()).unwrap_or_default();
    must(data.is_object(), "data is an object as text");
    if frame["code"] == 200 {
        match (said.kind, said.topic) {
            ("SYSTEM", _) => must(frame["data"] == said.data.as_str(), "a ping gets its own data"),
            ("EVENT", _) => must(data["status"] == "SUCCESS" || data["status"] == "LATER", "a status"),
            (_, ROBOT) => must(data == serde_json::json!({ "response": null }), "a response of null"),
            _ => must(data["response"].is_object(), "a response"),
        }
    }
    let maps = ["cardData", "userPrivateData"].map(|part| data["response"][part]["cardParamMap"].clone());
    let values = maps.iter().filter_map(Value::as_object).flat_map(serde_json::Map::values);
    must(values.into_iter().all(Value::is_string), "every parameter is a text");
    complaints
}
