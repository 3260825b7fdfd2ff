//! What comes round by the calendar on the wall: `cron` expressions, read in the company's time zone.
//!
//! Invariant: a round is claimed by the insert of its name and slot, so any number of replicas run it once.

use std::str::FromStr;

use cron::Schedule;
use jiff::Zoned;
use jiff::tz::TimeZone;

use super::Engine;
use crate::app::Trouble;
use crate::crash::{self, Point};
use crate::domain::Timestamp;
use crate::domain::retention::Retention;
use crate::store::retention;

/// When what was kept long enough goes: every night.
const PURGE: &str = "0 30 3 * * *";

impl Engine {
    /// The same workers, keeping things for other times.
    #[must_use]
    pub fn with_retention(mut self, retention: Retention) -> Self {
        self.retention = retention;
        self
    }

    /// Runs the rounds whose slot has come since the last look.
    pub(super) async fn rounds(&self) -> Result<(), Trouble> {
        let machine = self.app.clock().machine();
        let zone = self.app.company().calendar.time_zone().clone();
        let Some(slot) = latest(PURGE, machine, &zone) else { return Ok(()) };
        let last = self.app.kept("purged").await?.and_then(|at| at.parse::<i64>().ok()).unwrap_or(0);
        if last >= slot.as_millisecond() {
            return Ok(());
        }
        let company = self.app.company();
        let due = (&self.retention, machine, &*company.calendar);
        let gone: u64 = retention::sweep(self.app.db(), due).await?.iter().map(|(_, _, rows)| rows).sum();
        crash::here(Point::PurgeSwept);
        self.app.keep("purged", &slot.as_millisecond().to_string()).await?;
        tracing::info!(rows = gone, "what was kept long enough is gone");
        Ok(())
    }
}

/// The newest slot of a cron expression that is not after `now`, by the clock on the wall of that zone.
///
/// The expression is evaluated in wall-clock time and the result resolved to an instant afterwards, so that summer time
/// neither skips a day nor doubles it.
pub fn latest(expression: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let schedule = Schedule::from_str(expression).ok()?;
    let wall: Zoned = now.to_zoned(zone.clone());
    let seconds = wall.datetime().to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    let from = chrono::DateTime::from_timestamp(seconds - 2 * 86_400, 0)?;
    let until = chrono::DateTime::from_timestamp(seconds, 0)?;
    let slot = schedule.after(&from).take_while(|slot| *slot <= until).last()?;
    let local = Timestamp::from_second(slot.timestamp()).ok()?.to_zoned(TimeZone::UTC).datetime();
    Some(local.to_zoned(zone.clone()).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_in_the_gap_of_summer_time_moves_on_and_one_in_the_repeat_comes_once() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let at = |text: &str| text.parse::<Zoned>().unwrap().timestamp();
        let found = |now: &str| latest("0 30 2 * * *", at(now), &zone).unwrap();
        assert_eq!(found("2026-03-08T12:00[America/New_York]"), at("2026-03-08T03:30[America/New_York]"));
        let once = latest("0 30 1 * * *", at("2026-11-01T12:00[America/New_York]"), &zone).unwrap();
        assert_eq!(once, at("2026-11-01T01:30-04:00[America/New_York]"));
        assert_eq!(found("2026-06-01T02:29[America/New_York]"), at("2026-05-31T02:30[America/New_York]"));
    }

    #[test]
    fn words_that_are_no_expression_give_no_slot() {
        assert_eq!(latest("whenever", Timestamp::UNIX_EPOCH, &TimeZone::UTC), None);
    }
}
