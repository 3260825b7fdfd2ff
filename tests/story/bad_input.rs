//! What must not work, and how it says so: people get a clear answer, machines the right status, nothing is half done.

use std::num::NonZeroU32;

use jiff::SignedDuration;
use liaison::{Service, TimeSource};
use serde_json::json;
use tokio::net::TcpListener;

use crate::world::{SECRET, client, monday_morning, story};

fn event(text: &str) -> Vec<u8> {
    serde_json::to_vec(&json!({
        "event": "e", "person": "zhang.wei", "chat": "p-zhang.wei", "message": "m", "type": "text", "text": text,
    }))
    .unwrap()
}

story!(forged_signatures_and_stale_timestamps_are_turned_away, |world| {
    let now = crate::world::machine_now();
    assert_eq!(world.webhook(&event("/my"), "another secret, also long enough", now).await, 401);
    assert_eq!(world.webhook(&event("/my"), SECRET, now - SignedDuration::from_mins(6)).await, 401);
    assert_eq!(world.webhook(&event("/my"), SECRET, now + SignedDuration::from_mins(6)).await, 401);
    world.hears("").await;
    assert_eq!(world.webhook(&event("/my"), SECRET, now).await, 200);
    world.hears("zhang.wei ← 没有待办").await;
});

story!(broken_and_oversized_bodies_are_turned_away, |world| {
    let now = crate::world::machine_now();
    assert_eq!(world.webhook(b"{\"event\":", SECRET, now).await, 400);
    assert_eq!(world.webhook(b"\xff\xfe", SECRET, now).await, 400);
    let mut trailing = event("/my");
    trailing.extend_from_slice(b" {}");
    assert_eq!(world.webhook(&trailing, SECRET, now).await, 400, "strict to the last byte");
    let big = event(&"大".repeat(100_000));
    assert_eq!(world.webhook(&big, SECRET, now).await, 413);
    world.hears("").await;
});

story!(a_hundred_thousand_characters_are_answered_politely, |world| {
    let now = crate::world::machine_now();
    let long = event(&"a".repeat(100_000));
    assert_eq!(world.webhook(&long, SECRET, now).await, 200);
    let heard = world.heard().await;
    assert!(heard.contains("zhang.wei ← "), "{heard}");
});

story!(a_sealed_button_cannot_be_written_by_hand, |world| {
    world.files_and_approves().await;
    let body = serde_json::to_vec(&json!({
        "event": "forged", "person": "li.na", "chat": "p-li.na", "message": "m", "type": "press",
        "value": "eyJ1bnRpbCI6OTk5OTk5OTk5OTk5OSwid2FudCI6eyJ3YW50IjoibXkifX0.AAAA", "values": {},
    }))
    .unwrap();
    assert_eq!(world.webhook(&body, SECRET, crate::world::machine_now()).await, 400);
    world.hears("").await;
});

story!(words_that_look_like_markup_or_mentions_stay_words, |world| {
    let hostile = "<at id=all></at> @all @所有人 **粗** [x](javascript:0) \u{202e}倒\u{200b}";
    let number = world
        .files_with(&[("title", hostile), ("goal", hostile), ("ask1_task", hostile), ("risks", hostile)])
        .await;
    world.presses("liu.yang", "approve").await;
    world.says("zhang.wei", &format!("/show {number}")).await;
    let card = world.card("zhang.wei").await;
    let text = card.to_string();
    assert!(text.contains("@all") && text.contains("<at id=all></at>"), "shown as typed: {text}");
    assert!(!text.contains('\u{202e}') && !text.contains('\u{200b}'), "without what cannot be seen");
    let mentions = card["blocks"].as_array().unwrap().iter().filter(|b| b["type"] == "mentions").count();
    assert_eq!(mentions, 0, "nobody is called by what somebody typed");
    world.forgets().await;
});

story!(strangers_and_other_peoples_chats_are_closed, |world| {
    let says = |person: &str, chat: &str| {
        serde_json::to_vec(&json!({
            "event": format!("{person}-{chat}"), "person": person, "chat": chat, "message": "m", "type": "text",
            "text": "/my",
        }))
        .unwrap()
    };
    let now = crate::world::machine_now();
    assert_eq!(world.webhook(&says("nobody.at.all", "p-nobody.at.all"), SECRET, now).await, 200);
    assert_eq!(world.webhook(&says("li.na", "p-zhang.wei"), SECRET, now).await, 400);
    world.hears("").await;
});

story!(the_sandbox_says_clearly_what_it_cannot_do, |world| {
    let (status, _) =
        world.posts("/sandbox/api/messages", &json!({ "person": "nobody", "text": "/my" })).await;
    assert_eq!(status, 404);
    let (status, _) = world
        .posts(
            "/sandbox/api/actions",
            &json!({ "person": "li.na", "message_id": "none", "action": "confirm" }),
        )
        .await;
    assert_eq!(status, 404);
    let (status, answer) = world.posts("/sandbox/api/clock", &json!({ "advance": "soon" })).await;
    assert_eq!((status, answer["error"].is_string()), (400, true));
    let (status, _) = world.posts("/sandbox/api/clock", &json!({ "advance": "999999h" })).await;
    assert_eq!(status, 400);
    world.hears("").await;
});

#[tokio::test]
async fn who_floods_the_bot_hears_it_once_and_nobody_else_is_kept_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let database = format!("sqlite://{}", folder.path().join("liaison.db").display());
    let mut config = liaison::demo_config(listener.local_addr().unwrap(), &database).unwrap();
    config.server.messages_per_minute = NonZeroU32::new(20);
    let service = Service::open(&config, TimeSource::Frozen(monday_morning())).await.unwrap();
    let running = service.start(listener).unwrap();
    let posts = |path: &str, body: serde_json::Value| {
        let request = client().post(format!("{base}{path}")).json(&body);
        async move { assert_eq!(request.send().await.unwrap().status(), 200) }
    };
    for person in std::iter::repeat_n("wang.fang", 30).chain(["li.na"]) {
        posts("/sandbox/api/messages", json!({ "person": person, "text": "/help" })).await;
    }
    posts("/sandbox/api/clock", json!({ "advance": "0min" })).await;
    let heard = async |person: &str| {
        let path = format!("{base}/sandbox/api/chats/p-{person}/messages?person={person}");
        client().get(path).send().await.unwrap().text().await.unwrap()
    };
    assert!(heard("li.na").await.contains("命令一览"), "others are heard");
    let flooded = heard("wang.fang").await;
    let answered = flooded.matches(r#""title":"命令一览""#).count();
    let told = flooded.matches(r#""title":"消息太多"#).count();
    // One in three seconds comes back: a slow machine gives some of them away.
    assert!((20..=30).contains(&answered), "{answered} answered");
    assert_eq!(told, usize::from(answered < 30), "what is not read is told, once");
    running.stop().await;
}
