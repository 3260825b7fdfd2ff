//! What time the database has, where it has a clock of its own.

use super::error::Result;
use super::{Db, args};
use crate::domain::Timestamp;

impl Db {
    /// The time of the database's machine at this moment; `None` for SQLite, which lives in ours.
    pub async fn now(&self) -> Result<Option<Timestamp>> {
        if !self.is_postgres() {
            return Ok(None);
        }
        // Not `now()`, which stands still within a transaction.
        let sql = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
        self.row(sql, args![]).await?.map(|row| row.get(0)).transpose()
    }
}
