//! A week in which every day is a working day, whatever day it is today.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};

use super::site::machine_now;

/// The company's.
pub const ZONE: &str = "Asia/Shanghai";

/// The first Monday that comes with no holiday within a week, as far as holidays are known.
pub fn monday() -> Date {
    let known = include_str!("../../../config/calendar/cn-2026.toml");
    let holidays: Vec<Date> = known.split('"').filter_map(|word| word.parse().ok()).collect();
    let today = machine_now().in_tz(ZONE).unwrap().date();
    let is_free = |monday: &Date| holidays.iter().all(|day| (*day - *monday).get_days().abs() > 7);
    let mut days = today.series(1.day()).skip(1).filter(|day| day.weekday() == Weekday::Monday);
    days.find(is_free).unwrap()
}

/// The time of a day of that week; Monday is 0.
pub fn moment(monday: Date, day: i32, time: &str) -> Timestamp {
    let day = monday.checked_add(day.days()).unwrap();
    format!("{day}T{time}:00+08:00").parse().unwrap()
}
