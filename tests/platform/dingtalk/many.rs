//! News for many: what is the same to the last word reaches up to twenty readers in one metered call.
//!
//! Invariant: whoever is told together is still told, missed, tried again and given up alone.

use super::world::office::{Call, Fault};
use super::world::{World, tell};
use crate::world::telling::Way;
use crate::world::{filled, ground, lent};

const STREAM: &[Way] = &[Way::Stream];
const NEWS: &str = "张伟抄送给您，请知悉";

fn account(n: usize) -> String {
    format!("ou_crowd_{n}")
}

/// 张伟 has filed something, and so many more people belong to the company.
async fn filed(world: &mut World, crowd: usize) {
    world.grows(crowd);
    world.restarts().await;
    world.says("zhang.wei", "/new 新品上市推广").await;
    let link = world.link("zhang.wei", ("发起跨部门需求", "提交")).await;
    world.fills(&link, "file", &lent(&filled(&[]))).await.is_done();
    world.settles().await;
}

/// All of them get a copy of it, by one command.
async fn copied(world: &mut World, crowd: usize) {
    let names: Vec<String> = (1..=crowd).map(|n| format!("@组员{n}")).collect();
    world.says("zhang.wei", &format!("/cc SCB-1 {}", names.join(" "))).await;
}

/// To how many readers each call with the news was.
fn readers(world: &World) -> Vec<usize> {
    let tells = |call: &Call| call.name == "batchSend" && call.body.to_string().contains(NEWS);
    let calls = world.office.calls();
    calls
        .iter()
        .filter(|call| tells(call))
        .map(|call| call.body["userIds"].as_array().unwrap().len())
        .collect()
}

/// How often each of them heard it.
fn heard(world: &World, crowd: usize) -> Vec<usize> {
    let times = |n| world.titles(&account(n), 0).iter().filter(|title| *title == NEWS).count();
    (1..=crowd).map(times).collect()
}

/// How many rows of theirs ended like that.
async fn ended(world: &World, state: &str) -> i64 {
    world.count(&format!("outbox WHERE lane LIKE 'person:crowd.%' AND state = '{state}'")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_notice_for_many_readers_is_one_call() {
    tell(STREAM, |mut world: World| async move {
        filed(&mut world, 20).await;
        copied(&mut world, 20).await;
        world.settles().await;
        assert_eq!((readers(&world), heard(&world, 20)), (vec![20], vec![1; 20]));
        let each = world.count("message WHERE person LIKE 'crowd.%'").await;
        assert_eq!(
            (each, ended(&world, "sent").await),
            (20, 20),
            "each has a row and a message of their own"
        );
        // The button is the same for all: it leads to the page, which asks who it is.
        let said = world.office.messages();
        let one = said.iter().find(|one| one.to == account(7)).unwrap();
        let link = super::ears::led(&one.content, "查看详情").unwrap();
        assert!(link.ends_with("/requests/2026-Q4-SCB-001"), "{link}");
        let page = world.client.get(format!("{}/requests/2026-Q4-SCB-001", world.url)).send().await.unwrap();
        let (status, text) = (page.status().as_u16(), page.text().await.unwrap());
        assert!(status == 401 && !text.contains("新品上市推广"), "{status}: {text}");
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_one_readers_are_two_calls() {
    tell(STREAM, |mut world: World| async move {
        filed(&mut world, 21).await;
        copied(&mut world, 21).await;
        world.settles().await;
        assert_eq!((readers(&world), heard(&world, 21)), (vec![20, 1], vec![1; 21]));
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_cannot_be_reached_is_told_apart_within_a_batch() {
    tell(STREAM, |mut world: World| async move {
        filed(&mut world, 4).await;
        world.office.state().people.retain(|person| person.id != account(2));
        world.office.state().filtered.insert(account(3));
        copied(&mut world, 4).await;
        world.settles().await;
        assert_eq!((readers(&world), heard(&world, 4)), (vec![4], vec![1, 0, 0, 1]));
        assert_eq!((ended(&world, "sent").await, ended(&world, "dead").await), (2, 2));
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_who_is_throttled_within_a_batch_is_tried_again_alone() {
    tell(STREAM, |mut world: World| async move {
        filed(&mut world, 3).await;
        world.office.state().flooded.insert(account(2));
        copied(&mut world, 3).await;
        world.until_there_are(2, "outbox WHERE lane LIKE 'person:crowd.%' AND state = 'sent'").await;
        let left = "SELECT failures FROM outbox WHERE lane = 'person:crowd.2' AND state = 'waiting' \
                    AND retry_at > 0";
        assert_eq!(ground::numbers(&world.database, left, 1).await, [0], "held back, which is no failure");
        // The minutes that DingTalk wants are over.
        world.office.state().flooded.clear();
        let later = "UPDATE outbox SET retry_at = 0 WHERE lane = 'person:crowd.2' RETURNING failures";
        ground::numbers(&world.database, later, 1).await;
        world.settles().await;
        assert_eq!((readers(&world), heard(&world, 3)), (vec![3, 1], vec![1, 1, 1]));
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_of_unknown_outcome_is_not_sent_again() {
    tell(STREAM, |mut world: World| async move {
        filed(&mut world, 3).await;
        // Both what the command brings back and the news are carried out, and neither is answered.
        world.office.fail("batchSend", 2, Fault::CutAfter);
        copied(&mut world, 3).await;
        world.settles().await;
        assert_eq!((readers(&world), heard(&world, 3)), (vec![3], vec![1, 1, 1]));
        assert_eq!((ended(&world, "sent").await, ended(&world, "dead").await), (0, 3));
        world.ends().await;
    })
    .await;
}
