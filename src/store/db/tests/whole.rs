//! A claim, a tripwire and what rests on them, as one transaction.

use super::*;

const CLAIM: &str = "INSERT INTO claim (id) VALUES ($1) ON CONFLICT (id) DO NOTHING";
const TRIPWIRE: &str = "UPDATE counter SET n = n + 1 WHERE id = 'a' AND n = $1";

async fn with_claims(world: World) -> World {
    let world = world.with_tables().await;
    let mut tx = world.db.begin().await.unwrap();
    tx.execute("CREATE TABLE claim (id TEXT NOT NULL PRIMARY KEY)", args![]).await.unwrap();
    tx.commit().await.unwrap();
    world
}

/// Acts under a key, on the state that was seen, and adds two entries and what `more` says.
async fn act(world: &World, key: &str, seen: i64, more: Option<Statement>) -> Result<bool> {
    let mut added = Statement::new(INSERT, args![format!("{key} 1 of {seen}"), seen]);
    let left = added.with_row(Statement::new(INSERT, args![format!("{key} 2 of {seen}"), seen]));
    assert!(left.is_none(), "both rows are one statement");
    let mut batch = vec![
        Statement::new(CLAIM, args![key]).turn(Turn::Gate).one(),
        Statement::new(TRIPWIRE, args![seen]).turn(Turn::First).one(),
        added,
    ];
    batch.extend(more);
    world.db.later().batch_and_commit(batch).await
}

async fn stands(world: &World) -> (i64, i64, i64) {
    let sql = "SELECT (SELECT COUNT(*) FROM claim) AS claims, (SELECT n FROM counter WHERE id = 'a') AS n, \
               (SELECT COUNT(*) FROM entry) AS entries";
    let row = world.db.row(sql, args![]).await.unwrap().unwrap();
    (row.get("claims").unwrap(), row.get("n").unwrap(), row.get("entries").unwrap())
}

#[tokio::test]
async fn an_act_lasts_whole_or_leaves_nothing() {
    for world in worlds().await {
        let world = with_claims(world).await;
        assert!(act(&world, "first", 0, None).await.unwrap());
        assert_eq!(stands(&world).await, (1, 1, 2));
        assert!(!act(&world, "first", 1, None).await.unwrap(), "its key was claimed before");
        assert!(!act(&world, "second", 0, None).await.unwrap(), "the state is another one by now");
        assert_eq!(stands(&world).await, (1, 1, 2), "a key whose act came to nothing stays free");
        let again = Statement::new(INSERT, args!["first 2 of 0", 9_i64]);
        let refused = act(&world, "third", 1, Some(again)).await;
        assert!(refused.is_err_and(|error| error.is_unique()));
        let nobody = Statement::new("UPDATE entry SET n = 7 WHERE id = $1", args!["nobody"]).one();
        assert!(!act(&world, "fourth", 1, Some(nobody)).await.unwrap(), "one row was to be hit");
        assert_eq!(stands(&world).await, (1, 1, 2));
    }
}

#[tokio::test]
async fn what_changes_the_row_of_the_tripwire_too_sees_it_changed() {
    for world in worlds().await {
        let world = with_claims(world).await;
        let more = Statement::new("UPDATE counter SET n = n * 10 WHERE id = $1", args!["a"]);
        assert!(act(&world, "first", 0, Some(more)).await.unwrap());
        assert_eq!(stands(&world).await, (1, 10, 2));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_rivals_on_one_state_exactly_one_wins() {
    for world in worlds().await {
        let world = Arc::new(with_claims(world).await);
        for seen in 0..10 {
            let rivals = (0..6).map(|n| {
                let world = world.clone();
                tokio::spawn(async move { act(&world, &format!("{seen} of {n}"), seen, None).await })
            });
            let won = join_all(rivals).await.into_iter().filter(|won| matches!(won, Ok(Ok(true)))).count();
            assert_eq!(won, 1);
        }
        assert_eq!(stands(&world).await, (10, 10, 20));
    }
}

#[tokio::test]
async fn rows_are_joined_only_where_the_text_says_the_same() {
    let mut first = Statement::new(INSERT, args!["a", 1_i64]);
    assert!(first.with_row(Statement::new("DELETE FROM entry", args![])).is_some());
    assert!(first.with_row(Statement::new(INSERT, args!["b", 1_i64]).one()).is_some());
    let mut claim = Statement::new(CLAIM, args!["a"]);
    assert!(claim.with_row(Statement::new(CLAIM, args!["b"])).is_some(), "a conflict is for one row");
    for n in 0..7 {
        assert!(first.with_row(Statement::new(INSERT, args![format!("{n}"), 1_i64])).is_none());
    }
    assert!(first.with_row(Statement::new(INSERT, args!["too many", 1_i64])).is_some());
}
