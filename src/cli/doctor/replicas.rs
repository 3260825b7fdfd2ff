//! Who works on the database, and whether it is the one whom the database speaks for.

use super::Report;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::service::identity;
use crate::store::{Db, DbError, replica};

/// Looks at both.
pub async fn check(report: &mut Report, (config, db): (&Config, &Db)) -> Result<(), DbError> {
    match identity::other(config, db).await? {
        Some(other) => {
            let own = identity::of(config).unwrap_or_default();
            let remedy = "if it moved here: liaison resume --confirm; a copy to try things with stays paused";
            report.fail("speaker", format!("the database speaks for {other}, this is {own}"), remedy);
        }
        None => report.ok("speaker", identity::of(config).unwrap_or_else(|| "nobody outside".to_owned())),
    }
    if !db.is_postgres() {
        return Ok(());
    }
    let running = replica::running(db, SystemClock.machine()).await?;
    let named: Vec<String> = running.iter().map(|one| format!("{} ({})", one.place, one.program)).collect();
    let text = if named.is_empty() { "none".to_owned() } else { named.join(", ") };
    match running.windows(2).all(|pair| pair[0].program == pair[1].program && pair[0].knows == pair[1].knows)
    {
        true => report.ok("running", text),
        false => report.warn("running", text, "versions differ: finish replacing the older ones"),
    }
    Ok(())
}
