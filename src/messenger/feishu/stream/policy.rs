//! When to ping, when to give a connection up, how long to wait for the next: pure, so that it can be read and tested.
//!
//! Whatever the platform asks for is bounded: it can neither make us hammer it nor make us sleep through the day.

use std::time::Duration;

use serde::Deserialize;
use tokio::time::Instant;

use super::parts::Limits;

/// Our own intervals and bounds. The tests have shorter ones.
#[derive(Clone, Debug)]
pub struct Timing {
    /// Discovery, and the handshake, may each take so long.
    pub connect: Duration,
    /// The least and the most that we let the platform ask for as its `PingInterval`.
    pub ping: (Duration, Duration),
    /// A connection is mute after two pings without a word, and this.
    pub grace: Duration,
    /// The first wait after a connection is by chance up to this, however great the `ReconnectNonce`.
    pub first: Duration,
    /// What the waits double from, and where they end.
    pub again: (Duration, Duration),
    /// The wait when nothing but an administrator, or the end of other connections, can help.
    pub slow: Duration,
    /// A connection that was up so long was a good one.
    pub lived: Duration,
    /// A handler may take so long; then its message has failed.
    pub handler: Duration,
    /// When the service stops, the handlers that run may take so long.
    pub stop: Duration,
    /// The platform may take so long to say goodbye.
    pub goodbye: Duration,
    /// What is kept of messages in parts.
    pub parts: Limits,
}

impl Default for Timing {
    fn default() -> Self {
        let s = Duration::from_secs;
        Self {
            connect: s(10),
            ping: (s(5), s(600)),
            grace: s(10),
            first: s(5),
            again: (s(1), s(120)),
            slow: s(300),
            lived: s(60),
            handler: s(30),
            stop: s(5),
            goodbye: s(1),
            parts: Limits::default(),
        }
    }
}

/// The platform's `ClientConfig`, in seconds: of discovery, and of pongs. Its `ReconnectCount` is none of our business:
/// we never give up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ClientConfig {
    ping_interval: Option<i64>,
    reconnect_nonce: Option<i64>,
    reconnect_interval: Option<i64>,
}

/// What the platform last asked for, within [`Timing`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// Between two pings.
    pub ping: Duration,
    /// The first wait is by chance up to this.
    pub nonce: Duration,
    /// No wait is longer, unless it is a slow one.
    pub longest: Duration,
}

impl Rhythm {
    /// Before the platform has said anything: the defaults of its SDKs.
    pub fn new(timing: &Timing) -> Self {
        let nothing = Self { ping: timing.ping.1, nonce: timing.first, longest: timing.again.1 };
        let sdk = ClientConfig {
            ping_interval: Some(120),
            reconnect_nonce: Some(30),
            reconnect_interval: Some(120),
        };
        nothing.adopt(&sdk, timing)
    }

    /// Takes what the platform asks for, as far as it is sane; what it does not mention stays.
    pub fn adopt(&self, asked: &ClientConfig, timing: &Timing) -> Self {
        let seconds = |asked: Option<i64>| asked.and_then(|s| u64::try_from(s).ok()).map(Duration::from_secs);
        // Zero is how a field is said that was left out.
        let sane = |asked: Option<i64>| seconds(asked).filter(|asked| !asked.is_zero());
        let within = |asked: Duration, (least, most): (Duration, Duration)| asked.clamp(least, most);
        Self {
            ping: sane(asked.ping_interval).map_or(self.ping, |asked| within(asked, timing.ping)),
            nonce: seconds(asked.reconnect_nonce).map_or(self.nonce, |asked| asked.min(timing.first)),
            longest: sane(asked.reconnect_interval).map_or(self.longest, |asked| within(asked, timing.again)),
        }
    }
}

/// Why there is no connection; each is another reaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It ended, or could not be made: tried again soon. Never holds the address of the connection.
    #[error("{0}")]
    Again(String),
    /// The app has too many connections: tried again slowly.
    #[error("the app has too many connections: {0}")]
    Crowded(String),
    /// The platform will not have us: the administrator hears; tried again slowly all the same, since what is wrong may
    /// be put right over there.
    #[error("the platform refuses the app: {0}")]
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
    pub fn wait(&mut self, trouble: &Trouble, rhythm: &Rhythm, timing: &Timing, chance: f64) -> Duration {
        let chance = chance.clamp(0.0, 1.0);
        let failures = self.failures;
        self.failures = failures.saturating_add(1);
        match trouble {
            // Spread, so that replicas do not come all at once.
            Trouble::Crowded(_) | Trouble::Refused(_) => timing.slow.mul_f64(1.0 + 0.1 * chance),
            Trouble::Again(_) if failures == 0 => rhythm.nonce.min(timing.first).mul_f64(chance),
            Trouble::Again(_) => {
                let full = timing.again.0.saturating_mul(1 << (failures - 1).min(20)).min(rhythm.longest);
                full.mul_f64(0.5 + 0.5 * chance)
            }
        }
    }
}

/// When to ping and when a connection is mute.
#[derive(Clone, Debug)]
pub struct Pulse {
    every: Duration,
    grace: Duration,
    pinged: Option<Instant>,
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
    /// The connection was made at `now`; the first ping is due at once.
    pub fn new(every: Duration, grace: Duration, now: Instant) -> Self {
        Self { every, grace, pinged: None, heard: now }
    }

    /// Something came: whatever it was, somebody is there.
    pub fn heard(&mut self, now: Instant) {
        self.heard = now;
    }

    /// Another interval, from the last ping on.
    pub fn adopt(&mut self, every: Duration) {
        self.every = every;
    }

    /// When to ask for the next beat.
    pub fn due(&self) -> Instant {
        self.next().min(self.mute())
    }

    /// What is due now.
    pub fn beat(&mut self, now: Instant) -> Beat {
        if now >= self.mute() {
            return Beat::Mute;
        }
        if now < self.next() {
            return Beat::Early;
        }
        self.pinged = Some(now);
        Beat::Ping
    }

    fn next(&self) -> Instant {
        self.pinged.map_or(self.heard, |pinged| pinged + self.every)
    }

    fn mute(&self) -> Instant {
        self.heard + self.every * 2 + self.grace
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

    fn config(json: &str) -> ClientConfig {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn waits_begin_short_double_to_two_minutes_and_begin_anew_after_a_good_connection() {
        let timing = Timing::default();
        let rhythm = Rhythm::new(&timing);
        let mut backoff = Backoff::default();
        let next = |backoff: &mut Backoff| backoff.wait(&again(), &rhythm, &timing, 1.0).as_secs();
        let waits: Vec<_> = (0..10).map(|_| next(&mut backoff)).collect();
        assert_eq!(waits, [5, 1, 2, 4, 8, 16, 32, 64, 120, 120]);
        backoff.reset();
        assert_eq!(next(&mut backoff), 5);
    }

    #[test]
    fn what_only_people_can_put_right_is_tried_every_five_minutes() {
        let timing = Timing::default();
        let rhythm = Rhythm::new(&timing);
        for trouble in [Trouble::Crowded(String::new()), Trouble::Refused(String::new())] {
            let wait = Backoff::default().wait(&trouble, &rhythm, &timing, 0.0);
            assert_eq!(wait, 300 * S, "{trouble}");
        }
    }

    #[test]
    fn a_pong_changes_the_rhythm_as_the_vectors_have_it() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../../../tests/platform/vectors/feishu/ws.json")).unwrap();
        let timing = Timing::default();
        let discovered = config(&vectors["endpoint"]["response_ok"]["data"]["ClientConfig"].to_string());
        let before = Rhythm::new(&timing).adopt(&discovered, &timing);
        assert_eq!(before, Rhythm { ping: 120 * S, nonce: 5 * S, longest: 120 * S });
        let pong = hex::decode(vectors["frames"]["pong_with_config"]["hex"].as_str().unwrap()).unwrap();
        let pong = crate::messenger::feishu::stream::frame::Frame::read(&pong).unwrap();
        let asked: ClientConfig = serde_json::from_slice(&pong.payload.unwrap()).unwrap();
        let wanted = &vectors["runs"]["pong_updates_config"]["client_config_after"];
        assert_eq!(asked.ping_interval, wanted["ping_interval"].as_i64());
        assert_eq!(asked.reconnect_nonce, wanted["reconnect_nonce"].as_i64());
        assert_eq!(asked.reconnect_interval, wanted["reconnect_interval"].as_i64());
        let after = before.adopt(&asked, &timing);
        assert_eq!(after, Rhythm { ping: 60 * S, nonce: 5 * S, longest: 90 * S });
        assert_eq!(after.adopt(&config("{}"), &timing), after, "what is not mentioned stays");
    }

    proptest! {
        #[test]
        fn whatever_the_platform_asks_for_is_bounded(
            ping in any::<Option<i64>>(), nonce in any::<Option<i64>>(), interval in any::<Option<i64>>(),
        ) {
            let timing = Timing::default();
            let asked = ClientConfig { ping_interval: ping, reconnect_nonce: nonce, reconnect_interval: interval };
            let rhythm = Rhythm::new(&timing).adopt(&asked, &timing);
            prop_assert!((5 * S..=600 * S).contains(&rhythm.ping));
            prop_assert!(rhythm.nonce <= 5 * S);
            prop_assert!((S..=120 * S).contains(&rhythm.longest));
        }

        #[test]
        fn waits_stay_between_their_bounds_however_often_it_fails(failures in any::<u32>(), chance in -1.0f64..2.0) {
            let timing = Timing::default();
            let rhythm = Rhythm::new(&timing);
            let mut backoff = Backoff { failures };
            let wait = backoff.wait(&again(), &rhythm, &timing, chance);
            prop_assert!(wait <= 120 * S && (failures == 0 || wait >= S / 2));
            let slow = backoff.wait(&Trouble::Crowded(String::new()), &rhythm, &timing, chance);
            prop_assert!((300 * S..=330 * S).contains(&slow));
        }

        /// A time-line of seconds; in each something may come, or the interval may change.
        #[test]
        fn pings_keep_their_interval_and_silence_is_noticed_in_time(
            line in proptest::collection::vec((proptest::bool::weighted(0.1), proptest::option::weighted(0.02, 5u32..60)), 1..600),
        ) {
            let start = Instant::now();
            let mut every = 30;
            let mut pulse = Pulse::new(every * S, 10 * S, start);
            let (mut pinged, mut heard) = (None, 0);
            for (second, (comes, other)) in line.into_iter().enumerate() {
                let second = u32::try_from(second).unwrap();
                let now = start + second * S;
                match pulse.beat(now) {
                    Beat::Ping => {
                        prop_assert!(pinged.is_none_or(|last| second - last >= every));
                        pinged = Some(second);
                    }
                    Beat::Mute => {
                        prop_assert!(second - heard >= 2 * every + 10);
                        return Ok(());
                    }
                    Beat::Early => prop_assert!(pinged.is_some_and(|last| second - last < every)),
                }
                prop_assert!(second - heard < 2 * every + 10);
                prop_assert!(pulse.due() > now);
                if comes {
                    heard = second;
                    pulse.heard(now);
                }
                if let Some(other) = other {
                    every = other;
                    heard = second;
                    pulse.heard(now);
                    pulse.adopt(every * S);
                }
            }
        }
    }
}
