//! Sums made by hand, one a row: `opened | span | due`.

use super::*;

/// The rows of a table; lines that begin with `#` say what the next ones are about.
pub(super) fn rows(table: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let rows = table.lines().map(str::trim).filter(|row| !row.is_empty() && !row.starts_with('#'));
    rows.map(|row| {
        let (first, rest) = row.split_once('|').unwrap();
        let (second, third) = rest.split_once('|').unwrap();
        (first.trim(), second.trim(), third.trim())
    })
}

pub(super) fn hold(calendar: &Calendar, table: &str, sum: impl Fn(&Calendar, Timestamp, Span) -> Timestamp) {
    for (opened, added, due) in rows(table) {
        assert_eq!(shown(sum(calendar, at(opened), span(added))), due, "{opened} | {added}");
    }
}

#[test]
fn sums_of_ordinary_weeks_hold() {
    // 2026-11-20 is a Friday.
    let table = "
        # the silence rules: Friday 17:00 reaches the boss on Tuesday
        2026-11-20 17:00    | 24dh  | 2026-11-23 17:00
        2026-11-20 17:00    | 48dh  | 2026-11-24 17:00
        2026-11-20 17:00    | 1wd   | 2026-11-23 17:00
        2026-11-20 17:00    | 2wd   | 2026-11-24 17:00
        2026-11-16 10:00    | 48dh  | 2026-11-18 10:00
        # wall clock does not care
        2026-11-20 17:00    | 24h   | 2026-11-21 17:00
        2026-11-20 23:45    | 30min | 2026-11-21 00:15
        2026-11-21 10:00    | 2h    | 2026-11-21 12:00
        2026-11-20 17:00    | 0min  | 2026-11-20 17:00
        # hours on working days go through the night and not through the weekend
        2026-11-20 23:59    | 1dh   | 2026-11-23 00:59
        2026-11-20 22:00    | 2dh   | 2026-11-23 00:00
        2026-11-19 22:00    | 12dh  | 2026-11-20 10:00
        2026-11-20 00:00    | 24dh  | 2026-11-23 00:00
        2026-11-19 00:00    | 24dh  | 2026-11-20 00:00
        2026-11-20 20:00    | 24dh  | 2026-11-23 20:00
        2026-11-20 03:00    | 24dh  | 2026-11-23 03:00
        # opened on a closed day they count from its end
        2026-11-21 10:00    | 24dh  | 2026-11-24 00:00
        2026-11-22 23:59    | 24dh  | 2026-11-24 00:00
        2026-11-21 00:00    | 1dh   | 2026-11-23 01:00
        2026-11-22 10:00    | 48dh  | 2026-11-25 00:00
    ";
    hold(&china(), table, |calendar, from, span| calendar.add(from, span));
}

#[test]
fn sums_of_working_time_hold() {
    let table = "
        # working hours: lunch, evening, weekend
        2026-11-20 09:00    | 3wh   | 2026-11-20 12:00
        2026-11-20 11:30    | 1wh   | 2026-11-20 13:30
        2026-11-20 11:00    | 1wh   | 2026-11-20 12:00
        2026-11-20 12:30    | 1wh   | 2026-11-20 14:00
        2026-11-20 12:00    | 1wh   | 2026-11-20 14:00
        2026-11-20 13:00    | 5wh   | 2026-11-20 18:00
        2026-11-20 14:01    | 4wh   | 2026-11-23 09:01
        2026-11-20 17:00    | 2wh   | 2026-11-23 10:00
        2026-11-20 17:00    | 4wh   | 2026-11-23 12:00
        2026-11-20 17:00    | 5wh   | 2026-11-23 14:00
        2026-11-20 09:00    | 8wh   | 2026-11-20 18:00
        2026-11-20 09:00    | 16wh  | 2026-11-23 18:00
        2026-11-20 18:00    | 1wh   | 2026-11-23 10:00
        2026-11-20 07:00    | 2wh   | 2026-11-20 11:00
        2026-11-21 10:00    | 4wh   | 2026-11-23 14:00
        2026-11-20 17:59:30 | 1wh   | 2026-11-23 09:59:30
        # working days: the same time of day; from the next opening when opened outside
        2026-11-20 09:00    | 1wd   | 2026-11-23 09:00
        2026-11-20 08:59    | 1wd   | 2026-11-23 09:00
        2026-11-20 11:59    | 1wd   | 2026-11-23 11:59
        2026-11-20 12:00    | 1wd   | 2026-11-23 12:00
        2026-11-20 12:30    | 1wd   | 2026-11-23 13:00
        2026-11-20 17:59    | 1wd   | 2026-11-23 17:59
        2026-11-20 18:00    | 1wd   | 2026-11-23 18:00
        2026-11-20 18:00:01 | 1wd   | 2026-11-24 09:00
        2026-11-20 20:00    | 1wd   | 2026-11-24 09:00
        2026-11-20 00:00    | 1wd   | 2026-11-23 09:00
        2026-11-21 10:00    | 1wd   | 2026-11-24 09:00
        2026-11-22 23:59    | 1wd   | 2026-11-24 09:00
        2026-11-20 10:00    | 5wd   | 2026-11-27 10:00
        2026-11-20 10:00    | 10wd  | 2026-12-04 10:00
        # nothing at all is due at once
        2026-11-21 03:00    | 0wd   | 2026-11-21 03:00
        2026-11-21 03:00    | 0wh   | 2026-11-21 03:00
    ";
    hold(&china(), table, |calendar, from, span| calendar.add(from, span));
}

#[test]
fn sums_over_holidays_and_make_up_days_hold() {
    let table = "
        # National Day 2026: 1 to 7 October closed; the Sunday 20 September and the Saturday 10 October worked
        2026-09-30 17:00 | 1wd   | 2026-10-08 17:00
        2026-09-30 17:00 | 48dh  | 2026-10-09 17:00
        2026-09-30 17:00 | 4wh   | 2026-10-08 12:00
        2026-10-03 12:00 | 1wd   | 2026-10-09 09:00
        2026-10-03 12:00 | 24dh  | 2026-10-09 00:00
        2026-10-09 17:00 | 1wd   | 2026-10-10 17:00
        2026-10-09 17:00 | 24dh  | 2026-10-10 17:00
        2026-10-10 17:00 | 2wh   | 2026-10-12 10:00
        2026-09-18 10:00 | 1wd   | 2026-09-20 10:00
        2026-09-19 10:00 | 1wd   | 2026-09-21 09:00
        2026-09-20 10:00 | 24dh  | 2026-09-21 10:00
        2026-09-24 10:00 | 1wd   | 2026-09-28 10:00
        # Spring Festival 2026: nine days
        2026-02-13 17:00 | 48dh  | 2026-02-24 17:00
        2026-02-14 17:00 | 1wd   | 2026-02-24 17:00
        2026-02-27 17:00 | 1wd   | 2026-02-28 17:00
        2026-02-28 17:00 | 1wd   | 2026-03-02 17:00
        # Spring Festival 2025 and 2024
        2025-01-26 15:00 | 1wd   | 2025-01-27 15:00
        2025-01-27 15:00 | 2wd   | 2025-02-06 15:00
        2025-01-27 17:30 | 1wh   | 2025-02-05 09:30
        2024-02-04 17:00 | 24dh  | 2024-02-05 17:00
        2024-02-09 10:00 | 1wd   | 2024-02-18 10:00
        # 29 February, year ends
        2024-02-28 10:00 | 1wd   | 2024-02-29 10:00
        2024-02-29 10:00 | 1wd   | 2024-03-01 10:00
        2024-02-29 23:00 | 2dh   | 2024-03-01 01:00
        2025-02-28 10:00 | 1wd   | 2025-03-03 10:00
        2024-12-31 17:00 | 1wd   | 2025-01-02 17:00
        2025-12-31 17:00 | 1wd   | 2026-01-04 17:00
        2025-12-31 17:00 | 8wh   | 2026-01-04 17:00
        2025-12-31 23:59 | 24dh  | 2026-01-04 23:59
        2025-12-31 23:59 | 2min  | 2026-01-01 00:01
        # the others
        2026-04-03 15:00 | 1wd   | 2026-04-07 15:00
        2026-04-30 15:00 | 1wd   | 2026-05-06 15:00
        2026-05-08 15:00 | 1wd   | 2026-05-09 15:00
        2026-06-18 15:00 | 24dh  | 2026-06-22 15:00
        2024-04-07 09:00 | 4wh   | 2024-04-07 14:00
        2024-05-11 17:00 | 1wd   | 2024-05-13 17:00
        2024-09-14 17:00 | 1wd   | 2024-09-18 17:00
        2024-10-12 17:30 | 1wh   | 2024-10-14 09:30
        2025-05-30 17:00 | 24dh  | 2025-06-03 17:00
        2025-09-28 09:30 | 48dh  | 2025-09-30 09:30
        2025-09-30 18:30 | 2wh   | 2025-10-09 11:00
    ";
    hold(&china(), table, |calendar, from, span| calendar.add(from, span));
}

#[test]
fn sums_backwards_hold() {
    let table = "
        # a planned finish at the end of a working day, remembered a working day before
        2026-11-23 18:00 | 1wd   | 2026-11-20 18:00
        2026-10-08 18:00 | 1wd   | 2026-09-30 18:00
        2026-11-23 09:00 | 1wd   | 2026-11-20 09:00
        2026-11-23 20:00 | 1wd   | 2026-11-20 18:00
        2026-11-22 12:00 | 1wd   | 2026-11-19 18:00
        2026-11-23 12:30 | 1wd   | 2026-11-20 12:00
        2026-11-27 10:00 | 3wd   | 2026-11-24 10:00
        2026-11-23 10:00 | 2wh   | 2026-11-20 17:00
        2026-11-23 10:00 | 1wh   | 2026-11-23 09:00
        2026-11-23 13:30 | 1wh   | 2026-11-23 11:30
        2026-11-23 10:00 | 24dh  | 2026-11-20 10:00
        2026-11-22 10:00 | 24dh  | 2026-11-20 00:00
        2026-11-23 00:30 | 1dh   | 2026-11-20 23:30
        2026-11-23 10:00 | 24h   | 2026-11-22 10:00
        2026-11-22 10:00 | 0wd   | 2026-11-22 10:00
    ";
    hold(&china(), table, |calendar, until, span| calendar.before(until, span));
}

#[test]
fn the_companys_own_days_go_both_ways_and_may_have_own_hours() {
    let calendar = company(vec![
        works("2026-11-21", &["09:00-12:00"]),
        closed("2026-11-23"),
        works("2026-10-05", &[]),
        closed("2026-10-10"),
    ]);
    let table = "
        2026-11-20 17:00 | 4wh   | 2026-11-21 12:00
        2026-11-20 17:00 | 5wh   | 2026-11-24 10:00
        2026-11-20 10:00 | 1wd   | 2026-11-21 10:00
        # the same time of day is outside of the short Saturday: the next opening
        2026-11-20 17:00 | 1wd   | 2026-11-24 09:00
        2026-11-20 17:00 | 2wd   | 2026-11-24 17:00
        2026-11-20 17:00 | 24dh  | 2026-11-21 17:00
        2026-11-21 11:00 | 24dh  | 2026-11-24 11:00
        # work on a holiday, a make-up day off
        2026-09-30 10:00 | 1wd   | 2026-10-05 10:00
        2026-10-09 10:00 | 1wd   | 2026-10-12 10:00
    ";
    hold(&calendar, table, |calendar, from, span| calendar.add(from, span));
    let table = "
        2026-11-24 17:00 | 1wd   | 2026-11-21 12:00
        2026-11-24 10:00 | 1wd   | 2026-11-21 10:00
    ";
    hold(&calendar, table, |calendar, until, span| calendar.before(until, span));
}

#[test]
fn why_replays_the_sum_with_the_days_that_did_not_count() {
    let calendar = company(vec![closed("2026-09-28")]);
    let trace = calendar.trace(at("2026-09-24 20:00"), span("1wd"));
    let skipped: Vec<_> = trace
        .skipped
        .iter()
        .map(|(day, why)| match why {
            DayKind::Holiday(reason) | DayKind::CompanyCloses(reason) => format!("{day} {reason}"),
            other => format!("{day} {other:?}"),
        })
        .collect();
    assert_eq!(
        skipped,
        ["2026-09-25 中秋节", "2026-09-26 中秋节", "2026-09-27 中秋节", "2026-09-28 周年庆",]
    );
    assert_eq!(shown(trace.counted_from), "2026-09-29 09:00");
    assert_eq!(shown(trace.due), "2026-09-30 09:00");
    assert_eq!((trace.from, trace.span, trace.provisional), (at("2026-09-24 20:00"), Span::Wd(1), false));
    let weekend = calendar.trace(at("2026-11-20 17:00"), span("48dh"));
    assert!(weekend.skipped.iter().all(|(_, why)| *why == DayKind::Weekend) && weekend.skipped.len() == 2);
    assert_eq!(weekend.counted_from, weekend.from);
    assert_eq!(calendar.trace(at("2026-11-20 17:00"), span("72h")).skipped, []);
}

#[test]
fn a_deadline_beyond_the_known_holidays_is_provisional() {
    let calendar = china();
    let trace = calendar.trace(at("2026-12-31 17:00"), span("1wd"));
    assert_eq!(shown(trace.due), "2027-01-01 17:00");
    assert!(trace.provisional, "nobody has published the holidays of 2027");
    assert!(!calendar.trace(at("2026-12-30 17:00"), span("1wd")).provisional);
    assert!(calendar.provisional(at("2027-01-01 00:00")) && !calendar.provisional(at("2026-12-31 23:59:59")));
}

#[test]
fn openings_and_closings_are_those_of_the_day() {
    let calendar = company(vec![works("2026-11-21", &["09:00-12:00"])]);
    let closing = |day: &str| shown(calendar.closing_of(day.parse().unwrap()));
    assert_eq!(closing("2026-11-20"), "2026-11-20 18:00");
    assert_eq!(closing("2026-11-21"), "2026-11-21 12:00");
    assert_eq!(closing("2026-11-22"), "2026-11-23 18:00");
    let opening = |text: &str| shown(calendar.next_opening(at(text)));
    assert_eq!(opening("2026-11-20 10:30"), "2026-11-20 10:30");
    assert_eq!(opening("2026-11-20 12:00"), "2026-11-20 13:00");
    assert_eq!(opening("2026-11-20 18:00"), "2026-11-21 09:00");
    assert_eq!(opening("2026-11-21 12:00"), "2026-11-23 09:00");
    assert!(calendar.is_working_time(at("2026-11-20 09:00")));
    assert!(!calendar.is_working_time(at("2026-11-20 18:00")));
    assert!(!calendar.is_working_time(at("2026-11-22 10:00")));
}

#[test]
fn time_used_is_counted_in_its_own_unit() {
    let calendar = china();
    let used = |unit| calendar.elapsed(at("2026-11-20 17:00"), at("2026-11-23 10:00"), unit) / 60_000;
    assert_eq!(used(Unit::Min), (7 + 48 + 10) * 60);
    assert_eq!(used(Unit::Dh), (7 + 10) * 60);
    assert_eq!(used(Unit::Wh), (1 + 1) * 60);
    assert_eq!(used(Unit::Wd), (7 + 10) * 60);
    let from_the_opening = calendar.elapsed(at("2026-11-20 20:00"), at("2026-11-23 10:00"), span("1wd"));
    assert_eq!(from_the_opening, 3_600_000);
    assert_eq!(calendar.elapsed(at("2026-11-23 10:00"), at("2026-11-20 17:00"), Unit::Wh), 0);
}

#[test]
fn spans_are_read_strictly_and_written_back() {
    let all = [("30min", Span::Min(30)), ("2h", Span::H(2)), ("48dh", Span::Dh(48)), ("4wh", Span::Wh(4))];
    for (text, span) in all.into_iter().chain([("1wd", Span::Wd(1)), ("0wd", Span::Wd(0))]) {
        assert_eq!(text.parse(), Ok(span));
        assert_eq!(span.to_string(), text);
        assert_eq!(serde_json::to_string(&span).unwrap(), format!("{text:?}"));
        assert_eq!(serde_json::from_str::<Span>(&format!("{text:?}")).unwrap(), span);
    }
    for text in
        ["", "wd", "1", "1 wd", "-1wd", "+1wd", "1.5h", "1d", "1WD", "１wd", "100000h", "99999999999wd"]
    {
        let fault = text.parse::<Span>().unwrap_err().to_string();
        assert!(
            fault.contains(&format!("`{text}`")) && fault.contains("min (minutes), h (hours)"),
            "{fault}"
        );
    }
}
