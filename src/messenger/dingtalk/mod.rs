//! DingTalk: robot messages, card callbacks and organisation events by Stream mode or over HTTP.
//!
//! Protocol facts are those of the open platform's documentation and its official SDKs; the vectors in
//! `tests/platform/vectors/dingtalk` were made with the latter.

use secrecy::SecretString;

pub mod answer;
mod crypt;
mod ear;
pub mod place;
pub mod receive;
pub mod sign;
pub mod stream;

pub use ear::Ear;

/// The `platform` of its accounts and chats.
pub const PLATFORM: &str = "dingtalk";

/// Whether a text can be the AES key of an event subscription.
pub fn is_aes_key(text: &str) -> bool {
    crypt::aes_key(text).is_some()
}

/// How robot messages, card callbacks and events come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// DingTalk posts to us.
    Webhook,
    /// We hold a connection open; no public address is needed.
    Stream,
}

/// One in-house application with its robot.
#[derive(Clone, Debug)]
pub struct Options {
    /// The client id, which older pages call AppKey: `ding…`.
    pub client_id: String,
    /// Of the same page; older pages call it AppSecret.
    pub client_secret: SecretString,
    /// The robot's code; of an in-house application it is the client id.
    pub robot_code: String,
    /// How things come in.
    pub mode: Mode,
    /// `https://api.dingtalk.com`, without `/` at the end.
    pub base_url: String,
    /// `https://oapi.dingtalk.com`, without `/` at the end; also the only origin that a session webhook may have.
    pub legacy_base_url: String,
    /// The card template; without one, buttons are links.
    pub card_template_id: Option<String>,
    /// Of the event subscription page; webhook only.
    pub event_token: Option<SecretString>,
    /// Of the same page, 43 characters; webhook only.
    pub event_aes_key: Option<SecretString>,
}
