//! What an answer that is no success means: one table of Feishu's codes, and what stands for an answer without one.
//!
//! Invariant: the code in the body decides, the HTTP status only where there is no known code; texts are never matched.
//! Codes are those of the open platform's pages on messages, contacts and generic errors.

use std::time::Duration;

use serde_json::Value;

/// How one reacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The access token is not accepted: once more with a fresh one.
    Token,
    /// Nothing was done, too much at once: later.
    Limit,
    /// Nothing was done: later.
    Retry,
    /// Nobody knows whether it was done.
    Unclear,
    /// Whoever should hear it cannot be reached.
    Receiver,
    /// The message that is meant cannot be used: withdrawn, too old, not ours.
    Message,
    /// What is said is refused.
    Content,
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
    /// The code in the body.
    pub code: Option<i64>,
    /// When the platform wants to be asked again.
    pub after: Option<Duration>,
    /// Where a permission is missing: those of which one is needed, as Feishu names them.
    pub missing: Vec<String>,
    /// A sentence for the administrator.
    pub why: String,
}

/// An answer as it came, as far as it says what went wrong.
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The header `x-ogw-ratelimit-reset`, seconds.
    pub reset: Option<&'a str>,
    /// `X-Tt-Logid` or `X-Request-Id`: what Feishu's support asks for.
    pub log_id: Option<&'a str>,
    /// The body, if it is JSON.
    pub body: Option<&'a Value>,
}

/// The generic code of a gateway that closes for a while.
pub const TOO_OFTEN: i64 = 99_991_400;
/// A parameter of a message; also the answer to replacing the card of a message that is none.
pub const BAD_PARAMETER: i64 = 230_001;
/// A permission is missing; the answer names it.
pub const NO_PERMISSION: i64 = 99_991_672;
/// The longest that a reset header is believed.
const LONGEST_RESET: Duration = Duration::from_secs(60);

/// Code, reaction, what it means. Sorted by reaction.
const CODES: &[(i64, Class, &str)] = &[
    (99_991_661, Class::Token, "the access token is missing"),
    (99_991_663, Class::Token, "the access token is not accepted"),
    (99_991_664, Class::Token, "the access token is not accepted"),
    (99_991_671, Class::Token, "the access token is not one"),
    (TOO_OFTEN, Class::Limit, "too many calls at once"),
    (230_020, Class::Limit, "too many messages at once to one person, chat or message"),
    (11_232, Class::Limit, "the whole company sends too many messages at once"),
    (190_004, Class::Limit, "too many calendar calls at once"),
    (190_005, Class::Limit, "too many calendar calls at once"),
    (190_010, Class::Limit, "too many calendar calls at once"),
    (232_019, Class::Limit, "too many changes of one chat at once"),
    (230_049, Class::Unclear, "the message is still on its way"),
    (1, Class::Unclear, "Feishu is busy"),
    (2200, Class::Unclear, "Feishu has an internal error"),
    (5000, Class::Unclear, "Feishu has an internal error"),
    (230_013, Class::Receiver, "the person is outside the app's availability range, or has left"),
    (230_029, Class::Receiver, "the person has left the company"),
    (230_034, Class::Receiver, "there is no such receiver"),
    (230_053, Class::Receiver, "the person does not want messages from the bot"),
    (230_038, Class::Receiver, "the receiver belongs to another company"),
    (230_002, Class::Receiver, "the bot is not in the chat"),
    (230_035, Class::Receiver, "the bot may not speak in the chat"),
    (232_006, Class::Receiver, "there is no such chat"),
    (232_009, Class::Receiver, "the chat was dissolved"),
    (232_011, Class::Receiver, "the bot is not in the chat"),
    (232_024, Class::Receiver, "the person is outside the app's availability range"),
    (232_027, Class::Receiver, "none of the people is known"),
    (232_028, Class::Receiver, "a stranger cannot join a chat of the company"),
    (232_043, Class::Receiver, "some of the people cannot be reached"),
    (99_992_351, Class::Receiver, "there is no such person"),
    (99_992_361, Class::Receiver, "the person's id belongs to another app: ids must come from this one"),
    (41_050, Class::Receiver, "the person is outside the app's contact range"),
    (41_012, Class::Receiver, "there is no such person"),
    (230_011, Class::Message, "the message was withdrawn"),
    (230_110, Class::Message, "the message was deleted"),
    (230_031, Class::Message, "the message is older than 14 days"),
    (230_012, Class::Message, "the message is not ours"),
    (99_992_354, Class::Message, "there is no such message"),
    (230_050, Class::Message, "the message cannot be seen by the bot"),
    (230_054, Class::Message, "the message does not allow this"),
    (230_055, Class::Message, "the message does not allow this"),
    (230_071, Class::Message, "the message cannot begin a thread"),
    (230_072, Class::Message, "the message does not allow this"),
    (230_075, Class::Message, "the message does not allow this"),
    (230_111, Class::Message, "the message does not allow this"),
    (230_098, Class::Message, "the message is folded"),
    (BAD_PARAMETER, Class::Content, "a parameter of the message is refused"),
    (230_025, Class::Content, "the message is too long"),
    (230_099, Class::Content, "the card is refused"),
    (230_022, Class::Content, "the message holds words that the company does not allow"),
    (
        230_028,
        Class::Content,
        "the message holds data that the company does not let out: phone numbers, addresses",
    ),
    (230_015, Class::Content, "the message is refused"),
    (230_017, Class::Content, "the message is refused"),
    (230_018, Class::Content, "the message is refused"),
    (230_019, Class::Content, "the message is refused"),
    (99_992_402, Class::Content, "a field is refused"),
    (10_003, Class::Config, "the app id or the app secret is wrong"),
    (10_014, Class::Config, "the app secret is wrong"),
    (99_991_662, Class::Config, "the app is disabled"),
    (99_991_673, Class::Config, "the app is disabled"),
    (NO_PERMISSION, Class::Config, "a permission is missing"),
    (99_991_679, Class::Config, "a permission is missing"),
    (230_006, Class::Config, "the app's bot is not switched on"),
    (232_025, Class::Config, "the app's bot is not switched on"),
    (232_034, Class::Config, "the app is not available in the company"),
    (230_027, Class::Config, "a permission is missing"),
    (99_991_201, Class::Config, "there is no such call at this address"),
    (99_991_401, Class::Config, "our address is not on the app's list of allowed addresses"),
    (99_991_403, Class::Config, "the month's quota of calls is used up"),
];

/// Reads an answer that is no success.
pub fn read(answer: &Answer<'_>) -> ApiError {
    let code =
        answer.body.and_then(|body| body.get("code")).and_then(Value::as_i64).filter(|code| *code != 0);
    let known = code.and_then(|code| CODES.iter().find(|(known, ..)| *known == code));
    let class = known.map_or_else(|| by_status(answer.status, code), |(_, class, _)| *class);
    let class = if answer.status == 429 { Class::Limit } else { class };
    let reset = answer.reset.and_then(|seconds| seconds.trim().parse::<u64>().ok()).map(Duration::from_secs);
    let after = reset.filter(|_| class == Class::Limit).map(|after| after.min(LONGEST_RESET));
    let meaning = known.map_or("Feishu refused the call", |(_, _, meaning)| *meaning);
    let missing = missing(answer);
    let why = sentence(answer, code, meaning, &missing);
    ApiError { class, code, after, missing, why }
}

/// What a status means where no code is known.
fn by_status(status: u16, code: Option<i64>) -> Class {
    match status {
        408 | 500.. => Class::Unclear,
        413 => Class::Content,
        // An answer that is no JSON did not come from Feishu: something between, or the address is wrong.
        300..500 if code.is_none() => Class::Config,
        // A page of something between us and Feishu, or an answer cut short.
        _ if code.is_none() => Class::Unclear,
        _ => Class::Other,
    }
}

/// The permissions of which one is needed; names drift, so they are told as they come.
fn missing(answer: &Answer<'_>) -> Vec<String> {
    let violations = answer.body.and_then(|body| body.pointer("/error/permission_violations"));
    let violations = violations.and_then(Value::as_array).into_iter().flatten();
    violations.filter_map(|v| v.get("subject").and_then(Value::as_str).map(str::to_owned)).collect()
}

/// What went wrong, what Feishu says to it, what is missing, and under which id Feishu knows of it.
fn sentence(answer: &Answer<'_>, code: Option<i64>, meaning: &str, missing: &[String]) -> String {
    let mut said = match (code, answer.body) {
        (Some(code), Some(body)) => {
            let text = body.get("msg").and_then(Value::as_str).unwrap_or_default();
            let text: String = text.chars().take(300).collect();
            format!("{meaning}: {code} {text}")
        }
        _ => format!("the answer is not Feishu's: HTTP {}", answer.status),
    };
    if !missing.is_empty() {
        said.push_str(&format!(" (grant one of: {})", missing.join(", ")));
    }
    if let Some(id) = answer.log_id {
        said.push_str(&format!(" (log id {id})"));
    }
    said
}

impl ApiError {
    /// An error of our own making, without an answer.
    pub fn new(class: Class, after: Option<Duration>, why: String) -> Self {
        Self { class, code: None, after, missing: Vec::new(), why }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read_json(status: u16, body: &Value) -> ApiError {
        read(&Answer { status, reset: None, log_id: None, body: Some(body) })
    }

    /// The table of the facts page, as it is written there.
    #[test]
    fn every_code_of_the_page_has_its_reaction() {
        let page: &[(Class, &[i64])] = &[
            (Class::Token, &[99991661, 99991663, 99991664, 99991671]),
            (Class::Limit, &[99991400, 230020, 11232, 190004, 190005, 190010, 232019]),
            (Class::Unclear, &[230049, 2200, 1, 5000]),
            (Class::Receiver, &[230013, 230029, 230034, 230053, 230038, 230002, 232009, 230035]),
            (Class::Receiver, &[99992351, 99992361, 41050]),
            (Class::Message, &[230011, 230110, 230031, 230012, 99992354, 230050, 230054, 230055]),
            (Class::Message, &[230071, 230072, 230075, 230111]),
            (Class::Content, &[230001, 230025, 230099, 230022, 230028, 230015, 230017, 230018]),
            (Class::Content, &[230019, 99992402]),
            (Class::Config, &[10003, 10014, 99991662, 99991673, 99991672, 99991679, 230006]),
            (Class::Config, &[230027, 99991201, 99991401, 99991403]),
        ];
        for (class, codes) in page {
            for code in *codes {
                // Some calls answer with 200 and a code, some with 400.
                for status in [200, 400, 500] {
                    let error = read_json(status, &json!({"code": code, "msg": "x"}));
                    assert_eq!((error.class, error.code), (*class, Some(*code)), "{status}");
                }
            }
        }
    }

    #[test]
    fn no_code_stands_in_the_table_twice() {
        for (at, (code, ..)) in CODES.iter().enumerate() {
            assert!(!CODES[..at].iter().any(|(earlier, ..)| earlier == code), "{code}");
        }
    }

    #[test]
    fn what_came_from_somewhere_else_is_judged_by_its_status() {
        let bare = |status| read(&Answer { status, reset: None, log_id: None, body: None });
        assert_eq!(bare(502).class, Class::Unclear, "the gateway may have passed it on");
        assert_eq!(bare(200).class, Class::Unclear, "a page in between");
        assert_eq!(bare(404).class, Class::Config);
        assert_eq!(bare(302).class, Class::Config);
        assert_eq!(bare(429).class, Class::Limit);
        assert_eq!(bare(404).why, "the answer is not Feishu's: HTTP 404");
        assert_eq!(read_json(500, &json!({"code": 99992999, "msg": ""})).class, Class::Unclear);
        assert_eq!(read_json(400, &json!({"code": 77, "msg": ""})).class, Class::Other);
        assert_eq!(read_json(502, &json!({"code": 0})).class, Class::Unclear);
    }

    #[test]
    fn a_limit_says_when_and_never_longer_than_a_minute() {
        let body = json!({"code": 99991400, "msg": "request trigger frequency limit"});
        let after = |reset| read(&Answer { status: 400, reset, log_id: None, body: Some(&body) }).after;
        assert_eq!(after(Some("7")), Some(Duration::from_secs(7)));
        assert_eq!(after(Some("86400")), Some(LONGEST_RESET));
        assert_eq!(after(Some("soon")), None);
        assert_eq!(after(None), None);
    }

    #[test]
    fn a_missing_permission_is_named_and_the_log_id_told() {
        let body = json!({"code": 99991672, "msg": "Access denied.", "error": {"permission_violations": [
            {"type": "action_scope_required", "subject": "im:message:send_as_bot"}, {"subject": "im:message"}]}});
        let error = read(&Answer { status: 400, reset: None, log_id: Some("L1"), body: Some(&body) });
        let want = "a permission is missing: 99991672 Access denied. \
                    (grant one of: im:message:send_as_bot, im:message) (log id L1)";
        assert_eq!((error.class, error.why.as_str()), (Class::Config, want));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read(status in 100u16..600, code in any::<i64>(), msg in ".*", reset in ".*") {
            let body = json!({"code": code, "msg": msg, "error": {"permission_violations": msg}});
            let answer = Answer { status, reset: Some(&reset), log_id: None, body: Some(&body) };
            prop_assert!(!read(&answer).why.is_empty());
        }
    }
}
