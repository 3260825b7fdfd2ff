//! I3, I5 on Feishu and on DingTalk: each rung of each ladder of an issue, as the pages tell it in the sandbox; the service
//! is stopped and started again in between.

use crate::dingtalk;
use crate::stage::{Office, Stage, compare, played};
use crate::world::telling::{Backend, Way};
use crate::world::{World, story};

const IMPORTANT: (&str, &str) = ("2026-09-18 17:50", include_str!("../story/climbing/important.txt"));
const GENERAL: (&str, &str) = ("2026-11-23 09:50", include_str!("../story/climbing/general.txt"));
const IN_TIME: (&str, &str) = ("2026-11-23 09:50", include_str!("../story/climbing/in_time.txt"));
const URGENT: (&str, &str) = ("2026-10-01 01:50", include_str!("../story/climbing/urgent.txt"));

/// The group is the issues' one; then the page is played, and nothing is owed any more.
async fn plays(stage: &mut impl Stage, page: &str) {
    stage.says_in_the_group("guo.qiang", "/bind issues").await;
    stage.heard().await;
    let told = played(stage, page).await;
    compare(page, &told);
}

async fn on_feishu(world: &mut World, (begin, page): (&str, &str)) {
    world.begins_at(begin).await;
    plays(world, page).await;
    let owed = world.numbers("SELECT COUNT(*) FROM obligation WHERE closed_at IS NULL", 1).await;
    assert_eq!(owed, [0], "what is closed owes nothing");
}

/// With interactive cards on one database, and with links in Stream mode on the other.
async fn on_dingtalk((begin, page): (&'static str, &'static str)) {
    let across = [(Backend::Sqlite, Way::Stream), (Backend::Postgres, Way::Webhook)];
    dingtalk::world::tell_across(&across, move |mut world| async move {
        world.begins_at(begin).await;
        let mut office = Office::of(world);
        plays(&mut office, page).await;
        assert_eq!(office.world.count("obligation WHERE closed_at IS NULL").await, 0);
        office.world.ends().await;
    })
    .await;
}

story!(an_important_issue_at_17_55_on_a_friday_before_a_make_up_sunday, |world| {
    on_feishu(world, IMPORTANT).await;
});

story!(a_general_issue_that_is_acted_on_half_way_climbs_no_further, |world| {
    on_feishu(world, GENERAL).await;
});

story!(a_general_issue_that_is_answered_in_time_is_never_heard_of_again, |world| {
    on_feishu(world, IN_TIME).await;
});

story!(an_urgent_issue_at_02_00_on_a_holiday_climbs_to_the_vice_president, |world| {
    on_feishu(world, URGENT).await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_important_issue_at_17_55_on_a_friday_is_heard_of_on_dingtalk_as_the_page_tells() {
    on_dingtalk(IMPORTANT).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_general_issue_that_is_acted_on_half_way_is_heard_of_on_dingtalk_as_the_page_tells() {
    on_dingtalk(GENERAL).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_general_issue_that_is_answered_in_time_is_heard_of_on_dingtalk_as_the_page_tells() {
    on_dingtalk(IN_TIME).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_urgent_issue_at_02_00_on_a_holiday_is_heard_of_on_dingtalk_as_the_page_tells() {
    on_dingtalk(URGENT).await;
}
