//! SQLite's single writer, and the commits that its transactions share.
//!
//! Transactions take turns on one connection, each inside a savepoint. One that commits while others wait leaves the
//! SQLite transaction open for the next and waits; the last of the group commits for all. So a disk flush is paid
//! once per group, a group is whoever queued during the flush before, and a lone transaction waits for nobody.
//!
//! Invariant: nobody hears `Ok` before the COMMIT that holds his work has returned, and a group that is left open has
//! a closer in the queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqlStr};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::checkpoint::Commits;
use super::error::{DbError, Result};
use super::seat::{Front, Seat, gone};
use super::sql::Form;
use super::tx::{Answer, collect_sqlite};
use super::value::{self, Val};

/// When a group is closed although others wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub members: usize,
    pub age: Duration,
    /// How long a transaction waits for its turn.
    pub turn: Duration,
}

/// The queue for the connection that writes.
pub(super) struct Writer {
    seat: Arc<Mutex<Seat>>,
    waiting: AtomicUsize,
    options: SqliteConnectOptions,
    limits: Limits,
    /// The SQLite transactions are numbered, so that a closer knows whether his group is still the open one.
    commits: Commits,
}

/// One transaction of the application: a savepoint in the open group.
pub(super) struct Member {
    writer: Arc<Writer>,
    seat: Option<OwnedMutexGuard<Seat>>,
    /// The first statement has been sent, so a savepoint may be there.
    opened: bool,
}

impl Writer {
    /// Connects, which also creates the file and switches it to WAL.
    pub async fn connect(options: SqliteConnectOptions, limits: Limits) -> Result<Self> {
        let connection = Some(options.connect().await?);
        let seat = Arc::new(Mutex::new(Seat { connection, group: None }));
        Ok(Self { seat, waiting: AtomicUsize::new(0), options, limits, commits: Commits::default() })
    }

    /// Waits for the turn. The transaction itself begins with the first statement.
    pub async fn begin(self: &Arc<Self>) -> Result<Member> {
        let mut seat = {
            let _counted = Waiting::count(&self.waiting);
            let turn = tokio::time::timeout(self.limits.turn, Arc::clone(&self.seat).lock_owned()).await;
            turn.map_err(|_| DbError::Transient("other writers took too long".to_owned()))?
        };
        if seat.connection.is_none() {
            let connect = tokio::time::timeout(self.limits.turn, self.options.connect());
            let connected =
                connect.await.map_err(|_| DbError::Transient("no connection in time".to_owned()))?;
            seat.connection = Some(connected?);
        }
        Ok(Member { writer: Arc::clone(self), seat: Some(seat), opened: false })
    }

    /// Closes the open group and the connection; transactions that come later connect again.
    pub async fn close(self: &Arc<Self>) {
        let mut seat = self.at_rest().await;
        if let Some(connection) = seat.connection.take() {
            use sqlx::Connection;
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "the database was not closed cleanly: {error}");
            }
        }
    }

    /// The turn to write, taken so that nobody does: as long as it is held there is no transaction.
    pub async fn at_rest(&self) -> OwnedMutexGuard<Seat> {
        let mut seat = Arc::clone(&self.seat).lock_owned().await;
        seat.close_group().await;
        seat
    }

    /// What is said of its SQLite transactions.
    pub fn commits(&self) -> &Commits {
        &self.commits
    }

    /// Gives the turn away: to the next who waits, or to the disk.
    fn pass_on(self: Arc<Self>, mut seat: OwnedMutexGuard<Seat>) {
        let Some(group) = seat.group.as_mut() else { return };
        let others = self.waiting.load(Ordering::Acquire) > 0;
        if others && group.members.len() < self.limits.members && group.opened.elapsed() < self.limits.age {
            if !group.closer {
                group.closer = true;
                tokio::spawn(self.close_later(group.id));
            }
            return;
        }
        // In a task of its own: the member that happens to be the last may be dropped while the disk works.
        tokio::spawn(async move { seat.close_group().await });
    }

    /// Queues behind those who wait now, and closes the group if none of them did: they may all have gone away.
    async fn close_later(self: Arc<Self>, id: u64) {
        let mut seat = Arc::clone(&self.seat).lock_owned().await;
        if seat.group.as_ref().is_some_and(|group| group.id == id) {
            seat.close_group().await;
        }
    }
}

impl Member {
    /// Runs one text, which may hold several statements.
    pub async fn run(
        &mut self,
        text: impl FnOnce(Form) -> SqlStr,
        keep: bool,
        args: Vec<Val>,
    ) -> Result<Answer> {
        let args = value::sqlite(args)?;
        let Some(seat) = self.seat.as_deref_mut() else { return Err(gone()) };
        let front = if self.opened { Front::NONE } else { seat.open_savepoint(&self.writer.commits) };
        self.opened = true;
        let Some(connection) = seat.connection.as_mut() else { return Err(gone()) };
        let query = sqlx::query_with(text(Form::Sqlite(front.text)), args).persistent(keep);
        match collect_sqlite(connection, query).await {
            Ok(answer) => Ok(answer.without_front(front.statements)),
            Err(error) => {
                if let Some(group) = seat.group.as_mut() {
                    group.trouble = Some(error.clone());
                }
                Err(error)
            }
        }
    }

    /// Waits until the work of this transaction is on the disk.
    pub async fn commit(mut self) -> Result<()> {
        let Some(mut seat) = self.seat.take() else { return Err(gone()) };
        if !self.opened {
            return Ok(());
        }
        let (tell, told) = oneshot::channel();
        match seat.group.as_mut() {
            Some(group) => group.members.push(tell),
            None => return Err(gone()),
        }
        Arc::clone(&self.writer).pass_on(seat);
        told.await.unwrap_or_else(|_| Err(gone()))
    }
}

impl Drop for Member {
    /// Undoes what a transaction did that was not committed: refused, failed, or cut off by a time-out in the middle
    /// of a statement. The driver's thread works in order, so the undoing comes after that statement.
    fn drop(&mut self) {
        let Some(mut seat) = self.seat.take().filter(|_| self.opened) else { return };
        let writer = Arc::clone(&self.writer);
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(async move {
                seat.undo_member().await;
                writer.pass_on(seat);
            })),
            Err(_) => seat.give_up(&gone()),
        }
    }
}

/// One more waits, for as long as this lives.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn count(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::AcqRel);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
