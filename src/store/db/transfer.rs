//! Moves everything from a SQLite file into an empty PostgreSQL database.
//!
//! Invariants: all of it or nothing; the source is read in one snapshot and not written; what arrived is read back
//! and compared row by row before it counts.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Row as _};

use super::error::{DbError, Result};
use super::{Db, Engine};

/// One table that was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Its name.
    pub table: String,
    /// Rows on both sides.
    pub rows: u64,
    /// Over all rows of both sides, whatever their order; hex.
    pub hash: String,
}

/// A table of ours: names come from the schema that our own migrations wrote.
struct Table {
    name: String,
    columns: Vec<String>,
    /// Columns of the primary key, where the rows have no number of their own.
    key: Vec<String>,
    parents: Vec<String>,
}

/// Rows that travel together.
const BATCH: usize = 500;

/// The migrations' own record: each side keeps its own.
const OWN: &str = "schema_migration";

impl Db {
    /// Moves every table of this SQLite database to an empty, migrated PostgreSQL; what was moved, by table.
    ///
    /// # Errors
    /// When the engines are not these, the target holds rows, or what arrived is not what was sent.
    pub async fn move_to(&self, target: &Db) -> Result<Vec<Moved>> {
        let (Engine::Sqlite(lite), Engine::Postgres(pool)) = (&self.0, &target.0) else {
            return Err(DbError::Other("data are moved from SQLite to PostgreSQL".to_owned()));
        };
        let mut source = lite.options.connect().await?;
        source.execute("BEGIN").await?;
        let mut tx = pool.begin().await?;
        // It takes as long as it takes, and nobody else is there yet.
        tx.execute("SET LOCAL statement_timeout = 0").await?;
        tx.execute("SET LOCAL idle_in_transaction_session_timeout = 0").await?;
        let tables = in_order(tables(&mut source).await?)?;
        for table in &tables {
            is_empty(&mut tx, table).await?;
        }
        let mut moved = Vec::with_capacity(tables.len());
        for table in &tables {
            let sent = send(&mut source, &mut tx, table).await?;
            let arrived = read_back(&mut tx, table).await?;
            if sent != arrived {
                let why = format!("{}: {} rows were sent, {} arrived", table.name, sent.rows, arrived.rows);
                return Err(DbError::Other(why));
            }
            moved.push(Moved { table: table.name.clone(), rows: sent.rows, hash: hex::encode(sent.sum) });
        }
        tx.commit().await?;
        source.close().await?;
        Ok(moved)
    }
}

/// Count and sum of the hashes of rows: the same whatever the order, and a row that is there twice counts twice.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    rows: u64,
    sum: [u8; 32],
}

impl Tally {
    fn add(&mut self, row: &Value) {
        self.rows += 1;
        let mut carry = 0;
        for (sum, byte) in self.sum.iter_mut().zip(Sha256::digest(row.to_string())) {
            let total = u16::from(*sum) + u16::from(byte) + carry;
            [*sum, _] = total.to_le_bytes();
            carry = total >> 8;
        }
    }
}

async fn tables(source: &mut SqliteConnection) -> Result<Vec<Table>> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
               AND name <> ? ORDER BY name";
    let names: Vec<String> = sqlx::query_scalar(sql).bind(OWN).fetch_all(&mut *source).await?;
    let mut tables = Vec::with_capacity(names.len());
    for name in names {
        let columns = sqlx::query_scalar("SELECT name FROM pragma_table_info(?)").bind(&name);
        let columns = columns.fetch_all(&mut *source).await?;
        let key = "SELECT k.name FROM pragma_table_info(?1) k WHERE k.pk > 0 \
                   AND EXISTS (SELECT 1 FROM pragma_table_list(?1) t WHERE t.wr = 1) ORDER BY k.pk";
        let key = sqlx::query_scalar(key).bind(&name).fetch_all(&mut *source).await?;
        let parents = sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_list(?)").bind(&name);
        let parents = parents.fetch_all(&mut *source).await?;
        tables.push(Table { name, columns, key, parents });
    }
    Ok(tables)
}

/// Parents before those that point to them.
fn in_order(mut waiting: Vec<Table>) -> Result<Vec<Table>> {
    let mut ordered: Vec<Table> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let done = |name: &String| ordered.iter().any(|table| &table.name == name);
        let free = |table: &Table| table.parents.iter().all(|parent| parent == &table.name || done(parent));
        let (ready, later): (Vec<Table>, Vec<Table>) = waiting.into_iter().partition(free);
        if ready.is_empty() {
            return Err(DbError::Other("tables point to each other in a circle".to_owned()));
        }
        ordered.extend(ready);
        waiting = later;
    }
    Ok(ordered)
}

async fn is_empty(tx: &mut PgConnection, table: &Table) -> Result<()> {
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {})", quoted(&table.name));
    let occupied: bool = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *tx).await?;
    match occupied {
        true => Err(DbError::Other(format!("the target is not empty: {} holds rows", table.name))),
        false => Ok(()),
    }
}

async fn send(source: &mut SqliteConnection, tx: &mut PgConnection, table: &Table) -> Result<Tally> {
    let name = quoted(&table.name);
    let pairs: Vec<String> = table.columns.iter().map(|c| format!("'{c}', {}", quoted(c))).collect();
    let line = format!("json_object({}) AS line FROM {name}", pairs.join(", "));
    let read = match table.key.as_slice() {
        [] => format!("SELECT rowid AS at, {line} WHERE rowid > ? ORDER BY rowid LIMIT {BATCH}"),
        key => {
            let key = key.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", ");
            let at = format!("row_number() OVER (ORDER BY {key}) - 1 AS at");
            format!("SELECT {at}, {line} ORDER BY {key} LIMIT {BATCH} OFFSET max(?, -1) + 1")
        }
    };
    let write = format!("INSERT INTO {name} SELECT * FROM json_populate_recordset(NULL::{name}, $1::json)");
    let (mut tally, mut after) = (Tally::default(), i64::MIN);
    loop {
        let rows = sqlx::query(AssertSqlSafe(read.as_str())).bind(after).fetch_all(&mut *source).await?;
        let Some(last) = rows.last() else { return Ok(tally) };
        after = last.try_get("at")?;
        let mut texts: Vec<String> = Vec::with_capacity(rows.len());
        for row in &rows {
            let text: String = row.try_get("line")?;
            tally.add(&plain(&text)?);
            texts.push(text);
        }
        let batch = format!("[{}]", texts.join(","));
        sqlx::query(AssertSqlSafe(write.as_str())).bind(batch).execute(&mut *tx).await?;
    }
}

async fn read_back(tx: &mut PgConnection, table: &Table) -> Result<Tally> {
    let name = quoted(&table.name);
    let open = format!("DECLARE back NO SCROLL CURSOR FOR SELECT row_to_json(t)::text FROM {name} t");
    tx.execute(AssertSqlSafe(open)).await?;
    let mut tally = Tally::default();
    loop {
        let fetch = format!("FETCH {BATCH} FROM back");
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(fetch)).fetch_all(&mut *tx).await?;
        if rows.is_empty() {
            tx.execute("CLOSE back").await?;
            return Ok(tally);
        }
        for row in rows {
            tally.add(&plain(&row)?);
        }
    }
}

/// A row by column name, with the flags as SQLite has them: 0 and 1.
fn plain(row: &str) -> Result<Value> {
    let columns: BTreeMap<String, Value> = serde_json::from_str(row)
        .map_err(|error| DbError::Other(format!("a row cannot be read back: {error}")))?;
    let bare = |value| match value {
        Value::Bool(flag) => Value::from(i64::from(flag)),
        other => other,
    };
    Ok(columns.into_iter().map(|(name, value)| (name, bare(value))).collect())
}

/// An identifier as both engines read it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
