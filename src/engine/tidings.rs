//! Replicas wake each other: what one has committed, the others look at without waiting for their next round.
//!
//! Invariants: the workers' own rounds go on whether anybody is heard or not; a crowd of commits is told once; nobody
//! is woken by what he told himself.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Engine;
use crate::store::db::Ears;

/// Commits that follow one another within this time are told once.
const GATHER: Duration = Duration::from_millis(15);
/// Whoever committed something takes it up himself, if he can; the others look a little later.
const AFTER_YOU: Duration = Duration::from_millis(20);
/// Between two tries to hear.
const AGAIN: Duration = Duration::from_secs(2);

const UNTRIED: u8 = 0;
const HEARS: u8 = 1;
const DEAF: u8 = 2;

/// Whether the other replicas are heard.
#[derive(Default)]
pub(super) struct Hearing(AtomicU8);

impl Engine {
    /// Whether what other replicas tell is not heard: then it is found a round later. Never so on SQLite.
    pub fn is_deaf(&self) -> bool {
        self.hearing.0.load(Ordering::Relaxed) == DEAF
    }

    /// Tells the others what was committed here, until `stop`.
    pub(super) async fn tell_others(&self, stop: &CancellationToken) {
        if !self.app.db().is_postgres() {
            return;
        }
        while !stop.is_cancelled() {
            tokio::select! {
                () = self.app.wake().others.notified() => tokio::time::sleep(GATHER).await,
                () = stop.cancelled() => return,
            }
            if let Err(error) = self.app.db().tell(&self.owner).await {
                tracing::debug!("the other replicas were not told: {error}");
            }
        }
    }

    /// Hears the others, until `stop`; opens its ears anew as often as they are lost.
    pub(super) async fn hear_others(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let lost = tokio::select! {
                lost = self.hears() => lost,
                () = stop.cancelled() => return,
            };
            let Some(why) = lost else { return };
            if self.hearing.0.swap(DEAF, Ordering::Relaxed) != DEAF {
                tracing::warn!("the other replicas are not heard until this passes: {why}");
            }
            self.metrics.level("replicas_heard", 0);
            tokio::select! {
                () = tokio::time::sleep(AGAIN) => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// Why it ended; `None`: there is nobody to hear.
    async fn hears(&self) -> Option<String> {
        match self.app.db().ears().await {
            Ok(None) => None,
            Ok(Some(ears)) => {
                if self.hearing.0.swap(HEARS, Ordering::Relaxed) != UNTRIED {
                    tracing::info!("the other replicas are heard again");
                }
                self.metrics.level("replicas_heard", 1);
                // What was told meanwhile is gone.
                self.look_at_once().await;
                Some(self.listens(ears).await)
            }
            Err(error) => Some(error.to_string()),
        }
    }

    async fn listens(&self, mut ears: Ears) -> String {
        loop {
            match ears.hear().await {
                Ok(Some(who)) if who == self.owner => {}
                Ok(Some(_)) => {
                    self.metrics.count("woken");
                    self.look_at_once().await;
                }
                Ok(None) => return "the connection was lost".to_owned(),
                Err(error) => return error.to_string(),
            }
        }
    }

    async fn look_at_once(&self) {
        let wake = self.app.wake();
        wake.live.notify_one();
        tokio::time::sleep(AFTER_YOU).await;
        wake.outbox.notify_one();
        wake.timers.notify_one();
    }
}
