//! The daily round, piece by piece: requests asked for progress, one card to each person, one digest to each group.
//!
//! Invariant: every piece is claimed where it is written (the task's day, the person's day, the digest's key), so any
//! number of replicas and any restart make one round of it.

use std::sync::Arc;

use jiff::civil::Time;

use super::{App, Trouble, post};
use crate::domain::change::{To, What};
use crate::domain::request::{Request, Tick};
use crate::domain::{Date, PersonId, RequestId, Timestamp};
use crate::store::batch::Batch;
use crate::store::inbox::{self, Claim};
use crate::store::task;

/// People who are sent their card in one transaction.
const PEOPLE: i64 = 500;
/// Tasks on one card; what does not fit comes when these are answered.
const ROWS: i64 = 12;

/// A task that somebody has to report on, with its request.
pub type Reportable = (Arc<Request>, i64);

impl App {
    /// Whether there is anything to go round for.
    pub async fn any_task_in_progress(&self) -> Result<bool, Trouble> {
        Ok(task::any_doing(&self.db).await?)
    }

    /// Whether anything was finished on that day.
    pub async fn any_task_finished(&self, day: Date) -> Result<bool, Trouble> {
        Ok(task::any_finished(&self.db, self.midnight(day)).await?)
    }

    fn midnight(&self, day: Date) -> Timestamp {
        self.company().calendar.at(day, Time::midnight())
    }

    /// Requests that the round of that day has not come to yet.
    pub async fn to_ask(&self, day: Date, most: i64) -> Result<Vec<RequestId>, Trouble> {
        Ok(task::not_asked(&self.db, day, most).await?)
    }

    /// Asks for progress on one request. `false`: it was asked before, or there is nothing to ask.
    pub async fn ask(&self, request: &RequestId, day: Date) -> Result<bool, Trouble> {
        let key = format!("{request}/progress/{day}");
        Ok(self.tick(&key, request, &Tick::AskProgress { day }).await?.is_some())
    }

    /// Sends their card to people who owe a report; how many. Nobody gets a second one on the same day.
    pub async fn nudge_some(&self, day: Date) -> Result<usize, Trouble> {
        if !task::any_unsent(&self.db, day).await? {
            return Ok(0);
        }
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let people = task::take_unsent(&mut tx, day, PEOPLE).await?;
        let mut out = Batch::default();
        for person in &people {
            post::one(&mut out, None, &post::plain(To::Person(person.clone()), What::Nudge { day }), now)?;
        }
        out.write(&mut tx).await?;
        tx.commit().await?;
        self.wake.all();
        Ok(people.len())
    }

    /// Tells the project groups what came of the day's round; how many.
    pub async fn evening(&self, day: Date) -> Result<usize, Trouble> {
        let now = self.clock.now();
        let mut told = 0;
        for request in task::to_digest(&self.db, day, self.midnight(day)).await? {
            let mut tx = self.db.begin().await?;
            let key = format!("{request}/evening/{day}");
            if let Claim::Repeated(_) = inbox::claim(&mut tx, &key, self.clock.machine()).await? {
                tx.commit().await?;
                continue;
            }
            let mut out = Batch::default();
            let what = What::Evening { request: request.clone(), day };
            post::one(&mut out, Some(&request), &post::plain(To::Project(request.clone()), what), now)?;
            out.write(&mut tx).await?;
            tx.commit().await?;
            told += 1;
        }
        self.wake.all();
        Ok(told)
    }

    /// What a person has to report on now.
    pub async fn to_report(&self, person: &PersonId) -> Result<Vec<Reportable>, Trouble> {
        let mut found = Vec::new();
        for (id, number) in task::to_report(&self.db, person, ROWS).await? {
            let file = self.file(&id).await?.filter(|file| file.task(number).is_some());
            found.extend(file.map(|file| (file, number)));
        }
        Ok(found)
    }
}
