//! What a pressed button gets back: a line that passes by, and the card in its new state.
//!
//! Invariant: always an object, never `null`: the client shows an error for anything else. The same object is the body
//! of the webhook's answer and, in base64, the `data` of an acknowledgement on the long connection.

use serde_json::{Map, Value, json};

/// How the line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Neutral.
    Info,
    /// It was done.
    Success,
    /// It was done, but.
    Warning,
    /// It was not done.
    Error,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Info => "info",
            Kind::Success => "success",
            Kind::Warning => "warning",
            Kind::Error => "error",
        }
    }
}

/// The body: `card` is complete card JSON 2.0 and takes the place of the card that was pressed, which must be of the
/// same generation.
pub fn answer(toast: Option<(Kind, &str)>, card: Option<Value>) -> Value {
    let mut body = Map::new();
    if let Some((kind, content)) = toast {
        body.insert("toast".to_owned(), json!({ "type": kind.name(), "content": content }));
    }
    if let Some(data) = card {
        body.insert("card".to_owned(), json!({ "type": "raw", "data": data }));
    }
    Value::Object(body)
}
