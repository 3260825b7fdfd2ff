//! Whether a ladder can be climbed: tried out on openings at awkward times, because units do not compare by size.
//!
//! Invariant: on every sample no step fires before the thing is opened, nor before the step below it.

use super::{At, Row, Step};
use crate::domain::Timestamp;
use crate::domain::calendar::Calendar;

/// Openings that bring out the differences: morning, evening, before a weekend, on it, before a long holiday.
const SAMPLES: [(&str, &str); 6] = [
    ("on a Monday at 09:00", "2026-11-23T09:00+08"),
    ("on a Tuesday at 17:30", "2026-11-24T17:30+08"),
    ("on a Wednesday at 21:00", "2026-11-25T21:00+08"),
    ("on a Friday at 17:00", "2026-11-27T17:00+08"),
    ("on a Saturday at 12:00", "2026-11-28T12:00+08"),
    ("on the eve of a long holiday", "2026-09-30T16:00+08"),
];

/// A step that cannot be: its place on the ladder and why.
pub struct Impossible {
    /// Its place, from 0.
    pub step: usize,
    /// What would happen.
    pub why: String,
}

/// The steps that come before the opening or before the step below; each is named once.
pub fn impossible(row: &Row, calendar: &Calendar) -> Vec<Impossible> {
    let mut found: Vec<Impossible> = Vec::new();
    for (when, text) in SAMPLES {
        let Ok(opened) = text.parse::<Timestamp>() else { continue };
        let due = row.due.from(opened, calendar);
        let mut below = opened;
        for (index, step) in row.ladder.iter().enumerate() {
            let fires = moment(step, (opened, below, due), calendar);
            if fires < below && found.iter().all(|f| f.step != index) {
                let what = if fires < opened { "it is opened".to_owned() } else { format!("step {index}") };
                found.push(Impossible {
                    step: index,
                    why: format!("would fire before {what} (opened {when})"),
                });
            }
            below = below.max(fires);
        }
    }
    found.sort_by_key(|f| f.step);
    found
}

fn moment(
    step: &Step,
    (opened, below, due): (Timestamp, Timestamp, Timestamp),
    calendar: &Calendar,
) -> Timestamp {
    match step.at {
        At::After(span) => calendar.add(opened, span),
        At::BeforeDue(span) => calendar.before(due, span),
        At::Due => due,
        At::AfterDue(span) => calendar.add(due, span),
        At::Every(span) => calendar.add(below, span),
        At::Clock { time, days } => calendar.at_clock(due, days, time),
    }
}
