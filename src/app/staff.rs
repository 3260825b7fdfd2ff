//! What a messenger tells of people and departments, as it happens.
//!
//! Invariants: each event changes the directory once, together with the note that moves what was owed and the end of a
//! leaver's sessions; it changes what it speaks of and nothing else.

use super::{App, Trouble};
use crate::domain::PersonId;
use crate::domain::change::{Audit, Value, with};
use crate::domain::directory::Directory;
use crate::domain::directory::part::{Difference, Part, lay};
use crate::domain::directory::standing::affected;
use crate::store::inbox::{self, Claim};
use crate::store::{DbError, Tx, audit, directory, session, standing};

/// Somebody else may write the directory at the same moment; more often than this in a row nobody does.
const MOST_TRIES: usize = 5;

impl Trouble {
    /// What the messenger should bring again, said in words for the log.
    pub fn busy(why: impl Into<String>) -> Self {
        Trouble::Busy(DbError::Transient(why.into()))
    }
}

impl App {
    /// Lays what `platform` shows over the directory, once under this key; whether anything changed.
    pub async fn lay_part(&self, key: &str, platform: &str, part: &Part) -> Result<bool, Trouble> {
        let part = &self.with_former_names(platform, part).await?;
        for _ in 0..MOST_TRIES {
            let version = directory::version(self.db()).await?;
            let (before, _) = directory::load(self.db()).await?;
            let after = lay(&before, platform, part);
            let mut tx = self.db().begin().await?;
            if let Claim::Repeated(_) = inbox::claim(&mut tx, key, self.clock().machine()).await? {
                tx.commit().await?;
                return Ok(false);
            }
            self.keep_names(&mut tx, (platform, part), self.clock().now()).await?;
            let found = Difference::between(&before, &after);
            if found.is_empty() {
                tx.commit().await?;
                return Ok(false);
            }
            if !directory::moves_on(&mut tx, version).await? {
                continue;
            }
            self.keep_part(&mut tx, (&before, &after), (platform, &found)).await?;
            tx.commit().await?;
            self.reload().await?;
            self.wake.all();
            return Ok(true);
        }
        Err(Trouble::busy("the directory is being written by others"))
    }

    async fn keep_part(
        &self,
        tx: &mut Tx,
        (before, after): (&Directory, &Directory),
        (platform, found): (&str, &Difference),
    ) -> Result<(), Trouble> {
        let now = self.clock().now();
        let departments = found.departments.iter().filter_map(|id| after.departments.get(id));
        for department in departments {
            directory::save_department(tx, department).await?;
        }
        for person in found.left.iter().chain(&found.people).filter_map(|id| after.people.get(id)) {
            directory::save_person(tx, person).await?;
        }
        for person in affected(before, after) {
            standing::note(tx, &person, now).await?;
        }
        session::end_of_leavers(tx, self.clock().machine()).await?;
        for line in lines(platform, found) {
            audit::append_beside(tx, "directory", &line, now).await?;
        }
        Ok(())
    }
}

/// The lines of the history.
fn lines(platform: &str, found: &Difference) -> Vec<Audit> {
    let by = || ("platform", Value::Text(platform.to_owned()));
    let person = |id: &PersonId| with([("person", Value::Person(id.clone())), by()]);
    let left = found.left.iter().map(|id| Audit {
        by: None,
        on_behalf_of: None,
        what: "directory_person_left".to_owned(),
        with: person(id),
    });
    let others = found.people.iter().map(|id| Audit {
        by: None,
        on_behalf_of: None,
        what: "directory_person_changed".to_owned(),
        with: person(id),
    });
    let departments = found.departments.iter().map(|id| Audit {
        by: None,
        on_behalf_of: None,
        what: "directory_department_changed".to_owned(),
        with: with([("department", Value::Department(id.clone())), by()]),
    });
    left.chain(others).chain(departments).collect()
}
