//! 加签: an approver calls others in, to decide before, beside or after; all of them or any one.

use crate::world::{World, story};

/// Who has an open approval to give, and the count of all that were ever asked.
async fn asked(world: &World) -> (i64, i64) {
    let sql = "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN closed_at IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) \
               FROM obligation WHERE kind = 'approve_request'";
    let row = world.numbers(sql, 2).await;
    (row[1], row[0])
}

/// What was heard since, to whomever first: messages of one act leave in any order.
async fn hears_all(world: &mut World, mut expected: Vec<&str>) {
    let heard = world.heard().await;
    let mut lines: Vec<&str> = heard.lines().map(str::trim).collect();
    lines.sort_unstable();
    expected.sort_unstable();
    assert_eq!(lines, expected);
}

story!(whoever_is_called_in_before_decides_first_and_then_the_head_is_asked_again, |world| {
    let number = world.files().await;
    world.forgets().await;
    world.says("liu.yang", &format!("/加签 {number} @王芳 前 请看预算")).await;
    let all = vec![
        "wang.fang ← 请审批市场部的协作需求",
        "liu.yang ← 已加签1人（前加签：先由其审批；全部同意）",
        "zhang.wei ← 刘洋请了1位同事一起审批（前加签：先由其审批）",
    ];
    hears_all(world, all).await;
    assert_eq!(asked(world).await, (1, 2), "the head is not asked meanwhile");
    let card = world.card("wang.fang").await.to_string();
    assert!(card.contains("刘洋请您一起审批") && card.contains("请看预算"), "who calls and why: {card}");
    assert!(card.contains("王芳（审批中） → 市场部负责人（待审批）"), "the chain: {card}");
    world.says("liu.yang", &format!("/同意 {number}")).await;
    let card = world.card("liu.yang").await.to_string();
    assert!(card.contains("王芳"), "it is not his turn, and he reads whose it is: {card}");
    world.forgets().await;
    world.presses("wang.fang", "approve").await;
    hears_all(world, vec!["liu.yang ← 请审批市场部的协作需求", "zhang.wei ← 王芳已同意，下一步由刘洋审批"])
        .await;
    world.presses("liu.yang", "approve").await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 请研发部确认协作任务"), "then the departments are asked: {heard}");
    world.says("zhang.wei", &format!("/详情 {number}")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("王芳（已同意） → 刘洋（已同意）"), "the record: {card}");
    world.forgets().await;
});

story!(of_two_side_by_side_both_have_to_agree, |world| {
    let number = world.files().await;
    world.forgets().await;
    world.says("liu.yang", &format!("/加签 {number} @王芳 并行 全部")).await;
    world.forgets().await;
    assert_eq!(asked(world).await, (2, 2), "both at once");
    world.presses("liu.yang", "approve").await;
    let heard = world.heard().await;
    assert!(!heard.contains("li.na"), "one of two is not enough: {heard}");
    assert_eq!(asked(world).await, (1, 2), "nobody is asked twice");
    world.presses("wang.fang", "approve").await;
    assert!(world.heard().await.contains("li.na ← 请研发部确认协作任务"));
});

story!(of_any_one_side_by_side_the_first_decides_and_the_others_are_spared, |world| {
    let number = world.files().await;
    world.forgets().await;
    world.says("liu.yang", &format!("/加签 {number} @王芳 @李娜 并行 任一")).await;
    world.forgets().await;
    assert_eq!(asked(world).await, (3, 3));
    world.presses("li.na", "approve").await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 请研发部确认协作任务"), "{heard}");
    assert_eq!(asked(world).await, (0, 3), "nobody owes it any more");
    world.says("wang.fang", &format!("/同意 {number}")).await;
    let card = world.card("wang.fang").await.to_string();
    assert!(card.contains("李娜"), "the slower one reads who was faster: {card}");
    world.forgets().await;
    // Nobody is reminded of what was decided without him.
    world.is("2026-11-24 10:30").await;
    let heard = world.heard().await;
    assert!(!heard.contains("审批"), "{heard}");
});

story!(whoever_is_called_in_after_decides_next_and_may_send_it_back, |world| {
    let number = world.files().await;
    world.forgets().await;
    world.says("liu.yang", &format!("/加签 {number} @王芳 之后")).await;
    world.forgets().await;
    assert_eq!(asked(world).await, (1, 1), "not yet");
    world.presses("liu.yang", "approve").await;
    hears_all(world, vec!["wang.fang ← 请审批市场部的协作需求", "zhang.wei ← 刘洋已同意，下一步由王芳审批"])
        .await;
    world.says("wang.fang", &format!("/退回 {number} 预算没有依据")).await;
    let heard = world.heard().await;
    assert!(heard.contains("zhang.wei ← 王芳退回了需求"), "{heard}");
    assert_eq!(asked(world).await, (0, 2));
    // Submitted again, the chain begins anew, without guests.
    world.fills("zhang.wei", "revise", &[]).await;
    world.forgets().await;
});

story!(a_return_by_one_of_several_takes_the_question_from_all, |world| {
    let number = world.files().await;
    world.says("liu.yang", &format!("/加签 {number} @王芳 并行")).await;
    world.forgets().await;
    world.says("wang.fang", &format!("/退回 {number} 请写清验收标准")).await;
    world.forgets().await;
    assert_eq!(asked(world).await, (0, 2));
    world.is("2026-11-25 12:00").await;
    let heard = world.heard().await;
    assert!(!heard.contains("liu.yang"), "the head is not reminded of what lies with the initiator: {heard}");
});

story!(silence_of_somebody_called_in_climbs_like_every_approval, |world| {
    let number = world.files().await;
    world.says("liu.yang", &format!("/加签 {number} @王芳 前")).await;
    world.forgets().await;
    world.is("2026-11-24 10:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("wang.fang ← 提醒") || heard.contains("wang.fang ← 已到期"), "{heard}");
    assert!(!heard.contains("liu.yang"), "whose turn it is not is not reminded: {heard}");
});

story!(the_form_asks_whom_when_and_how_many_and_keeps_what_was_typed, |world| {
    world.files().await;
    world.forgets().await;
    world.presses("liu.yang", "cosign").await;
    let wrong = [("people", "查无此人"), ("turn", "beside"), ("rule", "any"), ("reason", "一起看")];
    world.fills("liu.yang", "cosign", &wrong).await;
    let card = world.card("liu.yang").await;
    let fields = card["form"]["fields"].as_array().unwrap();
    let value = |name: &str| fields.iter().find(|f| f["name"] == name).unwrap()["value"].clone();
    assert!(card.to_string().contains("没有找到在职同事“查无此人”"), "{card}");
    assert_eq!(
        (value("turn"), value("rule"), value("reason")),
        ("beside".into(), "any".into(), "一起看".into())
    );
    let right = [("people", "王芳、李娜"), ("turn", "beside"), ("rule", "any"), ("reason", "一起看")];
    let toast = world.fills("liu.yang", "cosign", &right).await;
    assert!(toast.contains("已加签2人"), "{toast}");
    let heard = world.heard().await;
    assert!(heard.contains("wang.fang ← 请审批") && heard.contains("li.na ← 请审批"), "{heard}");
    assert_eq!(asked(world).await, (3, 3));
});

story!(who_cannot_approve_is_not_called_in_and_only_approvers_call, |world| {
    let number = world.files().await;
    world.forgets().await;
    for (who, typed, why) in [
        ("liu.yang", format!("/加签 {number} @张伟"), "发起人"),
        ("liu.yang", format!("/加签 {number} @刘洋"), "已经在审批人里"),
        ("zhang.wei", format!("/加签 {number} @王芳"), "不由您"),
        ("wang.fang", format!("/加签 {number} @李娜"), "不由您"),
    ] {
        world.says(who, &typed).await;
        let card = world.card(who).await.to_string();
        assert!(card.contains(why), "{who} {typed}: {card}");
    }
    world.forgets().await;
    assert_eq!(asked(world).await, (1, 1), "nothing changed");
    world.presses("liu.yang", "approve").await;
    world.forgets().await;
    world.says("liu.yang", &format!("/加签 {number} @王芳")).await;
    let card = world.card("liu.yang").await.to_string();
    assert!(card.contains("刘洋") && card.contains("同意"), "it was approved: {card}");
    world.forgets().await;
});

story!(the_deputy_of_somebody_called_in_decides_in_his_place, |world| {
    let number = world.files().await;
    world.says("liu.yang", &format!("/加签 {number} @王芳 前")).await;
    world.forgets().await;
    world.says("wang.fang", "/委托 @李娜 直到 周五").await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 请审批市场部的协作需求"), "the deputy is asked: {heard}");
    world.presses("li.na", "approve").await;
    let heard = world.heard().await;
    assert!(heard.contains("liu.yang ← 请审批市场部的协作需求"), "{heard}");
    assert!(heard.contains("zhang.wei ← 李娜已同意，下一步由刘洋审批"), "{heard}");
});
