//! Every way up to today: a database that stopped at any version is brought up to date by the program and loses nothing.

use std::collections::BTreeMap;

use super::database::{Cells, Database, both};
use super::files::{Step, steps};

type Content = BTreeMap<String, Vec<Cells>>;

async fn content(database: &mut Database) -> Content {
    let mut content = Content::new();
    for table in database.tables().await {
        let rows = database.rows(&table).await;
        content.insert(table, rows);
    }
    content
}

/// Applies the steps one after the other, each with its rows; nothing of before is lost on the way.
async fn lives_through(database: &mut Database, steps: &[Step]) -> Content {
    let mut before = Content::new();
    for step in steps {
        database.apply(step).await;
        let after = content(database).await;
        survives(&before, &after, &step.file());
        let samples = database.script(&step.samples()).await;
        samples.unwrap_or_else(|why| panic!("the rows of {}: {why}", step.file()));
        before = content(database).await;
        for (table, rows) in &before {
            for column in database.columns(table).await {
                let is_filled = rows.iter().any(|row| row.contains_key(&column));
                assert!(is_filled, "tests/migrations/{:04}.sql leaves {table}.{column} empty", step.version);
            }
        }
    }
    before
}

/// Whoever was there is there, with the same in every column that he had.
fn survives(before: &Content, after: &Content, step: &str) {
    for (table, rows) in before {
        let now = after.get(table).unwrap_or_else(|| panic!("{step} removed the table {table}"));
        for row in rows {
            let same = |other: &&Cells| row.iter().all(|cell| other.get(cell.0) == Some(cell.1));
            assert!(now.iter().any(|other| same(&other)), "{step} lost of {table}: {row:?}");
        }
        assert_eq!(rows.len(), now.len(), "{step} made rows in {table}");
    }
}

#[tokio::test]
async fn a_database_of_any_age_is_brought_up_to_date_and_loses_nothing() {
    let steps = steps();
    for known in 0..=steps.len() {
        for mut database in both().await {
            let before = lives_through(&mut database, &steps[..known]).await;
            let (code, out, err) = database.liaison(&["migrate"]);
            let missing: String =
                steps[known..].iter().map(|step| format!("applied {}\n", step.file())).collect();
            let nothing = "nothing to do: the database is up to date\n";
            let expected = if missing.is_empty() { nothing } else { &missing };
            assert_eq!((code, out.as_str()), (0, expected), "{err}");
            assert_eq!(database.liaison(&["migrate"]).1, nothing, "once is enough");
            survives(&before, &content(&mut database).await, "liaison migrate");
        }
    }
}

/// What the program makes is what the steps make: no column more, no column less.
#[tokio::test]
async fn the_program_and_the_steps_make_the_same_tables() {
    let steps = steps();
    for (mut made, mut stepped) in both().await.into_iter().zip(both().await) {
        assert_eq!(made.liaison(&["migrate"]).0, 0);
        lives_through(&mut stepped, &steps).await;
        assert_eq!(made.tables().await, stepped.tables().await);
        for table in made.tables().await {
            assert_eq!(made.columns(&table).await, stepped.columns(&table).await, "{table}");
        }
    }
}

#[tokio::test]
async fn the_schema_refuses_what_would_be_a_lie() {
    let steps = steps();
    for mut database in both().await {
        lives_through(&mut database, &steps).await;
        let before = content(&mut database).await;
        for (kind, why, statement) in steps.iter().flat_map(Step::refused) {
            let refused = database.refuses(&statement).await;
            assert_eq!(refused, Some(kind.as_str()), "{why}: {statement}");
        }
        assert_eq!(content(&mut database).await, before, "a refused row leaves nothing");
    }
}
