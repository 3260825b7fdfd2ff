//! Quiet and few: what waits for a digest, and what never waits.

use serde_json::Value;

use crate::world::ground::changes;
use crate::world::{World, story};

/// These people hear what is not pressing in the company's two digests.
async fn hear_in_digests(world: &mut World, people: &[&str]) {
    for person in people {
        world.says(person, "/settings digest both").await;
    }
    world.forgets().await;
}

fn lines(card: &Value) -> String {
    let blocks = card["blocks"].as_array().unwrap();
    let fields = blocks.iter().filter_map(|b| b["items"].as_array()).flatten();
    fields.map(|f| format!("{}\n{}\n", f["label"].as_str().unwrap(), f["value"].as_str().unwrap())).collect()
}

story!(news_waits_for_the_digest_and_a_question_does_not, |world| {
    hear_in_digests(world, &["zhang.wei", "liu.yang", "li.na", "wang.fang"]).await;
    let number = world.files_and_approves().await;
    world.says("wang.fang", &format!("/comment {number} 口径按含税算")).await;
    world.presses("wang.fang", "confirm").await;
    // Who owes hears of the comment later, too; the answers to what was said come at once.
    world.hears("wang.fang ← 评论已发布").await;
    world.is("2026-11-23 14:59").await;
    world.hears("").await;
    // A reminder asks something: it does not wait.
    world.is("2026-11-23 15:00").await;
    world.hears("li.na ← 提醒：部门确认还在等您").await;
    world.is("2026-11-23 16:59").await;
    world.hears("").await;
    world.is("2026-11-23 17:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("zhang.wei ← 汇总：1 项需求有 3 条消息"), "{heard}");
    let card = world.card("zhang.wei").await;
    assert!(lines(&card).contains(&format!("1. {number} · 新品上市推广")), "{card}");
    assert!(lines(&card).contains("财务部已确认（王芳）"), "{card}");
    assert!(lines(&card).contains("口径按含税算"), "{card}");
    assert_eq!(card["actions"][0]["id"], "show_1");
    // One thing alone is said as it is.
    assert!(heard.contains("li.na ← 王芳评论"), "{heard}");
});

story!(over_the_cap_even_a_question_waits_and_its_time_counts_from_the_digest, |world| {
    hear_in_digests(world, &["li.na"]).await;
    let mut numbers = Vec::new();
    for _ in 0..6 {
        numbers.push(world.files().await);
        world.presses("liu.yang", "approve").await;
    }
    let heard = world.heard().await;
    // Six a day, the digest of 17:00 among them.
    assert_eq!(heard.matches("li.na ← 请研发部确认协作任务").count(), 5, "{heard}");
    let last = numbers.last().unwrap().clone();
    world.says("zhang.wei", &format!("/why {last}")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("尚未送达"), "{card}");
    // The reminders of 15:00 wait, too; what is done by then is not said.
    world.says("li.na", &format!("/confirm {}", numbers[0])).await;
    world.is("2026-11-23 16:59").await;
    world.forgets().await;
    world.is("2026-11-23 17:00").await;
    let heard = world.heard().await;
    assert_eq!(heard, "li.na ← 汇总：5 项需求有 5 条消息\n");
    world.says("zhang.wei", &format!("/why {last}")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("11月23日（周一）17:00"), "{card}");
    // Due a working day after it was delivered, not after it was decided.
    assert!(card.contains("11月24日（周二）17:00"), "{card}");
    world.is("2026-11-24 10:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 部门确认已到时限"), "{heard}");
});

story!(a_leaver_gets_no_digest, |world| {
    hear_in_digests(world, &["zhang.wei"]).await;
    world.files_and_approves().await;
    let waiting = "SELECT CAST(COUNT(*) AS BIGINT) FROM outbox WHERE state = 'waiting'";
    assert_eq!(world.numbers(waiting, 1).await, [1]);
    let gone = "UPDATE person SET active = FALSE WHERE id = 'zhang.wei'";
    changes(world.database(), gone).await;
    changes(world.database(), "UPDATE directory_state SET version = version + 1").await;
    world.is_down_for(0).await;
    world.is("2026-11-23 17:00").await;
    assert_eq!(world.numbers(waiting, 1).await, [0]);
    world.forgets().await;
    assert!(!world.card("zhang.wei").await.to_string().contains("已同意"));
});

story!(settings_say_and_change_how_much_somebody_hears, |world| {
    world.says("li.na", "/settings").await;
    world.hears("li.na ← 设置").await;
    let form = world.card("li.na").await["form"].to_string();
    for words in ["每天汇总（09:10、17:00）", "只在 17:00 汇总", "立即发送，不汇总"] {
        assert!(form.contains(words), "{form}");
    }
    // Wrong in three fields: each is told beside its field, and nothing is kept.
    let wrong = [("language", "en"), ("quiet", "晚上"), ("digest", "有空"), ("most", "40")];
    world.fills("li.na", "settings", &wrong).await;
    world.says("li.na", "/whoami").await;
    let card = world.card("li.na").await.to_string();
    assert!(card.contains("立即发送，不汇总"), "{card}");
    world.says("li.na", "/设置 免打扰 22:00-08:00 汇总 17点 最多 4").await;
    world.says("li.na", "/whoami").await;
    let card = world.card("li.na").await.to_string();
    assert!(card.contains("只在 17:00 汇总") && card.contains("\"4\""), "{card}");
    assert!(card.contains("22:00-08:00"), "{card}");
    world.says("li.na", "/settings digest sometimes").await;
    let card = world.card("li.na").await.to_string();
    assert!(card.contains("“sometimes”不是汇总时间"), "{card}");
    world.says("li.na", "/settings most 0").await;
    let card = world.card("li.na").await.to_string();
    assert!(card.contains("“0”不是条数"), "{card}");
    world.says("li.na", "/settings most 7").await;
    let card = world.card("li.na").await.to_string();
    assert!(card.contains("请填 1 到 6 之间的整数"), "{card}");
    world.forgets().await;
});

story!(whoever_wants_everything_at_once_gets_what_waited, |world| {
    hear_in_digests(world, &["zhang.wei"]).await;
    world.files_and_approves().await;
    world.hears("").await;
    world.says("zhang.wei", "/settings digest off").await;
    let heard = world.heard().await;
    assert!(heard.contains("zhang.wei ← 刘洋已同意，需求已发给各部门"), "{heard}");
});
