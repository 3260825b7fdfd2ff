//! The time. The only place that may read it, and the only one that makes ids out of chance.
//!
//! Three kinds: `now` is the service's time, which deadlines live in and which the sandbox and the stories move;
//! `machine` is never moved: leases, signature windows and back-off live in it; `steady` only goes on, and shows when
//! somebody sets the machine's clock.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use jiff::SignedDuration;

use crate::domain::Timestamp;

/// Where the time comes from; made in `cli`, and by the stories.
pub trait Clock: Send + Sync {
    /// The service's time, in whole milliseconds.
    fn now(&self) -> Timestamp;

    /// The machine's own time, never moved.
    fn machine(&self) -> Timestamp {
        machine()
    }

    /// What has gone by since some moment of this process, whatever is done to the machine's clock meanwhile.
    fn steady(&self) -> Duration {
        static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
        BEGUN.elapsed()
    }
}

/// The machine's time for everything.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        machine()
    }
}

/// A clock that can be moved: it ticks with the machine at a distance, or stands still until it is moved.
pub struct MovableClock {
    /// Milliseconds: the distance from the machine's time when ticking, the time itself when frozen.
    at: AtomicI64,
    frozen: bool,
}

impl MovableClock {
    /// Ticks, `offset` ahead of the machine.
    pub fn ticking(offset: SignedDuration) -> Self {
        let ms = i64::try_from(offset.as_millis()).unwrap_or(0);
        Self { at: AtomicI64::new(ms), frozen: false }
    }

    /// Stands still at `at`.
    pub fn frozen(at: Timestamp) -> Self {
        Self { at: AtomicI64::new(at.as_millisecond()), frozen: true }
    }

    /// Moves it to `to`.
    pub fn set(&self, to: Timestamp) {
        let base = if self.frozen { 0 } else { machine().as_millisecond() };
        self.at.store(to.as_millisecond() - base, Ordering::SeqCst);
    }

    /// How many milliseconds it is ahead of the machine at this moment.
    pub fn offset_ms(&self) -> i64 {
        self.now().as_millisecond() - machine().as_millisecond()
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        let base = if self.frozen { 0 } else { machine().as_millisecond() };
        let ms = base.saturating_add(self.at.load(Ordering::SeqCst));
        Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
    }
}

/// A key that sorts by the time it was made (uuid v7).
pub fn fresh_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// When such a key was made, on the machine's clock.
pub fn made_at(id: &str) -> Option<Timestamp> {
    let (seconds, nanoseconds) = uuid::Uuid::parse_str(id).ok()?.get_timestamp()?.to_unix();
    Timestamp::new(i64::try_from(seconds).ok()?, i32::try_from(nanoseconds).ok()?).ok()
}

/// Chance between 0 and 1, for jitter.
pub fn chance() -> f64 {
    fastrand::f64()
}

fn machine() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_stands_until_it_is_moved_and_the_machine_goes_on() {
        let at: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
        let clock = MovableClock::frozen(at);
        assert_eq!(clock.now(), at);
        clock.set(at + SignedDuration::from_hours(24));
        assert_eq!(clock.now(), at + SignedDuration::from_hours(24));
        assert!(clock.machine() <= SystemClock.machine());
        assert!(clock.machine() > at - SignedDuration::from_hours(24), "the machine's time was not moved");
    }

    #[test]
    fn times_are_whole_milliseconds_so_that_they_survive_the_database() {
        let clock = MovableClock::ticking(SignedDuration::from_nanos(1_234_567));
        for time in [SystemClock.now(), SystemClock.machine(), clock.now()] {
            assert_eq!(time.subsec_nanosecond() % 1_000_000, 0, "{time}");
        }
    }

    #[test]
    fn a_ticking_clock_keeps_its_distance() {
        let clock = MovableClock::ticking(SignedDuration::from_hours(48));
        let ahead = clock.now().duration_since(clock.machine());
        assert!((ahead - SignedDuration::from_hours(48)).abs() < SignedDuration::from_secs(5));
        clock.set(clock.now() + SignedDuration::from_hours(1));
        assert!((clock.offset_ms() - 49 * 3_600_000).abs() < 5_000);
    }
}
