//! What Feishu cards promise: every card that the service can say is one that the platform takes.

mod any_card;
mod gallery;
mod refused;
#[path = "validate.rs"]
mod validate;

use serde_json::Value;

use super::{Style, render};
use crate::card::{Block, Card, summary};
use crate::domain::Timestamp;
use crate::messenger::seal::SealKey;

const NOW: &str = "2026-11-20T09:00:00Z";
const PAGE: &str = "https://liaison.example.com/r/2026-Q4-SCB-001";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// The card as it is sent.
fn sent(card: &Card) -> Value {
    let seal = SealKey::new(b"a key");
    let more = "Shortened. Open the page";
    let style = Style { seal: &seal, now: now(), more, link: Some(PAGE), picture: Some("img_v3_0000") };
    render(card, &summary(card), &style)
}

/// Everything that the platform, or our own rule about people's words, would have against it.
fn against(card: &Value) -> Vec<String> {
    let mut all = validate::complaints(card);
    all.extend(validate::markup::strange(card).into_iter().map(|line| format!("markup: {line}")));
    all
}

/// Gives everybody who is called an account.
fn with_accounts(mut card: Card) -> Card {
    for block in &mut card.blocks {
        if let Block::Mentions { people } = block {
            for (at, person) in people.iter_mut().enumerate() {
                person.account = Some(format!("ou_{at:032x}"));
            }
        }
    }
    card
}

/// One component a line; the insides of forms are indented; seals are opened.
fn outline(card: &Value) -> String {
    let mut lines = vec![
        format!("summary {}", card["config"]["summary"]["content"]),
        format!("header  {}", card["header"]),
    ];
    for element in list(&card["body"]["elements"]) {
        match element["tag"].as_str() {
            Some("form") => {
                lines.push(format!("form {}", element["name"]));
                lines.extend(list(&element["elements"]).map(|inner| format!("  {}", opened(inner))));
            }
            _ => lines.push(opened(element).to_string()),
        }
    }
    lines.join("\n")
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn opened(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), unsealed(key, value))).collect(),
        Value::Array(list) => list.iter().map(opened).collect(),
        other => other.clone(),
    }
}

fn unsealed(key: &str, value: &Value) -> Value {
    match value.as_str().filter(|_| key == "w") {
        Some(sealed) => {
            let want = SealKey::new(b"a key").open(sealed, now()).unwrap().want;
            serde_json::to_value(want).unwrap()
        }
        None => opened(value),
    }
}
