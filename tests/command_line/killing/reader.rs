//! Somebody reads for long beside the service (SQLite): nobody waits for him, and what grew meanwhile shrinks again.

use std::sync::Arc;
use std::time::Instant;

use sqlx::{Connection, Executor, SqliteConnection};

use super::super::ground;
use super::site::Site;
use super::{Client, INITIATORS, PATIENCE};

/// What the write-ahead log may keep for itself.
const LOG: u64 = 64 << 20;
/// More than that is written while he reads.
const BALLAST: &str = "CREATE TABLE ballast (b BLOB); INSERT INTO ballast WITH RECURSIVE n(i) AS \
    (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 80) SELECT randomblob(1000000) FROM n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_who_stays_long_holds_up_nobody_and_the_log_shrinks_after_him() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("liaison.db");
    let database = format!("sqlite://{}", file.display());
    let log = || std::fs::metadata(file.with_extension("db-wal")).map_or(0, |file| file.len());
    let site = Arc::new(Site::opens(folder, database.clone(), 1));
    let mut client =
        Client { site: site.clone(), name: 0, said: 0, last_form: String::new(), done: Vec::new() };
    client.works(INITIATORS[0]).await;

    let mut reader = SqliteConnection::connect(&database).await.unwrap();
    reader.execute("BEGIN").await.unwrap();
    reader.fetch_all("SELECT COUNT(*) FROM audit").await.unwrap();
    ground::changes(&database, BALLAST).await;
    assert!(log() > LOG, "the log cannot shrink while he reads: {}", log());
    let before = client.done.len();
    let begun = Instant::now();
    client.works(INITIATORS[1]).await;
    assert_eq!(client.done.len(), before + 4, "people work on beside him");
    println!("a request in {:?} beside a reader, {} MiB of log", begun.elapsed(), log() >> 20);
    assert!(log() > LOG, "he still reads: {}", log());

    reader.close().await.unwrap();
    let begun = Instant::now();
    while log() > LOG {
        assert!(begun.elapsed() < PATIENCE, "the log keeps {} bytes", log());
        client.works(INITIATORS[2]).await;
    }
    site.rests().await;
    assert!(log() <= LOG, "{}", log());
}
