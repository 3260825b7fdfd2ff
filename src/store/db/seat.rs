//! What whoever has the turn to write holds: the connection, and the SQLite transaction that is open on it.
//!
//! Invariant: at a member's first statement at most one savepoint is open, and not by the name that it will use; so
//! undoing too early finds no savepoint, instead of the neighbour's. What is not certain is thrown away together with
//! the connection, and everybody in the group hears that it is lost.

use std::sync::atomic::Ordering;
use std::time::Instant;

use sqlx::SqlSafeStr;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::oneshot;

use super::checkpoint::Commits;
use super::error::{DbError, Result};
use super::tx::collect_sqlite;
use super::value;
use crate::crash::{self, Point};

/// What whoever has the turn holds.
pub(super) struct Seat {
    pub connection: Option<SqliteConnection>,
    pub group: Option<Group>,
}

/// One SQLite transaction with the members whose work it holds.
pub(super) struct Group {
    pub id: u64,
    side: Side,
    pub opened: Instant,
    pub members: Vec<oneshot::Sender<Result<()>>>,
    /// Somebody is in the queue who closes the group if nobody else does.
    pub closer: bool,
    /// No savepoint is open, because a member was cut off before its own was.
    bare: bool,
    /// What a member's statement met, which explains why SQLite may have ended the transaction.
    pub trouble: Option<DbError>,
}

/// The name of a member's savepoint; neighbours use different ones.
#[derive(Clone, Copy)]
enum Side {
    A,
    B,
}

/// The statements in front of a member's first one, and how many they are.
pub(super) struct Front {
    pub text: &'static str,
    pub statements: usize,
}

impl Front {
    pub const NONE: Self = Self { text: "", statements: 0 };
    const BEGIN: Self = Self { text: "BEGIN IMMEDIATE;SAVEPOINT a;", statements: 2 };
    const A: Self = Self { text: "SAVEPOINT a;", statements: 1 };
    const B: Self = Self { text: "SAVEPOINT b;", statements: 1 };
    const TO_A: Self = Self { text: "RELEASE b;SAVEPOINT a;", statements: 2 };
    const TO_B: Self = Self { text: "RELEASE a;SAVEPOINT b;", statements: 2 };
}

impl Seat {
    /// Decides what stands in front of a member's first statement.
    pub fn open_savepoint(&mut self, commits: &Commits) -> Front {
        let Some(group) = self.group.as_mut() else {
            let id = commits.begun.fetch_add(1, Ordering::Relaxed);
            commits.more.notify_one();
            let opened = Instant::now();
            let members = Vec::new();
            let (closer, bare, trouble) = (false, false, None);
            self.group = Some(Group { id, side: Side::A, opened, members, closer, bare, trouble });
            return Front::BEGIN;
        };
        let (side, front) = match (std::mem::take(&mut group.bare), group.side) {
            (false, Side::A) => (Side::B, Front::TO_B),
            (false, Side::B) => (Side::A, Front::TO_A),
            (true, Side::A) => (Side::A, Front::A),
            (true, Side::B) => (Side::B, Front::B),
        };
        group.side = side;
        front
    }

    /// Empties the savepoint of the member that has the turn; it stays open and the next one releases it.
    pub async fn undo_member(&mut self) {
        let Some(group) = self.group.as_mut() else { return };
        let trouble = group.trouble.take();
        let (own, neighbour) = match group.side {
            Side::A => ("ROLLBACK TO a", "RELEASE b"),
            Side::B => ("ROLLBACK TO b", "RELEASE a"),
        };
        let undone = match self.plain(own).await {
            Err(error) if no_such_savepoint(&error) => self.tidy(neighbour).await,
            other => other,
        };
        if let Err(error) = undone {
            self.fail_group(&trouble.unwrap_or(error)).await;
        }
    }

    /// The member's savepoint is not there. Either it was cut off before it had one (the driver stops between two
    /// statements when nobody listens any more) and wrote nothing; then the neighbour's savepoint may be open or not,
    /// and is released. Or SQLite has ended the whole transaction, and the group is lost.
    async fn tidy(&mut self, release: &'static str) -> Result<()> {
        match self.plain("BEGIN").await {
            Err(DbError::Other(why)) if why.contains("within a transaction") => {}
            Err(error) => return Err(error),
            Ok(()) => return Err(DbError::Transient("SQLite has ended the transaction".to_owned())),
        }
        match self.plain(release).await {
            Err(error) if !no_such_savepoint(&error) => return Err(error),
            _ => {}
        }
        if let Some(group) = self.group.as_mut() {
            group.bare = true;
        }
        Ok(())
    }

    /// Writes the group's work to the disk and tells all its members.
    pub async fn close_group(&mut self) {
        let Some(group) = &self.group else { return };
        crash::here(Point::TransactionWritten);
        let outcome = self.plain(if group.members.is_empty() { "ROLLBACK" } else { "COMMIT" }).await;
        match outcome {
            Ok(()) => {
                crash::here(Point::TransactionCommitted);
                self.tell(&Ok(()));
            }
            Err(error) => self.fail_group(&error).await,
        }
    }

    /// Tells every member that its work is lost, after making sure that it is.
    async fn fail_group(&mut self, error: &DbError) {
        // SQLite may have ended the transaction by itself (full disk), or never begun it (busy): that is as good.
        match self.plain("ROLLBACK").await {
            Err(DbError::Other(why)) if why.contains("no transaction is active") => {}
            Err(_) => self.connection = None,
            Ok(()) => {}
        }
        let error = match error {
            DbError::Full(_) | DbError::Transient(_) => error.clone(),
            DbError::Unique { .. } | DbError::Other(_) => {
                DbError::Transient(format!("the shared commit was given up: {error}"))
            }
        };
        self.tell(&Err(error));
    }

    /// For where nothing can be awaited: closing the connection rolls back.
    pub fn give_up(&mut self, error: &DbError) {
        self.connection = None;
        self.tell(&Err(error.clone()));
    }

    fn tell(&mut self, outcome: &Result<()>) {
        for member in self.group.take().into_iter().flat_map(|group| group.members) {
            // A member that was cut off by a time-out does not listen any more.
            drop(member.send(outcome.clone()));
        }
    }

    async fn plain(&mut self, text: &'static str) -> Result<()> {
        let Some(connection) = self.connection.as_mut() else { return Err(gone()) };
        let query = sqlx::query_with(text.into_sql_str(), value::sqlite(Vec::new())?);
        collect_sqlite(connection, query).await.map(drop)
    }
}

fn no_such_savepoint(error: &DbError) -> bool {
    matches!(error, DbError::Other(why) if why.contains("no such savepoint"))
}

pub(super) fn gone() -> DbError {
    DbError::Transient("the writing connection was lost".to_owned())
}
