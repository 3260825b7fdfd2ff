//! What a pressed button gets back: the card's data in its new state, and a line for whoever pressed.
//!
//! Invariant: always an object, and the parameter maps in it are complete, so that it does not matter whether the
//! platform updates by key or replaces everything. The same object is the body over HTTP and the `response` in Stream
//! mode; `{}` changes nothing.

use serde_json::{Map, Value, json};

/// The private variable of the template that shows a line to whoever pressed.
const NOTE: &str = "note";
/// How that line looks: `info`, `success` or `error`.
const NOTE_KIND: &str = "note_kind";

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Neutral.
    Info,
    /// It was done.
    Success,
    /// It was not done.
    Error,
}

/// The object that answers a callback.
pub fn answer(note: Option<(Kind, &str)>, params: Option<Map<String, Value>>) -> Value {
    let mut body = Map::new();
    if let Some(params) = params {
        body.insert("cardData".to_owned(), json!({ "cardParamMap": params }));
    }
    if let Some((kind, text)) = note {
        let kind = match kind {
            Kind::Info => "info",
            Kind::Success => "success",
            Kind::Error => "error",
        };
        let map = json!({ NOTE: text, NOTE_KIND: kind });
        body.insert("userPrivateData".to_owned(), json!({ "cardParamMap": map }));
    }
    if !body.is_empty() {
        let options = json!({ "updateCardDataByKey": true, "updatePrivateDataByKey": true });
        body.insert("cardUpdateOptions".to_owned(), options);
    }
    Value::Object(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_the_shapes_of_the_documentation_and_nothing_is_an_empty_object() {
        let file = include_str!("../../../tests/platform/vectors/dingtalk/card_callbacks.json");
        let file: Value = serde_json::from_str(file).unwrap();
        let known = &file["responses"];
        assert_eq!(answer(None, None), known["no change"]);
        let params = Map::from_iter([("status".to_owned(), json!("accepted"))]);
        let both = answer(Some((Kind::Error, "已过期")), Some(params));
        assert_eq!(both["cardData"], known["update public data by key"]["cardData"]);
        let ours = both["userPrivateData"]["cardParamMap"].as_object().unwrap();
        let theirs =
            known["update clicking user only"]["userPrivateData"]["cardParamMap"].as_object().unwrap();
        assert!(ours.values().chain(theirs.values()).all(Value::is_string));
        assert_eq!(ours["note"], "已过期");
        assert_eq!(both["cardUpdateOptions"]["updateCardDataByKey"], true);
        assert_eq!(answer(Some((Kind::Info, "x")), None).get("cardData"), None);
    }
}
