//! The ends of all chains of the history, to be kept outside of the database: whoever cuts a chain and its row to match
//! cannot cut what is kept elsewhere.

use super::audit::Head;
use super::db::{Db, Result, Row, args};

/// The end of every chain that has lines, in order of subject.
pub async fn heads(db: &Db) -> Result<Vec<(String, Head)>> {
    let sql = "SELECT id AS subject, audit_count, audit_head FROM request WHERE audit_count > 0 \
               UNION ALL SELECT subject, audit_count, audit_head FROM audit_head WHERE audit_count > 0 \
               ORDER BY subject";
    let rows = db.rows(sql, args![]).await?;
    let head = |row: &Row| {
        Ok((row.get("subject")?, Head { count: row.get("audit_count")?, hash: row.get("audit_head")? }))
    };
    rows.iter().map(head).collect()
}

/// The hash of one line of a chain; `None`: there is no such line.
pub async fn hash_of(db: &Db, subject: &str, n: i64) -> Result<Option<String>> {
    let sql = "SELECT hash FROM audit WHERE subject = $1 AND n = $2";
    db.row(sql, args![subject, n]).await?.map(|row| row.get("hash")).transpose()
}
