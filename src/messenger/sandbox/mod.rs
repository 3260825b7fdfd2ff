//! The sandbox messenger: built in, for newcomers and for stories. It is a messenger like any other: what it sends in
//! is signed and verified, what goes out to it is a card.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::album::Album;
use super::seal::SealKey;
use super::{Address, Envelope, Face, Messenger, SendError, Sent};
use crate::card::{Action, Block, Card, Colour, Form, Style};
use crate::clock::{Clock, fresh_id};
use crate::domain::{ChatId, MessageId, Timestamp};

mod receive;

pub use receive::{Event, EventBody, Signature};

/// The platform's name.
pub const PLATFORM: &str = "sandbox";

/// The sandbox.
pub struct Sandbox {
    secret: Vec<u8>,
    seal: SealKey,
    shelf: Arc<dyn Shelf>,
    clock: Arc<dyn Clock>,
    forms: bool,
}

/// Where the sandbox keeps its messages; the page hears of every change.
pub trait Shelf: Send + Sync {
    /// Keeps a new message; `false` when the id was there before.
    fn add(&self, message: ShelfMessage) -> BoxFuture<'_, Result<bool, String>>;
    /// Replaces a card; `false` when there is no such message.
    fn replace<'a>(&'a self, id: &'a str, card: &'a ShownCard) -> BoxFuture<'a, Result<bool, String>>;
    /// One message.
    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<ShelfMessage>, String>>;
    /// Messages of a chat after one, oldest first.
    fn after<'a>(&'a self, chat: &'a str, id: &'a str) -> BoxFuture<'a, Result<Vec<ShelfMessage>, String>>;
    /// The group chats.
    fn groups(&self) -> BoxFuture<'_, Result<Vec<Group>, String>>;
}

/// A group chat of the sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Ids of the people in it.
    pub members: Vec<String>,
}

/// A message of the sandbox.
#[derive(Clone, Debug)]
pub struct ShelfMessage {
    /// Sorts by time.
    pub id: String,
    /// Its chat.
    pub chat: String,
    /// When, on the service's clock.
    pub at: Timestamp,
    /// A person's id, or `bot`.
    pub from: String,
    /// Plain words.
    pub text: Option<String>,
    /// A card.
    pub card: Option<ShownCard>,
    /// What it answers.
    pub reply_to: Option<String>,
    /// When its card was last replaced.
    pub updated_at: Option<Timestamp>,
}

/// A card as the sandbox shows it: the neutral card, its buttons sealed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShownCard {
    /// One line.
    pub title: String,
    /// A second line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subtitle: Option<String>,
    /// By state.
    pub colour: Colour,
    /// The state in a word.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tag: Option<String>,
    /// The body.
    pub blocks: Vec<Block>,
    /// The buttons.
    pub actions: Vec<ShownAction>,
    /// The form.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub form: Option<Form>,
    /// As loud as the sandbox can.
    #[serde(default)]
    pub urgent: bool,
}

/// A button with its sealed want.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShownAction {
    /// Stable within the card.
    pub id: String,
    /// As shown.
    pub label: String,
    /// How it looks.
    pub style: Style,
    /// Whether it can be pressed.
    pub enabled: bool,
    /// Whether it carries the form's values.
    pub submit: bool,
    /// A question asked first.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ask_first: Option<String>,
    /// The sealed want; never leaves the server.
    pub value: String,
    /// Where it can be done, in a sandbox without forms.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
}

impl Sandbox {
    /// A sandbox with a secret for its signatures and seals.
    pub fn new(secret: &[u8], shelf: Arc<dyn Shelf>, clock: Arc<dyn Clock>) -> Self {
        Self { secret: secret.to_vec(), seal: SealKey::new(secret), shelf, clock, forms: true }
    }

    /// Whether its cards can be answered where they stand, or are like those of a messenger without forms.
    pub fn with_forms(self, forms: bool) -> Self {
        Self { forms, ..self }
    }

    /// Where its messages are kept.
    pub fn shelf(&self) -> &dyn Shelf {
        self.shelf.as_ref()
    }

    /// The private chat of a person with the bot.
    pub fn private_chat(person: &str) -> ChatId {
        ChatId::new(format!("p-{person}"))
    }

    /// Whose private chat it is; `None` for groups.
    pub fn owner_of(chat: &str) -> Option<&str> {
        chat.strip_prefix("p-")
    }

    /// The card as the sandbox shows it.
    pub fn shown(&self, card: &Card) -> ShownCard {
        let now = self.clock.machine();
        let action = |a: &Action| ShownAction {
            id: a.id.clone(),
            label: a.label.clone(),
            style: a.style,
            enabled: a.enabled,
            submit: a.submit,
            ask_first: a.ask_first.clone(),
            value: self.seal.seal(&a.want, now),
            url: None,
        };
        ShownCard {
            title: card.title.clone(),
            subtitle: card.subtitle.clone(),
            colour: card.colour,
            tag: card.tag.clone(),
            blocks: card.blocks.clone(),
            actions: card.actions.iter().map(action).collect(),
            form: card.form.clone(),
            urgent: false,
        }
    }

    /// The card with what stands around it.
    fn faced(&self, face: &Face) -> ShownCard {
        let mut shown = self.shown(&face.card);
        if face.picture.is_none() {
            shown.blocks.retain(|block| !matches!(block, Block::Picture { .. }));
        }
        if !self.forms {
            shown.form = None;
            // A button without a link could not be answered anywhere.
            shown.actions.retain(|action| face.links.contains_key(&action.id));
        }
        for action in &mut shown.actions {
            action.url = face.links.get(&action.id).cloned();
        }
        shown
    }

    /// A person writes something: kept as a message, and the event that tells the service.
    pub async fn write(
        &self,
        person: &str,
        chat: &str,
        text: &str,
        reply_to: Option<String>,
    ) -> Result<Event, String> {
        let message = ShelfMessage {
            id: fresh_id(),
            chat: chat.to_owned(),
            at: self.clock.now(),
            from: person.to_owned(),
            text: Some(text.to_owned()),
            card: None,
            reply_to: reply_to.clone(),
            updated_at: None,
        };
        let event = Event {
            event: message.id.clone(),
            person: person.to_owned(),
            chat: chat.to_owned(),
            message: message.id.clone(),
            body: EventBody::Text { text: text.to_owned(), reply_to },
        };
        self.shelf.add(message).await?;
        Ok(event)
    }

    /// A person presses a button; `None` when the message has no such button that can be pressed.
    pub async fn press(
        &self,
        person: &str,
        message: &str,
        action: &str,
        values: BTreeMap<String, String>,
    ) -> Result<Option<Event>, String> {
        let Some(found) = self.shelf.find(message).await? else { return Ok(None) };
        let actions = found.card.into_iter().flat_map(|card| card.actions);
        let Some(pressed) = actions.into_iter().find(|a| a.id == action && a.enabled) else {
            return Ok(None);
        };
        let values = if pressed.submit { values } else { BTreeMap::new() };
        Ok(Some(Event {
            event: fresh_id(),
            person: person.to_owned(),
            chat: found.chat,
            message: found.id,
            body: EventBody::Press { value: pressed.value, values },
        }))
    }
}

impl Messenger for Sandbox {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn send<'a>(&'a self, envelope: &'a Envelope) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            let (chat, reply_to) = match &envelope.to {
                Address::Person(account) => (Self::private_chat(account), None),
                Address::Chat { chat, reply_to } => (chat.clone(), reply_to.clone()),
            };
            let message = ShelfMessage {
                id: envelope.key.clone(),
                chat: chat.to_string(),
                at: self.clock.now(),
                from: "bot".to_owned(),
                text: None,
                card: Some(ShownCard { urgent: envelope.urgent, ..self.faced(&envelope.face) }),
                reply_to: reply_to.map(|m| m.to_string()),
                updated_at: None,
            };
            let retry = |why| SendError::Retry { after: None, why };
            // A key that is there already is the same message said again: one message.
            self.shelf.add(message).await.map_err(retry)?;
            Ok(Sent { chat, message: MessageId::new(envelope.key.clone()) })
        })
    }

    fn update<'a>(&'a self, sent: &'a Sent, face: &'a Face) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(async move {
            let shown = self.faced(face);
            let replaced = self.shelf.replace(sent.message.as_str(), &shown).await;
            match replaced.map_err(|why| SendError::Retry { after: None, why })? {
                true => Ok(()),
                false => Err(SendError::Refused { why: format!("there is no message {}", sent.message) }),
            }
        })
    }

    fn remembers(&self) -> Duration {
        Duration::MAX
    }

    fn answers_for_all(&self) -> bool {
        true
    }

    fn has_forms(&self) -> bool {
        self.forms
    }

    fn album(&self) -> Option<&dyn Album> {
        Some(self)
    }
}

impl Album for Sandbox {
    /// Nothing is kept: the page has the picture drawn when somebody looks at the card.
    fn hang<'a>(&'a self, _png: &'a [u8]) -> BoxFuture<'a, Result<String, SendError>> {
        Box::pin(std::future::ready(Ok("drawn on sight".to_owned())))
    }
}
