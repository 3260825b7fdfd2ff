//! `liaison token`: makes, lists and revokes the tokens of programs that read and act over the API.
//!
//! Invariant: a token is shown once, when it is made; what was done is in the history, the token is not.

use anyhow::anyhow;
use clap::Subcommand;
use jiff::SignedDuration;

use super::terminal::print;
use super::{Done, Failure, database};
use crate::app::acts::SCOPE;
use crate::app::api::{RESOURCES, fresh};
use crate::clock::{Clock, SystemClock, fresh_id};
use crate::config::Config;
use crate::domain::PersonId;
use crate::domain::change::{Value, with};
use crate::store::token::{self, Token};
use crate::store::{Db, directory};

/// What to do with tokens.
#[derive(Subcommand)]
pub enum Command {
    /// Makes one and prints it, this once
    Add {
        /// What it is for
        #[arg(long)]
        name: String,
        /// Whose eyes and rights it has: a person's id in the directory
        #[arg(long, value_name = "ID")]
        person: String,
        /// What it may read, several with a comma: requests, tasks, obligations, progress; with `act` it may also do what
        /// the person may do
        #[arg(long, value_delimiter = ',', required = true)]
        scope: Vec<String>,
        /// Ends by itself after so many days
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(i64).range(1..=3_650))]
        days: i64,
    },
    /// Names all of them
    List,
    /// Ends one
    Revoke {
        /// As `list` names it
        id: String,
    },
}

/// Runs it.
pub async fn run(config: &Config, command: &Command) -> Done {
    let db = database::current(config).await?;
    match command {
        Command::Add { name, person, scope, days } => add(&db, (name, person), scope, *days).await,
        Command::List => list(&db).await,
        Command::Revoke { id } => revoke(&db, id).await,
    }
}

async fn add(db: &Db, (name, person): (&str, &str), scopes: &[String], days: i64) -> Done {
    let known: Vec<&str> = RESOURCES.iter().map(|resource| resource.name).chain([SCOPE]).collect();
    if let Some(other) = scopes.iter().find(|scope| !known.contains(&scope.as_str())) {
        return Err(Failure::Usage(format!("there is no scope {other}; known: {}", known.join(", "))));
    }
    let person = PersonId::new(person);
    let (people, _) = directory::load(db).await?;
    if !people.is_active(&person) {
        return Err(Failure::Broken(anyhow!(
            "the directory knows nobody with the id {person} who is active"
        )));
    }
    let now = SystemClock.machine();
    let (text, hash) = fresh();
    let kept = Token {
        id: fresh_id(),
        name: name.to_owned(),
        hash,
        person: person.clone(),
        scopes: scopes.to_vec(),
        created_at: now,
        expires_at: now.checked_add(SignedDuration::from_hours(24 * days)).ok(),
        revoked_at: None,
    };
    let mut tx = db.begin().await?;
    token::add(&mut tx, &kept).await?;
    let told = with([("name", Value::Text(name.to_owned())), ("person", Value::Person(person))]);
    let what = if scopes.iter().any(|scope| scope == SCOPE) { "acting_token_added" } else { "token_added" };
    database::note(&mut tx, what, told).await?;
    tx.commit().await?;
    print(&format!("{text}\n"))
}

async fn list(db: &Db) -> Done {
    let now = SystemClock.machine();
    let line = |t: Token| {
        let state = match (t.revoked_at, t.is_good(now)) {
            (Some(at), _) => format!("revoked {at}"),
            (None, false) => "ended".to_owned(),
            (None, true) => t.expires_at.map_or("good".to_owned(), |end| format!("good until {end}")),
        };
        format!("{}  {}  as {}  {}  {state}\n", t.id, t.name, t.person, t.scopes.join(","))
    };
    print(&token::all(db).await?.into_iter().map(line).collect::<String>())
}

async fn revoke(db: &Db, id: &str) -> Done {
    let mut tx = db.begin().await?;
    if !token::revoke(&mut tx, id, SystemClock.machine()).await? {
        return Err(Failure::Broken(anyhow!("there is no token {id} that is good")));
    }
    database::note(&mut tx, "token_revoked", with([("name", Value::Text(id.to_owned()))])).await?;
    tx.commit().await?;
    print(&format!("revoked {id}\n"))
}
