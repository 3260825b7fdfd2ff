//! Risk plans whose moment came enter through the same door as everything else: one act each, keyed by the case file and
//! the version that was looked at. Whoever is second finds the key taken, or another version.

use super::Engine;
use crate::app::Trouble;
use crate::domain::request::Tick;
use crate::store::risk::{self, Due};

/// Case files looked at in one pass.
const BATCH: i64 = 64;

impl Engine {
    /// Looks at the plans whose moment came; in how many case files.
    pub(super) async fn look_at_risks(&self) -> Result<usize, Trouble> {
        let (now, mut looked) = (self.app.clock().now(), 0);
        for Due { request, version } in risk::due(self.app.db(), now, BATCH).await? {
            match self.app.tick(&format!("{request}/risks/{version}"), &request, &Tick::LookAtRisks).await {
                Ok(taken) => looked += usize::from(taken.is_some()),
                Err(Trouble::Busy(error)) => {
                    tracing::warn!(%request, "risk plans wait for the database: {error}");
                }
                Err(Trouble::Broken(error)) => {
                    tracing::error!(%request, "risk plans cannot be looked at: {error}");
                }
            }
        }
        Ok(looked)
    }
}
