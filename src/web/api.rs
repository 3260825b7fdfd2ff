//! `/api/v1/…`: what programs read and do, as JSON, with a token.
//!
//! Invariants: a `GET` writes nothing; an error is a code that programs can tell apart, never a text of the database.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::Web;
use crate::app::api::{Caller, Given, Kind, RESOURCES, Resource, Wanted};
use crate::domain::{Date, Timestamp};

pub mod acts;
pub mod document;
mod outcome;
pub mod task_list;

/// Rows of a page unless it is said otherwise, and at most.
const LIMIT: usize = 50;
const MOST: usize = 200;

type Pairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// Why there is no answer.
enum Fault {
    /// No token, or one that opens nothing: 401.
    NoToken,
    /// The token's scopes do not name it: 403.
    NoScope,
    /// The token is somebody else's than the caller believes: 403.
    NotThisPerson,
    /// A parameter that is not known or cannot be read: 400.
    Parameter(String),
    /// Not now: 503.
    Busy,
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let (status, code, parameter) = match self {
            Fault::NoToken => (StatusCode::UNAUTHORIZED, "no_token", None),
            Fault::NoScope => (StatusCode::FORBIDDEN, "no_scope", None),
            Fault::NotThisPerson => (StatusCode::FORBIDDEN, "not_this_person", Some("as".to_owned())),
            Fault::Parameter(name) => (StatusCode::BAD_REQUEST, "bad_parameter", Some(name)),
            Fault::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy", None),
        };
        let mut answer =
            (status, Json(json!({ "error": { "code": code, "parameter": parameter } }))).into_response();
        let headers = answer.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            }
            _ => {}
        }
        answer
    }
}

impl From<crate::app::Trouble> for Fault {
    fn from(trouble: crate::app::Trouble) -> Self {
        tracing::error!("a call of the API failed: {trouble}");
        Fault::Busy
    }
}

/// `GET /api/v1/requests`
pub async fn requests(web: State<Web>, pairs: Pairs, headers: HeaderMap) -> Response {
    answered(&web, "requests", pairs, &headers).await
}

/// `GET /api/v1/tasks`
pub async fn tasks(web: State<Web>, pairs: Pairs, headers: HeaderMap) -> Response {
    answered(&web, "tasks", pairs, &headers).await
}

/// `GET /api/v1/obligations`
pub async fn obligations(web: State<Web>, pairs: Pairs, headers: HeaderMap) -> Response {
    answered(&web, "obligations", pairs, &headers).await
}

/// `GET /api/v1/progress`
pub async fn progress(web: State<Web>, pairs: Pairs, headers: HeaderMap) -> Response {
    answered(&web, "progress", pairs, &headers).await
}

async fn answered(web: &Web, name: &str, pairs: Pairs, headers: &HeaderMap) -> Response {
    told(web, listed(web, name, pairs, headers).await.map(|page| (StatusCode::OK, page)))
}

/// An answer on its way, kept nowhere; whoever came without a token is counted.
fn told(web: &Web, answer: Result<(StatusCode, Value), Fault>) -> Response {
    match answer {
        Ok((status, answer)) => {
            let kept = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            (status, kept, Json(answer)).into_response()
        }
        Err(fault) => {
            if matches!(fault, Fault::NoToken) {
                web.engine.metrics().count("rejected");
            }
            fault.into_response()
        }
    }
}

async fn listed(web: &Web, name: &str, pairs: Pairs, headers: &HeaderMap) -> Result<Value, Fault> {
    let caller = caller(web, headers).await?;
    if !caller.scopes.iter().any(|scope| scope == name) {
        return Err(Fault::NoScope);
    }
    let resource = RESOURCES.iter().find(|resource| resource.name == name).ok_or(Fault::NoScope)?;
    let pairs = pairs.map_err(|_| Fault::Parameter(String::new()))?.0;
    let asked = Asked::read(resource, &pairs)?;
    let wanted = Wanted { filters: &asked.filters, after: asked.after.as_deref(), most: asked.limit };
    let page = web.engine.app().rows(&caller, resource, &wanted).await?;
    Ok(json!({ "items": page.rows, "next": page.next.map(|key| cursor(&key)) }))
}

/// Who calls: `Authorization: Bearer …` (RFC 6750). A token never stands in an address.
async fn caller(web: &Web, headers: &HeaderMap) -> Result<Caller, Fault> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, token) = value.split_once(' ').ok_or(Fault::NoToken)?;
    if !scheme.eq_ignore_ascii_case("bearer") || token.len() > 200 {
        return Err(Fault::NoToken);
    }
    web.engine.app().caller(token.trim()).await?.ok_or(Fault::NoToken)
}

/// What stands in an address.
struct Asked {
    filters: Vec<(&'static str, Given)>,
    after: Option<Vec<Given>>,
    limit: usize,
}

impl Asked {
    fn read(resource: &Resource, pairs: &[(String, String)]) -> Result<Self, Fault> {
        let mut asked = Self { filters: Vec::new(), after: None, limit: LIMIT };
        for (name, value) in pairs {
            let bad = || Fault::Parameter(name.clone());
            match name.as_str() {
                "limit" => {
                    let limit = value.parse().ok().filter(|n| (1..=MOST).contains(n));
                    asked.limit = limit.ok_or_else(bad)?;
                }
                "cursor" => {
                    let key = key(value).filter(|key| resource.has_key(key));
                    asked.after = Some(key.ok_or_else(bad)?);
                }
                other => {
                    let filter =
                        resource.filters.iter().find(|filter| filter.name == other).ok_or_else(bad)?;
                    asked.filters.push((filter.name, given(filter.kind, value).ok_or_else(bad)?));
                }
            }
        }
        Ok(asked)
    }
}

/// A value by its kind.
fn given(kind: Kind, value: &str) -> Option<Given> {
    match kind {
        Kind::Text | Kind::Person => {
            (value.len() <= 200 && !value.contains('\0')).then(|| Given::Text(value.to_owned()))
        }
        Kind::Day => value.parse::<Date>().ok().map(|day| Given::Text(day.to_string())),
        Kind::Number => value.parse().ok().map(Given::Number),
        Kind::Moment => value.parse::<Timestamp>().ok().map(|at| Given::Number(at.as_millisecond())),
        Kind::Flag => value.parse().ok().map(Given::Flag),
        Kind::List => None,
    }
}

/// The key of a row as an opaque text.
fn cursor(key: &[Given]) -> String {
    let value = |given: &Given| match given {
        Given::Text(words) => json!(words),
        Given::Number(n) => json!(n),
        Given::Flag(yes) => json!(yes),
    };
    URL_SAFE_NO_PAD.encode(Value::Array(key.iter().map(value).collect()).to_string())
}

fn key(cursor: &str) -> Option<Vec<Given>> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok().filter(|bytes| bytes.len() <= 500)?;
    let values: Vec<Value> = serde_json::from_slice(&bytes).ok()?;
    let given = |value: &Value| match value {
        Value::String(words) if !words.contains('\0') => Some(Given::Text(words.clone())),
        Value::Number(n) => n.as_i64().map(Given::Number),
        _ => None,
    };
    values.iter().map(given).collect()
}
