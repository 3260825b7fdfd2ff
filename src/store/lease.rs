//! Leases of the outbox and of steps: prolonged by whoever is still at it, ended where their holder is known to be dead.
//!
//! Invariant: the fence holds: a row that somebody else has leased since is left alone.

use super::db::{Db, DbError, args};
use super::obligation::Lease;
use crate::domain::Timestamp;

/// Prolongs the leases of rows of the outbox, each by its key and the attempt that it was leased for. What is finished is
/// passed by.
pub async fn prolong(db: &Db, rows: Vec<(String, i64)>, lease: Lease<'_>) -> Result<(), DbError> {
    let sql = "UPDATE outbox SET lease_until = $4 \
               WHERE id = $1 AND lease_owner = $2 AND attempts = $3 AND state = 'waiting'";
    let mut tx = db.later();
    for (id, attempts) in rows {
        tx.execute(sql, args![id, lease.owner, attempts, lease.until]).await?;
    }
    tx.commit().await
}

/// Who holds something that waits to be said, or fires by `now`.
pub async fn holders(db: &Db, now: Timestamp) -> Result<Vec<String>, DbError> {
    let sql = "SELECT lease_owner FROM outbox WHERE state = 'waiting' AND lease_owner IS NOT NULL \
               UNION SELECT lease_owner FROM obligation \
               WHERE fires_at <= $1 AND fires_at IS NOT NULL AND set_aside IS NULL AND lease_owner IS NOT NULL";
    db.rows(sql, args![now]).await?.iter().map(|row| row.get("lease_owner")).collect()
}

/// Ends the leases of what waits to be said and of what fires by `now`: all of them, for a service that has no neighbour, or
/// those of a holder that is dead. How many. Only what is due is looked at, however many obligations are open.
pub async fn take_over(db: &Db, holder: Option<&str>, now: Timestamp) -> Result<u64, DbError> {
    let mut tx = db.begin().await?;
    let outbox = "UPDATE outbox SET lease_owner = NULL, lease_until = NULL \
                  WHERE state = 'waiting' AND lease_until IS NOT NULL AND ($1 IS NULL OR lease_owner = $1)";
    let steps = "UPDATE obligation SET lease_owner = NULL, lease_until = NULL \
                 WHERE fires_at <= $2 AND fires_at IS NOT NULL AND set_aside IS NULL AND lease_until IS NOT NULL \
                 AND ($1 IS NULL OR lease_owner = $1)";
    let freed = tx.execute(outbox, args![holder]).await? + tx.execute(steps, args![holder, now]).await?;
    tx.commit().await?;
    Ok(freed)
}
