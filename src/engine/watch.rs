//! The auditor: looks for what every other part is sure cannot happen, mends what can be mended, and says so.

use super::Engine;
use crate::app::Trouble;
use crate::domain::change::{Value, with};
use crate::domain::request::Tick;
use crate::store::desk::COPIED;
use crate::store::obligation::Owed;
use crate::store::{audit, issue, obligation, response};

/// Obligations read at once.
const BATCH: i64 = 500;
/// The oldest notice may wait this long before somebody hears of it.
const STALE: jiff::SignedDuration = jiff::SignedDuration::from_mins(15);

impl Engine {
    /// One look.
    pub async fn watch(&self) -> Result<(), Trouble> {
        let rearmed = self.rearm_lost().await?;
        if rearmed > 0 {
            tracing::warn!(
                count = rearmed,
                "open obligations had lost their next step; they are armed again"
            );
            self.app.alarm("rearmed", with([("count", Value::Number(rearmed))])).await?;
        }
        let pulse = self.app.pulse().await?;
        let now = self.app.clock().now();
        let stale =
            pulse.paused_since().is_none() && pulse.oldest.is_some_and(|o| now.duration_since(o) > STALE);
        let copy_age = self.copy_age().await?;
        let issues = issue::open_by_severity(self.app.db()).await?;
        let responses = response::times(self.app.db()).await?;
        self.metrics.issues(&issues);
        self.metrics.responses(responses);
        self.metrics.pauses(|scope| pulse.pauses.iter().filter(|pause| pause.scope.name() == scope).count());
        self.metrics.level("backup_age_seconds", copy_age);
        self.metrics.level("outbox_waiting", pulse.waiting);
        self.metrics.level("outbox_dead", pulse.dead);
        self.metrics.level("obligations_open", pulse.open);
        self.metrics.level("obligations_overdue", pulse.overdue);
        self.metrics.level("steps_late", pulse.late_steps);
        self.metrics.level("steps_set_aside", pulse.set_aside);
        self.metrics.level("outbox_stale", i64::from(stale));
        if pulse.set_aside > 0 && self.metrics.first_time("set_aside", pulse.set_aside) {
            self.app.alarm("stuck_timers", with([("count", Value::Number(pulse.set_aside))])).await?;
        }
        Ok(())
    }

    /// Seconds since the last copy of the database that was noted; -1: none ever was.
    async fn copy_age(&self) -> Result<i64, Trouble> {
        let made = self.app.kept_since(COPIED).await?;
        Ok(made.map_or(-1, |at| self.app.clock().machine().duration_since(at).as_secs().max(0)))
    }

    /// Open obligations whose ladder still has steps, but none of them armed.
    async fn rearm_lost(&self) -> Result<i64, Trouble> {
        let (mut after, mut rearmed) = (String::new(), 0);
        loop {
            let page = obligation::without_step(self.app.db(), &after, BATCH).await?;
            let Some(last) = page.last() else { return Ok(rearmed) };
            after = last.obligation.id.to_string();
            for owed in page {
                rearmed += i64::from(self.rearm(&owed).await?);
            }
        }
    }

    /// Whether this one had lost a step. Where the history is ahead of the clock, the clock was set back, and a step
    /// that seems to come has been taken: that can be told again when the clock is where it was.
    async fn rearm(&self, owed: &Owed) -> Result<bool, Trouble> {
        let (company, now) = (self.app.company(), self.app.clock().now());
        let mut probe = owed.obligation.clone();
        probe.rearm(now, &company.calendar);
        if probe.next.is_none() {
            return Ok(false);
        }
        let newest = audit::history(self.app.db(), owed.request.as_str(), 1).await?;
        if newest.iter().any(|line| line.at > now) {
            return Ok(false);
        }
        let key = format!("{}/rearm/{}", probe.id, now.as_millisecond());
        let tick = Tick::Rearm { obligation: probe.id };
        Ok(self.app.tick(&key, &owed.request, &tick).await?.is_some())
    }
}
