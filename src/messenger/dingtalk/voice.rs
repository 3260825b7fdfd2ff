//! The voice of the application: what the outbox says, drawn and sent.
//!
//! Invariant: a button leaves here sealed with the key of the service, or as the address of a signed form.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

use super::Options;
use super::api::{Api, ApiError, Ask};
use super::card::{Style, card_data, message, plain};
use super::receiver::group_for;
use super::send::{Content, Letter, Sender};
use super::session::Sessions;
use super::sign::card_secret;
use super::todo::Todos;
use crate::card::{Action, Block, Card};
use crate::clock::Clock;
use crate::domain::ChatId;
use crate::messenger::net::NetError;
use crate::messenger::seal::SealKey;
use crate::messenger::todo::TodoList;
use crate::messenger::{Circular, Envelope, Face, SendError, Sent};

/// A card's own id is taken once and for all; a day is more than any message is tried for.
const REMEMBERS: Duration = Duration::from_secs(24 * 3_600);

const REGISTER: &str = "/v1.0/card/callbacks/register";

/// Speaks as an application on DingTalk.
pub struct Voice {
    sender: Sender,
    todos: Todos,
    seal: SealKey,
    clock: Arc<dyn Clock>,
}

impl Voice {
    /// The voice of an application; `seal` is the key of its buttons. Chats whose webhooks are in `sessions` are answered
    /// through them.
    pub fn new(
        options: &Options,
        sessions: Arc<Sessions>,
        (seal, clock): (SealKey, Arc<dyn Clock>),
    ) -> Result<Self, NetError> {
        let client = options.network.client(&options.network.tls()?)?;
        let api = Api::new(options.clone(), client, clock.clone());
        Ok(Self::over(Sender::new(Arc::new(api), sessions), (seal, clock)))
    }

    pub(super) fn over(sender: Sender, (seal, clock): (SealKey, Arc<dyn Clock>)) -> Self {
        let todos = Todos::new(sender.api().clone());
        Self { sender, todos, seal, clock }
    }

    /// What a pressed card shows from now on: the parameters for the answer. None where there is no template.
    pub fn params(&self, face: &Face) -> Option<Map<String, Value>> {
        self.sender.api().options.card_template_id.as_ref()?;
        match self.drawn(face, card_data) {
            Value::Object(map) => Some(map),
            _ => None,
        }
    }

    /// The calls underneath.
    pub(super) fn api(&self) -> &Api {
        self.sender.api()
    }

    /// Metered calls of this process in this month, and how many the organisation has.
    pub fn metered(&self) -> (u64, u64) {
        (self.sender.api().metered(), self.sender.api().options.monthly_calls)
    }

    /// People's lists of things to do, if they are to be kept.
    pub fn todo_list(&self) -> Option<&dyn TodoList> {
        self.sender.api().options.todo.then_some(&self.todos as &dyn TodoList)
    }

    /// The group whose own robot is named after a part that a group plays.
    pub fn group_for(&self, part: &str) -> Option<ChatId> {
        group_for(&self.sender.api().options, part)
    }

    /// Whether DingTalk has to be told where presses on cards are to go.
    pub fn needs_address(&self) -> bool {
        let options = &self.sender.api().options;
        options.card_template_id.is_some() && options.card_route_key.is_some()
    }

    /// Tells it; what was registered under the key before is replaced.
    pub async fn register(&self, url: &str) -> Result<(), ApiError> {
        let options = &self.sender.api().options;
        let body = json!({"apiSecret": card_secret(&options.client_secret).expose_secret(), "callbackUrl": url,
            "callbackRouteKey": options.card_route_key, "forceUpdate": true});
        self.sender.api().call(&Ask::new(Method::POST, REGISTER, &body)).await.map(drop)
    }

    /// Says something new.
    pub async fn send(&self, envelope: &Envelope) -> Result<Sent, SendError> {
        let content = self.content(&envelope.face);
        let (key, to, urgent) = (envelope.key.as_str(), &envelope.to, envelope.urgent);
        self.sender.send(&Letter { key, to, content: &content, urgent }).await
    }

    /// How many people one call reaches.
    pub fn together(&self) -> usize {
        self.sender.together()
    }

    /// Says the same to several people; what became of each, in their order.
    pub async fn send_together(&self, circular: &Circular) -> Vec<Result<Sent, SendError>> {
        self.sender.send_together(&self.content(&circular.face), &circular.to).await
    }

    /// Shows another card in place of one that was sent.
    pub async fn update(&self, sent: &Sent, face: &Face) -> Result<(), SendError> {
        self.sender.update(sent, &self.content(face)).await
    }

    /// For how long the same key is surely one message.
    pub fn remembers(&self) -> Duration {
        if self.sender.has_keys() { REMEMBERS } else { Duration::ZERO }
    }

    fn drawn<T>(&self, face: &Face, draw: impl Fn(&Card, &Style<'_>) -> T) -> T {
        let link = |action: &Action| face.links.get(&action.id).cloned();
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
