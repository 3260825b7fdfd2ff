//! The sandbox as a messenger: what its people do comes in like anybody's.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{NotTaken, hear, turned_away};
use crate::app::Trouble;
use crate::card::answer::Answer;
use crate::messenger::sandbox::{Event, Signature};
use crate::web::{SandboxDoor, Web};

/// `POST /webhook/sandbox`
pub async fn event(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
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

/// Verifies, then takes it.
pub async fn take(
    web: &Web,
    door: &SandboxDoor,
    signature: &Signature,
    body: &[u8],
) -> Result<Answer, NotTaken> {
    let inbound = door.messenger.receive(signature, body).map_err(|why| turned_away(web, why))?;
    hear(web, inbound).await.map_err(NotTaken::Trouble)
}

/// The same road for an event of the sandbox's own people: signed, then taken.
pub async fn take_event(web: &Web, door: &SandboxDoor, event: &Event) -> Result<Answer, Trouble> {
    let (signature, body) = door.messenger.sign(event, web.engine.app().clock().machine());
    take(web, door, &signature, &body).await.map_err(|not| match not {
        NotTaken::Trouble(trouble) => trouble,
        NotTaken::Rejected(rejected) => Trouble::broken(rejected.to_string()),
    })
}
