//! The daily sign of life by the service's clock: once a day, at the hour that the configuration names.
//!
//! Invariant: a day whose hour went by while the service was down is made up for on the same day, and on no other.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil::Time;

use super::Engine;
use crate::app::Trouble;
use crate::domain::Timestamp;

/// When it is said, and what this process knows to be said already.
#[derive(Default)]
pub(super) struct Alive {
    at: Option<Time>,
    /// The instant of the last one, in milliseconds: it spares a look into the database twice a second.
    said: AtomicI64,
}

impl Engine {
    /// The same workers, saying every day at this hour that they are alive.
    #[must_use]
    pub fn with_alive(mut self, at: Option<Time>) -> Self {
        self.alive = Alive { at, said: AtomicI64::new(i64::MIN) };
        self
    }

    /// Says it, if its hour has come; how much was said.
    pub(super) async fn alive_round(&self) -> Result<usize, Trouble> {
        let Some(at) = self.alive.at else { return Ok(0) };
        let (company, now) = (self.app.company(), self.app.clock().now());
        let today = company.calendar.date_of(now);
        let slot = company.calendar.at(today, at);
        if now < slot || self.alive.said.load(Ordering::Relaxed) == slot.as_millisecond() {
            return Ok(0);
        }
        let said = self.app.say_alive(today).await?;
        self.alive.said.store(slot.as_millisecond(), Ordering::Relaxed);
        Ok(usize::from(said))
    }

    /// When it is said next, for a clock that jumps.
    pub(super) fn next_alive(&self) -> Option<Timestamp> {
        let (company, now) = (self.app.company(), self.app.clock().now());
        let today = company.calendar.date_of(now);
        let slots = [Some(today), today.tomorrow().ok()].into_iter().flatten();
        slots.filter_map(|day| Some(company.calendar.at(day, self.alive.at?))).find(|slot| *slot > now)
    }
}
