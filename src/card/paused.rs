//! What is not sent at the moment, for administrators: everything, one chat, or one kind of message.

use super::say;
use super::scene::Scene;
use crate::domain::Timestamp;
use crate::domain::kind::KINDS;
use crate::text::{say as text_of, word};

/// One pause that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paused {
    /// What does not go out.
    pub what: What,
    /// Since when.
    pub since: Timestamp,
    /// It ends by itself then.
    pub until: Option<Timestamp>,
}

/// What a pause is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Everything.
    All,
    /// One chat, by its lane.
    Chat(String),
    /// One kind of message, see [`KINDS`].
    Kind(String),
}

/// A pause in a sentence: what, since when, and until when where that is known.
pub(super) fn sentence(scene: &Scene, paused: &Paused) -> String {
    let lang = scene.lang;
    let since = say::moment(scene, paused.since);
    let begun = match &paused.what {
        What::All => text_of(lang, "view.status.paused", &[("since", &since)]),
        What::Chat(chat) => text_of(lang, "view.status.paused_chat", &[("chat", chat), ("since", &since)]),
        What::Kind(kind) => {
            let known = KINDS.contains(&kind.as_str());
            let kind = if known { word(lang, &format!("view.status.kind.{kind}")) } else { kind.clone() };
            text_of(lang, "view.status.paused_kind", &[("kind", &kind), ("since", &since)])
        }
    };
    match paused.until {
        None => begun,
        Some(until) => {
            let until = say::moment(scene, until);
            text_of(lang, "view.status.paused_until", &[("paused", &begun), ("until", &until)])
        }
    }
}
