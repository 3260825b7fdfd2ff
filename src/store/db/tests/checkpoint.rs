//! Stories of SQLite's log: what is in it goes into the file although nobody writes any more.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, Row as _, SqliteConnection};

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

fn file(world: &World) -> PathBuf {
    world.folder.path().join("data/liaison.db")
}

/// The rows that are in the file itself, whatever the log says.
async fn in_the_file(world: &World) -> i64 {
    let options = SqliteConnectOptions::new().filename(file(world)).immutable(true).read_only(true);
    let mut reader = options.connect().await.unwrap();
    let counted = reader.fetch_one("SELECT COUNT(*) FROM entry").await;
    reader.close().await.unwrap();
    // The table itself may be in the log only.
    counted.map_or(0, |row| row.get(0))
}

async fn waits_for(world: &World, rows: i64) {
    let begun = Instant::now();
    while in_the_file(world).await != rows {
        assert!(begun.elapsed() < PATIENCE, "{} rows are in the file", in_the_file(world).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn one_more(world: &World, name: &str) {
    let mut tx = world.db.begin().await.unwrap();
    tx.execute(INSERT, args![name, 1_i64]).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_single_commit_reaches_the_file_without_another() {
    let world = sqlite().await.with_tables().await;
    one_more(&world, "first").await;
    waits_for(&world, 1).await;
    one_more(&world, "second").await;
    waits_for(&world, 2).await;
}

#[tokio::test]
async fn what_somebody_still_reads_around_reaches_the_file_after_him() {
    let world = sqlite().await.with_tables().await;
    one_more(&world, "before").await;
    waits_for(&world, 1).await;
    let mut reader =
        SqliteConnection::connect(&format!("sqlite://{}", file(&world).display())).await.unwrap();
    reader.execute("BEGIN; SELECT COUNT(*) FROM entry").await.unwrap();
    for n in 0..30 {
        one_more(&world, &format!("beside-{n}")).await;
    }
    // So many do not wait for more, so there was a try by now, which could not move them.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(in_the_file(&world).await, 1, "he would read pages that are newer than his transaction");
    reader.close().await.unwrap();
    waits_for(&world, 31).await;
}

#[tokio::test]
async fn whoever_closes_the_database_leaves_no_log() {
    let world = sqlite().await.with_tables().await;
    for n in 0..50 {
        one_more(&world, &format!("n{n}")).await;
    }
    world.db.close().await;
    assert_eq!(in_the_file(&world).await, 50);
    assert!(!file(&world).with_extension("db-wal").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_is_never_empty_begins_anew_all_the_same() {
    let world = sqlite().await;
    let mut tx = world.db.begin().await.unwrap();
    tx.execute("CREATE TABLE ballast (b BLOB NOT NULL)", args![]).await.unwrap();
    tx.commit().await.unwrap();
    let mut longest = 0;
    for _ in 0..400 {
        let mut tx = world.db.begin().await.unwrap();
        tx.execute("INSERT INTO ballast (b) VALUES (randomblob(500000))", args![]).await.unwrap();
        tx.commit().await.unwrap();
        longest = longest.max(std::fs::metadata(file(&world).with_extension("db-wal")).unwrap().len());
    }
    // What is written between two looks comes on top of the 64 MiB.
    assert!(longest < 160 << 20, "{} MiB of log", longest >> 20);
}
