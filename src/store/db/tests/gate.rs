//! Stories of replicas that are replaced one by one, as the schema sees them.

use super::super::migrate::Migration;
use super::*;

const FIRST: Migration = Migration {
    version: 1,
    name: "first",
    // What 0019 puts an index on.
    sql: "CREATE TABLE a (id TEXT NOT NULL PRIMARY KEY, old TEXT);\n\
          CREATE TABLE outbox (id TEXT, state TEXT, kind TEXT);",
    postgres: None,
};
const NOTED: Migration = Migration {
    version: 19,
    name: "replicas",
    sql: include_str!("../../../../migrations/0019_replicas.sql"),
    postgres: None,
};
const ADDS: Migration =
    Migration { version: 20, name: "adds", sql: "ALTER TABLE a ADD COLUMN new TEXT;", postgres: None };
const TAKES: Migration = Migration {
    version: 21,
    name: "takes",
    sql: "-- needs 0020\nALTER TABLE a DROP COLUMN old;",
    postgres: None,
};
const MISSPELT: Migration = Migration {
    version: 21,
    name: "misspelt",
    sql: "-- needs the newest one\nALTER TABLE a DROP COLUMN old;",
    postgres: None,
};

async fn why(db: &Db, list: &'static [Migration]) -> String {
    db.migrate_list(list, i64::MAX).await.unwrap_err().to_string()
}

#[tokio::test]
async fn who_knows_less_goes_on_until_something_that_it_uses_is_taken_away() {
    for world in worlds().await {
        let db = &world.db;
        assert_eq!(db.migrate_list(&[FIRST, NOTED, ADDS], i64::MAX).await.unwrap(), [1, 19, 20]);
        assert_eq!(db.migrate_list(&[FIRST, NOTED], i64::MAX).await.unwrap(), [0; 0], "it only added");
        assert_eq!(db.migrate_list(&[FIRST, NOTED, ADDS, TAKES], i64::MAX).await.unwrap(), [21]);
        assert_eq!(db.migrate_list(&[FIRST, NOTED, ADDS], i64::MAX).await.unwrap(), [0; 0], "it knows 20");
        let refused = why(db, &[FIRST, NOTED]).await;
        assert!(refused.contains("migration 21 (takes), which took away"), "{refused}");
    }
}

#[tokio::test]
async fn what_is_not_noted_or_cannot_be_read_admits_nobody() {
    for world in worlds().await {
        let db = &world.db;
        db.migrate_list(&[FIRST, NOTED, MISSPELT], i64::MAX).await.unwrap();
        assert!(why(db, &[FIRST, NOTED]).await.contains("took away what this program uses"));
        let mut tx = db.begin().await.unwrap();
        tx.execute("UPDATE schema_migration SET needs = NULL WHERE version = 21", args![]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(why(db, &[FIRST, NOTED]).await.ends_with("it has migration 21 (misspelt)"));
    }
}

/// Only on PostgreSQL can several run at once.
#[tokio::test]
async fn nothing_is_taken_away_while_a_replica_runs_that_still_uses_it() {
    for world in worlds().await.into_iter().filter(|world| world.db.is_postgres()) {
        let db = &world.db;
        db.migrate_list(&[FIRST, NOTED, ADDS], i64::MAX).await.unwrap();
        let seen = async |knows: i64, ago: i64| {
            let sql = "INSERT INTO replica (id, program, knows, place, started_at, seen_at) \
                       VALUES ('r', '0.9.0', $1, 'host-1:42', 0, \
                       CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) - $2) \
                       ON CONFLICT (id) DO UPDATE SET knows = excluded.knows, seen_at = excluded.seen_at";
            let mut tx = db.begin().await.unwrap();
            tx.execute(sql, args![knows, ago]).await.unwrap();
            tx.commit().await.unwrap();
        };
        seen(19, 60_000).await;
        let refused = why(db, &[FIRST, NOTED, ADDS, TAKES]).await;
        assert!(refused.contains("host-1:42 runs 0.9.0, which knows migrations up to 19"), "{refused}");
        assert!(db.rows("SELECT old FROM a", args![]).await.is_ok(), "it is still there");
        seen(20, 60_000).await;
        assert_eq!(db.migrate_list(&[FIRST, NOTED, ADDS], i64::MAX).await.unwrap(), [0; 0]);
        seen(19, 200_000).await;
        assert_eq!(db.migrate_list(&[FIRST, NOTED, ADDS, TAKES], i64::MAX).await.unwrap(), [21], "long gone");
    }
}
