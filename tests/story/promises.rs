//! 稍后: a promise that the asker sees, that lets reminders rest, and that comes back at its time.

use crate::world::story;

story!(a_promise_rests_the_reminders_is_seen_by_the_asker_and_comes_back, |world| {
    let number = world.research_owes().await;
    world.says("li.na", &format!("/稍后 {number} 16:00前答复初步意见")).await;
    world
        .hears(
            "zhang.wei ← 李娜承诺11月23日（周一）16:00前办理
             li.na ← 已记下您的承诺：11月23日（周一）16:00前。到时提醒您，期限仍是11月24日（周二）10:00",
        )
        .await;
    for command in ["/show", "/why"] {
        world.says("zhang.wei", &format!("{command} {number}")).await;
        let card = world.card("zhang.wei").await.to_string();
        assert!(card.contains("李娜承诺11月23日（周一）16:00前办理：答复初步意见"), "{command}: {card}");
    }
    world.forgets().await;
    // The reminder of 15:00 rests; what was promised comes at its time, once.
    world.is("2026-11-23 15:59").await;
    world.hears("").await;
    world.is("2026-11-23 16:00").await;
    world.hears("li.na ← 您承诺的时间到了：部门确认").await;
    world.says("zhang.wei", &format!("/show {number}")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("李娜承诺的时间（11月23日（周一）16:00）已到，部门确认尚未完成"), "{card}");
    world.forgets().await;
    // The ladder went on as it would have: overdue on Tuesday 10:00, the head on Wednesday.
    world.is("2026-11-24 10:00").await;
    world.hears("li.na ← 部门确认已到时限，请尽快处理").await;
});

story!(a_promise_beyond_the_deadline_is_allowed_and_says_so_and_alerts_do_not_wait, |world| {
    let number = world.research_owes().await;
    world.says("li.na", &format!("/snooze {number} 周五 给方案")).await;
    let heard = world.heard().await;
    assert!(heard.contains("（晚于期限11月24日（周二）10:00）"), "{heard}");
    let card = world.card("li.na").await.to_string();
    assert!(card.contains("到期仍会按规则升级通报"), "{card}");
    world.is("2026-11-25 09:59").await;
    world.hears("").await;
    world.is("2026-11-25 10:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("chen.jie ← 研发部的部门确认逾期未答复"), "{heard}");
    // Again: the newer promise stands in the place of the older.
    world.says("li.na", &format!("/snooze {number} 明天上午")).await;
    world.presses("li.na", "confirm").await;
    world.says("zhang.wei", &format!("/show {number}")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("（承诺已兑现）"), "{card}");
    world.forgets().await;
    // Kept: nothing comes back.
    world.is("2026-11-27 18:30").await;
    world.hears("").await;
});

story!(the_button_asks_until_when_and_what_is_wrong_stands_beside_the_field, |world| {
    let number = world.files_and_approves().await;
    world.presses("li.na", "snooze").await;
    world.hears("li.na ← 稍后办理（研发部）").await;
    for (until, wrong) in
        [("9:00", "这个时间已经过去"), ("尽快", "看不懂这个时间"), ("2099-01-01", "最远到 90 天")]
    {
        world.fills("li.na", "snooze", &[("until", until), ("promise", "初稿")]).await;
        let card = world.card("li.na").await["form"].to_string();
        assert!(card.contains(wrong) && card.contains("初稿"), "{card}");
    }
    let toast = world.fills("li.na", "snooze", &[("until", "明天下午3点"), ("promise", "初稿")]).await;
    assert!(toast.contains("11月24日（周二）15:00前"), "{toast}");
    world.forgets().await;
    world.says("li.na", &format!("/snooze {number} 09:00前")).await;
    let card = world.card("li.na").await.to_string();
    assert!(card.contains("这个时间已经过去"), "{card}");
    world.forgets().await;
});

story!(only_who_owes_may_promise_and_only_while_it_is_owed, |world| {
    let number = world.files_and_approves().await;
    world.says("zhao.min", &format!("/snooze {number} 16:00")).await;
    world.says("chen.jie", &format!("/snooze {number} 16:00")).await;
    let heard = world.heard().await;
    assert!(heard.contains("chen.jie ← 没有执行"), "{heard}");
    let card = world.card("chen.jie").await.to_string();
    assert!(card.contains("李娜"), "{card}");
    world.says("li.na", &format!("/confirm {number}")).await;
    world.says("wang.fang", &format!("/confirm {number}")).await;
    world.forgets().await;
    world.says("li.na", &format!("/snooze {number} 16:00")).await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← ") && !heard.contains("zhang.wei"), "{heard}");
    world.is("2026-11-23 16:00").await;
    world.hears("").await;
});
