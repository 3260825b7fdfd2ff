//! When nobody acts: steps that came due, notices that wait, and the auditor that looks for what was forgotten.
//!
//! Invariants: everything here can run on any number of replicas at once; a pass that dies leaves nothing but a lease
//! that runs out; nothing is sent that was not committed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Trouble};
use crate::clock::fresh_id;
use crate::domain::Timestamp;
use crate::domain::retention::Retention;
use crate::messenger::Messenger;
use crate::messenger::link::Links;
use crate::store::obligation::Lease;

pub mod advance;
mod alive;
pub mod clocks;
mod crossings;
pub mod deliver;
mod digest;
mod doubt;
mod duties;
pub mod form;
mod in_hand;
pub mod life;
pub mod metrics;
mod outbox;
mod pace;
pub mod picture;
mod pilot;
mod presence;
mod progress;
mod reach;
mod renew;
mod response;
pub mod rounds;
mod sessions;
mod setback;
pub mod stage;
mod tidings;
mod timers;
mod todo;
mod together;
mod watch;

pub use metrics::Metrics;

/// How long a worker may hold what it leased, unless it says in time that it is still at it.
const LEASE: jiff::SignedDuration = jiff::SignedDuration::from_secs(5);
/// Without a bell, workers look this often.
const LOOK: Duration = Duration::from_millis(500);
/// A worker that is rung for looks at once, but not sooner than this after its last look.
const APART: Duration = Duration::from_millis(25);
/// The auditor looks this often.
const WATCH: Duration = Duration::from_secs(60);
/// Directory changes of other replicas are noticed this often.
const REFRESH: Duration = Duration::from_secs(2);
/// Requests that an older release filed are made findable this often.
const FILL: Duration = Duration::from_secs(600);
/// Pages that are open hear of changes, this replica's and others', this often.
const LIVE: Duration = Duration::from_millis(500);

/// The workers over one app.
pub struct Engine {
    app: Arc<App>,
    messengers: Vec<Arc<dyn Messenger>>,
    owner: String,
    metrics: Metrics,
    links: Links,
    /// One pass at a time in this process, so that "everything due has been delivered" can be known.
    pass: Mutex<()>,
    alive: alive::Alive,
    retention: Retention,
    in_hand: in_hand::InHand,
    reach: reach::Reach,
    hearing: tidings::Hearing,
    presence: presence::Presence,
    /// `None`: the pages are shown by links alone.
    painter: Option<picture::Painter>,
    clocks: clocks::Clocks,
}

impl Engine {
    /// Workers that speak through these messengers.
    pub fn new(app: Arc<App>, messengers: Vec<Arc<dyn Messenger>>, metrics: Metrics, links: Links) -> Self {
        let alive = alive::Alive::default();
        let presence = presence::Presence::begins(app.clock().machine());
        Self {
            app,
            messengers,
            owner: life::name(&fresh_id()),
            metrics,
            links,
            pass: Mutex::new(()),
            alive,
            retention: Retention::default(),
            in_hand: in_hand::InHand::default(),
            reach: reach::Reach::default(),
            hearing: tidings::Hearing::default(),
            presence,
            painter: None,
            clocks: clocks::Clocks::default(),
        }
    }

    /// Makes and opens the links to web forms.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// The app that it works for.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// What is counted.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    fn messenger(&self, platform: &str) -> Option<&Arc<dyn Messenger>> {
        self.messengers.iter().find(|m| m.platform() == platform)
    }

    fn lease(&self) -> (Timestamp, Timestamp) {
        let now = self.app.clock().machine();
        (now, now.saturating_add(LEASE).unwrap_or(Timestamp::MAX))
    }

    /// Runs all workers until `stop`; returns when each has finished what it had in hand.
    pub async fn run(&self, stop: CancellationToken) {
        let timers = self.every(LOOK, &stop, Worker::Timers);
        let outbox = self.every(LOOK, &stop, Worker::Outbox);
        let refresh = self.every(REFRESH, &stop, Worker::Refresh);
        let watch = self.every(WATCH, &stop, Worker::Watch);
        let rounds = self.every(WATCH, &stop, Worker::Rounds);
        let fill = self.every(FILL, &stop, Worker::Fill);
        let live = self.every(LIVE, &stop, Worker::Live);
        let lists = self.every(WATCH, &stop, Worker::Lists);
        let (tell, hear) = (self.tell_others(&stop), self.hear_others(&stop));
        let fonts = self.looks_for_fonts();
        tokio::join!(timers, outbox, refresh, watch, rounds, fill, live, lists, tell, hear, fonts);
        self.take_back_presence().await;
    }

    async fn every(&self, period: Duration, stop: &CancellationToken, worker: Worker) {
        let bell = match worker {
            Worker::Timers => &self.app.wake().timers,
            Worker::Outbox => &self.app.wake().outbox,
            Worker::Live => &self.app.wake().live,
            Worker::Refresh | Worker::Watch | Worker::Rounds | Worker::Fill | Worker::Lists => {
                &self.app.wake().rarely
            }
        };
        while !stop.is_cancelled() {
            // Registered before looking, so that a bell rung meanwhile is not missed.
            let rung = bell.notified();
            let looked = Instant::now();
            match self.once(worker).await {
                Ok(0) => {
                    tokio::select! {
                        // A crowd of acts rings often; one look serves them all.
                        () = rung => tokio::time::sleep_until(looked + APART).await,
                        () = tokio::time::sleep(period) => {}
                        () = stop.cancelled() => {}
                    }
                }
                Ok(_) => self.metrics.worked(worker.name(), self.app.clock().machine()),
                Err(trouble) => {
                    tracing::warn!(worker = worker.name(), "a pass failed and is tried again: {trouble}");
                    tokio::time::sleep(period).await;
                }
            }
            self.metrics.worked(worker.name(), self.app.clock().machine());
        }
    }

    async fn once(&self, worker: Worker) -> Result<usize, Trouble> {
        match worker {
            Worker::Timers => {
                let _one = self.pass.lock().await;
                Ok(self.fire_due().await? + self.progress_round().await? + self.alive_round().await?)
            }
            Worker::Outbox => {
                let _one = self.pass.lock().await;
                self.deliver_ready().await
            }
            Worker::Refresh => self.move_duties().await.map(|_| 0),
            Worker::Watch => {
                self.tell_presence().await?;
                self.compare_clocks().await?;
                self.watch().await.map(|()| 0)
            }
            Worker::Rounds => {
                self.rounds().await?;
                self.renew_cards().await
            }
            Worker::Fill => self.app.fill_search().await,
            Worker::Live => self.app.look_for_changes().await.map(|()| 0),
            Worker::Lists => self.keep_lists().await,
        }
    }

    /// Fires and delivers until nothing is left that is due now. What another replica has in hand, or a pass that failed,
    /// is waited for, but not for ever; what a messenger asked to be tried later, or a pause, is not waited for.
    pub async fn settle(&self) -> Result<(), Trouble> {
        let mut patience = MOST_WAITING;
        for _ in 0..MOST_SETTLING {
            let (done, is_over) = {
                let _one = self.pass.lock().await;
                let done = self.move_duties().await?
                    + self.fire_due().await?
                    + self.progress_round().await?
                    + self.alive_round().await?
                    + self.renew_cards().await?
                    + self.deliver_ready().await?
                    + self.keep_lists().await?;
                (done, done == 0 && (patience == 0 || self.nothing_waits().await?))
            };
            if is_over {
                break;
            }
            if done > 0 {
                continue;
            }
            patience -= 1;
            tokio::time::sleep(WAIT).await;
        }
        Ok(())
    }
}

/// Passes in one settling: far more than a day of a big company needs.
const MOST_SETTLING: usize = 100_000;

/// How often, and how long each time, whoever has something in hand is waited for: until its lease has run out, and two
/// seconds to take it up.
const MOST_WAITING: u32 = 350;
const WAIT: Duration = Duration::from_millis(20);

/// The workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Worker {
    Timers,
    Outbox,
    Refresh,
    Watch,
    Rounds,
    Fill,
    Live,
    Lists,
}

impl Worker {
    fn name(self) -> &'static str {
        match self {
            Worker::Timers => "timers",
            Worker::Outbox => "outbox",
            Worker::Refresh => "refresh",
            Worker::Watch => "watch",
            Worker::Rounds => "rounds",
            Worker::Fill => "search",
            Worker::Live => "live",
            Worker::Lists => "lists",
        }
    }
}

/// A lease of this engine.
fn lease_of<'a>(owner: &'a str, (now, until): (Timestamp, Timestamp)) -> Lease<'a> {
    Lease { owner, now, until }
}
