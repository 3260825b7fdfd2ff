//! Summer time, clocks that skip a midnight or a whole day, and the ends of time.

use jiff::ToSpan;
use jiff::civil::{date, time};
use proptest::prelude::*;

use super::*;

/// Zones with every kind of jump: an hour at night, half an hour, one that skips midnight, one that skipped a day.
const ZONES: [&str; 6] = [
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Havana",
    "Pacific/Apia",
];

/// Works around the clock, also on the weekends on which clocks jump, so that every jump falls into counted time.
fn always_open(zone: &str) -> Calendar {
    let mut calendar = Calendar::new(Rules {
        hours: hours(&["00:00-01:10", "01:20-24:00"]),
        years: Vec::new(),
        ..rules(zone)
    })
    .unwrap();
    let jumps = calendar.zone.clone();
    for jump in jumps.following(Timestamp::from_second(1_230_000_000).unwrap()).take(60) {
        for date in [-1, 0, 1].map(|day| calendar.date_of(jump.timestamp()) + day.days()) {
            let kind = DayKind::CompanyWorks("round the clock".to_owned());
            calendar.special.insert(date, Special { kind, hours: None });
        }
    }
    calendar
}

fn local(calendar: &Calendar, text: &str) -> Timestamp {
    let civil: jiff::civil::DateTime = text.parse().unwrap();
    calendar.at(civil.date(), civil.time())
}

#[test]
fn working_days_keep_their_time_of_day_over_summer_time() {
    let new_york = Calendar::new(rules("America/New_York")).unwrap();
    // Clocks go forward on Sunday 2026-03-08 and back on Sunday 2026-11-01.
    for (opened, due) in [("2026-03-06T17:00", "2026-03-09T17:00"), ("2026-10-30T17:00", "2026-11-02T17:00")]
    {
        for span in [Span::Wd(1), Span::Dh(24), Span::Wh(8)] {
            assert_eq!(
                new_york.add(local(&new_york, opened), span),
                local(&new_york, due),
                "{opened} {span}"
            );
        }
    }
    let wall = new_york.add(local(&new_york, "2026-03-07T17:00"), Span::H(24));
    assert_eq!(wall, local(&new_york, "2026-03-08T18:00"), "the wall clock loses an hour, the span does not");
}

#[test]
fn a_time_that_the_clocks_skip_is_over_when_they_skip_it() {
    let new_york = always_open("America/New_York");
    let skipped = new_york.at(date(2026, 3, 8), time(2, 30, 0, 0));
    assert_eq!(skipped, "2026-03-08T03:00-04:00".parse().unwrap());
    assert_eq!(new_york.add(local(&new_york, "2026-03-07T02:30"), Span::Dh(24)), skipped);
    let cairo = always_open("Africa/Cairo");
    assert_eq!(cairo.at(date(2026, 4, 24), time(0, 0, 0, 0)), "2026-04-24T01:00+03:00".parse().unwrap());
    let apia = always_open("Pacific/Apia");
    assert_eq!(apia.at(date(2011, 12, 30), time(9, 0, 0, 0)), "2011-12-31T00:00+14:00".parse().unwrap());
}

#[test]
fn a_repeated_hour_counts_once() {
    let new_york = always_open("America/New_York");
    let (first, second) = ("2026-11-01T01:30-04:00", "2026-11-01T01:30-05:00");
    let due = |opened: &str| new_york.add(opened.parse().unwrap(), Span::Dh(24));
    assert_eq!(due(first), "2026-11-02T01:30-05:00".parse().unwrap());
    assert_eq!(due(second), "2026-11-02T02:00-05:00".parse().unwrap());
    let whole_day = new_york.elapsed(
        local(&new_york, "2026-11-01T00:00"),
        local(&new_york, "2026-11-02T00:00"),
        Unit::Dh,
    );
    assert_eq!(whole_day, 24 * 3_600_000);
}

#[test]
fn huge_sums_stop_instead_of_running_away() {
    let calendar = china();
    for span in
        [Span::Min(u32::MAX), Span::H(u32::MAX), Span::Dh(u32::MAX), Span::Wh(u32::MAX), Span::Wd(u32::MAX)]
    {
        for from in [Timestamp::MIN, at("2026-11-20 17:00"), Timestamp::MAX] {
            assert!(calendar.add(from, span) >= from, "{from} + {span}");
            assert!(calendar.before(from, span) <= from, "{from} - {span}");
            assert!(calendar.trace(from, span).skipped.len() <= FARTHEST);
        }
        assert!(calendar.elapsed(Timestamp::MIN, Timestamp::MAX, span) > 0);
    }
    assert_eq!(calendar.days_of_year(12_345).count(), 0);
    assert_eq!(calendar.days_of_year(9_999).count(), 365);
    assert!(calendar.after_quiet(Timestamp::MAX) == Timestamp::MAX);
    assert!(calendar.add_working_days(date(2026, 1, 1), i32::MIN) < date(2026, 1, 1));
}

fn any_span() -> impl Strategy<Value = Span> {
    prop_oneof![
        (0u32..3_000).prop_map(Span::Min),
        (0u32..100).prop_map(Span::H),
        (0u32..100).prop_map(Span::Dh),
        (0u32..100).prop_map(Span::Wh),
        (0u32..10).prop_map(Span::Wd),
    ]
}

fn longer(span: Span, n: u32) -> Span {
    match span {
        Span::Min(m) => Span::Min(m + n),
        Span::H(m) => Span::H(m + n),
        Span::Dh(m) => Span::Dh(m + n),
        Span::Wh(m) => Span::Wh(m + n),
        Span::Wd(m) => Span::Wd(m + n),
    }
}

/// An instant of 2009 to 2026, often within a few hours of a jump of the clocks.
fn any_instant(calendar: &Calendar, second: i64, near: bool) -> Timestamp {
    let any = Timestamp::from_second(1_230_768_000 + second).unwrap();
    let jump = calendar.zone.following(any).next().filter(|_| near);
    jump.map_or(any, |jump| jump.timestamp() + jiff::SignedDuration::from_secs(second % 14_400 - 7_200))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn what_is_opened_later_or_takes_longer_is_never_due_earlier(
        zone in 0..ZONES.len(), open in any::<bool>(), (second, near) in (0i64..568_000_000, any::<bool>()),
        later in 0i64..20_000, span in any_span(), more in 0u32..30,
    ) {
        let calendar =
            if open { always_open(ZONES[zone]) } else { Calendar::new(rules(ZONES[zone])).unwrap() };
        let from = any_instant(&calendar, second, near);
        let due = calendar.add(from, span);
        prop_assert!(due >= from);
        let after = from + jiff::SignedDuration::from_secs(later);
        if span.count() > 0 {
            prop_assert!(calendar.add(after, span) >= due, "opened later");
            prop_assert!(calendar.before(after, span) >= calendar.before(from, span), "back from later");
        }
        prop_assert!(calendar.add(from, longer(span, more)) >= due, "longer");
        prop_assert!(calendar.before(from, span) <= from);
        prop_assert!(calendar.before(from, longer(span, more)) <= calendar.before(from, span));
        prop_assert!(calendar.elapsed(from, after, span) >= 0);
        prop_assert_eq!(calendar.trace(from, span).due, due);
        prop_assert!(calendar.after_quiet(after) >= calendar.after_quiet(from));
    }

    #[test]
    fn nothing_breaks_at_the_ends_of_time(millis in any::<i64>(), span in any_span()) {
        let calendar = china();
        let from = Timestamp::from_millisecond(millis % 400_000_000_000_000).unwrap_or(Timestamp::MAX);
        prop_assert!(calendar.add(from, span) >= from && calendar.before(from, span) <= from);
        prop_assert!(calendar.after_quiet(from) >= from && calendar.next_opening(from) >= from);
    }
}
