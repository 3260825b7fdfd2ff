//! What people do: they write, they press, they fill in.
//!
//! Invariant: a pressed button is one that the fake holds, and comes back with the value that it holds.

use std::time::Duration;

use serde_json::{Value, json};

use super::cards::{self, Button};
use super::company::{PEOPLE, account, name, private};
use super::envelope::{Event, TENANT};
use super::feishu::{BOT, Message};
use super::{World, validate};

/// What a pressed button got back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The line that passes by.
    pub toast: String,
    /// `success`, `info`, `warning`, `error`; empty without a line.
    pub kind: String,
    /// The card that takes the place of the one that was pressed.
    pub card: Option<Value>,
}

impl Answer {
    /// The answer as it came.
    pub fn of(body: &Value) -> Self {
        assert!(body.is_object(), "a click must be answered with an object: {body}");
        let text = |path: &str| body.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let card = body.pointer("/card/data").cloned();
        if let Some(card) = &card {
            assert_eq!(body["card"]["type"], "raw");
            let complaints = validate::complaints(card);
            assert!(complaints.is_empty(), "{complaints:?}\n{card}");
        }
        Self { toast: text("/toast/content"), kind: text("/toast/type"), card }
    }
}

fn ids(person: &str) -> Value {
    let open_id = account(person);
    let bare = open_id.trim_start_matches("ou_");
    json!({ "open_id": open_id, "union_id": format!("on_{bare}"), "user_id": format!("u{}", &bare[24..]) })
}

impl World {
    /// Somebody writes to the bot.
    pub async fn says(&self, person: &str, text: &str) {
        let event = self.spoken(person, &private(person), text);
        assert_eq!(self.delivers(&event).await.0, 200);
        self.settles().await;
    }

    /// Somebody writes into a group, and calls the bot by name.
    pub async fn says_in(&self, person: &str, chat: &str, text: &str) {
        let event = self.spoken(person, chat, &format!("@协同助手 {text}"));
        assert_eq!(self.delivers(&event).await.0, 200);
        self.settles().await;
    }

    /// The event of a message; people and the bot are called by name where the text says `@name`.
    pub fn spoken(&self, person: &str, chat: &str, text: &str) -> Event {
        let message = self.fake.says(&account(person), chat, text);
        let called = PEOPLE.iter().map(|id| (name(id), ids(id), "user"));
        let bot =
            ("协同助手".to_owned(), json!({ "open_id": BOT, "union_id": "on_b", "user_id": "" }), "bot");
        let (mut text, mut mentions) = (text.to_owned(), Vec::new());
        for (name, id, kind) in [bot].into_iter().chain(called) {
            if text.contains(&format!("@{name}")) {
                let key = format!("@_user_{}", mentions.len() + 1);
                text = text.replace(&format!("@{name}"), &key);
                mentions.push(json!({
                    "key": key, "id": id, "name": name, "mentioned_type": kind, "tenant_key": TENANT,
                }));
            }
        }
        let kind = if chat == private(person) { "p2p" } else { "group" };
        let body = json!({
            "sender": { "sender_id": ids(person), "sender_type": "user", "tenant_key": TENANT },
            "message": {
                "message_id": message, "create_time": "1795219198765", "update_time": "1795219198765",
                "chat_id": chat, "chat_type": kind, "message_type": "text",
                "content": json!({ "text": text }).to_string(), "mentions": mentions,
            },
        });
        self.happens("im.message.receive_v1", body)
    }

    /// Something that happened, with an id of its own.
    pub fn happens(&self, kind: &'static str, body: Value) -> Event {
        Event { id: format!("ev_{}", self.serial()), kind, body }
    }

    /// Presses a button on the newest message of a private chat that has it.
    pub async fn presses(&self, person: &str, label: &str) -> Answer {
        self.fills(person, label, &[]).await
    }

    /// The same with a form filled in.
    pub async fn fills(&self, person: &str, label: &str, values: &[(&str, &str)]) -> Answer {
        let (message, button) = self.with_button(person, label);
        let answer = self.clicks(person, &message, button.action(values)).await;
        self.settles().await;
        answer
    }

    /// A click, and what the client shows after it.
    pub async fn clicks(&self, person: &str, message: &Message, action: Value) -> Answer {
        let event = self.click(person, message, action);
        let (status, body) = self.delivers(&event).await;
        assert_eq!(status, 200, "{body}");
        let answer = Answer::of(&body);
        if let (Some(card), Some(shown)) = (&answer.card, self.fake.state().message_mut(&message.id)) {
            shown.content = card.to_string();
        }
        answer
    }

    /// The event of a click.
    pub fn click(&self, person: &str, message: &Message, action: Value) -> Event {
        let mut operator = ids(person);
        operator["tenant_key"] = json!(TENANT);
        let body = json!({
            "operator": operator, "token": format!("c-{}", self.serial()), "action": action, "host": "im_message",
            "context": { "open_message_id": message.id, "open_chat_id": message.chat },
        });
        self.happens("card.action.trigger", body)
    }

    /// The newest message in somebody's private chat with a button of these words.
    #[track_caller]
    pub fn with_button(&self, person: &str, label: &str) -> (Message, Button) {
        let messages = self.fake.sent_to(&account(person));
        let pressable = |message: &Message| {
            let card: Value = serde_json::from_str(&message.content).unwrap();
            Some((message.clone(), cards::button(&card, label)?))
        };
        let found = messages.iter().rev().find_map(pressable);
        found.unwrap_or_else(|| {
            let cards = messages.iter().map(|message| serde_json::from_str(&message.content).unwrap());
            let labels: Vec<_> = cards.map(|card: Value| cards::labels(&card)).collect();
            panic!("{person} has no button {label}, but {labels:?}")
        })
    }

    /// The newest message to somebody.
    #[track_caller]
    pub fn newest(&self, person: &str) -> Message {
        self.fake.sent_to(&account(person)).pop().unwrap()
    }

    /// The newest card of somebody, as it looks now.
    #[track_caller]
    pub fn card(&self, person: &str) -> Value {
        serde_json::from_str(&self.newest(person).content).unwrap()
    }

    /// Files a complete request of 张伟 for research (研发部) and finance (财务部).
    pub async fn files(&self) -> String {
        self.files_with(&[]).await
    }

    /// The same with some fields otherwise.
    pub async fn files_with(&self, other: &[(&str, &str)]) -> String {
        self.says("zhang.wei", "/new").await;
        let answer = self.fills("zhang.wei", "提交", &super::lent(&super::filled(other))).await;
        let toast = answer.toast;
        let number =
            toast.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).find(|w| w.contains("-Q"));
        number.unwrap_or_else(|| panic!("not filed: {toast}")).to_owned()
    }

    /// Filed and approved: both departments are asked. Nothing of it needs telling again.
    pub async fn files_and_approves(&mut self) -> String {
        let number = self.files().await;
        self.presses("liu.yang", "同意").await;
        self.forgets();
        number
    }

    /// Waits until the fake has seen what is awaited.
    pub async fn until(&self, what: &str, awaited: impl Fn(&Self) -> bool) {
        let begun = std::time::Instant::now();
        while !awaited(self) {
            assert!(begun.elapsed() < super::PATIENCE, "did not come: {what}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}
