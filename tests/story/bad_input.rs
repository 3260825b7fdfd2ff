//! What must not work, and how it says so: people get a clear answer, machines the right status, nothing is half done.

use jiff::SignedDuration;
use serde_json::json;

use crate::world::{SECRET, story};

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

story!(who_floods_the_bot_hears_it_once_and_nobody_else_is_kept_waiting, |world| {
    let began = std::time::Instant::now();
    for _ in 0..640 {
        let body = json!({ "person": "wang.fang", "text": "/help" });
        assert_eq!(world.posts("/sandbox/api/messages", &body).await.0, 200);
    }
    world.says("li.na", "/help").await;
    assert!(world.heard().await.contains("li.na ← 命令一览"), "others are heard");
    let sql = "SELECT COUNT(*), CAST(SUM(CASE WHEN answer LIKE '%slow_down%' THEN 1 ELSE 0 END) AS BIGINT) FROM inbox";
    let row = world.numbers(sql, 2).await;
    let (taken, told) = (row[0], row[1]);
    let minutes = i64::try_from(began.elapsed().as_secs() / 60).unwrap();
    // Ten a second come back: a slow machine gives some of them away.
    assert!(told <= 1 + minutes && taken > 600, "{told} times told, {taken} taken");
    assert!(taken > 640 || told >= 1, "what is not taken is told: {taken}");
    // Buttons are never held back.
    world.files().await;
    world.presses("liu.yang", "approve").await;
    // A page of a chat has 250 messages.
    for _ in 0..4 {
        world.forgets().await;
    }
});
