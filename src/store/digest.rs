//! Notices that wait for a digest, and how much somebody heard today.
//!
//! Invariants: what is held stays a waiting row of its lane and blocks nobody; what was heard is counted over the
//! messages that were said, so a crash between saying and counting is none.

use super::batch::Batch;
use super::db::{Db, DbError, Tx, args};
use super::obligation::Lease;
use super::outbox::{self, End, Waiting};
use crate::domain::{Date, PersonId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// Puts a leased row aside for the digest of a moment; `false` when another worker has it.
pub async fn hold(db: &Db, row: &Waiting, owner: &str, until: Timestamp) -> Result<bool> {
    let sql = "UPDATE outbox SET held_for = $4, not_before = $4, retry_at = 0, unsure_since = $5, \
               lease_owner = NULL, lease_until = NULL \
               WHERE id = $1 AND lease_owner = $2 AND attempts = $3 AND state = 'waiting'";
    let mut tx = db.begin().await?;
    let hit = tx.execute(sql, args![&row.id, owner, row.attempts, until, row.unsure_since]).await?;
    tx.commit().await?;
    Ok(hit == 1)
}

/// Gives a leased row another key, before anything was said under the one it has; `false` when another worker has it.
pub async fn rekey(db: &Db, row: &Waiting, owner: &str, key: &str) -> Result<bool> {
    let sql = "UPDATE outbox SET id = $4 WHERE id = $1 AND lease_owner = $2 AND attempts = $3 AND state = 'waiting'";
    let mut tx = db.begin().await?;
    let hit = tx.execute(sql, args![&row.id, owner, row.attempts, key]).await?;
    tx.commit().await?;
    Ok(hit == 1)
}

/// Leases what waits in the lane of `first` for a digest not after `until`, oldest first.
pub async fn lease_held(
    db: &Db,
    first: &Waiting,
    until: Timestamp,
    lease: Lease<'_>,
    most: i64,
) -> Result<Vec<Waiting>> {
    let sql = "UPDATE outbox SET lease_owner = $3, lease_until = $4, attempts = attempts + 1, \
               unsure_since = COALESCE(unsure_since, $6) WHERE id IN (\
                 SELECT id FROM outbox WHERE lane = $1 AND state = 'waiting' AND id <> $2 AND held_for <= $7 \
                 AND (lease_until IS NULL OR lease_until < $6) ORDER BY id LIMIT $5) \
               RETURNING id, lane, request, notice, created_at, attempts, failures, unsure_since, held_for";
    let mut tx = db.begin().await?;
    let values = args![&first.lane, &first.id, lease.owner, lease.until, most, lease.now, until];
    let rows = tx.rows(sql, values).await?;
    tx.commit().await?;
    let mut found = rows.iter().map(|row| outbox::read(row, lease.now)).collect::<Result<Vec<_>>>()?;
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

/// Ends rows that were said within the message of another one, in the transaction that ends that one.
pub async fn said_with(tx: &mut Tx, rows: &[Waiting], owner: &str, now: Timestamp) -> Result<()> {
    for row in rows {
        let end = (End::Sent, Some("said together with another"));
        outbox::finish(tx, row, owner, end, now).await?;
    }
    Ok(())
}

/// Counted messages that somebody heard on a day.
pub async fn heard(db: &Db, person: &PersonId, day: Date) -> Result<u32> {
    let sql = "SELECT COUNT(*) AS n FROM message WHERE person = $1 AND counted_on = $2";
    let row = db.row(sql, args![person, day]).await?;
    let n: i64 = row.map(|r| r.get("n")).transpose()?.unwrap_or(0);
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

/// What somebody waits for comes at once, where no digest is wanted any more.
pub fn release(out: &mut Batch, person: &PersonId, now: Timestamp) {
    let sql = "UPDATE outbox SET held_for = $2, not_before = $2 WHERE lane = $1 AND state = 'waiting' AND held_for > $2";
    out.push(sql, args![format!("person:{person}"), now]);
}
