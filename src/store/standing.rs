//! Delegations as rows, and the people whose duties may have to move because of them or of the directory.
//!
//! Invariant: a person is noted in the transaction that changed who stands where, and stays noted until every open
//! obligation of his was looked at.

use super::db::{Db, DbError, Row, Tx, args};
use crate::domain::directory::Delegation;
use crate::domain::{PersonId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// Those that hold at `now` or will.
pub async fn delegations(db: &Db, now: Timestamp) -> Result<Vec<Delegation>> {
    let sql = "SELECT id, person, deputy, from_at, until_at, set_by, set_at FROM delegation \
               WHERE ended_at IS NULL AND until_at > $1 ORDER BY set_at, id";
    db.rows(sql, args![now]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Delegation> {
    Ok(Delegation {
        id: row.get("id")?,
        person: row.get("person")?,
        deputy: row.get("deputy")?,
        from: row.get("from_at")?,
        until: row.get("until_at")?,
        set_by: row.get("set_by")?,
        set_at: row.get("set_at")?,
    })
}

/// Keeps a new one.
pub async fn arrange(tx: &mut Tx, d: &Delegation) -> Result<()> {
    let sql = "INSERT INTO delegation (id, person, deputy, from_at, until_at, set_by, set_at, phase) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, 'arranged')";
    let values = args![&d.id, &d.person, &d.deputy, d.from, d.until, &d.set_by, d.set_at];
    tx.execute(sql, values).await.map(drop)
}

/// Ends all of a person's that hold or will; how many.
pub async fn end(tx: &mut Tx, person: &PersonId, now: Timestamp) -> Result<u64> {
    let sql = "UPDATE delegation SET ended_at = $2 WHERE person = $1 AND ended_at IS NULL AND until_at > $2";
    tx.execute(sql, args![person, now]).await
}

/// Whether a delegation has begun or ended since it was looked at last.
pub async fn any_to_heed(db: &Db, now: Timestamp) -> Result<bool> {
    let sql = "SELECT 1 AS n FROM delegation WHERE phase <> 'over' AND from_at <= $1 \
               AND (phase = 'arranged' OR until_at <= $1 OR ended_at IS NOT NULL) LIMIT 1";
    Ok(db.row(sql, args![now]).await?.is_some())
}

/// Notes everybody whose delegation has begun or ended.
pub async fn heed(tx: &mut Tx, now: Timestamp) -> Result<()> {
    let sql = "UPDATE delegation SET phase = CASE WHEN until_at <= $1 OR ended_at IS NOT NULL THEN 'over' ELSE 'begun' END \
               WHERE phase <> 'over' AND from_at <= $1 \
               AND (phase = 'arranged' OR until_at <= $1 OR ended_at IS NOT NULL) RETURNING person";
    for row in tx.rows(sql, args![now]).await? {
        note(tx, &row.get("person")?, now).await?;
    }
    Ok(())
}

/// Notes that a person's duties may have to move.
pub async fn note(tx: &mut Tx, person: &PersonId, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO standing_change (person, noted_at) VALUES ($1, $2) \
               ON CONFLICT (person) DO UPDATE SET noted_at = excluded.noted_at";
    tx.execute(sql, args![person, now]).await.map(drop)
}

/// Who is noted, with the time that it was noted at.
pub async fn noted(db: &Db, most: i64) -> Result<Vec<(PersonId, Timestamp)>> {
    let sql = "SELECT person, noted_at FROM standing_change ORDER BY noted_at, person LIMIT $1";
    let rows = db.rows(sql, args![most]).await?;
    rows.iter().map(|row| Ok((row.get("person")?, row.get("noted_at")?))).collect()
}

/// Everything of that person was looked at; what was noted again meanwhile stays.
pub async fn looked_at(tx: &mut Tx, person: &PersonId, noted_at: Timestamp) -> Result<()> {
    let sql = "DELETE FROM standing_change WHERE person = $1 AND noted_at = $2";
    tx.execute(sql, args![person, noted_at]).await.map(drop)
}
