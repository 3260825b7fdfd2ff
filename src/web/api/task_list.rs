//! `POST /api/v1/requests/{no}/tasks`: a task list as a file, XLSX or CSV, all of it or nothing.
//!
//! Invariants: as of acts: rights, refusals and history are those of the chat, and the same key is one act; every cell
//! that cannot be taken is named, and then nothing was done.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::acts::{KEY, key};
use super::{Fault, caller, outcome, told};
use crate::app::acts::SCOPE;
use crate::card::task_list::{Complaint, slips};
use crate::domain::change::Reply;
use crate::intent::{number, task_list};
use crate::web::Web;

/// `POST /api/v1/requests/{no}/tasks`
pub async fn add(
    State(web): State<Web>,
    Path(typed): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    told(&web, Box::pin(added(&web, &typed, &headers, body)).await)
}

async fn added(
    web: &Web,
    typed: &str,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Value), Fault> {
    let caller = caller(web, headers).await?;
    if !caller.scopes.iter().any(|scope| scope == SCOPE) {
        return Err(Fault::NoScope);
    }
    let key = key(headers).ok_or_else(|| Fault::Parameter(KEY.to_owned()))?;
    let reader = web.engine.known(&caller.person).ok_or(Fault::NoToken)?;
    let body = body.map_err(|_| Fault::Parameter("body".to_owned()))?;
    let list = task_list::read(&body);
    if !list.slips.is_empty() {
        return Ok(wrong(&slips(&list, reader.lang)));
    }
    let request = number::canonical(typed).unwrap_or_else(|| typed.to_owned());
    web.engine.metrics().count("heard");
    let heard = web.engine.app().import_for(&caller, &key, (&request, list.values.clone())).await?;
    match &heard.reply {
        Reply::Form(form) => Ok(wrong(&web.engine.list_faults(&reader, &list, &form.faults))),
        _ => Ok(outcome::told(web, &heard).await?),
    }
}

fn wrong(complaints: &[Complaint]) -> (StatusCode, Value) {
    let field = |complaint: &Complaint| {
        let text = format!("{} {}", complaint.place, complaint.words);
        json!({ "field": complaint.field, "code": complaint.code, "text": text.trim() })
    };
    let fields: Vec<Value> = complaints.iter().map(field).collect();
    let error = json!({ "code": "faults", "text": null, "request": null, "fields": fields });
    (StatusCode::UNPROCESSABLE_ENTITY, json!({ "error": error }))
}
