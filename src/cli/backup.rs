//! `liaison backup FILE`: a consistent copy of the SQLite database while people work.

use std::path::Path;

use super::terminal::print;
use super::{Done, Failure, database};
use crate::config::Config;

/// Copies the database to a file that must not be there yet.
pub async fn run(config: &Config, file: &Path) -> Done {
    if database::file(config)?.is_none() {
        let words = "PostgreSQL makes its own copies: pg_dump --format=custom --file=FILE";
        return Err(Failure::Usage(words.to_owned()));
    }
    if file.exists() {
        return Err(Failure::Usage(format!("{} is there already: name another file", file.display())));
    }
    let db = database::open(config).await?;
    db.backup_to(file).await?;
    db.close().await;
    let size = std::fs::metadata(file)?.len();
    print(&format!("{}: {size} bytes, on the disk\n", file.display()))
}
