//! `liaison migrate`: brings the database up to date and says what was missing.

use secrecy::ExposeSecret;

use super::Done;
use super::terminal::print;
use crate::config::Config;
use crate::store::Db;
use crate::store::db::Options;

/// Migrates; a line per migration that was applied now.
pub async fn run(config: &Config) -> Done {
    let db = Db::open(&Options::new(config.database.url.expose_secret())).await?;
    let missing = db.pending().await?;
    // Another replica may have been faster with some of them.
    let applied = db.migrate().await?;
    db.close().await;
    let lines: String = missing
        .iter()
        .filter(|migration| applied.contains(&migration.version))
        .map(|migration| format!("applied {}\n", migration.file()))
        .collect();
    match lines.is_empty() {
        true => print("nothing to do: the database is up to date\n"),
        false => print(&lines),
    }
}
