//! The way between instants and the clock on the company's wall.
//!
//! Invariant: both ways never go backwards, whatever summer time does. A time that the clocks skip is over the moment
//! they skip it, so it stands for the first moment after the gap. While the clocks repeat an hour, the wall stands
//! still at its end. So every working day has 24 hours of wall clock, and sums in `dh`, `wh` and `wd` keep their order.

use jiff::SignedDuration;
use jiff::civil::{DateTime, Time};
use jiff::tz::AmbiguousOffset;

use super::interval::DAY;
use super::{Calendar, Date, Timestamp};

/// A time on the company's wall. `nanos` after midnight may be 24 hours: the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Local {
    pub(super) date: Date,
    pub(super) nanos: i64,
}

impl Calendar {
    /// The company's day of an instant.
    pub fn date_of(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// The instant of a time of a day: the first of two, and the end of the gap when the clocks skip it.
    pub fn at(&self, date: Date, time: Time) -> Timestamp {
        self.instant(Local { date, nanos: since_midnight(time) })
    }

    pub(super) fn local(&self, at: Timestamp) -> Local {
        let mut civil = self.zone.to_datetime(at);
        if let AmbiguousOffset::Fold { before, after } = self.zone.to_ambiguous_timestamp(civil).offset()
            && self.zone.to_offset(at) == after
        {
            // The second pass of a repeated hour: the clocks went back at the transition just before.
            let past = at.checked_add(SignedDuration::from_nanos(1)).unwrap_or(at);
            civil =
                self.zone.preceding(past).next().map_or(civil, |back| before.to_datetime(back.timestamp()));
        }
        Local { date: civil.date(), nanos: since_midnight(civil.time()) }
    }

    pub(super) fn instant(&self, at: Local) -> Timestamp {
        let civil = civil(at);
        let ambiguous = self.zone.to_ambiguous_timestamp(civil);
        if let AmbiguousOffset::Gap { after, .. } = ambiguous.offset()
            && let Ok(earlier) = after.to_timestamp(civil)
            && let Some(gap) = self.zone.following(earlier).next()
        {
            return gap.timestamp();
        }
        let end = if at.date.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
        ambiguous.compatible().unwrap_or(end)
    }
}

fn civil(at: Local) -> DateTime {
    debug_assert!((0..=DAY).contains(&at.nanos));
    at.date.to_datetime(Time::midnight()).saturating_add(SignedDuration::from_nanos(at.nanos))
}

fn since_midnight(time: Time) -> i64 {
    let seconds = (i64::from(time.hour()) * 60 + i64::from(time.minute())) * 60 + i64::from(time.second());
    seconds * 1_000_000_000 + i64::from(time.subsec_nanosecond())
}
