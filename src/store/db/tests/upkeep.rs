//! Stories of what the administrator does: migrations, copies, checks.

use super::super::migrate::Migration;
use super::*;

const ONE: Migration = Migration {
    version: 1,
    name: "first",
    sql: "CREATE TABLE a (id TEXT NOT NULL PRIMARY KEY);\nCREATE INDEX a_id ON a (id) WHERE id <> '';\n",
    postgres: None,
};
const TWO: Migration = Migration {
    version: 2,
    name: "second",
    sql: "ALTER TABLE a ADD COLUMN lite BIGINT; -- a word\n",
    postgres: Some("ALTER TABLE a ADD COLUMN big BIGINT;"),
};
const CHANGED: Migration = Migration { sql: "CREATE TABLE a (id TEXT);", ..ONE };
const WINDOWS: Migration = Migration {
    sql: "CREATE TABLE a (id TEXT NOT NULL PRIMARY KEY);\r\nCREATE INDEX a_id ON a (id) WHERE id <> '';\r\n",
    ..ONE
};
const BROKEN: Migration = Migration {
    version: 2,
    name: "broken",
    sql: "CREATE TABLE b (id TEXT);\nCREATE TABLE a (id TEXT);",
    postgres: None,
};

#[tokio::test]
async fn migrations_are_applied_once_and_step_by_step() {
    for world in worlds().await {
        let db = &world.db;
        assert_eq!(db.migrate_list(&[ONE, TWO], 1).await.unwrap(), [1]);
        assert_eq!(db.migrate_list(&[ONE, TWO], i64::MAX).await.unwrap(), [2]);
        assert_eq!(db.migrate_list(&[WINDOWS, TWO], i64::MAX).await.unwrap(), [0; 0]);
        let column = if db.is_postgres() { "SELECT big FROM a" } else { "SELECT lite FROM a" };
        assert!(db.rows(column, args![]).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_newer_or_changed_schema_is_refused() {
    for world in worlds().await {
        let db = &world.db;
        db.migrate_list(&[ONE, TWO], i64::MAX).await.unwrap();
        let newer = db.migrate_list(&[ONE], i64::MAX).await.unwrap_err();
        assert!(newer.to_string().contains("newer than this program"), "{newer}");
        let changed = db.migrate_list(&[CHANGED, TWO], i64::MAX).await.unwrap_err();
        assert!(changed.to_string().contains("was changed after"), "{changed}");
    }
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing() {
    for world in worlds().await {
        let db = &world.db;
        assert!(db.migrate_list(&[ONE, BROKEN], i64::MAX).await.is_err());
        assert!(db.rows("SELECT id FROM a", args![]).await.is_ok());
        assert!(db.rows("SELECT id FROM b", args![]).await.is_err());
        assert_eq!(db.migrate_list(&[ONE, TWO], i64::MAX).await.unwrap(), [2]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_that_start_together_migrate_once() {
    for world in worlds().await {
        let tasks = (0..6).map(|_| {
            let db = world.db.clone();
            tokio::spawn(async move { db.migrate_list(&[ONE, TWO], i64::MAX).await.unwrap() })
        });
        let mut applied: Vec<i64> = join_all(tasks).await.into_iter().flat_map(Result::unwrap).collect();
        applied.sort_unstable();
        assert_eq!(applied, [1, 2]);
    }
}

/// A file that nobody listed would silently never be applied.
#[tokio::test]
async fn every_migration_file_is_listed_and_applies() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let names =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<String> = names.filter(|name| name.ends_with(".sql")).collect();
    files.sort();
    let mut listed = Vec::new();
    for migration in migrations::ALL {
        let stem = format!("{:04}_{}", migration.version, migration.name);
        listed.extend(migration.postgres.map(|_| format!("{stem}.postgres.sql")));
        listed.push(format!("{stem}.sql"));
    }
    assert_eq!(listed, files);
    for world in worlds().await {
        assert_eq!(world.db.pending().await.unwrap().len(), migrations::ALL.len());
        assert_eq!(world.db.migrate_to(0).await.unwrap(), [0; 0]);
        world.db.migrate().await.unwrap();
        assert!(world.db.pending().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_copy_is_made_while_people_work_and_opens() {
    let world = sqlite().await.with_tables().await;
    let mut done = world.db.begin().await.unwrap();
    done.execute(INSERT, args!["done", 1_i64]).await.unwrap();
    done.commit().await.unwrap();
    let mut open = world.db.begin().await.unwrap();
    open.execute(INSERT, args!["open", 1_i64]).await.unwrap();
    let path = world.folder.path().join("copies/one.db");
    world.db.backup_to(&path).await.unwrap();
    open.commit().await.unwrap();
    assert!(world.db.backup_to(&path).await.is_err(), "a copy is never written over");

    let copy = Db::open(&Options::new(format!("sqlite://{}", path.display()))).await.unwrap();
    let copy = World { db: copy, folder: tempfile::tempdir().unwrap() };
    assert_eq!((copy.count("done").await, copy.count("open").await), (1, 0));
    assert_eq!(copy.db.integrity_check().await.unwrap(), [""; 0]);
    copy.db.close().await;
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let world = sqlite().await.with_tables().await;
    world.db.backup_to(&world.folder.path().join("data/copy.db")).await.unwrap();
    for file in std::fs::read_dir(world.folder.path().join("data")).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn doctor_can_tell_whether_a_commit_reaches_the_disk() {
    for world in worlds().await {
        let world = world.with_tables().await;
        let report = world.db.durability().await.unwrap();
        assert!(!report.version.is_empty() && report.settings.len() == 3, "{report:?}");
        assert!(world.db.size().await.unwrap() > 4_096);
        if !world.db.is_postgres() {
            assert!(report.safe, "{report:?}");
        }
    }
}

#[tokio::test]
async fn a_url_that_is_no_database_is_refused() {
    assert!(matches!(Db::open(&Options::new("mysql://x/y")).await, Err(DbError::Other(_))));
    assert!(matches!(Db::open(&Options::new("sqlite::memory:")).await, Err(DbError::Other(_))));
    assert!(Db::open(&Options::new("sqlite:///proc/nowhere/x.db")).await.is_err());
}
