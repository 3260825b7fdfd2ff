//! Fields as DingTalk writes them: the documentation's samples quote numbers and flags, and servers do not, or the other
//! way about.
//!
//! Invariant: a field that nobody needs never makes a message unreadable; what is `null`, empty or of another kind is not
//! there.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Any value, if it is a text that says something, or a number.
pub fn text<'de, D: Deserializer<'de>>(field: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(field)? {
        Value::String(text) => Some(text).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    })
}

/// Any value, if it is a flag or says to be one.
pub fn flag<'de, D: Deserializer<'de>>(field: D) -> Result<Option<bool>, D::Error> {
    Ok(match Value::deserialize(field)? {
        Value::Bool(flag) => Some(flag),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    })
}

/// A value that stands in a text, as itself: some senders turn objects into texts.
pub fn unpacked(value: &Value) -> Value {
    let inside = value.as_str().filter(|text| text.trim_start().starts_with(['{', '[']));
    inside.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| value.clone())
}
