//! The session webhooks that come with messages: addresses that answer in a conversation, for about ninety minutes.
//!
//! Invariant: only an address of the configured host is kept, since the robot's signature does not cover the body and
//! whoever forged one would have us call any address. Each is a secret: it is in memory only and never shown.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use crate::domain::{ChatId, Timestamp};

/// So many conversations are remembered; of more, the one that ends first is forgotten.
const MOST: usize = 10_000;

/// One address.
#[derive(Clone, Debug)]
pub struct Session {
    /// Whoever knows it can write in the conversation.
    pub url: SecretString,
    /// Until when it works.
    pub until: Timestamp,
}

/// The addresses by chat, as of `Place::chat`.
pub struct Sessions {
    host: Option<Url>,
    kept: Mutex<HashMap<ChatId, Session>>,
}

impl Sessions {
    /// None yet; `base_url` is where every one of them must be.
    pub fn new(base_url: &str) -> Self {
        Self { host: Url::parse(base_url).ok(), kept: Mutex::default() }
    }

    /// Keeps the address of a chat, if it is the platform's and still works.
    pub fn keep(&self, chat: &ChatId, session: Session, now: Timestamp) {
        if !self.is_ours(session.url.expose_secret()) {
            tracing::warn!(%chat, "a session webhook at a foreign address is passed over");
            return;
        }
        // Messages overtake each other: the address that lasts longest stays.
        let lasts = self.of(chat, now).is_some_and(|kept| kept.until >= session.until);
        if session.until <= now || lasts {
            return;
        }
        let mut kept = self.kept();
        if kept.len() >= MOST && !kept.contains_key(chat) {
            kept.retain(|_, session| session.until > now);
        }
        if kept.len() >= MOST
            && let Some(first) =
                kept.iter().min_by_key(|(_, session)| session.until).map(|(chat, _)| chat.clone())
        {
            kept.remove(&first);
        }
        kept.insert(chat.clone(), session);
    }

    /// The address that works in a chat.
    pub fn of(&self, chat: &ChatId, now: Timestamp) -> Option<Session> {
        self.kept().get(chat).filter(|session| session.until > now).cloned()
    }

    /// Same scheme, host and port; no user and no password, which would make a host look like another.
    fn is_ours(&self, url: &str) -> bool {
        let Some((host, url)) = self.host.as_ref().zip(Url::parse(url).ok()) else { return false };
        url.origin() == host.origin() && url.username().is_empty() && url.password().is_none()
    }

    /// A panic elsewhere does not make these addresses worse.
    fn kept(&self) -> MutexGuard<'_, HashMap<ChatId, Session>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn session(url: &str, until: i64) -> Session {
        Session { url: SecretString::from(url.to_owned()), until: at(until) }
    }

    #[test]
    fn an_address_is_good_until_its_end() {
        let (sessions, chat) = (Sessions::new("https://oapi.dingtalk.com"), ChatId::new("cid1"));
        let url = "https://oapi.dingtalk.com/robot/sendBySession?session=1";
        sessions.keep(&chat, session(url, 100), at(10));
        assert_eq!(sessions.of(&chat, at(99)).unwrap().url.expose_secret(), url);
        assert!(sessions.of(&chat, at(100)).is_none() && sessions.of(&ChatId::new("cid2"), at(99)).is_none());
        sessions.keep(&chat, session("https://oapi.dingtalk.com/late", 20), at(20));
        assert_eq!(
            sessions.of(&chat, at(99)).unwrap().url.expose_secret(),
            url,
            "one that is over replaces none"
        );
        assert!(!format!("{:?}", sessions.of(&chat, at(99))).contains("sendBySession"));
    }

    #[test]
    fn a_foreign_address_is_never_kept() {
        let (sessions, chat) = (Sessions::new("https://oapi.dingtalk.com"), ChatId::new("cid1"));
        let foreign = [
            "http://oapi.dingtalk.com/robot/sendBySession",
            "https://oapi.dingtalk.com:8443/robot/sendBySession",
            "https://oapi.dingtalk.com.evil.example/robot/sendBySession",
            "https://evil.example/?https://oapi.dingtalk.com/robot/sendBySession",
            "https://oapi.dingtalk.com@evil.example/",
            "https://user:pass@oapi.dingtalk.com/",
            "https://169.254.169.254/latest/meta-data",
            "file:///etc/passwd",
            "//oapi.dingtalk.com/",
            "",
        ];
        for url in foreign {
            sessions.keep(&chat, session(url, 100), at(10));
            assert!(sessions.of(&chat, at(10)).is_none(), "{url}");
        }
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let sessions = Sessions::new("https://oapi.dingtalk.com");
        for n in 0..=i64::try_from(MOST).unwrap() {
            let chat = ChatId::new(format!("cid{n}"));
            sessions.keep(&chat, session("https://oapi.dingtalk.com/s", 1_000 + n), at(10));
        }
        assert_eq!(sessions.kept().len(), MOST);
        assert!(sessions.of(&ChatId::new("cid0"), at(10)).is_none(), "the one that ended first");
        assert!(sessions.of(&ChatId::new("cid1"), at(10)).is_some());
    }
}
