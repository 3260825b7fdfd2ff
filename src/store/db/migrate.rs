//! Brings the schema up to the version that this program knows, one file after the other.
//!
//! Invariant: each file is applied once, by one replica, in one transaction with its line in `schema_migration`; a
//! schema that this program does not know is refused unless its line says that nothing was taken away, never guessed at.

use sha2::{Digest, Sha256};

use super::error::{DbError, Result};
use super::{Db, Tx, args, gate, migrations};
use crate::crash::{self, Point};

/// One file of `migrations/`.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// `NNNN` of the file's name.
    pub version: i64,
    /// The rest of the name.
    pub name: &'static str,
    /// `NNNN_what.sql`, for both engines.
    pub sql: &'static str,
    /// `NNNN_what.postgres.sql`, where PostgreSQL cannot take the same text.
    pub postgres: Option<&'static str>,
}

impl Migration {
    /// The file's name without its ending: `0001_foundation`.
    pub fn file(&self) -> String {
        format!("{:04}_{}", self.version, self.name)
    }

    fn text(&self, postgres: bool) -> &'static str {
        self.postgres.filter(|_| postgres).unwrap_or(self.sql)
    }

    /// Line ends do not count: a checkout on Windows is the same migration.
    fn checksum(&self, postgres: bool) -> String {
        hex::encode(Sha256::digest(self.text(postgres).replace("\r\n", "\n")))
    }
}

/// Both engines take this text. Times are the engine's own: they are for the administrator's eyes only.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    version BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at TEXT NOT NULL DEFAULT (CAST(CURRENT_TIMESTAMP AS TEXT))
);";

/// Any number that no other program on the same PostgreSQL is likely to use.
const LOCK: i64 = 0x006c_6961_6973_6f6e;

/// How often a migration is tried that did not get its locks; each try waits up to `lock_timeout`.
const TRIES: usize = 5;

impl Db {
    /// Applies all migrations that are missing; the versions that were applied now.
    pub async fn migrate(&self) -> Result<Vec<i64>> {
        self.migrate_list(migrations::ALL, i64::MAX).await
    }

    /// Applies the migrations up to `version`: for tests that go step by step.
    #[cfg(test)]
    pub async fn migrate_to(&self, version: i64) -> Result<Vec<i64>> {
        self.migrate_list(migrations::ALL, version).await
    }

    /// The migrations that are missing; refuses a schema that is not ours.
    pub async fn pending(&self) -> Result<Vec<&'static Migration>> {
        let mut tx = self.begin().await?;
        let pending = missing(&mut tx, migrations::ALL).await?;
        tx.commit().await?;
        Ok(pending)
    }

    pub(super) async fn migrate_list(&self, list: &'static [Migration], last: i64) -> Result<Vec<i64>> {
        let mut applied = Vec::new();
        let mut tries = TRIES;
        loop {
            match self.migrate_one(list, last).await {
                Ok(Some(migration)) => {
                    tracing::info!(version = migration.version, "the schema is now at {}", migration.name);
                    applied.push(migration.version);
                    tries = TRIES;
                }
                Ok(None) => return Ok(applied),
                Err(error) if error.is_transient() && tries > 1 => tries -= 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// The lock is taken before looking, so that two replicas that start together do not both find it missing.
    async fn migrate_one(&self, list: &'static [Migration], last: i64) -> Result<Option<&'static Migration>> {
        let mut tx = self.begin().await?;
        if tx.is_postgres() {
            tx.script("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '30s'").await?;
            tx.rows("SELECT CAST(pg_advisory_xact_lock($1) AS TEXT)", args![LOCK]).await?;
            // A statement that waits for a table's lock holds up everybody behind it: rather try again.
            tx.script("SET LOCAL lock_timeout = '1s'").await?;
        }
        tx.script(TABLE).await?;
        let next = missing(&mut tx, list).await?.into_iter().find(|migration| migration.version <= last);
        if let Some(migration) = next {
            let versions = versions(&applied(&mut tx).await?);
            gate::opens(&mut tx, migration, &versions).await?;
            tx.script(migration.text(tx.is_postgres())).await?;
            crash::here(Point::MigrationApplied);
            let checksum = migration.checksum(tx.is_postgres());
            let line = "INSERT INTO schema_migration (version, name, checksum) VALUES ($1, $2, $3)";
            tx.execute(line, args![migration.version, migration.name, checksum]).await?;
            gate::note(&mut tx, migration, &versions).await?;
        }
        tx.commit().await?;
        Ok(next)
    }
}

/// What of `list` is not applied yet, after making sure that what is applied is in the list, unchanged.
async fn missing(tx: &mut Tx, list: &'static [Migration]) -> Result<Vec<&'static Migration>> {
    let applied = applied(tx).await?;
    for (version, name, checksum) in &applied {
        let Some(known) = list.iter().find(|migration| migration.version == *version) else {
            gate::admits(tx, list, (*version, name), &versions(&applied)).await?;
            continue;
        };
        if known.checksum(tx.is_postgres()) != *checksum {
            let why = format!("migration {version} ({name}) was changed after it was applied");
            return Err(DbError::Other(why));
        }
    }
    Ok(list
        .iter()
        .filter(|migration| !applied.iter().any(|(version, ..)| *version == migration.version))
        .collect())
}

fn versions(applied: &[(i64, String, String)]) -> Vec<i64> {
    applied.iter().map(|(version, ..)| *version).collect()
}

async fn applied(tx: &mut Tx) -> Result<Vec<(i64, String, String)>> {
    let there = if tx.is_postgres() {
        "SELECT to_regclass('schema_migration') IS NOT NULL"
    } else {
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration')"
    };
    let there = tx.row(there, args![]).await?.map_or(Ok(false), |row| row.get(0))?;
    if !there {
        return Ok(Vec::new());
    }
    let sql = "SELECT version, name, checksum FROM schema_migration ORDER BY version";
    let rows = tx.rows(sql, args![]).await?;
    rows.iter().map(|row| Ok((row.get("version")?, row.get("name")?, row.get("checksum")?))).collect()
}
