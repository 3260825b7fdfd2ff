//! Open obligations as items on messengers' own lists: which are missing there, and which are there and over.
//!
//! Invariant: one row for each obligation and whoever owes it; it is closed once its item needs nothing any more.

use super::db::{Db, DbError, Row, args};
use crate::domain::{ObligationId, PersonId, RequestId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// Something that is owed and is no item yet.
#[derive(Clone, Debug)]
pub struct Missing {
    /// The obligation.
    pub obligation: ObligationId,
    /// Of which request.
    pub request: RequestId,
    /// The request's title.
    pub title: String,
    /// The name of the kind.
    pub kind: String,
    /// Who owes it.
    pub debtor: PersonId,
    /// The account there.
    pub account: String,
    /// Until when.
    pub due: Timestamp,
}

/// An item whose obligation is over, or is somebody else's now.
#[derive(Clone, Debug)]
pub struct Over {
    /// The obligation.
    pub obligation: ObligationId,
    /// Who owed it.
    pub debtor: PersonId,
    /// Whose list.
    pub owner: String,
    /// The item there; empty where nobody knows it.
    pub task: String,
}

/// What people who are written to on a platform owe and have heard of, and what is no item there yet.
pub async fn missing(db: &Db, platform: &str, most: i64) -> Result<Vec<Missing>> {
    let sql = "SELECT o.id, o.request, r.title, o.kind, o.debtor, a.account, o.due_at FROM obligation o \
               JOIN request r ON r.id = o.request JOIN person p ON p.id = o.debtor \
               JOIN account a ON a.person = o.debtor AND a.platform = $1 \
               WHERE o.closed_at IS NULL AND o.delivered_at IS NOT NULL \
               AND (p.prefers = $1 OR (p.prefers IS NULL AND NOT EXISTS \
               (SELECT 1 FROM account b WHERE b.person = o.debtor AND b.platform <> $1))) \
               AND NOT EXISTS (SELECT 1 FROM todo t WHERE t.obligation = o.id AND t.debtor = o.debtor) \
               ORDER BY o.due_at, o.id LIMIT $2";
    let read = |row: &Row| {
        Ok(Missing {
            obligation: row.get("id")?,
            request: row.get("request")?,
            title: row.get("title")?,
            kind: row.get("kind")?,
            debtor: row.get("debtor")?,
            account: row.get("account")?,
            due: row.get("due_at")?,
        })
    };
    db.rows(sql, args![platform, most]).await?.iter().map(read).collect()
}

/// Items that are still open there although nothing is owed any more.
pub async fn over(db: &Db, platform: &str, most: i64) -> Result<Vec<Over>> {
    let sql = "SELECT t.obligation, t.debtor, t.owner, t.task FROM todo t JOIN obligation o ON o.id = t.obligation \
               WHERE t.closed_at IS NULL AND t.platform = $1 AND (o.closed_at IS NOT NULL OR o.debtor <> t.debtor) \
               ORDER BY t.made_at LIMIT $2";
    let read = |row: &Row| {
        Ok(Over {
            obligation: row.get("obligation")?,
            debtor: row.get("debtor")?,
            owner: row.get("owner")?,
            task: row.get("task")?,
        })
    };
    db.rows(sql, args![platform, most]).await?.iter().map(read).collect()
}

/// Notes that it is an item there now, or that it never will be (`closed`). Another replica may have noted it before.
pub async fn made(db: &Db, (platform, item): (&str, &Over), at: Timestamp, closed: bool) -> Result<()> {
    let sql = "INSERT INTO todo (obligation, debtor, platform, owner, task, made_at, closed_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (obligation, debtor) DO NOTHING";
    let closed_at = closed.then_some(at);
    let mut tx = db.begin().await?;
    let values = args![&item.obligation, &item.debtor, platform, &item.owner, &item.task, at, closed_at];
    tx.execute(sql, values).await?;
    tx.commit().await
}

/// Notes that an item needs nothing any more.
pub async fn closed(db: &Db, item: &Over, at: Timestamp) -> Result<()> {
    let sql = "UPDATE todo SET closed_at = $3 WHERE obligation = $1 AND debtor = $2";
    let mut tx = db.begin().await?;
    tx.execute(sql, args![&item.obligation, &item.debtor, at]).await?;
    tx.commit().await
}
