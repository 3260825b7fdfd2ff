//! Feishu is busy, broken, or answers too late: everything is said in the end, and nothing is said twice.

use crate::world::company::{account, private};
use crate::world::feishu::{Call, Fault};
use crate::world::ground::changes;
use crate::world::{Backend, Way, World, cards, filled, lent, story};

const CREATE: &str = "messages.create";

/// The tries at saying something new.
fn tries(world: &World) -> Vec<Call> {
    world.fake.calls().into_iter().filter(|call| call.name == CREATE).collect()
}

/// All tries at one message carried one key.
fn one_key(tries: &[Call]) -> bool {
    tries.iter().all(|call| call.body["uuid"].is_string() && call.body["uuid"] == tries[0].body["uuid"])
}

story!(what_is_too_much_at_once_waits_as_long_as_feishu_says, |world| {
    world.is_in_trouble();
    world.fake.fail(CREATE, 1, Fault::Limited { reset: 2 });
    world.says("zhang.wei", "/new").await;
    world.hears("zhang.wei ← 发起跨部门需求");
    let tries = tries(world);
    assert_eq!(tries.iter().map(|call| call.code).collect::<Vec<_>>(), [99_991_400, 0]);
    assert!(tries[1].at - tries[0].at >= 2_000, "asked again too soon");
    assert_eq!(world.numbers("SELECT MAX(failures) FROM outbox", 1).await, [0], "waiting is no failure");
});

story!(an_error_inside_feishu_and_a_page_of_html_are_tried_again_under_the_same_key, |world| {
    world.is_in_trouble();
    world.fake.fail(CREATE, 1, Fault::Internal);
    world.fake.fail(CREATE, 1, Fault::Page(502));
    world.says("zhang.wei", "/new").await;
    world.hears("zhang.wei ← 发起跨部门需求");
    let tries = tries(world);
    assert_eq!(tries.len(), 3);
    assert!(one_key(&tries));
});

story!(what_was_said_although_the_answer_got_lost_is_not_said_again, |world| {
    world.is_in_trouble();
    world.fake.fail(CREATE, 1, Fault::PageAfter(504));
    if world.is_by_webhook() {
        world.fake.fail(CREATE, 1, Fault::CutAfter);
    }
    world.says("zhang.wei", "/new").await;
    world.hears("zhang.wei ← 发起跨部门需求");
    let tries = tries(world);
    assert!(tries.len() >= 2 && one_key(&tries));
    // The message that was found to be there is the one that the button is on.
    assert_eq!(world.presses("zhang.wei", "再加一个部门").await.kind, "");
});

story!(what_nobody_knows_to_be_said_is_not_said_again_after_the_messenger_forgot, |world| {
    world.is_in_trouble();
    world.fake.fail(CREATE, 1, Fault::PageAfter(504));
    world.fake.fail(CREATE, 5, Fault::Page(502));
    let event = world.spoken("zhang.wei", &private("zhang.wei"), "/new");
    assert_eq!(world.delivers(&event).await.0, 200);
    let failed = "SELECT COUNT(*) FROM outbox WHERE failures > 0 AND unsure_since IS NOT NULL";
    while world.numbers(failed, 1).await != [1] {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    // Feishu remembers a key for an hour: from half of that on nobody may rely on it. The machine's time cannot be moved.
    let later = "UPDATE outbox SET unsure_since = unsure_since - 3600000, retry_at = 0 WHERE failures > 0";
    changes(world.database(), later).await;
    drop(std::mem::take(&mut world.fake.state().faults));
    world.settles().await;
    world.hears("zhang.wei ← 发起跨部门需求\n huang.lei ← 有消息多次发送失败");
    let unknown =
        "SELECT COUNT(*) FROM outbox WHERE state = 'dead' AND problem LIKE 'unknown whether it was said%'";
    assert_eq!(world.numbers(unknown, 1).await, [1], "a person decides");
});

/// As long as the real one: told once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_never_comes_doubles_no_message_and_holds_up_no_button() {
    let mut world = World::begins(Backend::Sqlite, Way::Webhook).await.unwrap();
    world.is_in_trouble();
    world.says("li.na", "/new").await;
    let (message, button) = world.with_button("li.na", "再加一个部门");
    world.fake.fail(CREATE, 1, Fault::SilentAfter);
    let event = world.spoken("zhang.wei", &private("zhang.wei"), "/new");
    assert_eq!(world.delivers(&event).await.0, 200);
    world.until("the message", |world| !world.fake.sent_to(&account("zhang.wei")).is_empty()).await;
    let begun = std::time::Instant::now();
    assert!(world.clicks("li.na", &message, button.action(&[])).await.card.is_some());
    assert!(begun.elapsed() < std::time::Duration::from_secs(1), "{:?}", begun.elapsed());
    world.settles().await;
    world.hears("zhang.wei ← 发起跨部门需求\n li.na ← 发起跨部门需求");
    assert!(one_key(&tries(&world)[1..]));
    world.ends().await;
}

story!(who_answers_a_card_that_the_service_does_not_know_to_be_there_sees_the_answer_on_it, |world| {
    world.is_in_trouble();
    world.says("zhang.wei", "/new").await;
    world.fake.fail(CREATE, 1, Fault::PageAfter(504));
    let (message, button) = world.with_button("zhang.wei", "提交");
    let filed = world.clicks("zhang.wei", &message, button.action(&lent(&filled(&[])))).await;
    assert_eq!(filed.kind, "success");
    world.until("the question", |world| !world.fake.sent_to(&account("liu.yang")).is_empty()).await;
    let (message, button) = world.with_button("liu.yang", "同意");
    let answer = world.clicks("liu.yang", &message, button.action(&[])).await;
    assert_eq!(answer.kind, "success", "{answer:?}");
    world.rests().await;
    let card = world.card("liu.yang");
    assert_eq!(world.newest("liu.yang").id, message.id, "there is one question");
    assert!(cards::button(&card, "同意").is_none(), "and it shows that it was answered: {card}");
    world.forgets();
});

story!(a_token_that_ends_early_is_replaced_and_nobody_notices, |world| {
    world.is_in_trouble();
    world.says("zhang.wei", "/new").await;
    world.fake.ends_tokens();
    world.says("li.na", "/new").await;
    world.hears("zhang.wei ← 发起跨部门需求\n li.na ← 发起跨部门需求");
    let codes: Vec<_> = tries(world).iter().map(|call| call.code).collect();
    assert_eq!(codes, [0, 99_991_663, 0]);
    assert_eq!(world.numbers("SELECT MAX(failures) FROM outbox", 1).await, [0]);
});

story!(a_missing_permission_holds_everything_back_and_loses_nothing, |world| {
    world.is_in_trouble();
    for scope in ["im:message:send_as_bot", "im:message"] {
        world.fake.takes_scope(scope);
    }
    let event = world.spoken("zhang.wei", &private("zhang.wei"), "/new");
    assert_eq!(world.delivers(&event).await.0, 200);
    world.until("a try that Feishu refuses", |world| !tries(world).is_empty()).await;
    world.hears("");
    world.fake.state().scopes.insert("im:message".to_owned());
    world.settles().await;
    world.hears("zhang.wei ← 发起跨部门需求");
});

story!(an_update_that_got_lost_is_made_again, |world| {
    world.is_in_trouble();
    world.files().await;
    world.rests().await;
    world.forgets();
    world.fake.fail("messages.patch", 1, Fault::Page(502));
    world.fake.fail("messages.patch", 1, Fault::Limited { reset: 1 });
    world.says("zhang.wei", "/withdraw").await;
    world.rests().await;
    world.hears("zhang.wei ← 需求已撤回\n liu.yang ← 张伟撤回了需求");
    let card = world.fake.sent_to(&account("liu.yang")).remove(0).content;
    assert!(!card.contains("退回"), "there is nothing left to decide: {card}");
});

story!(a_digest_of_which_nobody_knows_waits_before_it_is_tried_again_under_its_key, webhook, |world| {
    world.is_in_trouble();
    world.says("zhang.wei", "/settings digest both").await;
    let number = world.files_and_approves().await;
    world.says("wang.fang", &format!("/comment {number} 口径按含税算")).await;
    world.says("wang.fang", &format!("/confirm {number}")).await;
    world.is("2026-11-23 16:59").await;
    world.forgets();
    let before = tries(world).len();
    world.fake.fail(CREATE, 1, Fault::PageAfter(504));
    world.fake.fail(CREATE, 2, Fault::Page(502));
    world.is("2026-11-23 17:00").await;
    world.settles().await;
    world.hears("zhang.wei ← 汇总：1 项需求有 3 条消息");
    let tries = tries(world).split_off(before);
    assert_eq!(tries.len(), 4, "no more often than anything else");
    assert!(one_key(&tries));
    assert!(tries.is_sorted_by(|one, next| next.at - one.at >= 500), "each waits");
});
