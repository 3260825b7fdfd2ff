//! What was heard on Feishu's side.
//!
//! Invariant: each message is heard once; a card that takes the place of another is not heard again.

use std::fmt::Write as _;

use serde_json::Value;

use super::company::{MANAGERS, PEOPLE, PROJECT, STRANGER, private};
use super::feishu::{Author, Message};
use super::{World, cards, validate};

/// Where a message stands, as stories name it; first of all the order of telling.
fn place(chat: &str) -> (usize, String) {
    let people = PEOPLE.iter().chain(&[STRANGER]).map(|person| (private(person), *person));
    let groups = [(MANAGERS, "managers"), (PROJECT, "project")].map(|(id, name)| (id.to_owned(), name));
    let mut places = people.chain(groups).enumerate();
    let found = places.find(|(_, (id, _))| id == chat);
    found.map_or_else(|| (usize::MAX, chat.to_owned()), |(at, (_, name))| (at, name.to_owned()))
}

/// What a message says, in a few words.
fn words(message: &Message) -> String {
    let content: Value = serde_json::from_str(&message.content).unwrap();
    match message.msg_type.as_str() {
        "interactive" => cards::title(&content),
        _ => format!("“{}”", content["text"].as_str().unwrap().lines().next().unwrap_or_default()),
    }
}

impl World {
    /// What the bot said since this was last asked, a line each: `li.na ← title`; by people, then groups.
    pub fn heard(&mut self) -> String {
        let messages = self.fake.state().messages.clone();
        let new = messages.iter().skip(self.heard).filter(|message| message.author == Author::Bot);
        let mut lines: Vec<_> = new.map(|message| (place(&message.chat), words(message))).collect();
        self.heard = messages.len();
        lines.sort_by_key(|((at, _), _)| *at);
        lines.into_iter().fold(String::new(), |mut told, ((_, name), words)| {
            writeln!(told, "{name} ← {words}").unwrap();
            told
        })
    }

    /// Exactly this was heard since it was last asked.
    #[track_caller]
    pub fn hears(&mut self, expected: &str) {
        let heard = self.heard();
        let tidy = |text: &str| {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        let (expected, heard) = (tidy(expected), tidy(&heard));
        assert!(
            expected == heard,
            "expected:\n  {}\nheard:\n  {}",
            expected.join("\n  "),
            heard.join("\n  ")
        );
    }

    /// What was heard so far does not matter.
    pub fn forgets(&mut self) {
        self.heard();
    }

    /// Every card was one that Feishu surely takes, and nothing was refused that was not to be.
    pub(super) fn spoke_well(&self) {
        for call in self.fake.calls() {
            assert!(self.in_trouble || call.code == 0, "refused with {}: {call:?}", call.code);
            let content = call.body["content"].as_str().unwrap_or_default();
            let is_card = call.body["msg_type"] == "interactive" || call.name == "messages.patch";
            if is_card {
                let card: Value = serde_json::from_str(content).unwrap();
                let complaints = validate::complaints(&card);
                assert!(complaints.is_empty(), "{complaints:?}\n{content}");
            }
        }
    }
}
