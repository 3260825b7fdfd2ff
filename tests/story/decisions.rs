//! I6: somebody is asked to decide, by when; one click, a record, and who hears when it does not come.

use crate::world::ground::runs;
use crate::world::{World, story};

/// A request that two departments are asked to confirm; they wait.
async fn asked(world: &mut World, line: &str) -> String {
    let number = world.files_and_approves().await;
    world.forgets().await;
    world.says("zhang.wei", &format!("/决策 {number} {line}")).await;
    number
}

story!(a_decision_is_asked_for_in_one_line_and_made_with_one_click, |world| {
    let number = asked(world, "@陈杰 3d 选哪家供应商，本周要定 甲厂/乙厂/都不选").await;
    world
        .hears(
            "zhang.wei ← 已请陈杰决策 D1：选哪家供应商，本周要定，时限 3 个工作日
             chen.jie ← 请您决策 D1：选哪家供应商，本周要定",
        )
        .await;
    let card = world.card("chen.jie").await.to_string();
    for said in ["1. 甲厂\\n2. 乙厂\\n3. 都不选", "张伟", "11月26日（周四）10:00", "其他／否决"]
    {
        assert!(card.contains(said), "{said}: {card}");
    }
    let toast = world.presses("chen.jie", "option_2").await;
    assert_eq!(toast, "决策 D1 已记录：乙厂。");
    world.hears("zhang.wei ← 陈杰已决策 D1 选哪家供应商，本周要定：乙厂").await;
    // The card that asked says what became of it, and nothing is left to press.
    let card = world.card("chen.jie").await.to_string();
    assert!(card.contains("已决策") && card.contains("乙厂") && !card.contains("option_1"), "{card}");
    // It is kept under its number, on the request and by itself.
    world.says("zhang.wei", &format!("/show {number}")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("决策 D1 选哪家供应商，本周要定：乙厂") && card.contains("决策事项"), "{card}");
    world.says("zhang.wei", &format!("/决策 {number}-D1")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("已决策") && card.contains("陈杰 · 11月23日（周一）10:00"), "{card}");
    world.forgets().await;
    // It can be taken out by other programs, the names of people masked.
    let (code, said) = runs(world.database(), (&["export", "decisions"], &[]));
    let kept = r#""conclusion":"乙厂","decider":"陈*""#;
    assert!(code == Some(0) && said.contains(kept) && said.contains(r#""state":"decided""#), "{said}");
    // A second click, and a second decider, change nothing.
    world.says("chen.jie", &format!("/决策 {number}-D1 1")).await;
    world.hears("chen.jie ← 已经有人处理过了").await;
});

story!(the_page_of_a_decision_follows_what_becomes_of_it, |world| {
    let number = asked(world, "@陈杰 3d 选哪家供应商，本周要定 甲厂/乙厂/都不选").await;
    world.says("zhang.wei", &format!("/决策 {number}-D1")).await;
    let page = world.newest("zhang.wei").await;
    assert!(!world.card_of("zhang.wei", &page).await.to_string().contains("已决策"));
    world.presses("chen.jie", "option_2").await;
    world.forgets().await;
    let card = world.card_of("zhang.wei", &page).await.to_string();
    assert!(card.contains("已决策") && card.contains("乙厂"), "{card}");
});

story!(something_else_than_the_options_is_decided_with_a_reason, |world| {
    let number = asked(world, "@陈杰 选哪家供应商 甲厂/乙厂").await;
    world.forgets().await;
    world.presses("chen.jie", "decide_other").await;
    world.hears("chen.jie ← 作出决策").await;
    let toast = world.fills("chen.jie", "decide", &[("conclusion", "都不用"), ("reason", "")]).await;
    assert_eq!(toast, "有 1 处需要修改，已标在对应位置；其余内容都已保留。");
    world.fills("chen.jie", "decide", &[("conclusion", "都不用"), ("reason", "自己能做")]).await;
    world.hears("zhang.wei ← 陈杰已决策 D1 选哪家供应商：都不用").await;
    // A free question takes any words; an option and a reason fit into one line.
    world.says("zhang.wei", &format!("/决策 {number} @陈杰 预算追加多少")).await;
    world.says("zhang.wei", &format!("/决策 {number} @陈杰 用哪间会议室 东/西")).await;
    world.forgets().await;
    world.says("chen.jie", &format!("/决策 {number}-D2 追加 5 万")).await;
    world.says("chen.jie", &format!("/决策 {number}-D3 西 东间在装修")).await;
    world
        .hears(
            "zhang.wei ← 陈杰已决策 D2 预算追加多少：追加 5 万
             zhang.wei ← 陈杰已决策 D3 用哪间会议室：西
             chen.jie ← 决策 D2 已记录：追加 5 万
             chen.jie ← 决策 D3 已记录：西",
        )
        .await;
    assert!(world.card("zhang.wei").await.to_string().contains("东间在装修"));
});

story!(a_decision_that_does_not_come_is_reminded_of_and_climbs_to_the_superior, |world| {
    let number = asked(world, "@陈杰 选哪家供应商 甲厂/乙厂").await;
    world.forgets().await;
    // Nobody else's ladder shall be heard here.
    world.says("li.na", &format!("/confirm {number}")).await;
    world.says("wang.fang", &format!("/confirm {number}")).await;
    world.forgets().await;
    world.is("2026-11-24 09:59").await;
    world.hears("").await;
    world.is("2026-11-24 10:00").await;
    world.hears("chen.jie ← 提醒：决策还在等您").await;
    world.says("chen.jie", &format!("/why {number}")).await;
    let card = world.card("chen.jie").await.to_string();
    assert!(card.contains("决策") && card.contains("11月25日（周三）10:00"), "{card}");
    world.forgets().await;
    world.is("2026-11-25 10:00").await;
    world
        .hears(
            "chen.jie ← 决策已升级通报，请优先处理
             ma.ning ← 研发部的决策逾期未答复，请协助",
        )
        .await;
    let card = world.card("ma.ning").await.to_string();
    assert!(card.contains("选哪家供应商") && card.contains("甲厂"), "{card}");
    // Nothing after that but the decision, which counts as late.
    world.is("2026-11-27 18:00").await;
    world.hears("").await;
    world.says("chen.jie", "/决策 D1 1").await;
    world
        .hears(
            "zhang.wei ← 陈杰已决策 D1 选哪家供应商：甲厂
             chen.jie ← 决策 D1 已记录：甲厂",
        )
        .await;
    let late = "SELECT COUNT(*) FROM obligation WHERE kind = 'decide' AND outcome = 'met_late'";
    assert_eq!(world.numbers(late, 1).await, [1]);
});

story!(what_waits_for_me_is_listed_and_opened_from_there, |world| {
    let number = asked(world, "@陈杰 选哪家供应商 甲厂/乙厂").await;
    world.says("li.na", &format!("/决策 {number} @陈杰 用不用加班")).await;
    world.forgets().await;
    world.says("chen.jie", "/决策").await;
    world.hears("chen.jie ← 待您决策（2 项）").await;
    let card = world.card("chen.jie").await.to_string();
    assert!(card.contains("选哪家供应商") && card.contains("用不用加班") && card.contains("李娜"), "{card}");
    world.presses("chen.jie", &format!("look_{number}-D2")).await;
    world.hears("chen.jie ← 决策 D2：用不用加班").await;
    world.says("zhang.wei", "/decide").await;
    world.hears("zhang.wei ← 没有待您决策的事项").await;
});

story!(whoever_asked_takes_it_back_and_nobody_else, |world| {
    let number = asked(world, "@陈杰 选哪家供应商 甲厂/乙厂").await;
    world.forgets().await;
    world.says("li.na", &format!("/决策 撤回 {number}-D1")).await;
    world.hears("li.na ← 没有执行：这一步不由您处理").await;
    world.says("li.na", &format!("/决策 {number}-D1 1")).await;
    world.hears("li.na ← 没有执行：这一步不由您处理").await;
    world.says("zhang.wei", &format!("/决策 撤回 {number}-D1")).await;
    world
        .hears(
            "zhang.wei ← 决策申请 D1 已撤回
             chen.jie ← 张伟撤回了决策申请 D1：选哪家供应商",
        )
        .await;
    world.says("chen.jie", &format!("/决策 {number}-D1 1")).await;
    world.hears("chen.jie ← 已经有人处理过了").await;
    world.says("chen.jie", &format!("/决策 {number}-D9")).await;
    world.hears("chen.jie ← 没有找到 D9").await;
});

story!(a_decision_passes_to_whoever_takes_it_over, |world| {
    let number = asked(world, "@陈杰 选哪家供应商 甲厂/乙厂").await;
    world.forgets().await;
    world.says("chen.jie", &format!("/转交 {number} @马宁")).await;
    world.forgets().await;
    let card = world.card("ma.ning").await.to_string();
    assert!(card.contains("请您决策 D1：选哪家供应商") && card.contains("option_1"), "{card}");
    world.presses("ma.ning", "option_1").await;
    world
        .hears(
            "zhang.wei ← 马宁已决策 D1 选哪家供应商：甲厂
             chen.jie ← 马宁已决策 D1 选哪家供应商：甲厂",
        )
        .await;
    // Whoever stands in by delegation is asked, and decides in that name.
    world.says("chen.jie", "/委托 @李娜 直到 2026-11-30").await;
    world.says("zhang.wei", &format!("/决策 {number} @陈杰 用哪间会议室 东/西")).await;
    world.forgets().await;
    world.presses("li.na", "option_2").await;
    world
        .hears(
            "zhang.wei ← 李娜已决策 D2 用哪间会议室：西
             chen.jie ← 李娜已决策 D2 用哪间会议室：西",
        )
        .await;
    world.says("zhang.wei", &format!("/决策 {number}-D2")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("李娜（代陈杰）"), "{card}");
    world.forgets().await;
});

story!(what_is_wrong_with_a_decision_is_said_next_to_its_field, |world| {
    let number = world.files_and_approves().await;
    world.forgets().await;
    for (line, fault) in [
        ("@谁也不是 选哪家", "没有找到在职同事“谁也不是”"),
        ("@张伟 选哪家", "不能请自己决策"),
        ("@陈杰 选哪家 1/2/3/4/5/6/7", "写了 7 个方案"),
        ("@陈杰 选哪家 甲/甲", "写了两遍"),
        ("@陈杰 选哪家 甲/", "没有可选的余地"),
        ("@陈杰 0d 选哪家 甲/乙", "不是可用的天数"),
        ("@陈杰 61d 选哪家 甲/乙", "不是可用的天数"),
    ] {
        world.says("zhang.wei", &format!("/决策 {number} {line}")).await;
        world.hears("zhang.wei ← 申请决策").await;
        let card = world.card("zhang.wei").await.to_string();
        assert!(card.contains(fault) && card.contains("选哪家"), "{line}: {card}");
    }
    let typed = [("decision_subject", "选哪家"), ("decider", "陈杰"), ("decision_days", "2026-11-02")];
    world.fills("zhang.wei", "ask_decision", &typed).await;
    assert!(world.card("zhang.wei").await.to_string().contains("已经过去"));
    let typed = [("decision_subject", "选哪家"), ("decider", "陈杰"), ("decision_days", "2026-11-27")];
    let toast = world.fills("zhang.wei", "ask_decision", &typed).await;
    assert_eq!(toast, "已请陈杰决策 D1：选哪家，时限 4 个工作日。");
    world.forgets().await;
    // Whoever has nothing to do with the request asks for nothing.
    world.says("wang.fang", "/决策 撤回 一").await;
    world.hears("wang.fang ← 没有看懂这条 /决策 命令，所以没有执行").await;
});

story!(a_request_that_ends_leaves_no_decision_owed, |world| {
    let number = asked(world, "@陈杰 选哪家供应商 甲厂/乙厂").await;
    world.says("zhang.wei", &format!("/cancel {number} 不做了")).await;
    world.forgets().await;
    world.says("zhang.wei", &format!("/决策 {number}-D1")).await;
    world.hears("zhang.wei ← 决策 D1：选哪家供应商").await;
    assert!(world.card("zhang.wei").await.to_string().contains("未决策，需求已结束"));
    world.says("chen.jie", &format!("/决策 {number}-D1 1")).await;
    world.hears("chen.jie ← 没有执行：现在不能这样做").await;
    world.says("zhang.wei", &format!("/决策 {number} @陈杰 还做不做")).await;
    world.hears("zhang.wei ← 没有执行：现在不能这样做").await;
    let open = "SELECT COUNT(*) FROM obligation WHERE closed_at IS NULL";
    assert_eq!(world.numbers(open, 1).await, [0]);
});

story!(whoever_is_asked_sees_what_is_for_participants_only_and_finds_it_afterwards, |world| {
    let number = world.files_with(&[("visibility", "people")]).await;
    world.presses("liu.yang", "approve").await;
    world.says("tang.rui", &format!("/show {number}")).await;
    assert!(world.card("tang.rui").await.to_string().contains("没有找到"));
    world.says("zhang.wei", &format!("/决策 {number} @唐蕊 客户接不接受 接受/不接受")).await;
    world.forgets().await;
    world.presses("tang.rui", "option_1").await;
    world.hears("zhang.wei ← 唐蕊已决策 D1 客户接不接受：接受").await;
    assert!(world.card("tang.rui").await.to_string().contains("已决策"));
    world.says("tang.rui", &format!("/show {number}")).await;
    assert!(world.card("tang.rui").await.to_string().contains("唐蕊"));
    world.says("tang.rui", "/list").await;
    assert!(world.card("tang.rui").await.to_string().contains(&number));
    world.forgets().await;
});
