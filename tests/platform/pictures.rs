//! The picture of the board on Feishu: uploaded first, named in the card, and never in the way of the message.

use serde_json::Value;

use crate::world::feishu::Fault;
use crate::world::ground::skipped;
use crate::world::{World, cards, story};

const UPLOAD: &str = "images.create";

/// The key of the picture on somebody's newest card.
fn shown(world: &World, person: &str) -> Option<String> {
    let card = world.card(person);
    let mut found = Vec::new();
    cards::all(&card, "img", &mut found);
    let picture: &Value = found.first()?;
    assert!(picture["alt"]["content"].as_str().unwrap().chars().count() > 10, "{picture}");
    Some(picture["img_key"].as_str().unwrap().to_owned())
}

/// How often something was counted.
async fn counted(world: &World, event: &str) -> String {
    let text = reqwest::get(format!("{}/metrics", world.url())).await.unwrap().text().await.unwrap();
    let line = format!("liaison_events_total{{name=\"{event}\"}} ");
    text.lines().find_map(|l| l.strip_prefix(&line)).unwrap().to_owned()
}

/// Whether this machine can draw; said aloud where it cannot.
fn draws(world: &World) -> bool {
    let uploads = world.fake.count(UPLOAD) > 0;
    if !uploads {
        skipped("pictures on Feishu: no font with Chinese characters");
    }
    uploads
}

story!(the_card_names_a_picture_that_feishu_was_given, |world| {
    let number = world.files_and_approves().await;
    world.says("zhang.wei", &format!("/看板 {number}")).await;
    world.hears("zhang.wei ← 需求进度");
    if !draws(world) {
        return;
    }
    let key = shown(world, "zhang.wei").unwrap();
    let png = world.fake.state().images[&key].clone();
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    assert!((5_000..=1024 * 1024).contains(&png.len()), "{} bytes", png.len());
    assert_eq!(
        (counted(world, "pictured").await, counted(world, "picture_failed").await),
        ("1".into(), "0".into())
    );
    world.says("li.na", "/board").await;
    world.hears("li.na ← 进度看板");
    assert_ne!(shown(world, "li.na").unwrap(), key);
});

story!(a_picture_that_cannot_be_uploaded_holds_nothing_up, |world| {
    world.is_in_trouble();
    let number = world.files_and_approves().await;
    for fault in [Fault::Internal, Fault::Code(234_011), Fault::Limited { reset: 2 }, Fault::Page(502)] {
        world.fake.fail(UPLOAD, 1, fault);
        world.says("zhang.wei", &format!("/看板 {number}")).await;
        world.hears("zhang.wei ← 需求进度");
        if !draws(world) {
            return;
        }
        assert_eq!(shown(world, "zhang.wei"), None, "{fault:?}");
        assert!(world.card("zhang.wei").to_string().contains("打开需求页面"), "the link is there");
    }
    assert_eq!(counted(world, "picture_failed").await, "4");
    // The administrator took the permission away.
    world.fake.takes_scope("im:resource");
    world.fake.takes_scope("im:resource:upload");
    world.says("zhang.wei", "/board").await;
    world.hears("zhang.wei ← 进度看板");
    assert_eq!(shown(world, "zhang.wei"), None);
    assert_eq!(counted(world, "picture_failed").await, "5");
});
