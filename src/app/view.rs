//! Reads for people's eyes. Visibility is applied here, once: what somebody may not see is not found.

use std::sync::Arc;

use super::{App, Trouble};
use crate::domain::change::Audit;
use crate::domain::request::{Request, Version};
use crate::domain::{PersonId, RequestId, Timestamp};
use crate::store::obligation::Owed;
use crate::store::outbox::Said;
use crate::store::pause::{self, Pause, Scope};
use crate::store::search::{self, Line};
use crate::store::{audit, board, desk, obligation, outbox, request};

/// How the service is.
pub struct Pulse {
    /// Requests by state.
    pub requests: Vec<(String, i64)>,
    /// Open obligations.
    pub open: i64,
    /// Overdue ones among them.
    pub overdue: i64,
    /// Notices waiting.
    pub waiting: i64,
    /// The oldest of them.
    pub oldest: Option<Timestamp>,
    /// Dead letters.
    pub dead: i64,
    /// Steps that are late by more than five minutes.
    pub late_steps: i64,
    /// Steps set aside.
    pub set_aside: i64,
    /// Every pause that holds: of everything, of a chat, of a kind.
    pub pauses: Vec<Pause>,
    /// `sqlite` or `postgres`.
    pub database: &'static str,
}

impl Pulse {
    /// Since when nothing at all is sent, if sending is paused.
    pub fn paused_since(&self) -> Option<Timestamp> {
        self.pauses.iter().find(|pause| pause.scope == Scope::All).map(|pause| pause.since)
    }

    /// What somebody should look at, by the names that `/readyz` has for it.
    pub fn degraded(&self) -> Vec<&'static str> {
        let flags = [
            (self.paused_since().is_some(), "sending_paused"),
            (self.pauses.iter().any(|pause| pause.scope != Scope::All), "paused_in_part"),
            (self.dead > 0, "dead_letters"),
            (self.late_steps > 0, "late_steps"),
            (self.set_aside > 0, "steps_set_aside"),
        ];
        flags.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect()
    }
}

impl App {
    /// A request as last committed, whoever asks: for cards that were decided to be sent.
    pub async fn file(&self, id: &RequestId) -> Result<Option<Arc<Request>>, Trouble> {
        Ok(self.files.read(&self.db, id).await?)
    }

    /// A file that was read or committed just now, or what a rival has made of it since.
    pub fn newest(&self, file: &Arc<Request>) -> Arc<Request> {
        self.files.newest(file)
    }

    /// What a person owes, soonest first.
    pub async fn owed_by(&self, person: &PersonId) -> Result<Vec<Owed>, Trouble> {
        Ok(obligation::of_debtor(&self.db, person.as_str(), 50).await?)
    }

    /// The lines of given requests, in the order given, as far as the person may see them.
    pub async fn lines(&self, person: &PersonId, ids: &[RequestId]) -> Result<Vec<Line>, Trouble> {
        let (company, now) = (self.company(), self.clock.now());
        let mut seen = Vec::new();
        for id in ids {
            let file = self.file(id).await?;
            seen.extend(
                file.filter(|file| file.case(company.rules(now)).sees(person)).map(|file| file.id.clone()),
            );
        }
        Ok(search::lines(&self.db, &seen).await?)
    }

    /// The newest lines of a request's history, oldest first.
    pub async fn history(&self, id: &RequestId, most: i64) -> Result<Vec<(Timestamp, Audit)>, Trouble> {
        let lines = audit::history(&self.db, id.as_str(), most).await?;
        Ok(lines.into_iter().map(|line| (line.at, line.audit)).collect())
    }

    /// An older version of a request.
    pub async fn version(&self, id: &RequestId, revision: i64) -> Result<Option<Version>, Trouble> {
        Ok(request::version(&self.db, id, revision).await?)
    }

    /// The steps that fire next, soonest first.
    pub async fn upcoming(&self, most: i64) -> Result<Vec<Owed>, Trouble> {
        Ok(obligation::upcoming(&self.db, most).await?)
    }

    /// The message that a button was pressed on.
    pub async fn said(&self, platform: &str, chat: &str, message: &str) -> Result<Option<Said>, Trouble> {
        Ok(outbox::said_as(&self.db, platform, chat, message).await?)
    }

    /// How a message looks now that it was answered on the spot.
    pub async fn reshown(&self, said: &Said, shown: &str, summary: &str) -> Result<(), Trouble> {
        let mut tx = self.db.begin().await?;
        outbox::reshown(&mut tx, said, shown, summary, self.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// How the service is.
    pub async fn pulse(&self) -> Result<Pulse, Trouble> {
        let now = self.clock.now();
        let (open, overdue) = board::count_owed(&self.db, now).await?;
        let (waiting, mut oldest, dead) = outbox::backlog(&self.db).await?;
        let pauses = pause::holding(&self.db, now).await?;
        // What a pause holds back is not stale; only then is it worth a second look.
        if !pauses.is_empty() {
            oldest = pause::oldest_let_go(&self.db, now).await?;
        }
        let before = now - jiff::SignedDuration::from_mins(5);
        let (late_steps, set_aside) = obligation::overdue_steps(&self.db, before).await?;
        Ok(Pulse {
            requests: board::count_by_state(&self.db).await?,
            open,
            overdue,
            waiting,
            oldest,
            dead,
            late_steps,
            set_aside,
            pauses,
            database: if self.db.is_postgres() { "postgres" } else { "sqlite" },
        })
    }

    /// Since when nothing is sent, if sending is paused.
    pub async fn paused_since(&self) -> Result<Option<Timestamp>, Trouble> {
        let pauses = pause::holding(&self.db, self.clock.now()).await?;
        Ok(pauses.into_iter().find(|pause| pause.scope == Scope::All).map(|pause| pause.since))
    }

    /// A value that this service keeps for itself across restarts.
    pub async fn kept(&self, name: &str) -> Result<Option<String>, Trouble> {
        Ok(desk::switch(&self.db, name).await?.map(|(value, _)| value))
    }

    /// When such a value was set last.
    pub async fn kept_since(&self, name: &str) -> Result<Option<Timestamp>, Trouble> {
        Ok(desk::switch(&self.db, name).await?.map(|(_, since)| since))
    }

    /// Keeps such a value unless there is one; the one that is kept. Two replicas that start at once agree on it.
    pub async fn keep_first(&self, name: &str, value: &str) -> Result<String, Trouble> {
        let mut tx = self.db.begin().await?;
        let kept = desk::set_switch_once(&mut tx, name, value, self.clock.now()).await?;
        tx.commit().await?;
        Ok(kept)
    }

    /// Keeps such a value.
    pub async fn keep(&self, name: &str, value: &str) -> Result<(), Trouble> {
        let mut tx = self.db.begin().await?;
        desk::set_switch(&mut tx, name, value, self.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }
}
