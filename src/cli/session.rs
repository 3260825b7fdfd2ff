//! `liaison session`: who is signed in to the pages, and the end of it.
//!
//! Invariant: no session can be used with what is shown; what was ended is in the history.

use anyhow::anyhow;
use clap::Subcommand;

use super::terminal::print;
use super::{Done, Failure, database};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::domain::PersonId;
use crate::domain::change::{Value, with};
use crate::store::Db;
use crate::store::session;

/// What to do with sessions.
#[derive(Subcommand)]
pub enum Command {
    /// Names everybody who is signed in
    List,
    /// Signs somebody out everywhere
    End {
        /// A person's id in the directory
        person: String,
    },
}

/// Runs it.
pub async fn run(config: &Config, command: &Command) -> Done {
    let db = database::current(config).await?;
    match command {
        Command::List => list(&db).await,
        Command::End { person } => end(&db, &PersonId::new(person)).await,
    }
}

async fn list(db: &Db) -> Done {
    let good = session::all_good(db, SystemClock.machine()).await?;
    let line = |s: session::Session| {
        format!(
            "{}  by {}  since {}  last used {}  until {}\n",
            s.person, s.way, s.created_at, s.used_at, s.expires_at
        )
    };
    print(&good.into_iter().map(line).collect::<String>())
}

async fn end(db: &Db, person: &PersonId) -> Done {
    let mut tx = db.begin().await?;
    let ended = session::end_of(&mut tx, person, SystemClock.machine()).await?;
    if ended == 0 {
        return Err(Failure::Broken(anyhow!("{person} is not signed in")));
    }
    let n = Value::Number(i64::try_from(ended).unwrap_or(i64::MAX));
    let told = with([("person", Value::Person(person.clone())), ("n", n)]);
    database::note(&mut tx, "sessions_ended", told).await?;
    tx.commit().await?;
    print(&format!("{person} is signed out: {ended}\n"))
}
