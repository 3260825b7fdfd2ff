//! When something may go out, so that Feishu never has to refuse it: by call, by chat or person, by message.
//!
//! Invariant: what is kept about chats, people and messages is bounded by what went out lately.
//! The limits are those of the open platform: 50 a second and 1000 a minute for each call of an app, 5 a second to one
//! person or chat, 5 updates a second of one message; all counted over any second or minute.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, MonotonicClock, Reference};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

type Keyed<C> = RateLimiter<String, DashMapStateStore<String>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// A bucket lets through what it holds *and* what runs in during the same time: the two together stay under the limit,
/// by a little where calls that left apart may arrive together.
const CALL_SECOND: Bucket = Bucket { holds: 8, every: Duration::from_millis(27) };
const PLACE: Bucket = Bucket { holds: 2, every: Duration::from_millis(334) };
const MESSAGE: Bucket = Bucket { holds: 2, every: Duration::from_millis(334) };

/// The minute is counted exactly: a bucket would waste half of it, or the burst of a round. A little is left for calls
/// that arrive closer together than they left.
const CALLS_A_MINUTE: usize = 990;
const MINUTE: Nanos = Nanos::new(60_500_000_000);

/// After so many questions what nobody asked about lately is forgotten.
const SWEEP: u32 = 1024;

struct Bucket {
    holds: u32,
    every: Duration,
}

/// What is about to go out, by what it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane<'a> {
    /// A call, by its name.
    Call(&'a str),
    /// Something new for a person or a chat, by id.
    Place(&'a str),
    /// Another card in place of the one in a message, by id.
    Message(&'a str),
}

/// Counts what goes out.
pub struct Pace<C: Clock = MonotonicClock> {
    clock: C,
    seconds: Keyed<C>,
    /// Of each call: when it went out during the last minute, at most [`CALLS_A_MINUTE`] times.
    minutes: Mutex<BTreeMap<String, VecDeque<C::Instant>>>,
    places: Keyed<C>,
    messages: Keyed<C>,
    /// Calls that Feishu closed, until when.
    closed: Mutex<BTreeMap<String, C::Instant>>,
    asked: AtomicU32,
}

impl<C: Clock + Clone> Pace<C> {
    /// Nothing went out yet.
    pub fn new(clock: C) -> Self {
        let keyed = |bucket: Bucket| RateLimiter::dashmap_with_clock(bucket.quota(), clock.clone());
        Self {
            seconds: keyed(CALL_SECOND),
            minutes: Mutex::default(),
            places: keyed(PLACE),
            messages: keyed(MESSAGE),
            closed: Mutex::default(),
            asked: AtomicU32::new(0),
            clock,
        }
    }

    /// `Ok`: it may go now and is counted. Otherwise how long to wait before asking again.
    pub fn ask(&self, lane: Lane<'_>) -> Result<(), Duration> {
        self.sweep();
        let now = self.clock.now();
        let may = |keyed: &Keyed<C>, key: &str| {
            keyed.check_key(&key.to_owned()).map_err(|until| until.wait_time_from(now))
        };
        match lane {
            Lane::Call(name) => {
                self.open(name, now)?;
                self.within_the_minute(name, now)?;
                may(&self.seconds, name)?;
                self.went_out(name, now);
                Ok(())
            }
            Lane::Place(id) => may(&self.places, id),
            Lane::Message(id) => may(&self.messages, id),
        }
    }

    fn within_the_minute(&self, name: &str, now: C::Instant) -> Result<(), Duration> {
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(times) = minutes.get_mut(name) else { return Ok(()) };
        while times.front().is_some_and(|first| *first + MINUTE <= now) {
            times.pop_front();
        }
        match times.front() {
            Some(first) if times.len() >= CALLS_A_MINUTE => Err((*first + MINUTE).duration_since(now).into()),
            _ => Ok(()),
        }
    }

    fn went_out(&self, name: &str, now: C::Instant) {
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        minutes.entry(name.to_owned()).or_default().push_back(now);
    }

    /// Feishu said that a call is closed for so long.
    pub fn close(&self, name: &str, after: Duration) {
        let now = self.clock.now();
        let until = now + Nanos::from(after);
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        closed.retain(|_, until| *until > now);
        let kept = closed.entry(name.to_owned()).or_insert(until);
        *kept = until.max(*kept);
    }

    fn open(&self, name: &str, now: C::Instant) -> Result<(), Duration> {
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        match closed.get(name) {
            Some(until) if *until > now => Err(until.duration_since(now).into()),
            _ => Ok(()),
        }
    }

    fn sweep(&self) {
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            for keyed in [&self.seconds, &self.places, &self.messages] {
                keyed.retain_recent();
                keyed.shrink_to_fit();
            }
        }
    }
}

impl Bucket {
    fn quota(&self) -> Quota {
        let holds = NonZeroU32::new(self.holds).unwrap_or(NonZeroU32::MIN);
        let slow = Quota::per_hour(NonZeroU32::MIN);
        Quota::with_period(self.every).unwrap_or(slow).allow_burst(holds)
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;
    use proptest::prelude::*;

    use super::*;

    /// When each of `many` left (milliseconds), each asking again as soon as it was told to.
    fn leave(pace: &Pace<FakeRelativeClock>, lane: Lane<'_>, many: usize) -> Vec<u128> {
        let began = pace.clock.now();
        let mut left = Vec::new();
        while left.len() < many {
            match pace.ask(lane) {
                Ok(()) => left.push(Duration::from(pace.clock.now().duration_since(began)).as_millis()),
                Err(wait) => pace.clock.advance(wait.max(Duration::from_millis(1))),
            }
        }
        left
    }

    /// The most that left during any `window` milliseconds.
    fn most(left: &[u128], window: u128) -> usize {
        let within = |at: usize| left[at..].iter().take_while(|other| **other - left[at] < window).count();
        (0..left.len()).map(within).max().unwrap_or_default()
    }

    #[test]
    fn five_hundred_nudges_leave_in_a_quarter_of_a_minute_and_never_too_many_at_once() {
        let pace = Pace::new(FakeRelativeClock::default());
        let left = leave(&pace, Lane::Call("create"), 2500);
        assert!(left[499] < 15_000, "{}", left[499]);
        assert!(most(&left, 1_000) <= 50, "{}", most(&left, 1_000));
        assert!(most(&left, 60_000) <= 1_000, "{}", most(&left, 60_000));
        assert!(left[2499] < 150_000, "{}", left[2499]);
    }

    #[test]
    fn ten_thousand_messages_leave_within_a_tenth_of_the_time_that_the_limits_allow() {
        let pace = Pace::new(FakeRelativeClock::default());
        let left = leave(&pace, Lane::Call("create"), 10_000);
        // 50 a second until the minute is full, 1000 a minute: the last thousand may begin after nine minutes.
        let bound = 9 * 60_000 + 20_000;
        assert!(left[9_999] <= bound * 11 / 10, "{}", left[9_999]);
        assert!(most(&left, 60_000) <= 1_000 && most(&left, 1_000) <= 50);
    }

    #[test]
    fn a_person_a_chat_and_a_message_hear_five_a_second_at_most() {
        for lane in [Lane::Place("ou_1"), Lane::Place("oc_1"), Lane::Message("om_1")] {
            let pace = Pace::new(FakeRelativeClock::default());
            let left = leave(&pace, lane, 60);
            assert!(most(&left, 1_000) <= 5, "{lane:?}");
            assert!(left[59] < 20_000, "{lane:?}");
        }
    }

    #[test]
    fn one_does_not_wait_for_another() {
        let pace = Pace::new(FakeRelativeClock::default());
        leave(&pace, Lane::Place("ou_1"), 2);
        assert!(pace.ask(Lane::Place("ou_1")).is_err());
        assert!(pace.ask(Lane::Place("ou_2")).is_ok());
        assert!(pace.ask(Lane::Message("ou_1")).is_ok());
        assert!(pace.ask(Lane::Call("ou_1")).is_ok());
    }

    #[test]
    fn a_closed_call_waits_until_it_opens_and_no_other_does() {
        let pace = Pace::new(FakeRelativeClock::default());
        pace.close("create", Duration::from_secs(7));
        pace.close("create", Duration::from_secs(3));
        assert_eq!(pace.ask(Lane::Call("create")), Err(Duration::from_secs(7)), "the later one stands");
        assert!(pace.ask(Lane::Call("reply")).is_ok());
        pace.clock.advance(Duration::from_secs(7));
        assert!(pace.ask(Lane::Call("create")).is_ok());
        pace.close("reply", Duration::from_secs(1));
        assert_eq!(pace.closed.lock().unwrap().len(), 1, "what opened again is forgotten");
    }

    #[test]
    fn whom_nobody_wrote_to_lately_is_forgotten() {
        let pace = Pace::new(FakeRelativeClock::default());
        for person in 0..20 * SWEEP {
            pace.clock.advance(Duration::from_millis(100));
            assert!(pace.ask(Lane::Place(&format!("ou_{person}"))).is_ok());
        }
        assert!(pace.places.len() <= 2 * SWEEP as usize, "{}", pace.places.len());
    }

    proptest! {
        #[test]
        fn however_they_come_no_second_holds_too_many(pauses in prop::collection::vec(0u64..400, 1..80)) {
            let pace = Pace::new(FakeRelativeClock::default());
            let (mut left, mut now) = (Vec::new(), 0_u128);
            for pause in pauses {
                pace.clock.advance(Duration::from_millis(pause));
                now += u128::from(pause);
                if pace.ask(Lane::Place("oc_1")).is_ok() {
                    left.push(now);
                }
            }
            prop_assert!(most(&left, 1_000) <= 5);
        }
    }
}
