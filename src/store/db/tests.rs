//! Stories of the database layer that hold on both engines.
//!
//! PostgreSQL takes part where `LIAISON_TEST_POSTGRES` names a maintenance database; each story gets its own.

use futures_util::future::join_all;

use super::*;
use crate::domain::{Date, PersonId, Timestamp};

mod checkpoint;
mod each;
mod gate;
mod group;
mod upkeep;
mod whole;

/// A database of its own, and what must live as long as it.
pub(in crate::store) struct World {
    pub db: Db,
    pub folder: tempfile::TempDir,
}

pub(super) async fn sqlite() -> World {
    sqlite_with(|_| ()).await
}

pub(super) async fn sqlite_with(change: impl FnOnce(&mut Options)) -> World {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/liaison.db");
    let mut options = Options::new(format!("sqlite://{}", path.display()));
    change(&mut options);
    let db = Db::open(&options).await.unwrap();
    World { db, folder }
}

/// SQLite, and PostgreSQL where there is one.
pub(in crate::store) async fn worlds() -> Vec<World> {
    let mut worlds = vec![sqlite().await];
    match std::env::var("LIAISON_TEST_POSTGRES") {
        Ok(url) => worlds.push(postgres(&url).await),
        Err(_) => {
            println!("skipped: PostgreSQL, because LIAISON_TEST_POSTGRES is not set");
            assert!(std::env::var("LIAISON_TEST_STRICT").is_err(), "a skipped story is a failure here");
        }
    }
    worlds
}

async fn postgres(maintenance: &str) -> World {
    use sqlx::{Connection, Executor};
    let name = format!("liaison_{}", uuid::Uuid::now_v7().simple());
    let mut admin = sqlx::PgConnection::connect(maintenance).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name} STRATEGY file_copy"));
    admin.execute(sqlx::raw_sql(create)).await.unwrap();
    let (server, _) = maintenance.rsplit_once('/').unwrap();
    let db = Db::open(&Options::new(format!("{server}/{name}"))).await.unwrap();
    World { db, folder: tempfile::tempdir().unwrap() }
}

impl World {
    /// A table of entries and a counter, as most stories need.
    pub async fn with_tables(self) -> Self {
        let mut tx = self.db.begin().await.unwrap();
        tx.execute("CREATE TABLE entry (id TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)", args![])
            .await
            .unwrap();
        tx.execute("CREATE TABLE counter (id TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)", args![])
            .await
            .unwrap();
        tx.execute("INSERT INTO counter (id, n) VALUES ($1, 0)", args!["a"]).await.unwrap();
        tx.commit().await.unwrap();
        self
    }

    pub async fn count(&self, like: &str) -> i64 {
        let sql = "SELECT COUNT(*) AS n FROM entry WHERE id LIKE $1";
        self.db.row(sql, args![like]).await.unwrap().unwrap().get("n").unwrap()
    }
}

pub(super) const INSERT: &str = "INSERT INTO entry (id, n) VALUES ($1, $2)";

#[tokio::test]
async fn values_come_back_as_they_went_in() {
    for world in worlds().await {
        let mut tx = world.db.begin().await.unwrap();
        let table = "CREATE TABLE v (t TEXT, n BIGINT, b BOOLEAN, x DOUBLE PRECISION, r ";
        let table = if world.db.is_postgres() { [table, "BYTEA)"] } else { [table, "BLOB)"] };
        let insert = "INSERT INTO v (t, n, b, x, r) VALUES ($1, $2, $3, $4, $5)";
        tx.batch(vec![Statement::new(Sql::pieces(&table), args![])]).await.unwrap();
        tx.execute(insert, args!["排期 'a'", i64::MAX, true, 0.5, vec![0_u8, 255]]).await.unwrap();
        let none = args![None::<&str>, None::<i64>, None::<bool>, None::<f64>, None::<Vec<u8>>];
        tx.execute(insert, none).await.unwrap();
        let all = "SELECT t, n, b, x, r, n IS NULL AS empty FROM v ORDER BY empty";
        let rows = tx.rows(all, args![]).await.unwrap();
        let (full, empty) = (&rows[0], &rows[1]);
        assert_eq!(full.get::<String>("t").unwrap(), "排期 'a'");
        assert_eq!(full.get::<Option<i64>>(1).unwrap(), Some(i64::MAX));
        assert!(full.get::<bool>("b").unwrap());
        assert_eq!(full.get::<f64>("x").unwrap(), 0.5);
        assert_eq!(full.get::<Vec<u8>>("r").unwrap(), [0, 255]);
        assert!(empty.get::<bool>("empty").unwrap());
        assert_eq!(empty.get::<Option<String>>("t").unwrap(), None);
        assert_eq!(empty.get::<Option<bool>>("b").unwrap(), None);
        assert_eq!(empty.get::<Option<f64>>("x").unwrap(), None);
        assert_eq!(empty.get::<Option<Vec<u8>>>("r").unwrap(), None);
        assert!(empty.get::<i64>("n").is_err(), "a NULL is not a number");
        assert!(full.get::<i64>("t").is_err() && full.get::<String>("nowhere").is_err());
        let sums =
            "SELECT CAST(SUM(n) AS BIGINT) AS s, COUNT(*) AS c, EXISTS (SELECT 1 FROM v WHERE b) AS e FROM v";
        let row = tx.row(sums, args![]).await.unwrap().unwrap();
        assert_eq!(row.get::<i64>("s").unwrap(), i64::MAX);
        assert_eq!(row.get::<i64>("c").unwrap(), 2);
        assert!(row.get::<bool>("e").unwrap());
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn instants_days_and_ids_have_one_form_in_both_engines() {
    for world in worlds().await {
        let at: Timestamp = "2026-12-01T09:00:00.125Z".parse().unwrap();
        let day: Date = "2026-12-01".parse().unwrap();
        let who = PersonId::new("zhang.wei");
        let mut tx = world.db.begin().await.unwrap();
        let table = "CREATE TABLE f (at BIGINT, day TEXT, who TEXT)";
        tx.execute(table, args![]).await.unwrap();
        let values = args![at, day, Some(&who)];
        let insert = "INSERT INTO f (at, day, who) VALUES ($1, $2, $3) RETURNING at, day, who";
        let row = tx.row(insert, values).await.unwrap().unwrap();
        assert_eq!(row.get::<Timestamp>("at").unwrap(), at);
        assert_eq!(row.get::<Option<Date>>("day").unwrap(), Some(day));
        assert_eq!(row.get::<PersonId>("who").unwrap(), who);
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing() {
    for world in worlds().await {
        let world = world.with_tables().await;
        let mut tx = world.db.begin().await.unwrap();
        tx.execute(INSERT, args!["a", 1_i64]).await.unwrap();
        drop(tx);
        let mut tx = world.db.begin().await.unwrap();
        tx.execute(INSERT, args!["b", 1_i64]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((world.count("a").await, world.count("b").await), (0, 1));
    }
}

#[tokio::test]
async fn after_an_error_a_transaction_can_only_be_dropped() {
    for world in worlds().await {
        let world = world.with_tables().await;
        let mut tx = world.db.begin().await.unwrap();
        tx.execute(INSERT, args!["a", 1_i64]).await.unwrap();
        let error = tx.execute(INSERT, args!["a", 2_i64]).await.unwrap_err();
        assert!(error.is_unique() && !error.is_transient(), "{error}");
        assert!(tx.execute(INSERT, args!["b", 2_i64]).await.is_err());
        assert!(tx.commit().await.is_err());
        assert_eq!(world.count("%").await, 0);
    }
}

#[tokio::test]
async fn a_batch_counts_the_rows_of_each_statement() {
    for world in worlds().await {
        let world = world.with_tables().await;
        let mut tx = world.db.begin().await.unwrap();
        let counts = tx
            .batch(vec![
                Statement::new(INSERT, args!["a", 1_i64]).turn(Turn::First),
                Statement::new(INSERT, args!["b", 2_i64]).turn(Turn::First),
                Statement::new("UPDATE entry SET n = n + $2 WHERE n < $1", args![10_i64, 5_i64]),
                Statement::new("UPDATE entry SET n = 0 WHERE id = 'nobody $1'", args![]),
                Statement::new(INSERT, args!["c", 3_i64]),
            ])
            .await
            .unwrap();
        assert_eq!(counts, [1, 1, 2, 0, 1]);
        assert!(tx.batch(Vec::new()).await.unwrap().is_empty());
        assert_eq!(tx.execute("UPDATE entry SET n = 0 WHERE n = 99", args![]).await.unwrap(), 0);
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn behind_a_gate_that_is_shut_nothing_is_updated() {
    for world in worlds().await {
        let world = world.with_tables().await;
        let claim = "INSERT INTO entry (id, n) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
        let update = "UPDATE entry SET n = n + $2 WHERE id = $1";
        let batch = |key: &str| {
            vec![
                Statement::new(claim, args![key, 1_i64]).turn(Turn::Gate),
                Statement::new(update, args!["kept", 1_i64]).turn(Turn::First),
                Statement::new(INSERT, args![format!("{key}, too"), 1_i64]),
            ]
        };
        let mut tx = world.db.begin().await.unwrap();
        tx.execute("INSERT INTO entry (id, n) VALUES ('kept', 0)", args![]).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = world.db.begin().await.unwrap();
        assert_eq!(tx.batch(batch("a")).await.unwrap(), [1, 1, 1]);
        tx.commit().await.unwrap();
        // Who is told that the gate is shut drops the transaction.
        let mut tx = world.db.begin().await.unwrap();
        let shut = tx.batch(batch("a")).await;
        assert!(shut.is_err_and(|error| error.is_unique()), "its third statement is there already");
        drop(tx);
        let row = world.db.row("SELECT n FROM entry WHERE id = 'kept'", args![]).await.unwrap().unwrap();
        assert_eq!(row.get::<i64>("n").unwrap(), 1);
    }
}

/// Nothing is lost and nothing fails when everybody wants the same row.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_adds_one_and_nobody_is_lost() {
    for world in worlds().await {
        let world = world.with_tables().await;
        let tasks = (0..32).map(|_| tokio::spawn(add(world.db.clone(), 60)));
        let refused: usize = join_all(tasks).await.into_iter().map(Result::unwrap).sum();
        let row = world.db.row("SELECT n FROM counter", args![]).await.unwrap().unwrap();
        assert_eq!((row.get::<i64>("n").unwrap(), refused), (32 * 60, 0));
    }
}

async fn add(db: Db, times: usize) -> usize {
    let mut refused = 0;
    for _ in 0..times {
        refused += usize::from(add_one(&db).await.is_err());
    }
    refused
}

async fn add_one(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    let row = tx.row("SELECT n FROM counter WHERE id = $1 /*for update*/", args!["a"]).await?;
    let n: i64 = row.map_or(Ok(0), |row| row.get("n"))?;
    tx.execute("UPDATE counter SET n = $2 WHERE id = $1", args!["a", n + 1]).await?;
    tx.commit().await
}
