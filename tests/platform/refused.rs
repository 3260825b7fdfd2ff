//! What Feishu will never take: somebody else hears of it, or it is said more plainly.

use serde_json::Value;

use crate::world::company::{MANAGERS, PROJECT, account};
use crate::world::feishu::Fault;
use crate::world::{World, story};

async fn given_up(world: &World) -> i64 {
    world.numbers("SELECT COUNT(*) FROM outbox WHERE state = 'dead'", 1).await[0]
}

story!(the_head_hears_when_the_contact_cannot_be_reached, |world| {
    world.is_in_trouble();
    world.files().await;
    world.fake.person(&account("li.na"), |person| person.available = false);
    world.forgets();
    world.presses("liu.yang", "同意").await;
    world.hears(
        "zhang.wei ← 刘洋已同意，需求已发给各部门
         chen.jie ← 研发部收到新的协作任务
         chen.jie ← 消息无法送达李娜
         wang.fang ← 请财务部确认协作任务
         zhao.min ← 财务部收到新的协作任务
         huang.lei ← 消息无法送达李娜",
    );
    assert_eq!(given_up(world).await, 1);
});

story!(the_administrators_hear_when_news_cannot_be_delivered, |world| {
    world.is_in_trouble();
    let number = world.files_and_approves().await;
    world.fake.person(&account("zhang.wei"), |person| person.resigned = true);
    world.says("li.na", &format!("/confirm {number}")).await;
    world.hears("li.na ← 已代表研发部确认，并记录电子签名\n huang.lei ← 有消息多次发送失败");
    assert_eq!(given_up(world).await, 1);
});

story!(a_group_that_is_gone_unheard_of_is_an_alarm_once, |world| {
    world.is_in_trouble();
    world.says_in("guo.qiang", MANAGERS, "/bind managers").await;
    let number = world.files_and_approves().await;
    world.says("wang.fang", &format!("/confirm {number}")).await;
    world.is("2026-11-25 09:59").await;
    world.forgets();
    world.fake.chat(MANAGERS, |chat| chat.dissolved = true);
    world.is("2026-11-25 10:00").await;
    world.hears(
        "li.na ← 部门确认已升级通报，请优先处理
         chen.jie ← 研发部的部门确认逾期未答复，请协助
         huang.lei ← 有消息多次发送失败",
    );
});

story!(a_card_that_was_withdrawn_is_left_alone_and_the_others_are_brought_up_to_date, |world| {
    world.is_in_trouble();
    let number = world.files_and_approves().await;
    world.rests().await;
    let withdrawn = world.newest("li.na");
    world.fake.withdraws(&withdrawn.id);
    let copy = world.newest("liu.yang");
    world.says("li.na", &format!("/confirm {number}")).await;
    world.rests().await;
    let now = world.newest("liu.yang");
    assert_eq!(now.id, copy.id);
    assert!(now.content.contains("李娜") && !copy.content.contains("李娜"), "{}", now.content);
    assert_eq!(given_up(world).await, 0);
    world.hears("zhang.wei ← 研发部已确认（李娜）\n li.na ← 已代表研发部确认，并记录电子签名");
});

story!(an_answer_to_a_message_that_was_withdrawn_stands_by_itself, |world| {
    world.is_in_trouble();
    let event = world.spoken("zhang.wei", PROJECT, "@协同助手 /help");
    world.fake.withdraws(event.body["message"]["message_id"].as_str().unwrap());
    assert_eq!(world.delivers(&event).await.0, 200);
    world.settles().await;
    let answer = world.fake.sent_in(PROJECT).pop().unwrap();
    assert_eq!(answer.parent, None);
    assert_eq!(world.heard().lines().count(), 1);
});

story!(a_card_that_is_too_large_is_said_in_words_and_the_words_are_brought_up_to_date, |world| {
    world.is_in_trouble();
    world.says("zhang.wei", "/new").await;
    world.fake.fail("messages.create", 2, Fault::Code(230_025));
    world.fills("zhang.wei", "提交", &crate::world::lent(&crate::world::filled(&[]))).await;
    let said = world.newest("liu.yang");
    assert_eq!(said.msg_type, "text");
    let words: Value = serde_json::from_str(&said.content).unwrap();
    assert!(words["text"].as_str().unwrap().contains("请审批市场部的协作需求"), "{words}");
    world.forgets();
    world.says("liu.yang", "/approve").await;
    world.rests().await;
    assert_eq!(world.fake.count("messages.edit"), 1, "words are edited, not replaced by a card");
    assert_eq!(given_up(world).await, 0);
    let heard = world.heard();
    assert!(heard.contains("li.na ← 请研发部确认协作任务"), "{heard}");
});

story!(a_card_that_calls_somebody_whom_feishu_does_not_know_is_said_with_names, |world| {
    world.is_in_trouble();
    world.fake.fail("messages.create", 1, Fault::Code(230_099));
    world.says("zhang.wei", "/new").await;
    world.hears("zhang.wei ← 发起跨部门需求");
    assert_eq!(world.newest("zhang.wei").msg_type, "interactive");
});
