//! I7: a risk plan fires at the minute of its crossing, also where no ladder leads past it and nobody acts.

use crate::world::ground::{changes, runs};
use crate::world::{World, story};

/// Both departments have signed, and one task is to be finished on Friday, 27 November.
async fn under_way(world: &mut World) -> String {
    let number = world.files_and_approves().await;
    world.presses("li.na", "confirm").await;
    world.presses("wang.fang", "confirm").await;
    world.says("zhang.wei", &format!("/task add {number} 写说明 @李娜 2026-11-27")).await;
    world.forgets().await;
    number
}

fn plan(number: &str, trigger: &str) -> String {
    format!("/风险 {number} 进度延迟 高/中 {trigger} @王芳 @郑云 物料晚到 → 改用备选物料")
}

/// Whoever is late is not asked every day: the ladder of a late task is over when it is due.
async fn whose_ladders_are_over(world: &mut World) {
    let policy = include_str!("../../config/policy.toml");
    let daily = r#"{ every = "1wd", do = "alert", to = ["debtor", "head", "successors"] },"#;
    assert!(policy.contains(daily));
    world.follows(&policy.replace(daily, "")).await;
}

const FIRED: &str = "wang.fang ← 风险预案 R1 已触发：物料晚到";

story!(a_plan_fires_at_its_minute_where_no_ladder_comes_by_any_more, |world| {
    whose_ladders_are_over(world).await;
    let number = under_way(world).await;
    world.says("zhang.wei", &plan(&number, "任务1 延期>3,7")).await;
    world.is("2026-12-01 18:00").await;
    world.forgets().await;
    world.is_killed().await;
    world.is("2026-12-03 17:59").await;
    assert!(!world.heard().await.contains("风险预案"));
    world.is("2026-12-03 18:00").await;
    let heard = world.heard().await;
    assert!(heard.contains(FIRED), "{heard}");
    assert!(!heard.contains("任务 1 写说明已延期"), "no ladder came by: {heard}");
    world.says("zhang.wei", &format!("/show {number}")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("延期超过了预案的天数；触发风险预案 R1"), "{card}");
    world.is("2026-12-09 17:59").await;
    assert!(!world.heard().await.contains("风险预案"));
    world.is_killed().await;
    world.is("2026-12-09 18:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("zheng.yun ← 风险预案 R1 已触发：物料晚到"), "{heard}");
    world.is("2026-12-31 18:00").await;
    assert!(!world.heard().await.contains("风险预案 R1 已触发"), "each threshold once");
});

story!(a_plan_made_when_the_task_is_late_already_fires_at_once, |world| {
    let number = under_way(world).await;
    world.is("2026-12-04 10:00").await;
    world.forgets().await;
    world.says("zhang.wei", &plan(&number, "任务1 延期>3,7")).await;
    let heard = world.heard().await;
    assert!(heard.contains(FIRED) && !heard.contains("zheng.yun"), "{heard}");
    assert!(heard.contains("zhang.wei ← 风险预案 R1 已登记"), "{heard}");
    world.is("2026-12-09 17:59").await;
    assert!(!world.heard().await.contains("风险预案"));
    world.is("2026-12-09 18:00").await;
    assert!(world.heard().await.contains("zheng.yun ← 风险预案 R1 已触发：物料晚到"));
});

story!(a_task_that_comes_onto_the_critical_path_by_itself_fires_the_plan_on_that_day, |world| {
    whose_ladders_are_over(world).await;
    let number = under_way(world).await;
    // Until 7 December everything hangs on the fair; then on the notes, which take longer every day that they are late.
    world.says("zhang.wei", &format!("/task add {number} 办展会 @孙丽 2026-12-08")).await;
    world.says("zhang.wei", &plan(&number, "关键路径 延期>3,250")).await;
    world.is("2026-12-07 18:00").await;
    let heard = world.heard().await;
    assert!(!heard.contains("已触发"), "what is late is not on the path: {heard}");
    world.is_killed().await;
    world.is("2026-12-08 08:59").await;
    assert!(!world.heard().await.contains("已触发"));
    world.is("2026-12-08 09:00").await;
    assert!(world.heard().await.contains(FIRED));
    world.is("2026-12-08 18:00").await;
    assert!(!world.heard().await.contains("已触发"), "once");
});

story!(what_is_done_moved_or_retired_in_time_fires_nothing, |world| {
    let number = under_way(world).await;
    world.says("zhang.wei", &format!("/task add {number} 做样机 @李娜 2026-11-27")).await;
    world.says("zhang.wei", &format!("/task add {number} 订会场 @王芳 2026-11-27")).await;
    for task in 1..=3 {
        world.says("zhang.wei", &plan(&number, &format!("任务{task} 延期>3,7"))).await;
    }
    world.is("2026-12-03 17:00").await;
    world.says("li.na", &format!("/done {number}/1")).await;
    world.says("zhang.wei", &format!("/task move {number}/2 2026-12-18 等供应商")).await;
    world.says("zhang.wei", &format!("/风险 停用 {number}-R3")).await;
    world.forgets().await;
    world.is("2026-12-18 18:00").await;
    let heard = world.heard().await;
    assert!(!heard.contains("已触发"), "{heard}");
    world.is("2026-12-24 17:59").await;
    assert!(!world.heard().await.contains("已触发"));
    world.is("2026-12-24 18:00").await;
    assert!(
        world.heard().await.contains("wang.fang ← 风险预案 R2 已触发"),
        "another day is another crossing"
    );
});

story!(a_plan_that_an_older_program_wrote_is_looked_at_when_a_new_one_starts, |world| {
    let number = under_way(world).await;
    world.says("zhang.wei", &plan(&number, "任务1 延期>3,7")).await;
    let database = world.is_closed().await;
    changes(&database, "UPDATE risk SET looks_at = 0").await;
    world.opens_on(database).await;
    world.is("2026-12-01 18:00").await;
    world.forgets().await;
    let ahead = "SELECT looks_at FROM risk";
    let thursday = "2026-12-03T18:00:00+08:00".parse::<jiff::Timestamp>().unwrap().as_millisecond();
    assert_eq!(world.numbers(ahead, 1).await, [thursday]);
    // The looks that came to nothing are for the audit, and no line on the page.
    world.says("zhang.wei", &format!("/show {number}")).await;
    assert!(!world.card("zhang.wei").await.to_string().contains("延期超过了预案的天数"));
    let (code, said) = runs(world.database(), (&["audit", "verify"], &[]));
    assert_eq!(code, Some(0), "{said}");
    world.forgets().await;
});
