//! Adding a span to an instant, taking one away, and replaying the sum for `/why`.
//!
//! How each unit counts:
//! - `min`, `h`: on the wall clock, closed days and nights included.
//! - `dh`: every working day from midnight to midnight is 24 hours, nights included; closed days are nothing. Opened on
//!   a closed day it counts from 00:00 of the next working day. The end lies on a working day: what is opened on Friday
//!   at 00:00 with 24dh ends on Monday at 00:00, not on Saturday.
//! - `wh`: only within working hours. The end is the earliest moment at which so many have passed: three from 15:00 end
//!   at 18:00, not at 09:00 of the next day.
//! - `wd`: the same time of day, n working days on. Opened outside working time it counts from the next opening; an end
//!   outside working time (days differ) moves to the next opening. A closing time still belongs to its day, so a day
//!   after the deadline Monday 18:00 is Tuesday 18:00; one second later counts from Tuesday's opening.
//!
//! So 24dh and 1wd are the same for what is opened in working time and differ outside of it: opened at 20:00, 24dh ends
//! at 20:00 of the next working day, 1wd at 09:00 of the one after.
//!
//! Invariant: what is opened later is never due earlier, and a longer span of one unit never ends earlier.

use jiff::{SignedDuration, ToSpan};

use super::days::{next, previous};
use super::interval::DAY;
use super::local::Local;
use super::{Calendar, Date, DayKind, FARTHEST, Interval, Span, Timestamp, Unit};

/// A sum replayed: how a span came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The instant it was asked for.
    pub from: Timestamp,
    /// What was added.
    pub span: Span,
    /// Where counting really began: later than `from` when that lay outside the time that the unit counts.
    pub counted_from: Timestamp,
    /// The closed days on the way, in order, and why; none for wall clock units, which count them.
    pub skipped: Vec<(Date, DayKind)>,
    /// Where it ends.
    pub due: Timestamp,
    /// The end lies beyond the known holidays.
    pub provisional: bool,
}

/// What a unit counts on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// All of a working day.
    Days,
    /// Its working hours.
    Hours,
}

impl Calendar {
    /// Where a span that begins at `from` ends. Nothing at all ends at once.
    pub fn add(&self, from: Timestamp, span: Span) -> Timestamp {
        self.count(from, span).1
    }

    /// The same sum with everything that went into it.
    pub fn trace(&self, from: Timestamp, span: Span) -> Trace {
        let (counted_from, due) = self.count(from, span);
        let skipped = match span.unit() {
            Unit::Min | Unit::H => Vec::new(),
            Unit::Dh | Unit::Wh | Unit::Wd => self.closed_days(self.date_of(from), self.date_of(due)),
        };
        Trace { from, span, counted_from, skipped, due, provisional: self.provisional(due) }
    }

    /// Where a span that ends at `until` begins: `add` mirrored. `1wd` before a closing time is the closing time before.
    pub fn before(&self, until: Timestamp, span: Span) -> Timestamp {
        let (at, left) = (self.local(until), span.nanos());
        let begin = match span.unit() {
            _ if left == 0 => return until,
            Unit::Min | Unit::H => {
                return until.saturating_sub(SignedDuration::from_nanos(left)).unwrap_or(Timestamp::MIN);
            }
            Unit::Dh => self.backward(at, left, Measure::Days),
            Unit::Wh => self.backward(at, left, Measure::Hours),
            Unit::Wd => self.worked_before(self.backward(self.worked_before(at), left, Measure::Days)),
        };
        self.instant(begin)
    }

    /// Where counting begins, and where it ends.
    fn count(&self, from: Timestamp, span: Span) -> (Timestamp, Timestamp) {
        let left = span.nanos();
        let opened = self.local(from);
        let start = match span.unit() {
            _ if left == 0 => return (from, from),
            Unit::Min | Unit::H => {
                return (
                    from,
                    from.saturating_add(SignedDuration::from_nanos(left)).unwrap_or(Timestamp::MAX),
                );
            }
            Unit::Dh => self.opening(opened, Measure::Days),
            Unit::Wh => self.opening(opened, Measure::Hours),
            Unit::Wd => self.worked_after(opened),
        };
        let counted_from = if start == opened { from } else { self.instant(start) };
        (counted_from, self.instant(self.run(start, left, span.unit())).max(counted_from))
    }

    /// Lets `left` of a unit's own time pass, and moves the end to where the unit wants it.
    pub(super) fn run(&self, start: Local, left: i64, unit: Unit) -> Local {
        match unit {
            Unit::Wh => self.forward(start, left, Measure::Hours),
            Unit::Wd => self.worked_after(self.forward(start, left, Measure::Days)),
            Unit::Dh | Unit::Min | Unit::H => self.forward(start, left, Measure::Days),
        }
    }

    /// The parts of a day that count.
    pub(super) fn parts(&self, date: Date, measure: Measure) -> &[Interval] {
        match measure {
            Measure::Hours => self.hours_of(date),
            Measure::Days if self.is_working_day(date) => &[Interval::WHOLE_DAY],
            Measure::Days => &[],
        }
    }

    /// Whole days end on a day that counts, hours at the earliest moment; so an end that fits exactly differs.
    fn forward(&self, at: Local, mut left: i64, measure: Measure) -> Local {
        let Local { mut date, nanos: mut from } = at;
        if left == 0 && measure == Measure::Hours {
            return at;
        }
        for _ in 0..FARTHEST {
            for part in self.parts(date, measure) {
                let start = part.start().max(from);
                let room = (part.end() - start).max(0);
                if left < room || (left == room && measure == Measure::Hours) {
                    return Local { date, nanos: start + left };
                }
                left -= room;
            }
            (date, from) = (next(date), 0);
        }
        Local { date, nanos: 0 }
    }

    fn backward(&self, at: Local, mut left: i64, measure: Measure) -> Local {
        let Local { mut date, nanos: mut until } = at;
        for _ in 0..FARTHEST {
            for part in self.parts(date, measure).iter().rev() {
                let end = part.end().min(until);
                let room = (end - part.start()).max(0);
                if room > 0 && left <= room {
                    return Local { date, nanos: end - left };
                }
                left -= room;
            }
            (date, until) = (previous(date), DAY);
        }
        Local { date, nanos: 0 }
    }

    /// The time itself when it counts, else the next that does.
    pub(super) fn opening(&self, at: Local, measure: Measure) -> Local {
        let Local { mut date, nanos: mut from } = at;
        for _ in 0..FARTHEST {
            if let Some(part) = self.parts(date, measure).iter().find(|part| from < part.end()) {
                return Local { date, nanos: part.start().max(from) };
            }
            (date, from) = (next(date), 0);
        }
        Local { date, nanos: 0 }
    }

    /// The time itself in working time or at its end, else the next opening.
    pub(super) fn worked_after(&self, at: Local) -> Local {
        if self.touches_working_time(at) { at } else { self.opening(at, Measure::Hours) }
    }

    /// The time itself in working time or at its end, else the last closing before.
    fn worked_before(&self, at: Local) -> Local {
        if self.touches_working_time(at) { at } else { self.backward(at, 0, Measure::Hours) }
    }

    fn touches_working_time(&self, at: Local) -> bool {
        self.hours_of(at.date).iter().any(|part| (part.start()..=part.end()).contains(&at.nanos))
    }

    fn closed_days(&self, first: Date, end: Date) -> Vec<(Date, DayKind)> {
        let days = first.series(1.day()).take_while(|day| *day < end).take(FARTHEST);
        let closed = days.filter(|day| !self.is_working_day(*day));
        closed.map(|day| (day, self.day_kind(day))).collect()
    }

    /// Whether people work at that instant. The closing time is outside.
    pub fn is_working_time(&self, at: Timestamp) -> bool {
        let local = self.local(at);
        self.opening(local, Measure::Hours) == local
    }

    /// The instant itself in working time, else the next moment of working time.
    pub fn next_opening(&self, at: Timestamp) -> Timestamp {
        let local = self.local(at);
        let opening = self.opening(local, Measure::Hours);
        if opening == local { at } else { self.instant(opening) }
    }

    /// When a working day ends; of a closed day, when the next working day does.
    pub fn closing_of(&self, date: Date) -> Timestamp {
        let date = self.working_day_or_next(date);
        let nanos = self.hours_of(date).last().map_or(DAY, |part| part.end());
        self.instant(Local { date, nanos })
    }
}
