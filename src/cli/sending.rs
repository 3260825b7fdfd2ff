//! `liaison pause` and `liaison resume`: nothing is sent in between, or nothing to one chat, or nothing of one kind;
//! acts, deadlines and ladders go on.
//!
//! Invariant: every pause and its end by hand is a line of the history of operations.

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::terminal::{instant, local, print};
use super::{Done, Failure, database};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::domain::calendar::Calendar;
use crate::domain::change::{Params, Value, with};
use crate::domain::kind::KINDS;
use crate::domain::{PersonId, Timestamp};
use crate::service::identity;
use crate::store::pause::{self, Scope};
use crate::store::{Db, DbError, Tx, directory};

/// What to pause, and until when.
#[derive(Args)]
pub struct Pause {
    /// Only one chat: a person's id, managers, pilot, project:REQUEST, or a chat's id at its messenger
    #[arg(long, value_name = "CHAT", conflicts_with = "kind")]
    chat: Option<String>,
    /// Only one kind of message
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(KINDS))]
    kind: Option<String>,
    /// Goes on by itself then: 2026-11-23T17:00, or in 90m, 2h
    #[arg(long, value_name = "T")]
    until: Option<String>,
}

/// What to send again.
#[derive(Args)]
pub struct Resume {
    /// Only this chat's pause
    #[arg(long, value_name = "CHAT", conflicts_with_all = ["kind", "all"])]
    chat: Option<String>,
    /// Only this kind's pause
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(KINDS), conflicts_with = "all")]
    kind: Option<String>,
    /// Every pause there is
    #[arg(long)]
    all: bool,
    /// This service speaks for the database from now on: it moved here, and is no copy of one that still runs
    #[arg(long)]
    confirm: bool,
}

/// Stops sending.
pub async fn pause(config: &Config, asked: &Pause) -> Done {
    let now = SystemClock.now();
    let until = asked.until.as_deref().map(|text| end(text, &config.calendar, now)).transpose()?;
    let db = database::current(config).await?;
    let scopes = scopes(&db, asked.chat.as_deref(), asked.kind.as_deref()).await?;
    let mut tx = db.begin().await?;
    for scope in &scopes {
        pause::begin(&mut tx, scope, until, now).await?;
        let ends = until.map(|until| ("until".to_owned(), Value::Moment(until)));
        database::note(&mut tx, "sending_paused", about(scope).into_iter().chain(ends).collect()).await?;
    }
    tx.commit().await?;
    let text = paused(&db, config, now).await?;
    db.close().await;
    print(&format!("{text}messages wait in the outbox; `liaison resume` sends them\n"))
}

/// Sends again.
pub async fn resume(config: &Config, asked: &Resume) -> Done {
    let now = SystemClock.now();
    let db = database::current(config).await?;
    let other = identity::other(config, &db).await?;
    let of_everything = asked.all || (asked.chat.is_none() && asked.kind.is_none());
    if let Some(other) = other.as_ref().filter(|_| of_everything && !asked.confirm) {
        db.close().await;
        return Err(Failure::Usage(another_speaks(other, config)));
    }
    let mut tx = db.begin().await?;
    if other.is_some() && asked.confirm {
        identity::confirm(config, &mut tx, now).await?;
    }
    if asked.all {
        pause::lift_all(&mut tx, now).await?;
        database::note(&mut tx, "sending_resumed", with([("all", Value::Number(1))])).await?;
    } else {
        for scope in &scopes(&db, asked.chat.as_deref(), asked.kind.as_deref()).await? {
            pause::lift(&mut tx, scope, now).await?;
            database::note(&mut tx, "sending_resumed", about(scope)).await?;
        }
    }
    tx.commit().await?;
    let text = paused(&db, config, now).await?;
    db.close().await;
    match text.is_empty() {
        true => print("sending goes on\n"),
        false => print(&format!("sending goes on, but for this (`liaison resume --all` ends it):\n{text}")),
    }
}

/// Why sending does not go on without a word more.
fn another_speaks(other: &str, config: &Config) -> String {
    let own = identity::of(config).unwrap_or_default();
    format!(
        "the database speaks for {other}, and this is {own}: if it moved here, and no service runs there any more, say \
         `liaison resume --confirm`; if this is a copy to try things with, leave it paused"
    )
}

/// Pauses sending as part of something else, until somebody resumes it.
pub async fn pause_in(tx: &mut Tx) -> Result<(), DbError> {
    pause::begin(tx, &Scope::All, None, SystemClock.now()).await
}

/// A pause in words: `paused since Mon 2026-11-23 17:00`.
pub fn shown(held: &pause::Pause, calendar: &Calendar) -> String {
    let what = match &held.scope {
        Scope::All => String::new(),
        Scope::Chat(lane) => format!("to {lane} "),
        Scope::Kind(kind) => format!("of kind {kind} "),
    };
    let until = held.until.map_or_else(String::new, |until| format!(" until {}", local(until, calendar)));
    format!("{what}paused since {}{until}", local(held.since, calendar))
}

/// What ends it.
pub fn remedy(scope: &Scope) -> String {
    match scope {
        Scope::All => "liaison resume".to_owned(),
        Scope::Chat(_) | Scope::Kind(_) => format!("liaison resume --{} {}", scope.name(), scope.which()),
    }
}

async fn paused(db: &Db, config: &Config, now: Timestamp) -> Result<String, DbError> {
    let held = pause::holding(db, now).await?;
    Ok(held.iter().map(|held| format!("sending is {}\n", shown(held, &config.calendar))).collect())
}

fn about(scope: &Scope) -> Params {
    match scope {
        Scope::All => Params::new(),
        Scope::Chat(_) | Scope::Kind(_) => with([(scope.name(), Value::Text(scope.which().to_owned()))]),
    }
}

/// An instant to come, or how long from now.
fn end(text: &str, calendar: &Calendar, now: Timestamp) -> Result<Timestamp, Failure> {
    let until = match text.parse::<jiff::SignedDuration>() {
        Ok(span) => now.checked_add(span).map_err(|_| Failure::Usage(format!("`{text}` is too long")))?,
        Err(_) => instant(text, calendar)?,
    };
    if until <= now {
        return Err(Failure::Usage(format!("`{text}` is over already: name a moment to come")));
    }
    Ok(until)
}

async fn scopes(db: &Db, chat: Option<&str>, kind: Option<&str>) -> Result<Vec<Scope>, Failure> {
    match (chat, kind) {
        (Some(chat), _) => Ok(lanes(db, chat).await?.into_iter().map(Scope::Chat).collect()),
        (None, Some(kind)) => Ok(vec![Scope::Kind(kind.to_owned())]),
        (None, None) => Ok(vec![Scope::All]),
    }
}

/// The lanes of a chat as somebody names it: a person, a group by its part, or its id at the messenger.
async fn lanes(db: &Db, chat: &str) -> Result<Vec<String>, Failure> {
    let (company, _) = directory::load(db).await?;
    let id = chat.strip_prefix("person:").unwrap_or(chat);
    if company.person(&PersonId::new(id)).is_some() {
        return Ok(vec![format!("person:{id}")]);
    }
    let is_group = ["managers", "pilot"].contains(&chat);
    if is_group || ["project:", "chat:"].iter().any(|start| chat.starts_with(start)) {
        return Ok(vec![chat.to_owned()]);
    }
    let lanes = pause::lanes_of(db, chat).await?;
    if lanes.is_empty() {
        let words = "write a person's id, managers, pilot, project:REQUEST, the id of a bound chat, or chat:MESSENGER:ID";
        return Err(Failure::Usage(format!("no chat is known as {chat}: {words}")));
    }
    Ok(lanes)
}
