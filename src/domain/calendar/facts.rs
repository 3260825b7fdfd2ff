//! What the state says about a year: `config/calendar/cn-2026.toml`.
//!
//! Invariant: facts are read, never computed; whether they contradict themselves is judged by `Calendar::new`.

use serde::{Deserialize, Serialize};

use super::{Date, Lang};

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
    /// The holidays with their make-up days.
    #[serde(default)]
    pub holiday: Vec<Holiday>,
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

/// A holiday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// What people call it.
    pub name: HolidayName,
    /// First closed day.
    pub from: Date,
    /// Last closed day.
    pub to: Date,
    /// Saturdays and Sundays that are worked for it (调休).
    #[serde(default)]
    pub work: Vec<Date>,
}

/// The name of a holiday in every language that we speak.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayName {
    /// 国庆节
    pub zh: String,
    /// National Day
    pub en: String,
}

impl HolidayName {
    /// For a reader of that language.
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}
