//! Quiet hours: a window of the day, which may pass midnight, and every closed day.
//!
//! Invariant: waiting for the end of quiet hours never goes back in time and ends at a moment that is not quiet.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::days::next;
use super::interval::{MINUTE, minutes};
use super::local::Local;
use super::{Calendar, Timestamp};

/// A daily window, `21:00-08:30`, or `none`. The start is quiet, the end is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct QuietHours(Option<(u16, u16)>);

/// What was written instead of quiet hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` are no quiet hours: write two different times, e.g. `21:00-08:30`, or `none`")]
pub struct QuietFault(pub String);

impl QuietHours {
    /// No window at all; closed days stay quiet.
    pub const NONE: QuietHours = QuietHours(None);

    /// The end of the window that covers a local time; `None` when it is not quiet then.
    fn end_of(self, at: Local) -> Option<Local> {
        let (from, to) = self.0.map(|(from, to)| (i64::from(from) * MINUTE, i64::from(to) * MINUTE))?;
        let today = Local { date: at.date, nanos: to };
        let tomorrow = Local { date: next(at.date), nanos: to };
        match (from < to, at.nanos) {
            (true, now) => (from..to).contains(&now).then_some(today),
            (false, now) if now < to => Some(today),
            (false, now) => (now >= from).then_some(tomorrow),
        }
    }
}

impl Calendar {
    /// Whether nobody is disturbed then: in the company's quiet hours, or on a closed day.
    pub fn is_quiet(&self, at: Timestamp) -> bool {
        let local = self.local(at);
        !self.is_working_day(local.date) || self.quiet.end_of(local).is_some()
    }

    /// The instant itself, or when the company's quiet hours are over: their end on the next working day.
    pub fn after_quiet(&self, at: Timestamp) -> Timestamp {
        self.after_quiet_with(QuietHours::NONE, at)
    }

    /// The same with a person's own quiet hours on top of the company's. Windows that together leave no time of a day
    /// cannot both be kept; then the company's is.
    pub fn after_quiet_with(&self, personal: QuietHours, at: Timestamp) -> Timestamp {
        let wished = self.local(at);
        let company = self.company_quiet_over(wished);
        let mut over = company;
        // Each round ends one window or closed stretch; what is not settled after a few never will be.
        for _ in 0..8 {
            let later = personal.end_of(over).map_or(over, |end| self.company_quiet_over(end));
            if later == over {
                return self.unless_moved(wished, over, at);
            }
            over = later;
        }
        self.unless_moved(wished, company, at)
    }

    /// The instant itself, or the end of a person's own quiet hours, whatever the company's are.
    pub fn after_own_quiet(&self, own: &QuietHours, at: Timestamp) -> Timestamp {
        own.end_of(self.local(at)).map_or(at, |end| self.instant(end).max(at))
    }

    fn unless_moved(&self, wished: Local, over: Local, at: Timestamp) -> Timestamp {
        if over == wished { at } else { self.instant(over).max(at) }
    }

    fn company_quiet_over(&self, at: Local) -> Local {
        if !self.is_working_day(at.date) {
            return self.morning_after(at);
        }
        match self.quiet.end_of(at) {
            Some(end) if self.is_working_day(end.date) => end,
            Some(end) => self.morning_after(end),
            None => at,
        }
    }

    /// The first moment of the next working day at which people may be disturbed. Where the window does not cover
    /// midnight, that is the opening of the day: not being forbidden is no reason to call at night.
    fn morning_after(&self, at: Local) -> Local {
        let date = self.working_day_or_next(next(at.date));
        let midnight = Local { date, nanos: 0 };
        self.quiet.end_of(midnight).unwrap_or_else(|| {
            let opening =
                self.hours_of(date).first().map_or(midnight, |part| Local { date, nanos: part.start() });
            self.quiet.end_of(opening).unwrap_or(opening)
        })
    }
}

impl FromStr for QuietHours {
    type Err = QuietFault;

    fn from_str(text: &str) -> Result<Self, QuietFault> {
        if matches!(text.trim(), "" | "none" | "off") {
            return Ok(QuietHours::NONE);
        }
        let window =
            text.split_once('-').and_then(|(from, to)| Some((minutes(from)?, minutes(to)? % (24 * 60))));
        match window {
            Some((from, to)) if from != to && from < 24 * 60 => Ok(QuietHours(Some((from, to)))),
            _ => Err(QuietFault(text.to_owned())),
        }
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("none"),
            Some((from, to)) => {
                write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
            }
        }
    }
}

impl TryFrom<String> for QuietHours {
    type Error = QuietFault;

    fn try_from(text: String) -> Result<Self, QuietFault> {
        text.parse()
    }
}

impl From<QuietHours> for String {
    fn from(quiet: QuietHours) -> String {
        quiet.to_string()
    }
}
