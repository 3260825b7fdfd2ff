//! R7, R8: an estimate with the signature, another day, links added afterwards.

use serde_json::{Value, json};

use crate::world::{World, story};

async fn shown(world: &World, person: &str, number: &str) -> String {
    world.says(person, &format!("/show {number}")).await;
    world.card(person).await.to_string()
}

fn errors(answer: &Value) -> Vec<String> {
    let fields = answer["card"]["form"]["fields"].as_array().unwrap();
    let wrong = fields.iter().filter(|f| f["error"].is_string());
    wrong.map(|f| f["name"].as_str().unwrap().to_owned()).collect()
}

story!(an_estimate_is_kept_with_the_signature_of_its_version, |world| {
    let number = world.files_and_approves().await;
    world.presses("li.na", "estimate").await;
    let message = world.with_button("li.na", "estimate").await;
    let wrong = [("hours", "很多"), ("people_needed", "-1"), ("budget", "一点"), ("impact", "x")];
    let answer = world.presses_on("li.na", &message, "estimate", &wrong).await;
    assert_eq!(errors(&answer), ["hours", "people_needed", "budget"], "{answer}");
    let long = "界".repeat(501);
    let answer = world.presses_on("li.na", &message, "estimate", &[("hours", "1"), ("impact", &long)]).await;
    assert_eq!(errors(&answer), ["impact"]);
    let right = [("hours", "16"), ("people_needed", "2"), ("budget", "0.5万"), ("impact", "样机线停一天")];
    let answer = world.presses_on("li.na", &message, "estimate", &right).await;
    assert_eq!(errors(&answer), ["budget"], "whole yuan");
    let right = [("hours", "16"), ("people_needed", "2"), ("budget", "5,000"), ("impact", "样机线停一天")];
    let answer = world.presses_on("li.na", &message, "estimate", &right).await;
    assert_eq!(answer["toast"]["kind"], "success", "{answer}");
    let card = shown(world, "zhang.wei", &number).await;
    assert!(card.contains("估算：16 小时，2 人，5000 元；影响：样机线停一天"), "{card}");
    assert!(card.contains("代表研发部确认（第 1 版），估算：16 小时"), "{card}");
    let kept = "SELECT COUNT(*) FROM signature WHERE estimate LIKE '%样机线停一天%'";
    assert_eq!(world.numbers(kept, 1).await, [1]);
    // One click without an estimate stays one click.
    world.presses("wang.fang", "confirm").await;
    assert_eq!(world.numbers("SELECT COUNT(*) FROM signature WHERE estimate IS NULL", 1).await, [1]);
    world.forgets().await;
});

story!(an_empty_estimate_is_a_plain_confirmation, |world| {
    world.files_and_approves().await;
    world.presses("li.na", "estimate").await;
    let empty = [("hours", ""), ("people_needed", ""), ("budget", ""), ("impact", " ")];
    let toast = world.fills("li.na", "estimate", &empty).await;
    assert!(toast.contains("已代表研发部确认"), "{toast}");
    assert_eq!(world.numbers("SELECT COUNT(*) FROM signature WHERE estimate IS NULL", 1).await, [1]);
    world.forgets().await;
});

story!(before_approval_another_day_is_reviewed_again, |world| {
    let number = world.files().await;
    world.forgets().await;
    world.says("zhang.wei", "/改期 1 2026-12-16 供应商延期").await;
    world
        .hears(
            "zhang.wei ← 期望完成时间已由12月15日（周二）改为12月16日（周三）
             liu.yang ← 请审批市场部的协作需求",
        )
        .await;
    let card = shown(world, "zhang.wei", &number).await;
    assert!(card.contains("第 2 版") && card.contains("供应商延期"), "{card}");
    // The same day, a day that comes to the same, and a day that has gone.
    world.says("zhang.wei", "/date 1 12-16 again").await;
    world.says("zhang.wei", "/date 1 2026-11-02 gone").await;
    let card = world.card("zhang.wei").await;
    let fields = card["form"]["fields"].as_array().unwrap();
    assert!(fields[0]["error"].as_str().unwrap().contains("已经过去"), "{card}");
    assert_eq!((&fields[0]["value"], &fields[1]["value"]), (&json!("2026-11-02"), &json!("gone")));
    world.says("zhang.wei", "/date 1 someday because").await;
    let card = world.card("zhang.wei").await;
    assert!(card["form"]["fields"][0]["error"].as_str().unwrap().contains("不是日期"), "{card}");
    world.says("li.na", &format!("/date {number} 2026-12-20 x")).await;
    world
        .hears(
            "zhang.wei ← 新品上市推广
             zhang.wei ← 没有改期：期望完成时间本来就是12月16日（周三）
             zhang.wei ← 改期
             zhang.wei ← 改期
             li.na ← 没有执行：这一步不由您处理",
        )
        .await;
});

story!(after_approval_those_sign_again_whose_day_changed_and_see_what_changed, |world| {
    world.files_with(&[("ask2_wanted_by", "2026-12-01")]).await;
    world.presses("liu.yang", "approve").await;
    world.presses("li.na", "confirm").await;
    world.presses("wang.fang", "confirm").await;
    world.forgets().await;
    // 2026-12-20 is a Sunday. Research has no day of its own, finance has.
    world.says("zhang.wei", "/date SCB-1 2026-12-20 展会推迟").await;
    let done = world.card("zhang.wei").await.to_string();
    assert!(done.contains("12月20日（周日）不是工作日，已顺延到12月21日（周一）"), "{done}");
    let asked = world.card("li.na").await;
    assert!(asked.to_string().contains("12月15日") && asked.to_string().contains("12月21日"), "{asked}");
    world.forgets().await;
    let card = shown(world, "zhang.wei", "1").await;
    assert!(card.contains("确认中") && card.contains("展会推迟"), "{card}");
    world.presses("li.na", "confirm").await;
    let card = shown(world, "zhang.wei", "1").await;
    assert!(card.contains("\"tag\":\"已确认\""), "finance need not sign again: {card}");
    world.presses("zhang.wei", "cancel").await;
    world.fills("zhang.wei", "cancel", &[("reason", "不做了")]).await;
    world.says("zhang.wei", "/date 1 2026-12-25 太晚了").await;
    assert!(world.card("zhang.wei").await["title"].as_str().unwrap().contains("现在不能这样做"));
    world.forgets().await;
});

story!(links_are_added_afterwards_and_only_safe_ones, |world| {
    let number = world.files_and_approves().await;
    world.says("li.na", "/附件 1 https://docs.example.com/a 图纸 <b>").await;
    world
        .hears(
            "zhang.wei ← 李娜添加了附件：图纸 <b>
             li.na ← 附件已添加：图纸 <b>
             wang.fang ← 李娜添加了附件：图纸 <b>",
        )
        .await;
    let card = shown(world, "zhang.wei", &number).await;
    assert!(card.contains("https://docs.example.com/a") && card.contains("图纸 <b>"), "{card}");
    for bad in ["http://docs.example.com/a", "javascript://x", "https://user@evil.example/a", "图纸"] {
        world.says("li.na", &format!("/attach 1 {bad}")).await;
        let card = world.card("li.na").await;
        assert!(card["form"]["fields"][0]["error"].as_str().unwrap().contains("https"), "{bad}: {card}");
    }
    world.says("tang.rui", &format!("/attach {number} https://docs.example.com/b")).await;
    assert!(world.card("tang.rui").await["title"].as_str().unwrap().contains("没有找到"));
    for n in 2..=20 {
        world.says("li.na", &format!("/attach 1 https://docs.example.com/{n}")).await;
    }
    world.says("li.na", "/attach 1 https://docs.example.com/21").await;
    assert!(world.card("li.na").await["title"].as_str().unwrap().contains("最多 20 个"));
    // A signature is about the content, and no link afterwards touches it.
    world.presses("li.na", "confirm").await;
    let same = "SELECT COUNT(*) FROM signature s JOIN request_version v ON v.request = s.request \
                AND v.revision = s.revision WHERE s.digest = v.digest";
    assert_eq!(world.numbers(same, 1).await, [1]);
    world.forgets().await;
});
