//! `liaison dead-letters`: messages that were given up and steps that were set aside, for a person to decide on.
//!
//! Invariant: every decision is a line of the history of operations.

use clap::Subcommand;

use super::terminal::{local, print};
use super::{Done, Failure, database};
use crate::config::Config;
use crate::domain::change::{Value, with};
use crate::store::{Db, dead_letter, obligation};

/// What to do with what could not be sent.
#[derive(Subcommand)]
pub enum Command {
    /// What was given up, and why
    List,
    /// Tries again: one, or all
    Replay {
        /// As `list` shows it
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// Everything
        #[arg(long)]
        all: bool,
    },
    /// Lets one rest for good
    Skip {
        /// As `list` shows it
        id: String,
        /// Why, for the history
        #[arg(long, value_name = "WORDS", default_value = "")]
        note: String,
    },
}

/// As many as a person can look through.
const MOST: i64 = 500;

/// Runs it.
pub async fn run(config: &Config, command: &Command) -> Done {
    let db = database::current(config).await?;
    let done = match command {
        Command::List => list(&db, config).await,
        Command::Replay { id, .. } => replay(&db, id.as_deref()).await,
        Command::Skip { id, note } => skip(&db, id, note).await,
    };
    db.close().await;
    done
}

async fn list(db: &Db, config: &Config) -> Done {
    let dead = dead_letter::list(db, MOST).await?;
    let aside = obligation::aside(db, MOST).await?;
    let mut text = String::new();
    for letter in &dead {
        let at = letter.finished_at.map_or_else(String::new, |at| local(at, &config.calendar));
        let about = letter.request.as_ref().map_or("-", |id| id.as_str());
        let why = letter.problem.as_deref().unwrap_or("no reason was kept");
        text.push_str(&format!(
            "{}  {at}  {about}  to {}  after {} tries: {why}\n",
            letter.id, letter.lane, letter.attempts
        ));
    }
    for step in &aside {
        text.push_str(&format!("{}  step  {}  of {}: {}\n", step.id, step.request, step.debtor, step.why));
    }
    text.push_str(&format!("{} dead letters, {} steps set aside\n", dead.len(), aside.len()));
    if !dead.is_empty() || !aside.is_empty() {
        text.push_str("try again: liaison dead-letters replay ID (or --all)\n");
    }
    if !dead.is_empty() {
        text.push_str("let a letter rest: liaison dead-letters skip ID\n");
    }
    print(&text)
}

async fn replay(db: &Db, id: Option<&str>) -> Done {
    let mut tx = db.begin().await?;
    let steps = obligation::take_up(&mut tx, id).await?;
    let letters = dead_letter::replay(&mut tx, id).await?;
    if let Some(id) = id.filter(|_| steps + letters == 0) {
        return Err(Failure::Usage(format!("nothing given up has the id {id}: `liaison dead-letters list`")));
    }
    let what = Value::Text(id.unwrap_or("all").to_owned());
    let count = |n: u64| Value::Number(i64::try_from(n).unwrap_or(i64::MAX));
    let params = with([("id", what), ("letters", count(letters)), ("steps", count(steps))]);
    database::note(&mut tx, "dead_letters_replayed", params).await?;
    tx.commit().await?;
    print(&format!("{letters} messages and {steps} steps are tried again\n"))
}

async fn skip(db: &Db, id: &str, note: &str) -> Done {
    let mut tx = db.begin().await?;
    if dead_letter::skip(&mut tx, id).await? == 0 {
        return Err(Failure::Usage(format!("no dead letter has the id {id}: `liaison dead-letters list`")));
    }
    let params = with([("id", Value::Text(id.to_owned())), ("note", Value::Text(note.to_owned()))]);
    database::note(&mut tx, "dead_letter_skipped", params).await?;
    tx.commit().await?;
    print("it rests\n")
}
