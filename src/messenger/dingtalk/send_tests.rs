//! What is said through the fake, in each make, and what becomes of it when DingTalk does not take it.
//!
//! Invariant: whatever is asserted to be said is what the fake keeps, not what the service believes.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::json;

use super::api::tests::{app, options};
use super::fake::{Fake, Fault, GROUP, PERSON, TEMPLATE};
use super::place::private_chat;
use super::send::Sender;
use super::session::{Session, Sessions};
use super::voice::Voice;
use super::{Ding, Options};
use crate::card::{Action, Block, Card, Colour, Mention, Style, Tone};
use crate::clock::SystemClock;
use crate::domain::{ChatId, Timestamp};
use crate::intent::Want;
use crate::messenger::seal::SealKey;
use crate::messenger::{Address, Envelope, Face, SendError, Sent};

pub(super) async fn ground(change: impl FnOnce(&mut Options)) -> (Fake, Voice) {
    let (fake, voice, _) = in_touch(change).await;
    (fake, voice)
}

/// The same, with the webhooks that came with messages.
async fn in_touch(change: impl FnOnce(&mut Options)) -> (Fake, Voice, Arc<Sessions>) {
    let fake = Fake::start().await.unwrap();
    let mut options = options(&fake);
    change(&mut options);
    let parts = (SealKey::new(b"a key"), Arc::new(SystemClock) as Arc<_>);
    let sessions = Arc::new(Sessions::new(&options.legacy_base_url));
    let voice = Voice::over(Sender::new(app(options), sessions.clone()), parts);
    (fake, voice, sessions)
}

/// A message came with a webhook.
fn hears(sessions: &Sessions, webhook: &str, until: Timestamp) {
    let now = crate::clock::Clock::machine(&SystemClock);
    let session = Session { url: SecretString::from(webhook.to_owned()), until };
    sessions.keep(&ChatId::new(GROUP), session, now);
}

async fn messages() -> (Fake, Voice) {
    ground(|_| ()).await
}

async fn cards() -> (Fake, Voice) {
    ground(|options| options.card_template_id = Some(TEMPLATE.to_owned())).await
}

fn card(text: &str) -> Card {
    let want = Want::Show { request: Some("2026-Q4-SCB-001".to_owned()) };
    let button = |id: &str| Action {
        id: id.to_owned(),
        label: id.to_uppercase(),
        style: Style::Primary,
        enabled: true,
        submit: false,
        ask_first: None,
        want: want.clone(),
    };
    let person = Mention { id: "w".into(), name: "Wang".into(), account: Some(PERSON.to_owned()) };
    let text = Block::Text { text: text.to_owned(), tone: Tone::Normal };
    Card {
        title: "Please confirm".to_owned(),
        subtitle: None,
        colour: Colour::Blue,
        tag: None,
        blocks: vec![Block::Mentions { people: vec![person] }, text],
        actions: vec![button("confirm"), button("object")],
        form: None,
    }
}

pub(super) fn face(text: &str) -> Face {
    let card = card(text);
    let link = |id: &String| format!("https://liaison.example.com/forms/{id}");
    let links = card.actions.iter().map(|action| (action.id.clone(), link(&action.id))).collect();
    Face {
        card,
        summary: "Please confirm".to_owned(),
        shortened: "Shortened".to_owned(),
        links,
        picture: None,
    }
}

fn envelope(key: &str, to: Address) -> Envelope {
    Envelope { key: key.to_owned(), to, face: face("first"), urgent: false }
}

fn person() -> Address {
    Address::Person(PERSON.to_owned())
}

fn chat(id: &str) -> Address {
    Address::Chat { chat: ChatId::new(id), reply_to: None }
}

fn in_an_hour() -> Timestamp {
    crate::clock::Clock::machine(&SystemClock) + jiff::SignedDuration::from_hours(1)
}

#[tokio::test]
async fn without_a_template_buttons_are_links() {
    let (fake, voice) = messages().await;
    let sent = voice.send(&envelope("k1", person())).await.unwrap();
    assert_eq!(sent.chat, private_chat(PERSON));
    let said = &fake.messages()[0];
    assert_eq!((said.to.as_str(), said.kind.as_str()), (PERSON, "sampleActionCard2"));
    assert_eq!(said.content["actionURL1"], "https://liaison.example.com/forms/confirm");
    voice.send(&envelope("k2", chat(GROUP))).await.unwrap();
    voice.send(&envelope("k3", Address::Chat { chat: private_chat(PERSON), reply_to: None })).await.unwrap();
    let to: Vec<_> = fake.messages().into_iter().map(|said| said.to).collect();
    assert_eq!(to, [PERSON, GROUP, PERSON]);
    voice.update(&sent, &face("second")).await.unwrap();
    assert_eq!((fake.messages().len(), fake.count("cards.update")), (3, 0), "what was said stays");
    assert_eq!(voice.remembers(), Duration::ZERO);
    assert_eq!(voice.params(&face("second")), None, "nothing to answer with");
}

#[tokio::test]
async fn with_a_template_a_card_calls_back_and_is_brought_up_to_date() {
    let (fake, voice) = cards().await;
    let sent = voice.send(&envelope("k1", person())).await.unwrap();
    let before = fake.state().cards["k1"].clone();
    assert!(before.space.contains(PERSON) && before.data["body1"].contains("first"), "{before:?}");
    assert!(!before.data["b1_want"].is_empty() && before.data["b1_url"].is_empty());
    voice.update(&sent, &face("second")).await.unwrap();
    let after = fake.state().cards["k1"].clone();
    assert!(after.data["body1"].contains("second"));
    assert_eq!(before.data.keys().collect::<Vec<_>>(), after.data.keys().collect::<Vec<_>>(), "complete");
    let answered = voice.params(&face("second")).unwrap();
    assert_eq!(answered["body1"], json!(after.data["body1"]));
    assert_eq!(answered.len(), after.data.len());
    assert!(voice.remembers() > Duration::from_secs(3_600));
}

#[tokio::test]
async fn a_card_in_a_group_calls_people_and_answers_by_http_where_that_is_configured() {
    let (fake, voice) = ground(|options| {
        options.card_template_id = Some(TEMPLATE.to_owned());
        options.card_route_key = Some("liaison".to_owned());
    })
    .await;
    voice.send(&envelope("k1", chat(GROUP))).await.unwrap();
    let body = fake.calls().into_iter().find(|call| call.name == "cards.create").unwrap().body;
    assert_eq!(body["imGroupOpenDeliverModel"]["atUserIds"], json!({PERSON: "Wang"}));
    assert_eq!((&body["callbackType"], &body["callbackRouteKey"]), (&json!("HTTP"), &json!("liaison")));
}

#[tokio::test]
async fn a_card_that_may_have_arrived_is_tried_again_under_its_key_and_is_one() {
    let (fake, voice) = cards().await;
    fake.fail("cards.create", 1, Fault::CutAfter);
    let lost = voice.send(&envelope("k1", person())).await.unwrap_err();
    assert!(matches!(lost, SendError::Unclear { .. }), "{lost:?}");
    assert_eq!(voice.send(&envelope("k1", person())).await.unwrap().message.as_str(), "k1");
    assert_eq!((fake.messages().len(), fake.count("cards.create")), (1, 2));
}

#[tokio::test]
async fn a_message_that_may_have_arrived_is_not_said_in_another_make() {
    let (fake, voice) = messages().await;
    fake.fail("batchSend", 1, Fault::CutAfter);
    let lost = voice.send(&envelope("k1", person())).await.unwrap_err();
    assert!(matches!(lost, SendError::Unclear { .. }), "{lost:?}");
    assert_eq!((fake.messages().len(), fake.count("batchSend")), (1, 1));
}

#[tokio::test]
async fn a_template_that_is_missing_does_not_silence_the_service() {
    let (fake, voice) =
        ground(|options| options.card_template_id = Some("not-there.schema".to_owned())).await;
    let sent = voice.send(&envelope("k1", person())).await.unwrap();
    assert_eq!(fake.messages()[0].kind, "sampleActionCard2");
    assert_eq!(voice.remembers(), Duration::ZERO, "messages have no keys");
    voice.update(&sent, &face("second")).await.unwrap();
    voice.send(&envelope("k2", person())).await.unwrap();
    assert_eq!((fake.count("cards.create"), fake.count("batchSend")), (1, 2), "it rests for a while");
}

#[tokio::test]
async fn a_delivery_that_fails_within_a_success_is_said_as_a_message() {
    let (fake, voice) = cards().await;
    let error = voice.send(&envelope("k1", chat("cidELSEWHERE=="))).await.unwrap_err();
    assert!(matches!(&error, SendError::Refused { why } if why.contains("not in the group")), "{error:?}");
    assert_eq!((fake.count("cards.create"), fake.count("groupSend")), (1, 1));
    assert!(fake.messages().is_empty());
}

#[tokio::test]
async fn a_card_that_was_made_and_not_delivered_is_never_taken_for_said() {
    let (fake, voice) = cards().await;
    for (key, fault) in [("k1", Fault::Code(400, "send.too.fast")), ("k2", Fault::CutAfter)] {
        fake.fail("groupSend", 1, fault);
        let error = voice.send(&envelope(key, chat("cidELSEWHERE=="))).await.unwrap_err();
        assert!(matches!(error, SendError::Refused { .. }), "a later try would find the card: {error:?}");
    }
    fake.fail("cards.create", 1, Fault::Code(400, "param.contentUnsafe"));
    fake.fail("batchSend", 1, Fault::Code(400, "send.too.fast"));
    let error = voice.send(&envelope("k3", person())).await.unwrap_err();
    assert!(matches!(error, SendError::Full { .. }), "nothing was made, nothing was said: {error:?}");
    voice.send(&envelope("k3", person())).await.unwrap();
    assert_eq!(fake.messages().len(), 1);
}

#[tokio::test]
async fn a_card_that_is_not_there_any_more_is_left_alone() {
    let (_fake, voice) = cards().await;
    let sent = Sent { chat: private_chat(PERSON), message: crate::domain::MessageId::new("never") };
    let gone = voice.update(&sent, &face("x")).await.unwrap_err();
    assert!(matches!(gone, SendError::Refused { .. }), "{gone:?}");
}

#[tokio::test]
async fn an_update_that_got_lost_is_tried_again() {
    let (fake, voice) = cards().await;
    let sent = voice.send(&envelope("k1", person())).await.unwrap();
    fake.fail("cards.update", 1, Fault::CutAfter);
    let lost = voice.update(&sent, &face("x")).await.unwrap_err();
    assert!(matches!(lost, SendError::Retry { .. }), "{lost:?}");
}

#[tokio::test]
async fn who_cannot_be_reached_within_a_success_is_told_apart() {
    let (fake, voice) = messages().await;
    let nobody = voice.send(&envelope("k1", Address::Person("u_nobody".to_owned()))).await.unwrap_err();
    assert!(matches!(nobody, SendError::Refused { .. }), "{nobody:?}");
    fake.state().flooded.insert(PERSON.to_owned());
    let flooded = voice.send(&envelope("k2", person())).await.unwrap_err();
    assert!(matches!(flooded, SendError::Full { after } if after > Duration::from_secs(60)), "{flooded:?}");
    assert!(fake.messages().is_empty());
}

#[tokio::test]
async fn a_session_is_answered_through_its_webhook_while_it_is_good_and_costs_nothing() {
    let (fake, voice, sessions) = in_touch(|_| ()).await;
    hears(&sessions, &fake.webhook("s1"), in_an_hour());
    hears(&sessions, "https://evil.example/robot", in_an_hour());
    voice.send(&envelope("k1", chat(GROUP))).await.unwrap();
    assert_eq!((fake.messages()[0].to.as_str(), voice.metered().0), ("s1", 0));
    fake.state().ended.insert("s1".to_owned());
    voice.send(&envelope("k2", chat(GROUP))).await.unwrap();
    voice.send(&envelope("k3", chat(GROUP))).await.unwrap();
    assert_eq!((fake.count("session"), fake.count("groupSend")), (2, 2), "a refused one is forgotten");
    hears(&sessions, &fake.webhook("s2"), Timestamp::UNIX_EPOCH);
    voice.send(&envelope("k4", chat(GROUP))).await.unwrap();
    assert_eq!(fake.count("session"), 2, "it has ended");
}

#[tokio::test]
async fn a_session_that_does_not_answer_is_not_doubled() {
    let (fake, voice, sessions) = in_touch(|_| ()).await;
    hears(&sessions, &fake.webhook("s1"), in_an_hour());
    fake.fail("session", 1, Fault::CutAfter);
    let lost = voice.send(&envelope("k1", chat(GROUP))).await.unwrap_err();
    assert!(matches!(lost, SendError::Unclear { .. }), "{lost:?}");
    assert_eq!((fake.messages().len(), fake.count("groupSend")), (1, 0));
}

#[tokio::test]
async fn a_groups_own_robot_is_signed_and_says_a_thing_once() {
    let (fake, voice) = messages().await;
    for _ in 0..2 {
        voice.send(&envelope("k1", chat("robot:managers"))).await.unwrap();
    }
    let said = fake.messages();
    assert_eq!((said.len(), said[0].to.as_str()), (1, "robot"), "the key makes it one");
    fake.fail("robot", 1, Fault::Old(410_100));
    for _ in 0..2 {
        let full = voice.send(&envelope("k2", chat("robot:managers"))).await.unwrap_err();
        assert!(matches!(full, SendError::Full { after } if after > Duration::from_secs(600)), "{full:?}");
    }
    assert_eq!(fake.count("robot"), 3, "blocked for ten minutes");
    let unknown = voice.send(&envelope("k3", chat("robot:gone"))).await.unwrap_err();
    assert!(matches!(unknown, SendError::Refused { .. }), "{unknown:?}");
}

#[tokio::test]
async fn an_urgent_message_comes_with_a_ding_where_that_is_configured() {
    let (fake, voice) = ground(|options| options.ding = Some(Ding::App)).await;
    let urgent = |key: &str, to| Envelope { urgent: true, ..envelope(key, to) };
    voice.send(&urgent("k1", person())).await.unwrap();
    voice.send(&urgent("k2", chat(GROUP))).await.unwrap();
    let kinds: Vec<_> = fake.messages().into_iter().map(|said| said.kind).collect();
    assert_eq!(kinds, ["sampleActionCard2", "ding", "sampleActionCard2"]);
    fake.fail("ding", 1, Fault::Code(400, "ding.serverquota.insufficient"));
    voice.send(&urgent("k3", person())).await.unwrap();
    let (fake, voice) = messages().await;
    voice.send(&urgent("k1", person())).await.unwrap();
    assert_eq!(fake.count("ding"), 0);
}

#[tokio::test]
async fn what_is_refused_as_a_card_of_links_is_said_in_words() {
    let (fake, voice) = messages().await;
    fake.fail("batchSend", 1, Fault::Code(400, "invalidParameter.msgParam.invalid"));
    voice.send(&envelope("k1", person())).await.unwrap();
    assert_eq!(fake.messages()[0].kind, "sampleText");
}

#[tokio::test]
async fn each_trouble_has_its_reaction() {
    let of = async |fault| {
        let (fake, voice) = messages().await;
        fake.fail("batchSend", 2, fault);
        voice.send(&envelope("k1", person())).await.unwrap_err()
    };
    let limited = of(Fault::Code(403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi")).await;
    assert!(matches!(limited, SendError::Full { .. }), "{limited:?}");
    let spent = of(Fault::Code(403, "Forbidden.AccessDenied.ApiCountLimitForOrg")).await;
    assert!(matches!(&spent, SendError::Misconfigured { why } if why.contains("quota")), "{spent:?}");
    let denied = of(Fault::Code(403, "Forbidden.AccessDenied.IpNotInWhiteList")).await;
    assert!(matches!(denied, SendError::Misconfigured { .. }), "{denied:?}");
    assert!(matches!(of(Fault::ShutOut).await, SendError::Full { after } if after.as_secs() >= 300));
    assert!(matches!(of(Fault::Page(503)).await, SendError::Unclear { .. }));
    assert!(matches!(of(Fault::Code(400, "what.is.this")).await, SendError::Refused { .. }));
}
