//! A message to the robot: who said what, where, and for how long it can be answered on the spot.
//!
//! Invariant: only `msgId`, `conversationId` and `msgtype` must be there; everything else may be missing or odd. The
//! sender is an account by staff id; without one (somebody from outside, or a robot that is not published) by the opaque
//! id, which no call takes.
//!
//! Facts: open platform, "receive messages of a robot", and the vectors `robot_http.json` and `robot_messages.json`.

use serde::Deserialize;
use serde_json::Value;

use super::{BY_SENDER_ID, Door, Received, account, field, object, place};
use crate::domain::{ChatId, Timestamp};
use crate::intent::{Inbound, PlaceKind, Said};
use crate::messenger::Rejected;
use crate::messenger::dingtalk::PLATFORM;
use crate::messenger::dingtalk::place::private_chat;
use crate::messenger::dingtalk::session::Session;

/// The body, over HTTP and in Stream mode alike.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    msg_id: String,
    conversation_id: String,
    #[serde(rename = "msgtype")]
    kind: String,
    #[serde(default)]
    text: Value,
    #[serde(default)]
    content: Value,
    #[serde(default, deserialize_with = "field::text")]
    conversation_type: Option<String>,
    #[serde(default, deserialize_with = "field::text")]
    sender_staff_id: Option<String>,
    #[serde(default, deserialize_with = "field::text")]
    sender_id: Option<String>,
    #[serde(default, deserialize_with = "field::text")]
    sender_corp_id: Option<String>,
    #[serde(default, deserialize_with = "field::text")]
    robot_code: Option<String>,
    #[serde(default, deserialize_with = "field::flag")]
    is_in_at_list: Option<bool>,
    #[serde(default, deserialize_with = "field::text")]
    session_webhook: Option<String>,
    #[serde(default, deserialize_with = "field::text")]
    session_webhook_expired_time: Option<String>,
    #[serde(default, deserialize_with = "field::text")]
    error_code: Option<String>,
}

impl Door {
    /// The message in a body that was proved.
    pub(super) fn message(&self, body: &[u8], now: Timestamp) -> Result<Received, Rejected> {
        let message = object::<Message>(body)?;
        if message.msg_id.is_empty() || message.conversation_id.is_empty() {
            return Err(Rejected::Unreadable);
        }
        if message.robot_code.as_ref().is_some_and(|code| *code != self.robot_code) {
            return Err(Rejected::Foreign);
        }
        if let Some(code) = &message.error_code {
            tracing::error!(
                code,
                "DingTalk delivers messages without their text: the month's quota is used up"
            );
            return Ok(Received::Nothing("a message without its text: the quota is used up"));
        }
        Ok(self.spoken(message, now))
    }

    fn spoken(&self, message: Message, now: Timestamp) -> Received {
        let kind = message.kind();
        let Some(id) = message.speaker() else { return Received::Nothing("a message of nobody") };
        let chat = match (&message.sender_staff_id, kind) {
            (Some(user), PlaceKind::Private) => private_chat(user),
            // Without a staff id nothing reaches the person but the session webhook, which is the conversation's.
            (_, PlaceKind::Group) | (None, PlaceKind::Private) => ChatId::new(&*message.conversation_id),
        };
        if let Some(session) = message.session() {
            self.sessions.keep(&chat, session, now);
        }
        let to_bot = kind == PlaceKind::Private || message.is_in_at_list.unwrap_or(true);
        let said = Said::Text { text: message.words(), to_bot, reply_to: None };
        Received::Heard(Inbound {
            event: format!("{PLATFORM}/{}", message.msg_id),
            place: place(chat, kind, &message.msg_id),
            account: account(message.sender_corp_id, id),
            said,
        })
    }
}

impl Message {
    /// `2` is a group. What it does not say is taken for one: nothing personal goes there.
    fn kind(&self) -> PlaceKind {
        match self.conversation_type.as_deref() {
            Some("1") => PlaceKind::Private,
            _ => PlaceKind::Group,
        }
    }

    fn speaker(&self) -> Option<String> {
        let opaque = || {
            let id = self.sender_id.as_ref()?;
            tracing::warn!(
                "somebody without a staff id spoke: from another company, or the robot's version is not published"
            );
            Some(format!("{BY_SENDER_ID}{id}"))
        };
        self.sender_staff_id.clone().or_else(opaque)
    }

    fn session(&self) -> Option<Session> {
        let until = self.session_webhook_expired_time.as_deref()?.parse().ok()?;
        let until = Timestamp::from_millisecond(until).ok()?;
        Some(Session { url: self.session_webhook.clone()?.into(), until })
    }

    /// The words of it, without the mention of the robot; none of what has no words.
    fn words(&self) -> String {
        let said = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let words = match self.kind.as_str() {
            "text" => {
                // One page of the documentation has the text at the top level.
                let nested = self.text.get("content").or_else(|| self.content.get("content"));
                said(nested.unwrap_or(&self.content))
            }
            "richText" => {
                let pieces = self.content.get("richText").and_then(Value::as_array);
                pieces.into_iter().flatten().filter_map(|piece| piece.get("text")).map(said).collect()
            }
            "audio" => self.content.get("recognition").map(said).unwrap_or_default(),
            _ => String::new(),
        };
        plain(&words)
    }
}

/// Gaps that clients put in are spaces, and the slash that opens a command is one, however wide.
fn plain(words: &str) -> String {
    let spaced = words.replace(['\u{a0}', '\u{3000}'], " ");
    let trimmed = spaced.trim();
    match trimmed.strip_prefix('／') {
        Some(command) => format!("/{command}"),
        None => trimmed.to_owned(),
    }
}
