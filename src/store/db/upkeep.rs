//! What the administrator needs: copies, checks, sizes, and whether a commit really reaches the disk.
//!
//! Invariant: none of this stops the service; a copy is taken while people work.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::error::{DbError, Result};
use super::value::Val;
use super::{Db, Engine, Row, args, open, tx};

/// What `doctor` says about the promise "an acknowledged click survives a loss of power".
#[derive(Clone, Debug)]
pub struct Durability {
    /// `SQLite` or `PostgreSQL`.
    pub engine: &'static str,
    /// The engine's version.
    pub version: String,
    /// The settings that the promise rests on, as the engine itself reports them.
    pub settings: Vec<(&'static str, String)>,
    /// Whether all of them are as they must be.
    pub safe: bool,
}

impl Db {
    /// The SQLite file that a URL names; `None` for PostgreSQL.
    pub fn file_of(url: &str) -> Result<Option<PathBuf>> {
        if !url.starts_with("sqlite:") {
            return Ok(None);
        }
        Ok(Some(SqliteConnectOptions::from_str(url)?.get_filename().to_owned()))
    }

    /// Copies a SQLite database to a new file while people work; the copy needs no `-wal`.
    pub async fn backup_to(&self, path: &Path) -> Result<()> {
        let Engine::Sqlite(lite) = &self.0 else {
            return Err(DbError::Other("a copy of PostgreSQL is made with pg_dump".to_owned()));
        };
        let Some(target) = path.to_str() else {
            return Err(DbError::Other("the path of a copy must be UTF-8".to_owned()));
        };
        if std::fs::metadata(path).is_ok_and(|file| file.len() > 0) {
            return Err(DbError::Other(format!("{target} is there already")));
        }
        // VACUUM INTO takes an empty file; made by us it is readable by nobody else.
        open::prepare_file(path)?;
        let mut own = lite.options.connect().await?;
        if let Err(error) = ask(&mut own, "VACUUM INTO $1", args![target]).await {
            // Half a copy must not be taken for one.
            std::fs::remove_file(path)?;
            return Err(error);
        }
        own.close().await?;
        // A copy counts when it is on the disk.
        std::fs::File::open(path)?.sync_all()?;
        Ok(())
    }

    /// Reads the whole SQLite database; the faults found, none if it is sound. PostgreSQL checks its own pages.
    pub async fn integrity_check(&self) -> Result<Vec<String>> {
        let Engine::Sqlite(lite) = &self.0 else { return Ok(Vec::new()) };
        let mut own = lite.options.connect().await?;
        let mut faults = Vec::new();
        for row in ask(&mut own, "PRAGMA integrity_check", args![]).await? {
            let said: String = row.get(0)?;
            faults.extend((said != "ok").then_some(said));
        }
        for row in ask(&mut own, "PRAGMA foreign_key_check", args![]).await? {
            let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
            faults.push(format!("a row of {table} points to a missing row of {parent}"));
        }
        own.close().await?;
        Ok(faults)
    }

    /// The settings that durability rests on, asked of the connections that are in use.
    pub async fn durability(&self) -> Result<Durability> {
        if self.is_postgres() {
            let mut settings = Vec::new();
            for name in ["fsync", "full_page_writes", "synchronous_commit"] {
                settings.push((name, self.word("SELECT current_setting($1)", args![name]).await?));
            }
            let safe = settings.iter().all(|(_, value)| !matches!(value.as_str(), "off" | "false"));
            let version = self.word("SELECT current_setting('server_version')", args![]).await?;
            return Ok(Durability { engine: "PostgreSQL", version, settings, safe });
        }
        let mut tx = self.begin().await?;
        let mut settings = Vec::new();
        for (name, sql) in [
            ("journal_mode", "SELECT journal_mode FROM pragma_journal_mode"),
            ("synchronous", "SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous"),
            ("foreign_keys", "SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys"),
        ] {
            let row = tx.row(sql, args![]).await?;
            settings.push((name, row.map_or_else(|| Ok(String::new()), |row| row.get(0))?));
        }
        tx.commit().await?;
        let safe = settings.iter().map(|(_, value)| value.as_str()).eq(["wal", "2", "1"]);
        let version = self.word("SELECT sqlite_version()", args![]).await?;
        Ok(Durability { engine: "SQLite", version, settings, safe })
    }

    /// Bytes that the database takes.
    pub async fn size(&self) -> Result<i64> {
        let sql = if self.is_postgres() {
            "SELECT pg_database_size(current_database())"
        } else {
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        };
        self.row(sql, args![]).await?.map_or(Ok(0), |row| row.get(0))
    }

    async fn word(&self, sql: &'static str, args: Vec<Val>) -> Result<String> {
        self.row(sql, args).await?.map_or_else(|| Ok(String::new()), |row| row.get(0))
    }
}

async fn ask(connection: &mut SqliteConnection, sql: &'static str, args: Vec<Val>) -> Result<Vec<Row>> {
    Ok(tx::on_sqlite(connection, &sql.into(), args).await?.rows)
}
