//! What this replica has in hand, and that it is still at it: a lease is short, so that others soon take over from the
//! dead, and is prolonged by whoever lives and works.
//!
//! Invariants: only what belongs to the pass that runs is prolonged, so what a pass left undone is free when its lease
//! runs out; what another replica has taken over is never taken back.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Engine, lease_of};
use crate::store::lease;
use crate::store::outbox::Waiting;

/// How often: two may fail before a lease runs out.
const OFTEN: Duration = Duration::from_secs(1);

/// Keys of the outbox with the attempt that each was leased for.
#[derive(Default)]
pub(super) struct InHand(Mutex<BTreeMap<String, i64>>);

impl InHand {
    fn rows(&self) -> MutexGuard<'_, BTreeMap<String, i64>> {
        // A poisoned lock only means that another thread panicked between two whole changes of the map.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// These were leased.
    pub(super) fn takes(&self, rows: &[Waiting]) {
        self.rows().extend(rows.iter().map(|row| (row.id.clone(), row.attempts)));
    }

    /// A row goes by another key from now on.
    pub(super) fn renames(&self, from: &str, to: &str) {
        let mut rows = self.rows();
        if let Some(attempts) = rows.remove(from) {
            rows.insert(to.to_owned(), attempts);
        }
    }

    /// The pass is over.
    pub(super) fn lets_go(&self) {
        self.rows().clear();
    }

    fn all(&self) -> Vec<(String, i64)> {
        self.rows().iter().map(|(id, attempts)| (id.clone(), *attempts)).collect()
    }
}

impl Engine {
    /// Does some work on leased rows, and prolongs their leases as long as it lasts.
    pub(super) async fn keeping_hold<T>(&self, work: impl Future<Output = T>) -> T {
        tokio::select! {
            done = work => done,
            never = self.prolongs() => match never {},
        }
    }

    async fn prolongs(&self) -> std::convert::Infallible {
        loop {
            tokio::time::sleep(OFTEN).await;
            let held = lease_of(&self.owner, self.lease());
            if let Err(error) = lease::prolong(self.app.db(), self.in_hand.all(), held).await {
                tracing::warn!("leases could not be prolonged: {error}");
            }
        }
    }
}
