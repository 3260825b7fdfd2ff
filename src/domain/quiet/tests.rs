//! What the rule promises, whatever comes and whoever asks for what.

use jiff::SignedDuration;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::{Caps, Class, Digests, News, When, Wishes, time_of, written};
use crate::domain::Timestamp;
use crate::domain::calendar::{Calendar, Hours, QuietHours, Rules};
use crate::domain::change::Preferences;
use crate::domain::obligation::SOON;

fn calendar() -> Calendar {
    let time = |hour| Time::constant(hour, 0, 0, 0);
    Calendar::new(Rules {
        zone: TimeZone::get("Asia/Shanghai").unwrap(),
        hours: Hours::new(vec![(time(9), time(18))]).unwrap(),
        years: vec![toml::from_str(include_str!("../../../config/calendar/cn-2026.toml")).unwrap()],
        overrides: Vec::new(),
        quiet: QuietHours::NONE,
    })
    .unwrap()
}

fn caps() -> Caps {
    let digests = vec![Time::constant(9, 10, 0, 0), Time::constant(17, 0, 0, 0)];
    Caps { per_day: 6, digests, news: News::Digest }
}

fn monday() -> Timestamp {
    "2026-11-23T00:00+08".parse().unwrap()
}

fn minutes(n: i64) -> SignedDuration {
    SignedDuration::from_mins(n)
}

fn wishes() -> impl Strategy<Value = Wishes> {
    let digest = prop_oneof![
        Just(None),
        Just(Some(Digests::Both)),
        (0..24i8, 0..60i8).prop_map(|(h, m)| Some(Digests::Once(Time::constant(h, m, 0, 0)))),
    ];
    let most = prop_oneof![Just(None), (1..20u32).prop_map(Some)];
    (digest, most).prop_map(|(digest, most)| {
        Wishes::of(&caps(), Some(&Preferences { digest, most, ..Preferences::default() }))
    })
}

fn class() -> impl Strategy<Value = Class> {
    prop_oneof![Just(Class::Free), Just(Class::Question), Just(Class::News)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Two weeks of a person, every ten minutes: every notice is said once, free ones at once, and no day has more
    /// counted messages than wanted.
    #[test]
    fn nobody_hears_more_than_wanted_and_nothing_is_lost(
        wishes in wishes(),
        mut comes in prop::collection::vec(((0..7 * 24 * 6i64).prop_map(|n| n * 10), class()), 0..120),
    ) {
        let calendar = calendar();
        comes.sort_by_key(|(at, _)| *at);
        let mut heard = [0u32; 16];
        let (mut held, mut said, mut coming) = (Vec::<Timestamp>::new(), 0, comes.iter().peekable());
        for minute in (0..14 * 24 * 60).step_by(10) {
            let now = monday() + minutes(minute);
            let today = usize::try_from(minute / (24 * 60)).unwrap();
            if held.iter().any(|at| *at <= now) {
                match wishes.digest(heard[today], (now, &calendar)) {
                    When::Now => {
                        heard[today] += 1;
                        let waiting = held.len();
                        held.retain(|at| *at > now);
                        said += waiting - held.len();
                    }
                    When::At(later) => {
                        prop_assert!(later > now);
                        held.iter_mut().filter(|at| **at <= now).for_each(|at| *at = later);
                    }
                }
            }
            while let Some((_, class)) = coming.next_if(|(at, _)| *at == minute) {
                match wishes.when(*class, heard[today], (now, &calendar)) {
                    When::Now => {
                        prop_assert!(*class != Class::News);
                        heard[today] += u32::from(*class == Class::Question);
                        said += 1;
                    }
                    When::At(later) => {
                        prop_assert!(*class != Class::Free && later > now);
                        held.push(later);
                    }
                }
            }
        }
        prop_assert!(heard.iter().all(|n| *n <= wishes.most), "{:?} with {:?}", heard, wishes);
        prop_assert_eq!((said, held.len()), (comes.len(), 0));
    }

    /// Whoever wants everything at once hears everything at once.
    #[test]
    fn without_digests_nothing_is_held(class in class(), heard in 0..100u32, minute in 0..10_000i64) {
        let own = Preferences { digest: Some(Digests::Off), most: Some(1), ..Preferences::default() };
        let wishes = Wishes::of(&caps(), Some(&own));
        let at = (monday() + minutes(minute), &calendar());
        prop_assert_eq!(wishes.when(class, heard, at), When::Now);
        prop_assert_eq!(wishes.digest(heard, at), When::Now);
    }

    /// A late reminder is said once, never later than a question would be or than half an hour on, and at once to whoever
    /// wants no digests.
    #[test]
    fn a_late_reminder_waits_for_nothing_but_a_digest_within_half_an_hour(
        wishes in wishes(), heard in 0..10u32, minute in 0..7 * 24 * 60i64,
    ) {
        let (calendar, now) = (calendar(), monday() + minutes(minute));
        let (late, question) =
            (wishes.when_late(heard, (now, &calendar)), wishes.when(Class::Question, heard, (now, &calendar)));
        match late {
            When::At(at) if late != question => {
                prop_assert!(at > now && at < now + SOON);
                prop_assert!(wishes.digests.contains(&at.to_zoned(calendar.time_zone().clone()).time()));
            }
            When::Now | When::At(_) => prop_assert_eq!(late, question),
        }
        let none = Wishes { digests: Vec::new(), ..wishes };
        prop_assert_eq!(none.when_late(heard, (now, &calendar)), When::Now);
    }

    #[test]
    fn a_choice_reads_as_it_was_written(hour in 0..24i8, minute in 0..60i8) {
        let time = Time::constant(hour, minute, 0, 0);
        prop_assert_eq!(time_of(&written(time)), Some(time));
        for choice in [Digests::Both, Digests::Off, Digests::Once(time)] {
            prop_assert_eq!(choice.to_string().parse::<Digests>(), Ok(choice));
        }
    }
}

#[test]
fn news_of_friday_evening_waits_for_monday_morning_and_a_question_does_not() {
    let (calendar, wishes) = (calendar(), Wishes::of(&caps(), None));
    let friday = "2026-11-27T17:00+08".parse().unwrap();
    let monday = "2026-11-30T09:10+08".parse().unwrap();
    assert_eq!(wishes.when(Class::News, 0, (friday, &calendar)), When::At(monday));
    assert_eq!(wishes.when(Class::Question, 5, (friday, &calendar)), When::Now);
    assert_eq!(wishes.when(Class::Question, 6, (friday, &calendar)), When::At(monday));
}

#[test]
fn a_company_without_digests_holds_nothing_until_somebody_asks_for_it() {
    let caps = Caps { news: News::AtOnce, ..caps() };
    assert!(Wishes::of(&caps, None).digests.is_empty());
    let own = Preferences { digest: Some(Digests::Both), most: Some(40), ..Preferences::default() };
    assert_eq!(Wishes::of(&caps, Some(&own)), Wishes { digests: caps.digests.clone(), most: 6 });
}
