//! How much one person, or one chat, may say in a minute.
//!
//! Invariants: buttons are never held back; what is held back is said once a minute, and costs nothing else. Each
//! replica counts for itself, on the machine's time.

use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::Act;
use super::requests::refused;
use crate::domain::change::{Refusal, Reply};
use crate::intent::{Account, Place};

/// Names that are remembered before those who are quiet again are forgotten.
const MOST: usize = 10_000;

/// Counts what is said.
pub(super) struct Flood {
    people: DefaultKeyedRateLimiter<String>,
    chats: DefaultKeyedRateLimiter<String>,
    told: DefaultKeyedRateLimiter<String>,
}

/// What is to be done with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Read it.
    Fine,
    /// Say that it is too much.
    Told,
    /// It was said a moment ago.
    Dropped,
}

impl Flood {
    /// So many messages of one person in a minute; of a chat, whoever writes in it, twice as many.
    pub fn of(messages: NonZeroU32) -> Self {
        Self {
            people: RateLimiter::keyed(Quota::per_minute(messages)),
            chats: RateLimiter::keyed(Quota::per_minute(messages.saturating_add(messages.get()))),
            told: RateLimiter::keyed(Quota::per_minute(NonZeroU32::MIN)),
        }
    }

    /// Counts a message that was meant for the bot, and says what to do with it.
    pub fn judge(&self, account: &Account, place: &Place) -> Verdict {
        for limiter in [&self.people, &self.chats, &self.told] {
            if limiter.len() > MOST {
                limiter.retain_recent();
            }
        }
        let person = format!("{}:{}", account.platform, account.id);
        let chat = format!("{}:{}", place.platform, place.chat);
        if self.people.check_key(&person).is_ok() && self.chats.check_key(&chat).is_ok() {
            return Verdict::Fine;
        }
        match self.told.check_key(&person) {
            Ok(()) => Verdict::Told,
            Err(_) => Verdict::Dropped,
        }
    }
}

impl Act<'_> {
    /// Too many words: in a minute they are heard again.
    pub(super) fn slow_down(&self) -> Reply {
        refused(Refusal::SlowDown { until: self.now + jiff::SignedDuration::from_mins(1) }, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ChatId;
    use crate::intent::PlaceKind;

    fn judged(flood: &Flood, id: &str) -> Verdict {
        let account = Account { platform: "sandbox".into(), tenant: String::new(), id: id.into() };
        let (platform, chat) = ("sandbox".into(), ChatId::new("g-1"));
        flood.judge(&account, &Place { platform, chat, kind: PlaceKind::Group, message: None })
    }

    #[test]
    fn one_person_is_told_once_and_then_not_heard() {
        let flood = Flood::of(NonZeroU32::MIN.saturating_add(599));
        let verdicts: Vec<Verdict> = (0..700).map(|_| judged(&flood, "a")).collect();
        let count = |verdict| verdicts.iter().filter(|v| **v == verdict).count();
        // Ten come back in a second.
        assert!((600..=620).contains(&count(Verdict::Fine)), "{}", count(Verdict::Fine));
        assert_eq!(count(Verdict::Told), 1);
        assert_eq!(judged(&flood, "b"), Verdict::Fine, "others are heard");
    }

    #[test]
    fn many_people_together_fill_their_chat() {
        let flood = Flood::of(NonZeroU32::MIN.saturating_add(599));
        let fine = (0..1_300).filter(|n| judged(&flood, &n.to_string()) == Verdict::Fine).count();
        assert!((1_200..=1_250).contains(&fine), "{fine}");
    }
}
