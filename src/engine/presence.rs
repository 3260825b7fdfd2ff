//! That this replica is at work: told when it begins and every minute, taken back when it stops.
//!
//! Invariant: nobody's work rests on it; it keeps a migration from taking away what somebody still uses, and says who runs.

use super::Engine;
use crate::app::Trouble;
use crate::domain::Timestamp;
use crate::store::Db;
use crate::store::replica::{self, Replica};

/// Where and since when this process runs.
pub(super) struct Presence {
    place: String,
    since: Timestamp,
}

impl Presence {
    /// Begins now, at no place that has a name.
    pub(super) fn begins(since: Timestamp) -> Self {
        Self { place: std::process::id().to_string(), since }
    }
}

impl Engine {
    /// The same workers on a machine of this name.
    #[must_use]
    pub fn at_host(mut self, host: &str) -> Self {
        self.presence.place = format!("{host}:{}", std::process::id());
        self
    }

    pub(super) async fn tell_presence(&self) -> Result<(), Trouble> {
        let here = Replica {
            id: self.owner.clone(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            knows: Db::knows(),
            place: self.presence.place.clone(),
            started_at: self.presence.since,
            seen_at: self.app.clock().machine(),
        };
        Ok(replica::tell(self.app.db(), &here).await?)
    }

    pub(super) async fn take_back_presence(&self) {
        if let Err(error) = replica::take_back(self.app.db(), &self.owner).await {
            tracing::debug!("this replica counts as running for some minutes yet: {error}");
        }
    }
}
