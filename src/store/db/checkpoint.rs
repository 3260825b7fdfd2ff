//! Moves what was committed from SQLite's write-ahead log into the file, beside the writer.
//!
//! Left to itself SQLite does this at the end of a commit, every thousand pages, and whoever is in that commit waits
//! for the two flushes that it takes. Here it has a connection of its own, and nobody waits. Where the writer is faster,
//! so that the log is never empty, it is begun anew in a short turn of this task's own, for the few pages that came
//! meanwhile.
//!
//! Invariant: it ends before the writer's connection does, so that the last one to close removes the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::error::{DbError, Result};
use super::group::Writer;
use super::{args, tx};

/// At so many pages the log is begun anew: 64 MiB, as much as it may keep for itself.
const LOG_PAGES: i64 = 16_384;
/// At so many the writer empties it within a commit after all: only if this task does not get to it.
pub(super) const TOO_LONG: &str = "65536";
/// How long somebody who reads may hold up the beginning anew, and with it everybody who writes.
const PATIENCE: Duration = Duration::from_millis(10);

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
    pub fn follows(writer: Arc<Writer>, options: SqliteConnectOptions) -> Self {
        let stop = CancellationToken::new();
        let options = options.busy_timeout(PATIENCE).thread_name(|_| "sqlite-log".to_owned());
        let mover = Mover { writer, options, connection: None, failing: false };
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
    writer: Arc<Writer>,
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
            self.writer.commits().more.notified().await;
            let mut left = Left::Some;
            while left != Left::Nothing {
                left = self.gathers_and_moves(left).await;
            }
        }
    }

    /// Lets some commits gather, but not for long, and moves them.
    async fn gathers_and_moves(&mut self, left: Left) -> Left {
        let begun = || self.writer.commits().begun.load(Ordering::Relaxed);
        let before = begun();
        for _ in 0..BEATS {
            tokio::time::sleep(BEAT).await;
            if left != Left::Held && begun() - before >= ENOUGH {
                break;
            }
        }
        let moved = self.moved().await;
        if let Err(error) = &moved {
            self.connection = None;
            if !self.failing {
                tracing::warn!(%error, "the log of the database could not be moved into its file: {error}");
            }
        }
        self.failing = moved.is_err();
        moved.unwrap_or(Left::Held)
    }

    async fn moved(&mut self) -> Result<Left> {
        let log = self.checkpoint("PRAGMA wal_checkpoint(PASSIVE)").await?;
        if log.pages < LOG_PAGES {
            return Ok(if log.pages == log.moved { Left::Nothing } else { Left::Some });
        }
        let writer = self.writer.clone();
        let turn = writer.at_rest().await;
        let log = self.checkpoint("PRAGMA wal_checkpoint(RESTART)").await;
        drop(turn);
        Ok(if log?.busy { Left::Held } else { Left::Nothing })
    }

    async fn checkpoint(&mut self, text: &'static str) -> Result<Log> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.options.connect().await?,
        };
        let answer = tx::on_sqlite(self.connection.insert(connection), &text.into(), args![]).await?;
        let row = answer.rows.first().ok_or_else(|| DbError::Other("no answer".to_owned()))?;
        Ok(Log { busy: row.get::<i64>(0)? != 0, pages: row.get(1)?, moved: row.get(2)? })
    }
}

/// The log after a checkpoint.
struct Log {
    /// Somebody was in the way.
    busy: bool,
    pages: i64,
    /// So many of its pages are in the file.
    moved: i64,
}

/// What is left in the log.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Left {
    Nothing,
    /// What came meanwhile, or what somebody reads around just now.
    Some,
    /// Somebody reads for long, or the disk refuses: there is no hurry to try again.
    Held,
}
