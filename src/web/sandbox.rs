//! The sandbox's page and the API that it uses. What its people say enters through the same door as any messenger's
//! webhook, signature included.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_stream::wrappers::BroadcastStream;

use super::webhook::NotTaken;
use super::webhook::sandbox::take;
use super::{SandboxDoor, Web, assets};
use crate::app::Trouble;
use crate::domain::{Lang, PersonId, Timestamp};
use crate::messenger::sandbox::{Sandbox, ShelfMessage, ShownCard};
use crate::text;

pub(super) mod clock;
pub(super) mod picture;
pub(super) mod upcoming;

/// What the page hears, as server-sent events.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum PageEvent {
    /// A new message.
    Message { chat: String, message_id: String, people: Vec<String> },
    /// A card was replaced.
    Update { chat: String, message_id: String, people: Vec<String> },
    /// The clock was moved.
    Clock { now: String },
    /// What fires next is something else now.
    Upcoming {},
}

/// Something is wrong with a call of the page; the words are for people.
pub(super) struct Wrong(StatusCode, String);

impl IntoResponse for Wrong {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl From<Trouble> for Wrong {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Busy(why) => tracing::warn!("a call of the sandbox was put off: {why}"),
            Trouble::Broken(why) => tracing::error!("the sandbox failed: {why}"),
        }
        Wrong(StatusCode::SERVICE_UNAVAILABLE, text::word(Lang::Zh, "page.error.busy"))
    }
}

fn wrong(status: StatusCode, key: &str) -> Wrong {
    Wrong(status, text::word(Lang::Zh, key))
}

fn shelf_trouble(why: String) -> Wrong {
    tracing::error!("the sandbox cannot keep its messages: {why}");
    wrong(StatusCode::SERVICE_UNAVAILABLE, "page.error.busy")
}

fn door(web: &Web) -> Result<&SandboxDoor, Wrong> {
    web.sandbox.as_deref().ok_or_else(|| wrong(StatusCode::NOT_FOUND, "page.error.not_found"))
}

pub(super) async fn page() -> Response {
    assets::file("sandbox/index.html")
}

pub(super) async fn people(State(web): State<Web>) -> Json<Value> {
    let company = web.engine.app().company();
    let lang = company.language(None);
    let active = company.directory.people.values().filter(|p| p.active);
    let row = |p: &crate::domain::directory::Person| {
        let roles: Vec<Value> = p.roles.iter().filter_map(|r| serde_json::to_value(r).ok()).collect();
        json!({
            "id": p.id, "name": p.name, "title": p.title, "roles": roles,
            "department": company.directory.department_name(&p.department, lang),
            "department_id": p.department,
        })
    };
    Json(active.map(row).collect())
}

#[derive(Deserialize)]
pub(super) struct Whose {
    person: String,
}

pub(super) async fn chats(State(web): State<Web>, Query(whose): Query<Whose>) -> Result<Json<Value>, Wrong> {
    let door = door(&web)?;
    known(&web, &whose.person)?;
    let private = Sandbox::private_chat(&whose.person).to_string();
    let groups = door.messenger.shelf().groups().await.map_err(shelf_trouble)?;
    let bot = text::word(web.engine.app().company().language(None), "page.bot");
    let mut rows = vec![json!({ "id": private, "kind": "private", "name": bot,
        "last": last(door, &private).await? })];
    for group in groups.into_iter().filter(|g| g.members.contains(&whose.person)) {
        rows.push(json!({ "id": group.id, "kind": "group", "name": group.name,
            "last": last(door, &group.id).await? }));
    }
    Ok(Json(Value::Array(rows)))
}

async fn last(door: &SandboxDoor, chat: &str) -> Result<Option<Value>, Wrong> {
    let messages = door.messenger.shelf().after(chat, "").await.map_err(shelf_trouble)?;
    Ok(messages.last().map(|m| {
        let text = m.text.clone().or_else(|| m.card.as_ref().map(|c| c.title.clone()));
        json!({ "id": m.id, "at": m.at.to_string(), "text": text })
    }))
}

fn known(web: &Web, person: &str) -> Result<PersonId, Wrong> {
    let id = PersonId::new(person);
    let company = web.engine.app().company();
    let found = company.directory.person(&id).filter(|p| p.active).map(|p| p.id.clone());
    found.ok_or_else(|| wrong(StatusCode::NOT_FOUND, "page.error.no_such_person"))
}

#[derive(Deserialize)]
pub(super) struct Reading {
    person: String,
    #[serde(default)]
    after: String,
}

pub(super) async fn messages(
    State(web): State<Web>,
    Path(chat): Path<String>,
    Query(reading): Query<Reading>,
) -> Result<Json<Value>, Wrong> {
    let door = door(&web)?;
    may_read(door, &reading.person, &chat).await?;
    let zone = web.engine.app().company().calendar.time_zone().clone();
    let found = door.messenger.shelf().after(&chat, &reading.after).await.map_err(shelf_trouble)?;
    Ok(Json(found.into_iter().map(|m| shown(m, &zone)).collect()))
}

/// Only people of a chat read it.
async fn may_read(door: &SandboxDoor, person: &str, chat: &str) -> Result<(), Wrong> {
    let allowed = match Sandbox::owner_of(chat) {
        Some(owner) => owner == person,
        None => {
            let groups = door.messenger.shelf().groups().await.map_err(shelf_trouble)?;
            groups.iter().any(|g| g.id == chat && g.members.iter().any(|m| m == person))
        }
    };
    if allowed { Ok(()) } else { Err(wrong(StatusCode::NOT_FOUND, "page.error.no_such_chat")) }
}

fn shown(message: ShelfMessage, zone: &jiff::tz::TimeZone) -> Value {
    let mut row = json!({
        "id": message.id, "at": local(message.at, zone), "from": message.from,
    });
    if let Some(text) = message.text {
        row["text"] = json!(text);
    }
    if let Some(card) = message.card {
        row["card"] = page_card(&card, &message.id);
    }
    if let Some(at) = message.updated_at {
        row["updated_at"] = json!(local(at, zone));
    }
    if let Some(id) = message.reply_to {
        row["reply_to"] = json!(id);
    }
    row
}

/// The card as the page gets it: without the sealed values, which stay here, and with the address of its picture.
fn page_card(card: &ShownCard, message: &str) -> Value {
    let mut value = serde_json::to_value(card).unwrap_or_default();
    let blocks = value.get_mut("blocks").and_then(Value::as_array_mut).into_iter().flatten();
    for block in blocks.filter(|block| block["type"] == "picture") {
        block["url"] = json!(picture::address(message));
    }
    if let Some(actions) = value.get_mut("actions").and_then(Value::as_array_mut) {
        for action in actions.iter_mut().filter_map(Value::as_object_mut) {
            action.remove("value");
        }
    }
    value
}

/// An instant with the company's offset.
pub(super) fn local(at: Timestamp, zone: &jiff::tz::TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Writing {
    person: String,
    #[serde(default)]
    chat: Option<String>,
    text: String,
    #[serde(default)]
    reply_to: Option<String>,
}

pub(super) async fn write(
    State(web): State<Web>,
    Json(writing): Json<Writing>,
) -> Result<Json<Value>, Response> {
    let door = door(&web).map_err(IntoResponse::into_response)?;
    known(&web, &writing.person).map_err(IntoResponse::into_response)?;
    let chat = writing.chat.unwrap_or_else(|| Sandbox::private_chat(&writing.person).to_string());
    may_read(door, &writing.person, &chat).await.map_err(IntoResponse::into_response)?;
    let event = door
        .messenger
        .write(&writing.person, &chat, &writing.text, writing.reply_to)
        .await
        .map_err(|why| shelf_trouble(why).into_response())?;
    let (signature, body) = door.messenger.sign(&event, web.engine.app().clock().machine());
    take(&web, door, &signature, &body).await.map_err(IntoResponse::into_response)?;
    Ok(Json(json!({ "message_id": event.message })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pressing {
    person: String,
    message_id: String,
    action: String,
    #[serde(default)]
    values: BTreeMap<String, String>,
}

pub(super) async fn press(
    State(web): State<Web>,
    Json(pressing): Json<Pressing>,
) -> Result<Json<Value>, Response> {
    let door = door(&web).map_err(IntoResponse::into_response)?;
    known(&web, &pressing.person).map_err(IntoResponse::into_response)?;
    let Pressing { person, message_id, action, values } = pressing;
    let event = door
        .messenger
        .press(&person, &message_id, &action, values)
        .await
        .map_err(|why| shelf_trouble(why).into_response())?;
    let gone = || wrong(StatusCode::NOT_FOUND, "page.error.no_such_button").into_response();
    let event = event.ok_or_else(gone)?;
    may_read(door, &person, &event.chat).await.map_err(IntoResponse::into_response)?;
    let (signature, body) = door.messenger.sign(&event, web.engine.app().clock().machine());
    let answer =
        take(&web, door, &signature, &body).await.map_err(|error: NotTaken| error.into_response())?;
    let mut reply = json!({});
    if let Some(toast) = answer.toast {
        reply["toast"] = json!(toast);
    }
    if let Some(card) = answer.card {
        // A messenger shows the card that it was answered with; this is the messenger's side.
        let card = door.messenger.shown(&card);
        let kept = door.messenger.shelf().replace(&message_id, &card).await;
        kept.map_err(|why| shelf_trouble(why).into_response())?;
        reply["card"] = page_card(&card, &message_id);
    }
    Ok(Json(reply))
}

#[derive(Deserialize)]
pub(super) struct Language {
    #[serde(alias = "lang")]
    language: Lang,
}

pub(super) async fn texts(Query(wanted): Query<Language>) -> Json<Value> {
    Json(json!(text::flat(wanted.language, "page.")))
}

pub(super) async fn language(
    State(web): State<Web>,
    Json(wanted): Json<Language>,
) -> Result<Json<Value>, Wrong> {
    web.engine.app().speak(wanted.language).await?;
    Ok(Json(json!({ "language": wanted.language })))
}

/// Messages, updates and the clock as they happen; ends when the service stops.
pub(super) async fn events(
    State(web): State<Web>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Wrong> {
    let heard = BroadcastStream::new(door(&web)?.events.subscribe());
    let stream = heard.filter_map(|event| async move {
        // A page that fell behind fetches everything anew when it hears of the clock.
        let event = event.unwrap_or(PageEvent::Upcoming {});
        let mut data = serde_json::to_value(&event).ok()?;
        let name = data.as_object_mut()?.remove("event")?.as_str()?.to_owned();
        Some(Ok(Event::default().event(name).data(data.to_string())))
    });
    let stop = web.stop.clone();
    let until = async move { stop.cancelled().await };
    // Something at once, so that the page knows that it is connected.
    let here = futures_util::stream::iter([Ok(Event::default().comment("here"))]);
    let stream = here.chain(stream).take_until(Box::pin(until));
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}
