//! Searching: words inside Chinese texts, people, departments, states, days; pages that do not shift; only what may be seen.

use crate::world::{World, filled, ground, story};

/// What a search finds, newest first.
async fn finds(world: &mut World, person: &str, words: &str) -> Vec<String> {
    world.says(person, &format!("/查询 {words}")).await;
    world.forgets().await;
    numbers(&world.card(person).await)
}

fn numbers(card: &serde_json::Value) -> Vec<String> {
    let actions = card["actions"].as_array().unwrap();
    let shown = actions.iter().filter_map(|a| a["id"].as_str()?.strip_prefix("show_"));
    shown.map(str::to_owned).collect()
}

/// Copies of a request as an older release would have left them: not findable yet. `filed_at` rises with the number.
async fn copies(world: &World, of: &str, count: usize) {
    let columns = "version, revision, state, initiator, department, kind, title, background, goal, wanted_by, people, \
                   budget, equipment, risks, priority, acceptance, visibility, attachments, opened, audit_count, audit_head";
    let sql = format!(
        "INSERT INTO request (id, filed_at, {columns}) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n \
         WHERE i < {count}) SELECT '2026-Q4-SCB-' || CAST(1000 + n.i AS TEXT), filed_at + n.i, {columns} \
         FROM n, request r WHERE r.id = '{of}';"
    );
    ground::changes(world.database(), &sql).await;
}

story!(words_inside_chinese_texts_are_found, |world| {
    let first =
        world.files_with(&[("title", "冬季年会场地与物料采购"), ("background", "去年的场地太小")]).await;
    let second = world.files_with(&[("ask1_task", "提供ＸＹ-200 Pro 的检测报告")]).await;
    world.presses("liu.yang", "approve").await;
    world.says("zhang.wei", &format!("/评论 {second} 资料放在共享盘")).await;
    world.forgets().await;
    let neither: Vec<String> = vec![];
    for (words, found) in [
        ("场地与物料", vec![&first]),
        ("年", vec![&first]),
        ("场地 太小", vec![&first]),
        ("xy-200", vec![&second]),
        ("PRO", vec![&second]),
        ("检测报告", vec![&second]),
        ("共享盘", vec![&second]),
        ("首月销量", vec![&second, &first]),
        ("地场", vec![]),
        ("场地 检测", vec![]),
        ("%", vec![]),
        ("_", vec![]),
        ("🙂 '; DROP", vec![]),
        ("\u{200b}", vec![&second, &first]),
    ] {
        let found: Vec<String> = found.into_iter().cloned().collect();
        assert_eq!(finds(world, "zhang.wei", words).await, found, "{words}");
    }
    assert_eq!(finds(world, "li.na", "场地").await, std::slice::from_ref(&first));
    assert_eq!(finds(world, "huang.lei", "场地").await, neither, "not his to see");
    // A new content is found, the old one no more.
    world.says("liu.yang", &format!("/return {first} 请写清楚")).await;
    world.says("zhang.wei", &format!("/revise {first}")).await;
    let values = filled(&[("title", "冬季年会场地与物料采购"), ("background", "今年人数翻番")]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    world.fills("zhang.wei", "file", &values).await;
    assert_eq!(finds(world, "zhang.wei", "人数翻番").await, std::slice::from_ref(&first));
    assert_eq!(finds(world, "zhang.wei", "太小").await, neither);
});

story!(a_search_narrows_by_who_where_what_state_and_when, |world| {
    let early = world.files_and_approves().await;
    world.is("2026-11-30 10:00").await;
    world.forgets().await;
    let late = world.files_with(&[("ask2_department", ""), ("ask2_task", "")]).await;
    world.forgets().await;
    let both = vec![late.clone(), early.clone()];
    let short = early.trim_start_matches("2026-Q4-").to_owned();
    for (words, found) in [
        ("", &both[..]),
        ("审批中", &both[..1]),
        ("确认中", &both[1..]),
        ("进行中", &both),
        ("已取消", &[]),
        ("逾期", &both[1..]),
        ("财务部", &both[1..]),
        ("研发部 @市场部", &both),
        ("人力资源部", &[]),
        ("张伟", &both),
        ("李娜", &both[1..]),
        ("我的", &both),
        ("本月", &both),
        ("上周", &both[1..]),
        ("11-01..11-25", &both[1..]),
        ("2026-11-30", &both[..1]),
        ("2026-10", &[]),
        ("last week 推广", &both[1..]),
        (short.as_str(), &both[1..]),
        ("scb-1 page 1", &both[1..]),
    ] {
        assert_eq!(finds(world, "zhang.wei", words).await, found, "{words}");
    }
    assert_eq!(finds(world, "li.na", "我的").await, both[1..], "what she owes is hers");
    let card = world.card("li.na").await.to_string();
    for words in ["李娜", "部门确认", "11月23日", "已逾期", "共 1 项"] {
        assert!(card.contains(words), "{words}: {card}");
    }
    world.forgets().await;
});

story!(pages_are_turned_by_button_and_do_not_shift, |world| {
    let first = world.files_and_approves().await;
    copies(world, &first, 24).await;
    world.is_down_for(1).await;
    findable(world).await;
    world.forgets().await;
    let page_1 = finds(world, "zhang.wei", "新品上市").await;
    assert_eq!((page_1.len(), page_1[0].as_str()), (10, "2026-Q4-SCB-1024"));
    assert!(world.card("zhang.wei").await.to_string().contains("共 25 项"));
    // Somebody files meanwhile: the next page begins all the same where this one ended.
    let newest = world.files().await;
    world.says("zhang.wei", "/查询 新品上市").await;
    world.presses("zhang.wei", "next_page").await;
    let page_2 = numbers(&world.card("zhang.wei").await);
    assert_eq!((page_2[0].as_str(), page_2[9].as_str()), ("2026-Q4-SCB-1015", "2026-Q4-SCB-1006"));
    world.presses("zhang.wei", "next_page").await;
    let page_3 = numbers(&world.card("zhang.wei").await);
    assert_eq!((page_3.len(), page_3[5].as_str()), (6, first.as_str()));
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("第 3 页") && !card.contains("next_page"), "{card}");
    world.presses("zhang.wei", "previous_page").await;
    assert_eq!(numbers(&world.card("zhang.wei").await), page_2);
    world.presses("zhang.wei", "previous_page").await;
    assert_eq!(numbers(&world.card("zhang.wei").await)[0], newest);
    world.says("zhang.wei", "/查询 新品上市 第9页").await;
    assert_eq!(numbers(&world.card("zhang.wei").await), page_3, "there is no ninth page: the last one");
    world.forgets().await;
});

story!(more_than_a_thousand_hits_are_not_counted_and_can_be_turned_through, |world| {
    let first = world.files_and_approves().await;
    copies(world, &first, 1_029).await;
    world.is_down_for(1).await;
    findable(world).await;
    world.forgets().await;
    world.says("zhang.wei", "/查询 新品上市 第100页").await;
    assert!(world.card("zhang.wei").await.to_string().contains("共 1000+ 项"));
    let mut last = numbers(&world.card("zhang.wei").await);
    assert_eq!(last[0], "2026-Q4-SCB-1039");
    for _ in 0..3 {
        world.presses("zhang.wei", "next_page").await;
        last = numbers(&world.card("zhang.wei").await);
    }
    assert_eq!((last.len(), last[9].as_str()), (10, first.as_str()), "{last:?}");
    assert!(!world.card("zhang.wei").await.to_string().contains("next_page"));
    world.presses("zhang.wei", "previous_page").await;
    assert_eq!(numbers(&world.card("zhang.wei").await)[9], "2026-Q4-SCB-1010");
    world.forgets().await;
});

/// What an older release filed has been made findable.
async fn findable(world: &World) {
    let missing = "SELECT COUNT(*) FROM request r WHERE NOT EXISTS (SELECT 1 FROM request_search n WHERE n.request = r.id)";
    for _ in 0..3_000 {
        if world.numbers(missing, 1).await == [0] {
            return;
        }
        world.settles().await;
    }
    panic!("still missing: {:?}", world.numbers(missing, 1).await);
}

story!(a_search_that_is_too_long_or_strange_is_answered_politely, |world| {
    world.files_and_approves().await;
    let long = "推".repeat(3_000);
    for words in [long.as_str(), "一 二 三 四 五 六 七 八 九", &"a ".repeat(1_500)] {
        world.says("zhang.wei", &format!("/查询 {words}")).await;
        let card = world.card("zhang.wei").await.to_string();
        assert!(card.contains("最多 8 个词") && card.contains("/查询 SCB-12"), "{card}");
    }
    world.forgets().await;
    // Longer than any message is read: the reader of commands says so.
    world.says("zhang.wei", &format!("/查询 {}", "推".repeat(10_000))).await;
    assert_eq!(world.heard().await.lines().count(), 1);
    world.says("zhang.wei", "/查询 没有这样的词").await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("没有符合“没有这样的词”的") && card.contains("/查询 逾期 我的"), "{card}");
    world.forgets().await;
});

story!(an_unseen_request_leaves_no_trace_in_lists, |world| {
    let secret = world.files_with(&[("visibility", "people"), ("title", "收购星辰公司")]).await;
    world.presses("liu.yang", "approve").await;
    world.forgets().await;
    let blank = {
        world.says("sun.li", "/查询 没有这样的词").await;
        world.card("sun.li").await.to_string()
    };
    for words in ["收购", "星辰公司", &secret, "张伟", "研发部 收购", "确认中 收购", "本月 收购"]
    {
        world.says("sun.li", &format!("/查询 {words}")).await;
        let card = world.card("sun.li").await.to_string();
        assert_eq!(numbers(&world.card("sun.li").await), Vec::<String>::new(), "{words}");
        let shape = |card: &str| card.split('“').next().map(str::to_owned);
        assert_eq!(shape(&card), shape(&blank), "{words}");
    }
    assert_eq!(finds(world, "li.na", "星辰公司").await, [secret]);
});
