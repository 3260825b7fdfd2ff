//! The card template: whether it can be used, and what a new card says about itself.
//!
//! Invariant: after a template was refused nothing is tried with it for a while, so that people hear of things although
//! the template is missing, and cards come back by themselves once it is published.

use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::Options;
use super::receiver::Receiver;
use super::send::Letter;
use crate::domain::Timestamp;

/// How long a refused template rests.
const REST: SignedDuration = SignedDuration::from_mins(10);
/// Characters of the line in the list of chats.
const LAST_MESSAGE: usize = 100;

/// The configured template.
pub struct Template {
    id: Option<String>,
    rests: Mutex<Option<Timestamp>>,
}

impl Template {
    /// None is configured without an id.
    pub fn new(id: Option<String>) -> Self {
        Self { id, rests: Mutex::default() }
    }

    /// Its id, if cards can be made now.
    pub fn usable(&self, now: Timestamp) -> Option<&str> {
        let rests = self.rests.lock().unwrap_or_else(PoisonError::into_inner);
        self.id.as_deref().filter(|_| rests.is_none_or(|until| until <= now))
    }

    /// It was refused.
    pub fn failed(&self, now: Timestamp) {
        let mut rests = self.rests.lock().unwrap_or_else(PoisonError::into_inner);
        *rests = now.saturating_add(REST).ok();
    }

    /// A new card, created where it is delivered.
    pub fn body(
        &self,
        letter: &Letter<'_>,
        (place, template): (Receiver<'_>, &str),
        options: &Options,
    ) -> Value {
        let content = letter.content;
        let mut body = json!({"cardTemplateId": template, "outTrackId": letter.key,
            "callbackType": "STREAM", "cardData": {"cardParamMap": content.data}});
        if let Some(key) = &options.card_route_key {
            body["callbackType"] = json!("HTTP");
            body["callbackRouteKey"] = json!(key);
        }
        let line: String = content.summary.chars().take(LAST_MESSAGE).collect();
        let space = json!({"supportForward": false, "lastMessageI18n": {"ZH_CN": line, "EN_US": line},
            "notification": {"alertContent": line}});
        match place {
            Receiver::Person(user) => {
                body["openSpaceId"] = json!(format!("dtv1.card//IM_ROBOT.{user}"));
                body["imRobotOpenSpaceModel"] = space;
                body["imRobotOpenDeliverModel"] = json!({"spaceType": "IM_ROBOT"});
            }
            Receiver::Group(_) | Receiver::Robot(_) => {
                let calls: serde_json::Map<_, _> =
                    content.calls.iter().map(|(id, name)| (id.clone(), json!(name))).collect();
                body["openSpaceId"] = json!(format!("dtv1.card//IM_GROUP.{}", place.id()));
                body["imGroupOpenSpaceModel"] = space;
                body["imGroupOpenDeliverModel"] = json!({"robotCode": options.robot_code});
                if !calls.is_empty() {
                    body["imGroupOpenDeliverModel"]["atUserIds"] = Value::Object(calls);
                }
            }
        }
        body
    }
}
