//! R3, R4, R5: review, dispatch, signatures.

use crate::world::story;

story!(the_head_approves_and_every_department_is_asked_at_once, |world| {
    let number = world.files().await;
    world.forgets().await;
    let toast = world.presses("liu.yang", "approve").await;
    assert!(toast.contains("同意"), "{toast}");
    world
        .hears(
            "zhang.wei ← 刘洋已同意，需求已发给各部门
             li.na ← 请研发部确认协作任务
             chen.jie ← 研发部收到新的协作任务
             wang.fang ← 请财务部确认协作任务
             zhao.min ← 财务部收到新的协作任务",
        )
        .await;
    let toast = world.presses("li.na", "confirm").await;
    assert!(toast.contains("确认"), "{toast}");
    world.hears("zhang.wei ← 研发部已确认（李娜）").await;
    world.says("wang.fang", &format!("/确认 {number}")).await;
    world
        .hears(
            "zhang.wei ← 各部门已全部确认
             liu.yang ← 各部门已全部确认
             wang.fang ← 已代表财务部确认，并记录电子签名",
        )
        .await;
    assert!(world.upcoming().await.is_empty(), "nobody owes anything any more");
    world.passes("10wd").await;
});

story!(a_return_comes_back_with_its_reason_and_is_resubmitted, |world| {
    world.files().await;
    world.forgets().await;
    world.presses("liu.yang", "return").await;
    world.hears("liu.yang ← 退回需求").await;
    let toast = world.fills("liu.yang", "return", &[("reason", "预算没有写清楚")]).await;
    assert!(toast.contains("退回"), "{toast}");
    world.hears("zhang.wei ← 刘洋退回了需求，请修改后重新提交").await;
    assert!(world.card("zhang.wei").await.to_string().contains("预算没有写清楚"));
    world.presses("zhang.wei", "revise").await;
    world.forgets().await;
    let values = crate::world::filled(&[("budget", "50000")]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    world.fills("zhang.wei", "file", &values).await;
    world.hears("liu.yang ← 请审批市场部的协作需求").await;
    world.presses("liu.yang", "approve").await;
    world.forgets().await;
});

story!(a_return_without_a_reason_asks_for_one, |world| {
    world.files().await;
    world.forgets().await;
    world.presses("liu.yang", "return").await;
    let message = world.with_button("liu.yang", "return").await;
    let answer = world.presses_on("liu.yang", &message, "return", &[("reason", "  ")]).await;
    let field = &answer["card"]["form"]["fields"][0];
    assert!(field["error"].is_string(), "{answer}");
    world.forgets().await;
});

story!(a_budget_above_the_limit_also_needs_the_general_manager, |world| {
    world.files_with(&[("budget", "12万")]).await;
    world.forgets().await;
    world.presses("liu.yang", "approve").await;
    world
        .hears(
            "zhang.wei ← 刘洋已同意，下一步由高建国审批
             gao.jianguo ← 请审批市场部的协作需求",
        )
        .await;
    world.presses("gao.jianguo", "approve").await;
    world
        .hears(
            "zhang.wei ← 高建国已同意，需求已发给各部门
             li.na ← 请研发部确认协作任务
             chen.jie ← 研发部收到新的协作任务
             wang.fang ← 请财务部确认协作任务
             zhao.min ← 财务部收到新的协作任务",
        )
        .await;
});

story!(a_budget_at_the_limit_does_not, |world| {
    world.files_with(&[("budget", "100000")]).await;
    world.presses("liu.yang", "approve").await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 请研发部确认协作任务"), "{heard}");
    assert!(!heard.contains("gao.jianguo"), "{heard}");
});

story!(a_head_who_files_is_reviewed_by_the_superior, |world| {
    world.says("liu.yang", "/new").await;
    let values = crate::world::filled(&[]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    world.fills("liu.yang", "file", &values).await;
    world
        .hears("liu.yang ← 需求已提交：2026-Q4-SCB-001 新品上市推广\n zheng.yun ← 请审批市场部的协作需求")
        .await;
});

story!(a_vacant_contact_falls_back_to_the_head_and_an_absent_one_to_the_substitute, |world| {
    world.files_with(&[("ask1_department", "KFB"), ("ask2_department", "RLB")]).await;
    world.forgets().await;
    world.presses("liu.yang", "approve").await;
    let heard = world.heard().await;
    assert!(heard.contains("tang.rui ← 请客户服务部确认协作任务"), "{heard}");
    assert!(!heard.contains("wu.hao"), "on leave: {heard}");
    assert!(heard.contains("zhou.ting ← 请人力资源部确认协作任务"), "{heard}");
    let toast = world.presses("zhou.ting", "confirm").await;
    assert!(toast.contains("确认"), "{toast}");
    world.says("zhang.wei", "/show SCB-1").await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("周婷（代吴昊）"), "on behalf of: {card}");
    world.forgets().await;
});

story!(a_second_click_and_a_rival_click_learn_who_was_first, |world| {
    let number = world.files_and_approves().await;
    let message = world.with_button("li.na", "confirm").await;
    world.presses("li.na", "confirm").await;
    // The same card was brought up to date: it has nothing to decide any more.
    let card = world.card_of("li.na", &message).await;
    let ids: Vec<_> = card["actions"].as_array().unwrap().iter().map(|a| a["id"].clone()).collect();
    assert!(!ids.contains(&"confirm".into()), "{card}");
    world.says("li.na", &format!("/confirm {number}")).await;
    let refusal = world.card("li.na").await.to_string();
    assert!(refusal.contains("李娜"), "{refusal}");
    world.says("chen.jie", &format!("/object {number} 我不同意")).await;
    let refusal = world.card("chen.jie").await.to_string();
    assert!(refusal.contains("李娜"), "the rival learns who decided: {refusal}");
    world.forgets().await;
});

story!(somebody_elses_department_cannot_be_signed_for, |world| {
    let number = world.files_and_approves().await;
    for stranger in ["sun.li", "huang.lei", "zhang.wei"] {
        world.says(stranger, &format!("/confirm {number} @研发部")).await;
        let card = world.card(stranger).await.to_string();
        assert!(!card.contains("✓ 李娜"), "{stranger}: {card}");
    }
    assert_eq!(world.upcoming().await.len(), 2, "both departments still owe");
    world.forgets().await;
});

story!(a_click_on_an_old_version_decides_nothing, |world| {
    let number = world.files().await;
    let old = world.with_button("liu.yang", "approve").await;
    let sealed = world.card_of("liu.yang", &old).await;
    assert!(
        sealed["actions"].as_array().unwrap().iter().all(|a| a.get("value").is_none()),
        "sealed values stay"
    );
    world.says("zhang.wei", &format!("/revise {number}")).await;
    let values = crate::world::filled(&[("goal", "首月销量 8000 台")]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    world.fills("zhang.wei", "file", &values).await;
    world.forgets().await;
    // Cards are brought up to date in place, so the old version can only come from a card that was forwarded or kept:
    // the press arrives with the version that it showed.
    let toast = world.presses("liu.yang", "approve").await;
    assert!(toast.contains("同意"), "the card of the new version works: {toast}");
    world.forgets().await;
});
