//! What a calendar is built from, judged as a whole: every mistake is named at once.
//!
//! Invariant: a [`Calendar`] exists only without faults. The company's word goes before the state's, the state's before
//! the weekday.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::days::is_weekend;
use super::{Calendar, Date, DayKind, Hours, Interval, QuietHours, Special, Status, YearFacts};

/// Everything that a calendar is made of.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The company's time zone.
    pub zone: TimeZone,
    /// The hours of a normal day.
    pub hours: Hours,
    /// What the state says, in any order.
    pub years: Vec<YearFacts>,
    /// What the company says.
    pub overrides: Vec<Override>,
    /// When nobody is disturbed.
    pub quiet: QuietHours,
}

/// A day that the company treats in its own way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Which day.
    pub date: Date,
    /// Worked or closed, whatever else it would be.
    pub works: bool,
    /// Why, for people; may be empty.
    pub reason: String,
    /// Own hours of a worked day; the normal ones when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
}

/// A mistake in the rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A day without working hours.
    #[error("there are no working hours: give at least one interval, e.g. 09:00-12:00")]
    NoHours,
    /// An interval that ends before it begins.
    #[error("the working hours {0} end before they begin")]
    Backwards(Interval),
    /// Two intervals that share time.
    #[error("the working hours {0} and {1} overlap")]
    HoursOverlap(Interval, Interval),
    /// Two files for one year.
    #[error("the facts of {0} are given twice: keep one file of that year")]
    YearTwice(i16),
    /// A year's file holds a day of another year.
    #[error("the facts of {year} hold {date}, which is not in {year}")]
    OtherYear { year: i16, date: Date },
    /// A holiday that ends before it begins.
    #[error("the holiday `{name}` of {year} ends before it begins")]
    HolidayBackwards { year: i16, name: String },
    /// Two holidays share a day.
    #[error("{0} lies in two holidays")]
    HolidayTwice(Date),
    /// A make-up day is listed twice.
    #[error("{0} is given twice as a make-up working day")]
    MakeUpTwice(Date),
    /// A day is both a holiday and a make-up day.
    #[error("{0} is given both as a holiday and as a make-up working day")]
    OffAndWork(Date),
    /// A make-up day that is worked anyway.
    #[error("{0} is given as a make-up working day, but is no Saturday or Sunday")]
    MakeUpOnWeekday(Date),
    /// The company has two rules for one day.
    #[error("the company's own day {0} is given twice: keep one")]
    OverrideTwice(Date),
    /// A closed day with working hours.
    #[error("the company's own day {0} is closed and has working hours: leave out one of the two")]
    OffWithHours(Date),
}

impl Calendar {
    /// Builds a calendar, or names everything that is wrong with its rules.
    pub fn new(rules: Rules) -> Result<Calendar, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut special = BTreeMap::new();
        for (nth, facts) in rules.years.iter().enumerate() {
            match rules.years[..nth].iter().any(|before| before.year == facts.year) {
                true => faults.push(Fault::YearTwice(facts.year)),
                false => read_year(facts, &mut special, &mut faults),
            }
        }
        read_overrides(&rules.overrides, &mut special, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let known_until = known_until(&rules.years);
        let Rules { zone, hours, quiet, .. } = rules;
        Ok(Calendar { zone, hours, special, known_until, quiet })
    }
}

fn read_year(facts: &YearFacts, special: &mut BTreeMap<Date, Special>, faults: &mut Vec<Fault>) {
    let year = facts.year;
    for holiday in &facts.holiday {
        let strangers: Vec<_> = [holiday.from, holiday.to].into_iter().filter(|d| d.year() != year).collect();
        if holiday.to < holiday.from {
            faults.push(Fault::HolidayBackwards { year, name: holiday.name.clone() });
        } else if !strangers.is_empty() {
            faults.extend(strangers.into_iter().map(|date| Fault::OtherYear { year, date }));
        } else {
            for day in holiday.from.series(1.day()).take_while(|day| *day <= holiday.to) {
                let kind = DayKind::Holiday(holiday.name.clone());
                if special.insert(day, Special { kind, hours: None }).is_some() {
                    faults.push(Fault::HolidayTwice(day));
                }
            }
        }
    }
    for day in &facts.work {
        faults.extend(make_up_fault(year, *day, special.get(day)));
        special.entry(*day).or_insert(Special { kind: DayKind::MakeUp, hours: None });
    }
}

fn make_up_fault(year: i16, day: Date, already: Option<&Special>) -> Option<Fault> {
    match already {
        Some(there) if there.kind.is_working() => Some(Fault::MakeUpTwice(day)),
        Some(_) => Some(Fault::OffAndWork(day)),
        None if day.year() != year => Some(Fault::OtherYear { year, date: day }),
        None if !is_weekend(day) => Some(Fault::MakeUpOnWeekday(day)),
        None => None,
    }
}

fn read_overrides(own: &[Override], special: &mut BTreeMap<Date, Special>, faults: &mut Vec<Fault>) {
    for (nth, day) in own.iter().enumerate() {
        let Override { date, works, reason, hours } = day;
        if own[..nth].iter().any(|before| before.date == *date) {
            faults.push(Fault::OverrideTwice(*date));
        }
        if !works && hours.is_some() {
            faults.push(Fault::OffWithHours(*date));
        }
        let kind = match works {
            true => DayKind::CompanyWorks(reason.clone()),
            false => DayKind::CompanyCloses(reason.clone()),
        };
        special.insert(*date, Special { kind, hours: hours.clone() });
    }
}

/// The end of the last official year that has no gap before it.
fn known_until(years: &[YearFacts]) -> Option<Date> {
    let mut official: Vec<i16> =
        years.iter().filter(|facts| facts.status == Status::Official).map(|facts| facts.year).collect();
    official.sort_unstable();
    let last = official.into_iter().reduce(|known, year| if year - 1 == known { year } else { known })?;
    Some(date(last, 12, 31))
}
