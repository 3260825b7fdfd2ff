//! Says things on DingTalk: as an interactive card where there is a template, as a message where there is none; through
//! a session's webhook where that is free; through a group's own robot where the application is not in the group.
//!
//! Invariant: robots take no key, so that what may have been said is not said again here; a card that its template or
//! its delivery fails is said as a message instead, because then it is sure that it was not seen.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use sha2::Sha256;

use super::api::{Api, ApiError, Ask, Class, Lane};
use super::card::Message;
use super::many::reached;
use super::receiver::Receiver;
use super::session::Sessions;
use super::template::Template;
use super::{Ding, GroupRobot};
use crate::domain::MessageId;
use crate::messenger::{Address, SendError, Sent};

const TO_PEOPLE: &str = "/v1.0/robot/oToMessages/batchSend";
const TO_GROUP: &str = "/v1.0/robot/groupMessages/send";
const DING: &str = "/v1.0/robot/ding/send";
const CARD: &str = "/v1.0/card/instances";
const NEW_CARD: &str = "/v1.0/card/instances/createAndDeliver";
const ROBOT: &str = "/robot/send";

/// What the id of a message begins with that is no card, and so cannot be changed.
const FIXED: &str = "msg:";

/// Speaks as the application's robot.
pub struct Sender {
    api: Arc<Api>,
    sessions: Arc<Sessions>,
    template: Template,
}

/// The same thing in each of its makes.
#[derive(Clone, Debug)]
pub struct Content {
    /// The complete parameters of a card.
    pub data: Value,
    /// The list of chats shows it.
    pub summary: String,
    /// A message with links.
    pub message: Message,
    /// In words.
    pub plain: String,
    /// Accounts that are called by name: id and name.
    pub calls: Vec<(String, String)>,
}

/// Something new to say.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    /// At most 50 characters: the card's own id, which DingTalk takes once and for all.
    pub key: &'a str,
    /// To whom or where.
    pub to: &'a Address,
    /// What.
    pub content: &'a Content,
    /// With a DING, where there is exactly one reader and DINGs are configured.
    pub urgent: bool,
}

impl Sender {
    /// Speaks through `api`; chats that are in `sessions` are answered for free.
    pub fn new(api: Arc<Api>, sessions: Arc<Sessions>) -> Self {
        let template = Template::new(api.options.card_template_id.clone());
        Self { api, sessions, template }
    }

    /// The calls underneath.
    pub fn api(&self) -> &Arc<Api> {
        &self.api
    }

    /// The chats that are answered for free.
    pub(super) fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// Whether the same key is surely one message: only cards have keys.
    pub fn has_keys(&self) -> bool {
        self.template.usable(self.api.now()).is_some()
    }

    /// Says something new. After [`SendError::Unclear`] it may have been said, and only a card may be tried again.
    pub async fn send(&self, letter: &Letter<'_>) -> Result<Sent, SendError> {
        let Some(place) = Receiver::of(letter.to, &self.api.options) else {
            return Err(SendError::Refused {
                why: "the group's robot is not configured any more".to_owned(),
            });
        };
        let message = self.say(letter, place).await.map_err(refusal)?;
        if let (true, Receiver::Person(user)) = (letter.urgent, place) {
            self.ding(user, &letter.content.plain).await;
        }
        Ok(Sent { chat: place.chat(), message })
    }

    /// Shows another card in place of one. A message that is no card stays as it was said: its links show what is now.
    pub async fn update(&self, sent: &Sent, content: &Content) -> Result<(), SendError> {
        if sent.message.as_str().starts_with(FIXED) {
            return Ok(());
        }
        let body = json!({"outTrackId": sent.message.as_str(), "cardData": {"cardParamMap": content.data},
            "cardUpdateOptions": {"updateCardDataByKey": false, "updatePrivateDataByKey": false}});
        let done = self.api.call(&Ask::new(Method::PUT, CARD, &body)).await;
        // The last one wins, so what got lost may be tried again.
        done.map(drop).map_err(|error| match refusal(error) {
            SendError::Unclear { why } => SendError::Retry { after: None, why },
            other => other,
        })
    }

    /// The best make that DingTalk takes there.
    pub(super) async fn say(&self, letter: &Letter<'_>, place: Receiver<'_>) -> Result<MessageId, ApiError> {
        if let Receiver::Robot(robot) = place {
            return self.through(robot, letter).await;
        }
        if let Some(template) = self.template.usable(self.api.now()) {
            match self.as_card(letter, (place, template)).await {
                Err(error) if error.class == Class::Template => {
                    tracing::error!("cards are said as messages for a while: {error}");
                    self.template.failed(self.api.now());
                }
                Err(error) if error.class == Class::Content => {
                    tracing::warn!(dingtalk.card = letter.key, "a card is said as a message: {error}");
                    let is_made = error.code.is_none();
                    return self.as_message(letter, place).await.map_err(|error| last(error, is_made));
                }
                done => return done,
            }
        }
        self.as_message(letter, place).await
    }

    async fn as_card(
        &self,
        letter: &Letter<'_>,
        (place, template): (Receiver<'_>, &str),
    ) -> Result<MessageId, ApiError> {
        self.api.wait(Lane::Receiver(place.id())).await?;
        let body = self.template.body(letter, (place, template), &self.api.options);
        let answer = match self.api.call(&Ask::new(Method::POST, NEW_CARD, &body)).await {
            // An earlier try under this key arrived.
            Err(error) if error.class == Class::Done => return Ok(MessageId::new(letter.key)),
            answer => answer?,
        };
        let delivered = answer.pointer("/result/deliverResults").and_then(Value::as_array);
        let Some(delivered) = delivered.filter(|all| !all.is_empty()) else {
            return Err(ApiError::new(Class::Unclear, "DingTalk took the card and does not say where it is"));
        };
        // A success may hold failures.
        let failed = delivered.iter().find(|one| one.get("success").and_then(Value::as_bool) != Some(true));
        match failed {
            None => Ok(MessageId::new(letter.key)),
            Some(one) => {
                let why = one.get("errorMsg").and_then(Value::as_str).unwrap_or_default();
                Err(ApiError::new(Class::Content, format!("the card was not delivered: {why}")))
            }
        }
    }

    async fn as_message(&self, letter: &Letter<'_>, place: Receiver<'_>) -> Result<MessageId, ApiError> {
        if let Some(said) = self.in_session(letter, place).await? {
            return Ok(said);
        }
        self.api.wait(Lane::Receiver(place.id())).await?;
        let Content { message, plain, .. } = letter.content;
        let in_words = || ("sampleText".to_owned(), json!({"content": plain}).to_string());
        match self.by_robot(place, message.robot()).await {
            Err(error) if error.class == Class::Content => self.by_robot(place, in_words()).await,
            done => done,
        }
    }

    async fn by_robot(&self, place: Receiver<'_>, said: (String, String)) -> Result<MessageId, ApiError> {
        if let Receiver::Person(user) = place {
            return reached(&self.to_people(&[user], said).await?, user);
        }
        let body = json!({"robotCode": self.api.options.robot_code, "openConversationId": place.id(),
            "msgKey": said.0, "msgParam": said.1});
        named(&self.api.call(&Ask::new(Method::POST, TO_GROUP, &body)).await?)
    }

    /// To at most [`super::many::MOST`] people.
    pub(super) async fn to_people(&self, users: &[&str], said: (String, String)) -> Result<Value, ApiError> {
        let body = json!({"robotCode": self.api.options.robot_code, "userIds": users, "msgKey": said.0,
            "msgParam": said.1});
        self.api.call(&Ask::new(Method::POST, TO_PEOPLE, &body)).await
    }

    /// Through the webhook of a chat that spoke lately; none where there is none or where it is refused.
    async fn in_session(
        &self,
        letter: &Letter<'_>,
        place: Receiver<'_>,
    ) -> Result<Option<MessageId>, ApiError> {
        let chat = place.chat();
        let Some(session) = self.sessions.of(&chat, self.api.now()) else { return Ok(None) };
        let calls: Vec<&str> = match place {
            Receiver::Group(_) => letter.content.calls.iter().map(|(id, _)| id.as_str()).collect(),
            _ => Vec::new(),
        };
        let body = letter.content.message.webhook(&calls);
        match self.api.post(session.url.expose_secret(), &[], &body).await {
            Ok(_) => Ok(Some(fixed(letter.key))),
            Err(error) if matches!(error.class, Class::Unclear | Class::Banned) => Err(error),
            Err(error) => {
                tracing::debug!("a session's webhook is not taken any more: {error}");
                self.sessions.forget(&chat);
                Ok(None)
            }
        }
    }

    /// Through a group's own robot, which takes a key.
    async fn through(&self, robot: &GroupRobot, letter: &Letter<'_>) -> Result<MessageId, ApiError> {
        self.api.wait(Lane::Robot(&robot.name)).await?;
        let at = self.api.now().as_millisecond().to_string();
        let sign = sign(robot.secret.expose_secret(), &at);
        let query = [("access_token", robot.token.expose_secret()), ("timestamp", &at), ("sign", &sign)];
        let mut body = letter.content.message.webhook(&[]);
        body["msgUuid"] = json!(letter.key);
        let url = format!("{}{ROBOT}", self.api.options.legacy_base_url.trim_end_matches('/'));
        let done = self.api.post(&url, &query, &body).await;
        if let Err(error) = &done
            && let (Class::Limit, Some(after)) = (error.class, error.after)
        {
            self.api.close(&robot.name, after);
        }
        done.map(|_| fixed(letter.key))
    }

    async fn ding(&self, user: &str, words: &str) {
        let kind = match self.api.options.ding {
            None => return,
            Some(Ding::App) => 1,
            Some(Ding::Sms) => 2,
            Some(Ding::Phone) => 3,
        };
        let words: String = words.lines().next().unwrap_or_default().chars().take(200).collect();
        let body = json!({"robotCode": self.api.options.robot_code, "remindType": kind,
            "receiverUserIdList": [user], "content": words});
        if let Err(error) = self.api.call(&Ask::new(Method::POST, DING, &body)).await {
            tracing::warn!("an urgent message was said without a DING: {error}");
        }
    }
}

/// A message in place of a card is tried once where another try would be taken for done, because the card is there under
/// its key and only was not delivered, or would say the message twice.
fn last(error: ApiError, is_made: bool) -> ApiError {
    if is_made || error.class == Class::Unclear {
        let why = format!("not tried again, since its card was refused before: {}", error.why);
        return ApiError { class: Class::Other, why, ..error };
    }
    error
}

/// Under which key DingTalk keeps what it took.
pub(super) fn named(answer: &Value) -> Result<MessageId, ApiError> {
    let key = answer.get("processQueryKey").and_then(Value::as_str).filter(|key| !key.is_empty());
    let unclear = || ApiError::new(Class::Unclear, "DingTalk took the message and did not name it");
    key.map(fixed).ok_or_else(unclear)
}

fn fixed(id: &str) -> MessageId {
    MessageId::new(format!("{FIXED}{id}"))
}

/// The signature of a custom robot: over the moment in milliseconds and the secret, with the secret.
fn sign(secret: &str, at: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
    mac.update(format!("{at}\n{secret}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// What a call that failed means for a new message.
pub(super) fn refusal(error: ApiError) -> SendError {
    let ApiError { class, after, why, .. } = error;
    match class {
        Class::Limit | Class::Banned => SendError::Full { after: after.unwrap_or(Duration::from_secs(2)) },
        Class::Token | Class::Retry => SendError::Retry { after, why },
        Class::Unclear => SendError::Unclear { why },
        // A spent quota opens again with the month, or once somebody buys more.
        Class::Quota | Class::Config | Class::Template => SendError::Misconfigured { why },
        Class::Receiver | Class::Content | Class::Done | Class::Other => SendError::Refused { why },
    }
}
