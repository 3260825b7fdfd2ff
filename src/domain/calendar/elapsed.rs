//! Time used up: how much of a unit has passed between two instants.
//!
//! Invariant: what was added has elapsed, in the unit's own time.

use super::days::next;
use super::local::Local;
use super::sum::Measure;
use super::{Calendar, FARTHEST, Timestamp, Unit};

impl Calendar {
    /// Milliseconds of a unit's own time between two instants: wall clock for `min` and `h`, hours of working days for
    /// `dh`, working hours for `wh`, and for `wd` hours of working days from the moment at which `add` begins to count.
    /// It takes back what `add` put on. Zero when `to` is not later.
    pub fn elapsed(&self, from: Timestamp, to: Timestamp, unit: impl Into<Unit>) -> i64 {
        match unit.into() {
            Unit::Wd => self.passed(self.worked_after(self.local(from)), self.local(to), Measure::Days),
            unit => self.passed_on(from, to, unit),
        }
    }

    /// Time of a unit between two instants, counting already under way.
    fn passed_on(&self, from: Timestamp, to: Timestamp, unit: Unit) -> i64 {
        let between = |measure| self.passed(self.local(from), self.local(to), measure);
        match unit {
            Unit::Min | Unit::H => to.as_millisecond().saturating_sub(from.as_millisecond()).max(0),
            Unit::Dh | Unit::Wd => between(Measure::Days),
            Unit::Wh => between(Measure::Hours),
        }
    }

    fn passed(&self, from: Local, to: Local, measure: Measure) -> i64 {
        let (mut date, mut sum) = (from.date, 0);
        for _ in 0..FARTHEST {
            let start = if date == from.date { from.nanos } else { 0 };
            let end = if date == to.date { to.nanos } else { i64::MAX };
            if date > to.date {
                break;
            }
            let parts = self.parts(date, measure).iter();
            sum += parts.map(|part| (part.end().min(end) - part.start().max(start)).max(0)).sum::<i64>();
            if date == to.date {
                break;
            }
            date = next(date);
        }
        sum / 1_000_000
    }
}
