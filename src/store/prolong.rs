//! Leases of the outbox that last longer than they were asked for, because their worker is still at it.
//!
//! Invariant: the fence holds: a row that somebody else has leased since is left alone.

use super::db::{Db, DbError, args};
use super::obligation::Lease;

/// Prolongs the leases of rows, each by its key and the attempt that it was leased for. What is finished is passed by.
pub async fn leases(db: &Db, rows: Vec<(String, i64)>, lease: Lease<'_>) -> Result<(), DbError> {
    let sql = "UPDATE outbox SET lease_until = $4 \
               WHERE id = $1 AND lease_owner = $2 AND attempts = $3 AND state = 'waiting'";
    let mut tx = db.later();
    for (id, attempts) in rows {
        tx.execute(sql, args![id, lease.owner, attempts, lease.until]).await?;
    }
    tx.commit().await
}
