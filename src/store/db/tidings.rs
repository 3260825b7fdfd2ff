//! What replicas tell each other over PostgreSQL (`LISTEN` and `NOTIFY`): that something was committed, and by whom.
//!
//! Invariant: nothing rests on it. Tidings that get lost cost the others the time until their next look, nothing else;
//! and telling is no part of anybody's transaction, because PostgreSQL lets those that notify commit one at a time.

use std::time::Duration;

use sqlx::Executor;
use sqlx::postgres::PgListener;

use super::error::Result;
use super::{Db, Engine, args};

const CHANNEL: &str = "liaison";
/// After so much silence the connection is asked whether it is still there: one that a firewall forgot says nothing.
const SILENCE: Duration = Duration::from_secs(15);
/// What is still there answers within this time.
const ANSWER: Duration = Duration::from_secs(2);

/// A connection that hears what replicas tell.
pub struct Ears(PgListener);

impl Db {
    /// Tells every replica that `who` committed something. On SQLite there is nobody to tell.
    ///
    /// It is not flushed to the disk: whoever restarts looks anyway.
    pub async fn tell(&self, who: &str) -> Result<()> {
        if self.is_postgres() {
            let sql = "SELECT set_config('synchronous_commit', 'off', TRUE), CAST(pg_notify($1, $2) AS TEXT)";
            self.rows(sql, args![CHANNEL, who]).await?;
        }
        Ok(())
    }

    /// Begins to hear. `None` on SQLite.
    pub async fn ears(&self) -> Result<Option<Ears>> {
        let Engine::Postgres(pool) = &self.0 else { return Ok(None) };
        let mut listener = PgListener::connect_with(pool).await?;
        // Whoever lost it wants to know, so that he looks at once and says that he is deaf.
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        Ok(Some(Ears(listener)))
    }
}

impl Ears {
    /// Who told something. `None`: the connection was lost, and with it perhaps what was told; open another one.
    pub async fn hear(&mut self) -> Result<Option<String>> {
        loop {
            if let Ok(heard) = tokio::time::timeout(SILENCE, self.0.try_recv()).await {
                return Ok(heard?.map(|told| told.payload().to_owned()));
            }
            let Ok(answer) = tokio::time::timeout(ANSWER, self.0.execute("SELECT 1")).await else {
                return Ok(None);
            };
            answer?;
        }
    }
}
