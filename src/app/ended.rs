//! Sessions that end, for what is still open under them.
//!
//! Invariants: nothing is asked of the database while nothing is open; whoever hears is told of every end that comes
//! after [`App::hears_of_ends`] returned: at once of one made here, within a second or two of any other.

use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;
use tokio::sync::broadcast;

use super::{App, Trouble};
use crate::domain::Timestamp;
use crate::store::session;

/// Ends that wait for a slow listener.
const WAITING: usize = 256;
/// Between two looks.
const EVERY: SignedDuration = SignedDuration::from_secs(1);
/// So far back a look goes: replicas write with clocks of their own.
const REACH: SignedDuration = SignedDuration::from_secs(60);

/// Who hears of ends, and when was looked last.
pub struct Ends {
    /// Hashes of sessions.
    told: broadcast::Sender<String>,
    looked: Mutex<Timestamp>,
}

impl Default for Ends {
    fn default() -> Self {
        Self { told: broadcast::channel(WAITING).0, looked: Mutex::new(Timestamp::MIN) }
    }
}

impl Ends {
    /// Nobody may be left who hears.
    pub(super) fn tell(&self, hash: &str) {
        let _ = self.told.send(hash.to_owned());
    }

    /// Whether it is time to look; then it counts as looked.
    fn is_due(&self, now: Timestamp) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back must not stop the looking.
        let is_due = now < *looked || looked.checked_add(EVERY).is_ok_and(|next| next <= now);
        if is_due {
            *looked = now;
        }
        is_due
    }
}

impl App {
    /// From now on the end of every session is heard, by the hash of its cookie; some of them more than once.
    pub fn hears_of_ends(&self) -> broadcast::Receiver<String> {
        self.ends.told.subscribe()
    }

    /// Tells those who hear which sessions ended lately, wherever that was done.
    pub(super) async fn look_for_ends(&self) -> Result<(), Trouble> {
        let now = self.clock().machine();
        if self.ends.told.receiver_count() == 0 || !self.ends.is_due(now) {
            return Ok(());
        }
        let since = now.saturating_sub(REACH).unwrap_or(Timestamp::MIN);
        for hash in session::ended_since(self.db(), since).await? {
            self.ends.tell(&hash);
        }
        Ok(())
    }
}
