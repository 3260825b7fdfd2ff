//! The daily round (每日进度) by the service's clock: asked for at its hour on each working day, told to the groups later.
//!
//! Invariants: closed days have no round; a day that went by while the service was down is not made up for; the round
//! is taken in small pieces, between which everything else goes on.

use futures_util::StreamExt;

use super::Engine;
use crate::app::Trouble;
use crate::crash::{self, Point};
use crate::domain::{Date, Timestamp};

/// Requests asked in one piece.
const PIECE: i64 = 256;
/// Requests asked side by side.
const SIDE_BY_SIDE: usize = 32;
/// Where the service keeps the day of the last digest.
const DIGESTED: &str = "progress_digested";

impl Engine {
    /// Takes the next piece of the round, if its hour has come; how much was done.
    pub(super) async fn progress_round(&self) -> Result<usize, Trouble> {
        let (company, now) = (self.app.company(), self.app.clock().now());
        let (calendar, hours) = (&company.calendar, &company.policy.progress);
        let today = calendar.date_of(now);
        if !calendar.is_working_day(today) || now < calendar.at(today, hours.ask) {
            return Ok(0);
        }
        let asked = self.ask_some(today).await?;
        if asked > 0 {
            return Ok(asked);
        }
        let sent = self.app.nudge_some(today).await?;
        if sent > 0 || now < calendar.at(today, hours.digest) {
            return Ok(sent);
        }
        self.digest_once(today).await
    }

    async fn ask_some(&self, today: Date) -> Result<usize, Trouble> {
        let requests = self.app.to_ask(today, PIECE).await?;
        let asked = futures_util::stream::iter(requests).map(|request| async move {
            match self.app.ask(&request, today).await {
                Ok(asked) => {
                    crash::here(Point::RoundAsked);
                    usize::from(asked)
                }
                Err(trouble) => {
                    tracing::warn!(%request, "progress is asked for a little later: {trouble}");
                    0
                }
            }
        });
        Ok(asked.buffer_unordered(SIDE_BY_SIDE).fold(0, |sum, n| async move { sum + n }).await)
    }

    async fn digest_once(&self, today: Date) -> Result<usize, Trouble> {
        if self.app.kept(DIGESTED).await?.is_some_and(|day| day == today.to_string()) {
            return Ok(0);
        }
        let told = self.app.evening(today).await?;
        crash::here(Point::RoundTold);
        self.app.keep(DIGESTED, &today.to_string()).await?;
        Ok(told)
    }

    /// When the round next asks or tells, for a clock that jumps; `None` while no task is in progress and none was
    /// finished today.
    pub(super) async fn next_round(&self) -> Result<Option<Timestamp>, Trouble> {
        let (company, now) = (self.app.company(), self.app.clock().now());
        let finished = company.calendar.date_of(now);
        if !self.app.any_task_in_progress().await? && !self.app.any_task_finished(finished).await? {
            return Ok(None);
        }
        let (calendar, hours) = (&company.calendar, &company.policy.progress);
        let today = calendar.working_day_or_next(calendar.date_of(now));
        let days = [today, calendar.add_working_days(today, 1)];
        let slots = days.iter().flat_map(|day| [hours.ask, hours.digest].map(|time| calendar.at(*day, time)));
        Ok(slots.filter(|slot| *slot > now).min())
    }
}
