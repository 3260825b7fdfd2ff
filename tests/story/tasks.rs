//! T1–T3, T5: from the last signature to the acceptance.

use crate::world::{World, story};

/// Both departments have signed; nothing of that needs telling again.
async fn confirmed(world: &mut World) -> String {
    let number = world.files_and_approves().await;
    world.presses("li.na", "confirm").await;
    world.presses("wang.fang", "confirm").await;
    world.forgets().await;
    number
}

/// And broken into one task for each department.
async fn broken_down(world: &mut World) -> String {
    let number = confirmed(world).await;
    world.presses("zhang.wei", "split").await;
    world.forgets().await;
    number
}

story!(one_click_breaks_a_confirmed_request_into_a_task_for_each_department, |world| {
    let number = confirmed(world).await;
    world.presses("zhang.wei", "split").await;
    world
        .hears(
            "li.na ← 您负责的任务 1：提供技术资料
             wang.fang ← 您负责的任务 2：测算推广预算",
        )
        .await;
    world.says("zhang.wei", &format!("/tasks {number}")).await;
    world.hears("zhang.wei ← 任务清单（2 项）").await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("提供技术资料") && card.contains("待启动") && card.contains("12月15日"), "{card}");
    // Each ask has its task now: the same click adds nothing.
    world.says("zhang.wei", &format!("/任务 拆分 {number}")).await;
    world.hears("zhang.wei ← 没有新增任务：每个部门都已有任务").await;
    world.says("li.na", &format!("/任务 拆分 {number}")).await;
    world.hears("li.na ← 没有执行：这一步不由您处理").await;
});

story!(a_task_is_added_in_one_line_and_changed_by_form, |world| {
    let number = broken_down(world).await;
    world.says("zhang.wei", &format!("/task add {number} 整理上市清单 @孙丽 T+3 依赖 1,2")).await;
    world
        .hears(
            "zhang.wei ← 已添加任务 3：整理上市清单
             sun.li ← 您有一项新任务 3 整理上市清单，前置任务完成后即可开始",
        )
        .await;
    world.says("zhang.wei", &format!("/tasks {number}")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("11月26日（周四）（T+3）"), "T+3 is resolved and shown: {card}");
    assert!(card.contains("依赖 1、2"), "{card}");
    world.forgets().await;
    // The form opens with the plan; a ring of dependencies is named.
    world.says("zhang.wei", &format!("/task edit {number}/1")).await;
    world.hears("zhang.wei ← 修改任务").await;
    let plan = [("task_name", "提供技术资料"), ("task_owner", "李娜"), ("task_after", "3")];
    world.fills("zhang.wei", "save_task", &plan).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("1 提供技术资料 → 3 整理上市清单 → 1 提供技术资料"), "{card}");
    let plan = [
        ("task_name", "提供全部技术资料"),
        ("task_owner", "李娜"),
        ("task_finish", "2026-12-10"),
        ("task_milestone", "yes"),
    ];
    let toast = world.fills("zhang.wei", "save_task", &plan).await;
    assert_eq!(toast, "任务 1 已修改。");
    world.hears("li.na ← 您负责的任务 1：提供全部技术资料").await;
    world.says("zhang.wei", &format!("/task drop {number}/3")).await;
    world
        .hears(
            "zhang.wei ← 任务 3 整理上市清单已删除
             sun.li ← 任务 3 整理上市清单已取消（张伟）",
        )
        .await;
});

story!(what_is_wrong_with_a_task_is_said_next_to_its_field, |world| {
    let number = broken_down(world).await;
    for (line, fault) in [
        ("联调 @谁也不是", "没有找到"),
        ("联调 @李娜 2026-01-05", "已经过去"),
        ("联调 @李娜 依赖 9", "没有任务“9”"),
    ] {
        world.says("zhang.wei", &format!("/task add {number} {line}")).await;
        world.hears("zhang.wei ← 添加任务").await;
        let card = world.card("zhang.wei").await.to_string();
        assert!(card.contains(fault) && card.contains("联调"), "{line}: {card}");
    }
    world.says("zhang.wei", &format!("/start {number}/9")).await;
    world.hears("zhang.wei ← 没有任务 9").await;
    world.says("zhang.wei", "/start SCB-1/x").await;
    world.hears("zhang.wei ← 没有看懂这条 /开始 命令，所以没有执行").await;
    world.says("sun.li", &format!("/done {number}/1")).await;
    let heard = world.heard().await;
    assert!(heard.starts_with("sun.li ← 没有执行"), "{heard}");
});

story!(a_task_waits_for_its_predecessor_and_hears_when_it_can_start, |world| {
    let number = broken_down(world).await;
    world.says("zhang.wei", &format!("/task edit {number}/2")).await;
    let plan = [("task_name", "测算推广预算"), ("task_owner", "王芳"), ("task_after", "1")];
    world.fills("zhang.wei", "save_task", &plan).await;
    world.forgets().await;
    world.says("wang.fang", &format!("/start {number}/2")).await;
    world.hears("wang.fang ← 没有执行：任务 2 的前置任务还没有完成").await;
    assert!(world.card("wang.fang").await.to_string().contains("1 提供技术资料（李娜）"));
    world.presses("li.na", "start").await;
    world.hears("zhang.wei ← 李娜开始了任务 1 提供技术资料").await;
    world.presses("li.na", "task_done").await;
    world
        .hears(
            "zhang.wei ← 任务 1 提供技术资料已完成（李娜）
             wang.fang ← 可以开始了：任务 2 测算推广预算",
        )
        .await;
    world.says("li.na", &format!("/done {number}/1")).await;
    world.hears("li.na ← 没有执行：任务 1 现在不能这样做").await;
});

story!(finishing_a_blocked_task_asks_for_a_reason, |world| {
    let number = broken_down(world).await;
    world.says("zhang.wei", &format!("/task edit {number}/2")).await;
    let plan = [("task_name", "测算推广预算"), ("task_owner", "王芳"), ("task_after", "1")];
    world.fills("zhang.wei", "save_task", &plan).await;
    world.forgets().await;
    world.says("wang.fang", &format!("/done {number}/2")).await;
    world.hears("wang.fang ← 前置任务未完成").await;
    world.fills("wang.fang", "finish_blocked", &[("reason", "用去年的资料先算完了")]).await;
    world.hears("zhang.wei ← 任务 2 测算推广预算已完成（王芳）").await;
});

story!(a_task_is_reminded_of_the_day_before_and_on_the_day_and_climbs_when_late, |world| {
    let number = confirmed(world).await;
    world.says("zhang.wei", &format!("/task add {number} 写说明 @李娜 2026-11-27")).await;
    world.says("zhang.wei", &format!("/task add {number} 做预算 @王芳 2026-12-02 依赖 1")).await;
    world.forgets().await;
    world.is("2026-11-26 08:59").await;
    world.hears("").await;
    world.is("2026-11-26 09:00").await;
    world.hears("li.na ← 任务 1 写说明即将到期").await;
    world.is("2026-11-27 09:00").await;
    world.hears("li.na ← 任务 1 写说明即将到期").await;
    world.is("2026-11-27 17:59").await;
    world.hears("").await;
    world.is("2026-11-27 18:00").await;
    world
        .hears(
            "li.na ← 任务 1 写说明已延期
             chen.jie ← 任务 1 写说明已延期（李娜）
             wang.fang ← 前置任务 1 写说明延期（李娜）",
        )
        .await;
    let card = world.card("wang.fang").await.to_string();
    assert!(card.contains("受影响：任务 2 做预算（王芳）"), "{card}");
    // Not on the weekend; then each working day.
    world.is("2026-11-30 17:59").await;
    world.hears("").await;
    world.is("2026-11-30 18:00").await;
    world
        .hears(
            "li.na ← 任务 1 写说明已延期
             chen.jie ← 任务 1 写说明已延期（李娜）
             wang.fang ← 前置任务 1 写说明延期（李娜）",
        )
        .await;
    world.says("li.na", &format!("/done {number}/1")).await;
    world
        .hears(
            "zhang.wei ← 任务 1 写说明已完成（李娜）
             li.na ← 任务 1 写说明已完成
             wang.fang ← 可以开始了：任务 2 做预算",
        )
        .await;
});

story!(another_day_is_asked_for_and_kept_with_its_reason, |world| {
    let number = broken_down(world).await;
    world.presses("li.na", "move_task").await;
    world.hears("li.na ← 申请改期").await;
    world.fills("li.na", "move_task", &[("moved_to", "2026-12-18"), ("reason", "等供应商资料")]).await;
    world.hears("zhang.wei ← 李娜申请把任务 1 提供技术资料改到12月18日（周五）完成").await;
    world.presses("zhang.wei", "agree_move").await;
    world
        .hears(
            "li.na ← 您负责的任务 1：提供技术资料
             li.na ← 改期已同意：任务 1 提供技术资料改为12月18日（周五）完成",
        )
        .await;
    world.says("li.na", &format!("/任务 改期 {number}/1 2026-12-25 还要等")).await;
    world.forgets().await;
    world.presses("zhang.wei", "decline_move").await;
    world.hears("zhang.wei ← 不同意改期").await;
    world.fills("zhang.wei", "decline_move", &[("reason", "上市日期定了")]).await;
    world.hears("li.na ← 改期未获同意：任务 1 提供技术资料仍按12月18日（周五）完成").await;
    world.says("zhang.wei", &format!("/show {number}")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("等供应商资料"), "the reason is kept: {card}");
    world.forgets().await;
});

story!(the_round_asks_each_person_once_for_all_own_tasks, |world| {
    let number = broken_down(world).await;
    world.says("zhang.wei", &format!("/task add {number} 拍产品照 @李娜 2026-12-11")).await;
    for task in [1, 3] {
        world.says("li.na", &format!("/start {number}/{task}")).await;
    }
    world.says("wang.fang", &format!("/start {number}/2")).await;
    world.says("wang.fang", &format!("/progress {number}/2 30% 收齐历史数据 下一步：建模")).await;
    world.forgets().await;
    world.is("2026-11-23 16:59").await;
    world.hears("").await;
    world.is("2026-11-23 17:00").await;
    world.hears("li.na ← 请汇报今日进度（2 项）").await;
    let said = [
        ("p1_percent", "50"),
        ("p1_done", "完成一半资料"),
        ("p1_next", "整理图纸"),
        ("p2_percent", "20"),
        ("p2_done", "选好场地"),
        ("p2_next", "拍摄"),
        ("p2_risk", "样机可能晚到"),
    ];
    let toast = world.fills("li.na", "report", &said).await;
    assert_eq!(toast, "已记录 2 项进度。");
    world.hears("zhang.wei ← 李娜报告了任务 3 拍产品照的风险").await;
    assert!(world.card("li.na").await.to_string().contains("今日进度已记录"));
    // The next day both are asked, prefilled from the day before.
    world.is("2026-11-24 17:00").await;
    world.hears("li.na ← 请汇报今日进度（2 项）\n wang.fang ← 请汇报今日进度（1 项）").await;
    let card = world.card("wang.fang").await.to_string();
    assert!(card.contains("建模"), "{card}");
    // Two misses in a row: the head hears.
    world.is("2026-11-24 18:00").await;
    world.hears("").await;
    world.is("2026-11-25 17:00").await;
    world.forgets().await;
    world.is("2026-11-25 18:00").await;
    // Two at the same moment come in either order.
    let heard = world.heard().await;
    let mut heard: Vec<&str> = heard.lines().collect();
    heard.sort_unstable();
    let missed = [
        "chen.jie ← 李娜的任务 1 提供技术资料已连续 2 次未汇报进度",
        "chen.jie ← 李娜的任务 3 拍产品照已连续 2 次未汇报进度",
        "zhao.min ← 王芳的任务 2 测算推广预算已连续 2 次未汇报进度",
    ];
    assert_eq!(heard, missed);
});

story!(the_round_keeps_to_working_days, |world| {
    let number = broken_down(world).await;
    world.says("li.na", &format!("/start {number}/1")).await;
    world.is("2026-11-27 17:30").await;
    world.forgets().await;
    // Saturday and Sunday.
    world.is("2026-11-29 20:00").await;
    world.hears("").await;
    world.is("2026-11-30 17:00").await;
    world.hears("li.na ← 请汇报今日进度（1 项）").await;
});

story!(after_the_round_the_project_group_reads_what_came_of_it, |world| {
    let number = broken_down(world).await;
    world.says_in("guo.qiang", "g-project", &format!("@联络 /bind project {number}")).await;
    for (person, task) in [("li.na", 1), ("wang.fang", 2)] {
        world.says(person, &format!("/start {number}/{task}")).await;
    }
    world.says("li.na", &format!("/progress {number}/1 60% 完成初稿 下一步：校对 风险：缺图")).await;
    world.is("2026-11-23 17:00").await;
    world.forgets().await;
    world.is("2026-11-23 18:00").await;
    world.hears("g-project ← 今日进度汇总 · 11月23日（周一）").await;
    let messages = world.messages("g-project", "zhang.wei").await;
    let card = messages.last().unwrap()["card"].to_string();
    for part in ["60% 完成初稿", "缺图", "未汇报", "2 测算推广预算 · 王芳"] {
        assert!(card.contains(part), "{part}: {card}");
    }
});

story!(a_list_of_tasks_in_a_chat_follows_what_is_reported, |world| {
    let number = broken_down(world).await;
    world.says("li.na", &format!("/start {number}/1")).await;
    world.says("zhang.wei", &format!("/tasks {number}")).await;
    world.forgets().await;
    world.says("li.na", &format!("/progress {number}/1 60% 完成初稿 下一步：校对")).await;
    world.forgets().await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("60%"), "{card}");
});

story!(a_report_that_is_not_in_order_comes_back_whole, |world| {
    let number = broken_down(world).await;
    world.says("li.na", &format!("/start {number}/1")).await;
    world.forgets().await;
    world.says("li.na", "/进度").await;
    world.hears("li.na ← 今日进度").await;
    world.fills("li.na", "report", &[("p1_percent", "120"), ("p1_done", "很多"), ("p1_next", "更多")]).await;
    world.says("li.na", &format!("/progress {number}/1 80%")).await;
    world.hears("li.na ← 今日进度").await;
    // Somebody else's task, and one that does not exist.
    world.says("sun.li", &format!("/progress {number}/1 80% 我来 下一步：无")).await;
    let heard = world.heard().await;
    assert!(heard.starts_with("sun.li ← "), "{heard}");
    world.says("li.na", &format!("/progress {number}/9 80% 我来 下一步：无")).await;
    world.hears("li.na ← 没有任务 9").await;
});

story!(everything_done_is_accepted_or_sent_back, |world| {
    let number = broken_down(world).await;
    world.says("zhang.wei", &format!("/accept {number}")).await;
    world.hears("zhang.wei ← 没有执行：现在不能这样做").await;
    world.says("li.na", &format!("/done {number}/1")).await;
    world.forgets().await;
    world.says("wang.fang", &format!("/progress {number}/2 100% 全部算完")).await;
    world
        .hears(
            "zhang.wei ← 任务 2 测算推广预算已完成（王芳）
             zhang.wei ← 任务已全部完成，请验收
             wang.fang ← 已记录 1 项进度",
        )
        .await;
    world.presses("zhang.wei", "send_back").await;
    world.hears("zhang.wei ← 退回交付成果").await;
    world.fills("zhang.wei", "send_back", &[("tasks", "2"), ("reason", "缺少敏感性分析")]).await;
    world
        .hears(
            "wang.fang ← 您负责的任务 2：测算推广预算
             wang.fang ← 张伟退回了任务 2 测算推广预算，请在12月15日（周二）前补齐",
        )
        .await;
    world.says("wang.fang", &format!("/done {number}/2")).await;
    world.forgets().await;
    world.passes("1wd").await;
    world.hears("zhang.wei ← 提醒：成果验收还在等您").await;
    world.passes("1wd").await;
    let heard = world.heard().await;
    assert!(heard.contains("liu.yang ← "), "the head hears: {heard}");
    world.says_in("guo.qiang", "g-project", &format!("@联络 /bind project {number}")).await;
    world.forgets().await;
    world.presses("zhang.wei", "accept_delivery").await;
    let heard = world.heard().await;
    for line in ["li.na ← 张伟已验收，需求完成", "wang.fang ← 张伟已验收", "g-project ← 张伟已验收"]
    {
        assert!(heard.contains(line), "{line}: {heard}");
    }
    assert!(world.upcoming().await.is_empty());
});

story!(a_milestone_is_signed_off_by_the_initiator, |world| {
    let number = broken_down(world).await;
    world.says("zhang.wei", &format!("/task edit {number}/1")).await;
    let plan = [("task_name", "提供技术资料"), ("task_owner", "李娜"), ("task_milestone", "yes")];
    world.fills("zhang.wei", "save_task", &plan).await;
    world.forgets().await;
    world.says("li.na", &format!("/done {number}/1")).await;
    world.hears("zhang.wei ← 里程碑已达成：提供技术资料（李娜）\n li.na ← 任务 1 提供技术资料已完成").await;
    world.presses("zhang.wei", "sign_off").await;
    world.hears("li.na ← 张伟签收了里程碑提供技术资料").await;
});
