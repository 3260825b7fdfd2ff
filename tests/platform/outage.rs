//! Feishu takes nothing for two hours, while the day's routine comes due and people go on deciding: afterwards what
//! somebody waits for is heard first.

use std::collections::BTreeSet;

use serde_json::json;

use crate::world::company::{crowd, directory, private};
use crate::world::feishu::{Fault, Message};
use crate::world::ground::changes;
use crate::world::{World, filled, lent, machine_now, story};

const CREATE: &str = "messages.create";
/// Far more than are served side by side (`engine/outbox.rs`), so that somebody has to wait.
const CROWD: usize = 40;
/// Who files during the outage, and whose word is waited for then.
const DECIDING: [(&str, &str); 3] =
    [("zhang.wei", "liu.yang"), ("li.na", "chen.jie"), ("wang.fang", "zhao.min")];

/// Everybody of the crowd works on a task of one request, and is asked about it at 17:00.
async fn everybody_works(world: &mut World) {
    world.has(String::new(), directory() + &crowd(CROWD)).await;
    let number = world.files_and_approves().await;
    for contact in ["li.na", "wang.fang"] {
        world.says(contact, &format!("/confirm {number}")).await;
    }
    for n in 1..=CROWD {
        let chat = format!("oc_{}", format!("crowd_{n}").chars().rev().collect::<String>());
        world.fake.person(&format!("ou_crowd_{n}"), |person| person.name = format!("组员{n}"));
        world.fake.chat(&chat, |chat| {
            chat.is_private = true;
            chat.members.insert(format!("ou_crowd_{n}"));
        });
        let words = format!("/task add {number} 准备第{n}项 @组员{n} 2026-12-10");
        let add = world.spoken("zhang.wei", &private("zhang.wei"), &words);
        let mut start = world.spoken("zhang.wei", &private("zhang.wei"), &format!("/start {number}/{n}"));
        start.body["sender"]["sender_id"] = json!({ "open_id": format!("ou_crowd_{n}") });
        start.body["message"]["chat_id"] = json!(chat);
        for event in [add, start] {
            assert_eq!(world.delivers(&event).await.0, 200);
        }
        world.settles().await;
    }
    let doing = world.numbers("SELECT COUNT(*) FROM task WHERE state = 'doing'", 1).await;
    assert_eq!(doing, [i64::try_from(CROWD).unwrap()]);
}

/// The machine's time, on which a messenger is tried again, cannot be moved: all that waits may be tried from `at` on.
async fn may_be_tried(world: &World, at: i64) {
    changes(world.database(), &format!("UPDATE outbox SET retry_at = {at} WHERE state = 'waiting'")).await;
}

/// Nobody tries again before the outage is over.
async fn is_left_alone(world: &World) {
    let later = machine_now().as_millisecond() + 3_600_000;
    let mut begun = 0;
    let tried = format!(
        "SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND (retry_at < {later} OR lease_until IS NOT NULL)"
    );
    loop {
        may_be_tried(world, later).await;
        if world.numbers(&tried, 1).await == [0] {
            return;
        }
        begun += 1;
        assert!(begun < 1_000, "somebody still tries");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

fn is_nudge(message: &Message) -> bool {
    message.content.contains("请汇报今日进度")
}

fn is_question(message: &Message) -> bool {
    DECIDING.iter().any(|(_, head)| message.chat == private(head)) && message.content.contains("审批")
}

story!(after_an_outage_what_somebody_waits_for_is_heard_before_the_routine_of_the_day, webhook, |world| {
    world.is_in_trouble();
    everybody_works(world).await;
    for (person, _) in DECIDING {
        world.says(person, "/new").await;
    }
    world.rests().await;
    world.forgets();

    world.fake.fail(CREATE, 100_000, Fault::Internal);
    world.strikes("2026-11-23 17:00").await;
    for (n, (person, _)) in DECIDING.into_iter().enumerate() {
        let (message, button) = world.with_button(person, "提交");
        let title = format!("第{n}项急事");
        let answer =
            world.clicks(person, &message, button.action(&lent(&filled(&[("title", &title)])))).await;
        assert_eq!(answer.kind, "success", "{answer:?}");
    }
    world.strikes("2026-11-23 19:00").await;
    is_left_alone(world).await;
    world.hears("");

    let before = world.fake.state().messages.len();
    world.fake.state().faults = Default::default();
    may_be_tried(world, 0).await;
    world.settles().await;
    let said = world.fake.state().messages[before..].to_vec();
    let nudged: BTreeSet<&str> =
        said.iter().filter(|one| is_nudge(one)).map(|one| one.chat.as_str()).collect();
    let nudges = said.iter().filter(|one| is_nudge(one)).count();
    assert_eq!((nudges, nudged.len()), (CROWD, CROWD), "everybody of the crowd, once");
    let places = said.iter().enumerate().filter(|(_, one)| is_question(one)).map(|(at, _)| at);
    let places: Vec<usize> = places.collect();
    // They came last of all.
    assert_eq!(places.len(), DECIDING.len(), "{said:#?}");
    assert!(places.iter().all(|at| *at < CROWD / 2), "{places:?} of {}", said.len());
    world.forgets();
});
