//! A messenger brings an event again for hours, to any replica, over restarts, changed keys and the nightly purge: it has
//! one effect, and every copy gets the answer of the first.
//!
//! What keys are measured by, and signatures, is the machine's time, which no story can move: where the clock of the
//! service moves on by hours, the keys are made older by as much.

use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::Value;

use crate::world::cards::unsealed;
use crate::world::company::private;
use crate::world::envelope::Event;
use crate::world::ground::{changes, filled, runs};
use crate::world::{World, lent, machine_now, story};

/// After the first delivery: Feishu comes again so many seconds after the delivery before.
const AGAIN: [i64; 4] = [15, 5 * 60, 3_600, 6 * 3_600];
/// Longer than the keys of events are kept.
const AFTER_THE_PURGE: SignedDuration = SignedDuration::from_hours(9 * 24);

/// So much time goes by, for the service and for what it remembers.
async fn goes_by(world: &World, span: SignedDuration) {
    let older = format!("UPDATE inbox SET claimed_at = claimed_at - {}", span.as_millis());
    changes(world.database(), &older).await;
    world.passes(span).await;
}

/// What goes every night.
async fn is_purged(world: &World) {
    let (code, said) = runs(world.database(), (&["purge"], &[]));
    assert_eq!(code, Some(0), "{said}");
}

async fn keys_kept(world: &World) -> i64 {
    world.numbers("SELECT COUNT(*) FROM inbox", 1).await[0]
}

/// How often the history says so.
async fn noted(world: &World, what: &str) -> i64 {
    world.numbers(&format!("SELECT COUNT(*) FROM audit WHERE what = '{what}'"), 1).await[0]
}

/// An answer as it can be compared: buttons are sealed anew each time.
fn plain((status, body): (i64, Value)) -> Value {
    assert_eq!(status, 200, "{body}");
    unsealed(&body)
}

/// Something said that leaves a line each time that it is taken, something signed, and a form that is filed.
struct Events {
    said: Event,
    signed: Event,
    filed: Event,
}

async fn events(world: &mut World) -> Events {
    let number = world.files_and_approves().await;
    let said = world.spoken("wang.fang", &private("wang.fang"), &format!("/comment {number} 口径按含税算"));
    let (message, button) = world.with_button("li.na", "确认无误");
    let signed = world.click("li.na", &message, button.action(&[]));
    world.says("zhang.wei", "/new").await;
    let (message, button) = world.with_button("zhang.wei", "提交");
    let filed = world.click("zhang.wei", &message, button.action(&lent(&filled(&[("title", "第二项")]))));
    world.forgets();
    Events { said, signed, filed }
}

/// Each of them had one effect.
async fn are_one_each(world: &World) {
    let lines =
        [noted(world, "commented").await, noted(world, "confirmed").await, noted(world, "filed").await];
    assert_eq!(lines, [1, 1, 2], "comments, signatures, requests");
}

/// Nobody hears of a copy; one department is reminded meanwhile.
async fn nothing_more(world: &mut World) {
    world.settles().await;
    are_one_each(world).await;
    world.hears("wang.fang ← 提醒：部门确认还在等您");
}

impl Events {
    fn all(&self) -> [&Event; 3] {
        [&self.said, &self.signed, &self.filed]
    }

    /// Everybody has heard of each of them once.
    async fn are_heard_once(&self, world: &mut World) {
        world.settles().await;
        are_one_each(world).await;
        world.hears(
            "zhang.wei ← 王芳评论
             zhang.wei ← 研发部已确认（李娜）
             liu.yang ← 请审批市场部的协作需求
             li.na ← 王芳评论
             wang.fang ← 评论已发布",
        );
    }
}

story!(twenty_copies_at_once_and_four_within_eight_hours_are_one_effect_with_one_answer, webhook, |world| {
    let events = events(world).await;
    let (url, other) = world.replica().await;
    let doors = [world.url().to_owned(), url];
    let mut answers = Vec::new();
    for event in events.all() {
        let copies = (0..20).map(|n| world.posts(&doors[n % 2], event));
        let answered: Vec<Value> = join_all(copies).await.into_iter().map(plain).collect();
        assert!(answered.iter().all(|answer| *answer == answered[0]), "{answered:#?}");
        answers.push(answered.into_iter().next().unwrap());
    }
    events.are_heard_once(world).await;
    for later in AGAIN {
        goes_by(world, SignedDuration::from_secs(later)).await;
        other.moves_to(world.now()).await.unwrap();
        for (event, first) in events.all().into_iter().zip(&answers) {
            for door in &doors {
                assert_eq!(plain(world.posts(door, event).await), *first, "{later} s later");
            }
        }
    }
    nothing_more(world).await;
    other.stop().await;
});

story!(restarts_the_purge_and_fresh_keys_between_the_copies_change_nothing, webhook, |world| {
    let events = events(world).await;
    let mut answers = Vec::new();
    for event in events.all() {
        answers.push(plain(world.delivers(event).await));
    }
    events.are_heard_once(world).await;
    changes(world.database(), "INSERT INTO inbox (key, claimed_at) VALUES ('of last month', 1)").await;
    for (n, later) in AGAIN.into_iter().enumerate() {
        goes_by(world, SignedDuration::from_secs(later)).await;
        match n {
            0 => world.restarts().await,
            1 => {
                let before = keys_kept(world).await;
                is_purged(world).await;
                assert_eq!(keys_kept(world).await, before - 1, "what is old goes, and nothing else");
            }
            2 => world.changes_its_key("the key of next year").await,
            _ => other_buttons(world).await,
        }
        for (event, first) in events.all().into_iter().zip(&answers) {
            assert_eq!(plain(world.delivers(event).await), *first, "{later} s later");
        }
    }
    nothing_more(world).await;
});

/// The key of the buttons is changed, and a minute later the fresh one seals.
async fn other_buttons(world: &mut World) {
    let (code, said) = runs(world.database(), (&["keys", "rotate", "all"], &[]));
    assert_eq!(code, Some(0), "{said}");
    let later =
        "UPDATE switch SET since = since - 61000 WHERE name LIKE '%link_secret' OR name LIKE '%button_key'";
    changes(world.database(), later).await;
    world.restarts().await;
}

story!(after_the_purge_a_copy_is_stale_and_under_a_fresh_stamp_nothing_is_done_twice, webhook, |world| {
    let events = events(world).await;
    for event in events.all() {
        plain(world.delivers(event).await);
    }
    events.are_heard_once(world).await;
    goes_by(world, AFTER_THE_PURGE).await;
    is_purged(world).await;
    let known = format!(
        "SELECT COUNT(*) FROM inbox WHERE key IN ('feishu/{}', 'feishu/{}')",
        events.signed.id, events.filed.id
    );
    assert_eq!(world.numbers(&known, 1).await, [0], "the keys are gone");
    world.forgets();
    let then = machine_now() - AFTER_THE_PURGE;
    for event in events.all() {
        assert_eq!(world.posts_stamped(world.url(), event, then).await.0, 401, "{event:?}");
    }
    for event in [&events.signed, &events.filed] {
        plain(world.delivers(event).await);
    }
    world.settles().await;
    are_one_each(world).await;
    world.hears("");
});

story!(a_form_whose_button_is_tapped_twice_is_taken_once, webhook, |world| {
    let events = events(world).await;
    let tapped = |n| Event { id: format!("tap-{n}"), ..events.filed.clone() };
    let taps: Vec<Event> = (0..4).map(tapped).collect();
    let (url, other) = world.replica().await;
    let doors = [world.url(), &url];
    let answers = join_all(taps.iter().enumerate().map(|(n, tap)| world.posts(doors[n % 2], tap))).await;
    let answers: Vec<Value> = answers.into_iter().map(plain).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    world.settles().await;
    assert_eq!(noted(world, "filed").await, 2);
    world.hears("liu.yang ← 请审批市场部的协作需求");
    other.stop().await;
});
