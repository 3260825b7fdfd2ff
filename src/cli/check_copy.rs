//! `liaison restore --check FILE`: whether a copy would come back whole, without touching anything that is in use.
//!
//! Invariant: only a scratch file is opened for writing, and it is gone afterwards.

use std::path::Path;

use anyhow::anyhow;

use super::manifest::Manifest;
use super::restore;
use super::terminal::print;
use super::{Done, Failure};
use crate::clock::fresh_id;
use crate::store::Db;
use crate::store::audit::{self, Verdict};
use crate::store::db::Options;

/// Checks.
pub async fn run(copy: &Path) -> Done {
    if !copy.is_file() {
        return Err(Failure::Usage(format!("there is no file {}", copy.display())));
    }
    let unsound = |why: String| Failure::Broken(anyhow!("{} is no sound copy: {why}", copy.display()));
    let mut words = manifest(copy).await.map_err(|error| unsound(format!("{error:#}")))?;
    let scratch = std::env::temp_dir().join(format!("liaison-check-{}.db", fresh_id()));
    let tried = tried(copy, &scratch).await;
    restore::remove(&scratch)?;
    words.push_str(&tried.map_err(unsound)?);
    print(&words)
}

/// The file against its manifest: its hash, its rows, the ends of its chains.
async fn manifest(copy: &Path) -> anyhow::Result<String> {
    let Some(manifest) = Manifest::read(copy)? else {
        return Ok("warn  manifest: there is none, so nothing tells whether rows are missing\n".to_owned());
    };
    manifest.fits(copy)?;
    let held = Db::counts_of(copy).await?;
    for (table, rows) in &manifest.tables {
        let found = held.tables.get(table).copied().unwrap_or(0);
        if found != *rows {
            return Err(anyhow!("{table} holds {found} rows, its manifest says {rows}"));
        }
    }
    if (held.chains, &held.heads) != (manifest.chains, &manifest.heads) {
        return Err(anyhow!("the chains of the history do not end where its manifest says"));
    }
    let (rows, tables, at) = (manifest.rows(), manifest.tables.len(), manifest.made_at);
    Ok(format!(
        "ok    manifest: {rows} rows of {tables} tables, as on {at}, by version {}\n",
        manifest.program
    ))
}

/// Restores to a scratch file: opened, checked page by page, brought up to date, every chain walked.
async fn tried(copy: &Path, scratch: &Path) -> Result<String, String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    std::fs::copy(copy, scratch).map_err(|error| said(&error))?;
    restore::private(scratch).map_err(|error| said(&error))?;
    let db = Db::open(&Options::new(format!("sqlite://{}", shown(scratch)))).await.map_err(|e| said(&e))?;
    let walked = walked(&db).await;
    db.close().await;
    walked
}

async fn walked(db: &Db) -> Result<String, String> {
    restore::check(db).await?;
    let applied = db.migrate().await.map_err(|error| error.to_string())?.len();
    match audit::verify(db).await.map_err(|error| error.to_string())? {
        Verdict::Whole { subjects, lines } => Ok(format!(
            "ok    restored to a scratch file: every page is sound, {applied} migrations would be applied\n\
             ok    history: {lines} lines of {subjects} chains, every chain is whole\n"
        )),
        Verdict::Broken { subject, n, why } => Err(format!("line {n} of {subject}: {why}")),
    }
}

/// In a URL these two have a meaning of their own.
fn shown(path: &Path) -> String {
    path.display().to_string().replace('%', "%25").replace('?', "%3f")
}
