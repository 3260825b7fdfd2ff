//! The four weeks of a request with twelve tasks, told on Feishu and on DingTalk: the same page as in the sandbox.

use crate::dingtalk;
use crate::stage::{Office, Stage, compare, played};
use crate::world::telling::{Backend, Way};
use crate::world::{filled, story};

const PAGE: &str = include_str!("../story/four_weeks/page.txt");
const BEGIN: &str = "2026-09-21 09:00";

story!(twelve_tasks_in_four_weeks_are_heard_of_on_feishu_as_the_page_tells, |world| {
    world.begins_at(BEGIN).await;
    let number = world.files_with(&[("wanted_by", "2026-10-30")]).await;
    for (person, words) in [("liu.yang", "approve"), ("li.na", "confirm"), ("wang.fang", "confirm")] {
        world.says(person, &format!("/{words} {number}")).await;
    }
    world.forgets();
    let told = played(world, PAGE).await;
    compare(PAGE, &told);
});

async fn on_dingtalk(mut world: dingtalk::world::World) {
    world.begins_at(BEGIN).await;
    let mut office = Office::of(world);
    office.says("zhang.wei", "/new 新品上市推广").await;
    let link = office.link("zhang.wei", "提交");
    let values = filled(&[("wanted_by", "2026-10-30")]);
    office.world.fills(&link, "file", &crate::world::lent(&values)).await.is_done();
    for (person, words) in [("liu.yang", "approve"), ("li.na", "confirm"), ("wang.fang", "confirm")] {
        office.says(person, &format!("/{words} SCB-1")).await;
    }
    office.heard().await;
    let told = played(&mut office, PAGE).await;
    compare(PAGE, &told);
    office.world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twelve_tasks_in_four_weeks_are_heard_of_on_dingtalk_as_the_page_tells() {
    dingtalk::world::tell(&[Way::Webhook], on_dingtalk).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twelve_tasks_in_four_weeks_without_cards_are_heard_of_over_stream_as_the_page_tells() {
    let Some(world) = dingtalk::world::World::begins(Backend::Sqlite, Way::Stream).await else { return };
    on_dingtalk(world).await;
}
