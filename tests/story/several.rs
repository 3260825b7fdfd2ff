//! R9: several at once, each an act of its own.

use serde_json::{Value, json};

use crate::world::ground::changes;
use crate::world::{SECRET, World, machine_now, story};

/// The rows of the newest card: label, then value.
async fn rows(world: &World, person: &str) -> Vec<String> {
    let card = world.card(person).await;
    let blocks = card["blocks"].as_array().unwrap().iter();
    let fields =
        blocks.filter(|b| b["type"] == "fields").flat_map(|b| b["items"].as_array().unwrap().clone());
    let line = |f: Value| format!("{} = {}", f["label"].as_str().unwrap(), f["value"].as_str().unwrap());
    fields.map(line).collect()
}

/// How many lines of history say that something was confirmed, and how many signatures there are.
async fn signed(world: &World) -> Vec<i64> {
    let sql =
        "SELECT (SELECT COUNT(*) FROM audit WHERE what = 'confirmed'), (SELECT COUNT(*) FROM signature)";
    world.numbers(sql, 2).await
}

/// Says something as the messenger delivers it, under an event of our choice.
async fn delivers(world: &World, event: &str, person: &str, text: &str) {
    let chat = format!("p-{person}");
    let body = json!({
        "event": event, "person": person, "chat": chat, "message": "m", "type": "text", "text": text,
    });
    let body = serde_json::to_vec(&body).unwrap();
    assert_eq!(world.webhook(&body, SECRET, machine_now()).await, 200);
}

story!(all_that_waits_is_confirmed_at_once_and_each_is_logged_singly, |world| {
    for title in ["甲", "乙"] {
        world.files_with(&[("title", title)]).await;
    }
    world.says("liu.yang", "/同意 全部").await;
    assert_eq!(world.card("liu.yang").await["title"], "同意：2 项已办，0 项没有办");
    world.says("li.na", "/confirm all").await;
    let card = world.card("li.na").await;
    assert_eq!(card["title"], "确认：2 项已办，0 项没有办", "{card}");
    let mut lines = rows(world, "li.na").await;
    lines.sort();
    assert_eq!(
        lines,
        [
            "2026-Q4-SCB-001 甲 = 已代表研发部确认，并记录电子签名。",
            "2026-Q4-SCB-002 乙 = 已代表研发部确认，并记录电子签名。"
        ]
    );
    assert_eq!(signed(world).await, [2, 2]);
    world.says("li.na", "/confirm all").await;
    assert!(world.card("li.na").await["title"].as_str().unwrap().contains("不知道指的是哪一项"));
    world.forgets().await;
});

story!(some_allowed_and_some_not_are_each_answered, |world| {
    world.files_and_approves().await;
    // The second asks only finance, and the third is still in review.
    world.files_with(&[("title", "只问财务"), ("ask1_department", "XXB"), ("visibility", "public")]).await;
    world.presses("liu.yang", "approve").await;
    world.files_with(&[("title", "审批中的")]).await;
    world.says("li.na", "/确认 SCB-1 SCB-2 SCB-3 SCB-99").await;
    let lines = rows(world, "li.na").await;
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(lines[0].contains("已代表研发部确认"), "{lines:?}");
    assert!(lines[1].contains("不由您处理"), "{lines:?}");
    assert!(lines[2].contains("现在不能这样做") && lines[2].contains("审批中"), "{lines:?}");
    assert!(lines[3].contains("没有找到") && lines[3].contains("SCB-099"), "{lines:?}");
    assert_eq!(world.card("li.na").await["title"], "确认：1 项已办，3 项没有办");
    assert_eq!(signed(world).await, [1, 1]);
    world.forgets().await;
});

story!(a_redelivery_after_a_crash_completes_it_and_nothing_is_done_twice, |world| {
    for title in ["甲", "乙", "丙"] {
        world.files_with(&[("title", title)]).await;
    }
    world.says("liu.yang", "/approve all").await;
    // The first of three was done when the service fell over.
    delivers(world, "e7/1", "li.na", "/confirm SCB-1").await;
    assert_eq!(signed(world).await, [1, 1]);
    delivers(world, "e7", "li.na", "/confirm SCB-1 SCB-2 SCB-3").await;
    assert_eq!(signed(world).await, [3, 3]);
    // All were done, and it fell over before it had said so.
    changes(world.database(), "DELETE FROM inbox WHERE key = 'sandbox/e7'").await;
    delivers(world, "e7", "li.na", "/confirm SCB-1 SCB-2 SCB-3").await;
    assert_eq!(world.card("li.na").await["title"], "确认：2 项已办，1 项没有办");
    delivers(world, "e7", "li.na", "/confirm SCB-1 SCB-2 SCB-3").await;
    assert_eq!(signed(world).await, [3, 3]);
    // `all` means what it meant when it was first said.
    delivers(world, "e8", "wang.fang", "/confirm all").await;
    changes(world.database(), "DELETE FROM inbox WHERE key = 'sandbox/e8'").await;
    delivers(world, "e8", "wang.fang", "/confirm all").await;
    assert_eq!(world.card("wang.fang").await["title"], "确认：3 项已办，0 项没有办");
    assert_eq!(signed(world).await, [6, 6]);
    world.forgets().await;
});

story!(what_is_chosen_on_the_card_is_named_before_and_a_changed_one_is_not_signed, |world| {
    for title in ["甲", "乙"] {
        world.files_with(&[("title", title)]).await;
    }

    world.says("liu.yang", "/my").await;
    world.presses("liu.yang", "batch").await;
    let card = world.card("liu.yang").await;
    let shown = rows(world, "liu.yang").await.join("\n");
    assert!(shown.contains("2026-Q4-SCB-001 · 甲") && shown.contains("2026-Q4-SCB-002 · 乙"), "{shown}");
    let options = card["form"]["fields"][0]["options"].as_array().unwrap().clone();
    assert!(options[0]["label"].as_str().unwrap().contains("甲"), "{options:?}");
    let message = world.with_button("liu.yang", "approve_chosen").await;
    let nothing = world.presses_on("liu.yang", &message, "approve_chosen", &[("approve", "")]).await;
    assert!(nothing["toast"]["text"].as_str().unwrap().contains("还没有勾选"), "{nothing}");
    // The first one changes while the card lies there.
    world.says("zhang.wei", "/revise 1").await;
    let values = crate::world::filled(&[("title", "甲改")]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    world.fills("zhang.wei", "file", &values).await;
    let chosen: Vec<&str> = options.iter().map(|o| o["value"].as_str().unwrap()).collect();
    world.presses_on("liu.yang", &message, "approve_chosen", &[("approve", &chosen.join(","))]).await;
    let lines = rows(world, "liu.yang").await;
    assert!(lines.iter().any(|l| l.contains("甲改") && l.contains("内容已经更新")), "{lines:?}");
    assert!(lines.iter().any(|l| l.contains("乙") && l.contains("已同意")), "{lines:?}");
    world.forgets().await;
});

story!(several_are_urged_with_one_reason_and_fifty_are_the_most, |world| {
    for title in ["甲", "乙"] {
        world.files_with(&[("title", title)]).await;
    }
    world.forgets().await;
    world.says("zhang.wei", "/催办 SCB-1 SCB-2 客户在等").await;
    assert_eq!(world.card("zhang.wei").await["title"], "催办：2 项已办，0 项没有办");
    assert!(world.card("liu.yang").await.to_string().contains("客户在等"));
    world.says("zhang.wei", "/urge SCB-1 SCB-2").await;
    let lines = rows(world, "zhang.wei").await;
    assert!(lines.iter().all(|l| l.contains("刚刚催办过")), "{lines:?}");
    let many: Vec<String> = (1..=53).map(|n| format!("SCB-{n}")).collect();
    world.says("zhang.wei", &format!("/approve {}", many.join(" "))).await;
    assert_eq!(rows(world, "zhang.wei").await.len(), 50);
    assert!(world.card("zhang.wei").await.to_string().contains("还有 3 项"));
    world.forgets().await;
});

story!(all_are_urged_and_what_was_urged_lately_is_left_in_peace, |world| {
    for title in ["甲", "乙", "丙"] {
        world.files_with(&[("title", title)]).await;
    }
    world.says("zhang.wei", "/urge SCB-2").await;
    world.forgets().await;
    world.says("zhang.wei", "/催办 全部 客户在等").await;
    world
        .all_of(&[
            "zhang.wei ← 催办：2 项已办，1 项没有办",
            "liu.yang ← 张伟催办：需求审批",
            "liu.yang ← 张伟催办：需求审批",
        ])
        .await;
    let lines = rows(world, "zhang.wei").await;
    assert_eq!(lines.len(), 3, "{lines:?}");
    let of = |title: &str| lines.iter().find(|l| l.contains(title)).unwrap().clone();
    for (title, said) in [("甲", "已催办 1 人"), ("乙", "刚刚催办过"), ("丙", "已催办 1 人")]
    {
        assert!(of(title).contains(said), "{lines:?}");
    }
    assert!(world.card("liu.yang").await.to_string().contains("客户在等"));
    // Nobody owes him anything that he could urge.
    world.says("wang.fang", "/urge all").await;
    world.hears("wang.fang ← 不知道指的是哪一项需求").await;
});

story!(what_is_chosen_to_be_urged_is_urged_and_each_answered, |world| {
    for title in ["甲", "乙", "丙"] {
        world.files_with(&[("title", title)]).await;
    }
    world.says("zhang.wei", "/urge SCB-1").await;
    world.says("zhang.wei", "/批量").await;
    let card = world.card("zhang.wei").await;
    let options = card["form"]["fields"][0]["options"].as_array().unwrap();
    let chosen: Vec<&str> = options.iter().map(|o| o["value"].as_str().unwrap()).collect();
    assert_eq!(chosen.len(), 3, "{card}");
    let both: Vec<&str> = chosen.into_iter().filter(|value| !value.contains("SCB-003")).collect();
    world.forgets().await;
    world.fills("zhang.wei", "urge_chosen", &[("urge", &both.join(","))]).await;
    world.all_of(&["zhang.wei ← 催办：1 项已办，1 项没有办", "liu.yang ← 张伟催办：需求审批"]).await;
    let lines = rows(world, "zhang.wei").await;
    assert!(lines.iter().any(|l| l.contains("甲") && l.contains("刚刚催办过")), "{lines:?}");
    assert!(lines.iter().any(|l| l.contains("乙") && l.contains("已催办 1 人")), "{lines:?}");
});
