//! What happened on Feishu is told in another order: each event is taken, and once all of them are in, things are as they
//! would be had they come in theirs.

use serde_json::{Value, json};

use crate::world::company::{MANAGERS, PROJECT, account, private};
use crate::world::envelope::TENANT;
use crate::world::{World, errors, story};

const ADDED: &str = "im.chat.member.bot.added_v1";
const REMOVED: &str = "im.chat.member.bot.deleted_v1";
const DISSOLVED: &str = "im.chat.disbanded_v1";

fn about(chat: &str) -> Value {
    json!({ "chat_id": chat, "operator_id": { "open_id": account("guo.qiang") }, "operator_tenant_key": TENANT })
}

/// It is taken, and what follows from it has been said.
async fn is_taken(world: &World, kind: &'static str, body: Value) {
    let event = world.happens(kind, body);
    let (status, answer) = world.delivers(&event).await;
    assert_eq!(status, 200, "{kind}: {answer}");
    world.settles().await;
}

/// How much there is of what events could leave behind.
async fn traces(world: &World) -> Vec<i64> {
    let tables = ["person WHERE active", "department", "binding", "outbox", "message", "request", "audit"];
    let counts = tables.map(|table| format!("(SELECT COUNT(*) FROM {table})"));
    world.numbers(&format!("SELECT {}", counts.join(", ")), tables.len()).await
}

story!(a_group_that_is_heard_before_it_is_known_is_answered_and_introduced_to_once, |world| {
    world.says_in("zhang.wei", PROJECT, "/help").await;
    let heard = world.heard();
    assert!(heard.starts_with("project ← ") && heard.lines().count() == 1, "{heard}");
    is_taken(world, ADDED, about(PROJECT)).await;
    world.hears("project ← 大家好，我是协作助手");
    is_taken(world, ADDED, about(PROJECT)).await;
    world.hears("");
    assert!(errors::kept().is_empty(), "{:?}", errors::kept());
});

story!(what_was_said_in_a_group_before_the_bot_was_taken_out_of_it_may_come_later, |world| {
    world.is_in_trouble();
    for (gone, chat) in [(REMOVED, PROJECT), (DISSOLVED, MANAGERS)] {
        let said = world.spoken("guo.qiang", chat, "@协同助手 /help");
        world.fake.chat(chat, |chat| (chat.has_bot, chat.dissolved) = (false, gone == DISSOLVED));
        is_taken(world, gone, about(chat)).await;
        assert_eq!(world.delivers(&said).await.0, 200);
        world.settles().await;
        is_taken(world, ADDED, about(chat)).await;
    }
    // Nobody can be answered there; whoever looks after the service knows.
    let heard = world.heard();
    let alarms = heard.lines().filter(|line| *line == "huang.lei ← 有消息多次发送失败").count();
    assert!(alarms > 0 && alarms == heard.lines().count(), "{heard}");
    let left = "SELECT COUNT(*) FROM outbox WHERE state = 'waiting'";
    assert_eq!(world.numbers(left, 1).await, [0], "and nothing waits for a group that is gone");
    assert!(errors::kept().is_empty(), "{:?}", errors::kept());
});

story!(whose_leaving_is_told_before_their_coming_is_nobody_and_nothing_revives_who_left, |world| {
    let before = traces(world).await;
    let object = |id: &str| json!({ "object": { "open_id": id }, "old_object": {} });
    let passing = "ou_00000000000000000000000000000bad";
    world.fake.person(passing, |person| (person.name, person.resigned) = ("过客".to_owned(), true));
    for kind in ["contact.user.deleted_v3", "contact.user.updated_v3", "contact.user.created_v3"] {
        is_taken(world, kind, object(passing)).await;
    }
    assert_eq!(traces(world).await, before);
    world.fake.person(&account("tang.rui"), |person| person.resigned = true);
    for kind in ["contact.user.deleted_v3", "contact.user.updated_v3", "contact.user.created_v3"] {
        is_taken(world, kind, object(&account("tang.rui"))).await;
    }
    let left = "SELECT COUNT(*) FROM person WHERE NOT active AND id = 'tang.rui'";
    assert_eq!(world.numbers(left, 1).await, [1]);
    assert_eq!(traces(world).await[0], before[0] - 1, "and nobody else");
    world.forgets();
    assert!(errors::kept().is_empty(), "{:?}", errors::kept());
});

story!(events_about_what_nobody_knows_are_taken_and_change_nothing, |world| {
    // Feishu does not show a department that is not there.
    world.is_in_trouble();
    let before = traces(world).await;
    let (chat, message) = ("oc_ffff0000000000000000000000000001", "om_ffff0000000000000000000000000001");
    let department =
        json!({ "object": { "open_department_id": "od-unknown", "name": "新" }, "old_object": {} });
    for (kind, body) in [
        (REMOVED, about(chat)),
        (DISSOLVED, about(chat)),
        ("im.chat.member.user.added_v1", about(chat)),
        ("im.chat.member.user.deleted_v1", about(chat)),
        ("im.message.recalled_v1", json!({ "message_id": message, "chat_id": chat })),
        ("im.message.message_read_v1", json!({ "message_id_list": [message] })),
        ("im.message.updated_v1", json!({ "message_id": message, "chat_id": chat })),
        ("contact.department.updated_v3", department.clone()),
        ("contact.department.deleted_v3", department.clone()),
        ("contact.department.created_v3", department),
    ] {
        is_taken(world, kind, body).await;
    }
    assert_eq!(traces(world).await, before);
    // The message that was taken back before it came is answered like any other.
    let said = world.spoken("zhang.wei", &private("zhang.wei"), "/new");
    let taken_back =
        json!({ "message_id": said.body["message"]["message_id"], "chat_id": private("zhang.wei") });
    is_taken(world, "im.message.recalled_v1", taken_back).await;
    assert_eq!(world.delivers(&said).await.0, 200);
    world.settles().await;
    world.hears("zhang.wei ← 发起跨部门需求");
    assert!(errors::kept().is_empty(), "{:?}", errors::kept());
});

/// What the stories above rest on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_complaint_belongs_to_the_story_in_which_it_was_made() {
    errors::are_kept();
    let complains = || {
        std::thread::spawn(|| {
            tokio::runtime::Runtime::new().unwrap().block_on(async { tracing::error!("elsewhere") })
        })
    };
    complains().join().unwrap();
    assert!(errors::kept().is_empty());
    tokio::spawn(async { tracing::error!(n = 1, "here") }).await.unwrap();
    tracing::warn!("no mistake of ours");
    let [one]: [String; 1] = errors::kept().try_into().unwrap();
    assert!(one.contains("here") && one.contains("n=1"), "{one}");
}
