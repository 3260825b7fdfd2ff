//! A database on another machine, whose clock is wrong.
//!
//! Invariant: the wrong clock is the database's own, as the service asks for it: a function of that name stands before
//! PostgreSQL's.

use std::time::Duration;

use serde_json::Value;

use super::ground;
use super::killing::Site;

/// From now on the clock of this database is ahead of everybody's.
async fn is_set_ahead(database: &str, seconds: u32) {
    let first = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$";
    ground::changes(database, first).await;
    let clock = format!(
        "CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE \
         AS 'SELECT pg_catalog.clock_timestamp() + interval ''{seconds} seconds'''"
    );
    ground::changes(database, &clock).await;
}

/// Whether it is ready, and what it names as degraded.
async fn health(site: &Site) -> (bool, Value) {
    let answer = ground::client().get(format!("{}/readyz", site.url(0))).send().await.unwrap();
    let is_ready = answer.status() == 200;
    (is_ready, answer.json::<Value>().await.unwrap()["degraded"].take())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_whose_clock_is_wrong_is_pointed_out_and_nobody_is_held_up() {
    let Some(database) = ground::postgres().await else { return };
    let (code, said) = ground::runs(&database, (&["migrate"], &[]));
    assert_eq!(code, Some(0), "{said}");
    let (_, said) = ground::runs(&database, (&["doctor"], &[]));
    assert!(said.contains("ok    clocks: database and machine agree\n"), "{said}");

    is_set_ahead(&database, 90).await;
    let (_, said) = ground::runs(&database, (&["doctor"], &[]));
    let found = ["89", "90"].iter().any(|s| {
        said.contains(&format!(
            "warn  clocks: the database's clock is {s} s ahead of this machine's — set both"
        ))
    });
    assert!(found, "{said}");
    let site = Site::opens(tempfile::tempdir().unwrap(), database, 1);
    let begun = std::time::Instant::now();
    // Ready all the same: nobody is taken out of service for it.
    while health(&site).await != (true, serde_json::json!(["clocks_differ"])) {
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", health(&site).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let event = serde_json::json!({ "event": "1", "person": "li.na", "chat": "p-li.na", "message": "m",
        "type": "text", "text": "/help" });
    assert!(site.sends(&event).await.is_some(), "it answers");
    site.rests().await;
}
