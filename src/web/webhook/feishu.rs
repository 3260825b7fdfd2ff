//! Feishu's two ways in, the webhook and the long connection, onto the one road.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::{NotTaken, hear, moved, turned_away};
use crate::app::Trouble;
use crate::card::answer::{Answer, ToastKind};
use crate::domain::PersonId;
use crate::intent::{Account, Said};
use crate::messenger::feishu::answer::Kind;
use crate::messenger::feishu::receive::{Headers, Received};
use crate::messenger::feishu::stream::{Busy, Handler};
use crate::messenger::feishu::{Feishu, PLATFORM};
use crate::text;
use crate::web::Web;

/// `POST /webhook/feishu/event` and `/webhook/feishu/card`
pub async fn event(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(feishu) = web.feishu.clone() else { return StatusCode::NOT_FOUND.into_response() };
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let signature = Headers {
        timestamp: text("x-lark-request-timestamp"),
        nonce: text("x-lark-request-nonce"),
        signature: text("x-lark-signature"),
    };
    let now = web.engine.app().clock().machine();
    let taken = match feishu.door.receive(&signature, &body, now) {
        Ok(received) => take(&web, &feishu, received).await.map_err(NotTaken::Trouble),
        Err(rejected) => Err(turned_away(&web, rejected)),
    };
    match taken {
        Ok(answer) => Json(answer.unwrap_or_else(|| json!({}))).into_response(),
        Err(error) => error.into_response(),
    }
}

/// What Feishu waits for; `None` after an event, for which nothing is said.
async fn take(web: &Web, feishu: &Feishu, received: Received) -> Result<Option<Value>, Trouble> {
    match received {
        Received::Challenge(challenge) => Ok(Some(json!({ "challenge": challenge }))),
        Received::Nothing(why) => {
            tracing::debug!("an event of Feishu was passed over: {why}");
            Ok(None)
        }
        Received::Unknown => {
            web.engine.metrics().count("unknown_event");
            Ok(None)
        }
        Received::Moved { key, moved: change } => {
            moved(web, feishu, (&key, &[change])).await?;
            Ok(None)
        }
        Received::Stale { account, .. } => {
            let company = web.engine.app().company();
            let lang = company.language(company.person_of(&account).as_ref());
            Ok(Some(feishu.answer(Some((Kind::Warning, &text::word(lang, "page.error.stale_card"))), None)))
        }
        Received::Heard(inbound) => {
            let pressed = matches!(inbound.said, Said::Press { .. });
            let account = inbound.account.clone();
            let answer = hear(web, inbound).await?;
            Ok(pressed.then(|| worded(web, feishu, &answer, &account)))
        }
    }
}

fn worded(web: &Web, feishu: &Feishu, answer: &Answer, account: &Account) -> Value {
    let company = web.engine.app().company();
    let reader: Option<PersonId> = company.person_of(account);
    let toast = answer.toast.as_ref().map(|toast| {
        let kind = match toast.kind {
            ToastKind::Success => Kind::Success,
            ToastKind::Info => Kind::Info,
            ToastKind::Error => Kind::Error,
        };
        (kind, toast.text.as_str())
    });
    let face = |card| crate::engine::deliver::face(&company, card, reader.as_ref(), PLATFORM);
    feishu.answer(toast, answer.card.as_ref().map(face).as_ref())
}

/// The long connection's end of the road.
pub struct Streamed {
    /// What handlers work with.
    pub web: Web,
    /// The bot.
    pub feishu: Arc<Feishu>,
}

impl Handler for Streamed {
    fn handle(&self, payload: Vec<u8>) -> BoxFuture<'_, Result<Option<Value>, Busy>> {
        Box::pin(async move {
            let now = self.web.engine.app().clock().machine();
            let received = match self.feishu.door.read(&payload, now) {
                Ok(received) => received,
                // It would be no better the second time.
                Err(rejected) => {
                    let _counted = turned_away(&self.web, rejected);
                    tracing::info!("an event of the long connection was not taken: {rejected}");
                    return Ok(None);
                }
            };
            take(&self.web, &self.feishu, received).await.map_err(|trouble| {
                tracing::warn!("an event of the long connection was put off: {trouble}");
                Busy
            })
        })
    }
}
