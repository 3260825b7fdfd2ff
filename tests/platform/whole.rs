//! The whole way of a request on Feishu, in both ways that events come in.

use crate::world::company::MANAGERS;
use crate::world::{lent, story};

story!(filing_return_resubmit_approve_one_confirm_one_objection_revise_resign_all_confirmed, both ways, |world| {
    let number = world.files().await;
    assert_eq!(number, "2026-Q4-SCB-001");
    world.hears(
        "zhang.wei ← 需求已提交：2026-Q4-SCB-001 新品上市推广
         liu.yang ← 请审批市场部的协作需求",
    );
    world.presses("liu.yang", "退回").await;
    world.fills("liu.yang", "退回", &[("reason", "目标写得不够具体")]).await;
    world.presses("zhang.wei", "修订").await;
    let goal = "首月销量 5000 台，退货率低于 2%";
    world.fills("zhang.wei", "提交修订", &lent(&crate::world::filled(&[("goal", goal)]))).await;
    world.forgets();
    world.presses("liu.yang", "同意").await;
    world.hears(
        "zhang.wei ← 刘洋已同意，需求已发给各部门
         li.na ← 请研发部确认协作任务
         chen.jie ← 研发部收到新的协作任务
         wang.fang ← 请财务部确认协作任务
         zhao.min ← 财务部收到新的协作任务",
    );

    world.presses("wang.fang", "确认无误").await;
    world.hears("zhang.wei ← 财务部已确认（王芳）");
    world.presses("li.na", "提出异议").await;
    world.fills("li.na", "提出异议", &[("reason", "两周做不完"), ("suggestion", "顺延到 12 月 22 日")]).await;
    world.hears(
        "zhang.wei ← 研发部提出异议，请答复
         liu.yang ← 研发部提出异议（李娜）
         li.na ← 已代表研发部提出异议
         chen.jie ← 研发部提出异议（李娜）",
    );

    world.presses("zhang.wei", "修订").await;
    world.forgets();
    let later = crate::world::filled(&[("goal", goal), ("ask1_wanted_by", "2026-12-22")]);
    world.fills("zhang.wei", "提交修订", &lent(&later)).await;
    world.hears(
        "li.na ← 需求已修订，请研发部重新确认
         wang.fang ← 需求已修订为第 3 版：财务部的任务不变，已确认的继续有效",
    );
    let card = world.card("li.na").to_string();
    assert!(card.contains("12月15日") && card.contains("12月22日"), "the difference is shown: {card}");

    world.presses("li.na", "确认无误").await;
    world.hears("zhang.wei ← 各部门已全部确认\n liu.yang ← 各部门已全部确认");
    world.passes_days(14).await;
});

story!(filing_silence_reminders_48dh_managers_alert_urge_confirm, both ways, |world| {
    world.says_in("guo.qiang", MANAGERS, "/bind managers").await;
    let number = world.files_and_approves().await;
    world.says("wang.fang", &format!("/confirm {number}")).await;
    world.forgets();
    // Opened Monday 10:00: first reminder after four working hours, lunch left out.
    world.is("2026-11-23 14:59").await;
    world.hears("");
    world.is("2026-11-23 15:00").await;
    world.hears("li.na ← 提醒：部门确认还在等您");
    world.is("2026-11-24 10:00").await;
    world.hears("li.na ← 部门确认已到时限，请尽快处理");
    world.is("2026-11-25 09:59").await;
    world.hears("");
    world.is("2026-11-25 10:00").await;
    world.hears(
        "li.na ← 部门确认已升级通报，请优先处理
         chen.jie ← 研发部的部门确认逾期未答复，请协助
         managers ← 研发部的部门确认逾期未答复",
    );
    world.says("zhang.wei", &format!("/urge {number} 周五要交")).await;
    world.hears("zhang.wei ← 已催办 1 人\n li.na ← 张伟催办：部门确认");
    world.presses("li.na", "确认无误").await;
    world.hears("zhang.wei ← 各部门已全部确认\n liu.yang ← 各部门已全部确认");
    world.passes_days(14).await;
});
