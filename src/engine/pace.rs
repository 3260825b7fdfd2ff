//! How long to wait before trying again: pure, so that it can be read and tested.

use std::time::Duration;

use jiff::SignedDuration;

/// After so many tries a message is given up and the administrator hears.
pub const MOST_TRIES: i64 = 12;
/// While nobody gets through to the messenger no message is to blame: tries count no further than this, which is once in
/// two minutes at most.
pub const MOST_WHILE_LOST: i64 = 8;

const FIRST: i64 = 1_000;
const LONGEST: i64 = 10 * 60 * 1_000;

/// Doubles from a second to ten minutes; `chance` (0 to 1) spreads the crowd over half of it. What the platform asks
/// for is never undercut.
pub fn wait(tries: i64, asked: Option<Duration>, chance: f64) -> SignedDuration {
    let doublings = u32::try_from(tries.clamp(1, 20) - 1).unwrap_or(0);
    let full = FIRST.saturating_mul(1_i64 << doublings).min(LONGEST);
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "at most ten minutes")]
    let spread = (full as f64 * (0.5 + 0.5 * chance.clamp(0.0, 1.0))) as i64;
    let own = SignedDuration::from_millis(spread);
    asked.and_then(|a| SignedDuration::try_from(a).ok()).map_or(own, |asked| asked.max(own))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_never_comes_back_sooner_than_asked_nor_later_than_ten_minutes(
            tries in -5i64..100, asked in 0u64..100, chance in 0.0f64..1.0,
        ) {
            let own = wait(tries, None, chance);
            prop_assert!(own >= SignedDuration::from_millis(500) && own <= SignedDuration::from_mins(10));
            let told = wait(tries, Some(Duration::from_secs(asked)), chance);
            prop_assert!(told >= SignedDuration::from_secs(asked as i64));
        }
    }

    #[test]
    fn it_grows_and_spreads() {
        assert_eq!(wait(1, None, 1.0), SignedDuration::from_secs(1));
        assert_eq!(wait(4, None, 1.0), SignedDuration::from_secs(8));
        assert_eq!(wait(4, None, 0.0), SignedDuration::from_secs(4));
        assert_eq!(wait(60, None, 1.0), SignedDuration::from_mins(10));
    }
}
