//! I1: a department without a contact is responsible all the same: whoever stands in answers, and its clock runs.

use crate::people::without;
use crate::world::ground::runs;
use crate::world::story;

story!(an_issue_of_a_department_without_a_contact_is_its_heads_and_then_the_superiors, |world| {
    // 客户服务部 has no contact: its head is asked, and her superior hears when she is silent.
    world.says("zhang.wei", "/问题 重要 @客户服务部 投诉电话打不通").await;
    world
        .hears(
            "zhang.wei ← 问题 2026-Q4-KFB-001-I1 已反馈，客户服务部会立即收到
             tang.rui ← 重要问题 I1：投诉电话打不通
             ma.ning ← 重要问题 I1：投诉电话打不通
             g-issues ← 重要问题 I1：投诉电话打不通",
        )
        .await;
    world.is("2026-11-23 11:00").await;
    world.hears("tang.rui ← 提醒：问题响应还在等您 · 重要问题 I1 投诉电话打不通").await;
    world.presses("tang.rui", "respond_issue").await;
    world.forgets().await;
    // Without a head either, the superior is asked: nobody's issue there is none.
    let file = without(world, &["tang.rui"]);
    let (code, said) = runs(world.database(), (&["directory", "import", &file], &[]));
    assert_eq!(code, Some(0), "{said}");
    world.settles().await;
    world.forgets().await;
    world.passes("15min").await;
    world.says("zhang.wei", "/问题 重要 @客户服务部 客服系统登录不了").await;
    let heard = world.heard().await;
    assert_eq!(heard.matches("ma.ning ← 重要问题 I1：客服系统登录不了").count(), 1, "{heard}");
    world.presses("ma.ning", "respond_issue").await;
    let heard = world.heard().await;
    assert!(heard.contains("zhang.wei ← 马宁已响应问题 I1：客服系统登录不了"), "{heard}");
});
