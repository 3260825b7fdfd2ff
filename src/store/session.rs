//! Sessions of the pages: whose they are, since when, and whether they have ended.
//!
//! Invariant: the cookie itself is never here, only its SHA-256; a session that ended never opens again.

use super::db::{Db, DbError, Row, Tx, args};
use crate::domain::{PersonId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// A session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of its cookie, in hex.
    pub hash: String,
    /// Whose it is.
    pub person: PersonId,
    /// How it began: `link`, or the messenger that said who it is.
    pub way: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to some minutes.
    pub used_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// Keeps a new one.
pub async fn add(tx: &mut Tx, s: &Session) -> Result<()> {
    let sql = "INSERT INTO web_session (hash, person, way, created_at, used_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = args![&s.hash, &s.person, &s.way, s.created_at, s.used_at, s.expires_at];
    tx.execute(sql, values).await.map(drop)
}

/// The one with this hash, if it is good at `now`.
pub async fn good(db: &Db, hash: &str, now: Timestamp) -> Result<Option<Session>> {
    let sql = "SELECT hash, person, way, created_at, used_at, expires_at FROM web_session \
               WHERE hash = $1 AND ended_at IS NULL AND expires_at >= $2";
    db.row(sql, args![hash, now]).await?.as_ref().map(read).transpose()
}

/// Those that are good at `now`, oldest first.
pub async fn all_good(db: &Db, now: Timestamp) -> Result<Vec<Session>> {
    let sql = "SELECT hash, person, way, created_at, used_at, expires_at FROM web_session \
               WHERE ended_at IS NULL AND expires_at >= $1 ORDER BY created_at, hash";
    db.rows(sql, args![now]).await?.iter().map(read).collect()
}

/// Notes that it was used.
pub async fn used(tx: &mut Tx, hash: &str, now: Timestamp) -> Result<()> {
    tx.execute("UPDATE web_session SET used_at = $2 WHERE hash = $1", args![hash, now]).await.map(drop)
}

/// Ends one.
pub async fn end(tx: &mut Tx, hash: &str, now: Timestamp) -> Result<()> {
    let sql = "UPDATE web_session SET ended_at = $2 WHERE hash = $1 AND ended_at IS NULL";
    tx.execute(sql, args![hash, now]).await.map(drop)
}

/// The hashes of those that ended at `since` or later.
pub async fn ended_since(db: &Db, since: Timestamp) -> Result<Vec<String>> {
    let rows = db.rows("SELECT hash FROM web_session WHERE ended_at >= $1", args![since]).await?;
    rows.iter().map(|row| row.get("hash")).collect()
}

/// Ends all of a person's; how many there were.
pub async fn end_of(tx: &mut Tx, person: &PersonId, now: Timestamp) -> Result<u64> {
    let sql =
        "UPDATE web_session SET ended_at = $2 WHERE person = $1 AND ended_at IS NULL AND expires_at >= $2";
    tx.execute(sql, args![person, now]).await
}

/// Ends those of everybody who does not belong to the company any more.
pub async fn end_of_leavers(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    let sql = "UPDATE web_session SET ended_at = $1 WHERE ended_at IS NULL \
               AND person IN (SELECT id FROM person WHERE active = $2)";
    tx.execute(sql, args![now, false]).await
}

fn read(row: &Row) -> Result<Session> {
    Ok(Session {
        hash: row.get("hash")?,
        person: row.get("person")?,
        way: row.get("way")?,
        created_at: row.get("created_at")?,
        used_at: row.get("used_at")?,
        expires_at: row.get("expires_at")?,
    })
}
