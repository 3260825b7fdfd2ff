//! `liaison policy reapply`: the present rules for what is open already. The difference first.

use std::sync::Arc;

use crate::app::App;
use crate::app::recalculation::Difference;
use crate::cli::terminal::{local, print};
use crate::cli::{Done, database};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::domain::Timestamp;
use crate::domain::calendar::Calendar;
use crate::domain::obligation::Cause;
use crate::service;

/// Shows what would change, or changes it.
pub async fn run(config: &Config, apply: bool) -> Done {
    let db = database::current(config).await?;
    let app = App::new(db.clone(), Arc::new(SystemClock), service::rulebook(config)?).await?;
    let differences = app.differences(Cause::Policy).await?;
    let mut text: String = differences.iter().map(|d| line(d, &config.calendar)).collect();
    text.push_str(&match (differences.len(), apply) {
        (0, _) => "nothing that is open would change\n".to_owned(),
        (n, false) => format!("{n} would change, nothing was changed; --apply changes it and tells them\n"),
        (n, true) => {
            let done = app.recalculate(Cause::Policy, &differences).await?;
            format!("{done} of {n} changed; the service tells whom it concerns\n")
        }
    });
    db.close().await;
    print(&text)
}

fn line(difference: &Difference, calendar: &Calendar) -> String {
    let Difference { obligation, kind, debtor, due, next, .. } = difference;
    let moment = |at: Option<Timestamp>| at.map_or_else(|| "–".to_owned(), |at| local(at, calendar));
    let moved = |what: &str, (old, new): (Option<Timestamp>, Option<Timestamp>)| match old == new {
        true => String::new(),
        false => format!("  {what} {} → {}\n", moment(old), moment(new)),
    };
    let due = moved("due ", (Some(due.0), Some(due.1)));
    format!("{obligation} {} {debtor}\n{due}{}", kind.name(), moved("next", *next))
}
