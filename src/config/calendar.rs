//! Working time and holidays → the company's calendar.
//!
//! Invariant: the built-in holidays are the official ones; a company's own file for a year takes their place.

use std::path::{Path, PathBuf};

use jiff::civil::Time;
use toml::Spanned;

use super::build::blame;
use super::layers::Layers;
use super::values;
use crate::domain::calendar::{Calendar, Hours, Override, Rules, YearFacts};
use crate::domain::fault::Fault;
use crate::domain::sheet::Sheet;

/// The official public holidays that come with the program: file name and text.
const BUILT_IN: [(&str, &str); 3] = [
    ("cn-2024.toml", include_str!("../../config/calendar/cn-2024.toml")),
    ("cn-2025.toml", include_str!("../../config/calendar/cn-2025.toml")),
    ("cn-2026.toml", include_str!("../../config/calendar/cn-2026.toml")),
];

/// Builds the calendar, or leaves a fault for each mistake.
pub fn calendar(layers: &mut Layers) -> Option<Calendar> {
    let zone = layers.get("calendar.time_zone", values::time_zone);
    let hours = hours(layers);
    let quiet = layers.get("calendar.quiet_hours", values::quiet_hours);
    let own = layers.get("calendar.years", folder).flatten();
    let years = years(layers, own.as_deref());
    let overrides = overrides(layers);
    let rules = Rules { zone: zone?, hours: hours?, years, overrides, quiet: quiet? };
    let faults = match Calendar::new(rules) {
        Ok(calendar) => return Some(calendar),
        Err(faults) => faults,
    };
    for fault in faults {
        blame(layers, "calendar.years", &fault.to_string(), "");
    }
    None
}

/// The working day without lunch.
fn hours(layers: &mut Layers) -> Option<Hours> {
    let start = layers.get("calendar.workday_start", values::time);
    let end = layers.get("calendar.workday_end", values::time);
    let lunch = layers.get("calendar.lunch", values::between);
    let (start, end, lunch) = (start?, end?, lunch?);
    if start >= end {
        blame(layers, "calendar.workday_end", "the working day ends before it begins", "");
        return None;
    }
    let intervals: Vec<(Time, Time)> = match lunch {
        Some((from, to)) => vec![(start, from), (to, end)],
        None => vec![(start, end)],
    };
    let hours = Hours::new(intervals).ok();
    if hours.is_none() {
        let remedy = "let it begin and end within the working day, or write \"\" for none";
        blame(layers, "calendar.lunch", "lunch does not lie within the working day", remedy);
    }
    hours
}

fn overrides(layers: &mut Layers) -> Vec<Override> {
    let mut days = Vec::new();
    for (date, raw) in layers.overrides.clone() {
        let path = format!("calendar.overrides.{date}");
        match (date.parse(), values::day(raw.text.trim())) {
            (Ok(date), Ok((works, reason))) => days.push(Override { date, works, reason, hours: None }),
            (Err(_), _) => {
                layers.fault(&path, &raw.origin, "is no date", "write YEAR-MONTH-DAY, e.g. 2026-12-31");
            }
            (_, Err((problem, remedy))) => layers.fault(&path, &raw.origin, &problem, &remedy),
        }
    }
    days
}

fn folder(text: &str) -> Result<Option<PathBuf>, values::Wrong> {
    let there = Path::new(text).is_dir();
    match text {
        "" => Ok(None),
        _ if there => Ok(Some(PathBuf::from(text))),
        _ => Err((format!("there is no folder {text}"), "leave it out for the built-in holidays".to_owned())),
    }
}

/// The facts of every year that is known: the company's own files, and the built-in ones for other years.
fn years(layers: &mut Layers, own: Option<&Path>) -> Vec<YearFacts> {
    let mut years: Vec<YearFacts> = Vec::new();
    for file in own.into_iter().flat_map(files_of) {
        let name = file.display().to_string();
        match std::fs::read_to_string(&file) {
            Ok(text) => years.extend(facts(&name, &text, &mut layers.faults)),
            Err(why) => blame(layers, "calendar.years", &format!("cannot read {name}: {why}"), ""),
        }
    }
    let theirs: Vec<i16> = years.iter().map(|y| y.year).collect();
    let built_in = BUILT_IN.iter().filter_map(|(name, text)| facts(name, text, &mut layers.faults));
    years.extend(built_in.filter(|y| !theirs.contains(&y.year)));
    years
}

/// The TOML files of a folder, by name.
fn files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|e| e == "toml")).collect();
    files.sort();
    files
}

fn facts(name: &str, text: &str, faults: &mut Vec<Fault>) -> Option<YearFacts> {
    let (mut sheet, root) = Sheet::open(name, text);
    let facts = root.and_then(|root| sheet.read("", Spanned::new(0..text.len(), root)));
    let readable = sheet.faults.is_empty();
    faults.append(&mut sheet.faults);
    facts.filter(|_| readable)
}
