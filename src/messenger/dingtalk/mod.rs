//! DingTalk: what the service says there, and the company as DingTalk knows it.
//!
//! Protocol facts are those of the open platform's documentation and its official SDKs; the requests recorded in
//! `tests/platform/vectors/dingtalk` were made with the latter.

use secrecy::SecretString;

pub mod api;
pub mod card;
pub mod checkup;
pub mod people;
pub mod place;
mod receiver;
#[cfg(test)]
mod recorded_tests;
mod remedy;
mod send;
#[cfg(test)]
mod send_tests;
pub mod session;
mod template;
pub mod trial;
pub mod voice;

/// The `platform` of its accounts and chats.
pub const PLATFORM: &str = "dingtalk";

/// One in-house application on DingTalk.
#[derive(Clone, Debug)]
pub struct Options {
    /// `ding…`: the AppKey.
    pub client_id: String,
    /// The AppSecret.
    pub client_secret: SecretString,
    /// The robot; of an in-house application it is the AppKey.
    pub robot_code: String,
    /// `https://api.dingtalk.com`.
    pub base_url: String,
    /// `https://oapi.dingtalk.com`.
    pub legacy_base_url: String,
    /// `….schema`: interactive cards; messages with links without one.
    pub card_template_id: Option<String>,
    /// The key under which the address for presses on cards was registered; over the stream without one.
    pub card_route_key: Option<String>,
    /// How urgent messages buzz beside the message; not at all without one.
    pub ding: Option<Ding>,
    /// Metered calls that the organisation may make in a calendar month.
    pub monthly_calls: u64,
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
