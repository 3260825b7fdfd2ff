//! The calendar against hand-made cases, a naive oracle, and an independent table of holidays.

use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;

const YEARS: [&str; 3] = [
    include_str!("../../../config/calendar/cn-2024.toml"),
    include_str!("../../../config/calendar/cn-2025.toml"),
    include_str!("../../../config/calendar/cn-2026.toml"),
];

fn rules(zone: &str) -> Rules {
    let t = |h, m| Time::constant(h, m, 0, 0);
    Rules {
        zone: TimeZone::get(zone).unwrap(),
        hours: Hours::new(vec![(t(9, 0), t(12, 0)), (t(13, 0), t(18, 0))]).unwrap(),
        years: YEARS.iter().map(|text| toml::from_str(text).unwrap()).collect(),
        overrides: Vec::new(),
        quiet: "21:00-08:30".parse().unwrap(),
    }
}

fn china() -> Calendar {
    Calendar::new(rules("Asia/Shanghai")).unwrap()
}

fn at(text: &str) -> Timestamp {
    format!("{}:00+08:00", text.replace(' ', "T")).parse().unwrap()
}

fn shown(at: Timestamp) -> String {
    at.to_zoned(TimeZone::get("Asia/Shanghai").unwrap()).strftime("%Y-%m-%d %H:%M").to_string()
}

#[test]
fn hand_made_sums_hold() {
    let calendar = china();
    // opened | span | due. 2026-11-20 is a Friday; 2026-09-25 to 27 and 10-01 to 07 are holidays, 09-20 and 10-10 are worked.
    let table = "
        2026-11-20 17:00 | 48dh | 2026-11-24 17:00
        2026-11-20 17:00 | 24dh | 2026-11-23 17:00
        2026-11-20 17:00 | 1wd | 2026-11-23 17:00
        2026-11-20 17:00 | 4wh | 2026-11-23 12:00
        2026-11-20 17:00 | 24h | 2026-11-21 17:00
        2026-11-20 17:00 | 30min | 2026-11-20 17:30
        2026-11-20 11:30 | 1wh | 2026-11-20 13:30
        2026-11-20 12:30 | 1wh | 2026-11-20 14:00
        2026-11-20 12:30 | 1wd | 2026-11-23 13:00
        2026-11-20 18:00 | 1wd | 2026-11-24 09:00
        2026-11-20 20:00 | 1wd | 2026-11-24 09:00
        2026-11-20 20:00 | 24dh | 2026-11-23 20:00
        2026-11-20 08:00 | 1wd | 2026-11-23 09:00
        2026-11-20 09:00 | 1wd | 2026-11-23 09:00
        2026-11-20 09:00 | 3wh | 2026-11-20 12:00
        2026-11-20 09:00 | 8wh | 2026-11-20 18:00
        2026-11-20 09:00 | 9wh | 2026-11-23 10:00
        2026-11-21 10:00 | 1wd | 2026-11-24 09:00
        2026-11-21 10:00 | 24dh | 2026-11-24 00:00
        2026-11-22 10:00 | 24dh | 2026-11-24 00:00
        2026-11-21 10:00 | 4wh | 2026-11-23 14:00
        2026-09-18 10:00 | 1wd | 2026-09-20 10:00
        2026-09-20 10:00 | 24dh | 2026-09-21 10:00
        2026-09-24 10:00 | 1wd | 2026-09-28 10:00
        2026-09-24 10:00 | 24dh | 2026-09-28 10:00
        2026-09-30 17:00 | 48dh | 2026-10-09 17:00
        2026-09-30 17:00 | 1wd | 2026-10-08 17:00
        2026-10-09 17:00 | 1wd | 2026-10-10 17:00
        2026-10-10 17:00 | 1wd | 2026-10-12 17:00
        2026-10-03 12:00 | 1wd | 2026-10-09 09:00
        2026-02-14 17:00 | 1wd | 2026-02-24 17:00
        2026-02-13 17:00 | 48dh | 2026-02-24 17:00
        2024-02-29 10:00 | 1wd | 2024-03-01 10:00
        2024-02-09 10:00 | 1wd | 2024-02-18 10:00
        2025-12-31 17:00 | 1wd | 2026-01-04 17:00
        2025-12-31 17:00 | 8wh | 2026-01-04 17:00
        2025-12-31 23:59 | 24dh | 2026-01-04 23:59
        2026-11-20 23:59 | 1dh | 2026-11-23 00:59
        2026-11-20 00:00 | 24dh | 2026-11-21 00:00
        2026-11-20 17:59 | 1wd | 2026-11-23 17:59
        2026-11-20 12:00 | 1wd | 2026-11-23 13:00
        2026-11-20 11:59 | 1wd | 2026-11-23 11:59
        2026-11-20 10:00 | 0wd | 2026-11-20 10:00
        2026-11-21 10:00 | 0wd | 2026-11-23 09:00
        2026-11-20 10:00 | 0dh | 2026-11-20 10:00
        2026-11-20 10:00 | 5wd | 2026-11-27 10:00
        2026-11-20 10:00 | 10wd | 2026-12-04 10:00
        2026-04-03 15:00 | 1wd | 2026-04-07 15:00
        2026-04-30 15:00 | 1wd | 2026-05-06 15:00
        2026-05-08 15:00 | 1wd | 2026-05-09 15:00
        2026-06-18 15:00 | 24dh | 2026-06-22 15:00
        2025-01-26 15:00 | 1wd | 2025-01-27 15:00
        2025-01-27 15:00 | 2wd | 2025-02-06 15:00
        2025-09-28 09:30 | 48dh | 2025-09-30 09:30
        2025-09-30 18:30 | 2wh | 2025-10-09 11:00
        2024-10-12 17:30 | 1wh | 2024-10-14 09:30
        2024-09-14 17:00 | 1wd | 2024-09-18 17:00
        2024-05-11 17:00 | 1wd | 2024-05-13 17:00
        2024-04-07 09:00 | 4wh | 2024-04-07 14:00
        2026-11-23 14:00 | 4wh | 2026-11-23 18:00
        2026-11-23 14:01 | 4wh | 2026-11-24 09:01
    ";
    for row in table.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let cells: Vec<&str> = row.split(" | ").collect();
        let due = calendar.add(at(cells[0]), cells[1].parse().unwrap());
        assert_eq!(shown(due), cells[2], "{row}");
    }
}

#[test]
fn a_friday_request_reaches_the_boss_on_tuesday_and_why_names_the_weekend() {
    let trace = china().trace(at("2026-11-20 17:00"), Span::Dh(48));
    assert_eq!(shown(trace.due), "2026-11-24 17:00");
    let days: Vec<_> = trace.skipped.iter().map(|(day, kind)| (day.to_string(), kind.clone())).collect();
    let weekend = |day: &str| (day.to_owned(), DayKind::Weekend);
    assert_eq!(days, [weekend("2026-11-21"), weekend("2026-11-22")]);
    assert!(!trace.provisional);
}

#[test]
fn a_deadline_beyond_the_known_holidays_is_provisional() {
    let trace = china().trace(at("2026-12-31 17:00"), Span::Wd(1));
    assert_eq!(shown(trace.due), "2027-01-01 17:00");
    assert!(trace.provisional, "nobody has published the holidays of 2027");
}

#[test]
fn every_day_of_three_years_agrees_with_an_independent_table() {
    let calendar = china();
    let (first, last) = (date(2024, 1, 1), date(2026, 12, 31));
    for day in first.series(1.day()).take_while(|d| *d <= last) {
        let theirs = tyme4rs::tyme::holiday::LegalHoliday::from_ymd(
            day.year() as isize,
            day.month() as usize,
            day.day() as usize,
        );
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let works = theirs.map_or(!weekend, |holiday| holiday.is_work());
        assert_eq!(calendar.is_working_day(day), works, "{day}");
    }
}

#[test]
fn company_days_go_both_ways_and_may_have_own_hours() {
    let mut rules = rules("Asia/Shanghai");
    let noon = Hours::new(vec![(Time::constant(9, 0, 0, 0), Time::constant(12, 0, 0, 0))]).unwrap();
    let day = |text: &str, works| Override {
        date: text.parse().unwrap(),
        works,
        reason: "周年庆".to_owned(),
        hours: works.then(|| noon.clone()),
    };
    rules.overrides = vec![day("2026-11-23", false), day("2026-11-21", true)];
    let calendar = Calendar::new(rules).unwrap();
    assert_eq!(calendar.day_kind(date(2026, 11, 23)), DayKind::CompanyCloses("周年庆".to_owned()));
    assert_eq!(shown(calendar.add(at("2026-11-20 17:00"), Span::Wh(4))), "2026-11-21 12:00");
    assert_eq!(shown(calendar.add(at("2026-11-20 17:00"), Span::Wd(2))), "2026-11-24 17:00");
}

#[test]
fn every_mistake_in_the_rules_is_named_at_once() {
    let mut rules = rules("Asia/Shanghai");
    rules.years[2].work.push(date(2026, 10, 1));
    rules.years[2].work.push(date(2025, 3, 1));
    let again = rules.years[0].clone();
    rules.years.push(again);
    let faults = Calendar::new(rules).unwrap_err();
    assert!(faults.contains(&Fault::Both(date(2026, 10, 1))));
    assert!(faults.contains(&Fault::WrongYear { year: 2026, date: date(2025, 3, 1) }));
    assert!(faults.contains(&Fault::Twice(2024)));
    let t = |h| Time::constant(h, 0, 0, 0);
    assert_eq!(Hours::new(vec![(t(9), t(13)), (t(12), t(18))]), Err(Fault::Hours));
    assert_eq!(Hours::new(vec![]), Err(Fault::Hours));
}

#[test]
fn quiet_hours_wait_for_the_next_opening() {
    let calendar = china();
    let cases = [
        ("2026-11-20 20:59", "2026-11-20 20:59"),
        ("2026-11-20 21:00", "2026-11-23 09:00"),
        ("2026-11-19 23:30", "2026-11-20 09:00"),
        ("2026-11-20 08:29", "2026-11-20 09:00"),
        ("2026-11-20 08:30", "2026-11-20 08:30"),
        ("2026-11-21 12:00", "2026-11-23 09:00"),
        ("2026-09-20 12:00", "2026-09-20 12:00"),
        ("2026-10-03 12:00", "2026-10-08 09:00"),
    ];
    for (due, fires) in cases {
        assert_eq!(shown(calendar.after_quiet(at(due))), fires, "{due}");
    }
}

#[test]
fn own_quiet_hours_end_on_the_right_day() {
    let calendar = china();
    let own: QuietHours = "22:00-07:15".parse().unwrap();
    let ends = |text| shown(calendar.after_own_quiet(&own, at(text)));
    assert_eq!(ends("2026-11-20 23:00"), "2026-11-21 07:15");
    assert_eq!(ends("2026-11-20 01:00"), "2026-11-20 07:15");
    assert_eq!(ends("2026-11-20 12:00"), "2026-11-20 12:00");
    assert!("25:00-08:00".parse::<QuietHours>().is_err());
    assert_eq!("off".parse::<QuietHours>(), Ok(QuietHours::NONE));
}

#[test]
fn units_are_read_strictly() {
    for (text, span) in
        [("30min", Span::Min(30)), ("2h", Span::H(2)), ("48dh", Span::Dh(48)), ("1wd", Span::Wd(1))]
    {
        assert_eq!(text.parse(), Ok(span));
        assert_eq!(span.to_string(), text);
    }
    for text in ["", "wd", "1", "1 wd", "-1wd", "1.5h", "1d", "1WD", "999999999999h", "100000h"] {
        assert!(text.parse::<Span>().is_err(), "{text}");
    }
}

/// Minute by minute, without any of the calendar's sums.
fn naive(calendar: &Calendar, from: Timestamp, span: Span) -> Timestamp {
    let minute = SignedDuration::from_mins(1);
    let local = |t: Timestamp| t.to_zoned(TimeZone::get("Asia/Shanghai").unwrap());
    let works = |t: Timestamp| calendar.is_working_day(local(t).date());
    let open = |t: Timestamp| {
        let z = local(t);
        works(t) && ((9..12).contains(&z.hour()) || (13..18).contains(&z.hour()))
    };
    let counts = |t: Timestamp| if matches!(span, Span::Dh(_)) { works(t) } else { open(t) };
    let mut t = from;
    match span {
        Span::Min(n) => from + SignedDuration::from_mins(n.into()),
        Span::H(n) => from + SignedDuration::from_hours(n.into()),
        Span::Dh(n) | Span::Wh(n) => {
            let mut left = n * 60;
            loop {
                if counts(t) {
                    if left == 0 {
                        return t;
                    }
                    left -= 1;
                    if left == 0 {
                        return t + minute;
                    }
                }
                t += minute;
            }
        }
        Span::Wd(n) => {
            while !open(t) {
                t += minute;
            }
            let mut left = n;
            while left > 0 {
                t += SignedDuration::from_hours(24);
                left -= u32::from(works(t));
            }
            t
        }
    }
}

fn any_minute() -> impl Strategy<Value = Timestamp> {
    // All of 2024–2026 but the last weeks, so that sums end on known days.
    let first = at("2024-01-01 00:00").as_second() / 60;
    let last = at("2026-11-30 00:00").as_second() / 60;
    (first..last).prop_map(|m| Timestamp::from_second(m * 60).unwrap())
}

fn any_span() -> impl Strategy<Value = Span> {
    prop_oneof![
        (0u32..500).prop_map(Span::Min),
        (0u32..100).prop_map(Span::H),
        (0u32..100).prop_map(Span::Dh),
        (0u32..40).prop_map(Span::Wh),
        (0u32..12).prop_map(Span::Wd),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn sums_agree_with_counting_minute_by_minute(from in any_minute(), span in any_span()) {
        let calendar = china();
        prop_assert_eq!(shown(calendar.add(from, span)), shown(naive(&calendar, from, span)));
    }

    #[test]
    fn later_openings_and_longer_spans_are_never_due_earlier(
        from in any_minute(), more in 0i64..5_000, span in any_span(), zone in 0usize..3,
    ) {
        let zone = ["America/New_York", "Europe/London", "Australia/Lord_Howe"][zone];
        let calendar = Calendar::new(rules(zone)).unwrap();
        let later = from + SignedDuration::from_mins(more);
        let due = calendar.add(from, span);
        prop_assert!(due >= from);
        prop_assert!(calendar.add(later, span) >= due);
    }

    #[test]
    fn what_was_added_has_elapsed(from in any_minute(), hours in 1u32..60) {
        let calendar = china();
        for span in [Span::Dh(hours), Span::Wh(hours), Span::H(hours)] {
            let due = calendar.add(from, span);
            prop_assert_eq!(calendar.elapsed(from, due, span), i64::from(hours) * 3_600_000);
            prop_assert_eq!(calendar.elapsed(calendar.before(due, span), due, span), i64::from(hours) * 3_600_000);
        }
    }

    #[test]
    fn nothing_overflows_at_the_ends_of_time(span in any_span(), ms in any::<i64>()) {
        let from = Timestamp::from_millisecond(ms / 4).unwrap_or(Timestamp::MAX);
        let calendar = china();
        let _ = (calendar.add(from, span), calendar.before(from, span), calendar.after_quiet(from));
    }
}
