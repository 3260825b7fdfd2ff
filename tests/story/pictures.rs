//! The board as a picture in the chat: for whoever may see it, drawn as things are when it is looked at.

use serde_json::Value;

use crate::world::ground::skipped;
use crate::world::{World, client, story};

/// The address of the picture on the newest card of a chat.
async fn picture(world: &World, chat: &str, person: &str) -> Option<String> {
    let messages = world.messages(chat, person).await;
    let card = messages.iter().rev().find(|m| m["card"].is_object()).unwrap()["card"].clone();
    let block = card["blocks"].as_array().unwrap().iter().find(|b| b["type"] == "picture")?.clone();
    assert!(block["alt"].as_str().unwrap().chars().count() > 10, "it is told in words, too: {block}");
    Some(block["url"].as_str().unwrap().to_owned())
}

/// What somebody gets at that address: status, kind, bytes.
async fn looks(world: &World, url: &str, person: &str) -> (u16, String, Vec<u8>) {
    let answer = client().get(format!("{}/{url}?person={person}", world.url())).send().await.unwrap();
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    (answer.status().as_u16(), kind, answer.bytes().await.unwrap().to_vec())
}

/// A PNG, larger than nothing and not too large.
fn is_a_picture((status, kind, bytes): &(u16, String, Vec<u8>)) {
    assert_eq!((*status, kind.as_str()), (200, "image/png"));
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    // Width: 750 pixels, twice.
    assert_eq!(&bytes[16..20], 1_500_u32.to_be_bytes());
    assert!((5_000..=1024 * 1024).contains(&bytes.len()), "{} bytes", bytes.len());
}

fn link(card: &Value) -> bool {
    card["blocks"].as_array().unwrap().iter().any(|block| block["type"] == "link")
}

story!(the_board_comes_as_a_picture_for_its_reader_alone, |world| {
    let number = world.files_and_approves().await;
    world.says("zhang.wei", "/看板").await;
    let Some(url) = picture(world, "p-zhang.wei", "zhang.wei").await else {
        skipped("pictures: no font with Chinese characters");
        return world.forgets().await;
    };
    assert!(link(&world.card("zhang.wei").await));
    let board = looks(world, &url, "zhang.wei").await;
    is_a_picture(&board);
    assert_eq!(looks(world, &url, "wang.fang").await.0, 404, "it is not her chat");
    assert_eq!(looks(world, &url, "nobody").await.0, 404);
    assert_eq!(looks(world, "sandbox/api/messages/none/picture", "zhang.wei").await.0, 404);
    // Drawn when it is looked at.
    world.presses("li.na", "confirm").await;
    world.presses("wang.fang", "confirm").await;
    assert_ne!(looks(world, &url, "zhang.wei").await.2, board.2);
    world.says("li.na", &format!("/看板 {number}")).await;
    let card = world.card("li.na").await;
    assert_eq!((card["title"].as_str(), card["tag"].as_str()), (Some("需求进度"), Some("已确认")));
    let url = picture(world, "p-li.na", "li.na").await.unwrap();
    is_a_picture(&looks(world, &url, "li.na").await);
    // A message without a picture has none.
    world.says("li.na", "/my").await;
    let messages = world.messages("p-li.na", "li.na").await;
    let last = messages.last().unwrap()["id"].as_str().unwrap();
    let none = looks(world, &format!("sandbox/api/messages/{last}/picture"), "li.na").await;
    assert_eq!(none.0, 404);
    world.forgets().await;
});

story!(a_group_sees_the_picture_of_what_everybody_in_it_may_see, |world| {
    let number = world.files_and_approves().await;
    // Only the departments may see it: the asker alone hears.
    world.says_in("zhang.wei", "g-issues", &format!("/看板 {number}")).await;
    world.hears("zhang.wei ← 需求进度").await;
    world.files_with(&[("title", "对外公开"), ("visibility", "public")]).await;
    world.forgets().await;
    world.says_in("zhang.wei", "g-issues", "/看板 2").await;
    world.hears("zhang.wei ← 需求进度\n g-issues ← 需求进度").await;
    let messages = world.messages("g-issues", "zhang.wei").await;
    let card = &messages.last().unwrap()["card"];
    assert!(!link(card), "no link of somebody's own: {card}");
    assert!(card.to_string().contains("个人链接请私聊机器人"), "{card}");
    let Some(url) = picture(world, "g-issues", "zhang.wei").await else {
        return skipped("pictures: no font with Chinese characters");
    };
    is_a_picture(&looks(world, &url, "zhang.wei").await);
    // What is not public any more is not drawn any more.
    let closed = "UPDATE request SET visibility = 'departments', version = version + 1";
    crate::world::ground::changes(world.database(), closed).await;
    world.is_down_for(0).await;
    assert_eq!(looks(world, &url, "zhang.wei").await.0, 404);
});

story!(a_request_s_own_group_sees_how_it_stands_without_a_number, |world| {
    let number = world.files_and_approves().await;
    world.says_in("guo.qiang", "g-project", &format!("@联络 /bind project {number}")).await;
    world.forgets().await;
    world.says_in("li.na", "g-project", "@联络 /看板").await;
    world.hears("li.na ← 进度看板\n g-project ← 需求进度").await;
});

story!(without_pictures_the_link_comes_alone, |world| {
    world.shows_no_pictures().await;
    let number = world.files_and_approves().await;
    world.says("zhang.wei", &format!("/看板 {number}")).await;
    assert_eq!(picture(world, "p-zhang.wei", "zhang.wei").await, None);
    let card = world.card("zhang.wei").await;
    assert!(link(&card), "{card}");
    assert!(card.to_string().contains("目前没有阻碍"), "it is told in words: {card}");
    world.hears("zhang.wei ← 需求进度").await;
});
