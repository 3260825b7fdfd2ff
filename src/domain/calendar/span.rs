//! Spans of time in four units that are never mixed up: `min`/`h` wall clock, `dh` hours on working days, `wh` working
//! hours, `wd` working days.

use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// A span, as it stands in the policy: `30min`, `2h`, `48dh`, `4wh`, `1wd`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Span {
    /// Minutes on the wall.
    Min(u32),
    /// Hours on the wall.
    H(u32),
    /// Hours of working days, 24 a day; closed days are skipped whole.
    Dh(u32),
    /// Working hours; lunch and evenings are left out.
    Wh(u32),
    /// Working days: the same time of day, n working days on.
    Wd(u32),
}

/// What is wrong with a written span.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a span: write a whole number and one of min, h, dh, wh, wd, e.g. `48dh`")]
pub struct SpanFault(pub String);

/// More of any unit is a slip of the finger.
const MOST: u32 = 99_999;

impl Span {
    /// The number in front of the unit.
    pub fn count(self) -> u32 {
        match self {
            Span::Min(n) | Span::H(n) | Span::Dh(n) | Span::Wh(n) | Span::Wd(n) => n,
        }
    }

    /// The name of the unit.
    pub fn unit(self) -> &'static str {
        match self {
            Span::Min(_) => "min",
            Span::H(_) => "h",
            Span::Dh(_) => "dh",
            Span::Wh(_) => "wh",
            Span::Wd(_) => "wd",
        }
    }

    /// The number as a length of time; days of `wd` are not one and count as none.
    pub(super) fn wall(self) -> SignedDuration {
        match self {
            Span::Min(n) => SignedDuration::from_mins(i64::from(n)),
            Span::H(n) | Span::Dh(n) | Span::Wh(n) => SignedDuration::from_hours(i64::from(n)),
            Span::Wd(_) => SignedDuration::ZERO,
        }
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
        let split = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(fault)?;
        let n: u32 = text[..split].parse().map_err(|_| fault())?;
        if n > MOST {
            return Err(fault());
        }
        match &text[split..] {
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
