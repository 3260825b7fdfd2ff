//! Where pages of text are played: Feishu, and DingTalk with interactive cards or with links.
//!
//! Invariant: what a page has people do goes in as the protocol message of that messenger, and what it says is heard is
//! what its strict fake took.

use std::collections::BTreeMap;

use serde_json::json;

use crate::dingtalk;
use crate::world::{World, company};

#[path = "../story/four_weeks/timeline.rs"]
mod timeline;

pub use timeline::{Stage, compare, played};

impl Stage for World {
    async fn is_killed(&mut self) {
        self.restarts().await;
    }

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

/// DingTalk's company, and how much of what was said was heard.
pub struct Office {
    pub world: dingtalk::world::World,
    heard: usize,
}

impl Office {
    /// Nothing was said yet.
    pub fn of(world: dingtalk::world::World) -> Self {
        Self { world, heard: 0 }
    }

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
    pub fn with_button(&self, person: &str, label: &str) -> (String, BTreeMap<String, String>, usize) {
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

    /// Where a button of somebody leads to a page: on the newest card that has it, or else in the newest message.
    pub fn link(&self, person: &str, label: &str) -> String {
        if self.world.has_cards() {
            let (_, shown, button) = self.with_button(person, label);
            return shown[&format!("b{button}_url")].clone();
        }
        self.world.newest_link(person, label)
    }
}

impl Stage for Office {
    async fn is_killed(&mut self) {
        self.world.restarts().await;
    }

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
        if self.world.has_cards() {
            let (id, shown, _) = self.with_button(person, label);
            let press = dingtalk::world::press_on(person, (&id, &shown), label);
            let (status, answer) = self.world.delivers_press(&press).await;
            assert_eq!(status, 200, "{answer}");
        } else {
            let link = self.link(person, label);
            let page = self.world.opens(&link).await;
            self.world.submits((&link, &page), &page.button(label), &[]).await.is_done();
        }
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
