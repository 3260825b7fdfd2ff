//! Quiet and few: what waits for a digest, and what never waits.

use serde_json::Value;

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
