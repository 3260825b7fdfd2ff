//! DingTalk's two ways in, HTTP and Stream mode, onto the one road.
//!
//! Invariant: what is taken is committed before it is answered. A robot message is answered with an empty object, which
//! says nothing in the conversation: what there is to say goes out as messages.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::{NotTaken, hear, moved, turned_away};
use crate::app::Trouble;
use crate::card::answer::{Answer, ToastKind};
use crate::clock::fresh_id;
use crate::intent::{Account, Place, PlaceKind, Said};
use crate::messenger::Rejected;
use crate::messenger::dingtalk::answer::Kind;
use crate::messenger::dingtalk::receive::{self, Headers, Received};
use crate::messenger::dingtalk::stream::{Fault, Handler, Push};
use crate::messenger::dingtalk::{DingTalk, PLATFORM};
use crate::text;
use crate::web::Web;

/// `POST /webhook/dingtalk/robot`
pub async fn robot(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(bot) = web.dingtalk.clone() else { return StatusCode::NOT_FOUND.into_response() };
    let stamp = stamped(&headers, ["timestamp", "sign"]);
    let received = bot.door().robot(&stamp, &body, web.engine.app().clock().machine());
    answered(taken(&web, &bot, received).await)
}

/// `POST /webhook/dingtalk/card`
pub async fn card(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(bot) = web.dingtalk.clone() else { return StatusCode::NOT_FOUND.into_response() };
    let stamp = stamped(&headers, ["x-ddpaas-signature-timestamp", "x-ddpaas-signature"]);
    let received = bot.door().card(&stamp, &body, web.engine.app().clock().machine());
    answered(taken(&web, &bot, received).await)
}

/// `POST /webhook/dingtalk/event`
pub async fn event(State(web): State<Web>, Query(query): Query<receive::Query>, body: Bytes) -> Response {
    let Some(bot) = web.dingtalk.clone() else { return StatusCode::NOT_FOUND.into_response() };
    let now = web.engine.app().clock().machine();
    let received = bot.door().event(&query, &body, now);
    let success = || bot.door().success(&fresh_id().replace('-', ""), now).unwrap_or_else(|| json!({}));
    answered(taken(&web, &bot, received).await.map(|_| success()))
}

fn stamped<'a>(headers: &'a HeaderMap, [timestamp, sign]: [&str; 2]) -> Headers<'a> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    Headers { timestamp: text(timestamp), sign: text(sign) }
}

fn answered(taken: Result<Value, NotTaken>) -> Response {
    match taken {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => error.into_response(),
    }
}

async fn taken(web: &Web, bot: &DingTalk, received: Result<Received, Rejected>) -> Result<Value, NotTaken> {
    match received {
        Ok(received) => take(web, bot, received).await.map_err(NotTaken::Trouble),
        Err(rejected) => Err(turned_away(web, rejected)),
    }
}

/// What DingTalk waits for: of a button what it shows now, of anything else an empty object.
async fn take(web: &Web, bot: &DingTalk, received: Received) -> Result<Value, Trouble> {
    match received {
        Received::Nothing(why) => {
            tracing::debug!("something from DingTalk was passed over: {why}");
            Ok(json!({}))
        }
        Received::Unknown => {
            web.engine.metrics().count("unknown_event");
            Ok(json!({}))
        }
        Received::Moved { key, moved: changes } => {
            moved(web, bot, (&key, &changes)).await?;
            Ok(json!({}))
        }
        Received::Stale { account, place } => stale(web, bot, &account, &place).await,
        Received::Heard(inbound) => {
            let pressed = matches!(inbound.said, Said::Press { .. });
            let (account, kind) = (inbound.account.clone(), inbound.place.kind);
            let answer = hear(web, inbound).await?;
            Ok(if pressed { worded(web, bot, &answer, (&account, kind)) } else { json!({}) })
        }
    }
}

/// A button that cannot be used any more says so, on a card of ours; any other card is none of our business.
async fn stale(web: &Web, bot: &DingTalk, account: &Account, place: &Place) -> Result<Value, Trouble> {
    let app = web.engine.app();
    let message = place.message.as_ref().map_or("", |message| message.as_str());
    if app.said(PLATFORM, place.chat.as_str(), message).await?.is_none() {
        return Ok(json!({}));
    }
    let company = app.company();
    let lang = company.language(company.person_of(account).as_ref());
    Ok(bot.answer(Some((Kind::Error, &text::word(lang, "page.error.stale_card"))), None))
}

fn worded(web: &Web, bot: &DingTalk, answer: &Answer, (account, kind): (&Account, PlaceKind)) -> Value {
    let company = web.engine.app().company();
    let reader = company.person_of(account);
    let note = answer.toast.as_ref().map(|toast| {
        let kind = match toast.kind {
            ToastKind::Success => Kind::Success,
            ToastKind::Info => Kind::Info,
            ToastKind::Error => Kind::Error,
        };
        (kind, toast.text.as_str())
    });
    // A card in a group is everybody's: a link would let them all act in one person's name.
    let face = |card| match kind {
        PlaceKind::Private => web.engine.face(bot, card, reader.as_ref()),
        PlaceKind::Group => crate::engine::deliver::face(&company, card, reader.as_ref(), PLATFORM),
    };
    bot.answer(note, answer.card.as_ref().map(face).as_ref())
}

/// Stream mode's end of the road.
pub struct Pushed {
    /// What handlers work with.
    pub web: Web,
    /// The robot.
    pub bot: Arc<DingTalk>,
}

impl Handler for Pushed {
    fn handle(&self, push: Push) -> BoxFuture<'_, Result<Value, Fault>> {
        Box::pin(async move {
            let received = self.bot.door().pushed(&push, self.web.engine.app().clock().machine());
            taken(&self.web, &self.bot, received).await.map_err(|error| match error {
                NotTaken::Rejected(rejected) => {
                    tracing::info!("something pushed by DingTalk was not taken: {rejected}");
                    Fault::Unreadable
                }
                NotTaken::Trouble(trouble) => {
                    tracing::warn!("something pushed by DingTalk was put off: {trouble}");
                    Fault::Busy
                }
            })
        })
    }
}
