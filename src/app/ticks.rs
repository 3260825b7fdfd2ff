//! When nobody acts: what the clock or the outbox has to say to a case file, by the same road as everything else.
//!
//! Invariant: a tick is claimed by its key, so it is taken once; whatever it changed is a line of the history.

use super::files::{self, Known};
use super::{App, Trouble, post};
use crate::crash::{self, Point};
use crate::domain::RequestId;
use crate::domain::change::{Audit, Reply};
use crate::domain::request::{Request, Tick};
use crate::store::batch::Batch;
use crate::store::inbox::{self, Claim};
use crate::store::request::Basis;

/// The file as a tick leaves it, and the line that says so.
type Ticked = ((Basis, Request), Audit);

impl App {
    /// Something to say to a case file; the line of the history about it. `None`: it was said before, or is moot.
    pub async fn tick(&self, key: &str, request: &RequestId, tick: &Tick) -> Result<Option<Audit>, Trouble> {
        if let Some(line) = self.tick_ahead(key, request, tick).await? {
            return Ok(Some(line));
        }
        let mut tx = self.db.begin().await?;
        if let Claim::Repeated(_) = inbox::claim(&mut tx, key, self.clock.machine()).await? {
            tx.commit().await?;
            return Ok(None);
        }
        let Some(known) = self.files.locked(&mut tx, request).await? else { return Ok(None) };
        let mut out = Batch::default();
        let Some((saved, line)) = self.after_tick(&mut out, &known, tick)? else {
            tx.commit().await?;
            return Ok(None);
        };
        out.write(&mut tx).await?;
        self.commit(tx, vec![saved], false).await?;
        Ok(Some(line))
    }

    /// As [`App::act_ahead`].
    async fn tick_ahead(
        &self,
        key: &str,
        request: &RequestId,
        tick: &Tick,
    ) -> Result<Option<Audit>, Trouble> {
        let Some(known) = self.files.remembered(&self.db, request).await? else { return Ok(None) };
        let mut out = Batch::default();
        let Some((saved, line)) = self.after_tick(&mut out, &known, tick)? else { return Ok(None) };
        inbox::claim_first(&mut out, key, self.clock.machine(), &Reply::Silent)?;
        crash::here(Point::TickDecided);
        if !self.wrote(out, self.db.later(), request).await? {
            return Ok(None);
        }
        self.committed(vec![saved], false).await?;
        Ok(Some(line))
    }

    /// What a tick changes in a file; `None`: nothing.
    fn after_tick(
        &self,
        out: &mut Batch,
        (basis, old): &Known,
        tick: &Tick,
    ) -> Result<Option<Ticked>, Trouble> {
        let (company, now) = (self.company(), self.clock.now());
        let Some(change) = old.tick(tick, company.rules(now)) else { return Ok(None) };
        let quiet = matches!(tick, Tick::Delivered { .. } | Tick::AskProgress { .. });
        let basis = files::save(out, (basis, old), &change, (now, &company.calendar))?;
        post::notices(out, &change, now, !quiet)?;
        Ok(Some(((basis, change.request), change.audit)))
    }
}
