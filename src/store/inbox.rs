//! Idempotency: the key of every event and every ladder step, claimed once, with the answer it got.
//!
//! Invariant: the claim is the first statement of its transaction. On PostgreSQL a second delivery waits there for the
//! first one's commit; on SQLite it waits for the writer. Either then reads the first answer.

use super::batch::Batch;
use super::code;
use super::db::{DbError, Tx, args};
use crate::domain::Timestamp;
use crate::domain::change::Reply;

/// What claiming a key came to.
#[derive(Debug)]
pub enum Claim {
    /// It is ours to act on.
    Fresh,
    /// It was acted on before; this was the answer.
    Repeated(Reply),
}

const CLAIM: &str = "INSERT INTO inbox (key, claimed_at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";

/// Claims a key with the answer that it gets, as the first statement of a batch; a batch that does not hit it meets a
/// key that was claimed before.
pub fn claim_first(out: &mut Batch, key: &str, now: Timestamp, reply: &Reply) -> Result<(), DbError> {
    let sql = "INSERT INTO inbox (key, claimed_at, answer) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING";
    let answer = (*reply != Reply::Silent).then(|| code::json(reply)).transpose()?;
    out.put_claim(sql, args![key, now, answer]);
    Ok(())
}

/// Claims a key.
pub async fn claim(tx: &mut Tx, key: &str, now: Timestamp) -> Result<Claim, DbError> {
    if tx.execute(CLAIM, args![key, now]).await? == 1 {
        return Ok(Claim::Fresh);
    }
    let row = tx.row("SELECT answer FROM inbox WHERE key = $1", args![key]).await?;
    let answer = row.map(|r| r.get::<Option<String>>("answer")).transpose()?.flatten();
    let reply = answer.map(|text| serde_json::from_str(&text)).transpose();
    let reply = reply.map_err(|e| DbError::Other(format!("answer of {key}: {e}")))?;
    Ok(Claim::Repeated(reply.unwrap_or(Reply::Silent)))
}

/// Gives a claim back: nothing came of it, and it may be made again.
pub fn let_go(out: &mut Batch, key: &str) {
    out.push_one("DELETE FROM inbox WHERE key = $1", args![key]);
}

/// Keeps the answer under its key.
pub fn answer(out: &mut Batch, key: &str, reply: &Reply) -> Result<(), DbError> {
    if *reply != Reply::Silent {
        out.push_one("UPDATE inbox SET answer = $2 WHERE key = $1", args![key, code::json(reply)?]);
    }
    Ok(())
}
