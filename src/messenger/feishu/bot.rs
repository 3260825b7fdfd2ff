//! One app's bot, put together: the door that it hears by, and the voice that it speaks with.
//!
//! Invariant: a button leaves here sealed with the key of the service, and only such a one is taken back.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::answer::{Kind, answer};
use super::api::Api;
use super::card::{Style, fallback, render};
use super::receive::Door;
use super::send::{Content, Letter, Sender};
use super::stream::{Handler, State, Stream};
use super::{Mode, Options, PLATFORM};
use crate::card::{Block, Card};
use crate::clock::Clock;
use crate::messenger::album::Album;
use crate::messenger::net::NetError;
use crate::messenger::seal::SealKey;
use crate::messenger::{Envelope, Face, Messenger, SendError, Sent};

/// Feishu remembers a key for an hour; half of it leaves room for clocks and queues.
const REMEMBERS: Duration = Duration::from_secs(30 * 60);
/// Feishu changes a card for fourteen days (230031 after that).
const CHANGES_CARDS_FOR: Duration = Duration::from_secs(13 * 24 * 3_600);
/// Who the bot is is asked again after so long while Feishu does not say.
const ASK_AGAIN: Duration = Duration::from_secs(30);

/// The bot of an app on Feishu or Lark.
pub struct Feishu {
    /// Where events come in.
    pub door: Door,
    mode: Mode,
    sender: Sender,
    stream: Stream,
    seal: SealKey,
    clock: Arc<dyn Clock>,
}

impl Feishu {
    /// The bot of an app; `seal` is the key of its buttons.
    pub fn new(options: &Options, seal: SealKey, clock: Arc<dyn Clock>) -> Result<Self, NetError> {
        let tls = options.network.tls()?;
        let client = options.network.client(&tls)?;
        Ok(Self {
            door: Door::new(options, seal.clone()),
            mode: options.mode,
            sender: Sender::new(Arc::new(Api::new(options.clone(), client.clone()))),
            stream: Stream::new(options, client, tls),
            seal,
            clock,
        })
    }

    /// How events come in.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The calls underneath.
    pub(super) fn api(&self) -> &Api {
        self.sender.api()
    }

    /// Whether people log in to the pages with their account here.
    pub fn has_login(&self) -> bool {
        self.api().options.login
    }

    /// How the long connection is doing.
    pub fn stream(&self) -> State {
        self.stream.state()
    }

    /// Learns who the bot is and, where that is how events come in, holds the long connection; until `stop`.
    pub async fn run(&self, handler: Arc<dyn Handler>, stop: CancellationToken) {
        let streams = async {
            if self.mode == Mode::Stream {
                self.stream.run(handler, stop.clone()).await;
            }
        };
        tokio::join!(self.learn(&stop), streams);
    }

    /// What a pressed button gets back.
    pub fn answer(&self, toast: Option<(Kind, &str)>, face: Option<&Face>) -> Value {
        answer(toast, face.map(|face| self.drawn(&face.card, face)))
    }

    async fn learn(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            match self.sender.bot().await {
                Ok(bot) => {
                    tracing::info!(bot = %bot.name, "Feishu knows the bot");
                    return self.door.known_as(bot.open_id);
                }
                Err(error) => tracing::warn!("Feishu does not say who the bot is: {error}"),
            }
            tokio::select! {
                () = tokio::time::sleep(ASK_AGAIN) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    fn drawn(&self, card: &Card, face: &Face) -> Value {
        let (now, picture) = (self.clock.machine(), face.picture.as_deref());
        let style = Style { seal: &self.seal, now, more: &face.shortened, link: None, picture };
        render(card, &face.summary, &style)
    }

    fn content(&self, face: &Face) -> Content {
        Content {
            card: self.drawn(&face.card, face),
            nameless: self.drawn(&nameless(&face.card), &Face { picture: None, ..face.clone() }),
            text: fallback(&face.card, &face.summary),
        }
    }
}

/// The card without accounts: everybody is written by name. It goes without its picture, too: what it names may be gone.
fn nameless(card: &Card) -> Card {
    let mut card = card.clone();
    for block in &mut card.blocks {
        if let Block::Mentions { people } = block {
            people.iter_mut().for_each(|mention| mention.account = None);
        }
    }
    card
}

impl Messenger for Feishu {
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

    fn remembers(&self) -> Duration {
        REMEMBERS
    }

    fn answers_for_all(&self) -> bool {
        false
    }

    fn changes_cards_for(&self) -> Option<Duration> {
        Some(CHANGES_CARDS_FOR)
    }

    fn album(&self) -> Option<&dyn Album> {
        Some(&self.sender)
    }
}
