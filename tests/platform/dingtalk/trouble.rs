//! DingTalk in trouble, and presses that are nobody's to make: over HTTP with cards, and in Stream mode with messages.
//!
//! Invariant: what was said although the answer got lost is said a second time only where somebody has to decide on it
//! and DingTalk takes no key.

use serde_json::{Value, json};

use super::world::office::Fault;
use super::world::{World, tell};
use crate::world::company::{STRANGER, account};
use crate::world::filled;
use crate::world::telling::Way;

const BOTH: &[Way] = &[Way::Webhook, Way::Stream];
const NUMBER: &str = "2026-Q4-SCB-001";

fn form(other: &[(&str, &str)]) -> Value {
    serde_json::to_value(filled(other)).unwrap()
}

fn confirming(version: Option<i64>) -> Value {
    json!({ "want": "confirm", "request": NUMBER, "department": null, "version": version })
}

impl World {
    /// Filed by 张伟, approved by 刘洋, and all of that said.
    async fn has_asked(&mut self) {
        let file = json!({ "want": "file", "request": null });
        self.notes("zhang.wei", &file, &form(&[]), "success").await;
        assert_eq!(self.says("liu.yang", &format!("/approve {NUMBER}")).await.0, 200);
        self.settles().await;
    }

    /// Somebody presses a button, and the answer is of this kind.
    async fn notes(&mut self, person: &str, want: &Value, form: &Value, kind: &str) {
        let (code, answer) = self.presses(person, want, form).await;
        let note = &answer["userPrivateData"]["cardParamMap"];
        assert_eq!((code, note["note_kind"].as_str()), (200, Some(kind)), "{person} {want}: {answer}");
    }

    /// The call that says something to one person.
    fn saying(&self) -> &'static str {
        if self.has_cards() { "cards.create" } else { "batchSend" }
    }

    /// How often somebody was told that.
    fn told(&self, person: &str, title: &str) -> usize {
        if !self.has_cards() {
            return self.titles(&account(person), 0).iter().filter(|said| *said == title).count();
        }
        let (space, state) = (format!("IM_ROBOT.{}", account(person)), self.office.state());
        state.cards.values().filter(|card| card.space == space && card.data["title"] == title).count()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_persons_press_and_one_on_an_old_version_change_nothing() {
    tell(BOTH, |mut world: World| async move {
        world.has_asked().await;
        for person in ["sun.li", STRANGER] {
            world.notes(person, &confirming(None), &json!({}), "error").await;
        }
        let sql = format!("SELECT revision FROM request WHERE id = '{NUMBER}'");
        let version = crate::world::ground::numbers(&world.database, &sql, 1).await[0];
        world.says("li.na", &format!("/object {NUMBER} 时间太紧")).await;
        let revise = json!({ "want": "file", "request": NUMBER });
        world.notes("zhang.wei", &revise, &form(&[("ask1_wanted_by", "2026-12-22")]), "success").await;
        world.notes("li.na", &confirming(Some(version)), &json!({}), "error").await;
        assert_eq!(world.count("signature").await, 0);
        world.notes("li.na", &confirming(None), &json!({}), "success").await;
        assert_eq!(world.count("signature").await, 1);
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_with_missing_unknown_or_oversized_values_files_nothing() {
    tell(BOTH, |mut world: World| async move {
        let file = json!({ "want": "file", "request": null });
        let long = "长".repeat(20_000);
        let wrong =
            [("title", ""), ("ask1_department", "nowhere"), ("background", long.as_str()), ("priority", "7")];
        for one in wrong {
            world.notes("zhang.wei", &file, &form(&[one]), "error").await;
        }
        for odd in [json!({}), json!(7), json!([]), json!({ "title": { "index": 1 } })] {
            world.notes("zhang.wei", &file, &odd, "error").await;
        }
        assert_eq!(world.count("request").await, 0);
        world.notes("zhang.wei", &file, &form(&[("nobody_asked", "x")]), "success").await;
        assert_eq!(world.count("request").await, 1);
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_a_broken_gateway_and_a_token_that_ended_lose_and_double_nothing() {
    tell(BOTH, |mut world: World| async move {
        let saying = world.saying();
        let limit = Fault::Code(403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi");
        world.office.fail(saying, 1, limit);
        world.says("zhang.wei", "/new").await;
        world.settles().await;
        assert_eq!(world.told("zhang.wei", "发起跨部门需求"), 1, "after the limit");
        world.office.ends_tokens();
        world.says("li.na", "/new").await;
        world.settles().await;
        assert_eq!(world.told("li.na", "发起跨部门需求"), 1, "with a fresh token");
        // Before it was carried out: a card is tried again under its key, an answer without one is let be.
        world.office.fail(saying, 1, Fault::Page(502));
        world.says("wang.fang", "/new").await;
        world.settles().await;
        assert_eq!(world.told("wang.fang", "发起跨部门需求"), usize::from(world.has_cards()));
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_done_although_the_answer_got_lost_is_one_card_and_a_question_at_most_two_messages() {
    tell(BOTH, |mut world: World| async move {
        let (saying, has_cards) = (world.saying(), world.has_cards());
        world.office.fail(saying, 1, Fault::CutAfter);
        world.says("zhang.wei", "/new").await;
        world.settles().await;
        assert_eq!(world.told("zhang.wei", "发起跨部门需求"), 1, "an answer can be asked for");
        let file = json!({ "want": "file", "request": null });
        world.office.fail(saying, 1, Fault::CutAfter);
        world.notes("zhang.wei", &file, &form(&[]), "success").await;
        world.settles().await;
        let asked = world.told("liu.yang", "请审批市场部的协作需求");
        assert_eq!(asked, if has_cards { 1 } else { 2 }, "a decision is worth a second message");
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_whose_second_message_failed_for_certain_is_still_asked() {
    tell(BOTH, |mut world: World| async move {
        let (saying, has_cards) = (world.saying(), world.has_cards());
        world.says("zhang.wei", "/new").await;
        world.settles().await;
        world.office.fail(saying, 1, Fault::CutAfter);
        // Two, as a token that is over is replaced on the spot, once.
        world.office.fail(saying, 2, Fault::Code(401, "InvalidAuthentication"));
        let file = json!({ "want": "file", "request": null });
        world.notes("zhang.wei", &file, &form(&[]), "success").await;
        world.settles().await;
        assert_eq!(world.told("liu.yang", "请审批市场部的协作需求"), if has_cards { 1 } else { 2 });
        assert_eq!(world.count("outbox WHERE state = 'dead'").await, 0, "nothing is given up");
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_dingtalk_does_not_reach_the_head_hears_of() {
    tell(BOTH, |mut world: World| async move {
        let file = json!({ "want": "file", "request": null });
        world.notes("zhang.wei", &file, &form(&[]), "success").await;
        world.settles().await;
        let gone = account("li.na");
        world.office.state().people.retain(|person| person.id != gone);
        world.says("liu.yang", &format!("/approve {NUMBER}")).await;
        world.settles().await;
        for person in ["chen.jie", "huang.lei"] {
            assert_eq!(world.told(person, "消息无法送达李娜"), 1, "{person}");
        }
        assert_eq!(world.told("wang.fang", "请财务部确认协作任务"), 1, "nobody else waits");
        assert_eq!(world.count("outbox WHERE state = 'dead'").await, 1);
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_whose_robot_was_taken_out_is_an_alarm_once_and_holds_nobody_up() {
    tell(BOTH, |mut world: World| async move {
        world.has_asked().await;
        world.says("wang.fang", &format!("/confirm {NUMBER}")).await;
        world.is("2026-11-25 09:59").await;
        // Taken out by somebody in the group.
        world.office.fail("robot", 1, Fault::Old(400_106));
        world.is("2026-11-25 10:00").await;
        assert_eq!(world.told("chen.jie", "研发部的部门确认逾期未答复，请协助"), 1);
        assert_eq!(world.told("huang.lei", "有消息多次发送失败"), 1);
        assert_eq!(world.office.count("robot"), 1, "not tried again");
        world.ends().await;
    })
    .await;
}
