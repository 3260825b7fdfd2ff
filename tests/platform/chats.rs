//! Chats: the bot comes, goes, is found in the menu, and meets people whom it does not know.

use serde_json::json;

use crate::world::company::{MANAGERS, PROJECT, STRANGER, account, private};
use crate::world::envelope::TENANT;
use crate::world::feishu::APP_ID;
use crate::world::{World, story};

fn about(chat: &str, person: &str) -> serde_json::Value {
    json!({
        "chat_id": chat, "operator_id": { "open_id": account(person), "union_id": "on_1", "user_id": "u1" },
        "external": false, "operator_tenant_key": TENANT, "name": "项目群",
    })
}

async fn happens(world: &World, kind: &'static str, body: serde_json::Value) {
    let event = world.happens(kind, body);
    assert_eq!(world.delivers(&event).await.0, 200);
    world.settles().await;
}

story!(the_bot_introduces_itself_once_to_a_group_that_it_is_added_to, |world| {
    happens(world, "im.chat.member.bot.added_v1", about(PROJECT, "guo.qiang")).await;
    world.hears("project ← 大家好，我是协作助手");
    // Taken out by mistake and put in again.
    happens(world, "im.chat.member.bot.deleted_v1", about(PROJECT, "guo.qiang")).await;
    happens(world, "im.chat.member.bot.added_v1", about(PROJECT, "guo.qiang")).await;
    world.hears("");
});

story!(a_group_that_the_bot_is_taken_out_of_is_free_and_the_administrators_hear, |world| {
    world.says_in("guo.qiang", MANAGERS, "/bind managers").await;
    world.forgets();
    world.fake.chat(MANAGERS, |chat| chat.has_bot = false);
    happens(world, "im.chat.member.bot.deleted_v1", about(MANAGERS, "gao.jianguo")).await;
    world.hears("huang.lei ← 群聊已不可用");
    let bound = world.numbers("SELECT COUNT(*) FROM binding", 1).await;
    assert_eq!(bound, [0]);
    // What was for the group goes to the administrators.
    let number = world.files_and_approves().await;
    world.says("wang.fang", &format!("/confirm {number}")).await;
    world.is("2026-11-25 09:59").await;
    world.forgets();
    world.is("2026-11-25 10:00").await;
    world.hears(
        "li.na ← 部门确认已升级通报，请优先处理
         chen.jie ← 研发部的部门确认逾期未答复，请协助
         huang.lei ← 研发部的部门确认逾期未答复，请协助",
    );
});

story!(a_dissolved_group_is_like_one_that_the_bot_was_taken_out_of, |world| {
    world.says_in("guo.qiang", MANAGERS, "/bind managers").await;
    world.forgets();
    world.fake.chat(MANAGERS, |chat| chat.dissolved = true);
    happens(world, "im.chat.disbanded_v1", about(MANAGERS, "gao.jianguo")).await;
    world.hears("huang.lei ← 群聊已不可用");
});

story!(an_item_of_the_menu_is_the_command_in_its_key, |world| {
    let chosen = |person: &str, key: &str| {
        json!({ "operator": { "operator_name": "张伟", "operator_id": { "open_id": account(person), "union_id": "on_1",
                "user_id": "u1" } }, "event_key": key, "timestamp": 1_669_364_458 })
    };
    happens(world, "application.bot.menu_v6", chosen("zhang.wei", "collab_new")).await;
    happens(world, "application.bot.menu_v6", chosen("li.na", "collab_my")).await;
    world.hears("zhang.wei ← 发起跨部门需求\n li.na ← 没有待办");
});

story!(somebody_unknown_is_told_how_to_be_linked, |world| {
    world.says(STRANGER, "/new").await;
    let heard = world.heard();
    assert_eq!(heard.lines().count(), 1, "{heard}");
    assert!(heard.starts_with(&format!("{STRANGER} ← ")), "{heard}");
    let card = world.card(STRANGER).to_string();
    assert!(card.contains("管理员"), "{card}");
});

story!(who_opens_the_private_chat_for_the_first_time_is_welcomed_once, |world| {
    let entered = |person: &str| {
        json!({ "chat_id": private(person), "operator_id": { "open_id": account(person) },
                "last_message_id": "", "last_message_create_time": "" })
    };
    const ENTERED: &str = "im.chat.access_event.bot_p2p_chat_entered_v1";
    happens(world, ENTERED, entered("zhang.wei")).await;
    happens(world, ENTERED, entered("zhang.wei")).await;
    world.hears("zhang.wei ← 大家好，我是协作助手");
    let mut later = entered("li.na");
    later["last_message_id"] = json!("om_1");
    happens(world, ENTERED, later).await;
    world.hears("");
    happens(world, ENTERED, entered(STRANGER)).await;
    let heard = world.heard();
    assert!(heard.starts_with(&format!("{STRANGER} ← ")), "{heard}");
});

story!(words_that_are_not_for_the_bot_are_not_answered, |world| {
    let event = world.spoken("zhang.wei", PROJECT, "今天下午开会 @李娜");
    assert_eq!(world.delivers(&event).await.0, 200);
    world.settles().await;
    world.hears("");
    // Called by name it answers, under the message.
    world.says_in("zhang.wei", PROJECT, "/help").await;
    let answer = world.fake.sent_in(PROJECT).pop().unwrap();
    assert!(answer.in_thread && answer.parent.is_some());
    let heard = world.heard();
    assert_eq!(heard.lines().count(), 1, "{heard}");
});

story!(the_private_chat_that_begins_is_told_in_the_old_form_too, |world| {
    let created = json!({ "chat_id": private("zhang.wei"), "type": "p2p_chat_create", "app_id": APP_ID,
        "tenant_key": TENANT, "operator": { "open_id": account("zhang.wei"), "user_id": "u1" },
        "user": { "open_id": account("zhang.wei"), "user_id": "u1", "name": "张伟" } });
    let event = world.happens("p2p_chat_create", created);
    for _ in 0..2 {
        assert_eq!(world.delivers(&event).await.0, 200);
        world.settles().await;
    }
    world.hears("zhang.wei ← 大家好，我是协作助手");
});
