//! What can go wrong in a database, told apart by what the caller should do about it.
//!
//! Invariant: an error is `Transient` only if the same act may succeed unchanged a moment later.

use sqlx::postgres::PgDatabaseError;
use sqlx::sqlite::SqliteError;

/// One variant for each reaction. Clonable, because a shared commit tells all its members the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// A key exists already; `what` names the constraint (PostgreSQL) or the columns (SQLite).
    #[error("already there: {what}")]
    Unique {
        /// The constraint or the columns, for logs.
        what: String,
    },
    /// Busy, locked, dead-locked, cut off: the same act may succeed in a moment.
    #[error("the database did not answer in time: {0}")]
    Transient(String),
    /// No room left on the disk: nothing will succeed until the administrator makes room.
    #[error("the database's disk is full: {0}")]
    Full(String),
    /// A mistake in our SQL, a refused schema, a broken file.
    #[error("{0}")]
    Other(String),
}

/// The short form that the room uses.
pub type Result<T, E = DbError> = std::result::Result<T, E>;

impl DbError {
    /// Whether the same act may succeed in a moment.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Transient(_))
    }

    /// Whether a key existed already.
    pub fn is_unique(&self) -> bool {
        matches!(self, Self::Unique { .. })
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) => {
                if let Some(lite) = inner.try_downcast_ref::<SqliteError>() {
                    return of_sqlite(lite);
                }
                if let Some(pg) = inner.try_downcast_ref::<PgDatabaseError>() {
                    return of_postgres(pg);
                }
                Self::Other(error.to_string())
            }
            sqlx::Error::Io(io) => of_io(io),
            sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed => Self::Transient(error.to_string()),
            _ => Self::Other(error.to_string()),
        }
    }
}

impl From<std::io::Error> for DbError {
    fn from(error: std::io::Error) -> Self {
        of_io(&error)
    }
}

fn of_io(error: &std::io::Error) -> DbError {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            DbError::Full(error.to_string())
        }
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::NotADirectory => {
            DbError::Other(error.to_string())
        }
        _ => DbError::Transient(error.to_string()),
    }
}

/// <https://sqlite.org/rescode.html>; the low byte is the primary code.
fn of_sqlite(error: &SqliteError) -> DbError {
    use sqlx::error::DatabaseError;
    let text = error.to_string();
    if error.is_unique_violation() {
        return DbError::Unique { what: error.message().to_owned() };
    }
    let code: i32 = error.code().and_then(|code| code.parse().ok()).unwrap_or(1);
    match code & 0xff {
        // BUSY, LOCKED, NOMEM, INTERRUPT, IOERR, PROTOCOL (a race for the WAL's locks)
        5 | 6 | 7 | 9 | 10 | 15 => DbError::Transient(text),
        13 => DbError::Full(text),
        _ => DbError::Other(text),
    }
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn of_postgres(error: &PgDatabaseError) -> DbError {
    let text = format!("{} ({})", error.message(), error.code());
    match error.code() {
        "23505" => DbError::Unique { what: error.constraint().unwrap_or(error.message()).to_owned() },
        // serialization, deadlock, lock time-out, statement time-out, idle time-outs
        "40001" | "40P01" | "55P03" | "57014" | "25P03" | "57P05" => DbError::Transient(text),
        // too many clients, out of memory, shutdown, crash, starting up
        "53300" | "53200" | "57P01" | "57P02" | "57P03" => DbError::Transient(text),
        "53100" => DbError::Full(text),
        code if code.starts_with("08") => DbError::Transient(text),
        _ => DbError::Other(text),
    }
}
