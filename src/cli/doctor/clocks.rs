//! Whether this machine and the database's agree on the time.

use jiff::SignedDuration;

use super::Report;
use crate::clock::{Clock, SystemClock};
use crate::engine::clocks::{APART, ahead};
use crate::store::{Db, DbError};

const NAME: &str = "clocks";

/// Compares both; SQLite has none of its own.
pub async fn check(report: &mut Report, db: &Db) -> Result<(), DbError> {
    let before = SystemClock.machine();
    let Some(theirs) = db.now().await? else { return Ok(()) };
    judge(report, ahead(theirs, (before, SystemClock.machine())));
    Ok(())
}

fn judge(report: &mut Report, ahead: SignedDuration) {
    if ahead.abs() <= APART {
        return report.ok(NAME, "database and machine agree");
    }
    let word = if ahead.is_negative() { "behind" } else { "ahead of" };
    let text = format!("the database's clock is {} s {word} this machine's", ahead.abs().as_secs());
    report.warn(NAME, text, "set both by NTP: leases and signatures are judged by them");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_said_with_its_direction_and_a_breath_is_none() {
        let mut report = Report::default();
        for ms in [0, -2_000, 2_000, 90_400, -3_600_000] {
            judge(&mut report, SignedDuration::from_millis(ms));
        }
        let shown = report.shown();
        assert_eq!(shown.matches("ok    clocks: database and machine agree\n").count(), 3, "{shown}");
        for words in
            ["is 90 s ahead of this machine's — set both", "is 3600 s behind this machine's — set both"]
        {
            assert!(shown.contains(words), "{shown}");
        }
    }
}
