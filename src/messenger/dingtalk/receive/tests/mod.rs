//! Stories of the door: every vector of the platform's SDKs, and what no SDK looks at.
//!
//! Most vectors are stamped 1795231917490; the clock here stands at that moment unless a story moves it.

#![expect(clippy::panic, reason = "a story that cannot go on says what it got instead")]

use secrecy::SecretString;
use serde_json::{Value, json};

use super::*;
use crate::intent::{FormValues, Said, Want};
use crate::messenger::dingtalk::{Mode, PLATFORM};

mod cards;
mod events;
mod messages;

const APP: &str = "dingvectorappkey01";
const SECRET: &str = "Vector-Secret_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ";
const STAMPED: i64 = 1_795_231_917_490;

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap()
}

fn now() -> Timestamp {
    at(STAMPED)
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn options() -> Options {
    Options {
        client_id: APP.to_owned(),
        client_secret: secret(SECRET),
        robot_code: APP.to_owned(),
        mode: Mode::Webhook,
        base_url: "https://api.dingtalk.com".to_owned(),
        legacy_base_url: "https://oapi.dingtalk.com".to_owned(),
        card_template_id: None,
        card_route_key: None,
        ding: None,
        todo: false,
        monthly_calls: 5_000,
        login: false,
        network: Default::default(),
        corp_id: None,
        group_robots: Vec::new(),
        event_token: Some(secret("tok_Vector_2026")),
        event_aes_key: Some(secret("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")),
    }
}

fn seal() -> SealKey {
    SealKey::new(b"the key of the buttons")
}

fn door() -> Door {
    door_of(&options())
}

fn door_of(options: &Options) -> Door {
    Door::new(options, seal(), Arc::new(Sessions::new(&options.legacy_base_url)))
}

fn file(name: &str) -> Value {
    let text = match name {
        "robot_http" => include_str!("../../../../../tests/platform/vectors/dingtalk/robot_http.json"),
        "robot_messages" => {
            include_str!("../../../../../tests/platform/vectors/dingtalk/robot_messages.json")
        }
        "card_callbacks" => {
            include_str!("../../../../../tests/platform/vectors/dingtalk/card_callbacks.json")
        }
        "event_crypto" => include_str!("../../../../../tests/platform/vectors/dingtalk/event_crypto.json"),
        "stream_sessions" => {
            include_str!("../../../../../tests/platform/vectors/dingtalk/stream_sessions.json")
        }
        other => panic!("no vectors called {other}"),
    };
    serde_json::from_str(text).unwrap()
}

fn headers<'a>(case: &'a Value, [timestamp, sign]: [&str; 2]) -> Headers<'a> {
    let header = |name: &str| case["headers"][name].as_str();
    Headers { timestamp: header(timestamp), sign: header(sign) }
}

/// What was heard, when something was.
fn heard(received: Result<Received, Rejected>) -> Inbound {
    match received {
        Ok(Received::Heard(inbound)) => inbound,
        other => panic!("not heard: {other:?}"),
    }
}

/// The words and whether they were for the bot.
fn words(inbound: &Inbound) -> (&str, bool) {
    match &inbound.said {
        Said::Text { text, to_bot, .. } => (text, *to_bot),
        other => panic!("no words: {other:?}"),
    }
}
