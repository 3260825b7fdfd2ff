//! `/forms/{token}`: one act of one person, on a page of its own, for messengers without forms.
//!
//! Invariants: GET changes nothing; whoever is signed in as somebody else cannot use the link; what POST does goes the
//! road of a pressed button, under a key of its submission, so that it is one act however often it arrives; whatever was
//! typed is never lost.
#![deny(clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use super::board::page::onward;
use super::{Web, session};
use crate::app::{Trouble, form as road};
use crate::clock::fresh_id;
use crate::domain::Lang;
use crate::engine::form::Sheet;
use crate::intent::{FormValues, Inbound, Said, form};
use crate::messenger::link::{LinkError, Opened};

pub(super) mod blocks;
mod fields;
mod page;
mod parts;
#[cfg(test)]
mod tests;

use page::Closed;

/// Longer nobody waits for a page; then they hear that nothing is lost.
const PATIENCE: Duration = Duration::from_secs(8);
/// More fields than any form has.
const MOST_FIELDS: usize = 400;
/// What a page posts besides its fields.
const SUBMISSION: &str = "_submission";
const BUTTON: &str = "_button";

/// `GET /forms/{token}`
pub async fn open(State(web): State<Web>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let opened = match opened(&web, &token, &headers).await {
        Ok(opened) => opened,
        Err(closed) => return *closed,
    };
    match within(Box::pin(web.engine.onward(&opened))).await {
        Ok(None) => {}
        Ok(Some(link)) => return onward(&link, None),
        Err(trouble) => return put_off(&web, &opened, &trouble, None),
    }
    match within(Box::pin(web.engine.sheet(&opened))).await {
        Ok(sheet) => shown(&web, &token, sheet, (StatusCode::OK, &headers)),
        Err(trouble) => put_off(&web, &opened, &trouble, None),
    }
}

/// `POST /forms/{token}`
pub async fn submit(
    State(web): State<Web>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let opened = match opened(&web, &token, &headers).await {
        Ok(opened) => opened,
        Err(closed) => return *closed,
    };
    let lang = language(&web, &opened);
    let Some(posted) = body.ok().filter(|Form(pairs)| pairs.len() <= MOST_FIELDS).map(|Form(p)| joined(p))
    else {
        return page::closed(lang, Closed::Unreadable);
    };
    let text = |field: &str| posted.get(field).map(String::as_str).unwrap_or_default();
    let now = web.engine.app().clock().machine();
    let key = web.engine.links().key_of(&token, text(SUBMISSION), now).filter(|_| !is_foreign(&headers));
    let Some(key) = key else {
        web.engine.metrics().count("rejected");
        return page::closed(lang, Closed::NotFromHere);
    };
    let values: FormValues = posted
        .iter()
        .filter(|(field, _)| !field.starts_with('_'))
        .map(|(f, v)| (f.clone(), v.clone()))
        .collect();
    let Some(want) = form::submitted(&opened.want, text(BUTTON), &values) else {
        return page::closed(lang, Closed::Unreadable);
    };
    let said = Said::Press { want, values: values.clone(), drawing: None };
    let inbound = Inbound { event: key, account: road::account(&opened.person), place: road::place(), said };
    match within(Box::pin(taken(&web, &opened, inbound, &values))).await {
        Ok((status, sheet)) => shown(&web, &token, sheet, (status, &headers)),
        Err(trouble) => put_off(&web, &opened, &trouble, Some(&posted)),
    }
}

/// Acts, and how the page looks then.
async fn taken(
    web: &Web,
    opened: &Opened,
    inbound: Inbound,
    values: &FormValues,
) -> Result<(StatusCode, Option<Sheet>), Trouble> {
    use crate::domain::change::Reply;
    web.engine.metrics().count("heard");
    let heard = web.engine.app().hear(inbound, "").await?;
    let Some(heard) = heard else { return Ok((StatusCode::OK, None)) };
    let status = match &heard.reply {
        Reply::Refused { .. } => StatusCode::CONFLICT,
        Reply::Form(form) if !form.faults.is_empty() => StatusCode::UNPROCESSABLE_ENTITY,
        Reply::Form(_) | Reply::Done { .. } | Reply::View(_) | Reply::Silent => StatusCode::OK,
    };
    Ok((status, web.engine.sheet_after(opened, &heard, values).await?))
}

/// What the token stands for, or the page that says why it stands for nothing here.
async fn opened(web: &Web, token: &str, headers: &HeaderMap) -> Result<Opened, Box<Response>> {
    let now = web.engine.app().clock().machine();
    let opened = web.engine.links().open(token, now).map_err(|why| {
        web.engine.metrics().count("rejected");
        let why = match why {
            LinkError::Forged => Closed::Unknown,
            LinkError::Expired => Closed::Expired,
        };
        Box::new(page::closed(spoken(headers), why))
    })?;
    match session::reader(web, headers).await {
        // A link that somebody passed on would act in another one's name.
        Ok(Some(reader)) if reader.person != opened.person => {
            web.engine.metrics().count("rejected");
            let owner = web.engine.app().company().directory.name_of(&opened.person);
            let leave = web.engine.links().passes().page("/board/leave");
            Err(Box::new(page::not_yours(&reader, &owner, &leave)))
        }
        Ok(_) => Ok(opened),
        Err(trouble) => Err(Box::new(put_off(web, &opened, &trouble, None))),
    }
}

fn shown(
    web: &Web,
    token: &str,
    sheet: Option<Sheet>,
    (status, headers): (StatusCode, &HeaderMap),
) -> Response {
    match sheet {
        Some(sheet) => {
            let submission = web.engine.links().submission(token, &fresh_id());
            page::sheet(&sheet, &submission, status)
        }
        None => page::closed(spoken(headers), Closed::Unknown),
    }
}

/// It cannot be shown or committed now. What was typed comes back to be sent again under the same key.
fn put_off(
    web: &Web,
    opened: &Opened,
    trouble: &Trouble,
    posted: Option<&BTreeMap<String, String>>,
) -> Response {
    match trouble {
        Trouble::Busy(why) => tracing::warn!("a form was put off: {why}"),
        Trouble::Broken(why) => tracing::error!("a form could not be handled: {why}"),
    }
    page::put_off(language(web, opened), posted)
}

/// Slower than patience counts as busy: the act is dropped and rolled back, or found by the key when it is sent again.
async fn within<T>(work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    let slow = || Err(Trouble::broken(format!("not done within {PATIENCE:?}")));
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_elapsed| slow())
}

/// Several values of one field are joined with `,`, as other messengers bring them.
fn joined(pairs: Vec<(String, String)>) -> BTreeMap<String, String> {
    let mut posted: BTreeMap<String, String> = BTreeMap::new();
    for (field, value) in pairs {
        // Browsers write line breaks as CR LF.
        let value = value.replace("\r\n", "\n");
        match posted.get_mut(&field) {
            Some(kept) if !value.is_empty() => {
                kept.extend([",", &value].into_iter().skip(usize::from(kept.is_empty())))
            }
            Some(_) => {}
            None => _ = posted.insert(field, value),
        }
    }
    posted
}

/// Whether a browser says that another site's page posted this (Fetch Metadata, W3C). `Origin` says nothing here: pages
/// without a referrer post with `null`.
pub(super) fn is_foreign(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    site.is_some_and(|site| site != "same-origin" && site != "none")
}

fn language(web: &Web, opened: &Opened) -> Lang {
    web.engine.app().company().language(Some(&opened.person))
}

/// The language of somebody whom we do not know: what the browser asks for first, as far as we speak it.
pub(super) fn spoken(headers: &HeaderMap) -> Lang {
    let asked =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match asked.trim().get(..2) {
        Some(first) if first.eq_ignore_ascii_case("en") => Lang::En,
        _ => Lang::Zh,
    }
}
