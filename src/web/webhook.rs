//! Where messengers post. Bytes are verified before they are parsed; nothing is answered 200 that was not committed.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{SandboxDoor, Web};
use crate::app::Trouble;
use crate::card::answer::Answer;
use crate::domain::Lang;
use crate::intent::Said;
use crate::messenger::Rejected;
use crate::messenger::sandbox::{Event, PLATFORM, Signature};
use crate::text;

/// `POST /webhook/sandbox`
pub async fn sandbox(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(door) = web.sandbox.clone() else { return StatusCode::NOT_FOUND.into_response() };
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let signature =
        Signature { timestamp: text("x-sandbox-timestamp"), signature: text("x-sandbox-signature") };
    match take(&web, &door, &signature, &body).await {
        Ok(answer) => {
            let card = answer.card.as_ref().map(|card| door.messenger.shown(card));
            Json(json!({ "toast": answer.toast, "card": card })).into_response()
        }
        Err(error) => error.into_response(),
    }
}

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

/// The one road in: verify, parse, act, word the answer.
pub async fn take(
    web: &Web,
    door: &SandboxDoor,
    signature: &Signature,
    body: &[u8],
) -> Result<Answer, NotTaken> {
    let metrics = web.engine.metrics();
    let inbound = door.messenger.receive(signature, body).map_err(|rejected| {
        metrics.count("rejected");
        NotTaken::Rejected(rejected)
    })?;
    let place = inbound.place.clone();
    let pressed = matches!(inbound.said, Said::Press { .. });
    let app = web.engine.app();
    let begun = tokio::time::Instant::now();
    let heard = app.hear(inbound, &text::word(Lang::Zh, "page.bot")).await.map_err(NotTaken::Trouble)?;
    metrics.count("heard");
    metrics.answered(PLATFORM, begun.elapsed().as_secs_f64());
    let Some(heard) = heard.filter(|_| pressed) else { return Ok(Answer::default()) };
    let message = place.message.as_ref().map(|m| m.as_str()).unwrap_or_default();
    let said = app.said(PLATFORM, place.chat.as_str(), message).await.map_err(NotTaken::Trouble)?;
    web.engine.pressed(&heard, said.as_ref()).await.map_err(NotTaken::Trouble)
}

/// The same road for an event of the sandbox's own people: signed, then taken.
pub async fn take_event(web: &Web, door: &SandboxDoor, event: &Event) -> Result<Answer, Trouble> {
    let (signature, body) = door.messenger.sign(event, web.engine.app().clock().machine());
    take(web, door, &signature, &body).await.map_err(|not| match not {
        NotTaken::Trouble(trouble) => trouble,
        NotTaken::Rejected(rejected) => Trouble::broken(rejected.to_string()),
    })
}
