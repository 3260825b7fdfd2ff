//! Who is working on this database: a row for each replica, told again every minute and taken back at the end.
//!
//! Invariant: a row that was not told again for [`FORGOTTEN`] says nothing; whoever was killed takes none back.

use jiff::SignedDuration;

use super::db::{Db, DbError, Row, args};
use crate::domain::Timestamp;

/// As long counts a replica that was not heard of.
pub const FORGOTTEN: SignedDuration = SignedDuration::from_mins(3);

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replica {
    /// The name that its leases bear.
    pub id: String,
    /// Its version.
    pub program: String,
    /// The newest migration that it knows.
    pub knows: i64,
    /// Machine and process: `liaison-1:4711`.
    pub place: String,
    /// Since when it runs, on its machine's clock.
    pub started_at: Timestamp,
    /// When it said so last, on its machine's clock.
    pub seen_at: Timestamp,
}

/// It is here, and at work. Where only one can be, nothing is noted.
pub async fn tell(db: &Db, replica: &Replica) -> Result<(), DbError> {
    if !db.is_postgres() {
        return Ok(());
    }
    let Replica { id, program, knows, place, started_at, seen_at } = replica;
    let mut tx = db.begin().await?;
    let sql = "INSERT INTO replica (id, program, knows, place, started_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at";
    tx.execute(sql, args![id, program, *knows, place, *started_at, *seen_at]).await?;
    let long_gone = seen_at.saturating_sub(FORGOTTEN * 20).unwrap_or(Timestamp::MIN);
    tx.execute("DELETE FROM replica WHERE seen_at < $1", args![long_gone]).await?;
    tx.commit().await
}

/// It leaves.
pub async fn take_back(db: &Db, id: &str) -> Result<(), DbError> {
    if !db.is_postgres() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    tx.execute("DELETE FROM replica WHERE id = $1", args![id]).await?;
    tx.commit().await
}

/// Those that were seen lately, oldest first.
pub async fn running(db: &Db, now: Timestamp) -> Result<Vec<Replica>, DbError> {
    let since = now.saturating_sub(FORGOTTEN).unwrap_or(Timestamp::MIN);
    let sql = "SELECT id, program, knows, place, started_at, seen_at FROM replica WHERE seen_at >= $1 \
               ORDER BY started_at, id";
    db.rows(sql, args![since]).await?.iter().map(read).collect()
}

fn read(r: &Row) -> Result<Replica, DbError> {
    let (started_at, seen_at) = (r.get("started_at")?, r.get("seen_at")?);
    let (program, place) = (r.get("program")?, r.get("place")?);
    Ok(Replica { id: r.get("id")?, program, knows: r.get("knows")?, place, started_at, seen_at })
}
