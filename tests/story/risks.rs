//! I7: what may go wrong is planned for, and fires by real delay or by hand, once per crossing.

use crate::world::ground::runs;
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

/// Lets everybody forget the daily alarms up to a moment.
async fn until(world: &mut World, moment: &str) {
    world.is(moment).await;
    world.forgets().await;
}

fn plan(number: &str) -> String {
    format!("/风险 {number} 进度延迟 高/中 任务1 延期>3,7 @王芳 @郑云 物料晚到 → 改用备选物料")
}

story!(a_plan_fires_when_a_task_is_really_late_and_calls_the_superior_at_the_second_threshold, |world| {
    let number = under_way(world).await;
    world.says("zhang.wei", &plan(&number)).await;
    world
        .hears(
            "zhang.wei ← 风险预案 R1 已登记
             wang.fang ← 张伟登记了风险预案 R1，负责人王芳：物料晚到",
        )
        .await;
    world.says("zhang.wei", &format!("/show {number}")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("任务 1 写说明延期超过 3、7 个工作日") && card.contains("监控中"), "{card}");
    world.says("zhang.wei", &format!("/tasks {number}")).await;
    assert!(world.card("zhang.wei").await.to_string().contains("风险点 R1"));
    // Late from Friday evening on: on Wednesday three working days, which is not more than three.
    until(world, "2026-12-02 23:00").await;
    world.says("zhang.wei", &format!("/风险 {number}")).await;
    assert!(!world.card("zhang.wei").await.to_string().contains("已触发"));
    world.forgets().await;
    world.is("2026-12-03 17:59").await;
    world.hears("").await;
    world.is("2026-12-03 18:00").await;
    world
        .hears(
            "zhang.wei ← 风险预案 R1 已触发，由王芳应对：物料晚到
             li.na ← 任务 1 写说明已延期
             chen.jie ← 任务 1 写说明已延期（李娜）
             wang.fang ← 您负责的任务 2：改用备选物料
             wang.fang ← 风险预案 R1 已触发：物料晚到",
        )
        .await;
    let card = world.card("wang.fang").await.to_string();
    for said in ["任务 1 写说明已延期 4 个工作日（超过 3 个）", "任务 2", "改用备选物料"]
    {
        assert!(card.contains(said), "{said}: {card}");
    }
    // The next days say nothing new, even after the service was down over one of them.
    until(world, "2026-12-04 17:00").await;
    world.is_down_for(2).await;
    let heard = world.heard().await;
    assert!(!heard.contains("风险预案"), "{heard}");
    until(world, "2026-12-09 17:59").await;
    world.is("2026-12-09 18:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("zheng.yun ← 风险预案 R1 已触发：物料晚到"), "{heard}");
    assert_eq!(heard.matches("wang.fang ← 风险预案 R1").count(), 1, "{heard}");
    assert!(!heard.contains("您负责的任务 3"), "the measure is a task already: {heard}");
    let card = world.card("zheng.yun").await.to_string();
    assert!(card.contains("已延期 8 个工作日（超过 7 个）"), "{card}");
    until(world, "2026-12-11 23:00").await;
    world.says("zhang.wei", &format!("/风险 {number}")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("监控中，已触发 2 次"), "{card}");
    let (code, said) = runs(world.database(), (&["export", "risks"], &[]));
    assert!(code == Some(0) && said.contains(r#""threshold":7"#) && said.contains("王*"), "{said}");
    world.says("zhang.wei", &format!("/show {number}")).await;
    assert!(world.card("zhang.wei").await.to_string().contains("触发风险预案 R1"));
    world.forgets().await;
});

story!(another_planned_day_is_another_crossing, |world| {
    let number = under_way(world).await;
    world.says("zhang.wei", &plan(&number)).await;
    until(world, "2026-12-03 18:00").await;
    world.says("zhang.wei", &format!("/task move {number}/1 2026-12-07 等供应商")).await;
    world.says("wang.fang", &format!("/done {number}/2")).await;
    until(world, "2026-12-11 17:59").await;
    world.is("2026-12-11 18:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("wang.fang ← 风险预案 R1 已触发：物料晚到"), "{heard}");
    assert!(heard.contains("您负责的任务 3：改用备选物料"), "the first one was done: {heard}");
});

story!(the_critical_path_is_watched_and_what_is_beside_it_is_not, |world| {
    let number = under_way(world).await;
    world.says("zhang.wei", &format!("/task add {number} 做样机 @李娜 2026-12-15 依赖 1")).await;
    world.says("zhang.wei", &format!("/task add {number} 订会场 @王芳 2026-11-26")).await;
    let line = "资源不足 高/高 关键路径 延期>1 @孙丽 人手不够 → 借调两人";
    world.says("zhang.wei", &format!("/风险 {number} {line}")).await;
    // Task 3 is late from Thursday on, but nothing hangs on it: on Monday it is two working days late.
    world.forgets().await;
    world.is("2026-11-30 18:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("任务 3 订会场已延期") && !heard.contains("风险预案"), "{heard}");
    world.is("2026-12-01 18:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("sun.li ← 风险预案 R1 已触发：人手不够"), "{heard}");
    let card = world.card("sun.li").await.to_string();
    assert!(card.contains("任务 1 写说明已延期 2 个工作日（超过 1 个）"), "{card}");
});

story!(a_plan_is_fired_by_hand_changed_and_retired, |world| {
    let number = under_way(world).await;
    let line = "外部变化 中/高 手动 @王芳 @郑云 政策变化 → 请法务复核";
    world.says("zhang.wei", &format!("/风险 {number} {line}")).await;
    world.forgets().await;
    // Its owner says that it came: what happened is asked for.
    world.says("wang.fang", &format!("/风险 {number}")).await;
    world.presses("wang.fang", "fire_risk_R1").await;
    world.forgets().await;
    let toast = world.fills("wang.fang", "fire_risk", &[("reason", "新规下月生效")]).await;
    assert_eq!(toast, "风险预案 R1 已触发，措施已列为任务。");
    world
        .hears(
            "zhang.wei ← 风险预案 R1 已触发，由王芳应对：政策变化
             wang.fang ← 您负责的任务 2：请法务复核
             wang.fang ← 风险预案 R1 已触发：政策变化
             zheng.yun ← 风险预案 R1 已触发：政策变化",
        )
        .await;
    assert!(world.card("zheng.yun").await.to_string().contains("王芳手动触发：新规下月生效"));
    // Whoever is named sees the request.
    world.says("zheng.yun", &format!("/show {number}")).await;
    world.forgets().await;
    world.says("zhang.wei", &format!("/风险 修改 {number}-R1")).await;
    world.hears("zhang.wei ← 修改风险预案").await;
    let typed = [
        ("risk_kind", "external"),
        ("risk_description", "政策再变"),
        ("likelihood", "low"),
        ("risk_impact", "high"),
        ("measure", "请法务复核"),
        ("risk_owner", "李娜"),
        ("risk_watch", "手动"),
    ];
    let toast = world.fills("zhang.wei", "save_risk", &typed).await;
    assert_eq!(toast, "风险预案 R1 已修改。");
    world.hears("li.na ← 张伟登记了风险预案 R1，负责人李娜：政策再变").await;
    world.says("wang.fang", &format!("/风险 停用 {number}-R1")).await;
    world.hears("li.na ← 王芳停用了风险预案 R1：政策再变\n wang.fang ← 风险预案 R1 已停用").await;
    world.says("zhang.wei", &format!("/风险 触发 {number}-R1 又来了")).await;
    world.hears("zhang.wei ← 没有执行：风险预案 R1 已停用").await;
    world.says("zhang.wei", &format!("/风险 修改 {number}-R9")).await;
    world.hears("zhang.wei ← 没有找到 R9").await;
});

story!(the_page_of_risk_plans_follows_what_fires, |world| {
    let number = under_way(world).await;
    world
        .says("zhang.wei", &format!("/风险 {number} 外部变化 中/高 手动 @王芳 @郑云 政策变化 → 请法务复核"))
        .await;
    world.says("zhang.wei", &format!("/风险 {number}")).await;
    let page = world.newest("zhang.wei").await;
    assert!(!world.card_of("zhang.wei", &page).await.to_string().contains("新规下月生效"));
    world.says("wang.fang", &format!("/风险 {number}")).await;
    world.presses("wang.fang", "fire_risk_R1").await;
    world.fills("wang.fang", "fire_risk", &[("reason", "新规下月生效")]).await;
    world.forgets().await;
    let card = world.card_of("zhang.wei", &page).await.to_string();
    assert!(card.contains("新规下月生效"), "{card}");
});

story!(what_is_wrong_with_a_risk_plan_is_said_next_to_its_field, |world| {
    let number = under_way(world).await;
    let whole = |trigger: &str| format!("/风险 {number} 进度延迟 高/中 {trigger} @王芳 物料晚到 → 换物料");
    for (trigger, fault) in [
        ("任务9 >3", "没有任务“9”"),
        ("任务1", "请填写这一项"),
        ("任务1 >7,3", "不是触发天数"),
        ("任务1 >0", "不是触发天数"),
        ("任务1 >3,5,7", "不是触发天数"),
        ("手动 >3", "手动触发不看延期天数"),
        // Two thresholds call a superior at the second, so there must be one.
        ("任务1 >3,7", "请填写这一项"),
    ] {
        world.says("zhang.wei", &whole(trigger)).await;
        world.hears("zhang.wei ← 登记风险预案").await;
        let card = world.card("zhang.wei").await.to_string();
        assert!(card.contains(fault) && card.contains("物料晚到"), "{trigger}: {card}");
    }
    // Without a trigger the form opens, and does not close without one.
    world.says("zhang.wei", &whole("")).await;
    world.hears("zhang.wei ← 登记风险预案").await;
    let typed = [
        ("risk_kind", "delay"),
        ("risk_description", "物料晚到"),
        ("likelihood", "high"),
        ("risk_impact", "medium"),
        ("measure", "换物料"),
        ("risk_owner", "无此人"),
        ("measure_days", "0"),
    ];
    world.fills("zhang.wei", "save_risk", &typed).await;
    let card = world.card("zhang.wei").await.to_string();
    for fault in ["请写明触发条件", "没有找到在职同事“无此人”", "“0”不是可用的天数"]
    {
        assert!(card.contains(fault), "{fault}: {card}");
    }
    world.says("tang.rui", &format!("/风险 添加 {number}")).await;
    let heard = world.heard().await;
    assert!(heard.starts_with("tang.rui ← "), "{heard}");
    assert!(!heard.contains("登记风险预案"), "{heard}");
});
