//! The boundary to messengers: what each of them must be able to do, and nothing about any of them in particular.
//!
//! To add one: a folder here, a line below, its options in `config`, vectors in `tests/platform`, a page in the docs.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::card::Card;
use crate::domain::{ChatId, MessageId};

pub mod album;
pub mod checkup;
pub mod dingtalk;
pub mod feishu;
pub mod heartbeat;
pub mod link;
pub mod login;
pub mod mark;
pub mod net;
pub mod pass;
pub mod proxy;
mod ring;
pub mod sandbox;
pub mod seal;
pub mod staff;
pub mod todo;
pub mod trial;

/// A messenger that the service speaks through.
pub trait Messenger: Send + Sync {
    /// `sandbox`, `feishu`, …: the `platform` of its accounts and chats.
    fn platform(&self) -> &'static str;

    /// Says something new. The same `key` said twice is one message where the platform knows how.
    fn send<'a>(&'a self, envelope: &'a Envelope) -> BoxFuture<'a, Result<Sent, SendError>>;

    /// How many people one call reaches with the same words; 1: each has a call of their own.
    fn together(&self) -> usize {
        1
    }

    /// Says the same to several people, at most [`Self::together`]: what became of each, in their order.
    fn send_together<'a>(&'a self, circular: &'a Circular) -> BoxFuture<'a, Vec<Result<Sent, SendError>>> {
        Box::pin(async move {
            let mut done = Vec::new();
            for envelope in circular.each() {
                done.push(self.send(&envelope).await);
            }
            done
        })
    }

    /// Shows another card in place of one that was sent.
    fn update<'a>(&'a self, sent: &'a Sent, face: &'a Face) -> BoxFuture<'a, Result<(), SendError>>;

    /// For how long the same `key` is surely one message. What may have been said is not tried again after that.
    fn remembers(&self) -> Duration;

    /// Whether the card in the answer to a pressed button is seen by everybody who sees the message. Where it may not
    /// be, the card is also sent as an update, after the answer.
    fn answers_for_all(&self) -> bool;

    /// For how long a card that was sent can be shown otherwise, with a day to spare; `None`: for ever.
    fn changes_cards_for(&self) -> Option<Duration> {
        None
    }

    /// Whether a card can be answered where it stands. Where it cannot, its face brings links to web forms.
    fn has_forms(&self) -> bool {
        true
    }

    /// Whether it tells our pages who opens them, so that what is only looked at needs no signed link.
    fn signs_in(&self) -> bool {
        false
    }

    /// People's lists of things to do, where the messenger has them and they are to be kept.
    fn todo_list(&self) -> Option<&dyn todo::TodoList> {
        None
    }

    /// Where it keeps pictures for cards; `None` where its cards show none.
    fn album(&self) -> Option<&dyn album::Album> {
        None
    }

    /// The group that plays a part (`managers`, …) by configuration, where nobody has bound one: for groups in which
    /// nothing can be heard, and so not `/bind` either.
    fn group_for(&self, _part: &str) -> Option<ChatId> {
        None
    }
}

/// A card with what stands around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// The card.
    pub card: Card,
    /// The card in one line, for notifications and for platforms that refuse the card.
    pub summary: String,
    /// Says, in the reader's language, that something had to be left out.
    pub shortened: String,
    /// Id of an action → the address where its reader can do it; empty where the messenger has forms, and in groups,
    /// where a link would let everybody act in one person's name.
    pub links: BTreeMap<String, String>,
    /// The name under which the messenger has the picture of the card; `None`: the card is shown without.
    pub picture: Option<String>,
}

/// Something to say.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// The idempotency key, at most 50 characters.
    pub key: String,
    /// To whom or where.
    pub to: Address,
    /// What.
    pub face: Face,
    /// As loud as the platform can.
    pub urgent: bool,
}

/// The same thing for several people; not urgent.
#[derive(Clone, Debug)]
pub struct Circular {
    /// What each of them reads.
    pub face: Face,
    /// The idempotency key of each, at most 50 characters, and to whom; nobody twice.
    pub to: Vec<(String, Address)>,
}

impl Circular {
    /// The same, one by one.
    pub fn each(&self) -> impl Iterator<Item = Envelope> {
        self.to.iter().map(|(key, to)| Envelope {
            key: key.clone(),
            to: to.clone(),
            face: self.face.clone(),
            urgent: false,
        })
    }
}

/// To whom or where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A person's private chat with the bot, by account id.
    Person(String),
    /// A chat; `reply_to` hangs it under a message.
    Chat { chat: ChatId, reply_to: Option<MessageId> },
}

/// Where it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The chat.
    pub chat: ChatId,
    /// The message.
    pub message: MessageId,
}

/// Why it could not be said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Nothing was said, and it is worth trying again; the platform may have said when.
    #[error("{why}")]
    Retry { after: Option<Duration>, why: String },
    /// The platform takes no more for so long; nothing was tried.
    #[error("the platform takes no more for {after:?}")]
    Full { after: Duration },
    /// Nobody knows whether it was said: the answer never came. Tried again under the same key while the platform
    /// remembers keys.
    #[error("{why}")]
    Unclear { why: String },
    /// Nothing can be said before an administrator has put something right: credentials, a permission.
    #[error("{why}")]
    Misconfigured { why: String },
    /// Will never work: to the dead letters.
    #[error("{why}")]
    Refused { why: String },
}

/// Why something that arrived was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// Wrong or missing signature, or too old: 401.
    #[error("the signature does not hold")]
    Signature,
    /// Not what the platform sends: 400.
    #[error("it cannot be read")]
    Unreadable,
    /// Well signed, but not for us: 403.
    #[error("it is meant for somebody else")]
    Foreign,
}
