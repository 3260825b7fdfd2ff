//! What the state says about a year: `config/calendar/cn-2026.toml`.
//!
//! Invariant: facts are read, never computed; whether they contradict themselves is judged by `Calendar::new`.

use serde::{Deserialize, Serialize};

use super::Date;

/// The facts of one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearFacts {
    /// Which year.
    pub year: i16,
    /// How sure they are.
    pub status: Status,
    /// Where they come from, for people.
    pub source: String,
    /// The public holidays.
    pub holiday: Vec<Holiday>,
    /// Saturdays and Sundays that are worked (调休).
    pub work: Vec<Date>,
}

/// How sure the facts of a year are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Published by the State Council.
    Official,
    /// Expected, not published: used in sums, but what lies in such a year is provisional.
    Provisional,
}

/// A public holiday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// 国庆节
    pub name: String,
    /// First closed day.
    pub from: Date,
    /// Last closed day.
    pub to: Date,
}
