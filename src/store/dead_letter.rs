//! Rows of the outbox that were given up: listed, sent again, or left.
//!
//! Invariant: a letter that is sent again is an ordinary row; whoever sends it again has decided what was in doubt.

use super::db::{Db, DbError, Row, Tx, args};
use crate::domain::{RequestId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// A row that was given up, for the administrator.
#[derive(Clone, Debug)]
pub struct DeadLetter {
    /// Its key.
    pub id: String,
    /// The chat.
    pub lane: String,
    /// What it is about.
    pub request: Option<RequestId>,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was given up.
    pub finished_at: Option<Timestamp>,
    /// Why.
    pub problem: Option<String>,
}

/// The dead letters, oldest first.
pub async fn list(db: &Db, most: i64) -> Result<Vec<DeadLetter>> {
    let sql = "SELECT id, lane, request, attempts, finished_at, problem FROM outbox \
               WHERE state = 'dead' ORDER BY id LIMIT $1";
    let read = |r: &Row| {
        Ok(DeadLetter {
            id: r.get("id")?,
            lane: r.get("lane")?,
            request: r.get("request")?,
            attempts: r.get("attempts")?,
            finished_at: r.get("finished_at")?,
            problem: r.get("problem")?,
        })
    };
    db.rows(sql, args![most]).await?.iter().map(read).collect()
}

/// Sends dead letters once more: one, or all. How many.
pub async fn replay(tx: &mut Tx, id: Option<&str>) -> Result<u64> {
    let sql = "UPDATE outbox SET state = 'waiting', failures = 0, unsure_since = NULL, retry_at = 0, problem = NULL, \
               finished_at = NULL \
               WHERE state = 'dead' AND ($1 IS NULL OR id = $1)";
    tx.execute(sql, args![id]).await
}

/// Lets a dead letter rest for good.
pub async fn skip(tx: &mut Tx, id: &str) -> Result<u64> {
    tx.execute("UPDATE outbox SET state = 'moot' WHERE id = $1 AND state = 'dead'", args![id]).await
}
