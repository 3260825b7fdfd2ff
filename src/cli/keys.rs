//! `liaison keys`: the keys that the service made for itself, and their change.
//!
//! Invariants: no key is ever printed; every change is a line of the history of operations.

use clap::{Subcommand, ValueEnum};

use super::terminal::{local, print};
use super::{Done, Failure, database};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::domain::change::{Value, with};
use crate::service::kept_keys::Kept;
use crate::store::Db;

/// What to do with the keys.
#[derive(Subcommand)]
pub enum Command {
    /// Which keys there are, since when, and what the former ones still open
    List,
    /// Puts a fresh key in the place of one; what the former one has signed works until its own end
    Rotate {
        /// Which
        which: Which,
    },
}

/// A key, or all.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Which {
    /// Of the links to web forms
    Links,
    /// Of the buttons on cards
    Buttons,
    /// Both
    All,
}

impl Which {
    fn kept(self) -> &'static [Kept] {
        match self {
            Which::Links => &[Kept::Links],
            Which::Buttons => &[Kept::Buttons],
            Which::All => &Kept::ALL,
        }
    }
}

/// Runs it.
pub async fn run(config: &Config, command: &Command) -> Done {
    let db = database::current(config).await?;
    let done = match command {
        Command::List => list(&db, config).await,
        Command::Rotate { which } => rotate(&db, config, *which).await,
    };
    db.close().await;
    done
}

async fn list(db: &Db, config: &Config) -> Done {
    let mut text = String::new();
    for key in Kept::ALL {
        let since = match key.since(db).await? {
            _ if key == Kept::Links && config.server.link_secret.is_some() => "configured".to_owned(),
            Some(since) => format!("since {}", local(since, &config.calendar)),
            None => "made at the next start".to_owned(),
        };
        let former = match key.former(db, SystemClock.machine()).await? {
            Some((_, until)) => format!(", the former one opens until {}", local(until, &config.calendar)),
            None => String::new(),
        };
        text.push_str(&format!("{:8} {since}{former}\n", key.name()));
    }
    print(&text)
}

async fn rotate(db: &Db, config: &Config, which: Which) -> Done {
    let links = which.kept().contains(&Kept::Links);
    if links && config.server.link_secret.is_some() {
        let words = "the key of the links is configured: move server.link_secret to previous_link_secret, put a new one \
                     in its place, and send every replica SIGHUP; a week later remove the previous one";
        return Err(Failure::Usage(words.to_owned()));
    }
    let mut tx = db.begin().await?;
    let mut text = String::new();
    for key in which.kept() {
        let Some(until) = key.rotate(&mut tx, SystemClock.machine()).await? else {
            let words =
                format!("the key of the {} was changed less than a minute ago: wait for it", key.name());
            return Err(Failure::Usage(words));
        };
        let until = local(until, &config.calendar);
        text.push_str(&format!(
            "{}: a fresh key; what the former one has signed works until {until}\n",
            key.name()
        ));
        let named = Value::Text(key.name().to_owned());
        database::note(&mut tx, "keys_rotated", with([("which", named)])).await?;
    }
    tx.commit().await?;
    print(&format!("{text}every replica takes it up by itself, and signs with it in a minute\n"))
}
