//! Moving the sandbox's clock: from event to event, so that each step fires at its own time.

use super::Engine;
use crate::app::Trouble;
use crate::clock::{Clock, MovableClock};
use crate::domain::Timestamp;
use crate::store::{obligation, outbox};

/// Stops on the way; more than a year of a small company.
const MOST_STOPS: usize = 200_000;

impl Engine {
    /// Moves the clock to `target`; answered when everything due by then has fired and been delivered.
    pub async fn advance_to(&self, clock: &MovableClock, target: Timestamp) -> Result<(), Trouble> {
        self.settle().await?;
        for _ in 0..MOST_STOPS {
            let Some(next) = self.next_event().await?.filter(|next| *next <= target) else { break };
            if next > clock.now() {
                clock.set(next);
            }
            self.settle().await?;
            // What stays is held by another replica, or waits for a messenger: the clock does not wait with it.
            if self.next_event().await? == Some(next) {
                break;
            }
        }
        // A ticking clock may have passed the target while it was on its way; it never goes back for that.
        if target > clock.now() || target < self.app.clock().now() {
            clock.set(target);
        }
        self.settle().await?;
        Ok(())
    }

    /// When the next thing happens by itself.
    pub async fn next_event(&self) -> Result<Option<Timestamp>, Trouble> {
        let step = obligation::next_due(self.app.db()).await?;
        let held = outbox::next_held(self.app.db(), self.app.clock().now()).await?;
        let standing = self.app.company().changes_at();
        let round = self.next_round().await?;
        Ok([step, held, standing, round].into_iter().flatten().min())
    }
}
