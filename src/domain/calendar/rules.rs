//! What a calendar is built from, judged as a whole: every mistake is named at once.
//!
//! Invariant: a [`Calendar`] exists only without faults. The company's word goes before the state's, the state's before
//! the weekday.

use std::collections::BTreeMap;
use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Weekday, date};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{Calendar, Date, DayKind, Hours, Interval, QuietHours, Special, Status, YearFacts};

/// Everything that a calendar is made of.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The company's time zone.
    pub zone: TimeZone,
    /// The days of a normal week.
    pub week: Week,
    /// The hours of a normal day.
    pub hours: Hours,
    /// What the state says, in any order.
    pub years: Vec<YearFacts>,
    /// What the company says.
    pub overrides: Vec<Override>,
    /// When nobody is disturbed.
    pub quiet: QuietHours,
}

/// The days of a week that are worked: `["mon", "tue", "wed", "thu", "fri"]`, which is also the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<DayOfWeek>", into = "Vec<DayOfWeek>")]
pub struct Week([bool; 7]);

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum DayOfWeek {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

const WEEK: [DayOfWeek; 7] = {
    use DayOfWeek::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    [Mon, Tue, Wed, Thu, Fri, Sat, Sun]
};

impl Week {
    /// Whether such a day is worked.
    pub fn works(self, day: Weekday) -> bool {
        self.0[usize::from(day.to_monday_zero_offset().unsigned_abs()) % 7]
    }
}

impl Default for Week {
    fn default() -> Self {
        Week([true, true, true, true, true, false, false])
    }
}

impl From<Vec<DayOfWeek>> for Week {
    fn from(days: Vec<DayOfWeek>) -> Self {
        Week(WEEK.map(|day| days.iter().any(|d| *d as u8 == day as u8)))
    }
}

impl From<Week> for Vec<DayOfWeek> {
    fn from(week: Week) -> Self {
        WEEK.into_iter().zip(week.0).filter_map(|(day, works)| works.then_some(day)).collect()
    }
}

/// A day that the company treats in its own way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Which day.
    pub date: Date,
    /// Closed or worked.
    pub day: OverrideDay,
    /// Why, for people.
    pub reason: String,
    /// Own hours of a worked day; the normal ones when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
}

/// The two signs of an override.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OverrideDay {
    /// Closed, whatever else it would be.
    Off,
    /// Worked, whatever else it would be.
    Work,
}

/// A mistake in the rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("no day of the week is worked: name at least one, e.g. [\"mon\", \"tue\"]")]
    EmptyWeek,
    #[error("a normal day has no working hours: give at least one interval, e.g. 09:00-12:00")]
    NoHours,
    #[error("the working hours {0} and {1} of a normal day overlap")]
    HoursOverlap(Interval, Interval),
    #[error("the facts of {0} are given twice: keep one file of that year")]
    YearTwice(i16),
    #[error("the facts of {year} hold {date}, which is in another year")]
    OtherYear { year: i16, date: Date },
    #[error("the holiday `{name}` of {year} ends before it begins")]
    HolidayBackwards { year: i16, name: String },
    #[error("{0} lies in two holidays")]
    HolidayTwice(Date),
    #[error("{0} is given twice as a make-up working day")]
    MakeUpTwice(Date),
    #[error("{0} is given both as a holiday and as a make-up working day")]
    OffAndWork(Date),
    #[error("{0} is given as a make-up working day, but is no Saturday or Sunday")]
    MakeUpOnWeekday(Date),
    #[error("the company's own day {0} is given twice, once as {1} and once as {2}: keep one")]
    OverrideTwice(Date, OverrideDay, OverrideDay),
    #[error("the company's own day {0} has no reason: write one, people will ask")]
    OverrideWithoutReason(Date),
    #[error("the company's own day {0} is closed and has working hours: leave out one of the two")]
    OffWithHours(Date),
    #[error("the company's own day {0} is worked, but its list of hours is empty: fill it or leave it out")]
    OverrideNoHours(Date),
    #[error("the working hours {1} and {2} of the company's own day {0} overlap")]
    OverrideHoursOverlap(Date, Interval, Interval),
}

impl fmt::Display for OverrideDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OverrideDay::Off => "off",
            OverrideDay::Work => "work",
        })
    }
}

impl Calendar {
    /// Builds a calendar, or names everything that is wrong with its rules.
    pub fn new(rules: Rules) -> Result<Calendar, Vec<Fault>> {
        let mut faults = Vec::new();
        if rules.week == Week([false; 7]) {
            faults.push(Fault::EmptyWeek);
        }
        if rules.hours.intervals().is_empty() {
            faults.push(Fault::NoHours);
        }
        faults.extend(overlaps(&rules.hours).map(|(a, b)| Fault::HoursOverlap(a, b)));
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
        let Rules { zone, week, hours, quiet, .. } = rules;
        Ok(Calendar { zone, week, hours, special, known_until, quiet })
    }
}

fn overlaps(hours: &Hours) -> impl Iterator<Item = (Interval, Interval)> {
    hours.intervals().windows(2).filter(|pair| pair[0].overlaps(pair[1])).map(|pair| (pair[0], pair[1]))
}

fn read_year(facts: &YearFacts, special: &mut BTreeMap<Date, Special>, faults: &mut Vec<Fault>) {
    let year = facts.year;
    for holiday in &facts.holiday {
        let strangers: Vec<_> = [holiday.from, holiday.to].into_iter().filter(|d| d.year() != year).collect();
        if holiday.to < holiday.from {
            faults.push(Fault::HolidayBackwards { year, name: holiday.name.zh.clone() });
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
    // After all holidays: a make-up day of one may wrongly lie in another.
    for holiday in &facts.holiday {
        for day in &holiday.work {
            let kind = DayKind::MakeUp(holiday.name.clone());
            faults.extend(make_up_fault(year, *day, special.get(day)));
            special.entry(*day).or_insert(Special { kind, hours: None });
        }
    }
}

fn make_up_fault(year: i16, day: Date, already: Option<&Special>) -> Option<Fault> {
    match already {
        Some(there) if there.kind.is_working() => Some(Fault::MakeUpTwice(day)),
        Some(_) => Some(Fault::OffAndWork(day)),
        None if day.year() != year => Some(Fault::OtherYear { year, date: day }),
        None if Week::default().works(day.weekday()) => Some(Fault::MakeUpOnWeekday(day)),
        None => None,
    }
}

fn read_overrides(own: &[Override], special: &mut BTreeMap<Date, Special>, faults: &mut Vec<Fault>) {
    for (nth, day) in own.iter().enumerate() {
        let Override { date, day: sign, reason, hours } = day;
        if let Some(first) = own[..nth].iter().find(|before| before.date == *date) {
            faults.push(Fault::OverrideTwice(*date, first.day, *sign));
        }
        if reason.trim().is_empty() {
            faults.push(Fault::OverrideWithoutReason(*date));
        }
        let kind = match sign {
            OverrideDay::Off => DayKind::CompanyOff(reason.clone()),
            OverrideDay::Work => DayKind::CompanyWork(reason.clone()),
        };
        match (sign, hours) {
            (OverrideDay::Off, Some(_)) => faults.push(Fault::OffWithHours(*date)),
            (OverrideDay::Work, Some(hours)) if hours.intervals().is_empty() => {
                faults.push(Fault::OverrideNoHours(*date));
            }
            (OverrideDay::Work, Some(hours)) => {
                faults.extend(overlaps(hours).map(|(a, b)| Fault::OverrideHoursOverlap(*date, a, b)));
            }
            (OverrideDay::Off | OverrideDay::Work, None) => {}
        }
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
