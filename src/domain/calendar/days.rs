//! Questions about days: what a day is, which day is the n-th working day on, until when holidays are known.
//!
//! Invariant: at the first and the last day that a calendar can write, steps stay where they are.

use jiff::ToSpan;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

use super::{Calendar, Date, FARTHEST, Interval, Span, Timestamp};

/// `doctor` warns when the known holidays end within so many days.
const RUNS_OUT_DAYS: i32 = 60;

/// What a day is, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// Monday to Friday, nothing special.
    Working,
    /// A Saturday or Sunday that is worked (调休).
    MakeUp,
    /// Worked because the company says so; its reason.
    CompanyWorks(String),
    /// Saturday or Sunday.
    Weekend,
    /// A public holiday, by name.
    Holiday(String),
    /// Closed because the company says so; its reason.
    CompanyCloses(String),
}

impl DayKind {
    /// Whether people work.
    pub fn is_working(&self) -> bool {
        match self {
            DayKind::Working | DayKind::MakeUp | DayKind::CompanyWorks(_) => true,
            DayKind::Weekend | DayKind::Holiday(_) | DayKind::CompanyCloses(_) => false,
        }
    }
}

impl Calendar {
    /// The company's time zone.
    pub fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    /// What a day is.
    pub fn day_kind(&self, date: Date) -> DayKind {
        match self.special.get(&date) {
            Some(special) => special.kind.clone(),
            None if !is_weekend(date) => DayKind::Working,
            None => DayKind::Weekend,
        }
    }

    /// Whether people work that day.
    pub fn is_working_day(&self, date: Date) -> bool {
        match self.special.get(&date) {
            Some(special) => special.kind.is_working(),
            None => !is_weekend(date),
        }
    }

    /// The working hours of a day; none on a closed one.
    pub fn hours_of(&self, date: Date) -> &[Interval] {
        match self.special.get(&date) {
            Some(special) if special.kind.is_working() => {
                special.hours.as_ref().unwrap_or(&self.hours).intervals()
            }
            None if !is_weekend(date) => self.hours.intervals(),
            Some(_) | None => &[],
        }
    }

    /// The day itself when it is worked, else the next one that is.
    pub fn working_day_or_next(&self, date: Date) -> Date {
        self.first_working_day(date, next)
    }

    /// The n-th working day after a day, or before it when negative; the day itself, worked or not, for 0.
    pub fn add_working_days(&self, date: Date, n: i32) -> Date {
        let step = if n < 0 { previous } else { next };
        let steps = usize::try_from(n.unsigned_abs()).unwrap_or(FARTHEST).min(FARTHEST);
        (0..steps).fold(date, |day, _| self.first_working_day(step(day), step))
    }

    /// The first day from `date` on that is worked, in the direction of `step`.
    pub(super) fn first_working_day(&self, date: Date, step: fn(Date) -> Date) -> Date {
        let mut day = date;
        for _ in 0..FARTHEST {
            if self.is_working_day(day) {
                break;
            }
            day = step(day);
        }
        day
    }

    /// A time of the working day that lies so many working days from that of `due`; 0 is the very day.
    pub fn at_clock(&self, due: Timestamp, days: i32, time: Time) -> Timestamp {
        self.at(self.add_working_days(self.date_of(due), days), time)
    }

    /// How many working days lie between two days, the later one counted: 0 when there is none, or nothing between.
    pub fn working_days_between(&self, from: Date, to: Date) -> i32 {
        let days = from.series(1.day()).skip(1).take_while(|day| *day <= to).take(FARTHEST);
        i32::try_from(days.filter(|day| self.is_working_day(*day)).count()).unwrap_or(i32::MAX)
    }

    /// The same as a span, at least one working day: what a plan allowed.
    pub fn working_days_until(&self, from: Timestamp, due: Timestamp) -> Span {
        let days = self.working_days_between(self.date_of(from), self.date_of(due));
        Span::Wd(u32::try_from(days).unwrap_or(1).max(1))
    }

    /// Every day of a year with what it is; nothing for a year that cannot be written.
    pub fn days_of_year(&self, year: i16) -> impl Iterator<Item = (Date, DayKind)> {
        let first = Date::new(year, 1, 1).ok();
        let days = first.into_iter().flat_map(|day| day.series(1.day()));
        days.take_while(move |day| day.year() == year).map(|day| (day, self.day_kind(day)))
    }

    /// The last day for which the state's holidays are known; `None` without any official year.
    pub fn known_until(&self) -> Option<Date> {
        self.known_until
    }

    /// Whether an instant lies beyond the known holidays, so that a deadline there may still move.
    pub fn provisional(&self, at: Timestamp) -> bool {
        self.known_until.is_none_or(|known| self.date_of(at) > known)
    }

    /// Whether the known holidays end within 60 days, or have ended: time for the next year's file.
    pub fn runs_out(&self, today: Date) -> bool {
        let watched = today.saturating_add(RUNS_OUT_DAYS.days());
        self.known_until.is_none_or(|known| watched > known)
    }
}

/// Saturday or Sunday.
pub(super) fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

pub(super) fn next(date: Date) -> Date {
    date.tomorrow().unwrap_or(Date::MAX)
}

pub(super) fn previous(date: Date) -> Date {
    date.yesterday().unwrap_or(Date::MIN)
}
