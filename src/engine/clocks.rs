//! The clocks beside each other: the machine's against the time that went by, and against the database's.
//!
//! Invariant: nobody's deadline is changed by what is seen here. Leases and signature windows live in the machine's
//! time, so somebody has to hear when it cannot be right; the log says it at the change, not at each look.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;

use super::Engine;
use crate::app::Trouble;
use crate::clock::Clock;
use crate::domain::Timestamp;

/// Two clocks that are further apart cannot both be right. Leases last five seconds.
pub const APART: SignedDuration = SignedDuration::from_secs(2);

/// What was seen at the last look.
#[derive(Default)]
pub(super) struct Clocks {
    last: Mutex<Option<Reading>>,
    differ: AtomicBool,
}

/// Two clocks of one machine at one moment.
#[derive(Clone, Copy)]
struct Reading {
    machine: Timestamp,
    steady: Duration,
}

impl Reading {
    fn of(clock: &dyn Clock) -> Self {
        Self { machine: clock.machine(), steady: clock.steady() }
    }

    /// How far the machine's clock was set since `before`, if it was: forth or, negative, back.
    fn jump_since(self, before: Self) -> Option<SignedDuration> {
        let shown = self.machine.duration_since(before.machine);
        let gone = SignedDuration::try_from(self.steady.saturating_sub(before.steady)).ok()?;
        let jump = shown.saturating_sub(gone);
        (jump.abs() > APART).then_some(jump)
    }
}

/// How far a clock is ahead of ours that showed `theirs` at some moment between two of our readings. The time that its
/// answer took is nobody's difference.
pub fn ahead(theirs: Timestamp, (before, after): (Timestamp, Timestamp)) -> SignedDuration {
    theirs.duration_since(theirs.clamp(before, after.max(before)))
}

impl Engine {
    /// Whether machine and database cannot both be right.
    pub fn clocks_differ(&self) -> bool {
        self.clocks.differ.load(Ordering::Relaxed)
    }

    /// One look at both.
    pub(super) async fn compare_clocks(&self) -> Result<(), Trouble> {
        let clock = self.app.clock();
        let now = Reading::of(clock);
        let last = self.clocks.last.lock().unwrap_or_else(PoisonError::into_inner).replace(now);
        if let Some(jump) = last.and_then(|last| now.jump_since(last)) {
            self.metrics.count("clock_jumped");
            let seconds = jump.as_secs();
            tracing::warn!(seconds, "the machine's clock was set by {seconds} seconds, or the machine slept");
        }
        let theirs = self.app.db().now().await?;
        let ahead =
            theirs.map_or(SignedDuration::ZERO, |theirs| ahead(theirs, (now.machine, clock.machine())));
        self.metrics.level("database_clock_ahead_ms", i64::try_from(ahead.as_millis()).unwrap_or(i64::MAX));
        let differ = ahead.abs() > APART;
        let seconds = ahead.as_secs();
        match (self.clocks.differ.swap(differ, Ordering::Relaxed), differ) {
            (false, true) => tracing::warn!(
                seconds,
                "the database's clock is {seconds} seconds ahead of this machine's: one of them is wrong"
            ),
            (true, false) => tracing::info!("the clocks of database and machine agree again"),
            (false, false) | (true, true) => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(1_795_000_000_000 + ms).unwrap()
    }

    #[test]
    fn a_clock_that_is_set_is_noticed_forth_and_back_and_one_that_goes_is_not() {
        let reading = |ms, secs| Reading { machine: at(ms), steady: Duration::from_secs(secs) };
        let start = reading(0, 100);
        assert_eq!(reading(60_000, 160).jump_since(start), None);
        assert_eq!(reading(62_000, 160).jump_since(start), None, "a look that came late is no jump");
        assert_eq!(reading(660_000, 160).jump_since(start), Some(SignedDuration::from_secs(600)));
        assert_eq!(reading(-3_540_000, 160).jump_since(start), Some(SignedDuration::from_secs(-3_600)));
    }

    #[test]
    fn the_time_of_the_answer_is_nobodys_difference() {
        let between = (at(0), at(3_000));
        assert_eq!(ahead(at(1_500), between), SignedDuration::ZERO);
        assert_eq!(ahead(at(5_500), between), SignedDuration::from_millis(2_500));
        assert_eq!(ahead(at(-2_100), between), SignedDuration::from_millis(-2_100));
        // A clock that is set back while we ask.
        assert_eq!(ahead(at(10), (at(0), at(-9_000))), SignedDuration::from_millis(10));
    }

    proptest! {
        /// However long the answer takes, what is said is never more than what is so.
        #[test]
        fn no_difference_is_said_that_is_not_there(skew in -100_000i64..100_000, there in 0i64..9_000, back in 0i64..9_000) {
            let said = ahead(at(there + skew), (at(0), at(there + back))).as_millis();
            prop_assert!(said.abs() <= i128::from(skew.abs()), "{said} of {skew}");
            prop_assert!(said.abs() >= i128::from(skew.abs() - 9_000), "{said} of {skew}");
        }
    }
}
