//! The texts of options → values that the rooms can use.
//!
//! Invariant: each function either understands the text or says what is wrong and what would be right; none repeats
//! a secret.

use std::net::SocketAddr;
use std::num::NonZeroU32;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use secrecy::SecretString;

use crate::domain::calendar::QuietHours;

/// What is wrong, and what to do.
pub type Wrong = (String, String);

fn wrong<T>(problem: impl Into<String>, remedy: &str) -> Result<T, Wrong> {
    Err((problem.into(), remedy.to_owned()))
}

/// `true` or `false`.
pub fn flag(text: &str) -> Result<bool, Wrong> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => wrong(format!("`{text}` is neither true nor false"), ""),
    }
}

/// An address to listen on.
pub fn listen(text: &str) -> Result<SocketAddr, Wrong> {
    let address = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let parsed = address.as_deref().unwrap_or(text).parse();
    let remedy = "write address:port, e.g. 127.0.0.1:8080, or 0.0.0.0:8080 for every interface";
    parsed.or_else(|_| wrong(format!("`{text}` is no address to listen on"), remedy))
}

/// Where browsers find the service; without the `/` at the end, so that paths can be put after it.
pub fn public_url(text: &str) -> Result<String, Wrong> {
    let bare = text.trim_end_matches('/');
    let rest = bare.strip_prefix("https://").or_else(|| bare.strip_prefix("http://"));
    let host = rest.map(|r| r.split('/').next().unwrap_or_default());
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    let odd = |c: char| c.is_whitespace() || c.is_control() || "?#\"<>\\@".contains(c);
    match host {
        Some(host)
            if host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
                && host.chars().all(plain)
                && port_is_fine(host)
                && !bare.contains(odd) =>
        {
            Ok(bare.to_owned())
        }
        _ => wrong(format!("`{text}` is no address of a web page"), "write e.g. https://liaison.example.com"),
    }
}

fn port_is_fine(host: &str) -> bool {
    let after = host.rsplit(']').next().unwrap_or(host);
    after.split_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok_and(|p| p > 0))
}

/// An address to call; it may say who is called by whom, so it is not repeated.
pub fn heartbeat_url(text: &str) -> Result<SecretString, Wrong> {
    let (address, _) = text.split_once('?').unwrap_or((text, ""));
    let sound = public_url(address).is_ok() && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    if sound {
        Ok(SecretString::from(text.to_owned()))
    } else {
        wrong("is no address to call", "write https://…")
    }
}

/// How often in a minute; 0 for as often as one likes.
pub fn per_minute(text: &str) -> Result<Option<NonZeroU32>, Wrong> {
    match text.parse::<u32>() {
        Ok(times) => Ok(NonZeroU32::new(times)),
        Err(_) => wrong(format!("`{text}` is no whole number"), "write e.g. \"600\", or \"0\" for no limit"),
    }
}

/// A number of whole days, `180d`; an empty text for ever.
pub fn days(text: &str) -> Result<Option<u32>, Wrong> {
    if text.is_empty() {
        return Ok(None);
    }
    let days = text.strip_suffix('d').and_then(|n| n.parse().ok()).filter(|n| (1..=36_500).contains(n));
    match days {
        Some(days) => Ok(Some(days)),
        None => wrong(format!("`{text}` is no number of days"), "write e.g. \"180d\", or \"\" for ever"),
    }
}

/// The same, long enough for what messengers say twice.
pub fn days_of_events(text: &str) -> Result<u32, Wrong> {
    match days(text)? {
        Some(days) if days >= SHORTEST_EVENTS => Ok(days),
        _ => wrong(
            format!("`{text}` is not long enough: a messenger may repeat what was forgotten"),
            "write at least \"2d\"",
        ),
    }
}

const SHORTEST_EVENTS: u32 = 2;

/// A database that the store has an engine for.
pub fn database_url(text: &str) -> Result<SecretString, Wrong> {
    let known = ["sqlite:", "postgres://", "postgresql://"];
    if known.iter().any(|scheme| text.len() > scheme.len() && text.starts_with(scheme)) {
        return Ok(SecretString::from(text.to_owned()));
    }
    // The text may hold a password: only its first word is repeated.
    let problem = match text.split_once(':') {
        Some((scheme, _)) if !known.contains(&format!("{scheme}:").as_str()) => {
            format!("there is no engine for `{scheme}` databases")
        }
        Some(_) | None => "is no address of a database".to_owned(),
    };
    wrong(problem, "write sqlite://data/liaison.db or postgres://USER:PASSWORD@HOST/NAME")
}

/// A zone of the IANA database, which is built in.
pub fn time_zone(text: &str) -> Result<TimeZone, Wrong> {
    let remedy = "use an IANA name, e.g. Asia/Shanghai";
    TimeZone::get(text).or_else(|_| wrong(format!("there is no time zone `{text}`"), remedy))
}

/// A time of day, `HH:MM`.
pub fn time(text: &str) -> Result<Time, Wrong> {
    text.parse().or_else(|_| wrong(format!("`{text}` is no time of day"), "write HH:MM, e.g. 09:00"))
}

/// `HH:MM-HH:MM`; an empty text for none.
pub fn between(text: &str) -> Result<Option<(Time, Time)>, Wrong> {
    if text.is_empty() {
        return Ok(None);
    }
    let ends = text.split_once('-').map(|(from, to)| (time(from.trim()), time(to.trim())));
    match ends {
        Some((Ok(from), Ok(to))) if from != to => Ok(Some((from, to))),
        _ => wrong(format!("`{text}` is no stretch of the day"), "write HH:MM-HH:MM, or \"\" for none"),
    }
}

/// `HH:MM-HH:MM`, past midnight or not; an empty text for none.
pub fn quiet_hours(text: &str) -> Result<QuietHours, Wrong> {
    let remedy = "write HH:MM-HH:MM, e.g. 21:00-08:30, or \"\" for none";
    text.parse().or_else(|_| wrong(format!("`{text}` is no stretch of the day"), remedy))
}

/// Whether people work that day, and why: `off`, `work`, `off: why` or `work: why`.
pub fn day(text: &str) -> Result<(bool, String), Wrong> {
    let (what, reason) = text.split_once([':', '：']).unwrap_or((text, ""));
    let reason = reason.trim().to_owned();
    match what.trim() {
        "off" => Ok((false, reason)),
        "work" => Ok((true, reason)),
        _ => wrong(format!("`{text}` is neither off nor work"), "write \"off: why\" or \"work: why\""),
    }
}

/// A secret long enough not to be guessed.
pub fn secret(text: &str) -> Result<SecretString, Wrong> {
    if text.len() < SHORTEST_SECRET {
        return wrong(
            "is too short to keep anything safe",
            "at least 32 characters, e.g. from `openssl rand -hex 32`",
        );
    }
    Ok(SecretString::from(text.to_owned()))
}

const SHORTEST_SECRET: usize = 32;

/// How the log is written.
pub fn log_format(text: &str) -> Result<super::LogFormat, Wrong> {
    match text {
        "human" => Ok(super::LogFormat::Human),
        "json" => Ok(super::LogFormat::Json),
        _ => wrong(format!("there is no log format `{text}`"), "write human or json"),
    }
}

/// From which level on the log is written.
pub fn log_level(text: &str) -> Result<String, Wrong> {
    if ["error", "warn", "info", "debug", "trace"].contains(&text) {
        return Ok(text.to_owned());
    }
    wrong(format!("there is no log level `{text}`"), "write error, warn, info, debug or trace")
}
