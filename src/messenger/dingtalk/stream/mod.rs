//! Stream mode: we hold a WebSocket open to the platform; robot messages, card callbacks and events come over it, and
//! answers go back. No public address is needed.
//!
//! There is a connection, or the next is on its way: nothing but `stop` ends a [`Stream`]. When the platform says that it
//! will take a connection down, the next one is opened first, and the old one is answered on until it ends. A robot
//! message is pushed once only, so it is tried here until it is committed; everything else comes again.
//!
//! Reading order: `open` (where to), `connection` (reads and writes), `frame` (what is read), `work` (who handles it),
//! `policy` (when to ping, when to give up, when to come again).

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::Options;
use crate::clock;

mod connection;
mod frame;
mod open;
mod policy;
mod status;
#[cfg(test)]
mod tests;
mod work;

#[cfg(test)]
#[path = "../../../../tests/platform/fake/dingtalk_stream.rs"]
mod fake;

pub use policy::{Timing, Trouble};
pub use status::State;

use connection::{Connection, Ended};
use policy::Backoff;
use status::Status;
use work::Work;

/// One thing that the platform pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Push {
    /// A message to the robot: the body of the webhook, as JSON.
    Robot { data: String },
    /// A pressed button; `id` is the same when it is pushed again.
    Card { id: String, data: String },
    /// An organisation event: its type and its id, which is the same when it is pushed again, and its fields as JSON.
    Event { kind: String, id: String, data: String },
}

/// What handles a push: the road of the webhook, behind its signature.
pub trait Handler: Send + Sync + 'static {
    /// Of a card callback the answer, which may be `{}`; of anything else `null`.
    fn handle(&self, push: Push) -> BoxFuture<'_, Result<serde_json::Value, Fault>>;
}

/// Why a push was not handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not now.
    #[error("it cannot be handled now")]
    Busy,
    /// It would be no better the second time.
    #[error("it cannot be read, or is not for us")]
    Unreadable,
}

/// Stream mode of one application.
pub struct Stream {
    options: Options,
    http: reqwest::Client,
    tls: Arc<rustls::ClientConfig>,
    timing: Timing,
    status: Arc<Status>,
}

/// How one connection came to its end, seen from the next.
enum Next {
    /// It was asked to stop.
    Stopped,
    /// The platform takes it down soon; it goes on beside the next. `good` when it had lived.
    Moving { good: bool },
    /// There is none. `good` when it had been of use.
    Failed { trouble: Trouble, good: bool },
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
        Self { options: options.clone(), http, tls, timing, status: Arc::default() }
    }

    /// Keeps a connection open until `stop`, and returns when what had arrived by then is handled and answered, or has
    /// had its time. One at a time.
    pub async fn run(&self, handler: Arc<dyn Handler>, stop: CancellationToken) {
        let work = Arc::new(Work::new(handler, &self.timing));
        let mut leaving = JoinSet::new();
        let mut backoff = Backoff::default();
        loop {
            let wait = match self.connect(&work, &mut leaving, &stop).await {
                Next::Stopped => break,
                Next::Moving { good: true } => {
                    backoff.reset();
                    Duration::ZERO
                }
                Next::Moving { good: false } => {
                    let soon = Trouble::Again("it was to be left as soon as it was open".to_owned());
                    backoff.wait(&soon, &self.timing, clock::chance())
                }
                Next::Failed { trouble, good } => {
                    if good {
                        backoff.reset();
                    }
                    let wait = backoff.wait(&trouble, &self.timing, clock::chance());
                    report(&trouble, wait);
                    self.status.down(trouble);
                    wait
                }
            };
            if stop.run_until_cancelled(tokio::time::sleep(wait)).await.is_none() {
                break;
            }
        }
        self.status.ended();
        while leaving.join_next().await.is_some() {}
        work.finish(self.timing.stop).await;
    }

    /// Connected or not, since when, and why not: for health, doctor and metrics.
    pub fn state(&self) -> State {
        self.status.seen(Instant::now())
    }

    /// One connection, from its registration until the next one is needed.
    async fn connect(&self, work: &Arc<Work>, leaving: &mut JoinSet<()>, stop: &CancellationToken) -> Next {
        let timing = &self.timing;
        let opening = async {
            let address = open::register(&self.http, &self.options, timing.connect).await?;
            connection::open(&address, (&self.options.network, &self.tls), timing.connect).await
        };
        let socket = match stop.run_until_cancelled(Box::pin(opening)).await {
            None => return Next::Stopped,
            Some(Err(trouble)) => return Next::Failed { trouble, good: false },
            Some(Ok(socket)) => socket,
        };
        tracing::info!("the connection to DingTalk is open");
        let began = Instant::now();
        self.status.up();
        let moving = CancellationToken::new();
        let connection = Connection {
            work: Arc::clone(work),
            timing: timing.clone(),
            status: Arc::clone(&self.status),
            moving: moving.clone(),
        };
        let mut held = AbortOnDropHandle::new(tokio::spawn(connection.hold(socket, stop.clone())));
        let ended = tokio::select! {
            ended = &mut held => ended,
            () = moving.cancelled() => {
                leaving.spawn(async move { _ = held.await });
                return Next::Moving { good: began.elapsed() >= timing.lived };
            }
        };
        let (why, good) = match ended {
            Ok(Ended::Stopped) => return Next::Stopped,
            Ok(Ended::Cut { why, good }) => (why, good),
            Err(panic) => (panic.to_string(), false),
        };
        let trouble = Trouble::Again(format!("the connection ended: {why}"));
        Next::Failed { trouble, good: good || began.elapsed() >= timing.lived }
    }
}

fn report(trouble: &Trouble, wait: Duration) {
    match trouble {
        Trouble::Refused(_) => tracing::error!(?wait, "nothing comes from DingTalk: {trouble}"),
        Trouble::Again(_) => tracing::warn!(?wait, "the connection to DingTalk is tried again: {trouble}"),
    }
}
