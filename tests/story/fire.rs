//! Under fire: a kill between saying and noting, two replicas and one digest, a database that goes away and comes back.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::world::ground::{changes, signed};
use crate::world::{Backend, SECRET, World, client, machine_now, story};

/// Nothing takes longer to come back.
const PATIENCE: Duration = Duration::from_secs(15);
const WAITING: &str = "SELECT COUNT(*) FROM outbox WHERE state = 'waiting'";

/// What is said is said, but nobody gets to note it: as if each sender died in between.
async fn nobody_notes_what_was_said(world: &World) {
    let sql = match world.database().starts_with("sqlite:") {
        true => "CREATE TRIGGER dies BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'died'); END",
        false => {
            "CREATE FUNCTION dies() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'died'; END $$ LANGUAGE plpgsql; \
             CREATE TRIGGER dies BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION dies()"
        }
    };
    changes(world.database(), sql).await;
}

/// The next sender lives, half a minute later: leases of the dead have run out.
async fn somebody_else_takes_over(world: &World) {
    let table = if world.database().starts_with("sqlite:") { "" } else { " ON message" };
    changes(world.database(), &format!("DROP TRIGGER dies{table}")).await;
    changes(world.database(), "UPDATE outbox SET lease_until = 0 WHERE lease_until IS NOT NULL").await;
    world.settles().await;
}

story!(a_digest_whose_sender_died_after_saying_it_is_said_once, |world| {
    world.says("zhang.wei", "/settings digest both").await;
    world.research_owes().await;
    nobody_notes_what_was_said(world).await;
    world.is("2026-11-23 17:00").await;
    // 李娜's reminder of 15:00 was said and not noted, too.
    let heard = world.heard().await;
    assert_eq!(heard.matches("zhang.wei ← 汇总：1 项需求有 2 条消息").count(), 1, "{heard}");
    assert!(heard.contains("li.na ← 提醒：部门确认还在等您"), "{heard}");
    assert_ne!(world.numbers(WAITING, 1).await, [0], "nobody noted them");
    world.is_down_for(0).await;
    somebody_else_takes_over(world).await;
    world.hears("").await;
    // One under an older key would stand before it in the chat.
    let said = "SELECT COUNT(*) FROM sandbox_message WHERE chat = 'p-zhang.wei' AND card LIKE '%汇总：%'";
    assert_eq!(world.numbers(said, 1).await, [1]);
    assert_eq!(world.numbers(WAITING, 1).await, [0]);
    // It is known to be there now: what happens next changes the card.
    world.is("2026-11-24 09:10").await;
    let heard = world.heard().await;
    assert!(!heard.contains("zhang.wei ← 汇总"), "{heard}");
});

story!(a_reminder_whose_sender_died_after_saying_it_is_said_once, |world| {
    world.research_owes().await;
    nobody_notes_what_was_said(world).await;
    world.is("2026-11-23 15:00").await;
    world.hears("li.na ← 提醒：部门确认还在等您").await;
    world.is_down_for(0).await;
    somebody_else_takes_over(world).await;
    world.hears("").await;
    assert_eq!(world.numbers(WAITING, 1).await, [0]);
    // The button on the card that nobody had noted works.
    world.presses("li.na", "confirm").await;
    world.hears("zhang.wei ← 各部门已全部确认\n liu.yang ← 各部门已全部确认").await;
});

story!(a_restart_at_rest_says_nothing, |world| {
    let number = world.files_and_approves().await;
    world.says("li.na", &format!("/object {number} 做不完")).await;
    world.forgets().await;
    for _ in 0..3 {
        world.is_down_for(0).await;
        world.hears("").await;
    }
});

/// Only PostgreSQL has several writers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_say_one_digest() {
    let Some(mut world) = World::begins(Backend::Postgres).await else { return };
    let people = ["zhang.wei", "liu.yang", "li.na", "wang.fang", "chen.jie", "zhao.min"];
    for person in people {
        world.says(person, "/settings digest both").await;
    }
    let (other, running) = world.replica().await;
    for _ in 0..3 {
        let number = world.files_and_approves().await;
        world.says("wang.fang", &format!("/comment {number} 口径按含税算")).await;
    }
    world.forgets().await;
    let to = json!({ "set": "2026-11-23T17:00:00+08:00" });
    let there = client().post(format!("{other}/sandbox/api/clock")).json(&to).send();
    let (there, ()) = tokio::join!(there, world.is("2026-11-23 17:00"));
    assert!(there.unwrap().status().is_success());
    world.settles().await;
    let heard = world.heard().await;
    for person in ["zhang.wei", "chen.jie", "zhao.min"] {
        assert_eq!(heard.matches(&format!("{person} ← 汇总")).count(), 1, "{heard}");
    }
    running.stop().await;
    world.ends().await;
}

/// The status of `/readyz`, awaited.
async fn is_ready(world: &World, ready: bool) {
    let begun = Instant::now();
    loop {
        let answer = client().get(format!("{}/readyz", world.url())).send().await.unwrap();
        if answer.status().is_success() == ready {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "still {}", answer.status());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// As at a restart or a failover: everybody is cut off in whatever they do, and nobody gets in for a while.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_away_and_comes_back_needs_no_restart_of_ours() {
    let Some(mut world) = World::begins(Backend::Postgres).await else { return };
    let number = world.research_owes().await;
    let (base, name) = world.database().rsplit_once('/').map(|(b, n)| (b.to_owned(), n.to_owned())).unwrap();
    let maintenance = format!("{base}/postgres");
    let says = json!({ "event": "meanwhile", "person": "li.na", "chat": "p-li.na", "message": "m",
        "type": "text", "text": format!("/confirm {number}") });
    let body = serde_json::to_vec(&says).unwrap();
    let (client, url) = (client(), world.url().to_owned());
    let brings = async || {
        let begun = Instant::now();
        let answer = signed(&client, &url, (&body, SECRET), machine_now()).send().await.unwrap();
        assert!(begun.elapsed() < Duration::from_secs(3), "answered after {:?}", begun.elapsed());
        answer.status().as_u16()
    };

    changes(&maintenance, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await;
    let cut = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    changes(&maintenance, &cut).await;
    is_ready(&world, false).await;
    for _ in 0..2 {
        assert_eq!(brings().await, 503, "put off");
    }
    changes(&maintenance, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).await;
    is_ready(&world, true).await;
    for _ in 0..2 {
        assert_eq!(brings().await, 200);
    }
    world.settles().await;
    world
        .hears("zhang.wei ← 各部门已全部确认\n liu.yang ← 各部门已全部确认\n li.na ← 已代表研发部确认，并记录电子签名")
        .await;
    // Cut off once more in the middle of it all, and let in at once: what is put off now is taken a moment later.
    changes(&maintenance, &cut).await;
    let begun = Instant::now();
    while brings().await != 200 {
        assert!(begun.elapsed() < PATIENCE, "put off for ever");
    }
    world.settles().await;
    world.forgets().await;
    world.passes("5wd").await;
    world.ends().await;
}
