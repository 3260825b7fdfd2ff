//! Feishu fails now and then, anyhow: whoever listens hears everything once and in order, and a card never goes back.
//!
//! Where it fails follows from a seed, which is printed; `LIAISON_SEED=n` strikes the same calls again.
//! `LIAISON_ANSWERS=625` has each of the eight hear so many answers instead of a few.

use std::fmt::Debug;
use std::str::FromStr;

use futures_util::future::join_all;

use crate::world::company::{account, private};
use crate::world::feishu::Fault;
use crate::world::{World, story};

/// People who ask.
const PEOPLE: [&str; 8] =
    ["zhang.wei", "liu.yang", "li.na", "chen.jie", "wang.fang", "zhao.min", "huang.lei", "guo.qiang"];
/// How often each of them asks.
const TIMES: usize = 8;

/// Ways that pass by themselves, and lose, hide or delay something.
const PASSING: [Fault; 7] = [
    Fault::Limited { reset: 1 },
    Fault::Page(502),
    Fault::PageAfter(504),
    Fault::Internal,
    Fault::Cut,
    Fault::CutAfter,
    Fault::Slow(300),
];

fn number<N: FromStr<Err: Debug>>(variable: &str) -> Option<N> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

/// Of the next calls of that name one in so many goes wrong.
fn fails_now_and_then(world: &World, name: &str, (calls, one_in): (usize, usize)) {
    let seed = number("LIAISON_SEED").unwrap_or_else(|| fastrand::u64(1..1_000_000_000));
    println!("LIAISON_SEED={seed}");
    let mut chance = fastrand::Rng::with_seed(seed);
    let struck =
        (0..calls).map(|_| (chance.usize(..one_in) == 0).then(|| PASSING[chance.usize(..PASSING.len())]));
    world.fake.state().faults.extend(struck.map(|fault| (name.to_owned(), fault)));
}

story!(everybody_hears_every_answer_once_and_in_order_although_calls_fail, webhook, |world| {
    world.is_in_trouble();
    let times = number("LIAISON_ANSWERS").unwrap_or(TIMES);
    fails_now_and_then(world, "messages.create", (PEOPLE.len() * times, 5));
    for n in 1..=times {
        let asked =
            PEOPLE.map(|person| world.spoken(person, &private(person), &format!("/show {}", numbered(n))));
        for (status, _) in join_all(asked.iter().map(|event| world.delivers(event))).await {
            assert_eq!(status, 200);
        }
    }
    world.settles().await;
    for person in PEOPLE {
        let heard = world.fake.sent_to(&account(person));
        let order: Vec<usize> = heard.iter().filter_map(|message| number_in(&message.content)).collect();
        assert_eq!(order, (1..=times).collect::<Vec<_>>(), "{person}");
    }
    world.forgets();
});

/// A request that there is not.
fn numbered(n: usize) -> String {
    format!("2026-Q4-SCB-9{n:03}")
}

/// Which of these an answer says there is not.
fn number_in(content: &str) -> Option<usize> {
    let (_, rest) = content.split_once("2026-Q4-SCB-9")?;
    rest.get(..3)?.parse().ok()
}

story!(a_card_never_shows_again_what_was_before_although_updates_fail, webhook, |world| {
    world.is_in_trouble();
    let number = world.files_and_approves().await;
    for contact in ["li.na", "wang.fang"] {
        world.says(contact, &format!("/confirm {number}")).await;
    }
    world.says("zhang.wei", &format!("/任务 拆分 {number}")).await;
    world.says("li.na", &format!("/start {number}/1")).await;
    world.says("zhang.wei", &format!("/tasks {number}")).await;
    world.rests().await;
    let list = world.newest("zhang.wei").id;
    fails_now_and_then(world, "messages.patch", (200, 3));
    for percent in (10..=90).step_by(10) {
        let report = format!("/progress {number}/1 {percent}% 完成一部分 下一步：继续");
        let event = world.spoken("li.na", &private("li.na"), &report);
        assert_eq!(world.delivers(&event).await.0, 200);
    }
    world.rests().await;
    let shown = world.fake.state().shown.clone();
    let shown: Vec<u32> =
        shown.iter().filter(|(id, _)| *id == list).filter_map(|(_, card)| percent_in(card)).collect();
    assert!(shown.is_sorted(), "{shown:?}");
    assert_eq!(shown.last(), Some(&90), "{shown:?}");
    world.forgets();
});

/// The progress of the first task that a list shows.
fn percent_in(card: &str) -> Option<u32> {
    let (before, _) = card.split_once('%')?;
    before.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
