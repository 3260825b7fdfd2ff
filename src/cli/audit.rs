//! `liaison audit verify`: walks the history's hash chains.

use clap::Subcommand;

use super::terminal::print;
use super::{Done, Failure, database};
use crate::config::Config;
use crate::store::audit::{self, Verdict};

/// What to do with the history.
#[derive(Subcommand)]
pub enum Command {
    /// Walks every hash chain and names the first broken record
    Verify,
}

/// Runs it.
pub async fn run(config: &Config, command: &Command) -> Done {
    let db = database::current(config).await?;
    let verdict = match command {
        Command::Verify => audit::verify(&db).await?,
    };
    db.close().await;
    match verdict {
        Verdict::Whole { subjects, lines } => {
            print(&format!("ok: {lines} lines of {subjects} subjects, every chain is whole\n"))
        }
        Verdict::Broken { subject, n, why } => {
            print(&format!("broken: line {n} of {subject}: {why}\n"))?;
            Err(Failure::Check)
        }
    }
}
