//! What can be checked without the database: the clock, who is who, the rules about time, the known holidays.

use super::{Report, Status};
use crate::config::{Config, Fault};
use crate::domain::Timestamp;
use crate::domain::directory::check::Checked;
use crate::domain::directory::{Directory, Role};
use crate::domain::template;
use crate::service::{self, StartError};

/// Years that a working machine can believe to be in.
const YEARS: std::ops::Range<i16> = 2026..2100;

/// Whether the machine's clock can be right, and which wall clock holds.
pub fn clock(report: &mut Report, config: &Config, now: Timestamp) {
    let local = now.to_zoned(config.calendar.time_zone().clone());
    let shown = local.strftime("%Y-%m-%d %H:%M %Z").to_string();
    match YEARS.contains(&local.year()) {
        true => report.ok("clock", format!("it is {shown}")),
        false => report.fail("clock", format!("it cannot be {shown}"), "set the machine's clock (NTP)"),
    }
}

/// Who is who: mistakes, vacancies, people who are away today without a substitute.
pub fn directory(report: &mut Report, config: &Config, now: Timestamp) -> Option<(Checked, String)> {
    let (checked, text) = match service::directory_of(config) {
        Ok(read) => read,
        Err(error) => {
            failed(report, "directory", error);
            return None;
        }
    };
    let people = checked.directory.people.values().filter(|person| person.active).count();
    let departments = checked.directory.departments.len();
    let text_of = format!("{}: {departments} departments, {people} active people", checked.company);
    report.ok("directory", text_of);
    for warning in &checked.warnings {
        report.fault("directory", Status::Warn, warning);
    }
    administrators(report, &checked.directory, config, now);
    Some((checked, text))
}

/// Somebody has to be there to hear what goes wrong.
fn administrators(report: &mut Report, directory: &Directory, config: &Config, now: Timestamp) {
    let today = config.calendar.date_of(now);
    for (name, role) in [("administrators", Role::Administrator), ("coordinators", Role::Coordinator)] {
        let all: Vec<_> = directory.with_role(role).collect();
        let there = all.iter().filter(|p| directory.present(&p.id, today).is_some());
        let there: Vec<&str> = there.map(|p| p.name.as_str()).collect();
        match (all.is_empty(), there.is_empty()) {
            // The vacancy itself is one of the directory's own warnings.
            (true, _) => {}
            (false, true) => report.warn(name, "all of them are away, nobody stands in", "name a substitute"),
            (false, false) => report.ok(name, there.join(", ")),
        }
    }
}

/// The rules about time.
pub fn policy(report: &mut Report, config: &Config) {
    match service::rulebook(config) {
        Ok(_) => report.ok("policy", config.policy.name()),
        Err(error) => failed(report, "policy", error),
    }
}

/// The templates of requests, and departments in them that are not there any more.
pub fn templates(report: &mut Report, config: &Config, directory: Option<&Checked>) {
    let templates = match service::templates_of(config) {
        Ok(templates) => templates,
        Err(error) => return failed(report, "templates", error),
    };
    report.ok("templates", format!("{}: {}", config.templates.name(), templates.len()));
    let Some(checked) = directory else { return };
    for warning in template::check::gone(config.templates.name(), &templates, &checked.directory) {
        report.fault("templates", Status::Warn, &warning);
    }
}

/// Whether the known holidays reach far enough.
pub fn calendar(report: &mut Report, config: &Config, now: Timestamp) {
    let today = config.calendar.date_of(now);
    let text = match config.calendar.known_until() {
        Some(known) => format!("holidays are known until {known}"),
        None => "no year's holidays are known".to_owned(),
    };
    let remedy = "put the next year's file into a folder and set calendar.years; until then deadlines beyond are provisional";
    match config.calendar.runs_out(today) {
        true => report.warn("calendar", text, remedy),
        false => report.ok("calendar", text),
    }
}

fn failed(report: &mut Report, name: &'static str, error: StartError) {
    match error {
        StartError::Files(faults) => faults.iter().for_each(|f: &Fault| report.fault(name, Status::Fail, f)),
        other => report.fail(name, other.to_string(), ""),
    }
}
