//! I3, I5: each rung of each ladder of an issue, to the minute: who hears it, where, and that acting stops the rest; the
//! service is killed and started again in between.

use crate::world::{World, story};

/// Taken on at 14:00 on the make-up Sunday, and then nothing happens.
async fn nobody_solves_it(world: &mut World) {
    // Without a plan it is to be solved within 24 hours of a working day, and so long is nothing asked about progress.
    world.is("2026-09-21 13:59").await;
    world.hears("").await;
    world.is("2026-09-21 14:00").await;
    world
        .all_of(&[
            "li.na ← 问题解决已超时 · 重要问题 I1 测试环境不可用",
            "li.na ← 提醒：处理进展还在等您 · 重要问题 I1 测试环境不可用",
            "chen.jie ← 研发部的问题解决已超时（李娜）· 重要问题 I1 测试环境不可用",
        ])
        .await;
    world.is_killed().await;
    world.is("2026-09-22 13:59").await;
    world.hears("").await;
    world.is("2026-09-22 14:00").await;
    world
        .all_of(&[
            "li.na ← 问题解决已超时 · 重要问题 I1 测试环境不可用",
            "guo.qiang ← 研发部的问题解决已超时（李娜）· 重要问题 I1 测试环境不可用",
            "li.na ← 处理进展已超时 · 重要问题 I1 测试环境不可用",
            "chen.jie ← 研发部的处理进展已超时（李娜）· 重要问题 I1 测试环境不可用",
        ])
        .await;
    // A word on progress begins that clock again, and leaves the other one alone.
    world.says("li.na", "/进展 YFB-1-I1 正在重建").await;
    world.forgets().await;
    world.is("2026-09-23 13:59").await;
    world.hears("").await;
    world.is("2026-09-23 14:00").await;
    world
        .all_of(&[
            "li.na ← 问题解决已超时 · 重要问题 I1 测试环境不可用",
            "ma.ning ← 研发部的问题解决已超时（李娜）· 重要问题 I1 测试环境不可用",
            "li.na ← 提醒：处理进展还在等您 · 重要问题 I1 测试环境不可用",
        ])
        .await;
    world.says("li.na", "/解决 YFB-1-I1 重建 效果：可用").await;
    world.forgets().await;
    world.is_killed().await;
    // Whoever reported it is asked once more; three working days on, a holiday later, silence is agreement.
    world.is("2026-09-24 13:59").await;
    world.hears("").await;
    world.is("2026-09-24 14:00").await;
    world.hears("zhang.wei ← 提醒：解决确认还在等您 · 重要问题 I1 测试环境不可用").await;
    world.is("2026-09-29 13:59").await;
    world.hears("").await;
    world.is("2026-09-29 14:00").await;
    let closed = "问题 I1 无人答复，已自动关闭，没有解决可以重新打开：测试环境不可用";
    world
        .all_of(
            &["zhang.wei", "li.na", "chen.jie"]
                .map(|who| format!("{who} ← {closed}"))
                .each_ref()
                .map(String::as_str),
        )
        .await;
    assert!(world.upcoming().await.is_empty(), "what is closed owes nothing");
}

story!(an_important_issue_at_17_55_on_a_friday_before_a_make_up_sunday, |world| {
    world.begins_at("2026-09-18 17:55").await;
    world.says("zhang.wei", "/问题 重要 @研发部 测试环境不可用").await;
    world
        .hears(
            "zhang.wei ← 问题 2026-Q3-YFB-001-I1 已反馈，研发部会立即收到
             li.na ← 重要问题 I1：测试环境不可用
             chen.jie ← 重要问题 I1：测试环境不可用
             ma.ning ← 重要问题 I1：测试环境不可用
             g-issues ← 重要问题 I1：测试环境不可用",
        )
        .await;
    // Five minutes of Friday, and the rest of the hour on Sunday, which is worked: half of the time.
    world.is("2026-09-19 23:00").await;
    world.is_killed().await;
    world.is("2026-09-20 09:54").await;
    world.hears("").await;
    world.is("2026-09-20 09:55").await;
    world.hears("li.na ← 提醒：问题响应还在等您 · 重要问题 I1 测试环境不可用").await;
    world.is_killed().await;
    world.is("2026-09-20 10:54").await;
    world.hears("").await;
    world.is("2026-09-20 10:55").await;
    world
        .hears(
            "li.na ← 问题响应已超时 · 重要问题 I1 测试环境不可用
             chen.jie ← 研发部的问题响应已超时（李娜）· 重要问题 I1 测试环境不可用",
        )
        .await;
    // Twice the time, lunch left out.
    world.is("2026-09-20 13:54").await;
    world.hears("").await;
    world.is("2026-09-20 13:55").await;
    world
        .hears(
            "li.na ← 问题响应已超时 · 重要问题 I1 测试环境不可用
             ma.ning ← 研发部的问题响应已超时（李娜）· 重要问题 I1 测试环境不可用",
        )
        .await;
    world.is_killed().await;
    world.is("2026-09-20 14:00").await;
    world.says("li.na", "/响应 YFB-1-I1").await;
    world
        .hears(
            "zhang.wei ← 李娜已响应问题 I1：测试环境不可用
             li.na ← 已响应问题 I1
             chen.jie ← 李娜已响应问题 I1：测试环境不可用",
        )
        .await;
    nobody_solves_it(world).await;
});

story!(a_general_issue_that_is_answered_in_time_is_never_heard_of_again, |world| {
    world.says("zhang.wei", "/问题 一般 @研发部 文档过期").await;
    world
        .hears(
            "zhang.wei ← 问题 2026-Q4-YFB-001-I1 已反馈，研发部会立即收到
             li.na ← 一般问题 I1：文档过期
             chen.jie ← 一般问题 I1：文档过期
             ma.ning ← 一般问题 I1：文档过期
             g-issues ← 一般问题 I1：文档过期",
        )
        .await;
    world.is("2026-11-23 10:59").await;
    world.hears("").await;
    world.is("2026-11-23 11:00").await;
    world.hears("li.na ← 提醒：问题响应还在等您 · 一般问题 I1 文档过期").await;
    world.is("2026-11-23 11:59").await;
    world.presses("li.na", "respond_issue").await;
    world.forgets().await;
    world.is_killed().await;
    world.is("2026-11-23 15:00").await;
    world.hears("").await;
    // A plan is a promise: a working day before it, and at its time, somebody is reminded; solving it ends that.
    world.says("li.na", "/方案 YFB-1-I1 无人维护 措施：指定维护人 @李娜 完成：2026-11-26 18:00").await;
    world.says("li.na", "/进展 YFB-1-I1 已指定").await;
    world.forgets().await;
    world.is("2026-11-24 15:00").await;
    world.hears("li.na ← 提醒：处理进展还在等您 · 一般问题 I1 文档过期").await;
    world.says("li.na", "/进展 YFB-1-I1 还在写").await;
    world.forgets().await;
    world.is("2026-11-25 14:59").await;
    world.hears("").await;
    world.is("2026-11-25 15:00").await;
    world.hears("li.na ← 提醒：处理进展还在等您 · 一般问题 I1 文档过期").await;
    world.is("2026-11-25 18:00").await;
    world.hears("li.na ← 提醒：问题解决还在等您 · 一般问题 I1 文档过期").await;
    world.says("li.na", "/解决 YFB-1-I1 补齐文档 效果：已发布").await;
    world.forgets().await;
    world.is("2026-11-26 17:59").await;
    world.hears("").await;
    world.presses("zhang.wei", "close_issue").await;
    world.hears("li.na ← 问题 I1 已关闭：文档过期\n chen.jie ← 问题 I1 已关闭：文档过期").await;
    world.is("2026-12-04 18:00").await;
    world.hears("").await;
});

/// Reported at 02:00, and nobody does anything for an hour.
async fn nobody_answers(world: &mut World) {
    world.is("2026-10-01 02:14").await;
    world.hears("").await;
    world.is("2026-10-01 02:15").await;
    world.hears("li.na ← 提醒：问题响应还在等您 · 紧急问题 I1 生产环境宕机").await;
    world.is_killed().await;
    world.is("2026-10-01 02:29").await;
    world.hears("").await;
    world.is("2026-10-01 02:30").await;
    world
        .all_of(&[
            "li.na ← 问题响应已超时 · 紧急问题 I1 生产环境宕机",
            "chen.jie ← 研发部的问题响应已超时（李娜）· 紧急问题 I1 生产环境宕机",
            "li.na ← 启动协调会已超时 · 紧急问题 I1 生产环境宕机",
            "ma.ning ← 研发部的启动协调会已超时（李娜）· 紧急问题 I1 生产环境宕机",
        ])
        .await;
    world.is("2026-10-01 02:59").await;
    world.hears("").await;
    world.is_killed().await;
    world.is("2026-10-01 03:00").await;
    world
        .all_of(&[
            "li.na ← 问题响应已超时 · 紧急问题 I1 生产环境宕机",
            "ma.ning ← 研发部的问题响应已超时（李娜）· 紧急问题 I1 生产环境宕机",
        ])
        .await;
}

/// A plan that is late goes up to the coordinator, and to the vice president.
async fn it_climbs_after_the_holiday(world: &mut World) {
    // A working day on: the holiday lasts until the 7th, so that day begins with the 8th.
    world.is("2026-10-08 23:59").await;
    world.hears("").await;
    world.is("2026-10-09 09:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("guo.qiang ← 研发部的问题解决已超时（李娜）"), "{heard}");
    world.is("2026-10-10 09:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("ma.ning ← 研发部的问题解决已超时（李娜）"), "{heard}");
}

story!(an_urgent_issue_at_02_00_on_a_holiday_passes_quiet_hours, |world| {
    world.begins_at("2026-10-01 02:00").await;
    world.says("zhang.wei", "/问题 紧急 @研发部 生产环境宕机").await;
    world
        .hears(
            "zhang.wei ← 问题 2026-Q4-YFB-001-I1 已反馈，研发部会立即收到
             li.na ← 紧急问题 I1：生产环境宕机
             chen.jie ← 紧急问题 I1：生产环境宕机
             ma.ning ← 紧急问题 I1：生产环境宕机
             g-issues ← 紧急问题 I1：生产环境宕机",
        )
        .await;
    nobody_answers(world).await;
    // Starting the coordination answers for the response, too.
    world.presses("chen.jie", "start_coordination").await;
    world.hears("chen.jie ← 协调会已启动").await;
    world.fills("chen.jie", "coordination", &[("place", "https://meet.example.com/1")]).await;
    world
        .hears(
            "zhang.wei ← 问题 I1 的协调会已启动：生产环境宕机
             li.na ← 问题 I1 的协调会已启动：生产环境宕机
             ma.ning ← 问题 I1 的协调会已启动：生产环境宕机",
        )
        .await;
    // Two hours for an urgent one without a plan: the head of research has it in hand, so his superior hears.
    world.is("2026-10-01 04:59").await;
    world.hears("").await;
    world.is("2026-10-01 05:00").await;
    world
        .all_of(&[
            "chen.jie ← 问题解决已超时 · 紧急问题 I1 生产环境宕机",
            "ma.ning ← 研发部的问题解决已超时（陈杰）· 紧急问题 I1 生产环境宕机",
        ])
        .await;
    world.says("chen.jie", "/方案 YFB-1-I1 磁盘满 措施：扩容 @李娜 完成：今天 08:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 请解决问题 I1：生产环境宕机，10月1日（周四）08:00前完成"), "{heard}");
    world.is_killed().await;
    world.is("2026-10-01 07:59").await;
    world.hears("").await;
    world.is("2026-10-01 08:00").await;
    world
        .all_of(&[
            "li.na ← 问题解决已超时 · 紧急问题 I1 生产环境宕机",
            "chen.jie ← 研发部的问题解决已超时（李娜）· 紧急问题 I1 生产环境宕机",
        ])
        .await;
    it_climbs_after_the_holiday(world).await;
    world.says("li.na", "/解决 YFB-1-I1 扩容完成 效果：恢复").await;
    world.presses("zhang.wei", "close_issue").await;
    world.forgets().await;
    assert!(world.upcoming().await.is_empty());
    world.is("2026-10-20 18:00").await;
    world.hears("").await;
});
