//! What was heard on DingTalk's side, and the clock that is moved until it is.
//!
//! Invariant: what is looked for is in a message that the strict fake took.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;

use super::world::World;
use super::world::office::Message;
use crate::world::{company, ground};

/// Nothing that is awaited takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The title that the list of chats shows.
pub fn title(message: &Message) -> String {
    let places = ["/title", "/markdown/title", "/actionCard/title"];
    let found = places.iter().find_map(|place| message.content.pointer(place)?.as_str());
    found.unwrap_or_default().to_owned()
}

/// Where the button with this label leads, of a message whose buttons are links.
pub fn led(content: &Value, label: &str) -> Option<String> {
    let text = |name: &str| content[name].as_str().unwrap_or_default();
    if text("singleTitle") == label {
        return Some(text("singleURL").to_owned());
    }
    let button = (1..=5).find(|n| text(&format!("actionTitle{n}")) == label)?;
    Some(text(&format!("actionURL{button}")).to_owned())
}

impl World {
    /// The clock is set to a moment of the company's zone, `2026-11-24 17:00`; everything on the way fires.
    pub async fn is(&self, moment: &str) {
        let at: Timestamp = format!("{}:00+08:00", moment.replace(' ', "T")).parse().unwrap();
        self.running().moves_to(at).await.unwrap();
        self.settles().await;
    }

    /// Everything due now has fired and been said.
    pub async fn settles(&self) {
        let begun = Instant::now();
        let running = self.running();
        loop {
            running.moves_to(running.now()).await.unwrap();
            let now = running.now().as_millisecond();
            let sql = format!(
                "SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND not_before <= {now} AND lane NOT LIKE 'cards:%'"
            );
            if ground::numbers(&self.database, &sql, 1).await == [0] {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "something waits and is not said");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The titles of what was said to somebody, or in the group of the robot (`robot`), since the last `so_many`.
    pub fn titles(&self, to: &str, so_many: usize) -> Vec<String> {
        let messages = self.office.messages();
        messages.iter().skip(so_many).filter(|message| message.to == to).map(title).collect()
    }

    /// Everything due has been said, and somebody heard this since the last `so_many` messages.
    pub async fn hears(&self, person: &str, words: &str, so_many: usize) {
        self.settles().await;
        let titles = self.titles(&company::account(person), so_many);
        assert!(titles.iter().any(|title| title == words), "{person} heard {titles:?}, not {words:?}");
    }

    /// Where a button of the newest message of that title leads.
    pub async fn link(&self, person: &str, (words, label): (&str, &str)) -> String {
        self.settles().await;
        let (account, messages) = (company::account(person), self.office.messages());
        let mut theirs = messages.iter().rev().filter(|message| message.to == account);
        let found = theirs.find(|message| title(message) == words);
        let found = found.unwrap_or_else(|| panic!("{person} has no {words:?} in {messages:#?}"));
        led(&found.content, label).unwrap_or_else(|| panic!("no button {label:?}: {found:#?}"))
    }

    /// Where the button with this label leads, on the newest message to somebody that has it.
    pub fn newest_link(&self, person: &str, label: &str) -> String {
        let (account, messages) = (company::account(person), self.office.messages());
        let theirs = messages.iter().rev().filter(|message| message.to == account);
        let found = theirs.filter_map(|message| led(&message.content, label)).next();
        found.unwrap_or_else(|| panic!("{person} has no button {label:?} in {messages:#?}"))
    }
}
