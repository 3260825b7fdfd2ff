//! What a SQLite file holds, counted without changing a byte of it: for the manifest of a copy, and to compare with one.
//!
//! Invariant: the file is opened for reading only, so it needs no `-wal` beside it and its hash stays what it is.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row as _};

use super::Db;
use super::error::Result;

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// The newest migration in it.
    pub schema: i64,
    /// Rows by table.
    pub tables: BTreeMap<String, i64>,
    /// Chains of the history.
    pub chains: i64,
    /// SHA-256 over length and end of every chain, in order of their subjects; hex.
    pub heads: String,
}

impl Db {
    /// Counts what stands in a SQLite file that nobody writes to.
    ///
    /// # Errors
    /// When it is no SQLite file, or none of ours.
    pub async fn counts_of(file: &Path) -> Result<Counts> {
        let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
        let mut own = options.connect().await?;
        let counted = counts(&mut own).await;
        own.close().await?;
        counted
    }
}

async fn counts(own: &mut SqliteConnection) -> Result<Counts> {
    let newest = "SELECT COALESCE(MAX(version), 0) FROM schema_migration";
    let schema = sqlx::query_scalar(newest).fetch_one(&mut *own).await?;
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
                 ORDER BY name";
    let names: Vec<String> = sqlx::query_scalar(names).fetch_all(&mut *own).await?;
    let mut tables = BTreeMap::new();
    for name in names {
        // Names come from the schema that our own migrations wrote.
        let sql = format!("SELECT COUNT(*) FROM \"{}\"", name.replace('"', "\"\""));
        let rows = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *own).await?;
        tables.insert(name, rows);
    }
    let (chains, heads) = heads(own).await?;
    Ok(Counts { schema, tables, chains, heads })
}

async fn heads(own: &mut SqliteConnection) -> Result<(i64, String)> {
    let sql = "SELECT id AS subject, audit_count AS n, audit_head AS head FROM request WHERE audit_count > 0 \
               UNION ALL SELECT subject, audit_count, audit_head FROM audit_head WHERE audit_count > 0 ORDER BY 1";
    let mut hash = Sha256::new();
    let mut chains = 0;
    for row in sqlx::query(sql).fetch_all(&mut *own).await? {
        let (subject, n, head): (String, i64, String) =
            (row.try_get("subject")?, row.try_get("n")?, row.try_get("head")?);
        hash.update(format!("{}:{subject}:{n}:{head};", subject.len()));
        chains += 1;
    }
    Ok((chains, hex::encode(hash.finalize())))
}
