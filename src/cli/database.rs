//! The configured database for commands that look at what is there.
//!
//! Invariant: only `migrate` and `serve` make a database or change its schema; the commands here never do.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use secrecy::ExposeSecret;

use super::Failure;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::domain::change::{Audit, Params};
use crate::store::db::{Options, is_served};
use crate::store::{Db, DbError, Tx, audit};

/// The SQLite file of the configuration; `None` for PostgreSQL.
pub fn file(config: &Config) -> Result<Option<PathBuf>, DbError> {
    Db::file_of(config.database.url.expose_secret())
}

/// Opens the database as it is.
pub async fn open(config: &Config) -> Result<Db, Failure> {
    if let Some(file) = file(config)?.filter(|file| !file.exists()) {
        let file = file.display();
        return Err(Failure::Broken(anyhow!("there is no database {file} yet; `liaison migrate` makes it")));
    }
    Ok(Db::open(&Options::new(config.database.url.expose_secret())).await?)
}

/// Opens the database and makes sure that its schema is the one that this program knows.
pub async fn current(config: &Config) -> Result<Db, Failure> {
    let db = open(config).await?;
    match db.pending().await?.len() {
        0 => Ok(db),
        n => {
            Err(Failure::Broken(anyhow!("the database lacks {n} migration(s); run `liaison migrate` first")))
        }
    }
}

/// Writes a line into the history of operations: what was done at the command line.
pub async fn note(tx: &mut Tx, what: &str, with: Params) -> Result<(), DbError> {
    let line = Audit { by: None, on_behalf_of: None, what: what.to_owned(), with };
    audit::append_beside(tx, "operations", &line, SystemClock.now()).await
}

/// A service that runs must not lose its file under its feet. One that listens elsewhere is known by its lock, one of an
/// older version by its port.
pub fn nobody_works_on(file: &Path, config: &Config) -> Result<(), Failure> {
    if is_served(file) {
        return Err(Failure::Broken(anyhow!("a service works on {}: stop it first", file.display())));
    }
    let listen = config.server.listen;
    match std::net::TcpListener::bind(listen) {
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            Err(Failure::Broken(anyhow!("something listens on {listen}: stop the service first")))
        }
        _ => Ok(()),
    }
}
