//! The bells that an act rings when it left somebody something to do.
//!
//! Invariant: a bell that nobody heard is kept until somebody looks; rung twice it is rung once.

use tokio::sync::Notify;

/// Wakes the workers.
#[derive(Default)]
pub struct Wake {
    /// The outbox has a new row.
    pub outbox: Notify,
    /// A step was armed.
    pub timers: Notify,
    /// Something changed that open pages may show.
    pub live: Notify,
    /// Something was committed that other replicas may want to look at.
    pub others: Notify,
    /// Never rung: for workers that only look from time to time.
    pub rarely: Notify,
}

impl Wake {
    /// Rings all that an act may concern.
    pub(super) fn all(&self) {
        for bell in [&self.outbox, &self.timers, &self.live, &self.others] {
            bell.notify_one();
        }
    }
}
