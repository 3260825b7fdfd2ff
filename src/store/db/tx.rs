//! A transaction of either engine, and how its statements are run.
//!
//! Invariant: after an error a transaction can only be dropped, on both engines, as PostgreSQL has it; and one that is
//! dropped without `commit` leaves nothing behind.

use futures_util::TryStreamExt;
use sqlx::postgres::{PgArguments, PgConnection};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Either, Executor, Postgres, Sqlite, Transaction};

use super::Db;
use super::error::{DbError, Result};
use super::group::Member;
use super::row::{Inner, Row, rows_of_json};
use super::seat::gone;
use super::sql::{Form, Part, Sql, arrays, at_once, joined, takes_rows};
use super::value::{self, Val};
use crate::crash::{self, Point};

/// A transaction. It shares its commit with neighbours on SQLite, and can see what they have not committed yet: so an
/// answer that rests on what was only *read* may be given after [`Tx::commit`] too, not after a drop.
pub struct Tx {
    pub(super) db: Db,
    pub(super) begun: Option<Begun>,
    failed: Option<DbError>,
}

/// One statement of a batch.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The text.
    pub sql: Sql,
    /// Its values.
    pub args: Vec<Val>,
    /// When it runs among the others.
    pub turn: Turn,
    /// Whether it has to hit exactly one row.
    pub one: bool,
    /// An insert of so many rows, whose values follow one another; 1 for whatever else.
    rows: usize,
}

/// When a statement runs among those of its batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Between those that are first; no other statement of the batch that runs at any time writes the same row.
    Any,
    /// Before those that come later: they rest on it.
    First,
    /// The same; and the next one, if it is an update of another table, need not even try when this one hits no row.
    Gate,
}

impl Statement {
    /// A statement on which no other one rests.
    pub fn new(sql: impl Into<Sql>, args: Vec<Val>) -> Self {
        Self { sql: sql.into(), args, turn: Turn::Any, one: false, rows: 1 }
    }

    /// The same in another turn.
    pub fn turn(self, turn: Turn) -> Self {
        Self { turn, ..self }
    }

    /// The same, which has to hit exactly one row.
    pub fn one(self) -> Self {
        Self { one: true, ..self }
    }

    /// Takes the row of another insert of the same text, so that both are one statement; or gives it back.
    pub fn with_row(&mut self, other: Self) -> Option<Self> {
        let (Sql::Fixed(own), Sql::Fixed(text)) = (&self.sql, &other.sql) else { return Some(other) };
        let alike = own == text
            && (self.turn, self.one, other.turn, other.one) == (Turn::Any, false, Turn::Any, false);
        if !alike || self.rows >= MOST_ROWS || !takes_rows(own) {
            return Some(other);
        }
        self.rows += other.rows;
        self.args.extend(other.args);
        None
    }

    pub(super) fn part(&self) -> Part {
        Part { sql: self.sql.clone(), arguments: self.args.len() / self.rows, rows: self.rows, one: self.one }
    }
}

/// Rows of one insert: a batch of more is several, so that there are not too many texts to prepare.
const MOST_ROWS: usize = 8;

pub(super) enum Begun {
    Sqlite(Member),
    Postgres(Transaction<'static, Postgres>),
}

/// What a text gave: rows changed per statement, all rows, and how many there were at the end of each statement.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub affected: Vec<u64>,
    pub rows: Vec<Row>,
    pub ends: Vec<usize>,
}

impl Answer {
    fn ended(&mut self, affected: u64) {
        self.affected.push(affected);
        self.ends.push(self.rows.len());
    }

    /// The statements in front of the caller's own are nobody's.
    pub(super) fn without_front(mut self, statements: usize) -> Self {
        self.affected.drain(..statements.min(self.affected.len()));
        self.ends.drain(..statements.min(self.ends.len()));
        self
    }

    /// The rows of each statement.
    pub(super) fn each<const N: usize>(self) -> [Vec<Row>; N] {
        let mut rows = self.rows.into_iter();
        let mut ends = self.ends.into_iter();
        let mut begun = 0;
        std::array::from_fn(|_| {
            let end = ends.next().unwrap_or(begun);
            let part = rows.by_ref().take(end - begun).collect();
            begun = end;
            part
        })
    }
}

impl Tx {
    pub(super) fn new(db: Db) -> Self {
        Self { db, begun: None, failed: None }
    }

    /// Begins it, unless it has begun.
    pub(super) async fn begun(&mut self) -> Result<&mut Begun> {
        if self.begun.is_none() {
            self.begun = Some(self.db.turn().await?);
        }
        self.begun.as_mut().ok_or_else(gone)
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

    /// The rows of several statements that take the same values, in one journey.
    pub async fn rows_each<const N: usize>(
        &mut self,
        sql: [&'static str; N],
        args: Vec<Val>,
    ) -> Result<[Vec<Row>; N]> {
        self.usable()?;
        let outcome = match self.begun().await? {
            Begun::Sqlite(member) => {
                let (parts, args) = parts(same_values(sql, args));
                member.run(|form| joined(&parts, form), true, args).await.map(Answer::each)
            }
            Begun::Postgres(tx) => each_on_postgres(tx, sql, args).await,
        };
        self.noting(outcome)
    }

    /// Runs several statements whose rows nobody needs; how many rows each changed. One journey to SQLite instead of
    /// one per statement; on PostgreSQL one for all that do not rest on each other.
    pub async fn batch(&mut self, statements: Vec<Statement>) -> Result<Vec<u64>> {
        self.usable()?;
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        let outcome = match self.begun().await? {
            Begun::Sqlite(member) => {
                let keep = statements.iter().all(|s| s.sql.is_fixed());
                let (parts, args) = parts(statements);
                member.run(|form| joined(&parts, form), keep, args).await.map(|answer| answer.affected)
            }
            Begun::Postgres(tx) => in_few_journeys(tx, statements).await,
        };
        self.noting(outcome)
    }

    /// Runs several statements, as [`Tx::batch`]; the text of the first one that has to hit exactly one row and did not,
    /// if there is one: then the transaction is to be dropped.
    pub async fn batch_missed(&mut self, statements: Vec<Statement>) -> Result<Option<String>> {
        let ones: Vec<_> = statements.iter().map(|one| one.one.then(|| one.sql.clone())).collect();
        let hits = self.batch(statements).await?;
        let mut missed = ones.into_iter().enumerate().filter(|(place, _)| hits.get(*place) != Some(&1));
        Ok(missed.find_map(|(_, one)| one).map(|sql| sql.as_str().to_owned()))
    }

    /// Makes it last. On `Err` nothing of it did, except that a connection cut off while PostgreSQL committed
    /// leaves the outcome open: the act's key tells when it is tried again.
    pub async fn commit(self) -> Result<()> {
        self.usable()?;
        match self.begun {
            None => Ok(()),
            Some(Begun::Sqlite(member)) => member.commit().await,
            Some(Begun::Postgres(tx)) => {
                crash::here(Point::TransactionWritten);
                tx.commit().await?;
                crash::here(Point::TransactionCommitted);
                Ok(())
            }
        }
    }

    /// Runs a text of several statements without arguments: a migration.
    pub(super) async fn script(&mut self, text: &'static str) -> Result<()> {
        self.usable()?;
        let outcome = match self.begun().await? {
            Begun::Sqlite(member) => {
                member.run(|form| Sql::from(text).text(form), false, Vec::new()).await.map(drop)
            }
            Begun::Postgres(tx) => {
                sqlx::raw_sql(text).execute(&mut **tx).await.map(drop).map_err(DbError::from)
            }
        };
        self.noting(outcome)
    }

    pub(super) fn is_postgres(&self) -> bool {
        self.db.is_postgres()
    }

    async fn run(&mut self, sql: Sql, args: Vec<Val>) -> Result<Answer> {
        self.usable()?;
        let outcome = match self.begun().await? {
            Begun::Sqlite(member) => member.run(|form| sql.text(form), sql.is_fixed(), args).await,
            Begun::Postgres(tx) => on_postgres(tx, &sql, args).await,
        };
        self.noting(outcome)
    }

    pub(super) fn usable(&self) -> Result<()> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    fn noting<T>(&mut self, outcome: Result<T>) -> Result<T> {
        if let Err(error) = &outcome {
            self.failed = Some(error.clone());
        }
        outcome
    }
}

fn same_values<const N: usize>(sql: [&'static str; N], args: Vec<Val>) -> Vec<Statement> {
    sql.into_iter().map(|sql| Statement::new(sql, args.clone())).collect()
}

/// Several statements at once, each with the same values, outside of any transaction.
pub(super) async fn each_on_sqlite<const N: usize>(
    connection: &mut SqliteConnection,
    sql: [&'static str; N],
    args: Vec<Val>,
) -> Result<[Vec<Row>; N]> {
    let (parts, args) = parts(same_values(sql, args));
    let query = sqlx::query_with(joined(&parts, Form::Sqlite("")), value::sqlite(args)?).persistent(true);
    collect_sqlite(connection, query).await.map(Answer::each)
}

/// PostgreSQL takes one statement with values at a time: so they are one, which also reads one state.
pub(super) async fn each_on_postgres<const N: usize>(
    connection: &mut PgConnection,
    sql: [&'static str; N],
    args: Vec<Val>,
) -> Result<[Vec<Row>; N]> {
    let query = sqlx::query_with(arrays(&sql), value::postgres(args)?);
    let answer = collect_postgres(connection, query).await?;
    let row = answer.rows.into_iter().next().ok_or_else(|| DbError::Other("no arrays".to_owned()))?;
    let mut each = std::array::from_fn(|_| Vec::new());
    for (n, rows) in each.iter_mut().enumerate() {
        *rows = rows_of_json(row.get::<Option<String>>(n)?.as_deref())?;
    }
    Ok(each)
}

fn parts(statements: Vec<Statement>) -> (Vec<Part>, Vec<Val>) {
    let parts = statements.iter().map(Statement::part).collect();
    (parts, statements.into_iter().flat_map(|s| s.args).collect())
}

/// Those that others rest on go before the rest, and the rest in between goes as one statement. A claim and the
/// tripwire that follows it are one journey, too.
async fn in_few_journeys(connection: &mut PgConnection, statements: Vec<Statement>) -> Result<Vec<u64>> {
    let mut affected = Vec::with_capacity(statements.len());
    let mut rest = statements.into_iter().peekable();
    while let Some(next) = rest.next() {
        let (turn, is_fixed) = (next.turn, next.sql.is_fixed());
        let joins = |next: &Statement, so_far: usize| match turn {
            Turn::Any => next.turn == Turn::Any && next.sql.is_fixed(),
            Turn::Gate => so_far == 1 && next.turn == Turn::First && next.sql.is_conditional_update(),
            Turn::First => false,
        };
        let mut run = vec![next];
        while is_fixed && rest.peek().is_some_and(|next| joins(next, run.len())) {
            run.extend(rest.next());
        }
        let after = (turn == Turn::Gate).then_some(1);
        if let [Statement { rows: 1, .. }] = run.as_slice() {
            for one in run {
                let answer = on_postgres(connection, &one.sql, one.args).await?;
                affected.push(answer.affected.last().copied().unwrap_or(0));
            }
            continue;
        }
        let (parts, args) = parts(run);
        let query = sqlx::query_with(at_once(&parts, after), value::postgres(args)?);
        let answer = collect_postgres(connection, query).await?;
        let row = answer.rows.into_iter().next().ok_or_else(|| DbError::Other("no counts".to_owned()))?;
        for n in 0..parts.len() {
            affected.push(u64::try_from(row.get::<i64>(n)?).unwrap_or(0));
        }
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
            Either::Left(done) => answer.ended(done.rows_affected()),
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
            Either::Left(done) => answer.ended(done.rows_affected()),
            Either::Right(row) => answer.rows.push(Row(Inner::Postgres(row))),
        }
    }
    Ok(answer)
}
