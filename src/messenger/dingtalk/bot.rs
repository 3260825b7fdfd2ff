//! One application's robot, put together: the ear that it hears by, and the voice that it speaks with.
//!
//! Invariant: both share the webhooks that come with messages, so that what is heard there is answered there.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::answer::{Kind, answer};
use super::api::Api;
use super::ear::Ear;
use super::receive::Door;
use super::session::Sessions;
use super::stream::{Handler, State};
use super::voice::Voice;
use super::{Mode, Options, PLATFORM};
use crate::clock::Clock;
use crate::domain::ChatId;
use crate::messenger::net::NetError;
use crate::messenger::seal::SealKey;
use crate::messenger::todo::TodoList;
use crate::messenger::{Circular, Envelope, Face, Messenger, SendError, Sent};

/// The address for presses is told again after so long while DingTalk does not take it. The call is metered.
const TELL_AGAIN: Duration = Duration::from_secs(600);

/// The robot of an application on DingTalk.
pub struct DingTalk {
    ear: Ear,
    voice: Voice,
    public_url: String,
}

impl DingTalk {
    /// The robot of an application; `seal` is the key of its buttons, `public_url` is where DingTalk reaches us.
    pub fn new(
        options: &Options,
        public_url: &str,
        (seal, clock): (SealKey, Arc<dyn Clock>),
    ) -> Result<Self, NetError> {
        let sessions = Arc::new(Sessions::new(&options.legacy_base_url));
        Ok(Self {
            ear: Ear::new(options, seal.clone(), sessions.clone())?,
            voice: Voice::new(options, sessions, (seal, clock))?,
            public_url: public_url.trim_end_matches('/').to_owned(),
        })
    }

    /// The calls underneath.
    pub(super) fn api(&self) -> &Api {
        self.voice.api()
    }

    /// Where things come in.
    pub fn door(&self) -> &Door {
        &self.ear.door
    }

    /// How things come in.
    pub fn mode(&self) -> Mode {
        self.ear.mode()
    }

    /// Whether people log in to the pages with their account here.
    pub fn has_login(&self) -> bool {
        self.api().options.login
    }

    /// How the connection is doing.
    pub fn stream(&self) -> State {
        self.ear.stream()
    }

    /// Metered calls of this process in this month, and how many the organisation has.
    pub fn metered(&self) -> (u64, u64) {
        self.voice.metered()
    }

    /// Holds the connection, or tells DingTalk where presses on cards are to go; until `stop`.
    pub async fn run(&self, handler: Arc<dyn Handler>, stop: CancellationToken) {
        tokio::join!(self.ear.run(handler, stop.clone()), self.register(&stop));
    }

    /// What a pressed button gets back.
    pub fn answer(&self, note: Option<(Kind, &str)>, face: Option<&Face>) -> Value {
        answer(note, face.and_then(|face| self.voice.params(face)))
    }

    async fn register(&self, stop: &CancellationToken) {
        let url = format!("{}/webhook/dingtalk/card", self.public_url);
        while self.voice.needs_address() && !stop.is_cancelled() {
            match self.voice.register(&url).await {
                Ok(()) => return tracing::info!("DingTalk knows where presses on cards are to go: {url}"),
                Err(error) => tracing::warn!("DingTalk does not take {url} for presses on cards: {error}"),
            }
            tokio::select! {
                () = tokio::time::sleep(TELL_AGAIN) => {}
                () = stop.cancelled() => {}
            }
        }
    }
}

impl Messenger for DingTalk {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn send<'a>(&'a self, envelope: &'a Envelope) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(self.voice.send(envelope))
    }

    /// Messages go to up to twenty people at once; each card is one person's.
    fn together(&self) -> usize {
        self.voice.together()
    }

    fn send_together<'a>(&'a self, circular: &'a Circular) -> BoxFuture<'a, Vec<Result<Sent, SendError>>> {
        Box::pin(self.voice.send_together(circular))
    }

    fn update<'a>(&'a self, sent: &'a Sent, face: &'a Face) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(self.voice.update(sent, face))
    }

    /// Robots take no key: what may have been said is not tried again. Cards have their own.
    fn remembers(&self) -> Duration {
        self.voice.remembers()
    }

    /// The answer's `cardData` is everybody's.
    fn answers_for_all(&self) -> bool {
        true
    }

    /// Without a template no button calls back; with one, what a parameter has no room for is still filled in on a page.
    fn has_forms(&self) -> bool {
        false
    }

    /// Inside the client, where the company's id is known.
    fn signs_in(&self) -> bool {
        self.has_login() && self.api().options.corp_id.is_some()
    }

    fn todo_list(&self) -> Option<&dyn TodoList> {
        self.voice.todo_list()
    }

    fn group_for(&self, part: &str) -> Option<ChatId> {
        self.voice.group_for(part)
    }
}
