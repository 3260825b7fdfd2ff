//! The working calendar: which days and hours count, where a span of time ends, and when nobody is disturbed.
//!
//! Built once by [`Calendar::new`] from the company's [`Rules`], which names every mistake at once. Invariants: a day is
//! worked or closed, with the reason; a worked day has at least one interval of working hours; [`Calendar::add`] and
//! what `/why` shows are one sum; no sum looks at more than [`FARTHEST`] days, and at the ends of time it stops there.
//!
//! `span` has the units, `rules` what goes in, `days` the questions about days, `local` the way between instants and
//! local time, `sum` adding and replaying, `elapsed` time used up, `quiet` the quiet hours.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::{Date, Timestamp};

mod days;
mod elapsed;
mod facts;
mod interval;
mod local;
mod quiet;
mod rules;
mod span;
mod sum;
#[cfg(test)]
mod tests;

pub use days::DayKind;
pub use facts::{Status, YearFacts};
pub use interval::{Hours, Interval};
pub use quiet::QuietHours;
pub use rules::{Fault, Override, Rules};
pub use span::{Span, Unit};

/// A sum looks at most at so many days (27 years); a longer one ends there.
pub const FARTHEST: usize = 10_000;

/// The calendar of one company, in one time zone.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    hours: Hours,
    special: BTreeMap<Date, Special>,
    known_until: Option<Date>,
    quiet: QuietHours,
}

/// A day that is not what its weekday says.
#[derive(Clone, Debug)]
struct Special {
    kind: DayKind,
    /// Instead of the normal hours.
    hours: Option<Hours>,
}
