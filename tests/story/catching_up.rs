//! The service was down: what is said late, what is left to something that is about to be said anyway, and that whatever
//! was left out is counted and stands in the history.

use crate::world::{World, story};

/// So many steps were left out since the service started.
async fn left_out(world: &World, steps: [(&str, u64); 3]) {
    let metrics = world.metrics().await;
    for (name, times) in steps {
        let line = format!("liaison_events_total{{name=\"{name}\"}} {times}\n");
        assert!(metrics.contains(&line), "{line}{metrics}");
    }
}

/// How often the history says so.
async fn noted(world: &World, what: &str) -> i64 {
    world.numbers(&format!("SELECT COUNT(*) FROM audit WHERE what = '{what}'"), 1).await[0]
}

story!(a_late_reminder_shortly_before_the_next_step_is_left_to_it, |world| {
    let number = world.research_owes().await;
    world.is_down_until("2026-11-24 09:31").await;
    world.hears("").await;
    left_out(world, [("step_spared", 1), ("step_overtaken", 0), ("step_too_late", 0)]).await;
    assert_eq!((noted(world, "step_spared").await, noted(world, "step_fired").await), (1, 0));
    world.says("zhang.wei", &format!("/show {number}")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("未单独发送"), "{card}");
    world.forgets().await;
    world.is("2026-11-24 10:00").await;
    world.hears("li.na ← 部门确认已到时限，请尽快处理").await;
});

story!(a_late_reminder_half_an_hour_before_the_next_step_is_said, |world| {
    world.research_owes().await;
    world.is_down_until("2026-11-24 09:30").await;
    world.hears("li.na ← 提醒：部门确认还在等您").await;
    left_out(world, [("step_spared", 0), ("step_overtaken", 0), ("step_too_late", 0)]).await;
    world.is("2026-11-24 10:00").await;
    world.hears("li.na ← 部门确认已到时限，请尽快处理").await;
});

story!(what_climbs_is_said_late_however_soon_the_next_step_comes, |world| {
    world.research_owes().await;
    // Overdue since Tuesday at 10:00; on Wednesday at 10:00 it climbs.
    world.is("2026-11-24 09:59").await;
    world.forgets().await;
    world.is_down_until("2026-11-25 09:45").await;
    world.hears("li.na ← 部门确认已到时限，请尽快处理").await;
    world.is("2026-11-25 10:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("chen.jie ← 研发部的部门确认逾期未答复，请协助"), "{heard}");
});

story!(a_late_reminder_goes_with_the_digest_that_is_about_to_come, |world| {
    world.says("li.na", "/settings digest both").await;
    let number = world.research_owes().await;
    world.says("zhang.wei", &format!("/comment {number} 口径按含税算")).await;
    world.forgets().await;
    world.is_down_until("2026-11-23 16:31").await;
    world.hears("").await;
    world.is("2026-11-23 17:00").await;
    // The comment waited for the same digest.
    let heard = world.heard().await;
    assert!(heard.starts_with("li.na ← 汇总") && heard.lines().count() == 1, "{heard}");
    let card = world.card("li.na").await.to_string();
    assert!(card.contains("部门确认") && card.contains("口径按含税算"), "{card}");
});

story!(a_late_reminder_long_before_a_digest_is_said_at_once, |world| {
    world.says("li.na", "/settings digest both").await;
    world.research_owes().await;
    world.is_down_until("2026-11-23 16:30").await;
    world.hears("li.na ← 提醒：部门确认还在等您").await;
});

story!(what_a_newer_step_stands_for_and_what_is_too_old_is_counted, |world| {
    world.research_owes().await;
    world.is_down_until("2026-11-25 11:00").await;
    world
        .hears(
            "li.na ← 部门确认已升级通报，请优先处理
             chen.jie ← 研发部的部门确认逾期未答复，请协助
             g-managers ← 研发部的部门确认逾期未答复",
        )
        .await;
    left_out(world, [("step_spared", 0), ("step_overtaken", 2), ("step_too_late", 0)]).await;
    // A request that nobody approves climbs to its last step; ten weeks later that is history.
    world.files().await;
    world.forgets().await;
    world.is_down_until("2027-02-03 11:00").await;
    let heard = world.heard().await;
    assert!(!heard.contains("liu.yang"), "{heard}");
    assert_eq!(noted(world, "step_too_late").await, 1);
    let metrics = world.metrics().await;
    assert!(metrics.contains("liaison_events_total{name=\"step_too_late\"} 1\n"), "{metrics}");
});

/// Three requests that research has not answered.
async fn three_are_owed(world: &mut World) {
    for _ in 0..3 {
        world.research_owes().await;
    }
}

story!(what_a_head_and_a_group_are_to_hear_comes_in_one_message_each, |world| {
    three_are_owed(world).await;
    world.is("2026-11-24 10:01").await;
    world.forgets().await;
    world.is_down_until("2026-11-25 11:00").await;
    world
        .all_of(&[
            "li.na ← 您有 3 项事项已到提醒时间",
            "chen.jie ← 3 项事项到了提醒或通报时间",
            "g-managers ← 3 项事项到了通报时间",
        ])
        .await;
    let card = world.messages("g-managers", "zheng.yun").await.last().unwrap()["card"].to_string();
    assert_eq!(card.matches("由李娜处理").count(), 3, "{card}");
    assert!(card.contains("show_3") && !card.contains("confirm_1"), "{card}");
    let card = world.card("li.na").await.to_string();
    assert!(card.contains("show_3") && card.contains("confirm_3") && !card.contains("由李娜处理"), "{card}");
});

story!(ten_minutes_bring_one_message, |world| {
    three_are_owed(world).await;
    world.is("2026-11-23 14:55").await;
    world.forgets().await;
    world.is_down_until("2026-11-23 15:05").await;
    world.hears("li.na ← 您有 3 项事项已到提醒时间").await;
});

story!(nine_days_with_a_holiday_bring_one_message_to_each, |world| {
    world.begins_at("2026-09-29 10:00").await;
    three_are_owed(world).await;
    world.is_down_until("2026-10-08 11:00").await;
    world
        .all_of(&[
            "li.na ← 您有 3 项事项已到提醒时间",
            "chen.jie ← 3 项事项到了提醒或通报时间",
            "g-managers ← 3 项事项到了通报时间",
        ])
        .await;
});
