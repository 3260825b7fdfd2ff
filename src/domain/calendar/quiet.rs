//! Quiet hours: a window of the day, which may pass midnight.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Time;

/// A daily window, `21:00-08:30`; equal ends mean none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    from: Time,
    to: Time,
}

/// What is wrong with written quiet hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` are no quiet hours: write two times, e.g. `21:00-08:30`, or `off`")]
pub struct QuietFault(pub String);

impl QuietHours {
    /// No quiet hours at all.
    pub const NONE: QuietHours = QuietHours { from: Time::midnight(), to: Time::midnight() };

    /// Whether a time of day lies inside; the end does not.
    pub fn covers(&self, time: Time) -> bool {
        if self.from <= self.to {
            (self.from..self.to).contains(&time)
        } else {
            time >= self.from || time < self.to
        }
    }

    /// Inside the window: when it ends, and how many days later that is.
    pub(super) fn end_after(&self, time: Time) -> Option<(Time, u8)> {
        self.covers(time).then(|| (self.to, u8::from(time >= self.to)))
    }
}

impl FromStr for QuietHours {
    type Err = QuietFault;

    fn from_str(text: &str) -> Result<Self, QuietFault> {
        let fault = || QuietFault(text.to_owned());
        if text.trim().is_empty() || text == "off" {
            return Ok(QuietHours::NONE);
        }
        let (from, to) = text.split_once('-').ok_or_else(fault)?;
        let time = |t: &str| t.trim().parse::<Time>().map_err(|_| fault());
        Ok(QuietHours { from: time(from)?, to: time(to)? })
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from.strftime("%H:%M"), self.to.strftime("%H:%M"))
    }
}
