//! `liaison backup FILE`: a consistent copy of the SQLite database while people work, and its manifest beside it.
//!
//! Invariant: a copy that is named as made is whole and on the disk, and so is its manifest.

use std::path::{Path, PathBuf};

use clap::Args;

use super::manifest::Manifest;
use super::terminal::print;
use super::{Done, Failure, database};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::domain::change::{Value, with};
use crate::store::{Db, desk};

/// Where the copy goes.
#[derive(Args)]
pub struct Arguments {
    /// A file that is not there yet
    #[arg(required_unless_present = "noted", conflicts_with = "noted")]
    file: Option<PathBuf>,
    /// Makes no copy, but notes that one was made by other means (pg_dump, a snapshot)
    #[arg(long)]
    noted: bool,
}

/// Copies the database to a file that must not be there yet, or notes that somebody did.
pub async fn run(config: &Config, arguments: &Arguments) -> Done {
    match &arguments.file {
        Some(file) => copy(config, file).await,
        None => {
            let db = database::current(config).await?;
            note(&db, "elsewhere").await?;
            db.close().await;
            print("noted: a copy was made just now\n")
        }
    }
}

async fn copy(config: &Config, file: &Path) -> Done {
    if database::file(config)?.is_none() {
        let words = "PostgreSQL makes its own copies: pg_dump --format=custom --file=FILE; then: liaison backup --noted";
        return Err(Failure::Usage(words.to_owned()));
    }
    if file.exists() {
        return Err(Failure::Usage(format!("{} is there already: name another file", file.display())));
    }
    let db = database::open(config).await?;
    db.backup_to(file).await?;
    let manifest = Manifest::of(file).await?;
    manifest.write(file)?;
    if db.pending().await?.is_empty() {
        note(&db, &file.file_name().unwrap_or_default().to_string_lossy()).await?;
    }
    db.close().await;
    print(&format!(
        "{}: {} bytes, {} rows, on the disk\n{}: what it holds\n",
        file.display(),
        manifest.bytes,
        manifest.rows(),
        Manifest::beside(file).display()
    ))
}

/// For the age of the last copy, and for the history.
async fn note(db: &Db, name: &str) -> Result<(), Failure> {
    let mut tx = db.begin().await?;
    desk::set_switch(&mut tx, desk::COPIED, name, SystemClock.now()).await?;
    database::note(&mut tx, "backed_up", with([("file", Value::Text(name.to_owned()))])).await?;
    tx.commit().await?;
    Ok(())
}
