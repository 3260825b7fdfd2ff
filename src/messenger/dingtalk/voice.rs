//! The voice of the application: what the outbox says, drawn and sent.
//!
//! Invariant: a button leaves here sealed with the key of the service, or as the address of a signed form.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::{Map, Value};

use super::api::Api;
use super::card::{Style, card_data, message, plain};
use super::send::{Content, Letter, Sender};
use super::session::Sessions;
use super::{Options, PLATFORM};
use crate::card::{Action, Block, Card};
use crate::clock::Clock;
use crate::messenger::net::{self, NetError};
use crate::messenger::seal::SealKey;
use crate::messenger::{Envelope, Face, Messenger, SendError, Sent};

/// A card's own id is taken once and for all; a day is more than any message is tried for.
const REMEMBERS: Duration = Duration::from_secs(24 * 3_600);

/// The address of the signed form of an action of a face. None where there is no such form.
pub type Link = Arc<dyn Fn(&Face, &Action) -> Option<String> + Send + Sync>;

/// Speaks as an application on DingTalk.
pub struct Voice {
    sender: Sender,
    seal: SealKey,
    clock: Arc<dyn Clock>,
    link: Link,
}

impl Voice {
    /// The voice of an application; `seal` is the key of its buttons, `link` leads to the forms of what cannot call back.
    /// Chats whose webhooks are in `sessions` are answered through them.
    pub fn new(
        options: &Options,
        sessions: Arc<Sessions>,
        (seal, clock, link): (SealKey, Arc<dyn Clock>, Link),
    ) -> Result<Self, NetError> {
        let client = net::client(&net::tls(None)?)?;
        let api = Api::new(options.clone(), client, clock.clone());
        Ok(Self::over(Sender::new(Arc::new(api), sessions), (seal, clock, link)))
    }

    pub(super) fn over(sender: Sender, (seal, clock, link): (SealKey, Arc<dyn Clock>, Link)) -> Self {
        Self { sender, seal, clock, link }
    }

    /// What a pressed card shows from now on: the parameters for the answer. None where there is no template.
    pub fn params(&self, face: &Face) -> Option<Map<String, Value>> {
        self.sender.api().options.card_template_id.as_ref()?;
        match self.drawn(face, card_data) {
            Value::Object(map) => Some(map),
            _ => None,
        }
    }

    /// Metered calls of this process in this month, and how many the organisation has.
    pub fn metered(&self) -> (u64, u64) {
        (self.sender.api().metered(), self.sender.api().options.monthly_calls)
    }

    fn drawn<T>(&self, face: &Face, draw: impl Fn(&Card, &Style<'_>) -> T) -> T {
        let link = |action: &Action| (self.link)(face, action);
        let now = self.clock.machine();
        draw(&face.card, &Style { seal: &self.seal, now, more: &face.shortened, page: None, link: &link })
    }

    fn content(&self, face: &Face) -> Content {
        Content {
            data: self.drawn(face, card_data),
            message: self.drawn(face, message),
            plain: plain(&face.card, &face.summary),
            summary: face.summary.clone(),
            calls: calls(&face.card),
        }
    }
}

/// Who is called by name and has an account.
fn calls(card: &Card) -> Vec<(String, String)> {
    let mentions = card.blocks.iter().filter_map(|block| match block {
        Block::Mentions { people } => Some(people),
        _ => None,
    });
    let known = mentions.flatten().filter_map(|one| Some((one.account.clone()?, one.name.clone())));
    known.collect()
}

impl Messenger for Voice {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn send<'a>(&'a self, envelope: &'a Envelope) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            let content = self.content(&envelope.face);
            let (key, to, urgent) = (envelope.key.as_str(), &envelope.to, envelope.urgent);
            self.sender.send(&Letter { key, to, content: &content, urgent }).await
        })
    }

    fn update<'a>(&'a self, sent: &'a Sent, face: &'a Face) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(async move { self.sender.update(sent, &self.content(face)).await })
    }

    /// Robots take no key: what may have been said is not tried again. Cards have their own.
    fn remembers(&self) -> Duration {
        if self.sender.has_keys() { REMEMBERS } else { Duration::ZERO }
    }

    /// The answer's `cardData` is everybody's.
    fn answers_for_all(&self) -> bool {
        true
    }
}
