//! DingTalk: robot messages, card callbacks and organisation events by Stream mode or over HTTP in, messages and cards
//! out, and the company as DingTalk knows it.
//!
//! Protocol facts are those of the open platform's documentation and its official SDKs; the vectors in
//! `tests/platform/vectors/dingtalk` were made with the latter.

use secrecy::SecretString;

use super::net::Network;

pub mod answer;
pub mod api;
mod bot;
pub mod card;
pub mod checkup;
mod crypt;
mod ear;
mod login;
mod many;
#[cfg(test)]
mod many_tests;
pub mod people;
pub mod place;
pub mod receive;
pub mod receiver;
#[cfg(test)]
mod recorded_tests;
mod remedy;
mod send;
#[cfg(test)]
mod send_tests;
pub mod session;
pub mod sign;
mod staff;
pub mod stream;
mod template;
mod todo;
pub mod trial;
pub mod voice;

pub use bot::DingTalk;

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
    /// `….schema`: interactive cards; messages whose buttons are links without one.
    pub card_template_id: Option<String>,
    /// The key under which the address for presses on cards is registered; over the stream without one.
    pub card_route_key: Option<String>,
    /// Of the event subscription page; webhook only.
    pub event_token: Option<SecretString>,
    /// Of the same page, 43 characters; webhook only.
    pub event_aes_key: Option<SecretString>,
    /// How urgent messages buzz beside the message; not at all without one.
    pub ding: Option<Ding>,
    /// Whether what people owe is kept on their lists of things to do.
    pub todo: bool,
    /// Metered calls that the organisation may make in a calendar month.
    pub monthly_calls: u64,
    /// Whether people log in to the pages with their DingTalk account.
    pub login: bool,
    /// The company's id, `ding…`: with it nobody has to say anything to log in inside the client.
    pub corp_id: Option<String>,
    /// The way out.
    pub network: Network,
    /// Custom robots of groups that the application is not in; their chats are `robot:<name>`.
    pub group_robots: Vec<GroupRobot>,
}

/// How a DING reaches its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ding {
    /// Inside the messenger.
    App,
    /// By short message, which costs.
    Sms,
    /// By telephone, which costs.
    Phone,
}

/// A custom robot with signature (加签).
#[derive(Clone, Debug)]
pub struct GroupRobot {
    /// Ours, for its chat.
    pub name: String,
    /// `access_token` of its address.
    pub token: SecretString,
    /// `SEC…`.
    pub secret: SecretString,
}

#[cfg(test)]
#[path = "../../../tests/platform/fake/dingtalk/mod.rs"]
mod fake;
