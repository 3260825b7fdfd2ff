//! The daily round of a crowd: it leaves within DingTalk's limits, and everybody hears it once.
//!
//! Invariant: when a call was made is what the fake's own watch says; the service's clock stands still meanwhile.

use std::time::Duration;

use super::world::{World, tell};
use crate::world::telling::Way;
use crate::world::{filled, ground, lent};

/// More than DingTalk takes in one second.
const CROWD: usize = 24;
/// What goes at once, and how often one more goes (`messenger/dingtalk/api/pace.rs`).
const AT_ONCE: u32 = 5;
const ONE_MORE: Duration = Duration::from_millis(100);

/// Everybody of the crowd works on a task of one request.
async fn everybody_works(world: &mut World) {
    world.says("zhang.wei", "/new 新品上市推广").await;
    let link = world.link("zhang.wei", ("发起跨部门需求", "提交")).await;
    world.fills(&link, "file", &lent(&filled(&[]))).await.is_done();
    for (person, words) in [("liu.yang", "approve"), ("li.na", "confirm"), ("wang.fang", "confirm")] {
        world.says(person, &format!("/{words} SCB-1")).await;
    }
    for n in 1..=CROWD {
        world.says("zhang.wei", &format!("/task add SCB-1 准备第{n}项 @组员{n} 2026-12-10")).await;
    }
    for n in 1..=CROWD {
        let id = world.fresh("msg");
        let mut message = super::world::message(&id, "zhang.wei", &format!("/start SCB-1/{n}"));
        message["senderStaffId"] = format!("ou_crowd_{n}").into();
        assert_eq!(world.delivers_message(&message).await.0, 200);
    }
    let doing = ground::numbers(&world.database, "SELECT COUNT(*) FROM task WHERE state = 'doing'", 1).await;
    assert_eq!(doing, [i64::try_from(CROWD).unwrap()]);
    world.settles().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_round_of_a_crowd_is_spread_as_dingtalk_wants_it_and_reaches_everybody_once() {
    tell(&[Way::Stream], |mut world| async move {
        world.grows(CROWD);
        world.restarts().await;
        everybody_works(&mut world).await;
        let before = world.office.calls().len();
        world.is("2026-11-23 17:00").await;
        let calls: Vec<_> = world.office.calls().into_iter().skip(before).collect();
        let asks = |call: &&super::world::office::Call| {
            call.name == "batchSend" && call.body.to_string().contains("请汇报今日进度")
        };
        let mut sent: Vec<_> = calls.iter().filter(asks).collect();
        sent.sort_by_key(|call| call.at);
        let mut heard: Vec<_> = sent.iter().map(|call| call.body["userIds"][0].to_string()).collect();
        heard.sort();
        heard.dedup();
        assert_eq!((sent.len(), heard.len()), (CROWD, CROWD), "each once: {heard:?}");
        // A slow machine only makes it longer.
        let took = sent[CROWD - 1].at - sent[0].at;
        let least = ONE_MORE * (u32::try_from(CROWD).unwrap() - AT_ONCE - 1) * 8 / 10;
        assert!(took >= least, "{CROWD} calls in {took:?}: DingTalk refuses the twentieth of a second");
        world.ends().await;
    })
    .await;
}
