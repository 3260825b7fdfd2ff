//! What changes, for pages that are open: told from the history, so that changes of other replicas are heard as well.
//!
//! Invariants: nothing is asked of the database while nobody listens; whoever listens hears of every request that
//! changed after [`App::listens`] returned. Who may hear of which is asked by whoever tells it on ([`App::shows`]).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::SignedDuration;
use tokio::sync::broadcast;

use super::{App, Trouble};
use crate::domain::request::Request;
use crate::domain::{RequestId, Timestamp, number};
use crate::store::audit;

/// Lines of the history that one look takes in; with more than that, everything counts as changed.
const MOST: i64 = 500;
/// Changes that wait for a slow listener.
const WAITING: usize = 1_024;
/// Replicas write with clocks of their own, and a line may be committed some time after its instant.
const OVERLAP: SignedDuration = SignedDuration::from_secs(10);

/// Something that changed.
#[derive(Clone, Debug)]
pub enum Changed {
    /// This request, as it is now.
    One(Arc<Request>),
    /// More than is told singly.
    Much,
}

/// Who listens, and what they were told.
pub struct Live {
    told: broadcast::Sender<Changed>,
    /// Lines that were looked at, as far back as [`OVERLAP`]; `None` while nobody listens.
    known: Mutex<Option<Known>>,
}

type Known = BTreeMap<(String, i64), Timestamp>;

impl Default for Live {
    fn default() -> Self {
        Self { told: broadcast::channel(WAITING).0, known: Mutex::default() }
    }
}

impl App {
    /// From now on every change is heard.
    pub async fn listens(&self) -> Result<broadcast::Receiver<Changed>, Trouble> {
        let heard = self.live.told.subscribe();
        self.look_for_changes().await?;
        Ok(heard)
    }

    /// Tells those who listen what has changed since the last look. The first look only learns what is there.
    pub async fn look_for_changes(&self) -> Result<(), Trouble> {
        self.look_for_ends().await?;
        if self.live.told.receiver_count() == 0 {
            *self.live.known() = None;
            return Ok(());
        }
        let newest = self.live.known().as_ref().and_then(|known| known.values().max().copied());
        let from = newest.unwrap_or_else(|| self.clock.now()) - OVERLAP;
        let lines = audit::since(&self.db, from, MOST).await?;
        let full = i64::try_from(lines.len()).unwrap_or(MOST) >= MOST;
        let Some(changed) = self.live.learned(lines) else { return Ok(()) };
        if full && !changed.is_empty() {
            self.live.tell(Changed::Much);
            return Ok(());
        }
        for id in changed {
            if let Some(file) = self.file(&id).await? {
                self.live.tell(Changed::One(file));
            }
        }
        Ok(())
    }
}

impl Live {
    fn known(&self) -> std::sync::MutexGuard<'_, Option<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody may be left who listens: then there is nobody to tell.
    fn tell(&self, changed: Changed) {
        let _ = self.told.send(changed);
    }

    /// The requests of lines that were not known; `None` after the first look.
    fn learned(&self, lines: Vec<(String, i64, Timestamp)>) -> Option<BTreeSet<RequestId>> {
        let mut slot = self.known();
        let is_first = slot.is_none();
        let known = slot.get_or_insert_default();
        let mut changed = BTreeSet::new();
        for (subject, n, at) in lines {
            let is_request = number::parse(&subject).is_some();
            if known.insert((subject.clone(), n), at).is_none() && is_request {
                changed.insert(RequestId::new(subject));
            }
        }
        let newest = known.values().max().copied().unwrap_or(Timestamp::MIN);
        let kept = newest.saturating_sub(OVERLAP + OVERLAP).unwrap_or(Timestamp::MIN);
        known.retain(|_, at| *at >= kept);
        (!is_first).then_some(changed)
    }
}
