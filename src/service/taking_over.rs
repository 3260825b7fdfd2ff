//! What an earlier run had in hand when it ended.

use crate::domain::Timestamp;
use crate::engine::life;
use crate::store::db::Served;
use crate::store::{Db, DbError, lease};

/// Says that a service works on the database from now on. What was in hand is free at once if nobody can be alive who holds
/// it: on SQLite where no other service works on the file, on PostgreSQL where its process ran on this machine and has
/// ended.
pub(super) async fn taken_over(db: &Db, now: Timestamp) -> Result<Served, DbError> {
    let served = db.serve();
    let mut count = 0;
    if served.is_alone() {
        count = lease::take_over(db, None, now).await?;
    } else {
        for holder in lease::holders(db, now).await?.iter().filter(|holder| life::is_gone(holder)) {
            count += lease::take_over(db, Some(holder), now).await?;
        }
    }
    if count > 0 {
        tracing::info!(count, "what an earlier run had in hand when it ended is taken up");
    }
    Ok(served)
}
