//! Where something goes: a person, a group, or a group's own robot; and the sessions that may be answered for free.
//!
//! Invariant: a webhook is kept only if its address is of the configured older host: the signature of an incoming message
//! does not cover its body, so that anybody who saw one could name any address.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::{GroupRobot, Options};
use crate::domain::{ChatId, Timestamp};
use crate::messenger::Address;

/// The id of a person's private chat with the robot: DingTalk's own cannot be written to.
pub fn private_chat(user: &str) -> ChatId {
    ChatId::new(format!("{PERSON}{user}"))
}

const PERSON: &str = "user:";
const ROBOT: &str = "robot:";

/// Where something goes.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// A person's private chat, by `userId`.
    Person(&'a str),
    /// A group, by `openConversationId`.
    Group(&'a str),
    /// A group through a custom robot of its own.
    Robot(&'a GroupRobot),
}

impl<'a> Place<'a> {
    /// None if the robot is not configured (any more).
    pub fn of(to: &'a Address, options: &'a Options) -> Option<Self> {
        let chat = match to {
            Address::Person(user) => return Some(Self::Person(user)),
            Address::Chat { chat, .. } => chat.as_str(),
        };
        if let Some(user) = chat.strip_prefix(PERSON) {
            return Some(Self::Person(user));
        }
        match chat.strip_prefix(ROBOT) {
            Some(name) => options.group_robots.iter().find(|robot| robot.name == name).map(Self::Robot),
            None => Some(Self::Group(chat)),
        }
    }

    /// The id by which messages are counted.
    pub fn id(&self) -> &'a str {
        match self {
            Self::Person(id) | Self::Group(id) => id,
            Self::Robot(robot) => &robot.name,
        }
    }

    /// The chat that it is.
    pub fn chat(&self) -> ChatId {
        match self {
            Self::Person(user) => private_chat(user),
            Self::Group(id) => ChatId::new(*id),
            Self::Robot(robot) => ChatId::new(format!("{ROBOT}{}", robot.name)),
        }
    }
}

/// The webhooks that came with messages, by chat.
#[derive(Default)]
pub struct Sessions(Mutex<BTreeMap<ChatId, (SecretString, Timestamp)>>);

/// Before its end a webhook is not used any more: the clocks differ.
const EARLY: jiff::SignedDuration = jiff::SignedDuration::from_secs(30);
/// More than any organisation talks with at once; beyond it the oldest go.
const MOST: usize = 10_000;

impl Sessions {
    /// Keeps a webhook until its end, if it is DingTalk's. Says whether it did.
    pub fn heard(
        &self,
        chat: &ChatId,
        webhook: &str,
        (until, now): (Timestamp, Timestamp),
        options: &Options,
    ) -> bool {
        if !is_of(webhook, &options.legacy_base_url) {
            return false;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.retain(|_, (_, until)| *until > now);
        }
        if kept.len() >= MOST {
            return false;
        }
        kept.insert(chat.clone(), (SecretString::from(webhook.to_owned()), until));
        true
    }

    /// The webhook of a chat while it is good.
    pub fn of(&self, chat: &ChatId, now: Timestamp) -> Option<SecretString> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (webhook, until) = kept.get(chat)?;
        (now.saturating_add(EARLY).ok()? < *until).then(|| webhook.clone())
    }

    /// Forgets one that was refused.
    pub fn ended(&self, chat: &ChatId, webhook: &SecretString) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.get(chat).is_some_and(|(known, _)| known.expose_secret() == webhook.expose_secret()) {
            kept.remove(chat);
        }
    }
}

/// Whether both have one scheme, host and port, and nobody's name stands in front.
fn is_of(url: &str, base: &str) -> bool {
    let (Ok(url), Ok(base)) = (Url::parse(url), Url::parse(base)) else { return false };
    url.origin() == base.origin() && url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_webhook_of_the_configured_host_is_kept() {
        let base = "https://oapi.dingtalk.com";
        assert!(is_of("https://oapi.dingtalk.com/robot/sendBySession?session=a", base));
        assert!(is_of("https://OAPI.dingtalk.com:443/robot/sendBySession", base));
        for url in [
            "http://oapi.dingtalk.com/robot/sendBySession",
            "https://oapi.dingtalk.com.evil.example/robot",
            "https://oapi.dingtalk.com@evil.example/robot",
            "https://u:p@oapi.dingtalk.com/robot",
            "https://oapi.dingtalk.com:8443/robot",
            "https://169.254.169.254/latest/meta-data",
            "file:///etc/passwd",
            "oapi.dingtalk.com",
            "",
        ] {
            assert!(!is_of(url, base), "{url}");
        }
    }
}
