//! Time used up: how much of a unit has passed, and where what is left of it ends.
//!
//! Invariant: a pause of no length changes nothing. Whatever was used is stored in the unit's own time, and due dates
//! are derived from it, so pausing and computing again never drift.

use jiff::SignedDuration;

use super::days::next;
use super::local::Local;
use super::sum::Measure;
use super::{Calendar, FARTHEST, Span, Timestamp, Unit};

/// A span of which some is used up. It stays with its unit, so what was used of one is never taken from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    span: Span,
    used: i64,
}

impl Budget {
    /// A span of which so many milliseconds of its unit's own time are used (a working day has 24 hours of it).
    pub fn new(span: Span, used: i64) -> Self {
        Budget { span, used: used.max(0) }
    }

    /// The whole span.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Milliseconds used up; more than the span once it is overdrawn.
    pub fn used(&self) -> i64 {
        self.used
    }

    fn left(&self) -> i64 {
        self.span.nanos().saturating_sub(self.used.saturating_mul(1_000_000)).max(0)
    }
}

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

    /// The budget after it ran from one instant to another.
    pub fn spend(&self, budget: Budget, from: Timestamp, to: Timestamp) -> Budget {
        let more = match budget.used {
            0 => self.elapsed(from, to, budget.span),
            _ => self.passed_on(from, to, budget.span.unit()),
        };
        Budget::new(budget.span, budget.used.saturating_add(more))
    }

    /// Where a budget that runs from `at` on ends. Unused it is the sum of `add`; once begun it goes on counting where it
    /// was, so that an evening in the middle of a working day's 24 hours is not counted anew.
    pub fn due(&self, budget: Budget, at: Timestamp) -> Timestamp {
        let left = budget.left();
        if budget.used == 0 {
            return self.add(at, budget.span);
        }
        match budget.span.unit() {
            Unit::Min | Unit::H => {
                at.saturating_add(SignedDuration::from_nanos(left)).unwrap_or(Timestamp::MAX)
            }
            unit @ (Unit::Dh | Unit::Wh | Unit::Wd) => {
                self.instant(self.run(self.local(at), left, unit)).max(at)
            }
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
