//! Steps that came due enter through the same door as everything else: one act each, keyed by obligation, step and
//! due instant. The lease only saves replicas from doing the same work; the key is what makes it once.

use futures_util::StreamExt;

use super::{Engine, lease_of};
use crate::app::Trouble;
use crate::crash::{self, Point};
use crate::domain::change::{Audit, Value};
use crate::domain::request::Tick;
use crate::store::obligation::{self, Due, Timer};

/// Steps taken up at once.
const BATCH: i64 = 256;
/// Steps decided on side by side.
const SIDE_BY_SIDE: usize = 32;
/// A step that fails so often is set aside, and the others go on.
const MOST_TRIES: i64 = 5;

/// Lines of the history about a step that was taken, and of which nobody heard.
const SKIPPED: &[&str] = &["step_too_late", "step_spared", "step_rests"];

impl Engine {
    /// Takes the steps that are due, and looks at the risk plans that are; how many.
    pub(super) async fn fire_due(&self) -> Result<usize, Trouble> {
        // A look costs no turn at the writer; leasing does.
        let next = obligation::next_due(self.app.db()).await?;
        if next.is_none_or(|next| next > self.app.clock().now()) {
            return Ok(0);
        }
        let (now, until) = self.lease();
        let lease = lease_of(&self.owner, (now, until));
        let due = obligation::lease_due(self.app.db(), self.app.clock().now(), lease, BATCH).await?;
        crash::here(Point::TimersLeased);
        let count = due.len();
        // Of one request one after the other: they would wait for each other's lock anyway.
        futures_util::stream::iter(due)
            .for_each_concurrent(SIDE_BY_SIDE, |due| async move { self.fire(&due).await })
            .await;
        Ok(count + self.look_at_risks().await?)
    }

    async fn fire(&self, due: &Due) {
        let obligation = due.obligation.clone();
        let (key, tick) = match due.timer {
            Timer::Step { index, due } => {
                let key = format!("{obligation}/{index}/{}", due.as_millisecond());
                (key, Tick::Climb { obligation, index, due })
            }
            Timer::Promise { until } => {
                let key = format!("{obligation}/promise/{}", until.as_millisecond());
                (key, Tick::Promise { obligation, until })
            }
        };
        match self.app.tick(&key, &due.request, &tick).await {
            Ok(Some(line)) => {
                crash::here(Point::TimersFired);
                self.count_step(&line);
            }
            Ok(None) => {
                self.metrics.count("step_moot");
                self.unstick(due).await;
            }
            Err(Trouble::Busy(error)) => {
                tracing::warn!(obligation = %due.obligation, "a step waits for the database: {error}");
            }
            Err(Trouble::Broken(error)) => {
                tracing::error!(obligation = %due.obligation, "a step cannot be taken: {error}");
                if due.attempts >= MOST_TRIES {
                    self.put_aside(due, &error.to_string()).await;
                }
            }
        }
    }

    /// A step that was taken, and what was not said by it: named as in the history, and the earlier ones that it stands
    /// for.
    fn count_step(&self, line: &Audit) {
        self.metrics.count("step_fired");
        if SKIPPED.contains(&line.what.as_str()) {
            self.metrics.count(&line.what);
        }
        if let Some(Value::Number(overtaken)) = line.with.get("overtaken") {
            self.metrics.add("step_overtaken", overtaken.unsigned_abs());
        }
    }

    /// A moot step that is still armed after several tries would come back for ever.
    async fn unstick(&self, due: &Due) {
        if due.attempts >= MOST_TRIES {
            self.put_aside(due, "claimed before, but still armed").await;
        }
    }

    async fn put_aside(&self, due: &Due, why: &str) {
        self.metrics.count("step_set_aside");
        if let Err(error) = obligation::set_aside(self.app.db(), &due.obligation, why).await {
            tracing::error!(obligation = %due.obligation, "a step could not be set aside: {error}");
        }
    }
}
