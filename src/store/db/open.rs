//! Opens the database that a URL names, with the settings that our promises rest on.
//!
//! Invariant: an acknowledged click survives a loss of power (`synchronous=FULL`; PostgreSQL's own default).

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

use super::checkpoint::{self, Checkpoint};
use super::error::{DbError, Result};
use super::group::{Limits, Writer};
use super::{Db, Engine, Lite};

/// Where the database is and how long things may take. The waits follow one another, so their sum must stay under
/// the three seconds of a messenger.
#[derive(Clone, Debug)]
pub struct Options {
    /// `sqlite://path` or `postgres://user@host/name`.
    pub url: String,
    /// How long to wait for a connection, or for the turn to write.
    pub acquire: Duration,
    /// How long SQLite waits for another process that holds the file.
    pub busy: Duration,
    /// How long one PostgreSQL statement may take.
    pub statement: Duration,
    /// How long PostgreSQL waits for somebody else's lock.
    pub lock: Duration,
    /// Connections to PostgreSQL, or those that read from SQLite.
    pub connections: u32,
    /// How many transactions of SQLite may share a commit; 1 gives each its own.
    pub group: usize,
    /// A group is closed at this age even while others wait, so that a crowd does not make its first member wait.
    pub age: Duration,
}

impl Options {
    /// The usual waits.
    pub fn new(url: impl Into<String>) -> Self {
        let url = url.into();
        let connections = if url.starts_with("sqlite:") { 4 } else { 16 };
        Self {
            url,
            acquire: Duration::from_millis(800),
            busy: Duration::from_millis(1_500),
            statement: Duration::from_millis(1_500),
            lock: Duration::from_millis(1_000),
            connections,
            group: 64,
            age: Duration::from_millis(4),
        }
    }
}

/// Prepared statements kept per connection: all of ours, and their forms with a savepoint in front.
const STATEMENTS: usize = 1_024;

impl Db {
    /// Opens the database; a SQLite file and its folder are made if they are missing.
    pub async fn open(options: &Options) -> Result<Self> {
        match options.url.split_once(':') {
            Some(("sqlite", _)) => open_sqlite(options).await,
            Some(("postgres" | "postgresql", _)) => open_postgres(options).await,
            _ => Err(DbError::Other("the database URL must begin with sqlite:// or postgres://".to_owned())),
        }
    }
}

async fn open_sqlite(options: &Options) -> Result<Db> {
    if options.url.contains(":memory:") || options.url.contains("mode=memory") {
        let why = "a database in memory would be another one for each connection: name a file";
        return Err(DbError::Other(why.to_owned()));
    }
    let base = SqliteConnectOptions::from_str(&options.url)?
        .busy_timeout(options.busy)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
        .statement_cache_capacity(STATEMENTS)
        .pragma("fullfsync", "ON")
        .pragma("cache_size", "-32000")
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging();
    prepare_file(base.get_filename())?;
    let limits = Limits { members: options.group, age: options.age, turn: options.acquire };
    // No statistics are gathered (`PRAGMA optimize`): without them SQLite takes the index that a statement was written
    // for, while those of a table that has grown since made it scan a million obligations for a thousand due ones.
    let writing = base
        .clone()
        .journal_mode(SqliteJournalMode::Wal)
        .pragma("wal_autocheckpoint", checkpoint::TOO_LONG)
        .pragma("journal_size_limit", "67108864")
        .thread_name(|_| "sqlite-writer".to_owned());
    let writer = Arc::new(Writer::connect(writing, limits).await?);
    let readers = SqlitePoolOptions::new()
        .max_connections(options.connections)
        .acquire_timeout(options.acquire)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(base.clone().pragma("query_only", "ON"))
        .await?;
    let checkpoint = Checkpoint::follows(writer.clone(), base.clone());
    Ok(Db(Engine::Sqlite(Arc::new(Lite { writer, checkpoint, readers, options: base }))))
}

async fn open_postgres(options: &Options) -> Result<Db> {
    let ms = |wait: Duration| wait.as_millis().to_string();
    let connect = PgConnectOptions::from_str(&options.url)?
        .application_name("liaison")
        .statement_cache_capacity(STATEMENTS)
        .options([
            ("statement_timeout", ms(options.statement)),
            ("lock_timeout", ms(options.lock)),
            ("idle_in_transaction_session_timeout", ms(options.statement * 4)),
            // Compiling a search takes PostgreSQL longer than the search.
            ("jit", "off".to_owned()),
        ])
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(options.connections)
        .acquire_timeout(options.acquire)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                // One that was in use just now is alive; asking costs a journey.
                if meta.idle_for > Duration::from_secs(1) {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(connect)
        .await?;
    Ok(Db(Engine::Postgres(pool)))
}

/// Makes the file before SQLite does, so that nobody else can read it at any time; `-wal` and `-shm` inherit the mode.
/// A file that is there keeps the mode that its owner gave it.
pub(super) fn prepare_file(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = std::fs::OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    match file.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}
