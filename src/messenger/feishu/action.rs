//! A pressed button: the want that was sealed into it, and what stood in the form around it.
//!
//! Invariant: a want is taken from its seal alone. Every other field is what some client says, and none is required:
//! clients leave out values, turn objects into text and one choice into none.

use serde::Deserialize;
use serde_json::Value;

use super::event::UserId;
use crate::domain::Timestamp;
use crate::intent::FormValues;
use crate::messenger::seal::{Pressed, SealKey};

/// The event of `card.action.trigger`.
#[derive(Debug, Deserialize)]
pub struct Click {
    /// Who pressed.
    pub operator: Option<UserId>,
    /// Where the card stands.
    pub context: Option<Context>,
    action: Option<Action>,
}

/// Where the card stands. Whether the chat is a group it does not say.
#[derive(Debug, Default, Deserialize)]
pub struct Context {
    /// The card's message.
    pub open_message_id: Option<String>,
    /// The chat.
    pub open_chat_id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Action {
    #[serde(default)]
    value: Value,
    #[serde(default)]
    form_value: Value,
}

impl Click {
    /// What the button stands for, if its seal is there and holds.
    pub fn pressed(&self, seal: &SealKey, now: Timestamp) -> Option<Pressed> {
        match unpacked(&self.action.as_ref()?.value) {
            Value::String(sealed) => seal.open(&sealed, now),
            value => seal.open(value.get("w")?.as_str()?, now),
        }
    }

    /// The form's values as typed; what was left empty is empty.
    pub fn values(&self) -> FormValues {
        let form = self.action.as_ref().map(|action| unpacked(&action.form_value));
        match form {
            Some(Value::Object(fields)) => {
                fields.iter().map(|(name, value)| (name.clone(), typed(value))).collect()
            }
            _ => FormValues::new(),
        }
    }
}

/// An object or an array that some client turned into text is itself again; any other text stays.
fn unpacked(value: &Value) -> Value {
    let inside = value.as_str().filter(|text| text.starts_with(['{', '[']));
    inside.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| value.clone())
}

/// One field. Several choices are joined with `,`; a picked day is without the offset that comes with it.
fn typed(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => choices(text).unwrap_or_else(|| picked(text).to_owned()),
        Value::Array(several) => several.iter().map(typed).collect::<Vec<_>>().join(","),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// An array of texts that came as one text.
fn choices(text: &str) -> Option<String> {
    let several: Vec<String> = text.starts_with('[').then(|| serde_json::from_str(text).ok()).flatten()?;
    Some(several.join(","))
}

/// `2026-12-04 +0800` is `2026-12-04`, `2026-11-24 10:30 +0800` is `2026-11-24 10:30`: the moment as the person saw it.
fn picked(text: &str) -> &str {
    let Some((moment, offset)) = text.rsplit_once(' ') else { return text };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let is_offset = offset.len() == 5 && offset.starts_with(['+', '-']) && digits(&offset[1..]);
    let is_moment = shape(moment) == "dddd-dd-dd" || shape(moment) == "dd:dd";
    let is_moment = is_moment || shape(moment) == "dddd-dd-dd dd:dd";
    if is_offset && is_moment { moment } else { text }
}

fn shape(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { 'd' } else { c }).collect()
}
