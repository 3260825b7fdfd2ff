//! Every step of every ladder, and what stops it.

use crate::world::story;

story!(filing_silence_reminders_48dh_managers_alert_urge_confirm, |world| {
    let number = world.research_owes().await;
    // Opened Monday 10:00: first reminder after four working hours, lunch left out.
    world.is("2026-11-23 14:59").await;
    world.hears("").await;
    world.is("2026-11-23 15:00").await;
    world.hears("li.na ← 提醒：部门确认还在等您").await;
    world.is("2026-11-24 09:59").await;
    world.hears("").await;
    world.is("2026-11-24 10:00").await;
    world.hears("li.na ← 部门确认已到时限，请尽快处理").await;
    world.is("2026-11-25 09:59").await;
    world.hears("").await;
    world.is("2026-11-25 10:00").await;
    world
        .hears(
            "li.na ← 部门确认已升级通报，请优先处理
             chen.jie ← 研发部的部门确认逾期未答复，请协助
             g-managers ← 研发部的部门确认逾期未答复",
        )
        .await;
    // Then each working day.
    world.is("2026-11-26 10:00").await;
    world.forgets().await;
    world.says("zhang.wei", &format!("/urge {number} 周五要交")).await;
    world.hears("zhang.wei ← 已催办 1 人\n li.na ← 张伟催办：部门确认").await;
    world.presses("li.na", "confirm").await;
    world.hears("zhang.wei ← 各部门已全部确认\n liu.yang ← 各部门已全部确认").await;
    assert!(world.upcoming().await.is_empty());
    world.passes("15wd").await;
});

story!(a_head_silent_on_a_review_climbs_to_the_supervisor_and_the_managers, |world| {
    world.files().await;
    world.forgets().await;
    world.is("2026-11-24 10:00").await;
    world.hears("liu.yang ← 提醒：需求审批还在等您").await;
    world.is("2026-11-25 10:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("zheng.yun ← "), "{heard}");
    assert!(heard.contains("g-managers ← "), "{heard}");
    world.presses("liu.yang", "approve").await;
    world.forgets().await;
});

story!(an_objection_without_an_answer_climbs_to_the_head_and_the_common_superior, |world| {
    let number = world.files_and_approves().await;
    world.says("wang.fang", &format!("/confirm {number}")).await;
    world.says("li.na", &format!("/object {number} 做不到")).await;
    world.forgets().await;
    world.is("2026-11-24 10:00").await;
    world.hears("zhang.wei ← 提醒：异议答复还在等您").await;
    world.is("2026-11-25 10:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("liu.yang ← "), "{heard}");
    world.is("2026-11-26 10:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("gao.jianguo ← "), "{heard}");
});

story!(an_arbitration_that_is_late_reaches_the_managers_group, |world| {
    let number = world.files_and_approves().await;
    world.says("wang.fang", &format!("/confirm {number}")).await;
    world.says("li.na", &format!("/object {number} 做不到")).await;
    world.says("li.na", &format!("/escalate {number} 请裁决")).await;
    world.forgets().await;
    world.is("2026-11-24 10:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("g-managers ← "), "{heard}");
});

story!(friday_evening_reaches_the_boss_on_tuesday_not_on_sunday, |world| {
    world.is("2026-11-27 17:00").await;
    world.research_owes().await;
    world.is("2026-11-30 12:00").await;
    world.hears("li.na ← 提醒：部门确认还在等您").await;
    world.is("2026-11-30 17:00").await;
    world.hears("li.na ← 部门确认已到时限，请尽快处理").await;
    world.is("2026-12-01 16:59").await;
    world.hears("").await;
    world.is("2026-12-01 17:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("g-managers ← 研发部的部门确认逾期未答复"), "{heard}");
});
