//! What an answer that is no success means: one table of DingTalk's codes, and what stands for an answer without one.
//!
//! Invariant: the code decides, the HTTP status only where there is no known code; texts are never matched. Codes are
//! those of the open platform's pages on robots, cards, contacts and call limits; throttling comes as HTTP 403, or on
//! the older host as HTTP 200 with an `errcode`.

use std::time::Duration;

use serde_json::Value;

/// How one reacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The access token is not accepted: once more with a fresh one.
    Token,
    /// Nothing was done, too much at once: later.
    Limit,
    /// Nothing was done: our address is shut out for a while, and every call with it.
    Banned,
    /// Nothing was done: the month's quota of metered calls is used up.
    Quota,
    /// Nothing was done: later.
    Retry,
    /// Nobody knows whether it was done.
    Unclear,
    /// It was done before, under the same key.
    Done,
    /// Whoever should hear it cannot be reached.
    Receiver,
    /// What is said is refused.
    Content,
    /// The card's template cannot be used.
    Template,
    /// An administrator has to put something right.
    Config,
    /// Any other refusal.
    Other,
}

/// A call that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct ApiError {
    /// How one reacts.
    pub class: Class,
    /// The code in the body; of a wrapped one the inner.
    pub code: Option<String>,
    /// How long to leave it alone.
    pub after: Option<Duration>,
    /// Where a permission is missing: those that are needed, as DingTalk names them.
    pub missing: Vec<String>,
    /// A sentence for the administrator.
    pub why: String,
}

/// An answer as it came, as far as it says what went wrong.
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The body, if it is JSON.
    pub body: Option<&'a Value>,
    /// Whether the body is a page for people.
    pub is_page: bool,
}

/// A permission is missing; the answer names it.
pub const NO_PERMISSION: &str = "Forbidden.AccessDenied.AccessTokenPermissionDenied";
/// The gateway counts calls over one second.
const SECOND: Duration = Duration::from_millis(1_500);
const MINUTE: Duration = Duration::from_secs(60);
/// Message rates are per receiver and recover in minutes.
const MINUTES: Duration = Duration::from_secs(180);
/// A shut-out lasts five minutes and begins anew with every call.
pub const SHUT_OUT: Duration = Duration::from_secs(310);
/// The word of the body of a shut-out.
const BANNED: i64 = 1_111;
/// A code that only wraps another.
const WRAPPER: &str = "88";

/// Code, reaction, what it means; `*` at the end stands for anything. The first that fits counts.
const CODES: &[(&str, Class, &str)] = &[
    ("InvalidAuthentication", Class::Token, "the access token is not accepted"),
    ("40014", Class::Token, "the access token is not accepted"),
    ("40001", Class::Token, "the access token is not accepted"),
    ("42001", Class::Token, "the access token has ended"),
    ("Forbidden.AccessDenied.ApiCountLimitForOrg", Class::Quota, QUOTA),
    ("90020", Class::Quota, QUOTA),
    ("Forbidden.AccessDenied.QpsLimitFor*", Class::Limit, "too many calls in a second"),
    ("Forbidden.AccessDenied.QpmLimitFor*", Class::Limit, "too many calls in a minute"),
    ("90018", Class::Limit, "too many calls in a second"),
    ("90002", Class::Limit, "too many calls in a second"),
    ("send.too.fast", Class::Limit, RATE),
    ("too.many.group", Class::Limit, RATE),
    ("too.many.people", Class::Limit, RATE),
    ("toomuch.msg", Class::Limit, RATE),
    ("send.byToken.tooFast", Class::Limit, RATE),
    ("410100", Class::Limit, RATE),
    ("130101", Class::Limit, RATE),
    ("invalidClientIdOrSecret", Class::Config, "the client id or the client secret is wrong"),
    ("40089", Class::Config, "the client id or the client secret is wrong"),
    (NO_PERMISSION, Class::Config, "a permission is missing"),
    ("60011", Class::Config, "a permission is missing"),
    ("Forbidden.AccessDenied.IpNotInWhiteList", Class::Config, IP),
    ("60020", Class::Config, IP),
    ("Forbidden.*", Class::Config, "the application may not do this"),
    ("invalidParameter.robotCode.*", Class::Config, "the robot code is wrong, or the robot is not published"),
    ("robot.not.exist", Class::Config, "the robot code is wrong, or the robot is not published"),
    ("310000", Class::Config, "the group's robot does not take our signature, keyword or address"),
    ("400101", Class::Config, "the group's robot is not known"),
    ("400102", Class::Config, "the group's robot was stopped"),
    ("ding.serverquota.insufficient", Class::Config, "the paid quota of DINGs is used up"),
    ("param.templateNotExist", Class::Template, "there is no such card template"),
    ("param.templateUnpublished", Class::Template, "the card template is not published"),
    ("param.cardAlreadyExist", Class::Done, "the card is there already"),
    ("todo.taskCreate.paramError", Class::Done, "the task is there already"),
    ("group.disbanded", Class::Receiver, "the group was dissolved"),
    ("resource.not.found", Class::Receiver, "the robot is not in the group, or there is no such group"),
    ("400106", Class::Receiver, "the robot is no longer in the group"),
    ("param.userIdNotExist", Class::Receiver, "there is no such person"),
    ("param.openSpaceIdInvalid", Class::Receiver, "there is no such group or person"),
    ("staffId.notExisted", Class::Receiver, "there is no such person"),
    ("33012", Class::Receiver, "there is no such person"),
    ("60121", Class::Receiver, "there is no such person"),
    ("60003", Class::Receiver, "there is no such department"),
    ("param.cardNotExist", Class::Receiver, "there is no such card"),
    ("param.contentUnsafe", Class::Content, "the card holds words that are not allowed"),
    ("430101", Class::Content, "the message holds a link that is not allowed"),
    ("430102", Class::Content, "the message holds words that are not allowed"),
    ("430103", Class::Content, "the message holds words that are not allowed"),
    ("430104", Class::Content, "the message holds words that are not allowed"),
    ("contain.*", Class::Content, "the message holds words that are not allowed"),
    ("invalidParameter.*", Class::Content, "a field is refused"),
    ("miss.param*", Class::Content, "a field is missing"),
    ("param.*", Class::Content, "a field is refused"),
    ("system.busy", Class::Unclear, "DingTalk is busy"),
    ("system.error", Class::Unclear, "DingTalk has an internal error"),
    ("ServiceUnavailable", Class::Unclear, "DingTalk is not available"),
    ("isp.*", Class::Unclear, "DingTalk does not reach one of its own parts"),
    ("15", Class::Unclear, "DingTalk does not reach one of its own parts"),
    ("-1", Class::Unclear, "DingTalk is busy"),
];

const QUOTA: &str = "the month's quota of metered calls is used up";
const RATE: &str = "too many messages to one receiver";
const IP: &str = "our address is not on the application's list of allowed addresses";

/// The code of an answer, unwrapped: `code` of the new host, `errcode` of the old one. None of a success.
fn code(body: &Value) -> Option<String> {
    let word = |field: &str| match body.get(field)? {
        Value::String(word) if !word.is_empty() => Some(word.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let code = word("errcode").or_else(|| word("code")).filter(|code| code != "0")?;
    if code != WRAPPER {
        return Some(code);
    }
    word("sub_code").or(Some(code))
}

/// Reads an answer that is no success.
pub fn read(answer: &Answer<'_>) -> ApiError {
    let code = answer.body.and_then(code);
    let known = code.as_deref().and_then(known);
    let banned = answer.body.and_then(|body| body.get("status")).and_then(Value::as_i64) == Some(BANNED)
        || (answer.is_page && matches!(answer.status, 200 | 403));
    let class = match known {
        Some((_, class, _)) => *class,
        None if banned => Class::Banned,
        None => by_status(answer.status, code.is_some()),
    };
    let missing = missing(answer);
    let why = sentence(answer, (code.as_deref(), known.map(|(.., meaning)| *meaning)), &missing);
    ApiError { class, after: after(class, known.map(|(code, ..)| *code)), code, missing, why }
}

fn known(code: &str) -> Option<&'static (&'static str, Class, &'static str)> {
    let fits = |pattern: &str| match pattern.strip_suffix('*') {
        Some(begins) => code.starts_with(begins),
        None => code == pattern,
    };
    CODES.iter().find(|(pattern, ..)| fits(pattern))
}

/// What a status means where no code is known.
fn by_status(status: u16, has_code: bool) -> Class {
    match status {
        408 | 500.. => Class::Unclear,
        429 => Class::Limit,
        // A refusal that is no JSON did not come from DingTalk: something between, or the address is wrong.
        300..500 if !has_code => Class::Config,
        _ if !has_code => Class::Unclear,
        _ => Class::Other,
    }
}

fn after(class: Class, code: Option<&str>) -> Option<Duration> {
    match class {
        Class::Banned => Some(SHUT_OUT),
        Class::Limit => Some(match code {
            Some(code) if code.contains("QpmLimit") => MINUTE,
            Some("410100" | "130101") => MINUTES * 4,
            Some(code) if code.contains('.') && !code.starts_with("Forbidden") => MINUTES,
            _ => SECOND,
        }),
        _ => None,
    }
}

/// The permissions that are needed; names drift, so they are told as they come.
fn missing(answer: &Answer<'_>) -> Vec<String> {
    let scopes = answer.body.and_then(|body| body.pointer("/accessdenieddetail/requiredScopes"));
    let scopes = scopes.and_then(Value::as_array).into_iter().flatten();
    scopes.filter_map(|scope| scope.as_str().map(str::to_owned)).collect()
}

/// What went wrong, what DingTalk says to it, what is missing, and under which id DingTalk knows of it.
fn sentence(
    answer: &Answer<'_>,
    (code, meaning): (Option<&str>, Option<&str>),
    missing: &[String],
) -> String {
    let text = |field: &str| answer.body.and_then(|body| body.get(field)).and_then(Value::as_str);
    let mut said = match code {
        Some(code) => {
            let words = text("sub_msg").or_else(|| text("message")).or_else(|| text("errmsg"));
            let words: String = words.unwrap_or_default().chars().take(300).collect();
            format!("{}: {code} {words}", meaning.unwrap_or("DingTalk refused the call"))
        }
        None => format!("the answer is not DingTalk's: HTTP {}", answer.status),
    };
    if !missing.is_empty() {
        said.push_str(&format!(" (apply for: {})", missing.join(", ")));
    }
    if let Some(id) = text("requestid").or_else(|| text("request_id")) {
        said.push_str(&format!(" (request id {id})"));
    }
    said
}

impl ApiError {
    /// An error of our own making, without an answer.
    pub fn new(class: Class, why: impl Into<String>) -> Self {
        Self { class, code: None, after: None, missing: Vec::new(), why: why.into() }
    }
}

#[cfg(test)]
#[path = "fault_tests.rs"]
mod tests;
