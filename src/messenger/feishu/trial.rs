//! One message to try the way out: as the outbox would send it, with the whole reason if it does not arrive.
//!
//! Invariant: it goes through [`Sender`] and nothing else, so what works here works for the service.

use std::sync::Arc;

use serde_json::Value;

use super::api::Api;
use super::fault::{ApiError, Class};
use super::send::{Content, Letter, Place, Sender};
use super::{Options, card, remedy};
use crate::card::Card;
use crate::messenger::Address;
use crate::messenger::trial::{Failed, Told, UNCLEAR};

/// Sends `card`, once, under `key`.
pub async fn send(
    options: &Options,
    http: &reqwest::Client,
    (to, key): (&Address, &str),
    (card, style): (&Card, &card::Style<'_>),
) -> Result<Told, Failed> {
    let sender = Sender::new(Arc::new(Api::new(options.clone(), http.clone())));
    let drawn = card::render(card, &card.title, style);
    let text = card::fallback(card, &card.title);
    // It calls nobody by name, so the card without names is the same one.
    let content = Content { nameless: drawn.clone(), card: drawn, text };
    let letter = Letter { key, to, content: &content, urgent: false };
    let answer = sender.say(&letter, Place::of(to)).await.map_err(failed)?;
    let text = |field: &str| answer.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let as_card = text("msg_type") == "interactive";
    Ok(Told { message: text("message_id"), chat: text("chat_id"), as_card })
}

fn failed(error: ApiError) -> Failed {
    Failed { class: name(error.class), remedy: remedy::of(&error), why: error.why }
}

fn name(class: Class) -> &'static str {
    match class {
        Class::Token => "token",
        Class::Limit => "limit",
        Class::Retry => "not reached",
        Class::Unclear => UNCLEAR,
        Class::Receiver => "receiver",
        Class::Message => "message",
        Class::Content => "content",
        Class::Config => "configuration",
        Class::Other => "refused",
    }
}
