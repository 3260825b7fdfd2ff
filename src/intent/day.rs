//! The shapes that a day is named in, before anybody asks what today is.
//!
//! Invariant: shape only. Whether such a day exists is decided by `when`, which knows the day it was said on.

use jiff::civil::Weekday;

use super::numeral;

/// A day as it was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// `后天`, `3天后`, `in 2 weeks`
    After(i64),
    /// `T+3`, `2个工作日后`
    WorkingAfter(i32),
    /// `两个月后`
    MonthsAfter(i64),
    /// `周五` (no week named), `下周三` (one week on)
    Weekday { weeks: Option<i64>, weekday: Weekday },
    /// `月底`, `下月底`
    MonthEnd { months: i64 },
    /// `3月底`
    EndOf { month: i8 },
    /// `年底`
    YearEnd { years: i16 },
    /// `2026-12-01`
    Full { year: i16, month: i8, day: i8 },
    /// `明年1月5日`
    InYear { years: i16, month: i8, day: i8 },
    /// `12月1日`
    Yearless { month: i8, day: i8 },
    /// `15号` (no month named), `下月5号`
    InMonth { months: Option<i64>, day: i8 },
}

const NAMED: &[(&str, Day)] = &[
    ("今天", Day::After(0)),
    ("今日", Day::After(0)),
    ("明天", Day::After(1)),
    ("明日", Day::After(1)),
    ("后天", Day::After(2)),
    ("大后天", Day::After(3)),
    ("年底", Day::YearEnd { years: 0 }),
    ("年末", Day::YearEnd { years: 0 }),
    ("明年底", Day::YearEnd { years: 1 }),
    ("today", Day::After(0)),
    ("tomorrow", Day::After(1)),
    ("dayaftertomorrow", Day::After(2)),
    ("thedayaftertomorrow", Day::After(2)),
    ("endofmonth", Day::MonthEnd { months: 0 }),
    ("endofthemonth", Day::MonthEnd { months: 0 }),
    ("monthend", Day::MonthEnd { months: 0 }),
    ("eom", Day::MonthEnd { months: 0 }),
    ("endofnextmonth", Day::MonthEnd { months: 1 }),
    ("endofyear", Day::YearEnd { years: 0 }),
    ("endoftheyear", Day::YearEnd { years: 0 }),
];

const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words that only say "not later than".
const BEFORE: &[&str] = &["by", "before", "until", "on", "截止到", "截止", "截至", "最晚", "不晚于"];
const AFTERWARDS: &[&str] = &["之前", "以前", "前"];

/// Reads squeezed text as a day.
pub fn read(text: &str) -> Option<Day> {
    let text = BEFORE.iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text).trim_start_matches(':');
    let text = AFTERWARDS.iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text);
    let named = NAMED.iter().find(|(name, _)| *name == text).map(|(_, day)| *day);
    named
        .or_else(|| distance(text))
        .or_else(|| numeric(text))
        .or_else(|| chinese_week(text))
        .or_else(|| chinese_month(text))
        .or_else(|| chinese_date(text))
        .or_else(|| english(text))
}

/// `3天后`, `T+3`, `in 3 days`
fn distance(text: &str) -> Option<Day> {
    if let Some(days) = text.strip_prefix("t+") {
        return numeral::whole(days).and_then(working);
    }
    if let Some(rest) = text.strip_prefix("within").or_else(|| text.strip_prefix("in")) {
        let (count, unit) = numeral::leading(rest)?;
        return match unit.strip_suffix('s').unwrap_or(unit) {
            "workingday" | "workday" | "businessday" => working(count),
            "day" => Some(Day::After(count.into())),
            "week" => Some(Day::After(i64::from(count) * 7)),
            "month" => Some(Day::MonthsAfter(count.into())),
            _ => None,
        };
    }
    let (count, unit) = numeral::leading(text)?;
    let ended = ["之后", "以后", "之内", "以内", "后", "内"].iter().find_map(|end| unit.strip_suffix(end));
    match (ended.unwrap_or(unit), ended) {
        ("个工作日" | "工作日", _) => working(count),
        ("天" | "日", Some(_)) => Some(Day::After(count.into())),
        ("周" | "个星期" | "个礼拜" | "星期", Some(_)) => Some(Day::After(i64::from(count) * 7)),
        ("个月", Some(_)) => Some(Day::MonthsAfter(count.into())),
        _ => None,
    }
}

fn working(count: u32) -> Option<Day> {
    i32::try_from(count).ok().filter(|&count| count <= 999).map(Day::WorkingAfter)
}

/// `2026-12-01`, `2026/12/1`, `2026.12.1`, `12-01`, `12/1`; with dots only behind a year, as `12.1` may be a version.
fn numeric(text: &str) -> Option<Day> {
    let sign = text.find(['-', '/', '.']).map(|at| &text[at..=at])?;
    let parts: Vec<&str> = text.splitn(4, sign).collect();
    match parts.as_slice() {
        [year, month, day] => Some(Day::Full { year: a_year(year)?, month: small(month)?, day: small(day)? }),
        [month, day] if sign != "." => Some(Day::Yearless { month: small(month)?, day: small(day)? }),
        _ => None,
    }
}

fn a_year(text: &str) -> Option<i16> {
    text.parse().ok().filter(|year| text.len() == 4 && (1900..2900).contains(year))
}

/// One or two digits; signs and spaces are not for `parse` to accept.
fn small(text: &str) -> Option<i8> {
    let fits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| fits)
}

/// `下下` is two on, `本` and `这` are none on.
fn relative(text: &str) -> (Option<i64>, &str) {
    let rest = text.trim_start_matches('下');
    let (on, rest) = match (text.len() - rest.len()) / '下'.len_utf8() {
        0 => match text.strip_prefix('本').or_else(|| text.strip_prefix('这')) {
            Some(rest) => (0, rest),
            None => return (None, text),
        },
        on => (i64::try_from(on).unwrap_or(i64::from(i8::MAX)), rest),
    };
    (Some(on), rest.strip_prefix('个').unwrap_or(rest))
}

fn chinese_week(text: &str) -> Option<Day> {
    let (weeks, rest) = relative(text);
    let day = ["周", "星期", "礼拜"].iter().find_map(|week| rest.strip_prefix(week))?;
    let which = match day {
        "日" | "天" => 7,
        _ => numeral::whole(day).filter(|which| (1..=6).contains(which))?,
    };
    let weekday = WEEKDAYS[usize::try_from(which - 1).ok()?];
    Some(Day::Weekday { weeks, weekday })
}

fn chinese_month(text: &str) -> Option<Day> {
    let (months, rest) = relative(text);
    match rest.strip_prefix('月')? {
        "底" | "末" => Some(Day::MonthEnd { months: months.unwrap_or(0) }),
        day => Some(Day::InMonth { months: Some(months?), day: chinese_day(day)? }),
    }
}

fn chinese_day(text: &str) -> Option<i8> {
    let day = text.strip_suffix('日').or_else(|| text.strip_suffix('号'))?;
    numeral::whole(day).and_then(|day| i8::try_from(day).ok())
}

/// `2026年12月1日`, `明年1月5日`, `12月1日`, `3月底`, `15号`
fn chinese_date(text: &str) -> Option<Day> {
    for (name, years) in [("今年", 0), ("明年", 1)] {
        if let Some(rest) = text.strip_prefix(name) {
            let (month, day) = month_and_day(rest)?;
            return Some(Day::InYear { years, month, day });
        }
    }
    if let Some((year, rest)) = text.split_once('年') {
        let (month, day) = month_and_day(rest)?;
        return Some(Day::Full { year: a_year(year)?, month, day });
    }
    if let Some((month, day)) = month_and_day(text) {
        return Some(Day::Yearless { month, day });
    }
    let (month, rest) = numeral::leading(text)?;
    match rest {
        "月底" | "月末" => Some(Day::EndOf { month: i8::try_from(month).ok()? }),
        _ => Some(Day::InMonth { months: None, day: chinese_day(text)? }),
    }
}

fn month_and_day(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('月')?;
    Some((i8::try_from(numeral::whole(month)?).ok()?, chinese_day(day)?))
}

/// `friday`, `next friday`, `dec 1`, `1 december`
fn english(text: &str) -> Option<Day> {
    let (weeks, name) = match (text.strip_prefix("next"), text.strip_prefix("this")) {
        (Some(name), _) => (Some(1), name),
        (_, Some(name)) => (Some(0), name),
        _ => (None, text),
    };
    if let Some(weekday) = WEEKDAYS.into_iter().find(|weekday| is_called(name, &format!("{weekday:?}"))) {
        return Some(Day::Weekday { weeks, weekday });
    }
    let name = text.trim_matches(|c: char| c.is_ascii_digit());
    let month = MONTHS.iter().position(|month| is_called(name, month))?;
    let day = text.strip_prefix(name).or_else(|| text.strip_suffix(name)).and_then(small)?;
    Some(Day::Yearless { month: i8::try_from(month + 1).ok()?, day })
}

/// In full, or by its first three letters.
fn is_called(name: &str, full: &str) -> bool {
    (name.len() == 3 || name.len() == full.len())
        && full.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}
