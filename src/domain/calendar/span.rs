//! Spans of time in units that are never mixed up, as they stand in the policy: `30min`, `2h`, `48dh`, `4wh`, `1wd`.
//!
//! Invariant: a span is a whole number of one unit. Nothing adds spans of different units; only the calendar, which
//! knows the days, turns a span into an instant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::interval::{DAY, MINUTE};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// `min`: minutes on the wall.
    Min,
    /// `h`: hours on the wall.
    H,
    /// `dh`: hours of working days, 24 a day; closed days are skipped whole.
    Dh,
    /// `wh`: working hours; lunch, evenings and closed days are left out.
    Wh,
    /// `wd`: working days; the same time of day, n working days on.
    Wd,
}

impl Unit {
    /// As it is written behind the number.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Min => "min",
            Unit::H => "h",
            Unit::Dh => "dh",
            Unit::Wh => "wh",
            Unit::Wd => "wd",
        }
    }
}

/// A span: a number of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Span {
    /// So many minutes on the wall.
    Min(u32),
    /// So many hours on the wall.
    H(u32),
    /// So many hours of working days.
    Dh(u32),
    /// So many working hours.
    Wh(u32),
    /// So many working days.
    Wd(u32),
}

/// More of any unit is a slip of the finger.
const MOST: u32 = 99_999;

/// What was written instead of a span.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a span: write a whole number (at most {MOST}) and, without a space, one of min (minutes), h (hours), \
     dh (hours on working days, 24 a day), wh (working hours), wd (working days), e.g. `48dh`"
)]
pub struct SpanFault(pub String);

impl Span {
    /// The number in front of the unit.
    pub fn count(self) -> u32 {
        match self {
            Span::Min(n) | Span::H(n) | Span::Dh(n) | Span::Wh(n) | Span::Wd(n) => n,
        }
    }

    /// The unit behind the number.
    pub fn unit(self) -> Unit {
        match self {
            Span::Min(_) => Unit::Min,
            Span::H(_) => Unit::H,
            Span::Dh(_) => Unit::Dh,
            Span::Wh(_) => Unit::Wh,
            Span::Wd(_) => Unit::Wd,
        }
    }

    /// Nanoseconds of the unit's own time; a working day has 24 hours of it.
    pub(super) fn nanos(self) -> i64 {
        let one = match self.unit() {
            Unit::Min => MINUTE,
            Unit::H | Unit::Dh | Unit::Wh => 60 * MINUTE,
            Unit::Wd => DAY,
        };
        one.saturating_mul(i64::from(self.count()))
    }
}

impl From<Span> for Unit {
    fn from(span: Span) -> Unit {
        span.unit()
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count(), self.unit())
    }
}

impl FromStr for Span {
    type Err = SpanFault;

    fn from_str(text: &str) -> Result<Self, SpanFault> {
        let fault = || SpanFault(text.to_owned());
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let n: u32 = number.parse().ok().filter(|n| *n <= MOST).ok_or_else(fault)?;
        match unit {
            "min" => Ok(Span::Min(n)),
            "h" => Ok(Span::H(n)),
            "dh" => Ok(Span::Dh(n)),
            "wh" => Ok(Span::Wh(n)),
            "wd" => Ok(Span::Wd(n)),
            _ => Err(fault()),
        }
    }
}

impl TryFrom<String> for Span {
    type Error = SpanFault;

    fn try_from(text: String) -> Result<Self, SpanFault> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> String {
        span.to_string()
    }
}
