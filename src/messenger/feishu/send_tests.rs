//! Saying things through the fake: what is heard, once, in order, and what a refusal means to the outbox.
//!
//! Invariant: what was heard is read from the fake, never from what the sender says of itself.

use std::time::Duration;

use serde_json::{Value, json};

use super::api_tests::ground;
use super::fake::{BOT, Fake, Fault, GROUP, check_card, open_id};
use super::send::{Bot, Content, Letter, Sender};
use crate::domain::{ChatId, MessageId};
use crate::messenger::{Address, SendError, Sent};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn markdown(text: &str) -> Value {
    let config = json!({"update_multi": true});
    json!({"schema": "2.0", "config": config, "body": {"elements": [{"tag": "markdown", "content": text}]}})
}

fn content(text: &str) -> Content {
    let named = markdown(&format!("{text} <at id={}></at>", open_id('a')));
    Content { card: named, nameless: markdown(text), text: format!("{text} https://liaison.example/r/1") }
}

fn to(digit: char) -> Address {
    Address::Person(open_id(digit))
}

fn group(reply_to: Option<&str>) -> Address {
    Address::Chat { chat: ChatId::new(GROUP), reply_to: reply_to.map(MessageId::new) }
}

async fn ground_to_speak_on() -> (Fake, Sender) {
    let (fake, api) = ground().await;
    (fake, Sender::new(api))
}

async fn say(sender: &Sender, key: &str, to: &Address, content: &Content) -> Result<Sent, SendError> {
    sender.send(&Letter { key, to, content, urgent: false }).await
}

/// Why something was refused for good; anything else reads as what it is.
fn why<T: std::fmt::Debug>(done: Result<T, SendError>) -> String {
    match done {
        Err(SendError::Refused { why }) => why,
        other => format!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn an_answer_that_takes_a_while_is_waited_for() {
    let (fake, sender) = ground_to_speak_on().await;
    fake.fail("messages.create", 1, Fault::Slow(400));
    let sent = say(&sender, "k1", &to('a'), &content("one")).await.unwrap();
    assert_eq!(fake.sent_to(&open_id('a'))[0].id, sent.message.as_str());
    assert_eq!(fake.count("messages.create"), 1);
}

#[tokio::test]
async fn a_person_hears_it_in_private_and_the_message_can_be_shown_anew() {
    let (fake, sender) = ground_to_speak_on().await;
    let sent = say(&sender, "k1", &to('a'), &content("one")).await.unwrap();
    assert!(sent.chat.as_str().starts_with("oc_"), "a private chat has an id of its own: {sent:?}");
    sender.update(&sent, &content("two")).await.unwrap();
    let heard = fake.sent_to(&open_id('a'));
    assert_eq!(heard.len(), 1);
    assert_eq!((heard[0].id.as_str(), heard[0].msg_type.as_str()), (sent.message.as_str(), "interactive"));
    assert!(heard[0].content.contains("two"));
    // The private chat may also be named by the person's id.
    let chat = Address::Chat { chat: sent.chat, reply_to: None };
    say(&sender, "k2", &chat, &content("three")).await.unwrap();
    assert_eq!(fake.sent_to(&open_id('a')).len(), 2);
}

#[tokio::test]
async fn an_answer_hangs_under_its_question_in_groups_and_in_private() {
    let (fake, sender) = ground_to_speak_on().await;
    let asked = fake.says(&open_id('1'), GROUP, "/my");
    let sent = say(&sender, "k1", &group(Some(&asked)), &content("here")).await.unwrap();
    let heard = &fake.sent_in(GROUP)[0];
    assert_eq!((heard.parent.as_deref(), heard.in_thread), (Some(asked.as_str()), true));
    assert_eq!(sent.chat.as_str(), GROUP);

    let first = say(&sender, "k2", &to('a'), &content("hello")).await.unwrap();
    let chat = Address::Chat { chat: ChatId::new(open_id('a')), reply_to: Some(first.message.clone()) };
    say(&sender, "k3", &chat, &content("again")).await.unwrap();
    let heard = &fake.sent_to(&open_id('a'))[1];
    assert_eq!((heard.parent.as_deref(), heard.in_thread), (Some(first.message.as_str()), false));
}

#[tokio::test]
async fn when_the_question_was_withdrawn_the_answer_stands_alone() {
    let (fake, sender) = ground_to_speak_on().await;
    let asked = fake.says(&open_id('1'), GROUP, "/my");
    fake.withdraws(&asked);
    say(&sender, "k1", &group(Some(&asked)), &content("here")).await.unwrap();
    assert_eq!(fake.sent_in(GROUP)[0].parent, None);
    say(&sender, "k2", &group(Some("om_unheard_of")), &content("here")).await.unwrap();
    assert_eq!(fake.sent_in(GROUP).len(), 2);
}

#[tokio::test]
async fn what_was_done_without_an_answer_and_said_again_is_heard_once() {
    for fault in [Fault::SilentAfter, Fault::CutAfter, Fault::PageAfter(504)] {
        let (fake, sender) = ground_to_speak_on().await;
        fake.fail("messages.create", 1, fault);
        let first = say(&sender, "k1", &to('a'), &content("one")).await;
        assert!(matches!(first, Err(SendError::Unclear { .. })), "{fault:?}: {first:?}");
        let sent = say(&sender, "k1", &to('a'), &content("one")).await.unwrap();
        let heard = fake.sent_to(&open_id('a'));
        assert_eq!((heard.len(), heard[0].id.as_str()), (1, sent.message.as_str()), "{fault:?}");
    }
}

#[tokio::test]
async fn an_answer_under_a_question_that_vanished_meanwhile_is_still_heard_once() {
    let (fake, sender) = ground_to_speak_on().await;
    let asked = fake.says(&open_id('1'), GROUP, "/my");
    fake.fail("messages.reply", 1, Fault::CutAfter);
    let to = group(Some(&asked));
    say(&sender, "k1", &to, &content("here")).await.unwrap_err();
    fake.withdraws(&asked);
    say(&sender, "k1", &to, &content("here")).await.unwrap();
    assert_eq!(fake.sent_in(GROUP).len(), 1);
}

#[tokio::test]
async fn after_an_hour_the_platform_has_forgotten_the_key() {
    let (fake, sender) = ground_to_speak_on().await;
    say(&sender, "k1", &to('a'), &content("one")).await.unwrap();
    fake.passes(Duration::from_secs(3601));
    say(&sender, "k1", &to('a'), &content("one")).await.unwrap();
    assert_eq!(fake.sent_to(&open_id('a')).len(), 2);
}

#[tokio::test]
async fn what_was_not_done_may_be_tried_again() {
    let (fake, sender) = ground_to_speak_on().await;
    fake.fail("messages.create", 1, Fault::Limited { reset: 9 });
    let held = say(&sender, "k1", &to('a'), &content("one")).await;
    assert!(matches!(&held, Err(SendError::Full { after }) if after.as_secs() == 9), "{held:?}");
    let closed = say(&sender, "k2", &to('b'), &content("one")).await;
    assert!(matches!(closed, Err(SendError::Full { .. })), "the whole call is closed");
    assert_eq!((fake.count("messages.create"), fake.messages().len()), (1, 0));
}

#[tokio::test]
async fn a_card_that_is_refused_is_said_more_plainly() {
    let (fake, sender) = ground_to_speak_on().await;
    let stranger = markdown("<at id=ou_nobody></at> owes an answer");
    let spoilt = Content { card: stranger, ..content("owes an answer") };
    say(&sender, "k1", &to('a'), &spoilt).await.unwrap();
    let broken = json!({"schema": "2.0", "bodies": []});
    assert!(check_card(&broken).is_err() && check_card(&spoilt.nameless).is_ok());
    let broken = Content { card: broken.clone(), nameless: broken, ..content("a < b") };
    let sent = say(&sender, "k2", &to('a'), &broken).await.unwrap();
    let long = Content { card: markdown(&"x".repeat(31 * 1024)), ..content("short") };
    let long = Content { nameless: long.card.clone(), ..long };
    say(&sender, "k3", &to('b'), &long).await.unwrap();

    let heard = fake.sent_to(&open_id('a'));
    assert_eq!(heard[0].content, content("owes an answer").nameless.to_string());
    let words: Value = serde_json::from_str(&heard[1].content).unwrap();
    assert_eq!(words, json!({"text": "a \u{ff1c} b https://liaison.example/r/1"}));
    assert_eq!(fake.sent_to(&open_id('b'))[0].msg_type, "text");

    // What had to be said in words is edited.
    sender.update(&sent, &content("changed")).await.unwrap();
    assert!(fake.sent_to(&open_id('a'))[1].content.contains("changed https"));
}

#[tokio::test]
async fn what_is_refused_in_every_make_is_refused() {
    let (fake, sender) = ground_to_speak_on().await;
    for code in [230022, 230028, 99992402] {
        fake.fail("messages.create", 3, Fault::Code(code));
        let refused = say(&sender, "k1", &to('a'), &content("one")).await;
        assert!(matches!(refused, Err(SendError::Refused { .. })), "{refused:?}");
    }
    assert_eq!(fake.messages().len(), 0);
}

#[tokio::test]
async fn a_card_that_cannot_replace_another_is_replaced_by_words_on_a_card() {
    let (fake, sender) = ground_to_speak_on().await;
    let sent = say(&sender, "k1", &to('a'), &content("one")).await.unwrap();
    let broken = json!({"schema": "1.0"});
    let broken = Content { card: broken.clone(), nameless: broken, ..content("two") };
    sender.update(&sent, &broken).await.unwrap();
    let heard = &fake.sent_to(&open_id('a'))[0];
    assert!(heard.content.contains("plain_text") && heard.content.contains("two https"), "{}", heard.content);
}

#[tokio::test]
async fn who_cannot_be_reached_is_refused_in_a_sentence() {
    let (fake, sender) = ground_to_speak_on().await;
    fake.person(&open_id('a'), |person| person.available = false);
    fake.person(&open_id('b'), |person| person.resigned = true);
    fake.person(&open_id('c'), |person| person.opted_out = true);
    fake.person(&open_id('d'), |person| person.foreign = true);
    fake.chat("oc_dissolved", |chat| chat.dissolved = true);
    fake.chat("oc_without", |chat| chat.has_bot = false);
    fake.chat("oc_muted", |chat| chat.muted = true);
    let chat = |id| Address::Chat { chat: ChatId::new(id), reply_to: None };
    let cases = [
        (to('a'), "the person is outside the app's availability range"),
        (to('b'), "the person has left the company"),
        (to('c'), "the person does not want messages from the bot"),
        (to('d'), "the person's id belongs to another app"),
        (to('9'), "there is no such person"),
        (chat("oc_dissolved"), "the chat was dissolved"),
        (chat("oc_without"), "the bot is not in the chat"),
        (chat("oc_muted"), "the bot may not speak in the chat"),
        (chat("oc_unheard_of"), "there is no such receiver"),
    ];
    for (to, sentence) in cases {
        let before = fake.calls().len();
        let why = why(say(&sender, "k1", &to, &content("one")).await);
        assert!(why.starts_with(sentence) && why.contains("log id"), "{why}");
        assert!(fake.calls().len() - before <= 2, "it is not tried in other makes");
    }
}

#[tokio::test]
async fn what_only_an_administrator_can_mend_is_told_apart() {
    let (fake, sender) = ground_to_speak_on().await;
    fake.takes_scope("im:message:send_as_bot");
    fake.takes_scope("im:message");
    let error = say(&sender, "k1", &to('a'), &content("one")).await.unwrap_err();
    assert!(matches!(error, SendError::Misconfigured { .. }), "{error:?}");
    assert!(error.to_string().contains("im:message:send_as_bot, im:message"), "{error}");
}

#[tokio::test]
async fn an_urgent_message_buzzes_its_reader_and_is_heard_even_if_the_buzz_fails() {
    let (fake, sender) = ground_to_speak_on().await;
    let (to, content) = (to('a'), content("urgent"));
    sender.send(&Letter { key: "k1", to: &to, content: &content, urgent: true }).await.unwrap();
    assert_eq!(fake.sent_to(&open_id('a'))[0].buzzed, [open_id('a')]);
    for fault in [Fault::Code(230023), Fault::Code(230052), Fault::Page(502), Fault::Cut] {
        fake.fail("messages.urgent_app", 1, fault);
        fake.passes(Duration::from_secs(1));
        let key = format!("{fault:?}");
        sender.send(&Letter { key: &key, to: &to, content: &content, urgent: true }).await.unwrap();
    }
    assert_eq!(fake.sent_to(&open_id('a')).len(), 5);
    let group = group(None);
    sender.send(&Letter { key: "k2", to: &group, content: &content, urgent: true }).await.unwrap();
    assert_eq!(fake.count("messages.urgent_app"), 5, "a group has not one reader");
}

#[tokio::test]
async fn what_cannot_be_shown_anew_says_why() {
    let (fake, sender) = ground_to_speak_on().await;
    let old = say(&sender, "k1", &to('a'), &content("one")).await.unwrap();
    let theirs = fake.says(&open_id('1'), GROUP, "/my");
    let theirs = Sent { chat: ChatId::new(GROUP), message: MessageId::new(theirs) };
    fake.passes(14 * DAY + Duration::from_secs(1));
    let gone = say(&sender, "k2", &to('a'), &content("two")).await.unwrap();
    fake.withdraws(gone.message.as_str());
    let cases = [
        (old, "the message is older than 14 days"),
        (theirs, "the message is not ours"),
        (gone, "the message was withdrawn"),
    ];
    for (sent, sentence) in cases {
        let why = why(sender.update(&sent, &content("three")).await);
        assert!(why.starts_with(sentence), "{why}");
    }
}

#[tokio::test]
async fn showing_anew_may_always_be_tried_again() {
    let (fake, sender) = ground_to_speak_on().await;
    let sent = say(&sender, "k1", &to('a'), &content("one")).await.unwrap();
    for fault in [Fault::Silent, Fault::CutAfter, Fault::Page(502), Fault::Internal, Fault::Code(230020)] {
        fake.fail("messages.patch", 1, fault);
        let lost = sender.update(&sent, &content("two")).await;
        let again = matches!(lost, Err(SendError::Retry { .. } | SendError::Full { .. }));
        assert!(again, "{fault:?}: {lost:?}");
    }
    sender.update(&sent, &content("two")).await.unwrap();
}

#[tokio::test]
async fn a_chat_hears_things_in_order_and_never_faster_than_feishu_allows() {
    let (fake, sender) = ground_to_speak_on().await;
    for n in 0..8 {
        say(&sender, &format!("k{n}"), &group(None), &content(&format!("message {n}"))).await.unwrap();
    }
    let heard = fake.sent_in(GROUP);
    assert!(heard.iter().enumerate().all(|(n, message)| message.content.contains(&format!("message {n}"))));
    assert!(fake.calls().iter().all(|call| call.code == 0), "nothing was refused on the way");
    for five in heard.windows(6) {
        assert!(five[5].created - five[0].created >= 1_000);
    }
}

#[tokio::test]
async fn the_bot_says_who_it_is() {
    let (_fake, sender) = ground_to_speak_on().await;
    let bot = sender.bot().await.unwrap();
    assert_eq!(bot.open_id, BOT);
    assert!(matches!(bot, Bot { name, .. } if !name.is_empty()));
}
