//! Where messengers post. Bytes are verified before they are parsed; nothing is answered 200 that was not committed.
#![deny(clippy::indexing_slicing)]

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Web;
use crate::app::Trouble;
use crate::card::answer::Answer;
use crate::crash::{self, Point};
use crate::domain::Lang;
use crate::intent::{Inbound, PlaceKind, Said};
use crate::messenger::Rejected;
use crate::messenger::staff::{Moved, Register, RegisterError};
use crate::text;

pub mod dingtalk;
pub mod feishu;
pub mod sandbox;

/// Why an event was not taken.
#[derive(Debug)]
pub enum NotTaken {
    /// By the door.
    Rejected(Rejected),
    /// By the app.
    Trouble(Trouble),
}

impl IntoResponse for NotTaken {
    fn into_response(self) -> Response {
        let (status, error) = match &self {
            NotTaken::Rejected(Rejected::Signature) => (StatusCode::UNAUTHORIZED, "signature"),
            NotTaken::Rejected(Rejected::Unreadable) => (StatusCode::BAD_REQUEST, "unreadable"),
            NotTaken::Rejected(Rejected::Foreign) => (StatusCode::FORBIDDEN, "foreign"),
            NotTaken::Trouble(Trouble::Busy(_)) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            NotTaken::Trouble(Trouble::Broken(_)) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        };
        match &self {
            NotTaken::Rejected(rejected) => tracing::info!("an event was not taken: {rejected}"),
            NotTaken::Trouble(Trouble::Busy(why)) => tracing::warn!("an event was put off: {why}"),
            NotTaken::Trouble(Trouble::Broken(why)) => {
                tracing::error!("an event could not be handled: {why}")
            }
        }
        let mut answer = (status, Json(json!({ "error": error }))).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            answer.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
        }
        answer
    }
}

/// The one road in, from whatever door: act, word the answer. What could not be done now or at all is counted.
pub async fn hear(web: &Web, inbound: Inbound) -> Result<Answer, Trouble> {
    let answer = heard(web, inbound).await;
    match &answer {
        Ok(_) => {}
        Err(Trouble::Busy(_)) => web.engine.metrics().count("put_off"),
        Err(Trouble::Broken(_)) => web.engine.metrics().count("failed"),
    }
    answer
}

async fn heard(web: &Web, mut inbound: Inbound) -> Result<Answer, Trouble> {
    crash::here(Point::EventHeard);
    let metrics = web.engine.metrics();
    let app = web.engine.app();
    let begun = tokio::time::Instant::now();
    let platform = inbound.place.platform.clone();
    let said = match (&inbound.said, &inbound.place.message) {
        (Said::Press { .. }, Some(message)) => {
            app.said(&platform, inbound.place.chat.as_str(), message.as_str()).await?
        }
        _ => None,
    };
    // Not every messenger says where a button was pressed; what was sent to one person stands in a private chat.
    if said.as_ref().is_some_and(|said| said.person.is_some()) {
        inbound.place.kind = PlaceKind::Private;
    }
    let pressed = matches!(inbound.said, Said::Press { .. });
    let heard = app.hear(inbound, &text::word(Lang::Zh, "page.bot")).await?;
    metrics.count("heard");
    let answer = match heard.filter(|_| pressed) {
        Some(heard) => web.engine.pressed(&heard, said.as_ref()).await,
        None => Ok(Answer::default()),
    };
    metrics.answered(&platform, begun.elapsed().as_secs_f64());
    crash::here(Point::EventAnswered);
    answer
}

/// People or departments are otherwise: laid over the directory before it is acknowledged. What the messenger cannot show
/// now is to come again.
async fn moved(web: &Web, register: &dyn Register, (key, moved): (&str, &[Moved])) -> Result<(), Trouble> {
    for (n, one) in moved.iter().enumerate() {
        match register.part(one).await {
            Ok(part) => {
                _ = web.engine.app().lay_part(&format!("{key}/{n}"), register.platform(), &part).await?
            }
            Err(RegisterError::Away(why)) => return Err(Trouble::busy(why)),
            Err(RegisterError::Refused(why)) => {
                tracing::warn!("a change of the company could not be looked at: {why}");
            }
        }
    }
    Ok(())
}

/// Counts what a door turned away.
fn turned_away(web: &Web, rejected: Rejected) -> NotTaken {
    web.engine.metrics().count("rejected");
    NotTaken::Rejected(rejected)
}
