//! The calendar's stories. `table` and `years` are sums made by hand, `oracle` compares with counting minute by
//! minute, `facts` the days of 2024 to 2026 and every mistake in the rules, `quiet` the quiet hours, `zones` summer
//! time and the ends of time.

use jiff::tz::TimeZone;

use super::*;

mod facts;
mod oracle;
mod quiet;
mod table;
mod years;
mod zones;

pub(super) const YEARS: [&str; 3] = [
    include_str!("../../../../config/calendar/cn-2024.toml"),
    include_str!("../../../../config/calendar/cn-2025.toml"),
    include_str!("../../../../config/calendar/cn-2026.toml"),
];

/// A usual company in a zone, with the real facts.
fn rules(zone: &str) -> Rules {
    Rules {
        zone: TimeZone::get(zone).unwrap(),
        hours: hours(&["09:00-12:00", "13:00-18:00"]),
        years: YEARS.iter().map(|text| toml::from_str(text).unwrap()).collect(),
        overrides: Vec::new(),
        quiet: "21:00-08:30".parse().unwrap(),
    }
}

fn china() -> Calendar {
    Calendar::new(rules("Asia/Shanghai")).unwrap()
}

fn hours(intervals: &[&str]) -> Hours {
    let intervals: Vec<Interval> = intervals.iter().map(|text| text.parse().unwrap()).collect();
    intervals.try_into().unwrap()
}

fn works(date: &str, own: &[&str]) -> Override {
    let hours = (!own.is_empty()).then(|| hours(own));
    Override { date: date.parse().unwrap(), works: true, reason: "周年庆".to_owned(), hours }
}

fn closed(date: &str) -> Override {
    Override { works: false, ..works(date, &[]) }
}

fn company(overrides: Vec<Override>) -> Calendar {
    Calendar::new(Rules { overrides, ..rules("Asia/Shanghai") }).unwrap()
}

/// `2026-11-20 17:00` in Shanghai, with seconds where they matter.
fn at(text: &str) -> Timestamp {
    format!("{}+08:00", text.replace(' ', "T")).parse().unwrap()
}

fn shown(at: Timestamp) -> String {
    let local = at.to_zoned(TimeZone::get("Asia/Shanghai").unwrap());
    local.strftime(if local.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" }).to_string()
}

fn span(text: &str) -> Span {
    text.parse().unwrap()
}
