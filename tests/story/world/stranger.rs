//! Somebody else at the same database, who holds it for as long as a story wants.

use sqlx::{Connection, Executor};

/// Somebody else who writes to the same database and does not come to an end.
pub enum Stranger {
    Sqlite(sqlx::SqliteConnection),
    Postgres(sqlx::PgConnection),
}

impl Stranger {
    /// Begins to write, and stays at it.
    pub async fn holds(database: &str) -> Self {
        if database.starts_with("sqlite:") {
            let mut own = sqlx::SqliteConnection::connect(database).await.unwrap();
            own.execute("BEGIN IMMEDIATE").await.unwrap();
            Stranger::Sqlite(own)
        } else {
            let mut own = sqlx::PgConnection::connect(database).await.unwrap();
            own.execute("BEGIN").await.unwrap();
            own.execute("LOCK TABLE inbox, request, obligation, outbox IN EXCLUSIVE MODE").await.unwrap();
            Stranger::Postgres(own)
        }
    }

    /// Comes to an end; nothing was written.
    pub async fn lets_go(self) {
        match self {
            Stranger::Sqlite(mut own) => drop(own.execute("ROLLBACK").await.unwrap()),
            Stranger::Postgres(mut own) => drop(own.execute("ROLLBACK").await.unwrap()),
        }
    }
}
