//! When something may go out, so that DingTalk never has to refuse it: by call, by receiver, by a group's own robot.
//!
//! Invariant: what is kept about receivers is bounded by who was written to lately. The limits are those of the
//! standard edition: 20 calls a second for each call of an application (15 are used), 20 messages a minute from one
//! custom robot, beyond which it is blocked for ten minutes.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, MonotonicClock, Reference};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

type Buckets<C> = RateLimiter<String, DashMapStateStore<String>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// What a bucket holds and how often one more runs in; over any time it lets through both.
struct Bucket(u32, Duration);

const CALL: Bucket = Bucket(5, Duration::from_millis(100));
const RECEIVER: Bucket = Bucket(3, Duration::from_millis(500));
const ROBOT: Bucket = Bucket(4, Duration::from_secs(4));

/// After so many questions whoever was not written to lately is forgotten.
const SWEEP: u32 = 1024;

/// What is about to go out, by what it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane<'a> {
    /// A call, by its path.
    Call(&'a str),
    /// A message for a person or a group, by id.
    Receiver(&'a str),
    /// A message from a custom robot, by its name.
    Robot(&'a str),
}

/// Counts what goes out.
pub struct Pace<C: Clock = MonotonicClock> {
    clock: C,
    calls: Buckets<C>,
    receivers: Buckets<C>,
    robots: Buckets<C>,
    /// What DingTalk closed, until when; under the empty name everything.
    closed: Mutex<BTreeMap<String, C::Instant>>,
    asked: AtomicU32,
}

/// The name under which everything is closed.
pub const EVERYTHING: &str = "";

impl<C: Clock + Clone> Pace<C> {
    /// Nothing went out yet.
    pub fn new(clock: C) -> Self {
        let buckets = |of: &Bucket| RateLimiter::dashmap_with_clock(of.quota(), clock.clone());
        Self {
            calls: buckets(&CALL),
            receivers: buckets(&RECEIVER),
            robots: buckets(&ROBOT),
            closed: Mutex::default(),
            asked: AtomicU32::new(0),
            clock,
        }
    }

    /// `Ok`: it may go now and is counted. Otherwise how long to wait before asking again.
    pub fn ask(&self, lane: Lane<'_>) -> Result<(), Duration> {
        self.sweep();
        let (buckets, key) = match lane {
            Lane::Call(path) => (&self.calls, path),
            Lane::Receiver(id) => (&self.receivers, id),
            Lane::Robot(name) => (&self.robots, name),
        };
        let now = self.clock.now();
        self.open(key, now)?;
        buckets.check_key(&key.to_owned()).map_err(|until| until.wait_time_from(now))
    }

    /// Nothing under that name goes out for so long.
    pub fn close(&self, name: &str, after: Duration) {
        let now = self.clock.now();
        let until = now + Nanos::from(after);
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        closed.retain(|_, until| *until > now);
        let kept = closed.entry(name.to_owned()).or_insert(until);
        *kept = until.max(*kept);
    }

    /// For how long nothing under that name goes out; `None` if it may.
    pub fn closed_for(&self, name: &str) -> Option<Duration> {
        self.open(name, self.clock.now()).err()
    }

    fn open(&self, name: &str, now: C::Instant) -> Result<(), Duration> {
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        let until = [name, EVERYTHING].iter().filter_map(|name| closed.get(*name)).max();
        match until {
            Some(until) if *until > now => Err(until.duration_since(now).into()),
            _ => Ok(()),
        }
    }

    fn sweep(&self) {
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            for buckets in [&self.calls, &self.receivers, &self.robots] {
                buckets.retain_recent();
                buckets.shrink_to_fit();
            }
        }
    }
}

impl Bucket {
    fn quota(&self) -> Quota {
        let holds = NonZeroU32::new(self.0).unwrap_or(NonZeroU32::MIN);
        Quota::with_period(self.1).unwrap_or(Quota::per_hour(NonZeroU32::MIN)).allow_burst(holds)
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    /// The most that leave during any `window` when everybody goes as soon as they are let.
    fn most(lane: Lane<'_>, many: usize, window: Duration) -> usize {
        let pace = Pace::new(FakeRelativeClock::default());
        let (mut now, mut left) = (Duration::ZERO, Vec::new());
        while left.len() < many {
            match pace.ask(lane) {
                Ok(()) => left.push(now),
                Err(wait) => {
                    let wait = wait.max(Duration::from_millis(1));
                    pace.clock.advance(wait);
                    now += wait;
                }
            }
        }
        let within = |at: usize| left[at..].iter().take_while(|one| **one - left[at] < window).count();
        (0..left.len()).map(within).max().unwrap_or_default()
    }

    #[test]
    fn no_second_and_no_minute_holds_too_many() {
        assert!(most(Lane::Call("/v1.0/a"), 200, Duration::from_secs(1)) <= 15);
        assert!(most(Lane::Robot("managers"), 60, Duration::from_secs(60)) <= 20);
        assert!(most(Lane::Receiver("u"), 30, Duration::from_secs(1)) <= 5);
    }

    #[test]
    fn what_is_closed_waits_alone_and_a_shut_out_holds_everything() {
        let pace = Pace::new(FakeRelativeClock::default());
        pace.close("/a", Duration::from_secs(7));
        pace.close("/a", Duration::from_secs(3));
        assert_eq!(pace.ask(Lane::Call("/a")), Err(Duration::from_secs(7)), "the later one stands");
        assert_eq!(pace.ask(Lane::Call("/b")), Ok(()));
        pace.close(EVERYTHING, Duration::from_secs(5));
        assert_eq!(pace.ask(Lane::Call("/b")), Err(Duration::from_secs(5)));
        assert_eq!(pace.ask(Lane::Receiver("u")), Err(Duration::from_secs(5)));
        pace.clock.advance(Duration::from_secs(7));
        assert_eq!(pace.ask(Lane::Call("/a")), Ok(()));
    }

    #[test]
    fn whom_nobody_wrote_to_lately_is_forgotten() {
        let pace = Pace::new(FakeRelativeClock::default());
        for person in 0..20 * SWEEP {
            pace.clock.advance(Duration::from_millis(100));
            assert_eq!(pace.ask(Lane::Receiver(&format!("u{person}"))), Ok(()));
        }
        assert!(pace.receivers.len() <= 2 * SWEEP as usize, "{}", pace.receivers.len());
    }
}
