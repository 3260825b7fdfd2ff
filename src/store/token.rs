//! Tokens of the API: whose eyes they have, what they may read, until when.
//!
//! Invariant: the token itself is never here, only its SHA-256; one that was revoked stays as a row.

use super::db::{Db, DbError, Row, Tx, args};
use crate::domain::{PersonId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// A token as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Names it, in lists and to revoke it.
    pub id: String,
    /// What it is for, in the words of whoever made it.
    pub name: String,
    /// SHA-256 of the token, in hex.
    pub hash: String,
    /// Whose eyes it has.
    pub person: PersonId,
    /// What it may read, by name.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl Token {
    /// Whether it opens anything at `now` (the machine's time).
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// Keeps a new one.
pub async fn add(tx: &mut Tx, token: &Token) -> Result<()> {
    let sql = "INSERT INTO api_token (id, name, hash, person, scopes, created_at, expires_at, revoked_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)";
    let scopes = token.scopes.join(" ");
    let values =
        args![&token.id, &token.name, &token.hash, &token.person, scopes, token.created_at, token.expires_at];
    tx.execute(sql, values).await.map(drop)
}

/// Whether there was one to revoke.
pub async fn revoke(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    Ok(tx.execute(sql, args![id, now]).await? == 1)
}

/// The one with this hash.
pub async fn by_hash(db: &Db, hash: &str) -> Result<Option<Token>> {
    let sql = "SELECT id, name, hash, person, scopes, created_at, expires_at, revoked_at FROM api_token WHERE hash = $1";
    db.row(sql, args![hash]).await?.as_ref().map(read).transpose()
}

/// All of them, oldest first.
pub async fn all(db: &Db) -> Result<Vec<Token>> {
    let sql = "SELECT id, name, hash, person, scopes, created_at, expires_at, revoked_at FROM api_token \
               ORDER BY created_at, id";
    db.rows(sql, args![]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Token> {
    Ok(Token {
        id: row.get("id")?,
        name: row.get("name")?,
        hash: row.get("hash")?,
        person: row.get("person")?,
        scopes: row.get::<String>("scopes")?.split_whitespace().map(str::to_owned).collect(),
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        revoked_at: row.get("revoked_at")?,
    })
}
