//! Parts of a day, `09:00-12:00`, and the working hours of a day, which are several of them.
//!
//! Invariant: an [`Interval`] is not empty, lies within one day and is in whole minutes. [`Hours`] are at least one
//! interval, in order, and none overlaps another.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use super::Fault;

/// Nanoseconds of a minute.
pub(super) const MINUTE: i64 = 60_000_000_000;
/// Nanoseconds of a day on the clock, whatever the time zone does to it.
pub(super) const DAY: i64 = 24 * 60 * MINUTE;

/// A part of a day. The start belongs to it, the end does not; `24:00` may end it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Interval {
    from: u16,
    to: u16,
}

/// What was written instead of a part of a day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no part of a day: write two times, the earlier first, e.g. `09:00-12:00`")]
pub struct IntervalFault(pub String);

impl Interval {
    /// From midnight to midnight.
    pub(super) const WHOLE_DAY: Interval = Interval { from: 0, to: 24 * 60 };

    /// The start, in nanoseconds after midnight.
    pub(super) fn start(self) -> i64 {
        i64::from(self.from) * MINUTE
    }

    /// The end, in nanoseconds after midnight.
    pub(super) fn end(self) -> i64 {
        i64::from(self.to) * MINUTE
    }
}

/// Minutes after midnight, from `09:00`; up to `24:00`.
pub(super) fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |s: &str| s.bytes().all(|b| b.is_ascii_digit()).then(|| s.parse::<u16>().ok()).flatten();
    let (hour, minute) =
        (number(hour).filter(|_| hour.len() <= 2)?, number(minute).filter(|_| minute.len() == 2)?);
    (hour < 24 && minute < 60 || hour == 24 && minute == 0).then_some(hour * 60 + minute)
}

impl FromStr for Interval {
    type Err = IntervalFault;

    fn from_str(text: &str) -> Result<Self, IntervalFault> {
        let parts = text.split_once('-').and_then(|(from, to)| Some((minutes(from)?, minutes(to)?)));
        match parts {
            Some((from, to)) if from < to => Ok(Interval { from, to }),
            _ => Err(IntervalFault(text.to_owned())),
        }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Interval { from, to } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

impl fmt::Debug for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for Interval {
    type Error = IntervalFault;

    fn try_from(text: String) -> Result<Self, IntervalFault> {
        text.parse()
    }
}

impl From<Interval> for String {
    fn from(interval: Interval) -> String {
        interval.to_string()
    }
}

/// The working hours of a day, in the order of the day: `["09:00-12:00", "13:00-18:00"]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Interval>", into = "Vec<Interval>")]
pub struct Hours(Vec<Interval>);

impl Hours {
    /// From times, the seconds of which do not count.
    pub fn new(intervals: Vec<(Time, Time)>) -> Result<Self, Fault> {
        let minute =
            |time: Time| u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs());
        let parts = intervals.into_iter().map(|(from, to)| match (minute(from), minute(to)) {
            (from, to) if from < to => Ok(Interval { from, to }),
            (from, to) => Err(Fault::Backwards(Interval { from, to })),
        });
        parts.collect::<Result<Vec<_>, _>>()?.try_into()
    }

    /// The intervals, earliest first.
    pub fn intervals(&self) -> &[Interval] {
        &self.0
    }
}

impl TryFrom<Vec<Interval>> for Hours {
    type Error = Fault;

    fn try_from(mut intervals: Vec<Interval>) -> Result<Self, Fault> {
        intervals.sort_by_key(|part| part.from);
        if intervals.is_empty() {
            return Err(Fault::NoHours);
        }
        match intervals.windows(2).find(|pair| pair[1].from < pair[0].to) {
            Some(pair) => Err(Fault::HoursOverlap(pair[0], pair[1])),
            None => Ok(Hours(intervals)),
        }
    }
}

impl From<Hours> for Vec<Interval> {
    fn from(hours: Hours) -> Self {
        hours.0
    }
}
