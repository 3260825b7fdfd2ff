//! What the sandbox sends in: signed like a real messenger's webhook, verified before it is parsed.
//!
//! `X-Sandbox-Timestamp` is 10 digits of seconds; `X-Sandbox-Signature` is the hex HMAC-SHA256 of `timestamp.body`.
#![deny(clippy::indexing_slicing)]

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::{PLATFORM, Sandbox};
use crate::domain::{ChatId, MessageId, Timestamp};
use crate::intent::{Account, Inbound, Place, PlaceKind, Said};
use crate::messenger::Rejected;

/// An event older or newer than this is not taken.
const WINDOW_SECONDS: i64 = 300;

/// One event on the wire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The event's id: said twice, it is one event.
    pub event: String,
    /// Who.
    pub person: String,
    /// Where.
    pub chat: String,
    /// The message that was written, or that carries the button.
    pub message: String,
    /// What.
    #[serde(flatten)]
    pub body: EventBody,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventBody {
    /// Words.
    Text {
        text: String,
        #[serde(default)]
        reply_to: Option<String>,
    },
    /// A button, by its sealed value, with the form's values.
    Press {
        value: String,
        #[serde(default)]
        values: BTreeMap<String, String>,
    },
}

/// The two headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Seconds since the epoch, 10 digits.
    pub timestamp: String,
    /// Hex.
    pub signature: String,
}

impl Sandbox {
    /// An event as bytes, signed at `at`: what a real messenger would post.
    pub fn sign(&self, event: &Event, at: Timestamp) -> (Signature, Vec<u8>) {
        // An event is plain data with text keys: writing it cannot fail; an empty body would be refused as unreadable.
        let body = serde_json::to_vec(event).unwrap_or_default();
        let timestamp = format!("{:010}", at.as_second());
        let signature = hex::encode(self.mac(&timestamp, &body).finalize().into_bytes());
        (Signature { timestamp, signature }, body)
    }

    /// Verifies, then parses.
    pub fn receive(&self, signature: &Signature, body: &[u8]) -> Result<Inbound, Rejected> {
        let digits =
            signature.timestamp.len() == 10 && signature.timestamp.bytes().all(|b| b.is_ascii_digit());
        let seconds: i64 = signature.timestamp.parse().map_err(|_| Rejected::Signature)?;
        let age = self.clock.machine().as_second().saturating_sub(seconds);
        if !digits || age.abs() > WINDOW_SECONDS {
            return Err(Rejected::Signature);
        }
        let given = hex::decode(&signature.signature).map_err(|_| Rejected::Signature)?;
        let mac = self.mac(&signature.timestamp, body);
        mac.verify_slice(&given).map_err(|_| Rejected::Signature)?;
        let event: Event = serde_json::from_slice(body).map_err(|_| Rejected::Unreadable)?;
        self.read(event)
    }

    fn read(&self, event: Event) -> Result<Inbound, Rejected> {
        let kind = match Sandbox::owner_of(&event.chat) {
            Some(owner) if owner == event.person => PlaceKind::Private,
            // Nobody writes in somebody else's private chat.
            Some(_) => return Err(Rejected::Unreadable),
            None => PlaceKind::Group,
        };
        let said = match event.body {
            EventBody::Text { text, reply_to } => {
                let to_bot =
                    kind == PlaceKind::Private || text.contains("@联络") || text.contains("@Liaison");
                Said::Text { text, to_bot, reply_to: reply_to.map(MessageId::new) }
            }
            EventBody::Press { value, values } => {
                let pressed = self.seal.open(&value, self.clock.machine()).ok_or(Rejected::Unreadable)?;
                Said::Press { want: pressed.want, values, drawing: Some(pressed.drawing) }
            }
        };
        Ok(Inbound {
            event: format!("{PLATFORM}/{}", event.event),
            account: Account { platform: PLATFORM.to_owned(), tenant: String::new(), id: event.person },
            place: Place {
                platform: PLATFORM.to_owned(),
                chat: ChatId::new(event.chat),
                kind,
                message: Some(MessageId::new(event.message)),
            },
            said,
        })
    }

    /// HMAC takes keys of any length, so this cannot fail.
    fn mac(&self, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret)
            .unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
        mac.update(timestamp.as_bytes());
        mac.update(b".");
        mac.update(body);
        mac
    }
}
