//! Asks Feishu whether everything is as it should be: for an administrator, before anybody misses a message.
//!
//! Invariant: it changes nothing, says nothing to anybody, and holds no connection open. Feishu lists no granted scopes,
//! so each is tried by the most harmless call that needs it.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use super::api::Api;
use super::fault::Class;
use super::send::Sender;
use super::stream::{Trouble, discover};
use super::{Mode, Options};
use crate::clock::{Clock, SystemClock};
use crate::messenger::net::{self, NetError};

/// How long the discovery of a long connection may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// A clock that is off by more spoils signatures: they hold for five minutes.
const SKEW: i64 = 60;

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How it is.
    pub health: Health,
    /// What was found.
    pub text: String,
    /// What to do; empty where there is nothing.
    pub remedy: String,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// As it should be.
    Good,
    /// Something does not work as well as it could.
    Poor,
    /// Something that is needed does not work.
    Bad,
}

/// What a scope is for, and the call that shows whether it is granted.
struct Need {
    what: &'static str,
    path: &'static str,
    query: &'static [(&'static str, &'static str)],
    health: Health,
}

const NEEDS: &[Need] = &[
    Need {
        what: "reading the groups that the bot is in",
        path: "/open-apis/im/v1/chats",
        query: &[("page_size", "1")],
        health: Health::Poor,
    },
    Need {
        what: "reading departments",
        path: "/open-apis/contact/v3/departments/0/children",
        query: &[("department_id_type", "open_department_id"), ("page_size", "1")],
        health: Health::Poor,
    },
    Need {
        what: "reading people",
        path: "/open-apis/contact/v3/users/find_by_department",
        query: &[("department_id", "0"), ("department_id_type", "open_department_id"), ("page_size", "1")],
        health: Health::Poor,
    },
];

/// Everything that can be asked: `groups` are chats that play a part, each with a word for it; `public_url` is where
/// Feishu would post to.
pub async fn checkup(
    options: &Options,
    groups: &[(String, String)],
    public_url: &str,
) -> Result<Vec<Finding>, NetError> {
    let client = net::client(&net::tls(None)?)?;
    let api = std::sync::Arc::new(Api::new(options.clone(), client.clone()));
    let mut found = vec![clock(&client, options).await];
    match Sender::new(api.clone()).bot().await {
        Ok(bot) => found.push(good(format!("Feishu knows the app, and the bot “{}”", bot.name))),
        Err(error) => {
            // Without a token nothing else can be asked.
            let remedy = "compare app_id and app_secret, switch the bot on, publish a version";
            found.push(bad(error.to_string(), remedy));
            return Ok(found);
        }
    }
    for need in NEEDS {
        found.push(scope(&api, need).await);
    }
    for (chat, part) in groups {
        found.push(group(&api, chat, part).await);
    }
    found.push(way_in(options, &client, public_url).await);
    Ok(found)
}

async fn clock(client: &reqwest::Client, options: &Options) -> Finding {
    let answer = match client.get(&options.base_url).send().await {
        Ok(answer) => answer,
        Err(error) => {
            let text = format!("{} cannot be reached: {}", options.base_url, error.without_url());
            return bad(text, "let this machine reach it over HTTPS");
        }
    };
    let date = answer.headers().get("date").and_then(|date| date.to_str().ok());
    let theirs = date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
    let Some(theirs) = theirs else { return good(format!("{} can be reached", options.base_url)) };
    let skew = SystemClock.machine().as_second() - theirs.timestamp().as_second();
    match skew.abs() > SKEW {
        true => bad(
            format!("this machine's clock is {skew} s ahead of Feishu's"),
            "switch time synchronisation on",
        ),
        false => good(format!("{} can be reached, and the clocks agree", options.base_url)),
    }
}

async fn scope(api: &Api, need: &Need) -> Finding {
    match api.call(Method::GET, need.path, need.query, None).await {
        Ok(_) => good(format!("{} is allowed", need.what)),
        Err(error) => {
            let remedy = match error.class {
                Class::Config => "grant the scope and publish a new version",
                _ => "see docs/platforms/feishu.md",
            };
            Finding {
                health: need.health,
                text: format!("{}: {error}", need.what),
                remedy: remedy.to_owned(),
            }
        }
    }
}

async fn group(api: &Api, chat: &str, part: &str) -> Finding {
    match api.call(Method::GET, &format!("/open-apis/im/v1/chats/{chat}"), &[], None).await {
        Ok(answer) => {
            let name = answer.get("name").and_then(Value::as_str).unwrap_or(chat);
            good(format!("the bot is in the group “{name}” ({part})"))
        }
        Err(error) => bad(
            format!("the group that plays the part {part} cannot be used: {error}"),
            "bring the bot back into it, or bind another one with /bind",
        ),
    }
}

async fn way_in(options: &Options, client: &reqwest::Client, public_url: &str) -> Finding {
    match options.mode {
        Mode::Stream => match discover::discover(client, options, PATIENCE).await {
            Ok(_) => good("events come in over a long connection, and Feishu offers one".to_owned()),
            Err(Trouble::Crowded(why)) => poor(why, "find the other installations of this app"),
            Err(Trouble::Again(why) | Trouble::Refused(why)) => bad(why, "see docs/platforms/feishu.md"),
        },
        Mode::Webhook if !public_url.starts_with("https://") => bad(
            format!("Feishu posts to HTTPS addresses only, and server.public_url is {public_url}"),
            "set server.public_url to the public address, or use mode = \"stream\"",
        ),
        Mode::Webhook if options.encrypt_key.is_none() => poor(
            "without an Encrypt Key events come in the clear, and only the token speaks for them".to_owned(),
            "set an Encrypt Key in the console and here",
        ),
        Mode::Webhook => good(format!("events are to come to {public_url}/webhook/feishu/event")),
    }
}

fn good(text: String) -> Finding {
    Finding { health: Health::Good, text, remedy: String::new() }
}

fn poor(text: String, remedy: &str) -> Finding {
    Finding { health: Health::Poor, text, remedy: remedy.to_owned() }
}

fn bad(text: String, remedy: &str) -> Finding {
    Finding { health: Health::Bad, text, remedy: remedy.to_owned() }
}
