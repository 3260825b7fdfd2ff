//! `liaison migrate`: brings the database up to date.

use super::Done;
use crate::config::Config;
use crate::service;

/// Migrates and says what was applied.
pub async fn run(config: &Config) -> Done {
    let db = service::database(config).await?;
    println!("the database is up to date");
    db.close().await;
    Ok(())
}
