//! The working calendar: which days and hours count, and where a span of working time ends.
//!
//! Invariants: `add` and what `/why` shows are one code path ([`Calendar::trace`]); a day is either working or closed
//! with a reason; nothing here loops longer than [`FARTHEST`] days.

use std::collections::BTreeMap;

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

use super::{Date, Timestamp};

mod quiet;
mod rules;
mod span;
#[cfg(test)]
mod tests;

pub use quiet::QuietHours;
pub use rules::{Fault, Hours, Override, Rules, YearFacts};
pub use span::{Span, SpanFault};

/// No deadline lies farther away than this many days; sums end there.
pub const FARTHEST: i32 = 10_000;

/// What a day is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// Monday to Friday, nothing special.
    Working,
    /// A Saturday or Sunday that is worked (调休).
    MakeUp,
    /// The company works although it would be closed, with its reason.
    CompanyWorks(String),
    /// Saturday or Sunday.
    Weekend,
    /// A public holiday, by name.
    Holiday(String),
    /// The company is closed, with its reason.
    CompanyCloses(String),
}

impl DayKind {
    /// Whether people work.
    pub fn is_working(&self) -> bool {
        matches!(self, DayKind::Working | DayKind::MakeUp | DayKind::CompanyWorks(_))
    }
}

/// The calendar of one company. Built by [`Calendar::new`], which names every mistake.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    hours: Hours,
    special: BTreeMap<Date, (DayKind, Option<Hours>)>,
    known_until: Option<Date>,
    quiet: QuietHours,
}

/// A sum replayed: how a span of working time came to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The instant it was asked for.
    pub from: Timestamp,
    /// Where counting really began.
    pub counted_from: Timestamp,
    /// Closed days on the way.
    pub skipped: Vec<(Date, DayKind)>,
    /// Where it ends.
    pub due: Timestamp,
    /// The end lies beyond the days for which holidays are known.
    pub provisional: bool,
}

impl Calendar {
    /// The company's time zone.
    pub fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The last day for which holidays are known; `None` without any facts.
    pub fn known_until(&self) -> Option<Date> {
        self.known_until
    }

    /// Whether an instant lies beyond the known holidays.
    pub fn provisional(&self, at: Timestamp) -> bool {
        self.known_until.is_none_or(|known| self.date_of(at) > known)
    }

    /// The day of an instant.
    pub fn date_of(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// A time of a day; in a gap of summer time the first moment after it, in a repeat the first.
    pub fn at(&self, date: Date, time: Time) -> Timestamp {
        let zoned = date.to_datetime(time).to_zoned(self.zone.clone());
        zoned.map_or(Timestamp::MAX, |z| z.timestamp())
    }

    /// What a day is.
    pub fn day_kind(&self, date: Date) -> DayKind {
        match self.special.get(&date) {
            Some((kind, _)) => kind.clone(),
            None if matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) => DayKind::Weekend,
            None => DayKind::Working,
        }
    }

    /// Whether people work that day.
    pub fn is_working_day(&self, date: Date) -> bool {
        match self.special.get(&date) {
            Some((kind, _)) => kind.is_working(),
            None => !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
        }
    }

    /// The hours of a day, empty when it is closed.
    fn hours_of(&self, date: Date) -> &[(Time, Time)] {
        if !self.is_working_day(date) {
            return &[];
        }
        let own = self.special.get(&date).and_then(|(_, hours)| hours.as_ref());
        own.unwrap_or(&self.hours).intervals()
    }

    /// Whether people work at that instant. A closing time is outside.
    pub fn is_working_time(&self, at: Timestamp) -> bool {
        let local = at.to_zoned(self.zone.clone());
        self.hours_of(local.date()).iter().any(|(from, to)| (*from..*to).contains(&local.time()))
    }

    /// The instant itself in working time, else the next moment of working time.
    pub fn next_opening(&self, at: Timestamp) -> Timestamp {
        let local = at.to_zoned(self.zone.clone());
        let mut date = local.date();
        for (from, to) in self.hours_of(date) {
            if local.time() < *to {
                return if local.time() < *from { self.at(date, *from) } else { at };
            }
        }
        for _ in 0..FARTHEST {
            date = next(date);
            if let Some((from, _)) = self.hours_of(date).first() {
                return self.at(date, *from);
            }
        }
        Timestamp::MAX
    }

    /// The end of a working day; of a closed day, the end of the next working one.
    pub fn closing_of(&self, date: Date) -> Timestamp {
        let date = self.working_day_or_next(date);
        self.hours_of(date).last().map_or(Timestamp::MAX, |(_, to)| self.at(date, *to))
    }

    /// The day itself when it is worked, else the next one that is.
    pub fn working_day_or_next(&self, date: Date) -> Date {
        let mut day = date;
        for _ in 0..FARTHEST {
            if self.is_working_day(day) {
                return day;
            }
            day = next(day);
        }
        day
    }

    /// `n` working days on (or back, when negative).
    pub fn add_working_days(&self, date: Date, n: i32) -> Date {
        let step = |d: Date| if n < 0 { previous(d) } else { next(d) };
        let mut day = date;
        let mut left = n.unsigned_abs();
        for _ in 0..FARTHEST {
            if left == 0 {
                break;
            }
            day = step(day);
            left -= u32::from(self.is_working_day(day));
        }
        day
    }

    /// Where a span that begins at `from` ends.
    pub fn add(&self, from: Timestamp, span: Span) -> Timestamp {
        self.walk(from, span, &mut |_| ()).1
    }

    /// The same sum with everything that went into it.
    pub fn trace(&self, from: Timestamp, span: Span) -> Trace {
        let mut skipped = Vec::new();
        let mut note = |date| skipped.push((date, self.day_kind(date)));
        let (counted_from, due) = self.walk(from, span, &mut note);
        Trace { from, counted_from, skipped, due, provisional: self.provisional(due) }
    }

    /// Where a span that ends at `until` begins.
    pub fn before(&self, until: Timestamp, span: Span) -> Timestamp {
        match span {
            Span::Min(_) | Span::H(_) => until.saturating_sub(span.wall()).unwrap_or(Timestamp::MIN),
            Span::Wd(days) => {
                let local = until.to_zoned(self.zone.clone());
                let back = i32::try_from(days).unwrap_or(FARTHEST).min(FARTHEST);
                self.at(self.add_working_days(local.date(), -back), local.time())
            }
            Span::Dh(_) => self.back(until, span.wall(), &|date| self.whole_day(date)),
            Span::Wh(_) => self.back(until, span.wall(), &|date| self.worked(date)),
        }
    }

    /// Milliseconds of a span's own kind of time between two instants: wall clock, working days, or working hours.
    pub fn elapsed(&self, from: Timestamp, to: Timestamp, unit: Span) -> i64 {
        let inside = |pieces: Vec<(Timestamp, Timestamp)>| -> i64 {
            let clipped = pieces.into_iter().map(|(a, b)| (a.max(from), b.min(to)));
            clipped.map(|(a, b)| (b.as_millisecond() - a.as_millisecond()).max(0)).sum()
        };
        if matches!(unit, Span::Min(_) | Span::H(_)) {
            return to.as_millisecond() - from.as_millisecond();
        }
        let (mut date, last) = (self.date_of(from), self.date_of(to));
        let mut sum = 0;
        for _ in 0..FARTHEST {
            if date > last {
                break;
            }
            sum += match unit {
                Span::Dh(_) => inside(self.whole_day(date)),
                Span::Min(_) | Span::H(_) | Span::Wh(_) | Span::Wd(_) => inside(self.worked(date)),
            };
            date = next(date);
        }
        sum
    }

    /// Company rule: the window of quiet hours, and every closed day.
    pub fn is_quiet(&self, at: Timestamp) -> bool {
        let local = at.to_zoned(self.zone.clone());
        !self.is_working_day(local.date()) || self.quiet.covers(local.time())
    }

    /// The instant itself, or the next opening of working time when it falls into quiet hours.
    pub fn after_quiet(&self, at: Timestamp) -> Timestamp {
        if self.is_quiet(at) { self.next_opening(at) } else { at }
    }

    /// The instant itself, or the end of a person's own quiet hours.
    pub fn after_own_quiet(&self, own: &QuietHours, at: Timestamp) -> Timestamp {
        let local = at.to_zoned(self.zone.clone());
        match own.end_after(local.time()) {
            None => at,
            Some((time, 0)) => self.at(local.date(), time),
            Some((time, _)) => self.at(next(local.date()), time),
        }
    }

    /// Walks a span forward: where counting began and where it ends; `skip` hears of closed days on the way.
    fn walk(&self, from: Timestamp, span: Span, skip: &mut dyn FnMut(Date)) -> (Timestamp, Timestamp) {
        match span {
            Span::Min(_) | Span::H(_) => (from, from.saturating_add(span.wall()).unwrap_or(Timestamp::MAX)),
            Span::Dh(_) => self.forth(from, span.wall(), (&|date| self.whole_day(date), skip)),
            Span::Wh(_) => self.forth(from, span.wall(), (&|date| self.worked(date), skip)),
            Span::Wd(days) => {
                let start = self.next_opening(from);
                let local = start.to_zoned(self.zone.clone());
                let mut date = self.date_of(from);
                let on = i32::try_from(days).unwrap_or(FARTHEST).min(FARTHEST);
                let end = self.add_working_days(local.date(), on);
                while date < end {
                    if !self.is_working_day(date) {
                        skip(date);
                    }
                    date = next(date);
                }
                (start, self.next_opening(self.at(end, local.time())))
            }
        }
    }

    /// Uses up `left` in the pieces of each day from `from` on.
    fn forth(
        &self,
        from: Timestamp,
        mut left: SignedDuration,
        (pieces, skip): (&dyn Fn(Date) -> Vec<(Timestamp, Timestamp)>, &mut dyn FnMut(Date)),
    ) -> (Timestamp, Timestamp) {
        let mut date = self.date_of(from);
        let mut began = None;
        for _ in 0..FARTHEST {
            let today = pieces(date);
            if today.is_empty() {
                skip(date);
            }
            for (start, end) in today {
                let start = start.max(from);
                if start >= end {
                    continue;
                }
                let began = *began.get_or_insert(start);
                let room = end.duration_since(start);
                if left < room || (left == room && left.is_zero()) {
                    return (began, start.saturating_add(left).unwrap_or(Timestamp::MAX));
                }
                if left == room {
                    return (began, end);
                }
                left -= room;
            }
            date = next(date);
        }
        (began.unwrap_or(from), Timestamp::MAX)
    }

    /// The same backwards.
    fn back(
        &self,
        until: Timestamp,
        mut left: SignedDuration,
        pieces: &dyn Fn(Date) -> Vec<(Timestamp, Timestamp)>,
    ) -> Timestamp {
        let mut date = self.date_of(until);
        for _ in 0..FARTHEST {
            for (start, end) in pieces(date).into_iter().rev() {
                let end = end.min(until);
                if start >= end {
                    continue;
                }
                let room = end.duration_since(start);
                if left <= room {
                    return end.saturating_sub(left).unwrap_or(Timestamp::MIN);
                }
                left -= room;
            }
            date = previous(date);
        }
        Timestamp::MIN
    }

    /// A working day from midnight to midnight; nothing on a closed one.
    fn whole_day(&self, date: Date) -> Vec<(Timestamp, Timestamp)> {
        if !self.is_working_day(date) {
            return Vec::new();
        }
        vec![(self.at(date, Time::midnight()), self.at(next(date), Time::midnight()))]
    }

    /// The working hours of a day as instants.
    fn worked(&self, date: Date) -> Vec<(Timestamp, Timestamp)> {
        self.hours_of(date).iter().map(|(from, to)| (self.at(date, *from), self.at(date, *to))).collect()
    }
}

fn next(date: Date) -> Date {
    date.checked_add(1.day()).unwrap_or(Date::MAX)
}

fn previous(date: Date) -> Date {
    date.checked_sub(1.day()).unwrap_or(Date::MIN)
}
