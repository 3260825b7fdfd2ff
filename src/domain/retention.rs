//! How long what is stored stays: one number of days for each class of rows.
//!
//! Invariant: the history, the requests and everything signed are no such class: they are never deleted.

use jiff::ToSpan;

use super::Timestamp;
use super::calendar::Calendar;

/// Days by class; `None` is for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Keys of events, with what was answered.
    pub events: u32,
    /// What was said, and what became of it.
    pub messages: Option<u32>,
    /// Forms that were begun and never sent.
    pub drafts: Option<u32>,
    /// Who urged whom, who stood in for whom.
    pub traces: Option<u32>,
    /// Telephone number, title and settings of people who left.
    pub people: Option<u32>,
}

/// A class of rows that are kept for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// [`Retention::events`]
    Events,
    /// [`Retention::messages`]
    Messages,
    /// [`Retention::drafts`]
    Drafts,
    /// [`Retention::traces`]
    Traces,
    /// [`Retention::people`]
    People,
}

impl Class {
    /// All of them.
    pub const ALL: [Class; 5] = [Class::Events, Class::Messages, Class::Drafts, Class::Traces, Class::People];

    /// Its key in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Class::Events => "events",
            Class::Messages => "messages",
            Class::Drafts => "drafts",
            Class::Traces => "traces",
            Class::People => "people",
        }
    }
}

impl Default for Retention {
    /// As the configuration has it when nobody sets anything.
    fn default() -> Self {
        Self { events: 7, messages: Some(180), drafts: Some(90), traces: Some(180), people: Some(30) }
    }
}

impl Retention {
    /// Rows of a class that are older than this may go; `None`: none of them.
    pub fn before(&self, class: Class, now: Timestamp, calendar: &Calendar) -> Option<Timestamp> {
        let days = match class {
            Class::Events => Some(self.events),
            Class::Messages => self.messages,
            Class::Drafts => self.drafts,
            Class::Traces => self.traces,
            Class::People => self.people,
        }?;
        let day = calendar.date_of(now).checked_sub(i64::from(days).days()).ok()?;
        Some(calendar.at(day, jiff::civil::Time::midnight()))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Time;

    use super::*;
    use crate::domain::calendar::{Hours, QuietHours, Rules};

    #[test]
    fn what_is_kept_for_days_goes_by_whole_days_and_what_is_kept_for_ever_never() {
        let calendar = Calendar::new(Rules {
            zone: jiff::tz::TimeZone::get("Asia/Shanghai").unwrap(),
            hours: Hours::new(vec![(Time::constant(9, 0, 0, 0), Time::constant(18, 0, 0, 0))]).unwrap(),
            years: Vec::new(),
            overrides: Vec::new(),
            quiet: QuietHours::NONE,
        })
        .unwrap();
        let now: Timestamp = "2026-11-23T09:30:00+08:00".parse().unwrap();
        let kept = Retention { messages: Some(3), drafts: None, ..Retention::default() };
        let before = |class| kept.before(class, now, &calendar).map(|at| at.to_string());
        assert_eq!(before(Class::Messages).as_deref(), Some("2026-11-19T16:00:00Z"));
        assert_eq!(before(Class::Drafts), None);
    }
}
