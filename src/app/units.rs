//! The names under which a messenger showed its departments, by its ids: a department that has another name now is known
//! by the one that it had.
//!
//! Invariant: a department of ours follows another name only while it has the name that the messenger showed last; one
//! that an administrator calls otherwise keeps what he chose.

use super::{App, Trouble};
use crate::domain::Timestamp;
use crate::domain::directory::part::Part;
use crate::store::{Tx, desk};

impl App {
    /// The same part; of departments with another name than they were seen with it says the old one.
    pub(super) async fn with_former_names(&self, platform: &str, part: &Part) -> Result<Part, Trouble> {
        let mut part = part.clone();
        for unit in &part.roster.departments {
            let former = self.kept(&name(platform, &unit.id)).await?.filter(|former| *former != unit.name);
            part.renamed.extend(former.map(|former| (former, unit.name.clone())));
        }
        Ok(part)
    }

    /// Keeps the names for the next time.
    pub(super) async fn keep_names(
        &self,
        tx: &mut Tx,
        (platform, part): (&str, &Part),
        now: Timestamp,
    ) -> Result<(), Trouble> {
        for unit in &part.roster.departments {
            desk::set_switch(tx, &name(platform, &unit.id), &unit.name, now).await?;
        }
        Ok(())
    }
}

/// Of the switch that keeps it.
fn name(platform: &str, unit: &str) -> String {
    format!("unit/{platform}/{unit}")
}
