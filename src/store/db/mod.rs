//! One small layer over sqlx, so that each statement is written once and runs on SQLite and on PostgreSQL.
//!
//! Invariant: SQLite has exactly one connection that writes; every wait in here ends well within the three seconds
//! that a messenger gives us.
//!
//! ```text
//! let mut tx = db.begin().await?;
//! let row = tx.row("SELECT title FROM request WHERE id = $1 /*for update*/", args![&id]).await?;
//! tx.execute("UPDATE request SET state = $2 WHERE id = $1", args![&id, "closed"]).await?;
//! tx.commit().await?;
//! ```

use std::sync::Arc;

use sqlx::{PgPool, SqlitePool};

mod checkpoint;
mod clock;
mod counts;
mod error;
mod gate;
mod group;
mod migrate;
mod migrations;
mod open;
mod row;
mod seat;
mod served;
mod sql;
mod tidings;
mod transfer;
mod tx;
mod upkeep;
mod value;
mod whole;

#[cfg(test)]
pub(super) mod tests;

pub use error::{DbError, Result};
pub use open::Options;
pub use row::Row;
pub use served::{Served, is_served};
pub use sql::Sql;
pub use tidings::Ears;
pub use transfer::Moved;
use tx::Begun;
pub use tx::{Statement, Turn, Tx};
pub(crate) use value::args;
pub use value::{Bind, Val};

/// Something that rows can be read from: a transaction, or the database as of its last commit.
pub trait Source: Send {
    /// All rows.
    fn read(&mut self, sql: &'static str, args: Vec<Val>) -> impl Future<Output = Result<Vec<Row>>> + Send;

    /// All rows of each of several statements that take the same values.
    fn read_each<const N: usize>(
        &mut self,
        sql: [&'static str; N],
        args: Vec<Val>,
    ) -> impl Future<Output = Result<[Vec<Row>; N]>> + Send;
}

impl Source for Tx {
    async fn read(&mut self, sql: &'static str, args: Vec<Val>) -> Result<Vec<Row>> {
        self.rows(sql, args).await
    }

    async fn read_each<const N: usize>(
        &mut self,
        sql: [&'static str; N],
        args: Vec<Val>,
    ) -> Result<[Vec<Row>; N]> {
        self.rows_each(sql, args).await
    }
}

impl Source for &Db {
    async fn read(&mut self, sql: &'static str, args: Vec<Val>) -> Result<Vec<Row>> {
        self.rows(sql, args).await
    }

    async fn read_each<const N: usize>(
        &mut self,
        sql: [&'static str; N],
        args: Vec<Val>,
    ) -> Result<[Vec<Row>; N]> {
        match &self.0 {
            Engine::Sqlite(lite) => {
                let mut connection = lite.readers.acquire().await?;
                tx::each_on_sqlite(&mut connection, sql, args).await
            }
            Engine::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                tx::each_on_postgres(&mut connection, sql, args).await
            }
        }
    }
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db(Engine);

#[derive(Clone)]
enum Engine {
    Sqlite(Arc<Lite>),
    Postgres(PgPool),
}

struct Lite {
    writer: Arc<group::Writer>,
    checkpoint: checkpoint::Checkpoint,
    readers: SqlitePool,
    /// For the rare work that should stand in nobody's way: copies and checks.
    options: sqlx::sqlite::SqliteConnectOptions,
}

impl Db {
    /// Begins a transaction, or waits for the turn to; `Transient` after 800 ms.
    pub async fn begin(&self) -> Result<Tx> {
        let mut tx = self.later();
        tx.begun().await?;
        Ok(tx)
    }

    /// A transaction that begins with its first statement: whoever knows beforehand what is to be written takes no
    /// turn while he thinks.
    pub fn later(&self) -> Tx {
        Tx::new(self.clone())
    }

    async fn turn(&self) -> Result<Begun> {
        match &self.0 {
            Engine::Sqlite(lite) => Ok(Begun::Sqlite(lite.writer.begin().await?)),
            Engine::Postgres(pool) => Ok(Begun::Postgres(pool.begin().await?)),
        }
    }

    /// Reads outside of any transaction: the first row, if there is one.
    pub async fn row(&self, sql: &'static str, args: Vec<Val>) -> Result<Option<Row>> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    /// Reads outside of any transaction: all rows, as of the last commit.
    pub async fn rows(&self, sql: &'static str, args: Vec<Val>) -> Result<Vec<Row>> {
        self.rows_made(sql.into(), args).await
    }

    /// The same for a statement made of pieces.
    pub async fn rows_made(&self, sql: Sql, args: Vec<Val>) -> Result<Vec<Row>> {
        let answer = match &self.0 {
            Engine::Sqlite(lite) => {
                let mut connection = lite.readers.acquire().await?;
                tx::on_sqlite(&mut connection, &sql, args).await?
            }
            Engine::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                tx::on_postgres(&mut connection, &sql, args).await?
            }
        };
        Ok(answer.rows)
    }

    /// Finishes what is under way and closes all connections.
    pub async fn close(&self) {
        match &self.0 {
            Engine::Sqlite(lite) => {
                lite.readers.close().await;
                lite.checkpoint.close().await;
                lite.writer.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }

    /// Whether several replicas may write at once.
    pub fn is_postgres(&self) -> bool {
        matches!(self.0, Engine::Postgres(_))
    }
}
