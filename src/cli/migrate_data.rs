//! `liaison migrate-data FILE`: everything from a SQLite file into the configured, empty PostgreSQL database.
//!
//! Invariants: counts and hashes of every table are the same on both sides before it counts; afterwards the file sends
//! nothing, so that two services never say the same thing.

use std::path::Path;

use anyhow::{Context, anyhow};

use super::terminal::print;
use super::{Done, Failure, database, sending};
use crate::config::Config;
use crate::domain::change::{Value, with};
use crate::store::Db;
use crate::store::audit::{Verdict, verify};
use crate::store::db::{Moved, Options};

/// Moves.
pub async fn run(config: &Config, from: &Path) -> Done {
    if let Some(file) = database::file(config)? {
        let words = format!(
            "the configured database is {}: set database.url to the PostgreSQL that everything moves to",
            file.display()
        );
        return Err(Failure::Usage(words));
    }
    if !from.is_file() {
        return Err(Failure::Usage(format!("there is no file {}", from.display())));
    }
    database::nobody_works_on(from, config)?;
    // In a URL these two have a meaning of their own.
    let path = from.display().to_string().replace('%', "%25").replace('?', "%3f");
    let source = Db::open(&Options::new(format!("sqlite://{path}"))).await?;
    let target = database::open(config).await?;
    let done = between(&source, &target, from).await;
    source.close().await;
    target.close().await;
    print(&done?)
}

async fn between(source: &Db, target: &Db, from: &Path) -> Result<String, Failure> {
    let lacking = source.pending().await.context("the file is not one of Liaison")?;
    if !lacking.is_empty() {
        let words = "the file is of an older version: let `liaison migrate` bring it up to date first";
        return Err(Failure::Broken(anyhow!(words)));
    }
    target.migrate().await?;
    let moved = source.move_to(target).await.context("nothing was moved")?;
    let whole = match verify(target).await? {
        Verdict::Whole { subjects, lines } => format!("history: {lines} lines of {subjects} chains, whole"),
        // The file had it too, byte by byte: `audit verify` names it again at any time.
        Verdict::Broken { subject, n, why } => format!("history: line {n} of {subject}: {why}"),
    };
    let mut tx = source.begin().await?;
    sending::pause_in(&mut tx).await?;
    tx.commit().await?;
    let mut tx = target.begin().await?;
    let rows = moved.iter().map(|table| table.rows).sum::<u64>();
    let rows_moved = Value::Number(i64::try_from(rows).unwrap_or(i64::MAX));
    let name = Value::Text(from.file_name().unwrap_or_default().to_string_lossy().into_owned());
    database::note(&mut tx, "data_moved", with([("from", name), ("rows", rows_moved)])).await?;
    tx.commit().await?;
    Ok(format!(
        "{}{whole}\n{rows} rows moved; counts and hashes are the same on both sides\n\
         {} is left as it was, with its sending paused; start the service on the new database\n",
        lines(&moved),
        from.display()
    ))
}

fn lines(moved: &[Moved]) -> String {
    let line = |table: &Moved| format!("{:>9}  {:.12}  {}\n", table.rows, table.hash, table.table);
    moved.iter().filter(|table| table.rows > 0).map(line).collect()
}
