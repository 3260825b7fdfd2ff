//! R6: objection rounds, from the first reason to the last signature.

use crate::world::story;

story!(filing_return_resubmit_approve_one_confirm_one_objection_revise_resign_all_confirmed, |world| {
    let number = world.files().await;
    world.says("liu.yang", &format!("/return {number} 目标写得不够具体")).await;
    world.says("zhang.wei", &format!("/revise {number}")).await;
    let values = crate::world::filled(&[("goal", "首月销量 5000 台，退货率低于 2%")]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    world.fills("zhang.wei", "file", &values).await;
    world.presses("liu.yang", "approve").await;
    world.forgets().await;

    world.presses("wang.fang", "confirm").await;
    world.hears("zhang.wei ← 财务部已确认（王芳）").await;
    world.presses("li.na", "object").await;
    let objection = [("reason", "两周做不完"), ("suggestion", "顺延到 12 月 22 日")];
    world.fills("li.na", "object", &objection).await;
    world
        .hears(
            "zhang.wei ← 研发部提出异议，请答复
             liu.yang ← 研发部提出异议（李娜）
             li.na ← 已代表研发部提出异议
             chen.jie ← 研发部提出异议（李娜）",
        )
        .await;

    world.presses("zhang.wei", "revise").await;
    let values = crate::world::filled(&[
        ("goal", "首月销量 5000 台，退货率低于 2%"),
        ("ask1_wanted_by", "2026-12-22"),
    ]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    world.forgets().await;
    world.fills("zhang.wei", "file", &values).await;
    world
        .hears(
            "li.na ← 需求已修订，请研发部重新确认
             wang.fang ← 需求已修订为第 3 版：财务部的任务不变，已确认的继续有效",
        )
        .await;
    let card = world.card("li.na").await.to_string();
    assert!(card.contains("12月15日") && card.contains("12月22日"), "the difference is shown: {card}");

    world.presses("li.na", "confirm").await;
    world.hears("zhang.wei ← 各部门已全部确认\n liu.yang ← 各部门已全部确认").await;
    world.passes("10wd").await;
});

story!(a_declined_objection_asks_the_department_again_with_the_reason, |world| {
    let number = world.files_and_approves().await;
    world.says("li.na", &format!("/object {number} 人手不够，建议：减少一半工作量")).await;
    world.forgets().await;
    world.presses("zhang.wei", "decline").await;
    world.fills("zhang.wei", "decline", &[("reason", "已协调两名同事支援")]).await;
    world
        .hears(
            "zhang.wei ← 未采纳研发部的异议，理由已告知对方
             li.na ← 请研发部确认协作任务
             chen.jie ← 张伟未采纳研发部的异议",
        )
        .await;
    assert!(world.card("li.na").await.to_string().contains("已协调两名同事支援"));
    world.presses("li.na", "confirm").await;
    world.hears("zhang.wei ← 研发部已确认（李娜）").await;
});

story!(an_escalated_objection_is_ruled_on_by_the_common_superior, |world| {
    let number = world.files_and_approves().await;
    world.says("li.na", &format!("/object {number} 做不到")).await;
    world.forgets().await;
    world.says("zhang.wei", &format!("/escalate {number} 双方意见不一")).await;
    let heard = world.heard().await;
    assert!(heard.contains("gao.jianguo ← 请裁决：市场部与研发部的分歧"), "{heard}");
    // The superior's ruling stands: no second objection in this version.
    world.says("gao.jianguo", &format!("/rule {number} 不成立 按原计划执行")).await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 请研发部确认协作任务"), "{heard}");
    world.says("li.na", &format!("/object {number} 还是做不到")).await;
    world.forgets().await;
    assert_eq!(world.upcoming().await.len(), 2, "the ask is still open, like that of finance");
    world.presses("li.na", "confirm").await;
    world.hears("zhang.wei ← 研发部已确认（李娜）").await;
});

story!(an_upheld_objection_can_only_be_answered_by_a_revision, |world| {
    let number = world.files_and_approves().await;
    world.says("li.na", &format!("/object {number} 做不到")).await;
    world.says("li.na", &format!("/escalate {number} 请领导定")).await;
    world.says("gao.jianguo", &format!("/rule {number} 成立 请调整时间")).await;
    world.forgets().await;
    world.says("zhang.wei", &format!("/decline {number} 不改")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(!card.contains("未采纳异议，原任务继续"), "{card}");
    world.forgets().await;
    world.says("zhang.wei", &format!("/revise {number}")).await;
    let values = crate::world::filled(&[("ask1_task", "只提供技术参数")]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    world.forgets().await;
    world.fills("zhang.wei", "file", &values).await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 需求已修订，请研发部重新确认"), "{heard}");
});

story!(a_revision_that_changes_nothing_is_refused, |world| {
    let number = world.files_and_approves().await;
    world.says("li.na", &format!("/object {number} 做不到")).await;
    world.says("zhang.wei", &format!("/revise {number}")).await;
    world.forgets().await;
    let values = crate::world::filled(&[]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let toast = world.fills("zhang.wei", "file", &values).await;
    assert!(!toast.contains("第 2 版"), "{toast}");
});

story!(a_late_answer_belongs_to_the_head, |world| {
    let number = world.files_and_approves().await;
    world.says("li.na", &format!("/object {number} 做不到")).await;
    world.passes("3wd").await;
    world.forgets().await;
    world.says("zhang.wei", &format!("/decline {number} 照旧")).await;
    assert!(world.card("zhang.wei").await.to_string().contains("刘洋"), "the head may");
    world.says("liu.yang", &format!("/decline {number} 照旧")).await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 请研发部确认协作任务"), "{heard}");
});

story!(nothing_of_a_cancelled_request_goes_to_a_superior, |world| {
    let number = world.files_and_approves().await;
    world.says("li.na", &format!("/object {number} 做不到")).await;
    world.says("zhang.wei", &format!("/decline {number} 照旧")).await;
    world.says("zhang.wei", &format!("/cancel {number} 不做了")).await;
    world.forgets().await;
    world.says("li.na", &format!("/escalate {number} 请裁决")).await;
    let heard = world.heard().await;
    assert!(heard.lines().all(|line| line.starts_with("li.na ← ")), "nobody else hears of it: {heard}");
    let owed = "SELECT COUNT(*) FROM obligation WHERE closed_at IS NULL";
    assert_eq!(world.numbers(owed, 1).await, [0]);
    world.passes("10wd").await;
});

story!(an_objection_that_a_later_one_followed_cannot_rise_again, |world| {
    let number = world.files_and_approves().await;
    world.says("li.na", &format!("/object {number} 做不到")).await;
    world.says("zhang.wei", &format!("/decline {number} 照旧")).await;
    world.says("li.na", &format!("/object {number} 还是做不到")).await;
    world.says("zhang.wei", &format!("/revise {number}")).await;
    let values = crate::world::filled(&[("ask1_task", "只提供技术参数")]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    world.fills("zhang.wei", "file", &values).await;
    world.forgets().await;
    // The refusal of the first objection was about words that nobody asks any more.
    world.says("li.na", &format!("/escalate {number} 请裁决")).await;
    let heard = world.heard().await;
    assert!(heard.lines().all(|line| line.starts_with("li.na ← ")), "nobody else hears of it: {heard}");
    world.presses("li.na", "confirm").await;
    world.hears("zhang.wei ← 研发部已确认（李娜）").await;
});

story!(a_command_that_lacked_its_department_goes_on_where_it_is_chosen, |world| {
    let number = world.files_and_approves().await;
    for person in ["li.na", "wang.fang"] {
        world.says(person, &format!("/object {number} 两周做不完，建议：顺延到 12 月 22 日")).await;
    }
    world.forgets().await;
    // Both have objected: which of them is not followed?
    world.says("zhang.wei", &format!("/不采纳 {number} 展会日期不能动")).await;
    world.hears("zhang.wei ← 请说明是哪个部门").await;
    let card = world.card("zhang.wei").await;
    let labels: Vec<&str> =
        card["actions"].as_array().unwrap().iter().map(|a| a["label"].as_str().unwrap()).collect();
    assert_eq!(labels[..2], ["驳回异议（研发部）", "驳回异议（财务部）"], "{card}");
    world.presses("zhang.wei", "decline_YFB").await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ←") && !heard.contains("wang.fang ←"), "{heard}");
    assert!(world.card("li.na").await.to_string().contains("展会日期不能动"), "nothing is asked again");
    // What is decided is not offered any more.
    let message = world.with_button("zhang.wei", "decline_CWB").await;
    let card = world.card_of("zhang.wei", &message).await.to_string();
    assert!(card.contains("请说明是哪个部门") && !card.contains("decline_YFB"), "{card}");
});
