//! The long connection: we hold a WebSocket open to the platform, events and card callbacks come over it, and
//! acknowledgements go back. No public address is needed.
//!
//! There is a connection, or the next is on its way: nothing but `stop` ends a [`Stream`]. What is not acknowledged
//! the platform sends again, here or to another replica, so the handler must know an event that it has had.
//!
//! Reading order: `discover` (where to), `connection` (reads and writes), `frame` and `parts` (what is read), `work`
//! (who handles it), `policy` (when to ping, when to give up, when to come again).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::clock;
use crate::messenger::feishu::Options;

mod connection;
pub(super) mod discover;
mod frame;
mod parts;
mod policy;
mod work;

#[cfg(test)]
#[path = "../../../../tests/platform/fake/feishu_stream.rs"]
mod fake;
#[cfg(test)]
mod tests;

pub(super) use discover::discover;
pub use policy::{Timing, Trouble};

use connection::{Connection, Ended};
use policy::{Backoff, Rhythm};
use work::Work;

/// What handles a payload: the road of the webhook, behind its seal.
pub trait Handler: Send + Sync + 'static {
    /// `payload` is the JSON of an envelope, as it came. Nothing for an event; for a card callback the body of the
    /// answer, which may be `{}`.
    fn handle(&self, payload: Vec<u8>) -> BoxFuture<'_, Result<Option<serde_json::Value>, Busy>>;
}

/// It could not be handled now: the platform shall send it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it cannot be handled now")]
pub struct Busy;

/// How a stream is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Whether there is a connection.
    pub connected: bool,
    /// For how long there has been one, or none.
    pub since: Duration,
    /// The platform's name for the present connection, or the last.
    pub device: Option<String>,
    /// How many connections there were after the first.
    pub reconnects: u64,
    /// How long ago the platform last said anything.
    pub last_frame: Option<Duration>,
    /// Why there is no connection. [`Trouble::Refused`] is for the administrator.
    pub trouble: Option<Trouble>,
}

/// A long connection of one app.
pub struct Stream {
    options: Options,
    http: reqwest::Client,
    tls: Arc<rustls::ClientConfig>,
    timing: Timing,
    status: Status,
}

impl Stream {
    /// Not connected yet: that is for [`Stream::run`].
    pub fn new(options: &Options, http: reqwest::Client, tls: Arc<rustls::ClientConfig>) -> Self {
        Self::timed(options, http, tls, Timing::default())
    }

    /// The same at another pace.
    pub fn timed(
        options: &Options,
        http: reqwest::Client,
        tls: Arc<rustls::ClientConfig>,
        timing: Timing,
    ) -> Self {
        Self { options: options.clone(), http, tls, timing, status: Status::default() }
    }

    /// Keeps a connection open until `stop`, and returns when what had arrived by then is handled and acknowledged, or
    /// has had its time. One at a time.
    pub async fn run(&self, handler: Arc<dyn Handler>, stop: CancellationToken) {
        let work = Work::new(handler, self.timing.handler);
        let mut rhythm = Rhythm::new(&self.timing);
        let mut backoff = Backoff::default();
        while let Some((trouble, good)) = self.connect(&work, &mut rhythm, &stop).await {
            if good {
                backoff.reset();
            }
            let wait = backoff.wait(&trouble, &rhythm, &self.timing, clock::chance());
            report(&trouble, wait);
            self.status.down(trouble);
            if stop.run_until_cancelled(tokio::time::sleep(wait)).await.is_none() {
                break;
            }
        }
        self.status.ended();
        work.finish(self.timing.stop).await;
    }

    /// Connected or not, since when, and why not: for health, doctor and metrics.
    pub fn state(&self) -> State {
        self.status.seen(Instant::now())
    }

    /// One connection, from discovery to its end: why it ended and whether it was a good one; none when it was stopped.
    async fn connect(
        &self,
        work: &Work,
        rhythm: &mut Rhythm,
        stop: &CancellationToken,
    ) -> Option<(Trouble, bool)> {
        let timing = &self.timing;
        let opening = async {
            let address = discover::discover(&self.http, &self.options, timing.connect).await?;
            let socket =
                connection::open(&address, (&self.options.network, &self.tls), timing.connect).await?;
            Ok((address, socket))
        };
        let (address, socket) = match stop.run_until_cancelled(Box::pin(opening)).await? {
            Ok(opened) => opened,
            Err(trouble) => return Some((trouble, false)),
        };
        tracing::info!(feishu.device = address.device, "the long connection to Feishu is open");
        let began = Instant::now();
        self.status.up(&address.device);
        *rhythm = rhythm.adopt(&address.config, timing);
        let connection = Connection { service: address.service, work, timing, rhythm, status: &self.status };
        match connection.hold(socket, stop).await {
            Ended::Stopped => None,
            Ended::Cut { why, good } => {
                let why = format!("the connection {} ended: {why}", address.device);
                Some((Trouble::Again(why), good || began.elapsed() >= timing.lived))
            }
        }
    }
}

fn report(trouble: &Trouble, wait: Duration) {
    match trouble {
        Trouble::Refused(_) => tracing::error!(?wait, "no events come from Feishu: {trouble}"),
        Trouble::Again(_) | Trouble::Crowded(_) => {
            tracing::warn!(?wait, "the long connection to Feishu is tried again: {trouble}");
        }
    }
}

/// The state as it is kept.
#[derive(Default)]
struct Status(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    connected: bool,
    since: Option<Instant>,
    device: Option<String>,
    connections: u64,
    last_frame: Option<Instant>,
    trouble: Option<Trouble>,
}

impl Status {
    fn up(&self, device: &str) {
        let mut kept = self.kept();
        kept.connected = true;
        kept.since = Some(Instant::now());
        kept.device = Some(device.to_owned());
        kept.connections += 1;
        kept.trouble = None;
    }

    fn heard(&self) {
        self.kept().last_frame = Some(Instant::now());
    }

    fn down(&self, trouble: Trouble) {
        self.ended();
        self.kept().trouble = Some(trouble);
    }

    fn ended(&self) {
        let mut kept = self.kept();
        if kept.connected || kept.since.is_none() {
            kept.since = Some(Instant::now());
        }
        kept.connected = false;
    }

    fn seen(&self, now: Instant) -> State {
        let kept = self.kept();
        State {
            connected: kept.connected,
            since: kept.since.map_or(Duration::ZERO, |since| now - since),
            device: kept.device.clone(),
            reconnects: kept.connections.saturating_sub(1),
            last_frame: kept.last_frame.map(|at| now - at),
            trouble: kept.trouble.clone(),
        }
    }

    /// A panic elsewhere does not make these words less true.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
