//! The door that DingTalk knocks at: bytes and headers in, something heard out.
//!
//! Invariant: nothing is believed before it is proved. Over HTTP the proof is a signature in the headers, of events over
//! the envelope; in Stream mode it is the connection, which took the app's secret to open. What a body says of itself
//! proves nothing, and an address in it is not called unless it is the platform's.
#![deny(clippy::indexing_slicing)]

use std::sync::Arc;

use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::crypt::{EventKey, Stamp};
use super::session::Sessions;
use super::sign::{self, card_secret};
use super::stream::Push;
use super::{Options, PLATFORM};
use crate::domain::{ChatId, MessageId, Timestamp};
use crate::intent::{Account, Inbound, Place, PlaceKind};
use crate::messenger::Rejected;
use crate::messenger::seal::SealKey;
use crate::messenger::staff::Moved;

mod card;
mod event;
mod field;
mod robot;
#[cfg(test)]
mod tests;

pub use super::sign::Headers;

/// Stands before an account's id that is only the sender's opaque one: somebody from outside, or the robot is not
/// published. Nothing can be sent to such an account but by session webhook.
pub const BY_SENDER_ID: &str = "sender_id:";

/// What it was. Everything here is answered with 200.
#[derive(Clone, Debug, PartialEq)]
pub enum Received {
    /// Somebody said something to us. A [`Press`](crate::intent::Said::Press) waits for an answer.
    Heard(Inbound),
    /// A button that carries no want of ours, or none that can be used any more. Waits for an answer, too.
    Stale {
        /// Who pressed it.
        account: Account,
        /// Where it stands.
        place: Place,
    },
    /// People or departments are otherwise.
    Moved {
        /// The key, as of [`Inbound`].
        key: String,
        /// Who or what.
        moved: Vec<Moved>,
    },
    /// Authentic, and not for us; why, for the log.
    Nothing(&'static str),
    /// Authentic, and of a type that is not known here.
    Unknown,
}

/// What stands in the address of an event's POST; the platform has two spellings.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Query {
    #[serde(default, alias = "msg_signature")]
    signature: String,
    #[serde(default, alias = "timeStamp")]
    timestamp: String,
    #[serde(default)]
    nonce: String,
}

/// One application's way in.
pub struct Door {
    robot_code: String,
    client_secret: SecretString,
    card_secret: SecretString,
    events: Option<EventKey>,
    seal: SealKey,
    sessions: Arc<Sessions>,
}

impl Door {
    /// The door of an application; `seal` is the key of its cards' buttons. The session webhooks that come with messages
    /// are put into `sessions`.
    pub fn new(options: &Options, seal: SealKey, sessions: Arc<Sessions>) -> Self {
        let event_keys = options.event_token.as_ref().zip(options.event_aes_key.as_ref());
        Self {
            robot_code: options.robot_code.clone(),
            client_secret: options.client_secret.clone(),
            card_secret: card_secret(&options.client_secret),
            events: event_keys.map(|(token, key)| EventKey::new(token, key, &options.client_id)),
            seal,
            sessions,
        }
    }

    /// One POST of a robot message.
    pub fn robot(&self, headers: &Headers<'_>, body: &[u8], now: Timestamp) -> Result<Received, Rejected> {
        match headers.signed_by_robot(&self.client_secret, now) {
            true => self.message(body, now),
            false => Err(Rejected::Signature),
        }
    }

    /// One POST of a card callback. It has no id of its own: what came with the same stamp and is the same is one act.
    pub fn card(&self, headers: &Headers<'_>, body: &[u8], now: Timestamp) -> Result<Received, Rejected> {
        if !headers.signed_for_card(&self.card_secret, now) {
            return Err(Rejected::Signature);
        }
        let key = card::fingerprint(headers.timestamp.unwrap_or_default(), body);
        self.click(&key, body, now)
    }

    /// One POST of an organisation event. Taken, it is answered with [`Door::success`]; so is the check of the address.
    /// Whatever is wrong with the envelope, outside it looks like a wrong signature.
    pub fn event(&self, query: &Query, body: &[u8], now: Timestamp) -> Result<Received, Rejected> {
        #[derive(Deserialize)]
        struct Hidden {
            encrypt: String,
        }
        let key = self.events.as_ref().ok_or(Rejected::Foreign)?;
        let Hidden { encrypt } = object(body)?;
        let stamp = Stamp { signature: &query.signature, timestamp: &query.timestamp, nonce: &query.nonce };
        let signed = key.signed(&stamp, &encrypt) && sign::is_fresh(stamp.timestamp, now);
        let plain = signed.then(|| key.decrypt(&encrypt)).flatten().ok_or(Rejected::Signature)?;
        event::hear(&plain)
    }

    /// One push of Stream mode.
    pub fn pushed(&self, push: &Push, now: Timestamp) -> Result<Received, Rejected> {
        match push {
            Push::Robot { data } => self.message(data.as_bytes(), now),
            Push::Card { id, data } => self.click(id, data.as_bytes(), now),
            Push::Event { kind, id, data } => Ok(event::pushed((kind, id), data)),
        }
    }

    /// The body that says "taken" of an event: the word `success`, encrypted. `nonce` is to be new each time and at
    /// least 16 bytes long.
    pub fn success(&self, nonce: &str, now: Timestamp) -> Option<Value> {
        let key = self.events.as_ref()?;
        let random = nonce.as_bytes().last_chunk::<16>()?;
        let (encrypt, timestamp) = (key.encrypt(b"success", random)?, now.as_millisecond().to_string());
        let signature = key.signature(&timestamp, nonce, &encrypt);
        Some(
            json!({ "msg_signature": signature, "timeStamp": timestamp, "nonce": nonce, "encrypt": encrypt }),
        )
    }
}

fn account(tenant: Option<String>, id: String) -> Account {
    Account { platform: PLATFORM.to_owned(), tenant: tenant.unwrap_or_default(), id }
}

fn place(chat: ChatId, kind: PlaceKind, message: &str) -> Place {
    Place { platform: PLATFORM.to_owned(), chat, kind, message: Some(MessageId::new(message)) }
}

/// A derived reader would also take an array for an object.
fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, Rejected> {
    let is_object = body.trim_ascii_start().starts_with(b"{");
    if !is_object {
        return Err(Rejected::Unreadable);
    }
    serde_json::from_slice(body).map_err(|_| Rejected::Unreadable)
}
