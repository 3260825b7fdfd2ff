//! What goes over the wire, both ways: text frames of JSON, with JSON as text inside.
//!
//! Invariant: every frame is of one of these kinds, whatever is in it; an answer carries the id of its frame and has its
//! fields in the order of the official SDKs.
//!
//! Facts: open platform, "Stream mode protocol", and the vectors `stream_sessions.json`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Fault, Push};

/// The topic of robot messages.
pub const ROBOT: &str = "/v1.0/im/bot/messages/get";
/// The topic of card callbacks.
pub const CARD: &str = "/v1.0/card/instances/callback";

/// A frame from the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Answered with its own data.
    Ping { id: String, data: String },
    /// This connection is going to be taken down.
    Disconnect { reason: String },
    /// Something happened.
    Push { id: String, push: Push },
    /// A callback that nobody here subscribed to.
    Stray { id: String, topic: String },
    /// Not for us, or not as documented; why, for the log.
    Other(&'static str),
}

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "type")]
    kind: String,
    // One sample of the documentation has it in the singular.
    #[serde(alias = "header")]
    headers: Headers,
    #[serde(default)]
    data: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Headers {
    topic: String,
    message_id: String,
    event_type: String,
    event_id: String,
}

impl Frame {
    /// Reads a frame.
    pub fn read(text: &str) -> Self {
        let Ok(Wire { kind, headers, data }) = serde_json::from_str(text) else {
            return Frame::Other("a frame that cannot be read");
        };
        let Headers { topic, message_id: id, event_type: kind_of_event, event_id } = headers;
        // It is JSON as text; an object would be the same without the wrapping.
        let data = data.as_str().map_or_else(|| data.to_string(), str::to_owned);
        match (kind.as_str(), topic.as_str()) {
            _ if id.is_empty() && topic != "disconnect" => Frame::Other("a frame without an id"),
            ("SYSTEM", "ping") => Frame::Ping { id, data },
            ("SYSTEM", "disconnect") => Frame::Disconnect { reason: data },
            ("SYSTEM", _) => Frame::Other("a system frame of a topic that is not known here"),
            ("CALLBACK", ROBOT) => Frame::Push { id, push: Push::Robot { data } },
            ("CALLBACK", CARD) => Frame::Push { push: Push::Card { id: id.clone(), data }, id },
            ("CALLBACK", _) => Frame::Stray { id, topic },
            ("EVENT", _) => {
                let event_id = if event_id.is_empty() { id.clone() } else { event_id };
                Frame::Push { push: Push::Event { kind: kind_of_event, id: event_id, data }, id }
            }
            _ => Frame::Other("a frame of a type that is not known here"),
        }
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    code: u16,
    headers: Return<'a>,
    message: &'a str,
    data: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Return<'a> {
    content_type: &'a str,
    message_id: &'a str,
}

/// The answer to a frame: `data` is JSON as text.
pub fn answer(id: &str, (code, message): (u16, &str), data: &str) -> String {
    let headers = Return { content_type: "application/json", message_id: id };
    // Plain texts and a number: writing it cannot fail.
    serde_json::to_string(&Answer { code, headers, message, data }).unwrap_or_default()
}

/// The answer to a push that was handled, or was not.
pub fn handled(id: &str, push: &Push, result: &Result<Value, Fault>) -> String {
    let response = |value: &Value| json!({ "response": value }).to_string();
    let nothing = || response(&Value::Null);
    match (push, result) {
        (Push::Robot { .. }, Ok(_)) => answer(id, OK, &nothing()),
        (Push::Card { .. }, Ok(value)) => answer(id, OK, &response(value)),
        (Push::Event { .. }, Ok(_) | Err(Fault::Unreadable)) => answer(id, OK, r#"{"status":"SUCCESS"}"#),
        (Push::Event { .. }, Err(Fault::Busy)) => answer(id, OK, r#"{"status":"LATER"}"#),
        (_, Err(Fault::Unreadable)) => answer(id, (400, "bad request"), &nothing()),
        (_, Err(Fault::Busy)) => answer(id, (500, "not now"), &nothing()),
    }
}

/// It was taken.
pub const OK: (u16, &str) = (200, "OK");
/// There is nobody for it.
pub const NOBODY: (u16, &str) = (404, "no handler");
