//! Whether a service has a SQLite file to itself: then whatever is leased there is leased to the dead.
//!
//! Invariant: a service that works holds the lock of `FILE-served` together with its neighbours, if it has any; so whoever
//! gets it alone has none. The lock goes with the process, however that ends.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::open::prepare_file;
use super::{Db, Engine};

/// That a service works on the database, for as long as this lives.
pub struct Served {
    _lock: Option<File>,
    alone: bool,
}

impl Served {
    /// Whether no other service works on it. On PostgreSQL nobody knows.
    pub fn is_alone(&self) -> bool {
        self.alone
    }
}

impl Db {
    /// A service is about to begin its work.
    pub fn serve(&self) -> Served {
        let Engine::Sqlite(lite) = &self.0 else { return Served { _lock: None, alone: false } };
        let path = lock_of(lite.options.get_filename());
        locked(&path).unwrap_or_else(|why| {
            tracing::warn!(
                "what an earlier run had in hand waits for its leases: no lock on {path:?}: {why}"
            );
            Served { _lock: None, alone: false }
        })
    }
}

/// Whether a service works on a SQLite file.
pub fn is_served(file: &Path) -> bool {
    let lock = File::open(lock_of(file));
    lock.is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
}

fn lock_of(file: &Path) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push("-served");
    path.into()
}

fn locked(path: &Path) -> Result<Served, Box<dyn std::error::Error>> {
    prepare_file(path)?;
    let lock = File::options().write(true).open(path)?;
    let alone = lock.try_lock().is_ok();
    if alone {
        // What is one's own cannot be made common in one step; between the two nobody works yet.
        lock.unlock()?;
    }
    lock.lock_shared()?;
    Ok(Served { _lock: Some(lock), alone })
}
