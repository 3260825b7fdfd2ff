//! Reads for boards: how many there are of everything, for those who run the service.

use super::db::{Db, DbError, args};
use crate::domain::Timestamp;

type Result<T> = std::result::Result<T, DbError>;

/// How many requests stand in each state.
pub async fn count_by_state(db: &Db) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT state, COUNT(*) AS n FROM request GROUP BY state ORDER BY state";
    db.rows(sql, args![]).await?.iter().map(|r| Ok((r.get("state")?, r.get("n")?))).collect()
}

/// How many obligations are open and how many of them are overdue.
pub async fn count_owed(db: &Db, now: Timestamp) -> Result<(i64, i64)> {
    let sql = "SELECT COUNT(*) AS open, CAST(COALESCE(SUM(CASE WHEN due_at < $1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS late \
               FROM obligation WHERE closed_at IS NULL";
    match db.row(sql, args![now]).await? {
        Some(r) => Ok((r.get("open")?, r.get("late")?)),
        None => Ok((0, 0)),
    }
}
