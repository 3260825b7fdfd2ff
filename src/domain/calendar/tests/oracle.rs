//! Every sum once more, by an oracle that knows nothing but a list of days and counts minute after minute.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

const OFF: &str = "2024-01-01 2024-02-10..17 2024-04-04..06 2024-05-01..05 2024-06-08..10 2024-09-15..17 2024-10-01..07 \
    2025-01-01 2025-01-28..31 2025-02-01..04 2025-04-04..06 2025-05-01..05 2025-05-31 2025-06-01..02 2025-10-01..08 \
    2026-01-01..03 2026-02-15..23 2026-04-04..06 2026-05-01..05 2026-06-19..21 2026-09-25..27 2026-10-01..07";
const WORK: &str = "2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12 \
    2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11 \
    2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10";

const DAY: usize = 24 * 60;
/// 2024-01-01 was a Monday; minutes are counted from its midnight in Shanghai, which knows no summer time.
const EPOCH: &str = "2024-01-01 00:00";
/// The days of 2024 to 2026. Behind them comes a year of plain weeks for the sums to end in, as long as nothing is known.
const DAYS: usize = 366 + 365 + 365;

/// What has passed at each minute, counted one by one.
struct Oracle {
    works: Vec<bool>,
    days_passed: Vec<u32>,
    hours_passed: Vec<u32>,
}

static ORACLE: LazyLock<Oracle> = LazyLock::new(|| {
    let (off, work) = (days_of(OFF), days_of(WORK));
    let works = |day: usize| work.contains(&day) || (day % 7 < 5 && !off.contains(&day));
    let works: Vec<bool> = (0..DAYS + 365).map(works).collect();
    let (mut days_passed, mut hours_passed) = (vec![0], vec![0]);
    for minute in 0..works.len() * DAY {
        let worked = works[minute / DAY];
        let hour = minute % DAY / 60;
        let in_hours = worked && (9..18).contains(&hour) && hour != 12;
        days_passed.push(days_passed[minute] + u32::from(worked));
        hours_passed.push(hours_passed[minute] + u32::from(in_hours));
    }
    Oracle { works, days_passed, hours_passed }
});

fn days_of(list: &str) -> Vec<usize> {
    let mut days = Vec::new();
    for text in list.split_whitespace() {
        let (first, last) = text.split_once("..").unwrap_or((text, &text[8..10]));
        let start = usize::try_from(minute_of(at(&format!("{first} 00:00")))).unwrap() / DAY;
        let length = last.parse::<usize>().unwrap() - first[8..10].parse::<usize>().unwrap();
        days.extend(start..=start + length);
    }
    days
}

impl Oracle {
    fn touches(&self, minute: usize) -> bool {
        let time = minute % DAY;
        self.works[minute / DAY]
            && (9 * 60..=18 * 60).contains(&time)
            && !(12 * 60 + 1..13 * 60).contains(&time)
    }

    fn due(&self, from: usize, span: Span) -> usize {
        let n = span.count() as usize;
        match span.unit() {
            Unit::Min => from + n,
            Unit::H => from + n * 60,
            _ if n == 0 => from,
            Unit::Wh => {
                let target = self.hours_passed[from] + span.count() * 60;
                self.hours_passed.partition_point(|passed| *passed < target)
            }
            Unit::Dh => {
                let target = self.days_passed[from] + span.count() * 60;
                let mut minute = self.days_passed.partition_point(|passed| *passed < target);
                while !self.works[minute / DAY] {
                    minute += 1;
                }
                minute
            }
            Unit::Wd => {
                let mut minute = (from..).find(|m| self.touches(*m)).unwrap();
                for _ in 0..n {
                    minute = (1..).map(|d| minute + d * DAY).find(|m| self.works[m / DAY]).unwrap();
                }
                (minute..).find(|m| self.touches(*m)).unwrap()
            }
        }
    }

    fn begin(&self, until: usize, span: Span) -> usize {
        let n = span.count() as usize;
        let latest = |passed: &[u32]| {
            let target = passed[until] - span.count() * 60;
            passed.partition_point(|p| *p <= target) - 1
        };
        match span.unit() {
            Unit::Min => until - n,
            Unit::H => until - n * 60,
            _ if n == 0 => until,
            Unit::Wh => latest(&self.hours_passed),
            Unit::Dh => latest(&self.days_passed),
            Unit::Wd => {
                let mut minute = (0..=until).rev().find(|m| self.touches(*m)).unwrap();
                for _ in 0..n {
                    minute = (1..).map(|d| minute - d * DAY).find(|m| self.works[m / DAY]).unwrap();
                }
                (0..=minute).rev().find(|m| self.touches(*m)).unwrap()
            }
        }
    }
}

fn minute_of(at: Timestamp) -> i64 {
    (at.as_second() - super::at(EPOCH).as_second()) / 60
}

fn instant(minute: usize) -> Timestamp {
    Timestamp::from_second(super::at(EPOCH).as_second() + minute as i64 * 60).unwrap()
}

fn assert_agrees(calendar: &Calendar, minute: usize, span: Span) {
    let due = calendar.add(instant(minute), span);
    let expected = instant(ORACLE.due(minute, span));
    assert_eq!(shown(due), shown(expected), "{} + {span}", shown(instant(minute)));
}

#[test]
fn every_edge_of_every_day_agrees_with_counting_minutes() {
    let calendar = china();
    let edges = [
        "00:00", "00:01", "08:59", "09:00", "09:01", "11:59", "12:00", "12:01", "12:59", "13:00", "13:01",
        "17:59", "18:00", "18:01", "20:59", "21:00", "23:59",
    ];
    let spans =
        ["0wd", "1dh", "24dh", "25dh", "48dh", "1wh", "3wh", "4wh", "8wh", "9wh", "1wd", "2wd", "5wd"]
            .map(span);
    for day in 0..DAYS {
        for edge in edges {
            let minute = day * DAY + usize::from(interval::minutes(edge).unwrap());
            for span in spans {
                assert_agrees(&calendar, minute, span);
            }
        }
    }
}

fn any_minute() -> impl Strategy<Value = usize> {
    0..DAYS * DAY
}

fn any_span() -> impl Strategy<Value = Span> {
    prop_oneof![
        (0u32..5_000).prop_map(Span::Min),
        (0u32..500).prop_map(Span::H),
        (0u32..500).prop_map(Span::Dh),
        (0u32..160).prop_map(Span::Wh),
        (0u32..40).prop_map(Span::Wd),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn sums_agree_with_counting_minutes(minute in any_minute(), span in any_span()) {
        assert_agrees(&china(), minute, span);
    }

    #[test]
    fn sums_backwards_agree_with_counting_minutes(minute in 120 * DAY..DAYS * DAY, span in any_span()) {
        let begin = china().before(instant(minute), span);
        prop_assert_eq!(shown(begin), shown(instant(ORACLE.begin(minute, span))));
    }

    #[test]
    fn time_used_agrees_with_counting_minutes(from in any_minute(), length in 0..60 * DAY) {
        let (oracle, calendar, to) = (&*ORACLE, china(), from + length);
        let used = |unit| calendar.elapsed(instant(from), instant(to), unit);
        prop_assert_eq!(used(Unit::H), length as i64 * 60_000);
        prop_assert_eq!(used(Unit::Dh), i64::from(oracle.days_passed[to] - oracle.days_passed[from]) * 60_000);
        prop_assert_eq!(used(Unit::Wh), i64::from(oracle.hours_passed[to] - oracle.hours_passed[from]) * 60_000);
    }

    #[test]
    fn what_was_added_has_passed(minute in any_minute(), span in any_span()) {
        let (calendar, from) = (china(), instant(minute));
        let due = calendar.add(from, span);
        prop_assert_eq!(calendar.elapsed(from, due, span), span.nanos() / 1_000_000);
        prop_assert!(due >= from);
    }

    #[test]
    fn a_working_day_before_takes_back_a_working_day_on(minute in any_minute(), days in 1u32..30) {
        let calendar = china();
        let from = instant(ORACLE.due(minute, Span::Wd(1)));
        prop_assert_eq!(calendar.before(calendar.add(from, Span::Wd(days)), Span::Wd(days)), from);
        prop_assert_eq!(calendar.add(calendar.before(from, Span::Wd(days)), Span::Wd(days)), from);
    }

    #[test]
    fn in_working_time_a_working_day_is_24_hours_of_working_days(
        minute in any_minute(), hours in 1u32..9, days in 1u32..30,
    ) {
        let calendar = china();
        let from = calendar.add(instant(minute), Span::Wh(hours));
        prop_assert_eq!(calendar.add(from, Span::Wd(days)), calendar.add(from, Span::Dh(24 * days)));
    }
}
