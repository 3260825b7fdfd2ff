//! What happened on DingTalk is told in another order: each event is taken, and once all of them are in, things are as
//! they would be had they come in theirs.

use serde_json::json;

use super::world::fake::Said;
use super::world::{press, tell};
use crate::world::company::account;
use crate::world::telling::Way;
use crate::world::{errors, ground};

/// The service learns what DingTalk calls a card only from the answer to its call; who presses before that came is
/// heard.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_press_on_a_card_that_the_service_does_not_know_to_be_there_counts_once() {
    tell(&[Way::Webhook], |mut world| async move {
        let form = serde_json::to_value(ground::filled(&[])).unwrap();
        let (code, answer) =
            world.presses("zhang.wei", &json!({ "want": "file", "request": null }), &form).await;
        assert_eq!(code, 200, "{answer}");
        world.settles().await;
        let approve =
            world.sealed(&json!({ "want": "approve", "request": "2026-Q4-SCB-001", "version": 1 })).await;
        let mut pressed = press("liu.yang", &json!({ "w": approve }));
        pressed["outTrackId"] = json!("a-card-that-is-not-known-yet");
        for _ in 0..2 {
            let (code, answer) = world.delivers_press(&pressed).await;
            assert_eq!(code, 200, "{answer}");
            world.settles().await;
        }
        assert_eq!(world.count("audit WHERE what = 'approved'").await, 1);
        assert_eq!(
            world.count("outbox WHERE state IN ('waiting', 'dead') AND lane NOT LIKE 'cards:%'").await,
            0
        );
        assert!(errors::kept().is_empty(), "{:?}", errors::kept());
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whose_leaving_is_told_before_their_coming_is_nobody_on_dingtalk_either() {
    tell(&[Way::Stream], |world| async move {
        let happens = async |id: &str, kind: &'static str, data: serde_json::Value| {
            let (code, answer) = world.pushes(Said::happened(id, kind, &data.to_string())).await;
            assert_eq!((code, &answer["status"]), (200, &json!("SUCCESS")), "{kind}");
        };
        let active = "person WHERE active";
        let before = world.count(active).await;
        for (n, kind) in ["user_leave_org", "user_modify_org", "user_add_org"].iter().enumerate() {
            happens(&format!("p{n}"), kind, json!({ "userId": ["nobody-any-more"] })).await;
        }
        assert_eq!(world.count(active).await, before);
        world.office.state().people.retain(|person| person.id != account("tang.rui"));
        for (n, kind) in ["user_leave_org", "user_modify_org", "user_add_org"].iter().enumerate() {
            happens(&format!("t{n}"), kind, json!({ "userId": [account("tang.rui")] })).await;
        }
        assert_eq!(world.count("person WHERE NOT active AND id = 'tang.rui'").await, 1);
        assert_eq!(world.count(active).await, before - 1, "and nobody else");
        let bound = world.count("binding").await;
        for (id, kind) in [("d1", "org_dept_remove"), ("d2", "org_dept_modify"), ("d3", "org_dept_create")] {
            happens(id, kind, json!({ "deptId": [999] })).await;
        }
        for (id, kind) in [("m1", "robot_msg_recall"), ("m2", "robot_msg_read"), ("m3", "chat_disband")] {
            happens(id, kind, json!({ "openConversationId": "cid-unknown", "processQueryKey": "unknown" }))
                .await;
        }
        assert_eq!((world.count("binding").await, world.count("outbox").await), (bound, 0));
        assert!(errors::kept().is_empty(), "{:?}", errors::kept());
        world.ends().await;
    })
    .await;
}
