//! `liaison audit`: walks the history's hash chains, and writes their ends down for elsewhere.

use std::path::PathBuf;

use clap::Subcommand;

use super::terminal::print;
use super::{Done, Failure, database};
use crate::config::Config;
use crate::store::Db;
use crate::store::audit::{self, Verdict};

mod anchor;

/// What to do with the history.
#[derive(Subcommand)]
pub enum Command {
    /// Walks every hash chain and names the first broken record
    Verify {
        /// Also compares it with what `audit anchor` wrote down before: what was cut off since is missing here
        #[arg(long, value_name = "FILE")]
        against: Option<PathBuf>,
    },
    /// Writes down the end of every chain under a mark of the service, to be kept on another machine
    Anchor {
        /// To this new file instead of the terminal
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Runs it.
pub async fn run(config: &Config, command: &Command) -> Done {
    let db = database::current(config).await?;
    let done = match command {
        Command::Verify { against } => verify(&db, against.as_ref()).await,
        Command::Anchor { out } => anchor::write(&db, out.as_deref()).await,
    };
    db.close().await;
    done
}

async fn verify(db: &Db, against: Option<&PathBuf>) -> Done {
    let missing = match against {
        Some(file) => anchor::compare(db, file).await?,
        None => None,
    };
    let verdict = match missing {
        Some(missing) => missing,
        None => audit::verify(db).await?,
    };
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
