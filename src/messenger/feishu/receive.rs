//! The door that Feishu knocks at: bytes and headers in, something heard out.
//!
//! Invariant: nothing is believed before it is proved. By webhook the proof is the signature over the bytes as they
//! came, made with the Encrypt Key; without such a key it is the Verification Token in the envelope. On the long
//! connection it is the connection itself. A challenge alone may come unsigned, as the documentation says.
#![deny(clippy::indexing_slicing)]

use std::sync::OnceLock;

use secrecy::{ExposeSecret, SecretString};

use super::crypt::{EncryptKey, Stamp, same};
use super::envelope::{self, Envelope};
use super::event::CLICK;
use super::{Options, event};
use crate::domain::Timestamp;
use crate::intent::{Account, Inbound, Place};
use crate::messenger::Rejected;
use crate::messenger::seal::SealKey;
use crate::messenger::staff::Moved;

#[cfg(test)]
mod tests;

/// Seconds that a signature holds. The last redelivery of an event comes 7.1 hours after it, and nobody says whether it
/// is stamped anew; what is repeated within the window has the same key and is one act.
const WINDOW: i64 = 8 * 3600;
/// The same for a button, which is never delivered twice.
const CLICK_WINDOW: i64 = 300;
/// Seconds that a stamp may lie ahead of our clock.
const AHEAD: i64 = 300;

/// The signature headers `X-Lark-Request-Timestamp`, `X-Lark-Request-Nonce` and `X-Lark-Signature`, as they came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Headers<'a> {
    /// Seconds since the epoch.
    pub timestamp: Option<&'a str>,
    /// Anything.
    pub nonce: Option<&'a str>,
    /// Hex.
    pub signature: Option<&'a str>,
}

/// What it was. Everything here is answered with 200; `{}` where nothing else is said.
#[derive(Clone, Debug, PartialEq)]
pub enum Received {
    /// Goes back at once as `{"challenge": …}`, properly escaped.
    Challenge(String),
    /// Somebody said something to us. A [`Press`](crate::intent::Said::Press) waits for `answer::answer`.
    Heard(Inbound),
    /// People or departments are otherwise. The key is as of [`Inbound`].
    Moved {
        /// The key.
        key: String,
        /// Who or what.
        moved: Moved,
    },
    /// A button of ours that cannot be used any more: its seal is missing, forged or too old. Waits for an answer too.
    Stale {
        /// The key, as of [`Inbound`].
        event: String,
        /// Who pressed it.
        account: Account,
        /// Where it stands.
        place: Place,
    },
    /// Authentic, and not for us; why, for the log.
    Nothing(&'static str),
    /// Authentic, and of a type that is not known here.
    Unknown,
}

/// One app's way in.
pub struct Door {
    pub(super) app_id: String,
    /// The present key first, then the one before it.
    keys: Vec<EncryptKey>,
    token: Option<SecretString>,
    pub(super) seal: SealKey,
    /// The bot's own open id.
    pub(super) own: OnceLock<String>,
}

/// What speaks for the bytes.
#[derive(Clone, Copy)]
enum Proof<'a> {
    /// Signed with this Encrypt Key, so many seconds ago.
    Signed { with: &'a EncryptKey, age: i64 },
    /// Signed the old way, with the Verification Token.
    Old,
    /// Nothing, so far.
    Nothing,
}

impl Door {
    /// The door of an app; `seal` is the key of its cards' buttons. An empty secret is as good as none.
    pub fn new(options: &Options, seal: SealKey) -> Self {
        let given = |secret: &&SecretString| !secret.expose_secret().is_empty();
        let keys = [options.encrypt_key.as_ref(), options.previous_encrypt_key.as_ref()];
        Self {
            app_id: options.app_id.clone(),
            keys: keys.into_iter().flatten().filter(given).map(EncryptKey::new).collect(),
            token: options.verification_token.as_ref().filter(given).cloned(),
            seal,
            own: OnceLock::new(),
        }
    }

    /// Tells the door who the bot is (`open_id` of `bot/v3/info`), once. Until then a mention of any bot counts as one
    /// of ours.
    pub fn known_as(&self, open_id: String) {
        // Said twice, it is the same bot: an app has one.
        let _ = self.own.set(open_id);
    }

    /// One POST of the webhook: verified, decrypted, parsed, in this order.
    pub fn receive(&self, headers: &Headers<'_>, body: &[u8], now: Timestamp) -> Result<Received, Rejected> {
        let proof = self.proof(headers, body, now)?;
        let (envelope, hidden) = match envelope::cipher(body)? {
            Some(cipher) => (self.open(&cipher, proof)?, true),
            None => (envelope::read(body)?, false),
        };
        self.admit(&envelope, hidden, proof)?;
        Ok(self.hear(envelope, now))
    }

    /// One envelope of the long connection, which is in the clear and unsigned: whoever has the app's secret opened it.
    /// Its token may be empty, and a wrong one in the configuration must not make the bot deaf, so it is not looked at.
    pub fn read(&self, payload: &[u8], now: Timestamp) -> Result<Received, Rejected> {
        let envelope = envelope::read(payload)?;
        self.is_ours(&envelope)?;
        Ok(self.hear(envelope, now))
    }

    fn proof(&self, headers: &Headers<'_>, body: &[u8], now: Timestamp) -> Result<Proof<'_>, Rejected> {
        let stamp = match (headers.timestamp, headers.nonce, headers.signature) {
            (None, None, None) => return Ok(Proof::Nothing),
            (Some(timestamp), Some(nonce), Some(signature)) => Stamp { timestamp, nonce, signature },
            _ if self.keys.is_empty() => return Ok(Proof::Nothing),
            _ => return Err(Rejected::Signature),
        };
        if stamp.is_old() {
            let holds = self.token.as_ref().is_some_and(|token| stamp.signed_with_token(token, body));
            return if holds { Ok(Proof::Old) } else { Err(Rejected::Signature) };
        }
        if self.keys.is_empty() {
            return Ok(Proof::Nothing);
        }
        let age = age(stamp.timestamp, now).filter(|age| (-AHEAD..=WINDOW).contains(age));
        let with = self.keys.iter().find(|key| key.signed(&stamp, body));
        let (with, age) = with.zip(age).ok_or(Rejected::Signature)?;
        Ok(Proof::Signed { with, age })
    }

    /// The envelope inside the cipher. Without a signature it can only be a challenge, and every other outcome looks
    /// alike, so that nobody learns from us what a text decrypts to.
    fn open(&self, cipher: &str, proof: Proof<'_>) -> Result<Envelope, Rejected> {
        if self.keys.is_empty() {
            return Err(Rejected::Unreadable);
        }
        if let Proof::Signed { with, .. } = proof {
            let plain = with.decrypt(cipher).ok_or(Rejected::Unreadable)?;
            return envelope::read(&plain);
        }
        let read = |key: &EncryptKey| envelope::read(&key.decrypt(cipher)?).ok();
        let is_challenge = |envelope: &Envelope| matches!(envelope, Envelope::Challenge { .. });
        self.keys.iter().find_map(read).filter(is_challenge).ok_or(Rejected::Signature)
    }

    /// Whether what speaks for an envelope is enough for what is in it.
    fn admit(&self, envelope: &Envelope, hidden: bool, proof: Proof<'_>) -> Result<(), Rejected> {
        self.is_ours(envelope)?;
        match (envelope, proof) {
            (Envelope::Challenge { token, .. }, _) => self.is_token(token, hidden),
            (Envelope::OldClick, Proof::Nothing) => Err(Rejected::Signature),
            (Envelope::OldClick, Proof::Old | Proof::Signed { .. }) => Ok(()),
            // Whoever set a key at the console sends nothing in the clear.
            _ if !hidden && !self.keys.is_empty() => Err(Rejected::Foreign),
            (Envelope::Unknown, Proof::Signed { .. }) => Ok(()),
            (Envelope::Unknown, _) => Err(Rejected::Foreign),
            (Envelope::Event(event), Proof::Signed { age, .. }) => {
                self.is_token(&event.token, hidden)?;
                let is_late = event.kind == CLICK && age > CLICK_WINDOW;
                if is_late { Err(Rejected::Signature) } else { Ok(()) }
            }
            (Envelope::Event(event), _) => self.is_token(&event.token, hidden),
        }
    }

    /// Whether the Verification Token is ours. `otherwise` is the answer when none is configured: enough, if it took the
    /// Encrypt Key to write it.
    fn is_token(&self, token: &str, otherwise: bool) -> Result<(), Rejected> {
        let ours = self.token.as_ref().map_or(otherwise, |ours| same(ours.expose_secret(), token));
        if ours { Ok(()) } else { Err(Rejected::Foreign) }
    }

    /// Whether it is meant for this app, as far as it says.
    fn is_ours(&self, envelope: &Envelope) -> Result<(), Rejected> {
        let Envelope::Event(event) = envelope else { return Ok(()) };
        let ours = event.app_id.is_empty() || event.app_id == self.app_id;
        if ours { Ok(()) } else { Err(Rejected::Foreign) }
    }

    fn hear(&self, envelope: Envelope, now: Timestamp) -> Received {
        match envelope {
            Envelope::Challenge { challenge, .. } => Received::Challenge(challenge),
            Envelope::Event(event) => event::hear(self, &event, now),
            Envelope::OldClick => {
                Received::Nothing("a click of the old kind: subscribe to card.action.trigger instead")
            }
            Envelope::Unknown => Received::Nothing("an envelope of no known shape"),
        }
    }
}

/// Seconds since the stamp. It has ten digits: nothing separates it from the nonce in what is signed, so that another
/// cut would hold as well.
fn age(timestamp: &str, now: Timestamp) -> Option<i64> {
    let is_plain = timestamp.len() == 10 && timestamp.bytes().all(|b| b.is_ascii_digit());
    let stamped: i64 = timestamp.parse().ok().filter(|_| is_plain)?;
    Some(now.as_second().saturating_sub(stamped))
}
