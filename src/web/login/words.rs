//! The pages around logging in: the choice, and why somebody is not let in and what to do then.

use axum::http::StatusCode;
use axum::response::Response;

use super::page;
use crate::app::Company;
use crate::domain::Lang;
use crate::domain::directory::Role;
use crate::intent::Account;
use crate::text::{say, word};

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// What came back was not begun here, is over or was used: from the start, please.
    Again,
    /// The messenger's page came back without a code: its reader did not agree.
    Denied,
    /// Not now.
    Later,
    /// The account is of another company.
    Elsewhere,
}

/// Several ways to log in: platform and address.
pub fn choice(lang: Lang, ways: &[(&str, String)]) -> Response {
    page::shut(lang, StatusCode::OK, &word(lang, "login.choose.title"), |html| {
        html.words("p", &[], &word(lang, "login.choose.now"));
        for (platform, address) in ways {
            let with = word(lang, &format!("login.with.{platform}"));
            html.words("a", &[("class", "button"), ("href", address)], &with);
        }
    })
}

/// Somebody is not let in; `login` is where to begin again.
pub fn closed(lang: Lang, why: Closed, login: Option<&str>) -> Response {
    let (key, status) = match why {
        Closed::Again => ("again", StatusCode::FORBIDDEN),
        Closed::Denied => ("denied", StatusCode::FORBIDDEN),
        Closed::Later => ("later", StatusCode::SERVICE_UNAVAILABLE),
        Closed::Elsewhere => ("elsewhere", StatusCode::FORBIDDEN),
    };
    let say = |part: &str| word(lang, &format!("login.{key}.{part}"));
    page::shut(lang, status, &say("title"), |html| {
        html.words("p", &[], &say("now"));
        if let Some(address) = login {
            html.words("a", &[("class", "button"), ("href", address)], &word(lang, "login.button"));
        }
    })
}

/// Nobody in the directory has this account: how to be linked.
pub fn unknown(lang: Lang, account: &Account, company: &Company) -> Response {
    let directory = &company.directory;
    let people: Vec<_> =
        directory.with_role(Role::Administrator).map(|person| person.name.as_str()).collect();
    page::shut(lang, StatusCode::FORBIDDEN, &word(lang, "login.unknown.title"), |html| {
        html.words("p", &[], &word(lang, "login.unknown.now"));
        html.words("p", &[], &say(lang, "login.unknown.account", &[("account", &account.id)]));
        if !people.is_empty() {
            let people = people.join(&word(lang, "login.unknown.and"));
            html.words("p", &[], &say(lang, "login.unknown.administrators", &[("people", &people)]));
        }
    })
}
