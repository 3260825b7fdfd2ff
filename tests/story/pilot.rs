//! Pilot mode: for chosen departments everything is computed, but what would be said goes to one group.

use crate::world::ground::runs;
use crate::world::{World, story};

/// The built-in rules, while 研发部 tries it out.
async fn research_tries_it_out(world: &mut World) {
    world.says_in("guo.qiang", "g-issues", "/bind pilot").await;
    let rules = include_str!("../../config/policy.toml");
    world.follows(&format!("{rules}\n[pilot]\ndepartments = [\"YFB\"]\n")).await;
    world.forgets().await;
}

story!(what_a_pilot_department_would_hear_goes_to_the_pilot_group_only, |world| {
    research_tries_it_out(world).await;
    let number = world.files().await;
    world.presses("liu.yang", "approve").await;
    world
        .hears(&format!(
            "zhang.wei ← 需求已提交：{number} 新品上市推广
             zhang.wei ← 刘洋已同意，需求已发给各部门
             liu.yang ← 这件事已有结果
             wang.fang ← 请财务部确认协作任务
             zhao.min ← 财务部收到新的协作任务
             g-issues ← 【试点 → 李娜】请研发部确认协作任务
             g-issues ← 【试点 → 陈杰】研发部收到新的协作任务"
        ))
        .await;
    world.presses("wang.fang", "confirm").await;
    world.forgets().await;
    // Silence is counted as it would be, and climbs; only nobody outside hears of it.
    world.is("2026-11-25 10:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("g-issues ← 【试点 → 李娜】部门确认已到时限，请尽快处理"), "{heard}");
    assert!(heard.contains("g-issues ← 【试点 → 陈杰】研发部的部门确认逾期未答复"), "{heard}");
    assert!(heard.contains("g-issues ← 【试点 → 管理群或项目群】研发部的部门确认逾期未答复"), "{heard}");
    assert!(heard.lines().all(|line| line.starts_with("g-issues ←")), "{heard}");
});

story!(the_card_in_the_pilot_group_works_for_whom_it_was_meant_and_stays_marked, |world| {
    research_tries_it_out(world).await;
    world.files().await;
    world.presses("liu.yang", "approve").await;
    world.forgets().await;
    let asked = world.messages("g-issues", "li.na").await;
    let card = asked.iter().rev().find(|m| m["card"]["title"] == "【试点 → 李娜】请研发部确认协作任务");
    let message = card.unwrap()["id"].as_str().unwrap().to_owned();
    let answer = world.presses_on("wang.fang", &message, "confirm", &[]).await;
    assert!(answer.to_string().contains("李娜"), "whose it is: {answer}");
    world.hears("").await;
    let answer = world.presses_on("li.na", &message, "confirm", &[]).await;
    assert!(answer["card"]["title"].as_str().unwrap().starts_with("【试点 → 李娜】"), "{answer}");
    world.hears("zhang.wei ← 研发部已确认（李娜）").await;
});

story!(without_a_pilot_group_an_administrator_reads_along_and_doctor_says_so, |world| {
    let rules = include_str!("../../config/policy.toml");
    let rules = format!("{rules}\n[pilot]\ndepartments = [\"YFB\", \"XYZ\"]\n");
    world.follows(&rules).await;
    world.files_and_approves().await;
    world.is("2026-11-23 15:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("huang.lei ← 【试点 → 李娜】提醒：部门确认还在等您"), "{heard}");
    assert!(!heard.contains("li.na ←"), "{heard}");

    let file = world.keeps_file("policy.toml", &rules);
    let (_, said) = runs(world.database(), (&["doctor"], &[("LIAISON__POLICY__FILE", &file)]));
    assert!(said.contains("warn  pilot: XYZ, YFB: no group is bound"), "{said}");
    assert!(said.contains("warn  pilot: no department has the code XYZ"), "{said}");
});

story!(whoever_speaks_to_the_bot_is_answered_where_he_spoke_during_a_pilot_too, |world| {
    research_tries_it_out(world).await;
    world.says("li.na", "/my").await;
    world.hears("li.na ← 没有待办").await;
});
