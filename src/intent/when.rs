//! Dates and moments in words: `下周三`, `月底`, `T+3`, `in 3 days`, `12月1日`, `明天下午3点`.
//!
//! Invariant: pure; today and the working calendar are parameters. What is not understood, and what no calendar
//! holds (2月30日), is `None`, never a guess.

use jiff::Span;
use jiff::civil::{Date, Time, Weekday};

use super::day::{self, Day};
use super::{fold, hour};

/// Longer text is no date.
const LONGEST: usize = 60;

/// Moves a day by working days; the calendar lives in `domain`.
pub type WorkingDays<'a> = &'a dyn Fn(Date, i32) -> Date;

/// The day that the words mean on the day `today`. A weekday alone is the coming one, today included; a day without
/// a year that has gone is next year's.
pub fn date(text: &str, today: Date, working: WorkingDays<'_>) -> Option<Date> {
    resolve(day::read(&squeeze(text)?)?, today, working)
}

/// A day, perhaps with a time, on the day `today`: `周五 18:00`, `明天下午3点`. A time alone is today's.
pub fn moment(text: &str, today: Date, working: WorkingDays<'_>) -> Option<(Date, Option<Time>)> {
    let text = squeeze(text)?;
    if let Some(day) = day::read(&text) {
        return Some((resolve(day, today, working)?, None));
    }
    if let Some((day, time)) = day_and_hour(&text) {
        return Some((resolve(day, today, working)?, Some(time)));
    }
    hour::read(&text).map(|time| (today, Some(time)))
}

/// The day in the past that the words mean: a weekday alone is the last one, a day without a year is this year's or
/// last year's. What names its own week, month or year is that, also when it is still to come.
pub fn past(text: &str, today: Date) -> Option<Date> {
    let gone = |day: Option<Date>| day.filter(|day| *day <= today);
    match day::read(&squeeze(text)?)? {
        Day::Weekday { weeks: None, weekday } => {
            let back = today.weekday().to_monday_zero_offset() - weekday.to_monday_zero_offset();
            today.checked_sub(Span::new().days(i64::from(back).rem_euclid(7))).ok()
        }
        Day::Yearless { month, day } => {
            let of = |year| Date::new(year, month, day).ok();
            gone(of(today.year())).or_else(|| of(today.year() - 1))
        }
        Day::InMonth { months: None, day } => {
            gone(on_day(today, day)).or_else(|| on_day(month_later(today, -1)?, day))
        }
        Day::WorkingAfter(_) => None,
        other => resolve(other, today, &|day, _| day),
    }
}

/// A time of day alone.
pub fn time(text: &str) -> Option<Time> {
    hour::read(&squeeze(text)?)
}

/// Whether the words mean a day, perhaps with a time, on whatever day they are said. `2月30日` does look like one.
pub fn looks_like_date(text: &str) -> bool {
    squeeze(text).is_some_and(|text| day::read(&text).is_some() || day_and_hour(&text).is_some())
}

/// Folded, lower case, without gaps except between digits: `12 月 1 日` is `12月1日`, but `1 2-1` is not `12-1`.
fn squeeze(typed: &str) -> Option<String> {
    if typed.chars().nth(LONGEST).is_some() {
        return None;
    }
    let folded = fold::text(typed).to_lowercase();
    let mut squeezed = String::with_capacity(folded.len());
    for word in folded.split_whitespace() {
        let digits_meet = squeezed.ends_with(|c: char| c.is_ascii_digit())
            && word.starts_with(|c: char| c.is_ascii_digit());
        squeezed.push_str(if digits_meet { " " } else { "" });
        squeezed.push_str(word);
    }
    for (short, long) in
        [("今晚", "今天晚上"), ("明晚", "明天晚上"), ("今早", "今天早上"), ("明早", "明天早上")]
    {
        squeezed = squeezed.replace(short, long);
    }
    Some(squeezed)
}

fn day_and_hour(text: &str) -> Option<(Day, Time)> {
    text.char_indices().skip(1).find_map(|(at, _)| {
        let (left, right) = text.split_at(at);
        Some((day::read(left)?, hour::read(right.trim_start_matches([' ', 't']))?))
    })
}

fn resolve(day: Day, today: Date, working: WorkingDays<'_>) -> Option<Date> {
    match day {
        Day::After(days) => today.checked_add(Span::new().days(days)).ok(),
        Day::WorkingAfter(days) => Some(working(today, days)),
        Day::MonthsAfter(months) => today.checked_add(Span::new().months(months)).ok(),
        Day::Weekday { weeks, weekday } => on_weekday(today, weeks, weekday),
        Day::MonthEnd { months } => Some(month_later(today, months)?.last_of_month()),
        Day::EndOf { month } => yearly(today, |year| Some(Date::new(year, month, 1).ok()?.last_of_month())),
        Day::YearEnd { years } => Date::new(today.year() + years, 12, 31).ok(),
        Day::Full { year, month, day } => Date::new(year, month, day).ok(),
        Day::InYear { years, month, day } => Date::new(today.year() + years, month, day).ok(),
        Day::Yearless { month, day } => yearly(today, |year| Date::new(year, month, day).ok()),
        Day::InMonth { months: Some(months), day } => on_day(month_later(today, months)?, day),
        Day::InMonth { months: None, day } => match on_day(today, day)? {
            gone if gone < today => on_day(month_later(today, 1)?, day),
            coming => Some(coming),
        },
    }
}

fn on_weekday(today: Date, weeks: Option<i64>, weekday: Weekday) -> Option<Date> {
    let days = i64::from(weekday.to_monday_zero_offset() - today.weekday().to_monday_zero_offset());
    let days = match weeks {
        Some(weeks) => days + 7 * weeks,
        None => days.rem_euclid(7),
    };
    today.checked_add(Span::new().days(days)).ok()
}

/// This year's, or next year's if that has gone or if this year has none (29 February).
fn yearly(today: Date, of: impl Fn(i16) -> Option<Date>) -> Option<Date> {
    of(today.year()).filter(|date| *date >= today).or_else(|| of(today.year() + 1))
}

fn month_later(today: Date, months: i64) -> Option<Date> {
    today.first_of_month().checked_add(Span::new().months(months)).ok()
}

fn on_day(month: Date, day: i8) -> Option<Date> {
    Date::new(month.year(), month.month(), day).ok()
}
