//! Whether a message may be said at all: its kind, its size, and a card's make.
//!
//! Invariant: what passes is JSON of the shape that the kind asks for.

use serde_json::Value;

use super::gate::Refusal;
use super::state::{State, is_known};

const LARGEST_CARD: usize = 30 * 1024;
const LARGEST_TEXT: usize = 150 * 1024;
const CARD_ROOT: &[&str] = &["schema", "config", "card_link", "header", "body"];

/// Refuses what may not be said.
pub fn check(state: &State, msg_type: &str, content: &str) -> Result<(), Refusal> {
    let largest = if msg_type == "text" { LARGEST_TEXT } else { LARGEST_CARD };
    if content.len() > largest {
        return Err(Refusal::new(230_025, "The length of the message content reaches its limit."));
    }
    let Ok(Value::Object(parsed)) = serde_json::from_str::<Value>(content) else {
        return Err(Refusal::new(
            230_001,
            "Your request contains an invalid request parameter, ext=content is not JSON.",
        ));
    };
    match msg_type {
        "text" if parsed.get("text").and_then(Value::as_str).is_none_or(str::is_empty) => Err(Refusal::new(
            230_001,
            "Your request contains an invalid request parameter, ext=text is empty.",
        )),
        "interactive" => check_interactive(state, &Value::Object(parsed)),
        "text" | "post" | "share_chat" | "image" | "file" => Ok(()),
        _ => Err(Refusal::new(
            230_001,
            "Your request contains an invalid request parameter, ext=invalid msg_type.",
        )),
    }
}

fn check_interactive(state: &State, card: &Value) -> Result<(), Refusal> {
    let bad = |code: i64, msg: &str| {
        Refusal::new(
            230_099,
            &format!("Failed to create card content, ext=ErrCode: {code}; ErrMsg: {msg}; ErrorValue: ; "),
        )
    };
    check_card(card).map_err(|why| bad(200_621, &why))?;
    let mut named = Vec::new();
    names(card, &mut named);
    match named.iter().find(|open_id| !is_known(state, open_id)) {
        Some(open_id) => Err(bad(100_290, &format!("invalid user resource {open_id}"))),
        None => match pictures(card).into_iter().find(|key| !state.images.contains_key(*key)) {
            Some(key) => Err(bad(200_570, &format!("image key {key} is invalid"))),
            None => Ok(()),
        },
    }
}

/// Every picture that a card names.
fn pictures(card: &Value) -> Vec<&str> {
    match card {
        Value::Array(items) => items.iter().flat_map(pictures).collect(),
        Value::Object(fields) => {
            let own = fields.get("img_key").and_then(Value::as_str);
            own.into_iter().chain(fields.values().flat_map(pictures)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// What is wrong with a card, if anything. A stricter judge may take this place.
pub fn check_card(card: &Value) -> Result<(), String> {
    let root = card.as_object().ok_or("the card is no object")?;
    if let Some(unknown) = root.keys().find(|key| !CARD_ROOT.contains(&key.as_str())) {
        return Err(format!("unknown property: {unknown}"));
    }
    if root.get("schema") != Some(&Value::from("2.0")) {
        return Err("schema must be 2.0".to_owned());
    }
    if card.pointer("/config/update_multi") == Some(&Value::Bool(false)) {
        return Err("update_multi must be true".to_owned());
    }
    if root.get("header").is_some() && card.pointer("/header/title/content").and_then(Value::as_str).is_none()
    {
        return Err("header needs a title".to_owned());
    }
    match card.pointer("/body/elements") {
        Some(Value::Array(elements)) if elements.iter().all(|element| element.get("tag").is_some()) => Ok(()),
        _ => Err("body.elements must be a list of elements with tags".to_owned()),
    }
}

/// Everybody who is called by name: `<at id=ou_…>` in any text.
fn names(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let ids = text.split("<at id=").skip(1).map(|rest| rest.trim_start_matches(['\'', '"']));
            let ids =
                ids.map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect());
            found.extend(ids.filter(|id: &String| id != "all"));
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| names(field, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
