//! How many metered calls went out this month, and when that becomes worth a warning.
//!
//! Invariant: each mark is told once a month, in order. The count is this process's own since it started: DingTalk does
//! not say how much is left, and other programs of the organisation draw on the same quota.

use std::sync::{Mutex, PoisonError};

use jiff::tz::{Offset, TimeZone};

use crate::domain::Timestamp;

/// Shares of the quota at which somebody should hear of it, in hundredths.
const MARKS: [u64; 3] = [60, 80, 95];
/// DingTalk's months begin at midnight in China, which has one time zone and no summer time.
const CHINA: Offset = jiff::tz::offset(8);

/// The metered calls of the month.
#[derive(Debug, Default)]
pub struct Meter(Mutex<Count>);

/// What went out so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Year and month.
    pub month: (i16, i8),
    /// Calls that DingTalk counted.
    pub calls: u64,
    told: usize,
}

impl Meter {
    /// One more call; the share of the quota, in hundredths, if a mark was passed just now.
    pub fn add(&self, now: Timestamp, monthly: u64) -> Option<u64> {
        let mut count = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let month = month(now);
        if count.month != month {
            *count = Count { month, calls: 0, told: 0 };
        }
        count.calls += 1;
        let share = count.calls.saturating_mul(100) / monthly.max(1);
        let passed = MARKS.iter().filter(|mark| share >= **mark).count();
        if passed <= count.told {
            return None;
        }
        count.told = passed;
        Some(share)
    }

    /// What went out in the month of `now`.
    pub fn calls(&self, now: Timestamp) -> u64 {
        let count = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if count.month == month(now) { count.calls } else { 0 }
    }
}

fn month(now: Timestamp) -> (i16, i8) {
    let there = now.to_zoned(TimeZone::fixed(CHINA));
    (there.year(), there.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mark_is_told_once_and_a_new_month_begins_in_china() {
        let meter = Meter::default();
        let november: Timestamp = "2026-11-30T15:59:59Z".parse().unwrap();
        let told: Vec<_> = (1..=100).filter_map(|n| Some((n, meter.add(november, 100)?))).collect();
        assert_eq!(told, [(60, 60), (80, 80), (95, 95)]);
        assert_eq!(meter.calls(november), 100);
        let december: Timestamp = "2026-11-30T16:00:00Z".parse().unwrap();
        assert_eq!(meter.calls(december), 0);
        assert_eq!(meter.add(december, 100), None);
        assert_eq!(meter.calls(december), 1);
    }

    #[test]
    fn a_quota_of_nothing_is_no_division_by_it() {
        let now: Timestamp = "2026-11-30T15:59:59Z".parse().unwrap();
        assert_eq!(Meter::default().add(now, 0), Some(100));
    }
}
