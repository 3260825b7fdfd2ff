//! A transaction of either engine, and how its statements are run.
//!
//! Invariant: after an error a transaction can only be dropped, on both engines, as PostgreSQL has it; and one that is
//! dropped without `commit` leaves nothing behind.

use futures_util::TryStreamExt;
use sqlx::postgres::{PgArguments, PgConnection};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Either, Executor, Postgres, Sqlite, Transaction};

use super::error::{DbError, Result};
use super::group::Member;
use super::row::{Inner, Row};
use super::sql::{Form, Sql, joined};
use super::value::{self, Val};

/// A transaction. It shares its commit with neighbours on SQLite, and can see what they have not committed yet: so an
/// answer that rests on what was only *read* may be given after [`Tx::commit`] too, not after a drop.
pub struct Tx {
    engine: Engine,
    failed: Option<DbError>,
}

enum Engine {
    Sqlite(Member),
    Postgres(Transaction<'static, Postgres>),
}

/// What a text gave: rows changed per statement, and all rows.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub affected: Vec<u64>,
    pub rows: Vec<Row>,
}

impl Tx {
    pub(super) fn sqlite(member: Member) -> Self {
        Self { engine: Engine::Sqlite(member), failed: None }
    }

    pub(super) fn postgres(tx: Transaction<'static, Postgres>) -> Self {
        Self { engine: Engine::Postgres(tx), failed: None }
    }

    /// Runs a statement; how many rows it changed.
    pub async fn execute(&mut self, sql: &'static str, args: Vec<Val>) -> Result<u64> {
        let answer = self.run(sql.into(), args).await?;
        Ok(answer.affected.last().copied().unwrap_or(0))
    }

    /// The first row, if there is one. Write `LIMIT 1` where there may be more.
    pub async fn row(&mut self, sql: &'static str, args: Vec<Val>) -> Result<Option<Row>> {
        Ok(self.run(sql.into(), args).await?.rows.into_iter().next())
    }

    /// All rows.
    pub async fn rows(&mut self, sql: &'static str, args: Vec<Val>) -> Result<Vec<Row>> {
        Ok(self.run(sql.into(), args).await?.rows)
    }

    /// Runs several statements whose rows nobody needs; how many rows each changed. One journey to SQLite instead of
    /// one per statement; on PostgreSQL the same as one after the other.
    pub async fn batch(&mut self, statements: Vec<(Sql, Vec<Val>)>) -> Result<Vec<u64>> {
        self.usable()?;
        let outcome = match &mut self.engine {
            Engine::Sqlite(_) if statements.is_empty() => Ok(Vec::new()),
            Engine::Sqlite(member) => {
                let keep = statements.iter().all(|(sql, _)| sql.is_fixed());
                let parts: Vec<(Sql, usize)> =
                    statements.iter().map(|(sql, a)| (sql.clone(), a.len())).collect();
                let args = statements.into_iter().flat_map(|(_, args)| args).collect();
                member.run(|form| joined(&parts, form), keep, args).await.map(|answer| answer.affected)
            }
            Engine::Postgres(tx) => one_by_one(tx, statements).await,
        };
        self.noting(outcome)
    }

    /// Makes it last. On `Err` nothing of it did, except that a connection cut off while PostgreSQL committed
    /// leaves the outcome open: the act's key tells when it is tried again.
    pub async fn commit(self) -> Result<()> {
        self.usable()?;
        match self.engine {
            Engine::Sqlite(member) => member.commit().await,
            Engine::Postgres(tx) => Ok(tx.commit().await?),
        }
    }

    /// Runs a text of several statements without arguments: a migration.
    pub(super) async fn script(&mut self, text: &'static str) -> Result<()> {
        self.usable()?;
        let outcome = match &mut self.engine {
            Engine::Sqlite(member) => {
                member.run(|form| Sql::from(text).text(form), false, Vec::new()).await.map(drop)
            }
            Engine::Postgres(tx) => {
                sqlx::raw_sql(text).execute(&mut **tx).await.map(drop).map_err(DbError::from)
            }
        };
        self.noting(outcome)
    }

    pub(super) fn is_postgres(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }

    async fn run(&mut self, sql: Sql, args: Vec<Val>) -> Result<Answer> {
        self.usable()?;
        let outcome = match &mut self.engine {
            Engine::Sqlite(member) => member.run(|form| sql.text(form), sql.is_fixed(), args).await,
            Engine::Postgres(tx) => on_postgres(tx, &sql, args).await,
        };
        self.noting(outcome)
    }

    fn usable(&self) -> Result<()> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    fn noting<T>(&mut self, outcome: Result<T>) -> Result<T> {
        if let Err(error) = &outcome {
            self.failed = Some(error.clone());
        }
        outcome
    }
}

async fn one_by_one(connection: &mut PgConnection, statements: Vec<(Sql, Vec<Val>)>) -> Result<Vec<u64>> {
    let mut affected = Vec::with_capacity(statements.len());
    for (sql, args) in statements {
        affected.extend(on_postgres(connection, &sql, args).await?.affected.last());
    }
    Ok(affected)
}

pub(super) async fn on_postgres(connection: &mut PgConnection, sql: &Sql, args: Vec<Val>) -> Result<Answer> {
    let query = sqlx::query_with(sql.text(Form::Postgres), value::postgres(args)?).persistent(sql.is_fixed());
    collect_postgres(connection, query).await
}

pub(super) async fn on_sqlite(
    connection: &mut SqliteConnection,
    sql: &Sql,
    args: Vec<Val>,
) -> Result<Answer> {
    let query = sqlx::query_with(sql.text(Form::Sqlite("")), value::sqlite(args)?).persistent(sql.is_fixed());
    collect_sqlite(connection, query).await
}

/// SQLite counts the rows changed by the *last writing* statement, also after one that writes nothing; so the counts
/// are kept apart, and never added up.
pub(super) async fn collect_sqlite(
    connection: &mut SqliteConnection,
    query: Query<'_, Sqlite, SqliteArguments>,
) -> Result<Answer> {
    let mut answer = Answer::default();
    let mut stream = connection.fetch_many(query);
    while let Some(item) = stream.try_next().await? {
        match item {
            Either::Left(done) => answer.affected.push(done.rows_affected()),
            Either::Right(row) => answer.rows.push(Row(Inner::Sqlite(row))),
        }
    }
    Ok(answer)
}

async fn collect_postgres(
    connection: &mut PgConnection,
    query: Query<'_, Postgres, PgArguments>,
) -> Result<Answer> {
    let mut answer = Answer::default();
    let mut stream = connection.fetch_many(query);
    while let Some(item) = stream.try_next().await? {
        match item {
            Either::Left(done) => answer.affected.push(done.rows_affected()),
            Either::Right(row) => answer.rows.push(Row(Inner::Postgres(row))),
        }
    }
    Ok(answer)
}
