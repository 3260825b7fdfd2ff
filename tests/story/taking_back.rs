//! A5: an improvement item that is not needed any more is taken back with a reason; nobody is reminded of it again.

use crate::world::ground::runs;
use crate::world::{World, story};

/// Both departments have signed, and one item is owed by 王芳 until 4 December; 李娜 set it.
async fn set(world: &mut World) -> String {
    let number = world.files_and_approves().await;
    world.presses("li.na", "confirm").await;
    world.presses("wang.fang", "confirm").await;
    world.says("li.na", &format!("/改进 {number} 评审前先对齐口径 @王芳 12月4日")).await;
    world.forgets().await;
    number
}

story!(an_item_is_taken_back_with_a_reason_and_its_ladder_ends, |world| {
    let number = set(world).await;
    world.is("2026-12-03 09:00").await;
    world.hears("wang.fang ← 提醒：改进项还在等您").await;
    world.is_killed().await;
    world.says("li.na", &format!("/改进 {number}-K1")).await;
    world.forgets().await;
    world.presses("li.na", "improvement_back").await;
    world.hears("li.na ← 撤回改进项").await;
    let toast = world.fills("li.na", "improvement_back", &[("reason", "")]).await;
    assert_eq!(toast, "有 1 处需要修改，已标在对应位置；其余内容都已保留。");
    let toast = world.fills("li.na", "improvement_back", &[("reason", "与 K2 重复")]).await;
    assert_eq!(toast, "改进项 K1 已撤回，不再需要落实。");
    let news = "李娜撤回了改进项 K1：评审前先对齐口径";
    world.hears(&format!("zhang.wei ← {news}\n wang.fang ← {news}")).await;
    assert!(world.card("wang.fang").await.to_string().contains("与 K2 重复"), "and why");
    // It is told where it stood, and in the history; it is no longer owed.
    world.says("wang.fang", &format!("/show {number}")).await;
    let card = world.card("wang.fang").await.to_string();
    assert!(card.contains("已撤回：与 K2 重复") && card.contains("撤回改进项 K1：与 K2 重复"), "{card}");
    world.says("wang.fang", &format!("/改进 {number}-K1")).await;
    let card = world.card("wang.fang").await.to_string();
    assert!(card.contains("已撤回") && !card.contains("已落实"), "{card}");
    world.forgets().await;
    let cancelled = "SELECT COUNT(*) FROM obligation WHERE kind = 'improve' AND outcome = 'cancelled'";
    assert_eq!(world.numbers(cancelled, 1).await, [1]);
    let (code, said) = runs(world.database(), (&["export", "improvements"], &[]));
    assert!(code == Some(0) && said.contains(r#""taken_back_why":"与 K2 重复""#), "{said}");
    world.is("2026-12-18 18:00").await;
    world.hears("").await;
});

story!(whoever_may_not_take_an_item_back_is_told_and_what_is_over_stays, |world| {
    let number = set(world).await;
    world.says("wang.fang", &format!("/改进 撤回 {number}-K1 不想做")).await;
    world.hears("wang.fang ← 没有执行：这一步不由您处理").await;
    world.says("wang.fang", &format!("/改进 撤回 {number}-K1")).await;
    world.hears("wang.fang ← 没有执行：这一步不由您处理").await;
    world.says("zhang.wei", &format!("/改进 撤回 {number}-K9 不存在")).await;
    world.hears("zhang.wei ← 没有找到 K9").await;
    world.says("zhang.wei", &format!("/改进 撤回 {number}")).await;
    assert!(world.heard().await.starts_with("zhang.wei ← 没有看懂这条 /改进 命令"));
    // The initiator may, although somebody else set it; without a reason it is asked for.
    world.says("zhang.wei", &format!("/improve withdraw {number}-K1")).await;
    world.hears("zhang.wei ← 撤回改进项").await;
    world.says("zhang.wei", &format!("/improve withdraw {number}-K1 不需要了")).await;
    let heard = world.heard().await;
    assert!(heard.contains("zhang.wei ← 改进项 K1 已撤回"), "{heard}");
    assert!(heard.contains("li.na ← 张伟撤回了改进项 K1"), "{heard}");
    world.says("wang.fang", &format!("/已改进 {number}-K1 做了")).await;
    world.hears("wang.fang ← 已经有人处理过了").await;
    let card = world.card("wang.fang").await.to_string();
    assert!(card.contains("张伟") && card.contains("撤回这个改进项"), "{card}");
    // What is done is not taken back.
    world.says("li.na", &format!("/改进 {number} 另一项 @王芳 12月4日")).await;
    world.says("wang.fang", &format!("/已改进 {number}-K2 做了")).await;
    world.forgets().await;
    world.says("guo.qiang", &format!("/改进 撤回 {number}-K2 晚了")).await;
    world.hears("guo.qiang ← 已经有人处理过了").await;
    let card = world.card("guo.qiang").await.to_string();
    assert!(card.contains("王芳") && card.contains("落实这个改进项"), "{card}");
    let kept = "SELECT COUNT(*) FROM improvement WHERE finished_at IS NOT NULL AND taken_back_at IS NULL";
    assert_eq!(world.numbers(kept, 1).await, [1]);
});
