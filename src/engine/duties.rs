//! People come and go, and what is owed follows them.
//!
//! Invariant: a person stays noted until each open obligation that concerns him was looked at; a pass that dies is
//! taken up by the next one, and finds nothing to do twice.

use super::Engine;
use crate::app::Trouble;
use crate::clock::fresh_id;
use crate::crash::{self, Point};
use crate::domain::request::Tick;
use crate::domain::{Date, PersonId};
use crate::store::{obligation, standing};

/// People looked at in one pass.
const BATCH: i64 = 50;
/// Until which day absences that begin or end were heeded.
const HEEDED: &str = "absences";

impl Engine {
    /// Moves what is owed to whoever holds the duty now; how many moved.
    pub(super) async fn move_duties(&self) -> Result<usize, Trouble> {
        self.app.refresh_company().await?;
        let now = self.app.clock().now();
        if standing::any_to_heed(self.app.db(), now).await? {
            let mut tx = self.app.db().begin().await?;
            standing::heed(&mut tx, now).await?;
            tx.commit().await?;
        }
        self.heed_absences().await?;
        let noted = standing::noted(self.app.db(), BATCH).await?;
        if noted.is_empty() {
            return Ok(0);
        }
        // A note is made with the change that it is about, so what is read after it is never older: with the directory of
        // a moment before, nothing would move, and the note would be gone.
        self.app.refresh_company().await?;
        let mut moved = 0;
        for (person, noted_at) in noted {
            moved += self.move_duties_of(&person).await?;
            crash::here(Point::DutiesMoved);
            let mut tx = self.app.db().begin().await?;
            standing::looked_at(&mut tx, &person, noted_at).await?;
            tx.commit().await?;
        }
        Ok(moved)
    }

    async fn move_duties_of(&self, person: &PersonId) -> Result<usize, Trouble> {
        let mut moved = 0;
        for (request, obligation) in obligation::concerning(self.app.db(), person).await? {
            let key = format!("{obligation}/rehome/{}", fresh_id());
            let line = self.app.tick(&key, &request, &Tick::Rehome { obligation }).await?;
            moved += usize::from(line.is_some());
        }
        Ok(moved)
    }

    /// Notes those whose absence in the directory has begun or ended since the last day that was looked at.
    async fn heed_absences(&self) -> Result<(), Trouble> {
        let company = self.app.company();
        let now = self.app.clock().now();
        let today = company.calendar.date_of(now);
        let kept = self.app.kept(HEEDED).await?;
        let heeded = kept.and_then(|day| day.parse::<Date>().ok());
        if heeded == Some(today) {
            return Ok(());
        }
        let fresh = |day: Date| day <= today && heeded.is_none_or(|heeded| heeded < day);
        let turns = |p: &&crate::domain::directory::Person| {
            p.away.iter().any(|a| fresh(a.from) || a.to.tomorrow().is_ok_and(fresh))
        };
        let mut tx = self.app.db().begin().await?;
        for person in company.directory.people.values().filter(|p| p.active).filter(turns) {
            standing::note(&mut tx, &person.id, now).await?;
        }
        tx.commit().await?;
        crash::here(Point::AbsencesNoted);
        self.app.keep(HEEDED, &today.to_string()).await
    }
}
