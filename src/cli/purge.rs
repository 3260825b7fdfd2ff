//! `liaison purge`: what was kept long enough goes, or with `--dry-run` is only counted.

use super::terminal::{local, print};
use super::{Done, database};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::domain::retention::Class;
use crate::store::retention;

/// Deletes, or only says what would go.
pub async fn run(config: &Config, dry_run: bool) -> Done {
    let (now, calendar) = (SystemClock.now(), &config.calendar);
    let db = database::current(config).await?;
    let due = (&config.retention, now, calendar);
    let found = match dry_run {
        true => retention::count(&db, due).await?,
        false => retention::sweep(&db, due).await?,
    };
    db.close().await;
    let mut text = String::new();
    for class in Class::ALL {
        text.push_str(&match config.retention.before(class, now, calendar) {
            Some(before) => format!("{}: before {}\n", class.name(), local(before, calendar)),
            None => format!("{}: kept for ever\n", class.name()),
        });
        for (_, table, rows) in found.iter().filter(|(of, _, _)| *of == class) {
            text.push_str(&format!("{rows:>9}  {table}\n"));
        }
    }
    let sum: u64 = found.iter().map(|(_, _, rows)| rows).sum();
    text.push_str(&match dry_run {
        true => format!("{sum} rows would go; the history stays as it is\n"),
        false => format!("{sum} rows are gone; the history is as it was\n"),
    });
    print(&text)
}
