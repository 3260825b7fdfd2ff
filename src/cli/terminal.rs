//! The terminal: printing, and reading times as people type them.
//!
//! Invariant: a reader that goes away (`liaison calendar | head`) is no error.

use std::io::{ErrorKind, Write};

use super::{Done, Failure};
use crate::domain::Timestamp;
use crate::domain::calendar::Calendar;

/// Prints a text that may be long.
pub fn print(text: &str) -> Done {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// An instant with its offset, or a day with or without a time in the company's zone.
pub fn instant(text: &str, calendar: &Calendar) -> Result<Timestamp, Failure> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let local: jiff::civil::DateTime = text.parse().map_err(|_| {
        Failure::Usage(format!(
            "`{text}` is no time: write 2026-11-23, 2026-11-23T17:00 or 2026-11-23T17:00+08:00"
        ))
    })?;
    Ok(calendar.at(local.date(), local.time()))
}

/// `Mon 2026-11-23 17:00` on the company's wall.
pub fn local(at: Timestamp, calendar: &Calendar) -> String {
    at.to_zoned(calendar.time_zone().clone()).strftime("%a %Y-%m-%d %H:%M").to_string()
}
