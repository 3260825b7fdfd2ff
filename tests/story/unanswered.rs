//! I4: what is solved waits for its reporter; who says nothing is reminded, and then it closes by itself.

use crate::people::without;
use crate::world::ground::runs;
use crate::world::{World, story};

/// An important issue of research that was solved on Monday at 10:00; its reporter says nothing.
async fn solved(world: &mut World) {
    world.says("zhang.wei", "/问题 重要 @研发部 测试环境不可用").await;
    world.presses("li.na", "respond_issue").await;
    world.says("li.na", "/解决 YFB-1-I1 重建 效果：可用").await;
    world.forgets().await;
}

story!(what_nobody_agrees_to_is_asked_for_once_more_and_closes_by_itself, |world| {
    solved(world).await;
    // The card that asks says until when.
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("解决确认") && card.contains("11月26日（周四）10:00"), "{card}");
    world.is("2026-11-24 09:59").await;
    world.hears("").await;
    world.is("2026-11-24 10:00").await;
    world.hears("zhang.wei ← 提醒：解决确认还在等您 · 重要问题 I1 测试环境不可用").await;
    world.is_killed().await;
    world.is("2026-11-26 09:59").await;
    world.hears("").await;
    world.is("2026-11-26 10:00").await;
    world
        .hears(
            "zhang.wei ← 问题 I1 无人答复，已自动关闭，没有解决可以重新打开：测试环境不可用
             li.na ← 问题 I1 无人答复，已自动关闭，没有解决可以重新打开：测试环境不可用
             chen.jie ← 问题 I1 无人答复，已自动关闭，没有解决可以重新打开：测试环境不可用",
        )
        .await;
    assert!(world.upcoming().await.is_empty(), "what is closed owes nothing");
    world.says("zhang.wei", "/问题 YFB-1-I1").await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("反馈人未答复，自动关闭") && card.contains("等确认无人答复（张伟）"), "{card}");
    world.forgets().await;
    // It is not the last word.
    world.presses("zhang.wei", "reopen_issue").await;
    world.fills("zhang.wei", "reopen", &[("reason", "又坏了")]).await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 问题 I1 被重新打开，请继续处理"), "{heard}");
    let silence = "SELECT COUNT(*) FROM obligation WHERE kind = 'close_issue' AND outcome = 'lapsed'";
    assert_eq!(world.numbers(silence, 1).await, [1]);
});

story!(what_is_open_is_counted_by_severity, |world| {
    solved(world).await;
    world.says("zhang.wei", "/问题 紧急 @研发部 生产环境宕机").await;
    world.forgets().await;
    // The auditor looks when the service starts.
    world.is_killed().await;
    let mut metrics = String::new();
    for _ in 0..1_000 {
        metrics = world.metrics().await;
        if metrics.contains("liaison_issues_open{severity=\"urgent\"} 1") {
            break;
        }
    }
    for line in ["{severity=\"urgent\"} 1", "{severity=\"important\"} 1", "{severity=\"general\"} 0"] {
        assert!(metrics.contains(&format!("liaison_issues_open{line}\n")), "{line}: {metrics}");
    }
});

story!(an_answer_ends_the_waiting_whichever_it_is, |world| {
    solved(world).await;
    world.presses("zhang.wei", "reopen_issue").await;
    world.fills("zhang.wei", "reopen", &[("reason", "还是不行")]).await;
    world.says("li.na", "/解决 YFB-1-I1 再次重建 效果：可用").await;
    world.forgets().await;
    world.is("2026-11-24 09:59").await;
    world.presses("zhang.wei", "close_issue").await;
    world.forgets().await;
    world.is("2026-12-01 18:00").await;
    world.hears("").await;
    let met = "SELECT COUNT(*) FROM obligation WHERE kind = 'close_issue' AND outcome = 'met'";
    assert_eq!(world.numbers(met, 1).await, [2]);
});

story!(where_the_policy_says_so_it_stays_open, |world| {
    let policy = include_str!("../../config/policy.toml");
    let stays = policy.replace("close_unanswered = true ", "close_unanswered = false");
    assert_ne!(policy, stays);
    world.follows(&stays).await;
    solved(world).await;
    world.is("2026-11-24 10:00").await;
    world.forgets().await;
    world.is("2026-11-26 10:00").await;
    world.hears("zhang.wei ← 解决确认已超时 · 重要问题 I1 测试环境不可用").await;
    world.is("2026-12-07 18:00").await;
    world.hears("").await;
    world.presses("zhang.wei", "close_issue").await;
    world.forgets().await;
});

story!(who_asks_for_more_time_gets_it_and_who_leaves_is_answered_for, |world| {
    solved(world).await;
    world.says("zhang.wei", "/稍后 YFB-1 11月27日 09:00 周五核对").await;
    world.forgets().await;
    world.is("2026-11-26 18:00").await;
    world.hears("").await;
    world.is("2026-11-27 09:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("zhang.wei ← 问题 I1 无人答复，已自动关闭"), "{heard}");
    world.says("zhang.wei", "/问题 一般 @信息技术部 打印机离线").await;
    world.presses("huang.lei", "respond_issue").await;
    world.says("huang.lei", "/解决 XXB-1-I1 换网线 效果：恢复").await;
    world.forgets().await;
    let file = without(world, &["zhang.wei"]);
    let (code, said) = runs(world.database(), (&["directory", "import", &file], &[]));
    assert_eq!(code, Some(0), "{said}");
    world.settles().await;
    let heard = world.heard().await;
    assert!(heard.contains("liu.yang ← "), "the head of the reporter's department is asked: {heard}");
    world.says("liu.yang", "/关闭问题 XXB-1-I1").await;
    let heard = world.heard().await;
    assert!(heard.contains("huang.lei ← 问题 I1 已关闭：打印机离线"), "{heard}");
});
