//! I1–I3 on Feishu: an urgent issue in the night of a holiday. It buzzes those who can act, is in the group, is taken on by
//! a click, coordinated, planned, solved and closed; the service is stopped and started again in between.

use crate::world::company::{PROJECT, account};
use crate::world::{World, story};

/// The newest message of each of them was marked as urgent for its reader.
fn buzzed(world: &World, people: &[&str]) {
    for person in people {
        assert_eq!(world.newest(person).buzzed, [account(person)], "{person}");
    }
}

/// What stands in the group now.
fn in_the_group(world: &World) -> String {
    let messages = world.fake.state().messages.clone();
    let last = messages.into_iter().rev().find(|message| message.chat == PROJECT);
    last.map(|message| message.content).unwrap_or_default()
}

/// Reported at 02:00 on National Day.
async fn alarm(world: &mut World) {
    world.begins_at("2026-10-01 02:00").await;
    world.says_in("guo.qiang", PROJECT, "/bind issues").await;
    world.forgets();
    world.says("zhang.wei", "/问题 紧急 @研发部 生产环境宕机").await;
    world.hears(
        "zhang.wei ← 问题 2026-Q4-YFB-001-I1 已反馈，研发部会立即收到
         li.na ← 紧急问题 I1：生产环境宕机
         chen.jie ← 紧急问题 I1：生产环境宕机
         ma.ning ← 紧急问题 I1：生产环境宕机
         project ← 紧急问题 I1：生产环境宕机",
    );
    buzzed(world, &["li.na", "chen.jie", "ma.ning"]);
    for person in ["li.na", "chen.jie", "ma.ning"] {
        assert!(in_the_group(world).contains(&account(person)), "{person} is called by name");
    }
}

story!(an_urgent_issue_in_the_night_of_a_holiday_is_heard_taken_on_solved_and_closed, both ways, |world| {
    alarm(world).await;
    world.is("2026-10-01 02:14").await;
    world.hears("");
    world.is("2026-10-01 02:15").await;
    world.hears("li.na ← 提醒：问题响应还在等您 · 紧急问题 I1 生产环境宕机");
    buzzed(world, &["li.na"]);
    world.restarts().await;
    let answer = world.presses("li.na", "响应").await;
    assert_eq!((answer.kind.as_str(), answer.toast.as_str()), ("success", "已响应问题 I1。"));
    world.hears("zhang.wei ← 李娜已响应问题 I1：生产环境宕机\n chen.jie ← 李娜已响应问题 I1：生产环境宕机");
    world.rests().await;
    assert!(in_the_group(world).contains("处理中"), "the card in the group is the live summary");
    // Half an hour for the coordination, whoever has responded.
    world.is("2026-10-01 02:29").await;
    world.hears("");
    world.is("2026-10-01 02:30").await;
    world.hears(
        "li.na ← 启动协调会已超时 · 紧急问题 I1 生产环境宕机
         ma.ning ← 研发部的启动协调会已超时（李娜）· 紧急问题 I1 生产环境宕机",
    );
    world.says("li.na", "/协调会 YFB-1-I1 https://meet.example.com/1").await;
    let heard = world.heard();
    assert!(heard.contains("ma.ning ← 问题 I1 的协调会已启动：生产环境宕机"), "{heard}");
    world.says("li.na", "/方案 YFB-1-I1 磁盘满 措施：扩容 @李娜 完成：今天 08:00").await;
    let heard = world.heard();
    assert!(heard.contains("zhang.wei ← 问题 I1 有了解决方案：李娜，10月1日（周四）08:00前完成"), "{heard}");
    world.restarts().await;
    world.is("2026-10-01 07:59").await;
    world.hears("");
    world.says("li.na", "/解决 YFB-1-I1 扩容完成 效果：恢复").await;
    let heard = world.heard();
    assert!(heard.contains("zhang.wei ← 问题 I1 已解决，请确认：生产环境宕机"), "{heard}");
    let answer = world.presses("zhang.wei", "确认并关闭").await;
    assert_eq!(answer.kind, "success", "{answer:?}");
    world.hears("li.na ← 问题 I1 已关闭：生产环境宕机\n chen.jie ← 问题 I1 已关闭：生产环境宕机");
    world.rests().await;
    assert!(in_the_group(world).contains("已关闭"));
    world.passes_days(20).await;
    world.hears("");
});

story!(an_urgent_issue_that_nobody_takes_on_climbs_through_the_night, |world| {
    alarm(world).await;
    world.is("2026-10-01 02:15").await;
    world.restarts().await;
    world.forgets();
    world.is("2026-10-01 03:00").await;
    let heard = world.heard();
    for line in [
        "chen.jie ← 研发部的问题响应已超时（李娜）· 紧急问题 I1 生产环境宕机",
        "ma.ning ← 研发部的启动协调会已超时（李娜）· 紧急问题 I1 生产环境宕机",
        "ma.ning ← 研发部的问题响应已超时（李娜）· 紧急问题 I1 生产环境宕机",
    ] {
        assert!(heard.contains(line), "{line}: {heard}");
    }
    buzzed(world, &["chen.jie", "ma.ning"]);
    world.says("li.na", "/解决 YFB-1-I1 重启 效果：恢复").await;
    world.presses("zhang.wei", "确认并关闭").await;
    world.forgets();
});

story!(the_17_00_round_is_one_card_each_answered_in_place_and_read_in_the_group_at_18_00, both ways, |world| {
    let number = world.files_and_approves().await;
    world.presses("li.na", "确认无误").await;
    world.presses("wang.fang", "确认无误").await;
    world.says_in("guo.qiang", PROJECT, &format!("/bind project {number}")).await;
    world.says("zhang.wei", &format!("/任务 拆分 {number}")).await;
    for (person, task) in [("li.na", 1), ("wang.fang", 2)] {
        world.says(person, &format!("/开始 {number}/{task}")).await;
    }
    world.forgets();
    world.is("2026-11-23 16:59").await;
    world.hears("");
    world.restarts().await;
    world.is("2026-11-23 17:00").await;
    world.hears("li.na ← 请汇报今日进度（1 项）\n wang.fang ← 请汇报今日进度（1 项）");
    let answer = world.fills("li.na", "提交进度", &[("p1_percent", "60"), ("p1_done", "接口写完"), ("p1_next", "联调")]).await;
    assert_eq!(answer.kind, "success", "{answer:?}");
    world.is("2026-11-23 17:59").await;
    world.forgets();
    world.is("2026-11-23 18:00").await;
    let heard = world.heard();
    assert!(heard.contains("project ← 今日进度汇总 · 11月23日（周一）"), "{heard}");
    assert!(in_the_group(world).contains("接口写完") && in_the_group(world).contains("王芳"), "{}", in_the_group(world));
    world.says("zhang.wei", &format!("/cancel {number} 不做了")).await;
    world.forgets();
});
