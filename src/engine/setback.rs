//! What becomes of a row that was not delivered: it is tried again, put back, or given up.
//!
//! Invariant: a row that is given up is heard of, by whoever waits for an answer or by the administrators.

use std::time::Duration;

use super::{Engine, doubt, pace};
use crate::app::Trouble;
use crate::clock::chance;
use crate::domain::Timestamp;
use crate::domain::change::{To, What, with};
use crate::domain::request::Tick;
use crate::messenger::SendError;
use crate::store::outbox::{self, End, Tried, Waiting};

/// What those wait for that were to be said in the same message as a row that failed.
pub(super) struct Setback {
    /// On the machine's clock.
    until: Timestamp,
    /// They failed as often as it did, so that they wait as long whichever of them is the first next time.
    failures: i64,
    /// Since when nobody knows whether they were said, so that they are tried again under the key that it had.
    unsure_since: Option<Timestamp>,
}

impl Setback {
    /// They were not even tried, and may go from then on.
    pub(super) fn until(until: Timestamp) -> Self {
        Self { until, failures: 0, unsure_since: None }
    }
}

impl Engine {
    /// Puts back what was to be said together with a row that failed.
    pub(super) async fn put_back_with(&self, rows: &[Waiting], setback: &Setback) -> Result<(), Trouble> {
        for row in rows {
            let failures = row.failures.max(setback.failures);
            let unsure_since = row.unsure_since.or(setback.unsure_since);
            let row = Waiting { failures, unsure_since, ..row.clone() };
            self.put_back(&row, setback.until, Tried::Not).await?;
        }
        Ok(())
    }

    /// It could not be said now, or never. While the messenger takes nothing from anybody, its tries do not count to the end.
    pub(super) async fn failed(
        &self,
        row: &Waiting,
        (platform, remembers): (&str, Duration),
        error: SendError,
    ) -> Result<Setback, Trouble> {
        let machine = self.app.clock().machine();
        let mut row = row.clone();
        let passing = matches!(error, SendError::Retry { .. } | SendError::Unclear { .. });
        if passing && self.reach.is_lost(platform, &row.lane) {
            row.failures = row.failures.min(pace::MOST_WHILE_LOST - 1);
        }
        // A messenger without keys is told once more after a doubt; where that failed for certain, it is still to come.
        if matches!(error, SendError::Retry { .. }) && remembers.is_zero() {
            row.unsure_since = None;
        }
        let row = &row;
        let (after, tried) = match &error {
            SendError::Full { after } => {
                self.metrics.count("held_back");
                let at = machine + pace::wait(1, Some(*after), chance());
                self.put_back(row, at, Tried::Not).await?;
                return Ok(Setback { failures: row.failures, ..Setback::until(at) });
            }
            SendError::Retry { after, why } => (*after, Tried::Failed(why)),
            SendError::Unclear { why } => (None, Tried::Unclear(why)),
            SendError::Misconfigured { why } => {
                self.metrics.count("misconfigured");
                tracing::error!(outbox.key = %row.id, "nothing can be sent before this is put right: {why}");
                (None, Tried::Failed(why))
            }
            SendError::Refused { why } => {
                tracing::warn!(outbox.key = %row.id, "a message was refused: {why}");
                self.give_up(row, why).await?;
                return Ok(Setback::until(machine));
            }
        };
        let failures = row.failures + 1;
        let until = machine + pace::wait(failures, after, chance());
        // What is misconfigured is put right by somebody, some day; until then everything waits.
        if failures >= pace::MOST_TRIES && !matches!(error, SendError::Misconfigured { .. }) {
            tracing::warn!(outbox.key = %row.id, "a message was given up after {failures} failures: {error}");
            self.give_up(row, &error.to_string()).await?;
        } else {
            self.metrics.count("retried");
            self.put_back(row, until, tried).await?;
        }
        let is_unclear = matches!(error, SendError::Unclear { .. });
        let unsure_since = is_unclear.then(|| row.unsure_since.unwrap_or(row.leased_at));
        Ok(Setback { until, failures, unsure_since })
    }

    /// Gives it back until `at`, in the machine's time.
    pub(super) async fn put_back(
        &self,
        row: &Waiting,
        at: Timestamp,
        tried: Tried<'_>,
    ) -> Result<(), Trouble> {
        outbox::put_back(self.app.db(), row, &self.owner, (at, row.due), tried).await?;
        Ok(())
    }

    /// It will not be said.
    pub(super) async fn give_up(&self, row: &Waiting, why: &str) -> Result<(), Trouble> {
        self.finish(row, (End::Dead, Some(why))).await?;
        if let (Some(obligation), Some(request), To::Person(person)) =
            (outbox::starts(row), &row.request, &row.notice.to)
        {
            let tick = Tick::Undeliverable { obligation: obligation.clone(), person: person.clone() };
            self.app.tick(&format!("{obligation}/undeliverable"), request, &tick).await?;
            return Ok(());
        }
        // An alarm that cannot be delivered must not raise the next one.
        if !matches!(row.notice.what, What::Alarm { .. }) {
            self.app.alarm("dead_letter", with([])).await?;
        }
        Ok(())
    }
}

/// Why a message is not tried again: an earlier try may have been heard, and the messenger would say it twice by now.
pub(super) fn in_doubt(row: &Waiting, remembers: Duration) -> Option<String> {
    let since = row.unsure_since?;
    let age = Duration::try_from(row.leased_at.duration_since(since)).unwrap_or_default();
    (age > remembers && !doubt::said_again(row, remembers))
        .then(|| format!("unknown whether it was said: a try at {since} was never answered"))
}
