//! Several services on one database, and one database that two services might speak for.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::world::ground::{changes, runs};
use crate::world::{Backend, World, client, story};

/// Nothing here takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often the first replica was woken by another.
async fn woken(world: &World) -> u64 {
    let text = world.metrics().await;
    let line = text.lines().find_map(|line| line.strip_prefix("liaison_events_total{name=\"woken\"} "));
    line.unwrap().parse().unwrap()
}

async fn is_woken_more_often_than(world: &World, times: u64) {
    let begun = Instant::now();
    while woken(world).await <= times {
        assert!(begun.elapsed() < PATIENCE, "nobody woke it");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn is_degraded(world: &World, name: &str) -> bool {
    let health = world.gets("/readyz").await;
    health["degraded"].as_array().unwrap().iter().any(|one| one == name)
}

async fn says_at(url: &str, person: &str, text: &str) {
    let body = json!({ "person": person, "text": text });
    let answer = client().post(format!("{url}/sandbox/api/messages")).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

/// Only PostgreSQL carries tidings.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_replica_commits_wakes_the_other_and_the_pages_that_are_open_there() {
    let Some(mut world) = World::begins(Backend::Postgres).await else { return };
    let number = world.files_and_approves().await;
    let mut page = world.visitor("zhang.wei").await.listens().await;
    let (url, replica) = world.replica().await;
    assert_eq!(woken(&world).await, 0, "whatever it committed itself");
    says_at(&url, "wang.fang", &format!("/confirm {number}")).await;
    assert!(page.next().await.contains(&number));
    is_woken_more_often_than(&world, 0).await;
    replica.stop().await;
    world.settles().await;
    world.forgets().await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_loses_the_others_still_finds_what_they_did_and_hears_them_again_by_itself() {
    let Some(mut world) = World::begins(Backend::Postgres).await else { return };
    let number = world.files_and_approves().await;
    let mut page = world.visitor("zhang.wei").await.listens().await;
    let (url, replica) = world.replica().await;
    let (base, name) = world.database().rsplit_once('/').map(|(b, n)| (b.to_owned(), n.to_owned())).unwrap();
    for person in ["wang.fang", "li.na"] {
        let cut = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND query LIKE 'LISTEN%'"
        );
        changes(&format!("{base}/postgres"), &cut).await;
        let begun = Instant::now();
        while !is_degraded(&world, "replicas_not_heard").await {
            assert!(begun.elapsed() < PATIENCE, "it does not say that it is deaf");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let before = woken(&world).await;
        says_at(&url, person, &format!("/confirm {number}")).await;
        assert!(page.next().await.contains(&number), "found without being told");
        while is_degraded(&world, "replicas_not_heard").await {
            assert!(begun.elapsed() < PATIENCE, "it stays deaf");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        says_at(&url, person, "/help").await;
        is_woken_more_often_than(&world, before).await;
    }
    replica.stop().await;
    world.settles().await;
    world.forgets().await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_runs_is_listed_until_it_stops() {
    let Some(world) = World::begins(Backend::Postgres).await else { return };
    let (_, replica) = world.replica().await;
    let count = "SELECT COUNT(*) FROM replica";
    let begun = Instant::now();
    while world.numbers(count, 1).await != [2] {
        assert!(begun.elapsed() < PATIENCE, "who runs is not told");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (_, said) = runs(world.database(), (&["doctor"], &[]));
    let line = said.lines().find(|line| line.contains("running: ")).unwrap();
    assert!(line.starts_with("ok") && line.matches(env!("CARGO_PKG_VERSION")).count() == 2, "{line}");
    replica.stop().await;
    assert_eq!(world.numbers(count, 1).await, [1]);
    world.ends().await;
}

story!(a_copy_of_the_database_says_nothing_before_somebody_confirms_that_it_is_no_copy, |world| {
    const OWN: &str = "https://liaison.example.com";
    const COPY: &str = "https://try.example.com";
    let liaison = |world: &World, url: &str, arguments: &[&str]| {
        runs(world.database(), (arguments, &[("LIAISON__SERVER__PUBLIC_URL", url)]))
    };
    world.speaks_as(OWN).await;
    world.says("li.na", "/help").await;
    world.hears("li.na ← 命令一览").await;
    world.speaks_as(OWN).await;
    assert!(!is_degraded(world, "sending_paused").await, "the same again is no other");

    world.speaks_as(COPY).await;
    assert!(is_degraded(world, "sending_paused").await);
    world.says("li.na", "/help").await;
    world.hears("").await;
    let (_, said) = liaison(world, COPY, &["doctor"]);
    assert!(
        said.contains(&format!("fail  speaker: the database speaks for {OWN}, this is {COPY}")),
        "{said}"
    );
    for arguments in [&["resume"][..], &["resume", "--all"]] {
        let (code, said) = liaison(world, COPY, arguments);
        assert!(code == Some(2) && said.contains("liaison resume --confirm"), "{said}");
    }
    world.speaks_as(COPY).await;
    world.hears("").await;
    let paused = "SELECT COUNT(*) FROM audit WHERE what = 'sending_paused'";
    assert_eq!(world.numbers(paused, 1).await, [1], "a pause that holds is not begun again");

    let (code, said) = liaison(world, COPY, &["resume", "--confirm"]);
    assert_eq!((code, said.as_str()), (Some(0), "sending goes on\n"));
    world.settles().await;
    world.hears("li.na ← 命令一览").await;
    let (_, said) = liaison(world, COPY, &["doctor"]);
    assert!(said.contains(&format!("ok    speaker: {COPY}")), "{said}");
    world.speaks_as(COPY).await;
    world.says("li.na", "/help").await;
    world.hears("li.na ← 命令一览").await;
    // Now the former one is the other.
    world.speaks_as(OWN).await;
    assert!(is_degraded(world, "sending_paused").await);
});
