//! Moves what was committed from SQLite's write-ahead log into the file, beside the writer.
//!
//! Left to itself SQLite does this at the end of a commit, every thousand pages, and whoever is in that commit waits
//! for the two flushes that it takes. Here it has a connection of its own, and nobody waits. Where the writer is
//! faster, so that the log is never empty, SQLite's own way remains, at a log of [`LOG_PAGES`].
//!
//! Invariant: it ends before the writer's connection does, so that the last one to close removes the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, SqlSafeStr};
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::error::{DbError, Result};
use super::tx::collect_sqlite;
use super::value;

/// How long the log may become before the writer empties it within a commit: 64 MiB of pages, as much as the log may
/// keep for itself.
pub(super) const LOG_PAGES: &str = "16384";

/// So many commits are worth a look after one [`BEAT`]; fewer wait for up to [`BEATS`] of them.
const ENOUGH: u64 = 20;
const BEAT: Duration = Duration::from_millis(100);
const BEATS: usize = 10;

/// Counts the SQLite transactions, and wakes whoever moves them.
#[derive(Default)]
pub(super) struct Commits {
    pub begun: AtomicU64,
    pub more: Notify,
}

/// The task, which ends with this.
pub(super) struct Checkpoint {
    task: Mutex<Option<JoinHandle<()>>>,
    stop: CancellationToken,
    _ends: DropGuard,
}

impl Checkpoint {
    /// Begins to follow the commits; it connects when there is the first.
    pub fn follows(commits: Arc<Commits>, options: SqliteConnectOptions) -> Self {
        let stop = CancellationToken::new();
        let mover = Mover { commits, options, connection: None, failing: false };
        let task = Mutex::new(Some(tokio::spawn(mover.runs(stop.clone()))));
        Self { task, _ends: stop.clone().drop_guard(), stop }
    }

    /// Ends it; its connection is closed then.
    pub async fn close(&self) {
        self.stop.cancel();
        if let Some(task) = self.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::warn!(%error, "the log of the database was not looked after to the end: {error}");
        }
    }
}

struct Mover {
    commits: Arc<Commits>,
    options: SqliteConnectOptions,
    connection: Option<SqliteConnection>,
    /// The last try failed, which has been said.
    failing: bool,
}

impl Mover {
    async fn runs(mut self, stop: CancellationToken) {
        stop.run_until_cancelled(self.moves()).await;
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "a connection to the database was not closed cleanly: {error}");
        }
    }

    async fn moves(&mut self) {
        loop {
            self.commits.more.notified().await;
            while !self.gathers_and_moves().await {}
        }
    }

    /// Lets some commits gather, and moves them; `false` where some remain, because somebody still reads what was
    /// before them or the disk refuses.
    async fn gathers_and_moves(&mut self) -> bool {
        let before = self.commits.begun.load(Ordering::Relaxed);
        for _ in 0..BEATS {
            tokio::time::sleep(BEAT).await;
            if self.commits.begun.load(Ordering::Relaxed) - before >= ENOUGH {
                break;
            }
        }
        let moved = self.checkpoint().await;
        if let Err(error) = &moved {
            self.connection = None;
            if !self.failing {
                tracing::warn!(%error, "the log of the database could not be moved into its file: {error}");
            }
        }
        self.failing = moved.is_err();
        moved.unwrap_or(false)
    }

    /// Whether everything that was in the log is in the file now.
    async fn checkpoint(&mut self) -> Result<bool> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.options.connect().await?,
        };
        let text = "PRAGMA wal_checkpoint(PASSIVE)".into_sql_str();
        let query = sqlx::query_with(text, value::sqlite(Vec::new())?);
        let answer = collect_sqlite(self.connection.insert(connection), query).await?;
        let row = answer.rows.first().ok_or_else(|| DbError::Other("no answer".to_owned()))?;
        let (pages, moved): (i64, i64) = (row.get(1)?, row.get(2)?);
        Ok(pages == moved)
    }
}
