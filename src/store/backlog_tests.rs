//! Stories of a long outbox: what leaves first, and who holds what.

use jiff::SignedDuration;

use super::batch::Batch;
use super::db::tests::worlds;
use super::db::{Db, args};
use super::lease;
use super::obligation::Lease;
use super::outbox::{self, End, Posting, Waiting};
use crate::domain::change::{Notice, To, What, with};
use crate::domain::{Date, PersonId, Timestamp, kind};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_402_800 + second).unwrap()
}

/// Into a chat of its own.
async fn post(db: &Db, id: &str, what: What) {
    post_to(db, id, id, what).await;
}

async fn post_to(db: &Db, lane: &str, id: &str, what: What) {
    let to = To::Person(PersonId::new(id));
    let notice = Notice { to, what, urgent: false, late: false, starts: None };
    let mut out = Batch::default();
    let posting = Posting { id, lane, request: None, notice: &notice, now: at(0) };
    outbox::post(&mut out, &posting).unwrap();
    let mut tx = db.begin().await.unwrap();
    out.write(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn leased(db: &Db, owner: &str, second: i64, most: i64) -> Vec<Waiting> {
    let lease = Lease { owner, now: at(second), until: at(second) + SignedDuration::from_secs(10) };
    outbox::lease(db, at(second), lease, most).await.unwrap()
}

#[tokio::test]
async fn what_somebody_waits_for_leaves_before_a_backlog_of_routine() {
    for world in worlds().await {
        let db = &world.db;
        db.migrate().await.unwrap();
        let day = Date::constant(2026, 11, 23);
        for n in 0..60 {
            post(db, &format!("routine-{n:03}"), What::Nudge { day }).await;
        }
        let alarm = What::Alarm { alarm: "dead_letter".to_owned(), with: with([]) };
        post(db, "urgent", alarm.clone()).await;
        assert!(kind::FIRST.contains(&kind::of(&alarm)) && !kind::FIRST.contains(&"nudge"));
        let first = leased(db, "one", 1, 10).await;
        let ids: Vec<&str> = first.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids.len(), 11, "as many of the others as ever: {ids:?}");
        assert!(ids.contains(&"urgent") && ids.contains(&"routine-000"), "{ids:?}");
        // The rest in order, each once.
        let second = leased(db, "two", 1, 10).await;
        assert!(second.iter().map(|row| row.id.as_str()).eq((10..20).map(|n| format!("routine-{n:03}"))));
    }
}

#[tokio::test]
async fn what_stands_before_it_in_its_chat_leaves_as_soon_as_what_somebody_waits_for() {
    for world in worlds().await {
        let db = &world.db;
        db.migrate().await.unwrap();
        let nudge = What::Nudge { day: Date::constant(2026, 11, 23) };
        for n in 0..60 {
            post(db, &format!("routine-{n:03}"), nudge.clone()).await;
        }
        post_to(db, "chat", "x-1", nudge.clone()).await;
        let alarm = What::Alarm { alarm: "dead_letter".to_owned(), with: with([]) };
        for id in ["x-2", "x-3"] {
            post_to(db, "chat", id, alarm.clone()).await;
        }
        post(db, "y", alarm).await;
        let ids = |rows: &[Waiting]| rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
        let first = leased(db, "one", 1, 2).await;
        assert_eq!(ids(&first), ["routine-000", "routine-001", "x-1", "y"], "one of each chat");
        assert_eq!(ids(&leased(db, "two", 1, 2).await), ["routine-002", "routine-003"], "the chat is busy");
        let mut tx = db.begin().await.unwrap();
        assert!(outbox::finish(&mut tx, &first[2], "one", (End::Sent, None), at(2)).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(ids(&leased(db, "two", 2, 2).await), ["routine-004", "routine-005", "x-2"]);
    }
}

#[tokio::test]
async fn a_crowd_that_postgresql_did_not_expect_leaves_once_it_has_looked_again() {
    for world in worlds().await.into_iter().filter(|world| world.db.is_postgres()) {
        let db = &world.db;
        db.migrate().await.unwrap();
        post(db, "only", What::Nudge { day: Date::constant(2026, 11, 23) }).await;
        outbox::relearn(db).await.unwrap();
        let crowd = "INSERT INTO outbox (id, lane, notice, created_at, not_before, retry_at, state, attempts, kind) \
                     SELECT 'p' || i, 'p' || i % 1000, o.notice, o.created_at, o.not_before, 0, 'waiting', 0, o.kind \
                     FROM outbox o, generate_series(1, 25000) AS i";
        let mut tx = db.begin().await.unwrap();
        tx.execute(crowd, args![]).await.unwrap();
        tx.commit().await.unwrap();
        let lease = Lease { owner: "one", now: at(1), until: at(11) };
        // Planned for one row it takes longer than a statement may; another version may plan otherwise.
        if let Err(error) = outbox::lease(db, at(1), lease, 100).await {
            assert!(error.is_transient(), "{error}");
        }
        outbox::relearn(db).await.unwrap();
        let lease = Lease { owner: "two", now: at(12), until: at(22) };
        assert_eq!(outbox::lease(db, at(12), lease, 100).await.unwrap().len(), 100);
    }
}

#[tokio::test]
async fn the_statement_names_the_kinds_that_leave_first() {
    let list: Vec<String> = kind::FIRST.iter().map(|kind| format!("'{kind}'")).collect();
    let list = format!("kind IN ({})", list.join(", "));
    let index = include_str!("../../migrations/0019_replicas.sql");
    assert!(include_str!("outbox.rs").contains(&list) && index.contains(&list), "{list}");
}

#[tokio::test]
async fn a_lease_is_prolonged_by_whoever_works_and_lost_by_whoever_does_not() {
    for world in worlds().await {
        let db = &world.db;
        db.migrate().await.unwrap();
        let day = Date::constant(2026, 11, 23);
        post(db, "a", What::Nudge { day }).await;
        post(db, "b", What::Nudge { day }).await;
        let held = leased(db, "one", 0, 10).await;
        let (a, b) = (&held[0], &held[1]);
        let until = |second: i64| Lease { owner: "one", now: at(second), until: at(second + 10) };
        lease::prolong(db, vec![(a.id.clone(), a.attempts)], until(6)).await.unwrap();
        assert!(leased(db, "two", 9, 10).await.is_empty(), "both are in hand");
        let over = leased(db, "two", 12, 10).await;
        assert_eq!(over.iter().map(|row| &row.id).collect::<Vec<_>>(), [&b.id], "the other lease ran out");
        // Whoever was too late prolongs nothing, and ends nothing.
        lease::prolong(db, vec![(b.id.clone(), b.attempts)], until(13)).await.unwrap();
        let owner = "SELECT lease_owner FROM outbox WHERE id = 'b'";
        let row = db.row(owner, args![]).await.unwrap().unwrap();
        assert_eq!(row.get::<String>("lease_owner").unwrap(), "two");
        let mut tx = db.begin().await.unwrap();
        assert!(!outbox::finish(&mut tx, b, "one", (End::Sent, None), at(14)).await.unwrap());
        assert!(outbox::finish(&mut tx, &over[0], "two", (End::Sent, None), at(14)).await.unwrap());
        tx.commit().await.unwrap();
        assert!(leased(db, "three", 15, 10).await.is_empty());
    }
}
