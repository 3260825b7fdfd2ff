//! Stories of SQLite's shared commits: who shares a commit shares its luck, and nothing else.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::*;

/// Three rows under one name; `bad` fails after two of them.
async fn three(db: Db, name: String, bad: bool) -> Result<()> {
    let mut tx = db.begin().await?;
    for n in 0..3_i64 {
        let row = if bad && n == 2 { 0 } else { n };
        tx.execute(INSERT, args![format!("{name}-{row}"), n]).await?;
    }
    tx.commit().await
}

fn groups(world: &World) -> u64 {
    match &world.db.0 {
        Engine::Sqlite(lite) => lite.writer.commits().begun.load(Ordering::Relaxed),
        Engine::Postgres(_) => 0,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_bad_member_does_not_spoil_the_group() {
    let world = sqlite().await.with_tables().await;
    let before = groups(&world);
    let tasks = (0..120).map(|i| {
        let name = format!("{}-{i}", if i % 4 == 0 { "bad" } else { "good" });
        tokio::spawn(three(world.db.clone(), name, i % 4 == 0))
    });
    let outcomes: Vec<_> = join_all(tasks).await.into_iter().map(Result::unwrap).collect();
    for (i, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome.is_ok(), i % 4 != 0, "{i}: {outcome:?}");
    }
    assert_eq!((world.count("good-%").await, world.count("bad-%").await), (90 * 3, 0));
    assert!(groups(&world) - before < 60, "commits were shared: {}", groups(&world) - before);
}

#[tokio::test]
async fn a_lone_transaction_is_committed_at_once() {
    let world = sqlite().await.with_tables().await;
    let before = groups(&world);
    for i in 0..5 {
        three(world.db.clone(), format!("a{i}"), false).await.unwrap();
        assert_eq!(world.count("%").await, (i + 1) * 3, "seen by a reader as soon as it is acknowledged");
    }
    assert_eq!(groups(&world) - before, 5);
}

/// Runs `work` until it has been left waiting `times` times, and drops it there: what a time-out does to a handler.
async fn cut_off<T>(work: impl Future<Output = T>, mut times: usize) -> Option<T> {
    let mut work = pin!(work);
    poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if times == 0 => Poll::Ready(None),
        Poll::Pending => {
            times -= 1;
            Poll::Pending
        }
    })
    .await
}

/// Cut off at every point, alone and in a crowd: all three rows or none, all three if acknowledged, none left over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_cut_off_in_the_middle_leaves_all_or_nothing_and_harms_nobody() {
    let world = sqlite().await.with_tables().await;
    for round in 0..12 {
        let tasks = (0..24).map(|i| {
            let (db, name) = (world.db.clone(), format!("cut-{round}-{i}-"));
            let work = three(db, name.clone(), false);
            // Every third stays to the end.
            let times = if i % 3 == 0 { usize::MAX } else { i % 7 };
            tokio::spawn(async move { (name, i % 3 == 0, cut_off(work, times).await) })
        });
        for task in join_all(tasks).await {
            let (name, stayed, outcome) = task.unwrap();
            assert!(!stayed || matches!(outcome, Some(Ok(()))), "{name}: {outcome:?}");
            three(world.db.clone(), format!("after-{name}"), false).await.unwrap();
            let rows = world.count(&format!("{name}%")).await;
            let expected: &[i64] = if outcome.is_some() { &[3] } else { &[0, 3] };
            assert!(expected.contains(&rows), "{name}: {rows} rows after {outcome:?}");
        }
    }
    assert_eq!(world.db.integrity_check().await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn one_cut_off_alone_leaves_the_writer_free() {
    let world = sqlite().await.with_tables().await;
    for times in 0..8 {
        // The time-out strikes while nobody else is there to clean up.
        let cut = cut_off(three(world.db.clone(), format!("x{times}-"), false), times).await;
        three(world.db.clone(), format!("y{times}"), false).await.unwrap();
        let rows = world.count(&format!("x{times}-%")).await;
        // Cut off while it committed, it may have made it.
        assert!(rows == 3 || (rows == 0 && cut.is_none()), "{times}: {rows}");
    }
}

/// A statement that is on its way when its handler is cut off is undone, on both engines.
#[tokio::test]
async fn a_statement_cut_off_on_its_way_is_undone() {
    for world in worlds().await {
        let world = world.with_tables().await;
        for round in 0..20_i64 {
            let mut tx = world.db.begin().await.unwrap();
            if round % 2 == 0 {
                tx.execute(INSERT, args![format!("x{round}"), round]).await.unwrap();
            }
            let statement = tx.execute(INSERT, args![format!("cut{round}"), round]);
            drop(cut_off(statement, 0).await);
            drop(tx);
            let mut tx = world.db.begin().await.unwrap();
            tx.execute(INSERT, args![format!("y{round}"), round]).await.unwrap();
            tx.commit().await.unwrap();
        }
        assert_eq!((world.count("%").await, world.count("y%").await), (20, 20));
    }
}

#[tokio::test]
async fn a_file_locked_by_somebody_else_is_a_passing_trouble() {
    use sqlx::{Connection, Executor};
    let world = sqlite().await.with_tables().await;
    let path = world.folder.path().join("data/liaison.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut other = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    other.execute("BEGIN EXCLUSIVE").await.unwrap();
    let started = Instant::now();
    let outcomes = join_all((0..4).map(|i| three(world.db.clone(), format!("a{i}"), false))).await;
    assert!(started.elapsed() < Duration::from_millis(2_500), "{:?}", started.elapsed());
    assert!(outcomes.iter().all(|o| o.as_ref().is_err_and(DbError::is_transient)), "{outcomes:?}");
    assert_eq!(world.count("%").await, 0, "reading goes on");
    other.execute("ROLLBACK").await.unwrap();
    three(world.db.clone(), "b".to_owned(), false).await.unwrap();
    assert_eq!(world.count("%").await, 3);
}

async fn fill(db: Db, name: String) -> Result<()> {
    let mut tx = db.begin().await?;
    tx.execute("INSERT INTO page (id, text) VALUES ($1, $2)", args![name, "x".repeat(40_000)]).await?;
    tx.commit().await
}

async fn say(db: &Db, sql: &'static str) {
    let mut tx = db.begin().await.unwrap();
    tx.execute(sql, args![]).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_to_whom_it_concerns_and_passes() {
    let world = sqlite().await.with_tables().await;
    say(&world.db, "CREATE TABLE page (id TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL)").await;
    say(&world.db, "PRAGMA max_page_count = 100").await;
    let mut kept = 0;
    while fill(world.db.clone(), format!("a{kept}")).await.is_ok() {
        kept += 1;
    }
    assert!((3..20).contains(&kept), "{kept}");
    // Whoever shares the group hears it too: SQLite ends the whole transaction.
    let tasks = (0..40).map(|i| tokio::spawn(fill(world.db.clone(), format!("b{i}"))));
    let outcomes: Vec<_> = join_all(tasks).await.into_iter().map(Result::unwrap).collect();
    assert!(outcomes.iter().all(|o| matches!(o, Err(DbError::Full(_)))), "{outcomes:?}");
    let row = world.db.row("SELECT COUNT(*) FROM page", args![]).await.unwrap().unwrap();
    assert_eq!(row.get::<i64>(0).unwrap(), kept, "what was acknowledged is there");
    say(&world.db, "PRAGMA max_page_count = 100000").await;
    fill(world.db.clone(), "after".to_owned()).await.unwrap();
}

async fn read(db: Db) -> Result<i64> {
    let mut tx = db.begin().await?;
    let row = tx.row("SELECT COUNT(*) FROM entry", args![]).await?;
    tx.commit().await?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// A deferred foreign key is checked by COMMIT, so it is the way to make the shared COMMIT itself fail.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_fails_is_told_to_all_its_members() {
    // However slow the machine is, they share one group.
    let world = sqlite_with(|options| options.age = Duration::from_secs(60)).await.with_tables().await;
    let table = "CREATE TABLE orphan (parent TEXT REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED)";
    say(&world.db, table).await;
    // The turn is held until all are in the queue, so that they share one group.
    let mut first = world.db.begin().await.unwrap();
    first.execute("INSERT INTO orphan (parent) VALUES ($1)", args!["nobody"]).await.unwrap();
    let mut others: Vec<_> =
        (0..5).map(|i| Box::pin(three(world.db.clone(), format!("a{i}"), false))).collect();
    for other in &mut others {
        assert!(futures_util::poll!(other.as_mut()).is_pending());
    }
    let mut reader = Box::pin(read(world.db.clone()));
    assert!(futures_util::poll!(reader.as_mut()).is_pending());
    let (first, others, read) = tokio::join!(first.commit(), join_all(others), reader);
    assert!(read.is_err(), "who only read what was never committed must not answer from it: {read:?}");
    assert!(first.is_err_and(|error| error.is_transient()));
    assert!(others.iter().all(|o| o.as_ref().is_err_and(DbError::is_transient)), "{others:?}");
    assert_eq!(world.count("%").await, 0);
    three(world.db.clone(), "b".to_owned(), false).await.unwrap();
    assert_eq!(world.count("%").await, 3);
}

#[tokio::test]
async fn a_transaction_inside_a_transaction_is_refused_in_time() {
    let world = sqlite_with(|options| options.acquire = Duration::from_millis(50)).await.with_tables().await;
    let outer = world.db.begin().await.unwrap();
    assert!(world.db.begin().await.is_err_and(|error| error.is_transient()));
    drop(outer);
    assert!(world.db.begin().await.is_ok());
}

/// What became of one transaction, as its handler knows.
#[derive(Debug, PartialEq)]
enum Fate {
    Acknowledged,
    Refused,
    /// Cut off at some point, perhaps after its commit.
    Unknown,
}

/// Good, bad, dropped, cut-off and too-big transactions on a disk that is now full and now not.
async fn live_through_it(db: Db, name: String, mut dice: fastrand::Rng) -> (String, Fate) {
    let pages = ["PRAGMA max_page_count = 90", "PRAGMA max_page_count = 100000"];
    let size = if dice.u8(..) < 40 { 60_000 } else { 100 };
    let cut = if dice.u8(..) < 80 { dice.usize(..6) } else { usize::MAX };
    let (bad, dropped, limit) = (dice.u8(..) < 40, dice.u8(..) < 40, dice.u8(..) < 60);
    let limit = limit.then(|| pages[dice.usize(..2)]);
    let work = async {
        let mut tx = db.begin().await?;
        if let Some(pragma) = limit {
            tx.execute(pragma, args![]).await?;
        }
        for n in 0..3 {
            let id = format!("{name}{}", if bad { n / 2 } else { n });
            tx.execute("INSERT INTO page (id, text) VALUES ($1, $2)", args![id, "x".repeat(size)]).await?;
        }
        if dropped {
            return Err(DbError::Other("dropped".to_owned()));
        }
        tx.commit().await
    };
    let fate = match cut_off(work, cut).await {
        Some(Ok(())) => Fate::Acknowledged,
        Some(Err(_)) => Fate::Refused,
        None => Fate::Unknown,
    };
    (name, fate)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_the_acknowledged_is_there_and_the_refused_is_not() {
    let world = sqlite().await.with_tables().await;
    say(&world.db, "CREATE TABLE page (id TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL)").await;
    let seed = fastrand::u64(..);
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut fates = Vec::new();
    for round in 0..20 {
        let tasks = (0..32)
            .map(|i| tokio::spawn(live_through_it(world.db.clone(), format!("{round}/{i}/"), dice.fork())));
        fates.extend(join_all(tasks).await.into_iter().map(Result::unwrap));
    }
    say(&world.db, "PRAGMA max_page_count = 100000").await;
    fill(world.db.clone(), "after".to_owned()).await.unwrap();
    for (name, fate) in &fates {
        let sql = "SELECT COUNT(*) FROM page WHERE id LIKE $1";
        let row = world.db.row(sql, args![format!("{name}%")]).await.unwrap().unwrap();
        let expected: &[i64] = match fate {
            Fate::Acknowledged => &[3],
            Fate::Refused => &[0],
            Fate::Unknown => &[0, 3],
        };
        let rows: i64 = row.get(0).unwrap();
        assert!(expected.contains(&rows), "{name} {fate:?}: {rows} rows, seed {seed}");
    }
    assert!(fates.iter().any(|(_, fate)| *fate == Fate::Acknowledged));
    assert_eq!(world.db.integrity_check().await.unwrap(), [""; 0]);
}
