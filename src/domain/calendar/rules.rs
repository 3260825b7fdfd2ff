//! What a calendar is built from, checked as a whole: every mistake is named at once.

use std::collections::BTreeMap;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{ToSpan, civil::date};
use serde::Deserialize;

use super::{Calendar, Date, DayKind, QuietHours};

/// The facts of one year, `config/calendar/cn-2026.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearFacts {
    /// Which year.
    pub year: i16,
    /// `official` facts were published; `provisional` ones are only expected.
    pub status: Status,
    /// Where they come from, for people.
    pub source: String,
    /// Public holidays.
    pub holiday: Vec<Holiday>,
    /// Saturdays and Sundays that are worked (调休).
    pub work: Vec<Date>,
}

/// How sure the facts of a year are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Published by the State Council.
    Official,
    /// Expected, not published.
    Provisional,
}

/// A holiday, first and last day included.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// 国庆节
    pub name: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// Working hours of a day: intervals in order, not touching each other's inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours(Vec<(Time, Time)>);

impl Hours {
    /// Checks the intervals; the fault says what is wrong.
    pub fn new(intervals: Vec<(Time, Time)>) -> Result<Self, Fault> {
        let rising = intervals.iter().all(|(from, to)| from < to);
        let apart = intervals.windows(2).all(|pair| pair[0].1 <= pair[1].0);
        match !intervals.is_empty() && rising && apart {
            true => Ok(Self(intervals)),
            false => Err(Fault::Hours),
        }
    }

    /// The intervals, half-open.
    pub fn intervals(&self) -> &[(Time, Time)] {
        &self.0
    }
}

/// A day that the company treats otherwise than the country.
#[derive(Clone, Debug)]
pub struct Override {
    /// Which day.
    pub date: Date,
    /// Worked or closed.
    pub works: bool,
    /// Why, for people.
    pub reason: String,
    /// Own hours of that day.
    pub hours: Option<Hours>,
}

/// Everything that a calendar is made of.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The company's time zone.
    pub zone: TimeZone,
    /// A normal day.
    pub hours: Hours,
    /// Known years.
    pub years: Vec<YearFacts>,
    /// The company's own days.
    pub overrides: Vec<Override>,
    /// When nobody is disturbed.
    pub quiet: QuietHours,
}

/// What is wrong with the rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Intervals overlap, run backwards, or there are none.
    #[error(
        "working hours must be one or more rising intervals that do not overlap, e.g. 09:00-12:00 and 13:00-18:00"
    )]
    Hours,
    /// A year's file holds a day of another year.
    #[error("the facts of {year} hold {date}, which is not in {year}")]
    WrongYear { year: i16, date: Date },
    /// A day is both a holiday and a make-up day.
    #[error("{0} is listed both as a holiday and as a make-up working day")]
    Both(Date),
    /// A holiday ends before it begins.
    #[error("the holiday {name} ends before it begins")]
    Backwards { name: String },
    /// Two files for one year.
    #[error("the facts of {0} are given twice")]
    Twice(i16),
    /// Two overrides of one day.
    #[error("{0} is overridden twice")]
    OverriddenTwice(Date),
}

impl Calendar {
    /// Builds a calendar, or names everything that is wrong.
    pub fn new(rules: Rules) -> Result<Calendar, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut special = BTreeMap::new();
        let mut years: Vec<i16> = Vec::new();
        for facts in &rules.years {
            if years.contains(&facts.year) {
                faults.push(Fault::Twice(facts.year));
            }
            years.push(facts.year);
            read_year(facts, &mut special, &mut faults);
        }
        let mut overridden = Vec::new();
        for day in &rules.overrides {
            if overridden.contains(&day.date) {
                faults.push(Fault::OverriddenTwice(day.date));
            }
            overridden.push(day.date);
            let reason = day.reason.clone();
            let kind = if day.works { DayKind::CompanyWorks(reason) } else { DayKind::CompanyCloses(reason) };
            special.insert(day.date, (kind, day.hours.clone()));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let known_until = known_until(&rules.years);
        Ok(Calendar { zone: rules.zone, hours: rules.hours, special, known_until, quiet: rules.quiet })
    }
}

fn read_year(
    facts: &YearFacts,
    special: &mut BTreeMap<Date, (DayKind, Option<Hours>)>,
    faults: &mut Vec<Fault>,
) {
    let year = facts.year;
    for holiday in &facts.holiday {
        if holiday.to < holiday.from {
            faults.push(Fault::Backwards { name: holiday.name.clone() });
            continue;
        }
        for day in holiday.from.series(1.day()).take_while(|day| *day <= holiday.to) {
            if day.year() != year {
                faults.push(Fault::WrongYear { year, date: day });
            }
            special.insert(day, (DayKind::Holiday(holiday.name.clone()), None));
        }
    }
    for day in &facts.work {
        if day.year() != year {
            faults.push(Fault::WrongYear { year, date: *day });
        }
        if special.insert(*day, (DayKind::MakeUp, None)).is_some() {
            faults.push(Fault::Both(*day));
        }
    }
}

/// The end of the last official year without a gap before it.
fn known_until(years: &[YearFacts]) -> Option<Date> {
    let mut official: Vec<i16> =
        years.iter().filter(|y| y.status == Status::Official).map(|y| y.year).collect();
    official.sort_unstable();
    let last = official.iter().copied().reduce(|known, year| if year == known + 1 { year } else { known })?;
    Some(date(last, 12, 31))
}
