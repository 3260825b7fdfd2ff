//! What the policy says by the clock on the wall: steps on a planned day, and the daily round.
//!
//! Invariant: the digest comes after the question.

use jiff::civil::Time;
use serde::Deserialize;
use toml::de::DeTable;

use super::check::Reader;
use super::{At, Progress};
use crate::domain::calendar::Span;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProgressShape {
    ask: String,
    digest: String,
    misses: u32,
}

impl<'t> Reader<'t, '_> {
    /// `09:00 due`, `09:00 due-1wd`, `09:00 due+2wd`.
    pub(super) fn at_clock(&mut self, start: usize, key: &str, text: &str) -> Option<At> {
        let (clock, rest) = text.trim().split_once(' ').unwrap_or((text, ""));
        let days = rest.trim().strip_prefix("due").and_then(days);
        let found = time(clock).zip(days).map(|(time, days)| At::Clock { time, days });
        if found.is_none() {
            let remedy = "write e.g. \"09:00 due\", \"09:00 due-1wd\" or \"09:00 due+1wd\"";
            self.sheet.fault(start, key, format!("`{text}` is no moment"), remedy);
        }
        found
    }

    /// `[progress]`
    pub(super) fn progress(&mut self, root: &mut DeTable<'t>) -> Option<Progress> {
        let (start, shape): (_, ProgressShape) = self.shape(root, "progress")?;
        if shape.misses == 0 {
            self.sheet.fault(start, "progress.misses", "nobody could ever report in time", "at least 1");
        }
        let mut read = |key: &str, text: &str| {
            let found = time(text);
            if found.is_none() && self.sheet.faults.iter().all(|f| f.key != key) {
                let problem = format!("`{text}` is no time of day");
                self.sheet.fault(start, key, problem, "write e.g. \"17:00\"");
            }
            found
        };
        let (ask, digest) = (read("progress.ask", &shape.ask), read("progress.digest", &shape.digest));
        let (ask, digest) = (ask?, digest?);
        if digest <= ask {
            let problem = "comes before people were asked";
            self.sheet.fault(start, "progress.digest", problem, "make it later than `ask`");
        }
        Some(Progress { ask, digest, misses: shape.misses })
    }
}

/// Nothing, or so many working days before or after.
fn days(text: &str) -> Option<i32> {
    if text.trim().is_empty() {
        return Some(0);
    }
    let (sign, span) = text.trim().split_at_checked(1)?;
    let Ok(Span::Wd(days)) = span.trim().parse::<Span>() else { return None };
    let days = i32::try_from(days).ok()?;
    match sign {
        "+" => Some(days),
        "-" => Some(-days),
        _ => None,
    }
}

fn time(text: &str) -> Option<Time> {
    Time::strptime("%H:%M", text.trim()).ok()
}
