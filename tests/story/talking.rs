//! Commands: both names, the nearest word, lists for the right eyes, settings, groups.

use crate::world::story;

story!(help_lists_the_commands_in_the_readers_language, |world| {
    world.says("zhang.wei", "/帮助").await;
    assert!(world.card("zhang.wei").await.to_string().contains("/发起"));
    world.says("zhang.wei", "/settings language en").await;
    world.says("zhang.wei", "/help").await;
    assert!(world.card("zhang.wei").await.to_string().contains("/new"));
    world.forgets().await;
});

story!(an_unknown_word_gets_the_nearest_command, |world| {
    world.says("zhang.wei", "/comfirm SCB-1").await;
    assert!(world.card("zhang.wei").await.to_string().contains("/confirm"));
    world.says("zhang.wei", "你好").await;
    assert!(world.card("zhang.wei").await.to_string().contains("/"));
    world.forgets().await;
});

story!(my_list_shows_what_i_owe_and_nobody_elses, |world| {
    let number = world.files_and_approves().await;
    world.says("li.na", "/待办").await;
    assert!(world.card("li.na").await.to_string().contains(&number));
    world.says("sun.li", "/my").await;
    assert!(!world.card("sun.li").await.to_string().contains(&number));
    world.forgets().await;
});

story!(what_somebody_may_not_see_does_not_exist_for_them, |world| {
    let number = world.files_with(&[("visibility", "people")]).await;
    world.presses("liu.yang", "approve").await;
    world.forgets().await;
    for (person, sees) in [("li.na", true), ("zheng.yun", true), ("guo.qiang", true), ("huang.lei", false)] {
        world.says(person, &format!("/show {number}")).await;
        let card = world.card(person).await.to_string();
        assert_eq!(card.contains("新品上市推广"), sees, "{person}: {card}");
        world.says(person, "/list").await;
        let list = world.card(person).await.to_string();
        assert_eq!(list.contains(&number), sees, "{person}: {list}");
    }
    world.says("huang.lei", &format!("/confirm {number}")).await;
    assert!(!world.card("huang.lei").await.to_string().contains("新品上市推广"));
    world.forgets().await;
});

story!(why_replays_the_sum, |world| {
    world.is("2026-11-27 17:00").await;
    let number = world.files_and_approves().await;
    world.says("li.na", &format!("/为什么 {number}")).await;
    let card = world.card("li.na").await.to_string();
    for words in ["11月27日", "11月28日", "周末", "11月30日"] {
        assert!(card.contains(words), "{words}: {card}");
    }
    world.forgets().await;
});

story!(urging_rests_between_two_urges, |world| {
    let number = world.files_and_approves().await;
    world.says("zhang.wei", &format!("/催办 {number}")).await;
    world
        .hears("zhang.wei ← 已催办 2 人\n li.na ← 张伟催办：部门确认\n wang.fang ← 张伟催办：部门确认")
        .await;
    world.says("zhang.wei", &format!("/催办 {number}")).await;
    let heard = world.heard().await;
    assert!(!heard.contains("li.na"), "{heard}");
    world.is("2026-11-23 14:00").await;
    world.says("zhang.wei", &format!("/催办 {number}")).await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 张伟催办：部门确认"), "{heard}");
    world.forgets().await;
});

story!(a_refused_urge_says_when_the_next_one_counts, |world| {
    let number = world.files_and_approves().await;
    world.says("zhang.wei", &format!("/urge {number}")).await;
    world.is("2026-11-23 11:00").await;
    world.says("zhang.wei", &format!("/urge {number}")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("11月23日（周一）14:00之后可以再催"), "{card}");
    for moment in ["2026-11-23 14:00", "2026-11-23 18:00"] {
        world.is(moment).await;
        world.says("zhang.wei", &format!("/urge {number}")).await;
    }
    world.is("2026-11-23 22:00").await;
    world.forgets().await;
    // Three a day and pair.
    world.says("zhang.wei", &format!("/urge {number}")).await;
    world.hears("zhang.wei ← 今天催办的次数已经够了，这次没有再发").await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("零点起重新计数"), "{card}");
    world.is("2026-11-24 00:00").await;
    world.says("zhang.wei", &format!("/urge {number}")).await;
    world.hears("zhang.wei ← 已催办 2 人").await;
    world.is("2026-11-24 08:30").await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 张伟催办"), "{heard}");
});

story!(withdrawing_ends_the_review_and_cancelling_tells_everybody_why, |world| {
    let first = world.files().await;
    world.forgets().await;
    world.says("zhang.wei", &format!("/撤回 {first}")).await;
    world.hears("zhang.wei ← 需求已撤回\n liu.yang ← 张伟撤回了需求").await;
    let second = world.files_and_approves().await;
    world.says("zhang.wei", &format!("/取消 {second} 项目暂停")).await;
    let heard = world.heard().await;
    for person in ["li.na", "wang.fang", "chen.jie", "zhao.min"] {
        assert!(heard.contains(&format!("{person} ← 张伟取消了需求")), "{heard}");
    }
    assert!(world.upcoming().await.is_empty());
    world.says("li.na", &format!("/confirm {second}")).await;
    world.passes("10wd").await;
    world.hears("li.na ← 没有执行：现在不能这样做").await;
});

story!(a_comment_is_heard_and_kept, |world| {
    let number = world.files_and_approves().await;
    world.says("zhang.wei", &format!("/评论 {number} 资料放在共享盘")).await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 张伟评论"), "{heard}");
    world.says("wang.fang", &format!("/详情 {number}")).await;
    assert!(world.card("wang.fang").await.to_string().contains("资料放在共享盘"));
    world.forgets().await;
});

story!(a_group_becomes_the_requests_own_and_hears_its_news, |world| {
    let number = world.files_and_approves().await;
    world.says_in("zhang.wei", "g-project", &format!("/bind project {number}")).await;
    world.forgets().await;
    world.says_in("guo.qiang", "g-project", &format!("/bind project {number}")).await;
    world.forgets().await;
    world.says("li.na", &format!("/confirm {number}")).await;
    world.says("wang.fang", &format!("/confirm {number}")).await;
    let heard = world.heard().await;
    assert!(heard.contains("g-project ← 各部门已全部确认"), "{heard}");
    // In the request's own group its number may be left out, and personal lists stay private.
    world.says_in("zhang.wei", "g-project", "/my").await;
    let heard = world.heard().await;
    assert!(heard.contains("zhang.wei ← ") && !heard.contains("g-project ← "), "{heard}");
});

story!(with_one_candidate_the_number_may_be_left_out_and_with_several_a_list_comes_back, |world| {
    world.files_and_approves().await;
    world.says("li.na", "/qr").await;
    let heard = world.heard().await;
    assert!(heard.contains("zhang.wei ← 研发部已确认（李娜）"), "{heard}");
    world.files_and_approves().await;
    world.files_and_approves().await;
    world.says("wang.fang", "/确认").await;
    let card = world.card("wang.fang").await;
    assert!(card["actions"].as_array().unwrap().len() >= 3, "a pick list: {card}");
    world.forgets().await;
});
