//! `/board` and `/requests/{no}`: pages that are read, for whoever came in by a link from the chat or logged in.
//!
//! Invariants: nothing here changes a request; without a session that we signed, of somebody who still belongs to the
//! company, a page tells how to get one and nothing else.
#![deny(clippy::indexing_slicing)]

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt};
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio_stream::wrappers::BroadcastStream;

use super::form::{is_foreign, spoken};
use super::session::{self, Cookie};
use super::{Web, login};
use crate::app::live::Changed;
use crate::domain::{Lang, PersonId, RequestId};
use crate::engine::stage::pages::Reader;
use crate::messenger::link::LinkError;
use crate::messenger::pass::{SESSION_LIFE, hash};

pub(super) mod address;
mod columns;
mod departments;
mod flow;
mod gantt;
mod issues;
pub(super) mod page;
mod request;

use address::Address;
use page::Closed;

/// A stream is opened anew after so long, and the session is looked at again.
const STREAM: Duration = Duration::from_secs(300);

/// What stands behind the `?` of an address.
pub(super) type Pairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// `GET /board/enter?pass=…`: changes a link into a session, and goes to where the link leads.
pub async fn enter(State(web): State<Web>, pairs: Pairs, headers: HeaderMap) -> Response {
    let pairs = pairs.map(|Query(pairs)| pairs).unwrap_or_default();
    let ticket = pairs.iter().find(|(name, _)| name == "pass").map_or("", |(_, pass)| pass.as_str());
    let (now, passes) = (web.engine.app().clock().machine(), web.engine.links().passes());
    let (person, request) = match passes.enter(ticket, now) {
        Ok((person, request)) if web.engine.known(&person).is_some() => (person, request),
        Ok(_) | Err(LinkError::Forged) => return rejected(&web, &headers, Closed::Unknown),
        Err(LinkError::Expired) => return rejected(&web, &headers, Closed::Expired),
    };
    let to =
        request.map_or("../board".to_owned(), |id| format!("../requests/{}", address::encoded(id.as_str())));
    match web.engine.sign_in(&person, "link").await {
        Ok(session) => page::onward(&to, Cookie::Session.kept(&web, &session, SESSION_LIFE.as_secs())),
        Err(trouble) => put_off(spoken(&headers), &trouble),
    }
}

/// `POST /board/leave`: the session ends, and this browser forgets it.
pub async fn leave(State(web): State<Web>, headers: HeaderMap) -> Response {
    if is_foreign(&headers) {
        return rejected(&web, &headers, Closed::ComeIn);
    }
    if let Some(session) = Cookie::Session.of(&web, &headers)
        && let Err(trouble) = web.engine.sign_out(session).await
    {
        return put_off(spoken(&headers), &trouble);
    }
    page::onward("../board", Cookie::Session.kept(&web, "", 0))
}

/// `GET /board`
pub async fn board(State(web): State<Web>, pairs: Pairs, headers: HeaderMap) -> Response {
    let reader = match reader(&web, &headers, "/board").await {
        Ok(reader) => reader,
        Err(closed) => return *closed,
    };
    let company = web.engine.app().company();
    let address = Address::read(&pairs.map(|Query(pairs)| pairs).unwrap_or_default(), &company.directory);
    if address.by_department {
        return match web.engine.department_rows(&reader).await {
            Ok(rows) => departments::page(&reader, &address, &rows),
            Err(trouble) => put_off(reader.lang, &trouble),
        };
    }
    match web.engine.board_page(&reader, &address.filter).await {
        Ok(board) => columns::page(&reader, &address, &board),
        Err(trouble) => put_off(reader.lang, &trouble),
    }
}

/// `GET /board/issues`
pub async fn issues(State(web): State<Web>, pairs: Pairs, headers: HeaderMap) -> Response {
    let reader = match reader(&web, &headers, "/board/issues").await {
        Ok(reader) => reader,
        Err(closed) => return *closed,
    };
    let company = web.engine.app().company();
    let address = Address::read(&pairs.map(|Query(pairs)| pairs).unwrap_or_default(), &company.directory);
    match web.engine.issues_page(&reader, &address.issues()).await {
        Ok(board) => issues::page(&reader, &address, &board),
        Err(trouble) => put_off(reader.lang, &trouble),
    }
}

/// `GET /requests/{no}`
pub async fn request(State(web): State<Web>, Path(number): Path<String>, headers: HeaderMap) -> Response {
    let reader = match reader(&web, &headers, &format!("/requests/{number}")).await {
        Ok(reader) => reader,
        Err(closed) => return *closed,
    };
    match web.engine.request_page(&reader, &RequestId::new(number.clone())).await {
        Ok(Some(found)) => request::page(&reader, &number, &found),
        Ok(None) => page::not_found(&reader),
        Err(trouble) => put_off(reader.lang, &trouble),
    }
}

/// `GET /board/events`: the numbers of requests that changed, of those that the reader may see, as it happens.
pub async fn events(
    State(web): State<Web>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Response> {
    // Before the session is looked at: whoever goes out meanwhile is heard of.
    let ends = web.engine.app().hears_of_ends();
    let reader = reader(&web, &headers, "/board").await.map_err(|closed| *closed)?;
    let session = Cookie::Session.of(&web, &headers).map(hash).unwrap_or_default();
    let heard = web.engine.app().listens().await.map_err(|trouble| put_off(reader.lang, &trouble))?;
    let (app, person) = (web.engine.app().clone(), reader.person);
    let stream = BroadcastStream::new(heard).filter_map(move |changed| {
        let told = told(&app, &person, changed.unwrap_or(Changed::Much));
        async move { told.map(Ok) }
    });
    let stop = web.stop.clone();
    let until = async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(STREAM) => {}
            () = ended(ends, &session) => {}
        }
    };
    // Something at once, so that the page knows that it is connected.
    let here = futures_util::stream::iter([Ok(Event::default().comment("here"))]);
    let stream = here.chain(stream).take_until(Box::pin(until));
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

/// Comes back when a session has ended; or when that may have been missed, and the browser has to ask anew.
async fn ended(mut ends: Receiver<String>, session: &str) {
    while ends.recv().await.is_ok_and(|hash| hash != session) {}
}

/// What somebody hears of a change; nothing of what they may not see.
fn told(app: &crate::app::App, person: &PersonId, changed: Changed) -> Option<Event> {
    let data = match changed {
        Changed::One(file) if app.shows(person, &file) => json!({ "request": file.id }),
        Changed::One(_) => return None,
        Changed::Much => json!({}),
    };
    Some(Event::default().event("changed").data(data.to_string()))
}

/// Who reads, or the page that says how to get in.
pub(super) async fn reader(web: &Web, headers: &HeaderMap, here: &str) -> Result<Reader, Box<Response>> {
    let lang = spoken(headers);
    match session::reader(web, headers).await {
        Ok(Some(reader)) => Ok(reader),
        Ok(None) => Err(Box::new(page::closed(lang, Closed::ComeIn, login::way(web, here).as_deref()))),
        Err(trouble) => Err(Box::new(put_off(lang, &trouble))),
    }
}

fn rejected(web: &Web, headers: &HeaderMap, why: Closed) -> Response {
    web.engine.metrics().count("rejected");
    page::closed(spoken(headers), why, login::way(web, "/board").as_deref())
}

pub(super) fn put_off(lang: Lang, trouble: &crate::app::Trouble) -> Response {
    tracing::error!("a page could not be shown: {trouble}");
    let mut answer = page::closed(lang, Closed::Later, None);
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    answer
}

/// A redirect that is kept nowhere.
fn see_other(to: &str) -> Response {
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("../board"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}
