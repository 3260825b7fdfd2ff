//! Says things on Feishu: to a person, into a chat, under a message; shows another card in place of one.
//!
//! Invariant: all tries at one message carry its key, so that at most one is heard; a card that Feishu refuses is said
//! more plainly instead; a buzz that fails is no failure of the message.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};

use super::api::{Api, CLOSED};
use super::fault::{ApiError, BAD_PARAMETER, Class};
use super::pace::Lane;
use crate::domain::{ChatId, MessageId};
use crate::messenger::{Address, SendError, Sent};

const MESSAGES: &str = "/open-apis/im/v1/messages";

/// Speaks as the app's bot.
pub struct Sender {
    pub(super) api: Arc<Api>,
}

/// The same thing from its best make to its plainest.
#[derive(Clone, Debug)]
pub struct Content {
    /// The card.
    pub card: Value,
    /// The card without calling anybody by name, and without its picture: one id that Feishu does not know spoils a
    /// whole card.
    pub nameless: Value,
    /// In words, with a link to the page that shows the rest.
    pub text: String,
}

/// Something new to say.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    /// At most 50 characters; Feishu remembers it for an hour.
    pub key: &'a str,
    /// To whom or where. A chat whose id is a person's (`ou_…`) is that person's private chat.
    pub to: &'a Address,
    /// What.
    pub content: &'a Content,
    /// Buzz the reader, where there is exactly one.
    pub urgent: bool,
}

/// The bot itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bot {
    /// `ou_…`: how it is mentioned.
    pub open_id: String,
    /// As shown.
    pub name: String,
}

/// Where something goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place<'a> {
    /// Of a person or a chat.
    id: &'a str,
    is_person: bool,
    under: Option<&'a str>,
}

impl Sender {
    /// Speaks through `api`.
    pub fn new(api: Arc<Api>) -> Self {
        Self { api }
    }

    /// The calls underneath.
    pub(super) fn api(&self) -> &Arc<Api> {
        &self.api
    }

    /// Says something new. [`SendError::Unclear`] may be tried again under the same key within the hour.
    pub async fn send(&self, letter: &Letter<'_>) -> Result<Sent, SendError> {
        let place = Place::of(letter.to);
        let answer = self.say(letter, place).await.map_err(refusal)?;
        let text = |field: &str| answer.get(field).and_then(Value::as_str);
        let Some(message) = text("message_id") else {
            return Err(SendError::Unclear { why: "Feishu took the message and did not name it".to_owned() });
        };
        if letter.urgent && place.is_person {
            self.buzz(message, place.id).await;
        }
        // A private chat has an id of its own, and that is what a button pressed there comes with.
        let chat = text("chat_id").unwrap_or(place.id);
        Ok(Sent { chat: ChatId::new(chat), message: MessageId::new(message) })
    }

    /// Shows another card in place of one; what had to be said in words is edited instead. The last one wins, so what
    /// got lost may be tried again.
    pub async fn update(&self, sent: &Sent, content: &Content) -> Result<(), SendError> {
        let path = format!("{MESSAGES}/{}", sent.message);
        let in_words = words_as_card(&content.text);
        let mut refused = None;
        for card in [&content.card, &content.nameless, &in_words] {
            let body = json!({"content": card.to_string()});
            let mut done = self.replace(Method::PATCH, sent, &path, &body).await;
            if done.as_ref().is_err_and(|error| error.code == Some(BAD_PARAMETER)) {
                // It may be no card: the card was refused when it was sent.
                let body = json!({"msg_type": "text", "content": words(&content.text)});
                done = self.replace(Method::PUT, sent, &path, &body).await;
            }
            match done {
                Err(error) if error.class == Class::Content => refused = Some(error),
                done => return done.map_err(unchanged),
            }
        }
        refused.map_or(Ok(()), |error| Err(unchanged(error)))
    }

    /// Who the bot is; also tells whether the credentials are right.
    pub async fn bot(&self) -> Result<Bot, ApiError> {
        let answer = self.api.call(Method::GET, "/open-apis/bot/v3/info", &[], None).await?;
        let text = |field| answer.pointer(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let bot = Bot { open_id: text("/bot/open_id"), name: text("/bot/app_name") };
        if bot.open_id.is_empty() {
            let why = "Feishu does not say who the bot is: is the app's bot switched on?".to_owned();
            return Err(ApiError::new(Class::Config, None, why));
        }
        Ok(bot)
    }

    /// The best make that Feishu takes; under the message if that is still there.
    pub(super) async fn say(&self, letter: &Letter<'_>, mut place: Place<'_>) -> Result<Value, ApiError> {
        let content = letter.content;
        let makes = [
            ("interactive", content.card.to_string()),
            ("interactive", content.nameless.to_string()),
            ("text", words(&content.text)),
        ];
        let mut refused = None;
        for (kind, said) in &makes {
            let body = json!({"msg_type": kind, "content": said, "uuid": letter.key});
            let mut done = self.post(place, &body).await;
            if place.under.is_some() && done.as_ref().is_err_and(|error| error.class == Class::Message) {
                place.under = None;
                done = self.post(place, &body).await;
            }
            match done {
                Err(error) if error.class == Class::Content => refused = Some(error),
                done => return done,
            }
        }
        Err(refused.unwrap_or_else(|| ApiError::new(Class::Other, None, "nothing to say".to_owned())))
    }

    async fn post(&self, place: Place<'_>, body: &Value) -> Result<Value, ApiError> {
        self.api.wait(Lane::Place(place.id)).await?;
        let mut body = body.clone();
        if let Some(message) = place.under {
            // A thread keeps a group quiet; in a private chat it would hide the answer.
            body["reply_in_thread"] = json!(!place.is_person);
            let path = format!("{MESSAGES}/{message}/reply");
            return self.api.call(Method::POST, &path, &[], Some(&body)).await;
        }
        body["receive_id"] = json!(place.id);
        let kind = if place.is_person { "open_id" } else { "chat_id" };
        self.api.call(Method::POST, MESSAGES, &[("receive_id_type", kind)], Some(&body)).await
    }

    async fn replace(&self, how: Method, sent: &Sent, path: &str, body: &Value) -> Result<(), ApiError> {
        self.api.wait(Lane::Message(sent.message.as_str())).await?;
        self.api.call(how, path, &[], Some(body)).await.map(drop)
    }

    async fn buzz(&self, message: &str, open_id: &str) {
        let path = format!("{MESSAGES}/{message}/urgent_app");
        let body = json!({"user_id_list": [open_id]});
        let query = [("user_id_type", "open_id")];
        if let Err(error) = self.api.call(Method::PATCH, &path, &query, Some(&body)).await {
            tracing::warn!(feishu.message = message, "an urgent message was said without a buzz: {error}");
        }
    }
}

impl<'a> Place<'a> {
    pub(super) fn of(to: &'a Address) -> Self {
        match to {
            Address::Person(open_id) => Self { id: open_id, is_person: true, under: None },
            Address::Chat { chat, reply_to } => Self {
                id: chat.as_str(),
                is_person: chat.as_str().starts_with("ou_"),
                under: reply_to.as_ref().map(MessageId::as_str),
            },
        }
    }
}

/// A text message. What looks like a mention could call everybody.
fn words(text: &str) -> String {
    json!({"text": text.replace('<', "\u{ff1c}")}).to_string()
}

/// The plainest card: words without markup.
fn words_as_card(text: &str) -> Value {
    let words = json!({"tag": "div", "text": {"tag": "plain_text", "content": text}});
    json!({"schema": "2.0", "config": {"update_multi": true}, "body": {"elements": [words]}})
}

/// What a call that failed means for a new message.
pub(super) fn refusal(error: ApiError) -> SendError {
    let ApiError { class, after, why, .. } = error;
    match class {
        Class::Limit => SendError::Full { after: after.unwrap_or(CLOSED) },
        Class::Token | Class::Retry => SendError::Retry { after, why },
        Class::Unclear => SendError::Unclear { why },
        Class::Config => SendError::Misconfigured { why },
        Class::Receiver | Class::Message | Class::Content | Class::Other => SendError::Refused { why },
    }
}

/// The same for a card that replaces another: doing it twice changes nothing.
fn unchanged(error: ApiError) -> SendError {
    match refusal(error) {
        SendError::Unclear { why } => SendError::Retry { after: None, why },
        other => other,
    }
}
