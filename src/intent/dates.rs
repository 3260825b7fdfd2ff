//! Dates and moments as people type them, told in rows: `typed → meant`, `-` where nothing is meant.
//!
//! Invariant: the rows are said on Thursday 26 November 2026, at half past two.

use jiff::Span;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::when;

const DAYS: &[(&str, &str)] = &[
    ("今天", "2026-11-26"),
    ("明天", "2026-11-27"),
    ("后天", "2026-11-28"),
    ("大后天", "2026-11-29"),
    ("周五", "2026-11-27"),
    ("周四", "2026-11-26"),
    ("周三", "2026-12-02"),
    ("本周三", "2026-11-25"),
    ("下周三", "2026-12-02"),
    ("下个星期三", "2026-12-02"),
    ("下下周一", "2026-12-07"),
    ("星期天", "2026-11-29"),
    ("礼拜日", "2026-11-29"),
    ("月底", "2026-11-30"),
    ("下月底", "2026-12-31"),
    ("下个月底", "2026-12-31"),
    ("2月底", "2027-02-28"),
    ("年底", "2026-12-31"),
    ("下月5号", "2026-12-05"),
    ("30号", "2026-11-30"),
    ("5号", "2026-12-05"),
    ("3天后", "2026-11-29"),
    ("３ 天 后", "2026-11-29"),
    ("十二天后", "2026-12-08"),
    ("两周后", "2026-12-10"),
    ("3个月后", "2027-02-26"),
    ("T+3", "2026-12-01"),
    ("ｔ＋３", "2026-12-01"),
    ("T+0", "2026-11-26"),
    ("2个工作日后", "2026-11-30"),
    ("两个工作日内", "2026-11-30"),
    ("2026-12-01", "2026-12-01"),
    ("2026/12/1", "2026-12-01"),
    ("2026.12.1", "2026-12-01"),
    ("2026年12月1日", "2026-12-01"),
    ("2026 年 12 月 1 号", "2026-12-01"),
    ("12-01", "2026-12-01"),
    ("12/1", "2026-12-01"),
    ("12月1日", "2026-12-01"),
    ("十二月一日", "2026-12-01"),
    ("12月1日前", "2026-12-01"),
    ("截止：12月1日", "2026-12-01"),
    ("1月5号", "2027-01-05"),
    ("明年1月5日", "2027-01-05"),
    ("11月26日", "2026-11-26"),
    ("today", "2026-11-26"),
    ("Tomorrow", "2026-11-27"),
    ("the day after tomorrow", "2026-11-28"),
    ("monday", "2026-11-30"),
    ("by Fri", "2026-11-27"),
    ("next friday", "2026-12-04"),
    ("in 3 days", "2026-11-29"),
    ("in 2 working days", "2026-11-30"),
    ("in 2 weeks", "2026-12-10"),
    ("end of month", "2026-11-30"),
    ("end of next month", "2026-12-31"),
    ("Dec 1", "2026-12-01"),
    ("5 january", "2027-01-05"),
    ("2月30日", "-"),
    ("13-01", "-"),
    ("2026-02-29", "-"),
    ("2月29日", "-"),
    ("31号", "-"),
    ("下周八", "-"),
    ("3天前", "-"),
    ("3天", "-"),
    ("12.1", "-"),
    ("12", "-"),
    ("17:00", "-"),
    ("随便", "-"),
    ("", "-"),
];

/// Working days without holidays: Monday to Friday.
fn weekdays_only(from: Date, days: i32) -> Date {
    let workdays =
        from.series(Span::new().days(1)).skip(1).filter(|day| day.weekday().to_monday_zero_offset() < 5);
    if days == 0 { from } else { workdays.take(usize::try_from(days).unwrap()).last().unwrap() }
}

#[test]
fn dates_in_words_mean_a_day() {
    for (typed, meant) in DAYS {
        let day = when::date(typed, date(2026, 11, 26), &weekdays_only);
        assert_eq!(day.map_or("-".to_owned(), |day| day.to_string()), *meant, "typed: {typed}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_day_or_none(text in "\\PC{0,70}|[0-9下周月日天后一二十年底号点半:+/. T-]{0,12}", days in 0i32..20_000) {
        let today = date(2000, 1, 1).checked_add(Span::new().days(days)).unwrap();
        when::date(&text, today, &weekdays_only);
    }

    #[test]
    fn a_date_written_out_is_that_day(days in 0i32..40_000, today in 0i32..40_000) {
        let of = |days: i32| date(2000, 1, 1).checked_add(Span::new().days(days)).unwrap();
        let (day, today) = (of(days), of(today));
        let (y, m, d) = (day.year(), day.month(), day.day());
        for text in [day.to_string(), format!("{y}年{m}月{d}日"), format!("{y}/{m}/{d}")] {
            prop_assert_eq!(when::date(&text, today, &weekdays_only), Some(day));
        }
        if let Some(yearless) = when::date(&format!("{m}月{d}日"), today, &weekdays_only) {
            prop_assert!(yearless >= today && yearless.month() == m && yearless.day() == d);
        }
    }
}
