//! The webhooks that came with messages: their chats can be answered through them for a while, and for free.
//!
//! Invariant: a webhook is kept only if its address is of the configured older host: the signature of an incoming message
//! does not cover its body, so that anybody who saw one could name any address.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use crate::domain::{ChatId, Timestamp};

/// Before its end a webhook is not used any more: the clocks differ.
const EARLY: SignedDuration = SignedDuration::from_secs(30);
/// More chats than any organisation talks in within the life of a webhook.
const MOST: usize = 10_000;

/// One webhook.
#[derive(Clone, Debug)]
pub struct Session {
    /// Whoever knows it can write in the chat.
    pub url: SecretString,
    /// Until when it works.
    pub until: Timestamp,
}

/// The webhooks by chat.
pub struct Sessions {
    base_url: String,
    kept: Mutex<BTreeMap<ChatId, Session>>,
}

impl Sessions {
    /// None yet; every one must be where `base_url` is.
    pub fn new(base_url: &str) -> Self {
        Self { base_url: base_url.to_owned(), kept: Mutex::default() }
    }

    /// Keeps a webhook until its end, if it is DingTalk's.
    pub fn keep(&self, chat: &ChatId, session: Session, now: Timestamp) {
        if !is_of(session.url.expose_secret(), &self.base_url) {
            tracing::warn!(dingtalk.chat = %chat, "a webhook of a foreign host came with a message: not kept");
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // Messages overtake each other: the one that lasts longest stays.
        if kept.get(chat).is_some_and(|known| known.until >= session.until) {
            return;
        }
        if kept.len() >= MOST {
            kept.retain(|_, known| known.until > now);
        }
        if kept.len() < MOST {
            kept.insert(chat.clone(), session);
        }
    }

    /// The webhook of a chat while it is good.
    pub fn of(&self, chat: &ChatId, now: Timestamp) -> Option<Session> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let soon = now.saturating_add(EARLY).ok()?;
        kept.get(chat).filter(|session| session.until > soon).cloned()
    }

    /// Forgets a webhook that was refused.
    pub fn forget(&self, chat: &ChatId) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).remove(chat);
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

    #[test]
    fn it_is_good_until_shortly_before_its_end() {
        let (sessions, chat) = (Sessions::new("https://oapi.dingtalk.com"), ChatId::new("cid1"));
        let at = |second| Timestamp::from_second(second).unwrap();
        let url = SecretString::from("https://oapi.dingtalk.com/robot/sendBySession".to_owned());
        sessions.keep(&chat, Session { url, until: at(1_000) }, at(0));
        assert!(sessions.of(&chat, at(969)).is_some());
        assert!(sessions.of(&chat, at(970)).is_none());
        let late = SecretString::from("https://oapi.dingtalk.com/robot/late".to_owned());
        sessions.keep(&chat, Session { url: late, until: at(999) }, at(0));
        assert!(sessions.of(&chat, at(969)).is_some(), "one that overtook it stays");
        sessions.forget(&chat);
        assert!(sessions.of(&chat, at(0)).is_none());
    }
}
