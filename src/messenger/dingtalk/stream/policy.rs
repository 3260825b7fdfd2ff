//! When to ping, when to give a connection up, how long to wait for the next: pure, so that it can be read and tested.
//!
//! Invariant: every wait is bounded and has chance in it, so that replicas do not come all at once; nothing that the
//! platform does makes us hammer it.

use std::time::Duration;

use tokio::time::Instant;

/// Our intervals and bounds. The tests have shorter ones.
#[derive(Clone, Debug)]
pub struct Timing {
    /// Registration, and the handshake, may each take so long.
    pub connect: Duration,
    /// Between two pings.
    pub ping: Duration,
    /// A connection is mute when nothing has come for so long.
    pub mute: Duration,
    /// The first wait is by chance up to this.
    pub first: Duration,
    /// What the waits double from, and where they end.
    pub again: (Duration, Duration),
    /// The wait when nothing but an administrator can help.
    pub slow: Duration,
    /// A connection that was up so long was a good one.
    pub lived: Duration,
    /// A connection that is being left is answered on for so long. The platform ends it after ten quiet seconds.
    pub drain: Duration,
    /// A handler may take so long.
    pub handler: Duration,
    /// A robot message that could not be handled is tried again for so long, since the platform will not push it again.
    pub insist: Duration,
    /// Between two such tries.
    pub between: Duration,
    /// When the service stops, the handlers that run may take so long.
    pub stop: Duration,
    /// The platform may take so long to say goodbye.
    pub goodbye: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        let s = Duration::from_secs;
        Self {
            connect: s(10),
            ping: s(30),
            mute: s(90),
            first: s(1),
            again: (s(1), s(60)),
            slow: s(300),
            lived: s(10),
            drain: s(60),
            handler: s(10),
            insist: s(120),
            between: s(1),
            stop: s(5),
            goodbye: s(1),
        }
    }
}

/// Why there is no connection; each is another reaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It ended, or could not be made: tried again soon. Never holds the address of the connection.
    #[error("{0}")]
    Again(String),
    /// The platform will not have us: the administrator hears; tried again slowly all the same, since what is wrong may
    /// be put right over there.
    #[error("the platform refuses the application: {0}")]
    Refused(String),
}

/// How often it has failed since there was a good connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// There was a good connection.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// Counts one more failure and says how long to wait; `chance` is 0 to 1.
    pub fn wait(&mut self, trouble: &Trouble, timing: &Timing, chance: f64) -> Duration {
        let chance = chance.clamp(0.0, 1.0);
        let failures = self.failures;
        self.failures = failures.saturating_add(1);
        match trouble {
            Trouble::Refused(_) => timing.slow.mul_f64(1.0 + 0.1 * chance),
            Trouble::Again(_) if failures == 0 => timing.first.mul_f64(chance),
            Trouble::Again(_) => {
                let full = timing.again.0.saturating_mul(1 << (failures - 1).min(20)).min(timing.again.1);
                full.mul_f64(0.5 + 0.5 * chance)
            }
        }
    }
}

/// When to ping and when a connection is mute.
#[derive(Clone, Debug)]
pub struct Pulse {
    every: Duration,
    patience: Duration,
    pinged: Instant,
    heard: Instant,
}

/// What the time has come for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beat {
    /// A ping; it counts as sent.
    Ping,
    /// Nobody is there any more.
    Mute,
    /// Nothing yet.
    Early,
}

impl Pulse {
    /// The connection was made at `now`.
    pub fn new(timing: &Timing, now: Instant) -> Self {
        Self { every: timing.ping, patience: timing.mute, pinged: now, heard: now }
    }

    /// Something came: whatever it was, somebody is there.
    pub fn heard(&mut self, now: Instant) {
        self.heard = now;
    }

    /// When to ask for the next beat.
    pub fn due(&self) -> Instant {
        (self.pinged + self.every).min(self.heard + self.patience)
    }

    /// What is due now.
    pub fn beat(&mut self, now: Instant) -> Beat {
        if now >= self.heard + self.patience {
            return Beat::Mute;
        }
        if now < self.pinged + self.every {
            return Beat::Early;
        }
        self.pinged = now;
        Beat::Ping
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const S: Duration = Duration::from_secs(1);

    fn again() -> Trouble {
        Trouble::Again("cut".to_owned())
    }

    #[test]
    fn waits_begin_short_double_to_a_minute_and_begin_anew_after_a_good_connection() {
        let timing = Timing::default();
        let mut backoff = Backoff::default();
        let next = |backoff: &mut Backoff| backoff.wait(&again(), &timing, 1.0).as_secs();
        let waits: Vec<_> = (0..9).map(|_| next(&mut backoff)).collect();
        assert_eq!(waits, [1, 1, 2, 4, 8, 16, 32, 60, 60]);
        backoff.reset();
        assert_eq!(next(&mut backoff), 1);
        let refused = Trouble::Refused(String::new());
        assert_eq!(backoff.wait(&refused, &timing, 0.0), 300 * S, "only people can put it right");
    }

    #[test]
    fn a_connection_is_pinged_every_half_minute_and_mute_after_ninety_seconds() {
        let start = Instant::now();
        let mut pulse = Pulse::new(&Timing::default(), start);
        assert_eq!(pulse.beat(start + 29 * S), Beat::Early);
        assert_eq!(pulse.beat(start + 30 * S), Beat::Ping);
        assert_eq!(pulse.beat(start + 31 * S), Beat::Early);
        pulse.heard(start + 31 * S);
        assert_eq!(pulse.beat(start + 60 * S), Beat::Ping);
        assert_eq!(pulse.beat(start + 90 * S), Beat::Ping);
        assert_eq!(pulse.due(), start + 120 * S);
        assert_eq!(pulse.beat(start + 120 * S), Beat::Ping);
        assert_eq!((pulse.due(), pulse.beat(start + 121 * S)), (start + 121 * S, Beat::Mute));
    }

    proptest! {
        #[test]
        fn waits_stay_between_their_bounds_however_often_it_fails(failures in any::<u32>(), chance in -1.0f64..2.0) {
            let timing = Timing::default();
            let wait = Backoff { failures }.wait(&again(), &timing, chance);
            prop_assert!(wait <= 60 * S && (failures == 0 || wait >= S / 2));
        }
    }
}
