//! How much somebody hears: what goes out at once, and what waits for a digest.
//!
//! Invariants: nothing is held longer than until a digest of the next working day that has one; what is urgent, and the
//! answer to what somebody said, is neither held nor counted; whoever has digests hears at most `most` counted messages
//! a day, because every message leaves room for the digests that are still to come.

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::change::{Notice, Preferences, To, What};
use super::obligation::SOON;
use super::policy::Rung;
use super::{Date, Timestamp};

#[cfg(test)]
mod tests;

/// The company's rule: `[quiet]` of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caps {
    /// Counted messages a person and day, digests included; at least one.
    pub per_day: u32,
    /// When digests are said on working days, rising.
    pub digests: Vec<Time>,
    /// What becomes of news where nobody has chosen otherwise.
    pub news: News,
}

/// What becomes of messages that ask nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// They wait for the next digest.
    Digest,
    /// Nothing is held, whatever it is.
    AtOnce,
}

/// What a notice is to whoever reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Urgent, or the answer to what was said, or for a group: neither held nor counted.
    Free,
    /// It asks something of the reader: held only over the cap.
    Question,
    /// It tells something: waits for a digest.
    News,
}

impl Class {
    /// What a notice is.
    pub fn of(notice: &Notice) -> Class {
        if notice.urgent || !matches!(notice.to, To::Person(_)) {
            return Class::Free;
        }
        match &notice.what {
            What::Asked { .. }
            | What::Step { .. }
            | What::Urged { .. }
            | What::Revised { .. }
            | What::Merged(_)
            | What::Promised { .. }
            | What::Nudge { .. }
            | What::RiskFired { .. } => Class::Question,
            What::Trouble { news, obligation, .. } => match obligation.is_some() || asks(news) {
                true => Class::Question,
                false => Class::News,
            },
            What::News { .. } | What::Digest(_) => Class::News,
            // Trouble with the service itself, and with reaching people, is for now; so is who stands in for whom.
            What::Undeliverable { .. }
            | What::Alarm { .. }
            | What::Note { .. }
            | What::Answer(_)
            | What::Evening { .. }
            | What::Refresh { .. } => Class::Free,
        }
    }

    /// The name in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Class::Free => "free",
            Class::Question => "question",
            Class::News => "news",
        }
    }
}

/// Whether it is a reminder that comes after its time, and wakes nobody.
pub fn is_late_reminder(notice: &Notice) -> bool {
    let rung = match &notice.what {
        What::Step { rung, .. } => Some(*rung),
        What::Trouble { rung, .. } => *rung,
        _ => None,
    };
    notice.late && Class::of(notice) == Class::Question && rung == Some(Rung::Remind)
}

/// News of an issue that cannot wait for a digest: it has just come, or it waits for the reader's word.
fn asks(news: &str) -> bool {
    matches!(news, "alert" | "resolved" | "reopened")
}

/// How much one person wants to hear.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// When digests are said, rising; none: nothing is held.
    pub digests: Vec<Time>,
    /// Counted messages a day.
    pub most: u32,
}

/// When something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At once.
    Now,
    /// With the digest of that moment.
    At(Timestamp),
}

impl Wishes {
    /// The company's rule as far as the person has not chosen otherwise. A cap above the company's is the company's.
    pub fn of(caps: &Caps, own: Option<&Preferences>) -> Wishes {
        let digests = match (own.and_then(|p| p.digest), caps.news) {
            (Some(Digests::Off), _) | (None, News::AtOnce) => Vec::new(),
            (Some(Digests::Both), _) | (None, News::Digest) => caps.digests.clone(),
            (Some(Digests::Once(time)), _) => vec![time],
        };
        let most = own.and_then(|p| p.most).unwrap_or(caps.per_day).min(caps.per_day).max(1);
        Wishes { digests, most }
    }

    /// When a notice of this class is said to somebody who heard `heard` counted messages today.
    pub fn when(&self, class: Class, heard: u32, (now, calendar): (Timestamp, &Calendar)) -> When {
        let free = class == Class::Free || self.digests.is_empty();
        if free || (class == Class::Question && self.has_room(heard, (now, calendar))) {
            return When::Now;
        }
        self.next_digest(now, calendar).map_or(When::Now, When::At)
    }

    /// When a late reminder is said: with a digest that is about to come, else as any question.
    pub fn when_late(&self, heard: u32, (now, calendar): (Timestamp, &Calendar)) -> When {
        let soon = self.next_digest(now, calendar).filter(|at| at.duration_since(now) < SOON);
        soon.map_or_else(|| self.when(Class::Question, heard, (now, calendar)), When::At)
    }

    /// When a digest whose time has come is said: at once, or with the next where the day is full.
    pub fn digest(&self, heard: u32, (now, calendar): (Timestamp, &Calendar)) -> When {
        if self.digests.is_empty() || self.has_room(heard, (now, calendar)) {
            return When::Now;
        }
        self.next_digest(now, calendar).map_or(When::Now, When::At)
    }

    /// Whether one message more leaves room for today's digests to come.
    fn has_room(&self, heard: u32, (now, calendar): (Timestamp, &Calendar)) -> bool {
        let to_come = self.on(calendar.date_of(now), calendar).filter(|at| *at > now).count();
        heard.saturating_add(u32::try_from(to_come).unwrap_or(u32::MAX)) < self.most
    }

    /// The first digest after `now`; `None` only where there are none.
    fn next_digest(&self, now: Timestamp, calendar: &Calendar) -> Option<Timestamp> {
        let today = calendar.date_of(now);
        let next = self.on(today, calendar).find(|at| *at > now);
        next.or_else(|| self.on(calendar.add_working_days(today, 1), calendar).find(|at| *at > now))
    }

    fn on<'a>(&'a self, day: Date, calendar: &'a Calendar) -> impl Iterator<Item = Timestamp> + 'a {
        let times = if calendar.is_working_day(day) { self.digests.as_slice() } else { &[] };
        times.iter().map(move |time| calendar.at(day, *time))
    }
}

/// A person's own choice of digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Digests {
    /// All of the company's.
    Both,
    /// One, at this time.
    Once(Time),
    /// None: everything at once.
    Off,
}

impl std::str::FromStr for Digests {
    type Err = String;

    /// `both`, `off` or `17:00`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "both" => Ok(Digests::Both),
            "off" => Ok(Digests::Off),
            time => time_of(time).map(Digests::Once).ok_or_else(|| format!("`{text}` is no digest")),
        }
    }
}

impl std::fmt::Display for Digests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Digests::Both => f.write_str("both"),
            Digests::Off => f.write_str("off"),
            Digests::Once(time) => f.write_str(&written(*time)),
        }
    }
}

impl TryFrom<String> for Digests {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Digests> for String {
    fn from(digests: Digests) -> String {
        digests.to_string()
    }
}

/// `17:00` → the time of day.
pub fn time_of(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':').filter(|(_, minute)| minute.len() == 2)?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// The time of day as `17:00`.
pub fn written(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
