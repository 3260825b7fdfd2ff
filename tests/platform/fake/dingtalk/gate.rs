//! The way in: which call it is, whether the application may make it, and how the answer looks on the wire.
//!
//! Invariant: every call is written down, and none is carried out before its headers, its token and its permission were
//! looked at, in this order.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{Response, StatusCode, header};
use serde_json::{Value, json};

use super::faults::Fault;
use super::state::State;
use super::{CLIENT_ID, CLIENT_SECRET, cards, logins, robots, todos};

/// A call that arrived.
#[derive(Clone, Debug)]
pub struct Call {
    /// The name in [`ROUTES`], or empty.
    pub name: &'static str,
    /// As it was called.
    pub path: String,
    /// Decoded.
    pub query: BTreeMap<String, String>,
    /// `null` if it is no JSON.
    pub body: Value,
    /// The header, or empty.
    pub token: String,
    /// When it arrived.
    pub at: std::time::Instant,
}

/// Why a call is not carried out: the status and code of the new host, or the `errcode` of the old one.
#[derive(Clone, Debug)]
pub enum Refusal {
    New(u16, String, Vec<String>),
    Old(i64, String),
}

/// An answer.
pub struct Answer {
    status: u16,
    body: String,
}

type Act = fn(&mut State, &Call) -> Result<Value, Refusal>;
/// Name, method, path, permission, what it does.
type Route = (&'static str, &'static str, &'static str, &'static str, Act);

/// Every call. Those of the old host are the ones that take their token in the query.
pub const ROUTES: &[Route] = &[
    ("token", "POST", "/v1.0/oauth2/accessToken", "", token),
    ("batchSend", "POST", "/v1.0/robot/oToMessages/batchSend", "qyapi_robot_sendmsg", robots::batch_send),
    ("groupSend", "POST", "/v1.0/robot/groupMessages/send", "qyapi_robot_sendmsg", robots::group_send),
    ("ding", "POST", "/v1.0/robot/ding/send", "Premium.Ding.Write", robots::ding),
    ("cards.create", "POST", "/v1.0/card/instances/createAndDeliver", "Card.Instance.Write", cards::create),
    ("cards.update", "PUT", "/v1.0/card/instances", "Card.Instance.Write", cards::update),
    ("cards.register", "POST", "/v1.0/card/callbacks/register", "Card.Instance.Write", cards::register),
    ("todo.create", "POST", "/v1.0/todo/users/*/tasks", "Todo.Todo.Write", todos::create),
    ("todo.update", "PUT", "/v1.0/todo/users/*/tasks/*", "Todo.Todo.Write", todos::update),
    ("session", "POST", "/robot/sendBySession", "", robots::by_session),
    ("robot", "POST", "/robot/send", "", robots::custom),
    ("login.inside", "POST", "/topapi/v2/user/getuserinfo", "", logins::by_code),
    ("login.token", "POST", "/v1.0/oauth2/userAccessToken", "", logins::token),
    ("login.me", "GET", "/v1.0/contact/users/me", "", logins::me),
    ("login.union", "POST", "/topapi/user/getbyunionid", "", logins::by_union),
    ("users.list", "POST", "/topapi/v2/user/list", "qyapi_get_member", super::company_calls::users),
    ("users.get", "POST", "/topapi/v2/user/get", "qyapi_get_member", super::company_calls::user),
    (
        "departments.sub",
        "POST",
        "/topapi/v2/department/listsub",
        "qyapi_get_department_list",
        super::company_calls::below,
    ),
    (
        "departments.get",
        "POST",
        "/topapi/v2/department/get",
        "qyapi_get_department_list",
        super::company_calls::department,
    ),
];

const WITHOUT_TOKEN: &[&str] = &["token", "session", "robot", "login.token", "login.me"];

/// Whether a path is one of a route, whose `*` stands for any part between two slashes.
fn fits(route: &str, path: &str) -> bool {
    let (mut ours, mut theirs) = (route.split('/'), path.split('/'));
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => return true,
            (Some("*"), Some(part)) if !part.is_empty() => {}
            (Some(one), Some(other)) if one == other => {}
            _ => return false,
        }
    }
}

/// Method and path of a call.
pub fn route(name: &str) -> Option<(&'static str, &'static str)> {
    ROUTES.iter().find(|route| route.0 == name).map(|route| (route.1, route.2))
}

/// Every permission that some call needs.
pub fn all_scopes() -> BTreeSet<String> {
    ROUTES.iter().map(|route| route.3.to_owned()).filter(|scope| !scope.is_empty()).collect()
}

/// Answers a call, or does what the fault says.
pub fn pass(state: &mut State, head: &Parts, bytes: &[u8]) -> (Answer, Option<Fault>) {
    let path = head.uri.path();
    let route = ROUTES.iter().find(|route| route.1 == head.method.as_str() && fits(route.2, path));
    let query = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&head.uri);
    let call = Call {
        name: route.map_or("", |route| route.0),
        path: path.to_owned(),
        query: query.map(|query| query.0.into_iter().collect()).unwrap_or_default(),
        body: serde_json::from_slice(bytes).unwrap_or_default(),
        token: head
            .headers
            .get("x-acs-dingtalk-access-token")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned(),
        at: std::time::Instant::now(),
    };
    let fault = state.faults.next(call.name);
    let done = match (fault, route) {
        (Some(Fault::Code(status, code)), _) => Err(Refusal::New(status, code.to_owned(), Vec::new())),
        (Some(Fault::Old(code)), _) => Err(Refusal::Old(code, "as asked for".to_owned())),
        (Some(fault), _) if !fault.is_after() => Ok(Value::Null),
        (_, None) => Err(Refusal::new("InvalidAction.NotFound")),
        (_, Some(route)) => carry_out(state, (head, &call), route),
    };
    state.calls.push(call);
    let answer = match fault {
        Some(Fault::Page(status)) => Answer { status, body: format!("<html>{status}</html>") },
        Some(Fault::Garbage) => Answer { status: 200, body: "{\"processQuery".to_owned() },
        Some(Fault::ShutOut) => {
            let body = json!({"status": 1111, "wait": 5, "source": "x5", "punish": "deny", "uuid": "u"});
            Answer { status: 200, body: body.to_string() }
        }
        _ => Answer::of(done),
    };
    (answer, fault)
}

fn carry_out(state: &mut State, (head, call): (&Parts, &Call), route: &Route) -> Result<Value, Refusal> {
    let (name, .., scope, act) = route;
    let text = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_asked = head.method != "GET";
    if is_asked && (!text("content-type").starts_with("application/json") || !call.body.is_object()) {
        return Err(Refusal::new("InvalidContentType"));
    }
    if text("accept") != "application/json" {
        return Err(Refusal::new("NotAcceptable"));
    }
    let is_old = route.2.starts_with("/topapi");
    if !WITHOUT_TOKEN.contains(name) {
        let asked = call.query.get("access_token").map(String::as_str);
        let token = if is_old { asked.unwrap_or_default() } else { text("x-acs-dingtalk-access-token") };
        if !state.tokens.contains(token) {
            return Err(if is_old { Refusal::old(40_014) } else { Refusal::new("InvalidAuthentication") });
        }
    }
    if !scope.is_empty() && !state.scopes.contains(*scope) {
        let missing = vec![(*scope).to_owned()];
        if is_old {
            return Err(Refusal::Old(60_011, format!("requiredScopes=[{scope}]")));
        }
        let code = "Forbidden.AccessDenied.AccessTokenPermissionDenied";
        return Err(Refusal::New(403, code.to_owned(), missing));
    }
    act(state, call)
}

fn token(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    if call.body != json!({"appKey": CLIENT_ID, "appSecret": CLIENT_SECRET}) {
        return Err(Refusal::new("invalidClientIdOrSecret"));
    }
    Ok(json!({"accessToken": state.token(), "expireIn": 7200}))
}

impl Call {
    /// A text of the body; refused if it is missing.
    pub fn text(&self, field: &str) -> Result<&str, Refusal> {
        let text = self.body.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
        text.ok_or_else(|| Refusal::New(400, format!("miss.param.{field}"), Vec::new()))
    }
}

impl Refusal {
    /// HTTP 400 of the new host.
    pub fn new(code: &str) -> Self {
        Self::New(400, code.to_owned(), Vec::new())
    }

    /// HTTP 200 of the old host.
    pub fn old(code: i64) -> Self {
        Self::Old(code, "refused".to_owned())
    }
}

impl Answer {
    fn of(done: Result<Value, Refusal>) -> Self {
        let (status, body) = match done {
            Ok(body) => (200, body),
            Err(Refusal::Old(code, message)) => (200, json!({"errcode": code, "errmsg": message})),
            Err(Refusal::New(status, code, scopes)) => {
                let mut body = json!({"code": code, "message": code, "requestid": "REQ-1"});
                if !scopes.is_empty() {
                    body["accessdenieddetail"] = json!({"requiredScopes": scopes});
                }
                (status, body)
            }
        };
        Self { status, body: body.to_string() }
    }

    /// As it goes over the wire.
    pub fn into_response(self) -> std::io::Result<Response<Body>> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let answer = Response::builder().status(status);
        let answer = answer.header(header::CONTENT_TYPE, "application/json;charset=utf-8");
        answer.body(Body::from(self.body)).map_err(std::io::Error::other)
    }
}
