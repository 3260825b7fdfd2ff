//! Stream mode: what is pushed is one act, whatever happens to the connection and to the database.

use serde_json::json;

use super::world::fake::{End, Said, Session};
use super::world::{World, message, press, tell};
use crate::world::company::PEOPLE;
use crate::world::ground;
use crate::world::stranger::Stranger;
use crate::world::telling::{Backend, Way};

const BOTH: &[Way] = &[Way::Webhook, Way::Stream];
const STREAM: &[Way] = &[Way::Stream];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_an_act_when_it_is_answered_and_the_reply_goes_to_the_person() {
    tell(BOTH, |mut world: World| async move {
        let (code, _) = world.says("zhang.wei", "/new").await;
        assert_eq!((code, world.count("inbox").await), (200, 1));
        assert_eq!(world.count("outbox WHERE notice LIKE '%user:ou_%' OR lane LIKE '%user:ou_%'").await, 1);
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_message_twice_is_one_act() {
    tell(BOTH, |mut world: World| async move {
        let message = message("msgTwice==", "li.na", "/help");
        for _ in 0..3 {
            assert_eq!(world.delivers_message(&message).await.0, 200);
        }
        assert_eq!((world.count("inbox").await, world.count("outbox").await), (1, 1));
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_filed_approved_and_confirmed_by_buttons_and_each_is_answered_at_once() {
    tell(BOTH, |mut world: World| async move {
        let form = serde_json::to_value(ground::filled(&[])).unwrap();
        let steps = [
            ("zhang.wei", json!({ "want": "file", "request": null }), form),
            ("liu.yang", json!({ "want": "approve", "request": "2026-Q4-SCB-001", "version": null }), json!({})),
            (
                "li.na",
                json!({ "want": "confirm", "request": "2026-Q4-SCB-001", "department": null, "version": null }),
                json!({}),
            ),
        ];
        for (person, want, form) in steps {
            let before = world.count("audit").await;
            let (code, answer) = world.presses(person, &want, &form).await;
            let note = &answer["userPrivateData"]["cardParamMap"];
            assert_eq!((code, note["note_kind"].as_str()), (200, Some("success")), "{person}: {answer}");
            assert!(world.count("audit").await > before, "{person}: {answer}");
        }
        let again = json!({ "want": "approve", "request": "2026-Q4-SCB-001", "version": null });
        let (code, answer) = world.presses("li.na", &again, &json!({})).await;
        let note = &answer["userPrivateData"]["cardParamMap"];
        assert_eq!((code, note["note_kind"].as_str()), (200, Some("error")), "not hers to approve: {answer}");
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_button_that_is_pushed_twice_is_one_act_and_gets_the_same_answer() {
    tell(STREAM, |world: World| async move {
        let file = world.sealed(&json!({ "want": "file", "request": null })).await;
        let params = json!({ "w": file, "form": ground::filled(&[]) });
        let press = press("zhang.wei", &params).to_string();
        for times in 1..=2 {
            world.stream.says(Said::card("twice", &press));
            world.stream.until(|seen| seen.answered(200).len() == times).await;
        }
        let answers = world.stream.seen().answers;
        assert_eq!(answers[0].data, answers[1].data);
        let note = &answers[0].data["response"]["userPrivateData"]["cardParamMap"];
        assert_eq!(
            (note["note_kind"].as_str(), world.count("request").await),
            (Some("success"), 1),
            "{answers:?}"
        );
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_button_that_is_not_ours_changes_nothing_and_gets_an_empty_object() {
    tell(BOTH, |mut world: World| async move {
        let sealed = world.sealed(&json!({ "want": "my" })).await;
        let forged = format!("{}x", &sealed[..sealed.len() - 2]);
        for params in [json!({ "w": forged }), json!({ "action": "accept" })] {
            assert_eq!(world.delivers_press(&press("li.na", &params)).await, (200, json!({})), "{params}");
        }
        let mut empty = press("li.na", &json!({}));
        empty["content"] = json!(r#"{"cardPrivateData":{"actionIds":[],"params":{}}}"#);
        assert_eq!(world.delivers_press(&empty).await, (200, json!({})));
        empty["content"] = json!("oops");
        assert_eq!(world.delivers_press(&empty).await.0, 400);
        assert_eq!(
            (world.count("inbox").await, world.count("audit WHERE subject <> 'directory'").await),
            (0, 0)
        );
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_without_a_staff_id_is_a_stranger_and_not_an_error() {
    tell(BOTH, |mut world: World| async move {
        let mut message = message("msgStranger==", "li.na", "/my");
        message.as_object_mut().unwrap().remove("senderStaffId");
        assert_eq!(world.delivers_message(&message).await.0, 200);
        assert_eq!(
            world.count("inbox").await,
            1,
            "it was heard, and the answer is that nobody knows the account"
        );
        assert_eq!(world.count("outbox WHERE notice LIKE '%user:%'").await, 0);
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_whose_connection_broke_is_an_act_all_the_same() {
    tell(STREAM, |mut world: World| async move {
        world.stream.until(|seen| seen.opened.len() == 1).await;
        world.stream.sessions([Session::Ends(1, End::Cut), Session::Ends(1, End::Reset)]);
        world.stream.gives_notice();
        world.stream.until(|seen| seen.opened.len() == 2).await;
        for (n, id) in ["msgCut==", "msgReset=="].iter().enumerate() {
            let spoken = message(id, "li.na", "/help").to_string();
            world.stream.says(Said::robot(&format!("broken-{n}"), &spoken));
            world.stream.until(|seen| seen.opened.len() == n + 3).await;
            world.until_there_are(i64::try_from(n).unwrap() + 1, "inbox").await;
        }
        assert_eq!(world.says("li.na", "/help").await.0, 200);
        assert_eq!(world.count("inbox").await, 3);
        assert_eq!(world.stream.seen().pushes.len(), 3, "each was pushed once");
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_notice_messages_are_taken_on_the_next_connection_while_the_old_one_is_still_there() {
    tell(STREAM, |mut world: World| async move {
        assert_eq!(world.says("li.na", "/help").await.0, 200);
        world.stream.gives_notice();
        world.stream.until(|seen| seen.opened.len() == 2).await;
        assert_eq!(world.says("li.na", "/my").await.0, 200);
        world.stream.takes_down();
        let seen = world.stream.until(|seen| seen.log.len() == 4).await;
        assert_eq!(seen.log, ["open 1", "notice 1", "open 2", "end 1"]);
        assert_eq!(seen.answers.iter().map(|one| one.connection).collect::<Vec<_>>(), [1, 2]);
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_at_a_locked_database_is_committed_once_it_is_free() {
    tell(STREAM, |mut world: World| async move {
        assert_eq!(world.says("li.na", "/help").await.0, 200);
        let button = press("li.na", &json!({ "w": world.sealed(&json!({ "want": "my" })).await }));
        let stranger = Stranger::holds(&world.database).await;
        let spoken = message("msgLocked==", "li.na", "/my").to_string();
        world.stream.says(Said::robot("locked", &spoken));
        world.stream.until(|seen| seen.pushes.len() == 2).await;
        world.stream.says(Said::card("button", &button.to_string()));
        world.stream.until(|seen| seen.answered(500).contains(&"button")).await;
        assert!(
            !world.stream.seen().answered(200).contains(&"locked"),
            "nothing is answered that is not committed"
        );
        stranger.lets_go().await;
        let seen = world
            .stream
            .until(|seen| ["locked", "button"].iter().all(|id| seen.answered(200).contains(id)))
            .await;
        let times = |id: &str| seen.pushes.iter().filter(|(_, pushed)| pushed == id).count();
        assert!(times("locked") == 1 && times("button") > 1, "{:?}", seen.pushes);
        assert_eq!(world.count("inbox").await, 3);
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_share_what_is_pushed_and_each_is_one_act() {
    let Some(mut world) = World::begins(Backend::Postgres, Way::Stream).await else { return };
    let (_, other) = world.replica().await;
    world.stream.until(|seen| seen.opened.len() == 2).await;
    for (n, person) in PEOPLE[..10].iter().enumerate() {
        let spoken = message(&format!("msgShared{n}"), person, "/help").to_string();
        for again in 0..2 {
            world.stream.says(Said::robot(&format!("shared-{n}-{again}"), &spoken));
        }
    }
    let seen = world.stream.until(|seen| seen.answered(200).len() == 20).await;
    let by: std::collections::BTreeSet<_> = seen.pushes.iter().map(|(connection, _)| *connection).collect();
    assert_eq!((by.len(), world.count("inbox").await), (2, 10), "both took part");
    other.stop().await;
    assert_eq!(world.says("li.na", "/help").await.0, 200, "the one that is left takes everything");
    world.ends().await;
}
