//! People are away, change places and leave; what is owed follows them, and the record says who acted for whom.

use crate::world::ground::runs;
use crate::world::{World, story};

story!(a_contact_delegates_and_the_deputy_signs_on_his_behalf_until_the_end, |world| {
    world.files_and_approves().await;
    world.says("li.na", "/委托 @孙丽 直到 明天").await;
    let heard = world.heard().await;
    assert!(heard.contains("sun.li ← 李娜请您代办"), "{heard}");
    assert!(
        heard.contains("li.na ← 李娜的事项由孙丽代办：11月23日（周一）10:00至11月25日（周三）00:00"),
        "{heard}"
    );
    assert!(heard.contains("sun.li ← 请研发部确认协作任务"), "what is open follows at once: {heard}");
    let toast = world.presses("sun.li", "confirm").await;
    assert!(toast.contains("研发部"), "{toast}");
    world.hears("zhang.wei ← 研发部已确认（孙丽）").await;
    world.says("zhang.wei", "/show SCB-1").await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("孙丽（代李娜）"), "on behalf of: {card}");
    world.forgets().await;
});

story!(when_the_delegation_ends_the_duty_returns_and_the_deputys_button_is_refused, |world| {
    let number = world.files_and_approves().await;
    world.presses("wang.fang", "confirm").await;
    world.says("li.na", "/delegate @sun.li until 18:00").await;
    world.forgets().await;
    world.is("2026-11-23 17:59").await;
    world.forgets().await;
    world.is("2026-11-23 18:00").await;
    world.hears("li.na ← 请研发部确认协作任务").await;
    world.says("sun.li", &format!("/confirm {number}")).await;
    let card = world.card("sun.li").await.to_string();
    assert!(card.contains("不由您") && card.contains("李娜"), "whose it is again: {card}");
    world.forgets().await;
    world.says("li.na", &format!("/confirm {number}")).await;
    world.hears("zhang.wei ← 各部门已全部确认\n liu.yang ← 各部门已全部确认\n li.na ← 已代表研发部确认，并记录电子签名").await;
});

story!(who_delegated_may_still_act_himself_and_may_end_it, |world| {
    world.files_and_approves().await;
    world.says("li.na", "/委托 @孙丽 直到 周五").await;
    world.forgets().await;
    world.says("li.na", "/委托 取消").await;
    let heard = world.heard().await;
    assert!(heard.contains("sun.li ← 李娜的委托已结束"), "{heard}");
    assert!(heard.contains("li.na ← 请研发部确认协作任务"), "{heard}");
    world.says("li.na", "/委托 取消").await;
    world.hears("li.na ← 没有可以结束的委托").await;
    world.says("li.na", "/委托 @孙丽 直到 周五").await;
    world.forgets().await;
    let toast = world.presses("li.na", "confirm").await;
    assert!(toast.contains("研发部"), "{toast}");
    world.hears("zhang.wei ← 研发部已确认（李娜）").await;
});

story!(a_head_delegates_for_staff_and_nobody_else_may, |world| {
    world.says("chen.jie", "/委托 @李娜 给 @孙丽 从 明天 到 周五").await;
    let heard = world.heard().await;
    assert!(heard.contains("sun.li ← 李娜请您代办"), "{heard}");
    assert!(heard.contains("li.na ← 陈杰为您安排了代办"), "{heard}");
    assert!(heard.contains("11月24日（周二）00:00至11月28日（周六）00:00"), "{heard}");
    world.says("tang.rui", "/委托 @李娜 给 @孙丽 直到 周五").await;
    let refused = world.heard().await;
    assert!(refused.starts_with("tang.rui ←") && refused.lines().count() == 1, "{refused}");
    let card = world.card("tang.rui").await.to_string();
    assert!(card.contains("李娜") && card.contains("陈杰"), "who may: {card}");
});

story!(a_delegation_that_cannot_be_comes_back_beside_its_field_with_what_was_typed, |world| {
    world.says("sun.li", "/delegate @li.na until friday").await;
    world.forgets().await;
    let wrong = [
        ("/委托 @李娜 直到 周五", "deputy", "自己"),
        ("/委托 @孙丽 直到 周五", "deputy", "回到"),
        ("/委托 @查无此人 直到 周五", "deputy", "查无此人"),
        ("/委托 @王芳 直到 某天吧", "deputy_until", "看不懂"),
        ("/委托 @王芳 直到 2026-11-01", "deputy_until", "开始"),
        ("/委托 @王芳 从 周五 到 周四", "deputy_until", "晚于"),
        ("/委托 @王芳 直到 2028-11-01", "deputy_until", "一年"),
        ("/委托 @王芳", "deputy_until", "请填写"),
    ];
    for (typed, field, words) in wrong {
        world.says("li.na", typed).await;
        let card = world.card("li.na").await;
        let fields = card["form"]["fields"].as_array().unwrap();
        let found = fields.iter().find(|f| f["name"] == field).unwrap();
        assert!(found["error"].as_str().unwrap_or_default().contains(words), "{typed}: {found}");
        assert!(fields.iter().any(|f| f["name"] == "deputy" && f["value"] != ""), "{typed}: {card}");
    }
    world.forgets().await;
    // The form that came back is put right and sent.
    world.says("li.na", "/委托 @王芳").await;
    let toast = world.fills("li.na", "delegate", &[("deputy", "王芳"), ("deputy_until", "周五")]).await;
    assert!(toast.contains("王芳代办"), "{toast}");
    world.forgets().await;
});

story!(what_is_owed_is_handed_over_by_hand_with_its_clock, |world| {
    let number = world.files_and_approves().await;
    world.presses("wang.fang", "confirm").await;
    world.forgets().await;
    let due = world.numbers("SELECT due_at FROM obligation WHERE closed_at IS NULL", 1).await;
    world.is("2026-11-23 11:00").await;
    world.says("li.na", &format!("/转交 {number} @孙丽 我在外地验收")).await;
    world.hears("sun.li ← 请研发部确认协作任务\n li.na ← 已转交给孙丽，时限不变").await;
    assert_eq!(world.numbers("SELECT due_at FROM obligation WHERE closed_at IS NULL", 1).await, due);
    // Silence counts as before: the reminder of the first delivery comes, to the one who owes it now.
    world.is("2026-11-23 15:00").await;
    world.hears("sun.li ← 提醒：部门确认还在等您").await;
    let toast = world.presses("sun.li", "confirm").await;
    assert!(toast.contains("研发部"), "{toast}");
    world.hears("zhang.wei ← 各部门已全部确认\n liu.yang ← 各部门已全部确认").await;
});

story!(handing_over_is_refused_where_it_makes_no_sense, |world| {
    let number = world.files_and_approves().await;
    let refused = [
        ("tang.rui", format!("/transfer {number} @sun.li"), "没有找到"),
        ("sun.li", format!("/transfer {number} @tang.rui"), "不由您"),
        ("li.na", format!("/transfer {number} @li.na"), "已经是办理人"),
        ("guo.qiang", format!("/transfer {number} @sun.li"), "部门"),
    ];
    for (person, typed, words) in refused {
        world.says(person, &typed).await;
        let card = world.card(person).await.to_string();
        assert!(card.contains(words), "{typed}: {card}");
    }
    world.says("li.na", &format!("/transfer {number} @查无此人 有事")).await;
    let card = world.card("li.na").await;
    assert!(card["form"]["fields"][0]["error"].as_str().unwrap().contains("查无此人"), "{card}");
    assert_eq!(card["form"]["fields"][1]["value"], "有事", "nothing typed is lost");
    world.presses("li.na", "confirm").await;
    world.presses("wang.fang", "confirm").await;
    world.says("li.na", &format!("/transfer {number} @sun.li")).await;
    let card = world.card("li.na").await.to_string();
    assert!(card.contains("没有待处理"), "closed: {card}");
    world.forgets().await;
});

story!(a_coordinator_hands_over_for_a_named_department, |world| {
    let number = world.files_and_approves().await;
    world.says("guo.qiang", &format!("/transfer {number} @孙丽 @研发部")).await;
    world
        .hears("sun.li ← 请研发部确认协作任务\n li.na ← 郭强已把待办转交给孙丽\n guo.qiang ← 已转交给孙丽，时限不变")
        .await;
});

story!(whoever_is_copied_sees_a_request_for_participants_only_and_hears_its_news, |world| {
    let number = world.files_with(&[("visibility", "people")]).await;
    world.says("tang.rui", &format!("/show {number}")).await;
    assert!(world.card("tang.rui").await.to_string().contains("没有找到"));
    world.forgets().await;
    world.says("zhang.wei", &format!("/抄送 {number} @唐蕊 @何雪")).await;
    world.hears("zhang.wei ← 已抄送\n tang.rui ← 张伟抄送给您，请知悉\n he.xue ← 张伟抄送给您，请知悉").await;
    world.presses("liu.yang", "approve").await;
    let heard = world.heard().await;
    assert!(heard.contains("tang.rui ← 刘洋已同意，需求已发给各部门"), "{heard}");
    world.says("tang.rui", &format!("/show {number}")).await;
    let card = world.card("tang.rui").await.to_string();
    assert!(card.contains("新品上市推广") && card.contains("抄送"), "{card}");
    world.says("tang.rui", "/list").await;
    assert!(world.card("tang.rui").await.to_string().contains(&number));
    // No reminders: nothing is asked of them.
    world.forgets().await;
    world.is("2026-11-23 15:00").await;
    world.hears("li.na ← 提醒：部门确认还在等您\n wang.fang ← 提醒：部门确认还在等您").await;
});

story!(following_brings_the_news_until_it_is_ended, |world| {
    let number = world.files_with(&[("visibility", "public")]).await;
    world.says("tang.rui", &format!("/关注 {number}")).await;
    world.forgets().await;
    world.says("tang.rui", &format!("/关注 {number}")).await;
    world.hears("tang.rui ← 您已经在关注这项需求").await;
    world.presses("liu.yang", "approve").await;
    // Who has no part in it reads masked names.
    assert!(world.heard().await.contains("tang.rui ← 刘*已同意，需求已发给各部门"));
    world.says("tang.rui", &format!("/show {number}")).await;
    let toast = world.presses("tang.rui", "unfollow").await;
    assert!(toast.contains("已取消关注"), "{toast}");
    world.presses("li.na", "confirm").await;
    let heard = world.heard().await;
    assert!(!heard.contains("tang.rui ← 研发部已确认"), "{heard}");
});

/// The demo's people, some of whom have left.
pub fn without(world: &World, leavers: &[&str]) -> String {
    let mut text = include_str!("../../config/demo/directory.toml").to_owned();
    for leaver in leavers {
        let line = format!("id = \"{leaver}\"\n");
        assert!(text.contains(&line));
        text = text.replacen(&line, &format!("{line}active = false\n"), 1);
        // An office held by somebody who left is vacant.
        for office in ["head", "contact"] {
            text = text.replace(&format!("{office} = \"{leaver}\"\n"), "");
        }
    }
    world.keeps_file("directory.toml", &text)
}

story!(what_leavers_owed_passes_to_whoever_holds_the_duty_now, |world| {
    let number = world.files_and_approves().await;
    world.presses("wang.fang", "object").await;
    world.fills("wang.fang", "object", &[("reason", "预算不足"), ("suggestion", "下季度")]).await;
    world.forgets().await;
    // The contact of 研发部 and the initiator leave on the same day.
    let file = without(world, &["li.na", "zhang.wei"]);
    let (code, said) = runs(world.database(), (&["directory", "import", &file], &[]));
    assert_eq!(code, Some(0), "{said}");
    world.settles().await;
    let heard = world.heard().await;
    assert!(heard.contains("chen.jie ← 请研发部确认协作任务"), "contact → head: {heard}");
    assert!(heard.contains("liu.yang ← 财务部提出异议，请答复"), "initiator → his head: {heard}");
    assert!(!heard.contains("li.na ←") && !heard.contains("zhang.wei ←"), "leavers hear nothing: {heard}");
    let left = "SELECT COUNT(*) FROM obligation WHERE closed_at IS NULL AND debtor IN ('li.na', 'zhang.wei')";
    assert_eq!(world.numbers(left, 1).await, [0], "nothing is left with them");
    let toast = world.presses("chen.jie", "confirm").await;
    assert!(toast.contains("研发部"), "{toast} {number}");
    world.forgets().await;
});

story!(a_decision_that_a_leaver_owed_passes_to_the_head, |world| {
    let number = world.files_and_approves().await;
    world.says("zhang.wei", &format!("/决策 {number} @李娜 选哪家供应商 甲厂/乙厂")).await;
    world.forgets().await;
    let file = without(world, &["li.na"]);
    let (code, said) = runs(world.database(), (&["directory", "import", &file], &[]));
    assert_eq!(code, Some(0), "{said}");
    world.settles().await;
    let heard = world.heard().await;
    // Two duties of one leaver come as one message, with a way into each.
    assert!(heard.contains("chen.jie ← 您有 2 项事项"), "{heard}");
    let card = world.card("chen.jie").await.to_string();
    assert!(card.contains("决策 · 研发部") && card.contains("部门确认 · 研发部"), "{card}");
    world.says("chen.jie", &format!("/决策 {number}-D1 乙厂")).await;
    let heard = world.heard().await;
    assert!(heard.contains("zhang.wei ← 陈杰已决策 D1 选哪家供应商：乙厂"), "{heard}");
});

story!(an_absence_of_the_directory_moves_what_is_open_when_it_begins_and_back_when_it_ends, |world| {
    let away =
        "id = \"li.na\"\naway = [{ from = \"2026-11-24\", to = \"2026-11-24\", substitute = \"sun.li\" }]\n";
    let text = include_str!("../../config/demo/directory.toml").replacen("id = \"li.na\"\n", away, 1);
    let file = world.keeps_file("directory.toml", &text);
    let (code, said) = runs(world.database(), (&["directory", "import", &file], &[]));
    assert_eq!(code, Some(0), "{said}");
    world.files_and_approves().await;
    world.presses("wang.fang", "confirm").await;
    world.is("2026-11-23 18:00").await;
    world.forgets().await;
    world.is("2026-11-24 09:00").await;
    world.hears("sun.li ← 请研发部确认协作任务").await;
    world.is("2026-11-25 08:59").await;
    let heard = world.heard().await;
    assert!(heard.contains("sun.li ← 李娜的部门确认已到时限"), "brought up to date: {heard}");
    assert!(heard.contains("li.na ← 请研发部确认协作任务"), "{heard}");
});
