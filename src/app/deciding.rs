//! A decision on a case file and what follows from it, written down: the middle of every act.
//!
//! Invariant: what is decided here is written in the act's own batch, and nowhere else.

use super::files::{self, Known};
use super::requests::refused;
use super::{Act, Trouble};
use crate::domain::PersonId;
use crate::domain::change::{Change, Reply};
use crate::domain::request::{self, Request};
use crate::store::DbError;
use crate::store::request::{self as cases, Basis, Saving};

impl Act<'_> {
    /// Decides on a file under its lock: the refusal, or what was done, written.
    pub(super) fn decides(
        &mut self,
        (basis, file): &Known,
        decision: &request::Act,
        person: &PersonId,
    ) -> Result<Reply, Trouble> {
        let company = self.company.clone();
        match file.decide(decision, person, company.rules(self.now)) {
            Err(refusal) => Ok(refused(refusal, Some(file.id.clone()))),
            Ok(change) => {
                let basis = self.keeps((basis, file), &change)?;
                self.accept(basis, change)
            }
        }
    }

    /// Writes what becomes of a file under its lock; what the next decision in this act rests on.
    pub(super) fn keeps(
        &mut self,
        (basis, file): (&Basis, &Request),
        change: &Change,
    ) -> Result<Basis, DbError> {
        let at = (self.now, &*self.company.calendar);
        files::save(&mut self.out, (basis, file), change, at)
    }

    /// Writes a file that is new.
    pub(super) fn keeps_new(&mut self, change: &Change) -> Result<Basis, DbError> {
        let (now, calendar) = (self.now, &*self.company.calendar);
        let saving = Saving { basis: None, old: None, audit: &change.audit, now, calendar };
        cases::save(&mut self.out, &change.request, &saving)
    }
}
