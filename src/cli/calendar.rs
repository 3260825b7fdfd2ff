//! `liaison calendar --year Y`: working days, holidays and make-up days, month by month.

use super::policy::stretch_of_days;
use super::terminal::print;
use super::{Done, Failure};
use crate::config::Config;
use crate::domain::Date;
use crate::domain::calendar::{Calendar, DayKind};

/// Prints a year.
pub fn run(config: &Config, year: i16) -> Done {
    if Date::new(year, 1, 1).is_err() || year < 1900 {
        return Err(Failure::Usage(format!("{year} is no year that a calendar can show")));
    }
    print(&shown(&config.calendar, year))
}

fn shown(calendar: &Calendar, year: i16) -> String {
    let days: Vec<(Date, DayKind)> = calendar.days_of_year(year).collect();
    let mut text = format!("{year}, {}\n", calendar.time_zone().iana_name().unwrap_or("local time"));
    let mut all = 0;
    for month in days.chunk_by(|(one, _), (other, _)| one.month() == other.month()) {
        let worked = month.iter().filter(|(_, kind)| kind.is_working()).count();
        all += worked;
        if let Some((first, _)) = month.first() {
            text.push_str(&format!("\n{:<10}{worked} working days\n", first.strftime("%B").to_string()));
        }
        for run in month.chunk_by(|(_, one), (_, other)| one == other) {
            text.push_str(&special(run));
        }
    }
    text.push_str(&format!("\n{all} working days in {year}\n"));
    text.push_str(&match calendar.known_until() {
        Some(known) => format!("holidays are known until {known}\n"),
        None => "no year's holidays are known\n".to_owned(),
    });
    text
}

/// A stretch of days of one kind, unless it is an ordinary week or weekend.
fn special(days: &[(Date, DayKind)]) -> String {
    match days.first() {
        None | Some((_, DayKind::Working | DayKind::Weekend)) => String::new(),
        Some(_) => format!("  {}\n", stretch_of_days(days)),
    }
}
