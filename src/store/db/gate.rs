//! Which program may work on which schema, while replicas are replaced one by one.
//!
//! Invariants: a program that meets a migration which it does not know goes on where that one only added something, and
//! refuses otherwise; nothing is taken away while a replica runs that still uses it.
//!
//! A migration that takes something away says so in its first line: `-- needs 0021`, the newest migration that a program
//! has to know to work without it.

use super::error::{DbError, Result};
use super::migrate::Migration;
use super::{Db, Tx, args, migrations};

/// From this migration on it is noted what each one needs, and who is running.
const SINCE: i64 = 19;

const NEEDS: &str = "-- needs ";

/// Who runs is asked of those seen within three minutes, by the clock of PostgreSQL; only there may several run at once.
const RUNNING: &str = "SELECT place, program, knows FROM replica WHERE knows < $1 \
     AND seen_at >= CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) - 180000 ORDER BY id LIMIT 1";

impl Migration {
    /// The newest migration that a program has to know; 0: any program goes on. What cannot be read admits nobody.
    fn needs(&self) -> i64 {
        let first = self.sql.lines().next().and_then(|line| line.strip_prefix(NEEDS));
        first.map_or(0, |version| version.trim().parse().unwrap_or(i64::MAX))
    }
}

impl Db {
    /// The newest migration that this program knows.
    pub fn knows() -> i64 {
        newest(migrations::ALL)
    }
}

fn newest(list: &[Migration]) -> i64 {
    list.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// A schema has a migration that is not in `list`: whether a program that knows `list` may work on it.
pub(super) async fn admits(
    tx: &mut Tx,
    list: &[Migration],
    (version, name): (i64, &str),
    applied: &[i64],
) -> Result<()> {
    let newer = format!("the schema is newer than this program: it has migration {version} ({name})");
    if !is_noted(applied) {
        return Err(DbError::Other(newer));
    }
    let row = tx.row("SELECT needs FROM schema_migration WHERE version = $1", args![version]).await?;
    match row.map(|row| row.get::<Option<i64>>("needs")).transpose()?.flatten() {
        Some(needs) if needs <= newest(list) => {
            tracing::info!("{newer}, which only added to what this program uses");
            Ok(())
        }
        Some(_) => Err(DbError::Other(format!("{newer}, which took away what this program uses"))),
        None => Err(DbError::Other(newer)),
    }
}

/// Whether it may be applied now: nobody runs who still uses what it takes away.
pub(super) async fn opens(tx: &mut Tx, migration: &Migration, applied: &[i64]) -> Result<()> {
    let needs = migration.needs();
    if needs == 0 || !tx.is_postgres() || !is_noted(applied) {
        return Ok(());
    }
    let Some(row) = tx.row(RUNNING, args![needs]).await? else { return Ok(()) };
    let (place, program): (String, String) = (row.get("place")?, row.get("program")?);
    let knows: i64 = row.get("knows")?;
    Err(DbError::Other(format!(
        "migration {} ({}) takes away what a replica still uses: {place} runs {program}, which knows migrations up to \
         {knows}; stop that one first (one that was killed counts for three minutes)",
        migration.version, migration.name
    )))
}

/// Notes what the migration that was applied just now needs.
pub(super) async fn note(tx: &mut Tx, migration: &Migration, applied: &[i64]) -> Result<()> {
    if migration.version == SINCE || is_noted(applied) {
        let sql = "UPDATE schema_migration SET needs = $2 WHERE version = $1";
        tx.execute(sql, args![migration.version, migration.needs()]).await?;
    }
    Ok(())
}

fn is_noted(applied: &[i64]) -> bool {
    applied.contains(&SINCE)
}
