//! Asks the platform whether the app is set up as the service needs it, and says each finding with its remedy.
//!
//! Invariant: nobody sees or hears anything of it and nothing is changed; every finding that is not well has a remedy.
//! What no call tells is said to be so: whether events are subscribed, whether the version is published.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::Value;

use super::api::{Api, BOT};
use super::fault::ApiError;
use super::permissions::{FEATURES, Granted};
use super::stream::{Trouble, discover};
use super::{Mode, Options, remedy};
use crate::clock::Clock;
use crate::messenger::checkup::{Finding, Grade, fail, ok, warn};

/// How far the clocks may be apart. Seals, tokens and signatures live with minutes; a minute is already odd.
const SKEW: i64 = 60;
/// How long discovery may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The app is installed and enabled in the company: `activate_status` of the bot.
const ACTIVE: i64 = 2;

/// What the checkup needs to know of the service.
pub struct Premises<'a> {
    /// What links begin with, and the address that Feishu posts to.
    pub public_url: &'a str,
    /// The chats that play a part: the part and its `oc_…`.
    pub groups: &'a [(String, String)],
}

/// What is known without asking: the address of the platform, the mode and its keys.
pub fn offline(options: &Options, public_url: &str) -> Vec<Finding> {
    let mut found = vec![address(&options.base_url, options.mode)];
    if options.mode == Mode::Webhook {
        found.extend(webhook(options, public_url));
    }
    if options.previous_encrypt_key.is_some() {
        let what = "feishu.previous_encrypt_key is still good, too";
        found.push(warn(EVENTS, what, "leave it out once a day has passed since the key was changed"));
    }
    found
}

/// Everything, in the order in which one thing needs the other: without a network or credentials the rest is not asked.
pub async fn ask(
    options: &Options,
    http: &Client,
    premises: &Premises<'_>,
    clock: &dyn Clock,
) -> Vec<Finding> {
    let api = Api::new(options.clone(), http.clone());
    let mut found = offline(options, premises.public_url);
    match clocks(&api, clock).await {
        Ok(finding) => found.push(finding),
        Err(finding) => {
            found.push(finding);
            return found;
        }
    }
    if let Err(error) = api.sign_in().await {
        found.push(refused(TOKEN, &error, Grade::Fail));
        return found;
    }
    found.push(ok(TOKEN, format!("the credentials of {} are accepted", options.app_id)));
    found.push(bot(&api).await);
    found.extend(permissions(&api).await);
    if options.mode == Mode::Stream {
        found.push(stream(http, options).await);
    }
    for (part, chat) in premises.groups {
        found.push(group(&api, part, chat).await);
    }
    found
}

const ADDRESS: &str = "feishu address";
const CLOCK: &str = "feishu clock";
const TOKEN: &str = "feishu credentials";
const NAME_OF_BOT: &str = "feishu bot";
const PERMISSIONS: &str = "feishu permissions";
const EVENTS: &str = "feishu events";
const GROUP: &str = "feishu group";

fn address(base_url: &str, mode: Mode) -> Finding {
    let host = host(base_url);
    match (host, mode) {
        ("open.feishu.cn", _) => ok(ADDRESS, "Feishu, open.feishu.cn"),
        ("open.larksuite.com", Mode::Webhook) => ok(ADDRESS, "Lark, open.larksuite.com"),
        ("open.larksuite.com", Mode::Stream) => {
            let what = "Lark, open.larksuite.com; its long connection is not documented";
            warn(ADDRESS, what, "if no events arrive, set feishu.mode = \"webhook\"")
        }
        _ if !base_url.starts_with("https://") && !is_here(host) => {
            let what = format!("the app's secret would go to {base_url} in the clear");
            fail(ADDRESS, what, "begin feishu.base_url with https://")
        }
        _ => {
            let remedy = "set feishu.base_url unless this is a gateway of your own: https://open.feishu.cn or \
                          https://open.larksuite.com";
            warn(ADDRESS, format!("{base_url} is neither Feishu's address nor Lark's"), remedy)
        }
    }
}

/// What Feishu needs to reach us. Whether it does, only Feishu knows.
fn webhook(options: &Options, public_url: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let at = format!("{public_url}/webhook/feishu/event");
    if !public_url.starts_with("https://") || is_here(host(public_url)) {
        let what = format!("Feishu cannot post to {at}");
        let remedy = "set server.public_url to an https address that the internet reaches, or feishu.mode = \"stream\"";
        found.push(fail(EVENTS, what, remedy));
    } else {
        found.push(ok(
            EVENTS,
            format!("webhook at {at}; saving it in the console shows whether Feishu reaches it"),
        ));
    }
    if options.verification_token.is_none() {
        let remedy = "copy feishu.verification_token from Events & Callbacks";
        found.push(fail(EVENTS, "without the verification token anybody could post events", remedy));
    }
    if options.encrypt_key.is_none() {
        let what = "without an encrypt key events come in the clear and unsigned";
        found.push(warn(EVENTS, what, "set one under Events & Callbacks and as feishu.encrypt_key"));
    }
    found
}

/// Tells of the clocks; an error where nothing answers at all.
async fn clocks(api: &Api, clock: &dyn Clock) -> Result<Finding, Finding> {
    let theirs = api.date().await.map_err(|error| refused(ADDRESS, &error, Grade::Fail))?;
    let Some(theirs) = theirs else {
        return Ok(warn(CLOCK, "Feishu's answer does not say what time it is", "look at this machine's NTP"));
    };
    let apart = clock.machine().as_second() - theirs.as_second();
    let than = if apart > 0 { "ahead of" } else { "behind" };
    let what = format!("this machine is {} s {than} Feishu", apart.abs());
    Ok(match apart.abs() {
        0..=SKEW => ok(CLOCK, what),
        _ => warn(CLOCK, what, "set the machine's clock (NTP): signatures and tokens have windows"),
    })
}

async fn bot(api: &Api) -> Finding {
    let answer = match api.call(Method::GET, BOT, &[], None).await {
        Ok(answer) => answer,
        Err(error) => return refused(NAME_OF_BOT, &error, Grade::Fail),
    };
    let text = |field| answer.pointer(field).and_then(Value::as_str).unwrap_or_default();
    let (name, open_id) = (text("/bot/app_name"), text("/bot/open_id"));
    let status = answer.pointer("/bot/activate_status").and_then(Value::as_i64);
    match status.filter(|status| *status != ACTIVE) {
        _ if open_id.is_empty() => fail(NAME_OF_BOT, "the app has no bot", remedy::BOT_OFF),
        Some(status) => {
            let what = format!("{name} is not active in the company (activate_status {status})");
            warn(NAME_OF_BOT, what, "an administrator of the company enables the app in the admin console")
        }
        None => ok(NAME_OF_BOT, format!("{name} is switched on")),
    }
}

/// A line for what is granted, and one for each thing that is not.
async fn permissions(api: &Api) -> Vec<Finding> {
    let (mut granted, mut found) = (Vec::new(), Vec::new());
    for feature in FEATURES {
        let grade = if feature.needed { Grade::Fail } else { Grade::Warn };
        match feature.ask(api).await {
            Granted::Yes => granted.push(feature.what),
            Granted::No(missing) => found.push(Finding {
                name: PERMISSIONS,
                grade,
                what: format!("the app may not {}: {} is missing", feature.what, missing.join(" or ")),
                remedy: remedy::grant(&missing),
            }),
            Granted::Unknown(error) => {
                let what = format!("whether the app may {} is not known: {}", feature.what, error.why);
                found.push(warn(PERMISSIONS, what, remedy::of(&error)));
            }
        }
    }
    if !granted.is_empty() {
        found.insert(0, ok(PERMISSIONS, format!("the app may {}", granted.join(", "))));
    }
    found
}

/// Asks for an address and does not go there: a connection would take events away from the service.
async fn stream(http: &Client, options: &Options) -> Finding {
    match discover(http, options, PATIENCE).await {
        Ok(_) => {
            let what = "long connection: discovery answers (none was opened); whether events are subscribed and \
                        published cannot be asked: say /help to the bot";
            ok(EVENTS, what)
        }
        Err(trouble @ Trouble::Refused(_)) => {
            let remedy =
                "the app must be a self-built one and published; on Lark set feishu.mode = \"webhook\"";
            fail(EVENTS, trouble.to_string(), remedy)
        }
        Err(trouble @ Trouble::Crowded(_)) => {
            warn(EVENTS, trouble.to_string(), "end other programs that are connected as this app")
        }
        Err(trouble @ Trouble::Again(_)) => {
            let remedy =
                "is this machine allowed to reach the platform (firewall, proxy)? else try again later";
            fail(EVENTS, trouble.to_string(), remedy)
        }
    }
}

async fn group(api: &Api, part: &str, chat: &str) -> Finding {
    match api.call(Method::GET, &format!("/open-apis/im/v1/chats/{chat}"), &[], None).await {
        Ok(answer) => {
            let name = answer.get("name").and_then(Value::as_str).unwrap_or_default();
            ok(GROUP, format!("{part}: the bot is in {name} ({chat})"))
        }
        // Of the permission there is a line already; what the group is, nobody knows then.
        Err(error) if !error.missing.is_empty() => {
            let what = format!("{part}: whether the bot is in {chat} is not known, a permission is missing");
            warn(GROUP, what, remedy::of(&error))
        }
        Err(error) => {
            let finding = refused(GROUP, &error, Grade::Fail);
            Finding { what: format!("{part} ({chat}): {}", finding.what), ..finding }
        }
    }
}

/// `open.feishu.cn` of `https://open.feishu.cn/x`, without a port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Whether nobody but this machine gets there.
fn is_here(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback() || ip.is_unspecified())
}

fn refused(name: &'static str, error: &ApiError, grade: Grade) -> Finding {
    Finding { name, grade, what: error.why.clone(), remedy: remedy::of(error) }
}
