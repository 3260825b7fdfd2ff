//! A schema that the program does not know is refused with a word on what to do, and nothing is touched.

use super::database::{Database, both};
use super::files::steps;

async fn refuses(database: &mut Database, change: &str, because: &str) {
    assert_eq!(database.liaison(&["migrate"]).0, 0);
    database.script(change).await.unwrap();
    let before = database.rows("schema_migration").await;
    for command in ["migrate", "serve", "pause", "audit verify"] {
        let arguments: Vec<&str> = command.split(' ').collect();
        let (code, out, err) = database.liaison(&arguments);
        assert_eq!((code, out.as_str()), (1, ""), "{command}: {err}");
        // `serve` writes its log beside: the last line is for the person.
        let last = err.lines().last().unwrap_or_default();
        assert!(last.contains(because), "{command}: {err}");
    }
    let (code, out, _) = database.liaison(&["doctor"]);
    assert!(code == 1 && out.contains("fail  migrations: ") && out.contains(because), "{out}");
    assert_eq!(database.rows("schema_migration").await, before);
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused() {
    let newer = "INSERT INTO schema_migration (version, name, checksum) VALUES (9999, 'tomorrow', 'aa')";
    for mut database in both().await {
        let because = "the schema is newer than this program: it has migration 9999 (tomorrow)";
        refuses(&mut database, newer, because).await;
    }
}

#[tokio::test]
async fn a_migration_that_was_edited_after_it_was_applied_is_refused() {
    let last = steps().pop().unwrap();
    let edited = format!("UPDATE schema_migration SET checksum = 'bb' WHERE version = {}", last.version);
    for mut database in both().await {
        let because = format!("migration {} ({}) was changed after it was applied", last.version, last.name);
        refuses(&mut database, &edited, &because).await;
    }
}
