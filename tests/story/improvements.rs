//! A2, A5: what is to be better next time: set from an issue or a request, owed by a day, done with its effect.

use crate::people::without;
use crate::world::ground::runs;
use crate::world::{World, story};

/// An issue of no request that research has solved and its reporter has closed.
async fn learned(world: &mut World) {
    world.says("zhang.wei", "/问题 重要 @研发部 生产环境停电").await;
    world.presses("li.na", "respond_issue").await;
    world.says("li.na", "/解决 YFB-1-I1 恢复供电 效果：恢复").await;
    world.presses("zhang.wei", "close_issue").await;
    world.forgets().await;
}

/// An item of research from that issue, due on the Friday of the week after, 4 December.
async fn set(world: &mut World) {
    learned(world).await;
    world.says("zhang.wei", "/改进 YFB-1-I1 双电源每月切换演练 @李娜 12月4日").await;
    world.forgets().await;
}

/// Both departments have signed.
async fn confirmed(world: &mut World) -> String {
    let number = world.files_and_approves().await;
    world.presses("li.na", "confirm").await;
    world.presses("wang.fang", "confirm").await;
    world.forgets().await;
    number
}

story!(what_a_closed_issue_taught_is_set_from_its_card_and_done_with_its_effect, |world| {
    learned(world).await;
    world.presses("zhang.wei", "improve").await;
    world.hears("zhang.wei ← 设改进项").await;
    let typed = [
        ("improvement", "双电源每月切换演练"),
        ("improvement_owner", "李娜"),
        ("improvement_due", "12月4日"),
    ];
    let toast = world.fills("zhang.wei", "improve", &typed).await;
    assert_eq!(toast, "改进项 K1 已记录，李娜负责，12月4日（周五）18:00前完成。");
    world.hears("li.na ← 请落实改进项 K1：双电源每月切换演练").await;
    let card = world.card("li.na").await.to_string();
    for said in ["来自问题", "I1 生产环境停电", "张伟", "12月4日（周五）18:00"] {
        assert!(card.contains(said), "{said}: {card}");
    }
    // It stands in the list of whoever owes it, on the issue, and by itself.
    world.says("li.na", "/我的待办").await;
    assert!(world.card("li.na").await.to_string().contains("改进项"));
    world.says("zhang.wei", "/改进 YFB-1-K1").await;
    world.says("zhang.wei", "/问题 YFB-1-I1").await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("K1") && card.contains("待落实，12月4日（周五）前"), "{card}");
    assert!(card.contains("设改进项 K1：双电源每月切换演练"), "{card}");
    world.forgets().await;
    world.presses("li.na", "improved").await;
    world.hears("li.na ← 改进已落实").await;
    let toast = world.fills("li.na", "improved", &[("improvement_effect", "")]).await;
    assert_eq!(toast, "有 1 处需要修改，已标在对应位置；其余内容都已保留。");
    let toast = world.fills("li.na", "improved", &[("improvement_effect", "切换 3 秒")]).await;
    assert_eq!(toast, "改进项 K1 已记为落实。");
    world.hears("zhang.wei ← 李娜已落实改进项 K1（双电源每月切换演练）：切换 3 秒").await;
    world.says("zhang.wei", "/问题 YFB-1-I1").await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("改进项 K1 已落实：切换 3 秒"), "{card}");
    world.forgets().await;
    let (code, said) = runs(world.database(), (&["export", "improvements"], &[]));
    let kept = r#""effect":"切换 3 秒""#;
    assert!(code == Some(0) && said.contains(kept) && said.contains(r#""due":"2026-12-04""#), "{said}");
    // Nothing of it is owed any more.
    world.is("2026-12-07 18:00").await;
    world.hears("").await;
});

story!(the_pages_of_an_item_and_of_its_issue_follow_what_becomes_of_it, |world| {
    set(world).await;
    let mut pages = Vec::new();
    for page in ["/改进 YFB-1-K1", "/问题 YFB-1-I1"] {
        world.says("zhang.wei", page).await;
        pages.push(world.newest("zhang.wei").await);
    }
    world.says("li.na", "/改进 YFB-1-K1").await;
    world.presses("li.na", "improved").await;
    world.fills("li.na", "improved", &[("improvement_effect", "切换 3 秒")]).await;
    world.forgets().await;
    for page in pages {
        let card = world.card_of("zhang.wei", &page).await.to_string();
        assert!(card.contains("切换 3 秒"), "{card}");
    }
});

story!(an_item_that_is_late_is_heard_of_by_enterprise_management, |world| {
    set(world).await;
    world.is("2026-12-03 08:59").await;
    world.hears("").await;
    world.is("2026-12-03 09:00").await;
    world.hears("li.na ← 提醒：改进项还在等您").await;
    let card = world.card("li.na").await.to_string();
    assert!(card.contains("双电源每月切换演练") && card.contains("improved"), "{card}");
    world.is_killed().await;
    world.is("2026-12-04 17:59").await;
    world.hears("").await;
    world.is("2026-12-04 18:00").await;
    world
        .all_of(&[
            "li.na ← 改进项已升级通报，请优先处理",
            "he.xue ← 研发部的改进项逾期未答复，请协助",
            "guo.qiang ← 研发部的改进项逾期未答复，请协助",
        ])
        .await;
    world.is("2026-12-07 10:00").await;
    world.hears("").await;
    world.says("li.na", "/已改进 YFB-1 K1 切换 3 秒").await;
    world.forgets().await;
    let late = "SELECT COUNT(*) FROM obligation WHERE kind = 'improve' AND outcome = 'met_late'";
    assert_eq!(world.numbers(late, 1).await, [1]);
    world.is("2026-12-18 18:00").await;
    world.hears("").await;
});

story!(a_request_teaches_too_and_what_it_taught_outlives_it, |world| {
    let number = confirmed(world).await;
    world.says("zhang.wei", &format!("/改进 {number} 评审前先对齐口径 @王芳 下周五")).await;
    world
        .hears(
            "zhang.wei ← 改进项 K1 已记录，王芳负责，12月4日（周五）18:00前完成
             wang.fang ← 请落实改进项 K1：评审前先对齐口径",
        )
        .await;
    world.says("zhang.wei", &format!("/show {number}")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("设改进项 K1：评审前先对齐口径") && card.contains("待落实"), "{card}");
    world.says("zhang.wei", &format!("/cancel {number} 不做了")).await;
    world.forgets().await;
    world.says("wang.fang", "/已改进 对齐了").await;
    world
        .hears(
            "zhang.wei ← 王芳已落实改进项 K1（评审前先对齐口径）：对齐了
             wang.fang ← 改进项 K1 已记为落实",
        )
        .await;
});

story!(what_is_not_in_order_about_an_item_is_answered_with_what_can_be_done, |world| {
    let number = world.files_and_approves().await;
    set(world).await;
    world.says("zhang.wei", "/问题 重要 @研发部 网络断开").await;
    world.forgets().await;
    for (person, line, answer) in [
        ("zhang.wei", format!("/改进 {number} 更好 @李娜 周五"), "没有执行：现在不能这样做"),
        ("zhang.wei", "/改进 YFB-2-I1 更好 @李娜 周五".to_owned(), "没有执行：问题 I1 现在不能这样做"),
        ("zhang.wei", "/改进 YFB-1-I7 更好 @李娜 周五".to_owned(), "没有问题 I7"),
        ("zhang.wei", "/改进 YFB-1-I1 更好 @李娜 2026-11-20".to_owned(), "设改进项"),
        ("zhang.wei", "/改进 YFB-1-I1 更好 @没有这个人 周五".to_owned(), "设改进项"),
        ("zhang.wei", "/改进 YFB-1-I1 更好".to_owned(), "设改进项"),
        (
            "zhang.wei",
            "/改进 YFB-1-I1 更好 @李娜 @王芳 周五".to_owned(),
            "没有看懂这条 /改进 命令，所以没有执行",
        ),
        ("zhang.wei", "/改进 YFB-1-K9".to_owned(), "没有找到 K9"),
        ("tang.rui", "/改进 YFB-1-K1".to_owned(), "没有找到需求“YFB-001”"),
        ("zhang.wei", "/已改进 YFB-1-K1 我来".to_owned(), "没有执行：这一步不由您处理"),
        ("zhang.wei", "/已改进 YFB-1-K1".to_owned(), "没有执行：这一步不由您处理"),
        ("li.na", "/已改进 YFB-1-K1 切换 3 秒".to_owned(), "改进项 K1 已记为落实"),
        ("li.na", "/已改进 YFB-1-K1 又一次".to_owned(), "已经有人处理过了"),
        ("li.na", "/已改进 YFB-1 K1 又一次".to_owned(), "已经有人处理过了"),
    ] {
        world.says(person, &line).await;
        let heard = world.heard().await;
        assert!(heard.contains(&format!("{person} ← {answer}")), "{line}: {heard}");
        let faults = match line.as_str() {
            line if line.contains("2026-11-20") => "已经过去",
            line if line.contains("没有这个人") => "没有找到在职同事“没有这个人”",
            _ => continue,
        };
        let card = world.card(person).await.to_string();
        assert!(card.contains(faults) && card.contains("更好"), "{line}: {card}");
    }
    let items = "SELECT COUNT(*) FROM improvement";
    assert_eq!(world.numbers(items, 1).await, [1]);
});

story!(an_item_is_handed_over_and_follows_whoever_stands_in_or_leaves, |world| {
    set(world).await;
    world.says("li.na", "/转交 YFB-1 @孙丽 我出差").await;
    let heard = world.heard().await;
    assert!(heard.contains("sun.li ← 请落实改进项 K1"), "{heard}");
    // The clock goes on: the same reminder at the same time, to whoever owes it now.
    world.is("2026-12-03 09:00").await;
    world.hears("sun.li ← 提醒：改进项还在等您").await;
    let file = without(world, &["sun.li"]);
    let (code, said) = runs(world.database(), (&["directory", "import", &file], &[]));
    assert_eq!(code, Some(0), "{said}");
    world.settles().await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← "), "who handed it over has it again: {heard}");
    world.says("li.na", "/委托 @陈杰 12月10日").await;
    world.forgets().await;
    world.says("chen.jie", "/已改进 YFB-1-K1 切换 3 秒").await;
    let heard = world.heard().await;
    assert!(heard.contains("zhang.wei ← 陈杰已落实改进项 K1"), "{heard}");
    let behind = "SELECT COUNT(*) FROM improvement WHERE finished_by = 'chen.jie' AND on_behalf_of = 'li.na'";
    assert_eq!(world.numbers(behind, 1).await, [1]);
});
