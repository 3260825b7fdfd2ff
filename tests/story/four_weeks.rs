//! T1–T5: twelve tasks over four weeks with public holidays and a make-up Saturday, from the plan to the acceptance.

use crate::world::{World, story};

pub mod timeline;

pub use timeline::{Stage, compare, played};

/// Everything that is done and everything that is heard, minute by minute; the other messengers tell the same page.
const PAGE: &str = include_str!("four_weeks/page.txt");

impl Stage for World {
    async fn is_killed(&mut self) {
        World::is_killed(self).await;
    }

    async fn is(&mut self, moment: &str) {
        World::is(self, moment).await;
    }

    async fn says(&mut self, person: &str, words: &str) {
        World::says(self, person, words).await;
    }

    async fn says_in_the_group(&mut self, person: &str, words: &str) {
        self.says_in(person, "g-project", &format!("@联络 {words}")).await;
    }

    async fn presses(&mut self, person: &str, label: &str) {
        let messages = self.messages(&format!("p-{person}"), person).await;
        let pressable = |message: &serde_json::Value| {
            let actions = message["card"]["actions"].as_array()?;
            let found =
                actions.iter().find(|action| action["label"] == label && action["enabled"] == true)?;
            Some((message["id"].as_str()?.to_owned(), found["id"].as_str()?.to_owned()))
        };
        let found = messages.iter().rev().find_map(pressable);
        let (message, action) = found.unwrap_or_else(|| panic!("{person} has no button {label}"));
        self.presses_on(person, &message, &action, &[]).await;
    }

    async fn saves(&mut self, person: &str, values: &[(&str, &str)]) {
        self.fills(person, "save_task", values).await;
    }

    async fn heard(&mut self) -> Vec<String> {
        let heard = World::heard(self).await;
        heard
            .lines()
            .map(|line| line.replace("g-project", "project").replace("g-issues", "project"))
            .collect()
    }
}

story!(twelve_tasks_in_four_weeks_with_holidays_are_heard_of_as_the_page_tells, |world| {
    world.begins_at("2026-09-21 09:00").await;
    let number = world.files_with(&[("wanted_by", "2026-10-30")]).await;
    for (person, words) in [("liu.yang", "approve"), ("li.na", "confirm"), ("wang.fang", "confirm")] {
        world.says(person, &format!("/{words} {number}")).await;
    }
    world.forgets().await;
    let told = played(world, PAGE).await;
    compare(PAGE, &told);
    assert!(world.upcoming().await.is_empty(), "nothing is owed any more");
});
