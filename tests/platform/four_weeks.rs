//! The four weeks of a request with twelve tasks, told on Feishu and on DingTalk: the same page as in the sandbox.

use serde_json::json;

use crate::dingtalk;
use crate::world::telling::{Backend, Way};
use crate::world::{World, company, filled, story};

#[path = "../story/four_weeks/timeline.rs"]
mod timeline;

use timeline::{Stage, compare, played};

const PAGE: &str = include_str!("../story/four_weeks/page.txt");
const BEGIN: &str = "2026-09-21 09:00";

impl Stage for World {
    async fn is(&mut self, moment: &str) {
        World::is(self, moment).await;
    }

    async fn says(&mut self, person: &str, words: &str) {
        World::says(self, person, words).await;
    }

    async fn says_in_the_group(&mut self, person: &str, words: &str) {
        self.says_in(person, company::PROJECT, words).await;
    }

    async fn presses(&mut self, person: &str, label: &str) {
        World::presses(self, person, label).await;
    }

    async fn saves(&mut self, person: &str, values: &[(&str, &str)]) {
        self.fills(person, "保存", values).await;
    }

    async fn heard(&mut self) -> Vec<String> {
        World::heard(self).lines().map(str::to_owned).collect()
    }
}

story!(twelve_tasks_in_four_weeks_are_heard_of_on_feishu_as_the_page_tells, |world| {
    world.begins_at(BEGIN).await;
    let number = world.files_with(&[("wanted_by", "2026-10-30")]).await;
    for (person, words) in [("liu.yang", "approve"), ("li.na", "confirm"), ("wang.fang", "confirm")] {
        world.says(person, &format!("/{words} {number}")).await;
    }
    world.forgets();
    let told = played(world, PAGE).await;
    compare(PAGE, &told);
});

/// DingTalk's company, and how much of what was said was heard.
struct Office {
    world: dingtalk::world::World,
    heard: usize,
}

impl Office {
    /// Everybody's name behind the id of an account.
    fn named(to: &str) -> String {
        let person = company::PEOPLE.iter().find(|person| company::account(person) == to);
        match person {
            Some(person) => (*person).to_owned(),
            None if to == dingtalk::world::office::GROUP => "project".to_owned(),
            None => to.to_owned(),
        }
    }

    /// The newest card of somebody with this button: its id, its parameters, and the button's place.
    fn with_button(
        &self,
        person: &str,
        label: &str,
    ) -> (String, std::collections::BTreeMap<String, String>, usize) {
        let space = format!("IM_ROBOT.{}", company::account(person));
        let state = self.world.office.state();
        // A card's id is the key of its message, and keys rise.
        let found =
            state.cards.iter().rev().filter(|(_, card)| card.space == space).find_map(|(id, card)| {
                let button = (1..=6).find(|n| card.data[&format!("b{n}_label")] == label)?;
                Some((id.clone(), card.data.clone(), button))
            });
        found.unwrap_or_else(|| panic!("{person} has no button {label}"))
    }
}

impl Office {
    /// Where a button of somebody leads to a page: on the newest card that has it, or else in the newest message.
    fn link(&self, person: &str, label: &str) -> String {
        if self.world.has_cards() {
            let (_, shown, button) = self.with_button(person, label);
            return shown[&format!("b{button}_url")].clone();
        }
        let (account, messages) = (company::account(person), self.world.office.messages());
        let mut theirs = messages.iter().rev().filter(|message| message.to == account);
        let found = theirs.find_map(|message| dingtalk::led(&message.content, label));
        found.unwrap_or_else(|| panic!("{person} has no button {label}"))
    }
}

impl Stage for Office {
    async fn is(&mut self, moment: &str) {
        self.world.is(moment).await;
    }

    async fn says(&mut self, person: &str, words: &str) {
        let (status, answer) = self.world.says(person, words).await;
        assert_eq!(status, 200, "{answer}");
        self.world.settles().await;
    }

    async fn says_in_the_group(&mut self, person: &str, words: &str) {
        let id = self.world.fresh("msg");
        let mut message = dingtalk::world::message(&id, person, words);
        message["conversationType"] = json!("2");
        message["conversationId"] = json!(dingtalk::world::office::GROUP);
        message["isInAtList"] = json!(true);
        let (status, answer) = self.world.delivers_message(&message).await;
        assert_eq!(status, 200, "{answer}");
        self.world.settles().await;
    }

    async fn presses(&mut self, person: &str, label: &str) {
        if !self.world.has_cards() {
            let link = self.link(person, label);
            let page = self.world.opens(&link).await;
            self.world.submits((&link, &page), &page.button(label), &[]).await.is_done();
            return self.world.settles().await;
        }
        let (id, shown, _) = self.with_button(person, label);
        let press = dingtalk::world::press_on(person, (&id, &shown), label);
        let (status, answer) = self.world.delivers_press(&press).await;
        assert_eq!(status, 200, "{answer}");
        self.world.settles().await;
    }

    async fn saves(&mut self, person: &str, values: &[(&str, &str)]) {
        let link = self.link(person, "保存");
        self.world.fills(&link, "save_task", values).await.is_done();
        self.world.settles().await;
    }

    async fn heard(&mut self) -> Vec<String> {
        let messages = self.world.office.messages();
        let new = messages.iter().skip(self.heard);
        let lines = new.map(|message| format!("{} ← {}", Self::named(&message.to), dingtalk::title(message)));
        let lines = lines.collect();
        self.heard = messages.len();
        lines
    }
}

async fn on_dingtalk(mut world: dingtalk::world::World) {
    world.begins_at(BEGIN).await;
    let mut office = Office { world, heard: 0 };
    office.says("zhang.wei", "/new 新品上市推广").await;
    let link = office.link("zhang.wei", "提交");
    let values = filled(&[("wanted_by", "2026-10-30")]);
    office.world.fills(&link, "file", &crate::world::lent(&values)).await.is_done();
    for (person, words) in [("liu.yang", "approve"), ("li.na", "confirm"), ("wang.fang", "confirm")] {
        office.says(person, &format!("/{words} SCB-1")).await;
    }
    office.heard().await;
    let told = played(&mut office, PAGE).await;
    compare(PAGE, &told);
    office.world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twelve_tasks_in_four_weeks_are_heard_of_on_dingtalk_as_the_page_tells() {
    dingtalk::world::tell(&[Way::Webhook], on_dingtalk).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twelve_tasks_in_four_weeks_without_cards_are_heard_of_over_stream_as_the_page_tells() {
    let Some(world) = dingtalk::world::World::begins(Backend::Sqlite, Way::Stream).await else { return };
    on_dingtalk(world).await;
}
