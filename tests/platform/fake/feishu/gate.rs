//! The way in: which call it is, whether the app may make it now, and how the answer looks on the wire.
//!
//! Invariant: every call is written down, and none is carried out before its limit, its shape, its token and its
//! permission were looked at, in this order.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{Method, Response, StatusCode, header};
use serde_json::{Value, json};

use super::faults::Fault;
use super::state::State;
use super::{APP_ID, APP_SECRET, chats, contacts, extras, images, logins, messages};

/// A call that arrived.
#[derive(Clone, Debug)]
pub struct Call {
    /// The name in [`ROUTES`], or empty.
    pub name: &'static str,
    /// `POST`, …
    pub method: String,
    /// Without the query.
    pub path: String,
    /// Decoded; of a name that comes twice, the last.
    pub query: BTreeMap<String, String>,
    /// The ids in the path.
    pub ids: Vec<String>,
    /// `null` without a body, a string if it is no JSON.
    pub body: Value,
    /// What came, where it is no JSON.
    pub bytes: Vec<u8>,
    /// The header.
    pub content_type: Option<String>,
    /// What came after `Bearer`.
    pub token: Option<String>,
    /// Milliseconds of the fake's time.
    pub at: u64,
    /// The code that was answered.
    pub code: i64,
}

/// An answer.
pub struct Answer {
    status: u16,
    body: String,
    content_type: &'static str,
    reset: Option<u64>,
    date: Option<String>,
}

/// Why a call is not carried out.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub status: u16,
    pub code: i64,
    pub msg: String,
    /// The `error` of the answer.
    pub error: Value,
    /// Seconds.
    pub reset: Option<u64>,
}

type Act = fn(&mut State, &Call) -> Result<Value, Refusal>;

/// A call that it knows: name, method, path, permissions of which one is needed, what it does.
type Route = (&'static str, Method, &'static str, &'static [&'static str], Act);

const SEND: &[&str] = &["im:message:send_as_bot", "im:message"];
const UPDATE: &[&str] = &["im:message:update", "im:message"];
const PEOPLE: &[&str] = &["contact:user.base:readonly"];
const DEPARTMENTS: &[&str] = &["contact:department.base:readonly"];
const MEMBERS: &[&str] = &["im:chat.members:write_only", "im:chat"];

/// Every call.
pub const ROUTES: &[Route] = &[
    ("token", Method::POST, "/open-apis/auth/v3/tenant_access_token/internal", &[], token),
    ("bot.info", Method::GET, "/open-apis/bot/v3/info", &[], extras::bot_info),
    ("messages.create", Method::POST, "/open-apis/im/v1/messages", SEND, messages::create),
    ("messages.reply", Method::POST, "/open-apis/im/v1/messages/:id/reply", SEND, messages::reply),
    ("messages.patch", Method::PATCH, "/open-apis/im/v1/messages/:id", UPDATE, messages::patch),
    ("messages.edit", Method::PUT, "/open-apis/im/v1/messages/:id", UPDATE, messages::edit),
    ("messages.get", Method::GET, "/open-apis/im/v1/messages/:id", SEND, messages::get),
    ("messages.recall", Method::DELETE, "/open-apis/im/v1/messages/:id", SEND, messages::recall),
    (
        "messages.urgent_app",
        Method::PATCH,
        "/open-apis/im/v1/messages/:id/urgent_app",
        &["im:message.urgent"],
        messages::urgent,
    ),
    (
        "users.batch_get_id",
        Method::POST,
        "/open-apis/contact/v3/users/batch_get_id",
        &["contact:user.id:readonly"],
        contacts::batch_get_id,
    ),
    (
        "users.find_by_department",
        Method::GET,
        "/open-apis/contact/v3/users/find_by_department",
        PEOPLE,
        contacts::find_by_department,
    ),
    ("users.get", Method::GET, "/open-apis/contact/v3/users/:id", PEOPLE, contacts::user),
    (
        "departments.get",
        Method::GET,
        "/open-apis/contact/v3/departments/:id",
        DEPARTMENTS,
        contacts::department,
    ),
    (
        "departments.children",
        Method::GET,
        "/open-apis/contact/v3/departments/:id/children",
        DEPARTMENTS,
        contacts::children,
    ),
    ("chats.create", Method::POST, "/open-apis/im/v1/chats", &["im:chat:create", "im:chat"], chats::create),
    ("chats.list", Method::GET, "/open-apis/im/v1/chats", &["im:chat:readonly", "im:chat"], chats::list_all),
    ("chats.get", Method::GET, "/open-apis/im/v1/chats/:id", &["im:chat:readonly", "im:chat"], chats::get),
    ("chats.add", Method::POST, "/open-apis/im/v1/chats/:id/members", MEMBERS, chats::add),
    ("tasks.create", Method::POST, "/open-apis/task/v2/tasks", &["task:task:write"], extras::task),
    (
        "images.create",
        Method::POST,
        "/open-apis/im/v1/images",
        &["im:resource", "im:resource:upload"],
        images::create,
    ),
    ("batch_send", Method::POST, "/open-apis/message/v4/batch_send/", SEND, extras::batch_send),
    ("ephemeral.send", Method::POST, "/open-apis/ephemeral/v1/send", SEND, extras::ephemeral),
    ("login.token", Method::POST, "/open-apis/authen/v2/oauth/token", &[], logins::token),
    ("login.user", Method::GET, "/open-apis/authen/v1/user_info", &[], logins::user),
    ("ws.endpoint", Method::POST, "/callback/ws/endpoint", &[], extras::endpoint),
];

/// Whose callers show the app's secret, or a user's token, instead of the app's one.
const WITHOUT_TOKEN: &[&str] = &["token", "login.token", "login.user", "ws.endpoint"];

/// Whose callers need not send JSON: the official client asks for a token without saying what it sends, and a picture
/// comes in a form.
const OTHERWISE: &[&str] = &["token", "images.create"];

/// Every permission that some call needs.
pub fn all_scopes() -> BTreeSet<String> {
    ROUTES.iter().flat_map(|route| route.3).map(|scope| (*scope).to_owned()).collect()
}

/// Answers a call, or does what the fault says.
pub fn pass(state: &mut State, head: &Parts, bytes: &[u8]) -> (Answer, Option<Fault>) {
    let (mut call, route) = read(state, head, bytes);
    let fault = state.faults.next(call.name);
    let done = match fault {
        Some(fault) if !fault.is_after() => Err(struck(fault)),
        _ => carry_out(state, &call, route),
    };
    call.code = done.as_ref().map_or_else(|refusal| refusal.code, |_| 0);
    state.calls.push(call);
    let answer = match fault {
        Some(Fault::Page(status) | Fault::PageAfter(status)) => Answer::page(status),
        _ => Answer::of(done),
    };
    let off = (state.off != 0).then(|| date(state.off));
    (Answer { date: off, ..answer }, fault)
}

/// The machine's time and so many seconds, as a header says it.
#[expect(clippy::disallowed_methods, reason = "the header tells the machine's own time")]
fn date(off: i64) -> String {
    let then = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(off);
    then.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn read(state: &State, head: &Parts, bytes: &[u8]) -> (Call, Option<&'static Route>) {
    let path = head.uri.path().to_owned();
    let found = ROUTES.iter().find_map(|route| {
        let ids = ids(route.2, &path)?;
        (route.1 == head.method).then_some((route, ids))
    });
    let text = |name| head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let token =
        text(header::AUTHORIZATION).and_then(|bearer| Some(bearer.strip_prefix("Bearer ")?.to_owned()));
    let raw = || Value::String(String::from_utf8_lossy(bytes).into_owned());
    let json: Option<Value> = serde_json::from_slice(bytes).ok();
    let query = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&head.uri);
    let call = Call {
        name: found.as_ref().map_or("", |(route, _)| route.0),
        method: head.method.to_string(),
        query: query.map(|query| query.0.into_iter().collect()).unwrap_or_default(),
        ids: found.as_ref().map(|(_, ids)| ids.clone()).unwrap_or_default(),
        bytes: if json.is_none() { bytes.to_vec() } else { Vec::new() },
        body: if bytes.is_empty() { Value::Null } else { json.unwrap_or_else(raw) },
        content_type: text(header::CONTENT_TYPE),
        at: state.now(),
        code: 0,
        path,
        token,
    };
    (call, found.map(|(route, _)| route))
}

/// The ids in a path that looks like the pattern.
fn ids(pattern: &str, path: &str) -> Option<Vec<String>> {
    let (mut wanted, mut parts, mut ids) = (pattern.split('/'), path.split('/'), Vec::new());
    loop {
        match (wanted.next(), parts.next()) {
            (None, None) => return Some(ids),
            (Some(":id"), Some(id)) if !id.is_empty() => ids.push(id.to_owned()),
            (Some(want), Some(part)) if want == part => {}
            _ => return None,
        }
    }
}

fn carry_out(state: &mut State, call: &Call, route: Option<&Route>) -> Result<Value, Refusal> {
    let Some((name, method, _, scopes, act)) = route else {
        return Err(Refusal { status: 404, ..Refusal::new(99_991_201, "404 page not found") });
    };
    state.count(&format!("call {name}"), 50, 1000).map_err(limited)?;
    let is_json = call.content_type.as_deref().is_some_and(|kind| kind.starts_with("application/json"));
    if [Method::POST, Method::PUT, Method::PATCH].contains(method) && !is_json && !OTHERWISE.contains(name) {
        return Err(Refusal::new(9499, "Bad Request: content type must be application/json"));
    }
    if !WITHOUT_TOKEN.contains(name) {
        check_token(state, call)?;
    }
    if !scopes.is_empty() && !scopes.iter().any(|scope| state.scopes.contains(*scope)) {
        let missing =
            scopes.iter().map(|scope| json!({"type": "action_privilege_required", "subject": scope}));
        let error = json!({"permission_violations": missing.collect::<Vec<_>>()});
        return Err(Refusal { error, ..Refusal::new(99_991_672, "Access denied. Scopes are required.") });
    }
    act(state, call)
}

fn check_token(state: &State, call: &Call) -> Result<(), Refusal> {
    match call.token.as_deref() {
        None => Err(Refusal::new(99_991_661, "Missing access token for authorization.")),
        Some(token) if !token.starts_with("t-") => Err(Refusal::new(99_991_671, "Invalid token prefix.")),
        Some(token) if !state.knows_token(token) => Err(Refusal::new(99_991_663, "Invalid access token.")),
        Some(_) => Ok(()),
    }
}

fn token(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    check_secret(call.body.get("app_id"), call.body.get("app_secret"))?;
    let (value, expire) = state.token();
    Ok(json!({"code": 0, "msg": "ok", "tenant_access_token": value, "expire": expire}))
}

/// Refuses credentials that are not the app's.
pub fn check_secret(app_id: Option<&Value>, secret: Option<&Value>) -> Result<(), Refusal> {
    if app_id != Some(&json!(APP_ID)) {
        return Err(Refusal::new(10_003, "invalid param"));
    }
    if secret != Some(&json!(APP_SECRET)) {
        return Err(Refusal::new(10_014, "app secret invalid"));
    }
    Ok(())
}

fn limited(reset: u64) -> Refusal {
    Refusal { status: 429, reset: Some(reset), ..Refusal::new(99_991_400, "request trigger frequency limit") }
}

fn struck(fault: Fault) -> Refusal {
    match fault {
        Fault::Limited { reset } => limited(reset),
        Fault::Code(code) => Refusal::new(code, "as asked for"),
        Fault::Internal => Refusal { status: 500, ..Refusal::new(2200, "internal error") },
        _ => Refusal::new(0, ""),
    }
}

impl Refusal {
    /// With HTTP 400.
    pub fn new(code: i64, msg: &str) -> Self {
        Self { status: 400, code, msg: msg.to_owned(), error: Value::Null, reset: None }
    }

    /// A field that is not as it must be.
    pub fn field(field: &str, description: &str) -> Self {
        let violation = json!({"field": field, "value": "", "description": description});
        let error = json!({"field_violations": [violation]});
        Self { error, ..Self::new(99_992_402, "field validation failed") }
    }
}

impl Answer {
    fn of(done: Result<Value, Refusal>) -> Self {
        let (status, body, reset) = match done {
            // Old calls answer at the top, the others under `data`.
            Ok(body) if body.get("code").is_some() => (200, body, None),
            Ok(data) => (200, json!({"code": 0, "msg": "success", "data": data}), None),
            Err(refusal) => {
                let mut body = json!({"code": refusal.code, "msg": refusal.msg});
                if !refusal.error.is_null() {
                    body["error"] = refusal.error;
                }
                (refusal.status, body, refusal.reset)
            }
        };
        Self {
            status,
            body: body.to_string(),
            content_type: "application/json; charset=utf-8",
            reset,
            date: None,
        }
    }

    fn page(status: u16) -> Self {
        let body = format!("<html><head><title>{status}</title></head></html>");
        Self { status, body, content_type: "text/html", reset: None, date: None }
    }

    /// As it goes over the wire.
    pub fn into_response(self) -> std::io::Result<Response<Body>> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let answer = Response::builder().status(status).header(header::CONTENT_TYPE, self.content_type);
        let mut answer = answer.header("X-Tt-Logid", "20261121-fake").header("X-Request-Id", "fake-request");
        if let Some(reset) = self.reset {
            answer = answer.header("x-ogw-ratelimit-limit", "50").header("x-ogw-ratelimit-reset", reset);
        }
        // Without one the server writes the machine's own.
        if let Some(date) = self.date {
            answer = answer.header(header::DATE, date);
        }
        answer.body(Body::from(self.body)).map_err(std::io::Error::other)
    }
}
