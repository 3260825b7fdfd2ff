//! Feishu and Lark: events by webhook or long connection in, messages and cards out.
//!
//! Protocol facts are those of the open platform's documentation and its official SDKs; the vectors in
//! `tests/platform/vectors/feishu` were made with the latter.

use secrecy::SecretString;

use super::net::Network;

mod action;
pub mod answer;
mod api;
#[cfg(test)]
mod api_tests;
mod bot;
pub mod card;
pub mod checkup;
#[cfg(test)]
mod checkup_tests;
mod crypt;
mod envelope;
mod event;
#[cfg(test)]
mod fake_tests;
mod fault;
mod image;
mod login;
mod pace;
pub mod people;
mod permissions;
pub mod receive;
#[cfg(test)]
mod recorded_tests;
mod remedy;
mod send;
#[cfg(test)]
mod send_tests;
mod staff;
pub mod stream;
mod token;
pub mod trial;
mod words;

pub use bot::Feishu;

/// The `platform` of its accounts and chats.
pub const PLATFORM: &str = "feishu";

/// How events come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Feishu posts to us.
    Webhook,
    /// We hold a connection open; no public address is needed.
    Stream,
}

/// One app on Feishu or Lark.
#[derive(Clone, Debug)]
pub struct Options {
    /// `cli_…`.
    pub app_id: String,
    /// Of the app's credentials page.
    pub app_secret: SecretString,
    /// Of the event subscription page; events come in the clear without one.
    pub encrypt_key: Option<SecretString>,
    /// Still good while the key is being changed.
    pub previous_encrypt_key: Option<SecretString>,
    /// Of the event subscription page.
    pub verification_token: Option<SecretString>,
    /// How events come in.
    pub mode: Mode,
    /// `https://open.feishu.cn` or `https://open.larksuite.com`.
    pub base_url: String,
    /// Whether people log in to the pages with their Feishu account.
    pub login: bool,
    /// The way out.
    pub network: Network,
}

#[cfg(test)]
#[path = "../../../tests/platform/fake/feishu/mod.rs"]
mod fake;
