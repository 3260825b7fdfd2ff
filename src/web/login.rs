//! `/login`: coming in to the pages with the account that somebody has on a messenger.
//!
//! Invariants: a code is asked about once, for the browser that was sent away for it; whoever comes in is in the
//! directory and belongs to the company; a browser is sent to the messenger's page and to pages of ours, never elsewhere.
#![deny(clippy::indexing_slicing)]

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;

use super::Web;
use super::board::{Pairs, address, page};
use super::form::{is_foreign, spoken};
use super::session::Cookie;
use crate::app::Trouble;
use crate::clock::fresh_id;
use crate::intent::Account;
use crate::messenger::login::{Asked, Back, Begun, LOGIN_LIFE, Login, LoginError, leads_to};
use crate::messenger::pass::SESSION_LIFE;

mod inside;
mod words;

use words::Closed;

/// Longer codes nobody makes.
const LONGEST: usize = 2_048;

/// The address to log in at, to come to a page of ours; `None` where no messenger is set up for it.
pub fn way(web: &Web, to: &str) -> Option<String> {
    let to = address::encoded(to);
    (!web.logins.is_empty()).then(|| web.engine.links().passes().page(&format!("/login?to={to}")))
}

/// `GET /login?to=…`: straight on where there is one way, a choice where there are several.
pub async fn choose(State(web): State<Web>, pairs: Pairs, headers: HeaderMap) -> Response {
    let to = address::encoded(leads_to(&asked(pairs, "to")));
    let passes = web.engine.links().passes();
    let ways: Vec<_> = web
        .logins
        .iter()
        .map(|login| (login.platform(), passes.page(&format!("/login/{}?to={to}", login.platform()))))
        .collect();
    match ways.as_slice() {
        [(_, only)] => page::onward(only, None),
        several => words::choice(spoken(&headers), several),
    }
}

/// `GET /login/{platform}?to=…`: to the messenger's page, with a cookie that says what for.
pub async fn begin(
    State(web): State<Web>,
    Path(platform): Path<String>,
    pairs: Pairs,
    headers: HeaderMap,
) -> Response {
    let Some(login) = of(&web, &platform) else { return closed(&web, &headers, Closed::Again) };
    let pairs: Vec<_> = pairs.map(|pairs| pairs.0).unwrap_or_default();
    let told = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    let to = leads_to(told("to").unwrap_or_default()).to_owned();
    let (passes, nonce) = (web.engine.links().passes(), fresh_id());
    let begun = Begun { platform, verifier: passes.verifier(&nonce), nonce, to };
    let cookie = passes.login(&begun, web.engine.app().clock().machine());
    let cookie = Cookie::Login.kept(&web, &cookie, LOGIN_LIFE.as_secs());
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Some(inside) = login.inside(agent).filter(|_| told("outside").is_none()) {
        return inside::page(spoken(&headers), (&begun, &inside), cookie);
    }
    let (redirect, challenge) = (back(&web, &begun.platform), begun.challenge());
    let asked = Asked { state: &begun.nonce, challenge: &challenge, redirect: &redirect };
    page::onward(&login.page(&asked), cookie)
}

/// `GET /login/{platform}/back?code=…&state=…`: the messenger's page leads back.
pub async fn come_back(
    State(web): State<Web>,
    Path(platform): Path<String>,
    pairs: Pairs,
    headers: HeaderMap,
) -> Response {
    let pairs: Vec<_> = pairs.map(|pairs| pairs.0).unwrap_or_default();
    let told = |names: &[&str]| {
        let found = pairs.iter().find(|(name, value)| names.contains(&name.as_str()) && !value.is_empty());
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    // DingTalk's page calls the code of the user by a longer name.
    let came = Came { code: told(&["authCode", "code"]), state: told(&["state"]), inside: false };
    ended(&web, &headers, lets_in(&web, &headers, (&platform, &came)).await)
}

/// `POST /login/{platform}/inside`: the messenger's client has told our page a code.
pub async fn come_inside(
    State(web): State<Web>,
    Path(platform): Path<String>,
    headers: HeaderMap,
    body: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let pairs = body.map(|Form(pairs)| pairs).unwrap_or_default();
    let told = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default();
    let came = Came { code: told("code"), state: told("state"), inside: true };
    if is_foreign(&headers) {
        return closed(&web, &headers, Closed::Again);
    }
    ended(&web, &headers, lets_in(&web, &headers, (&platform, &came)).await)
}

/// What a browser came back with.
struct Came {
    code: String,
    state: String,
    inside: bool,
}

/// Why nobody is let in.
enum Not {
    /// The page says why.
    Closed(Closed),
    /// The messenger is sure who it is, and nobody here is that.
    Unknown(Account),
    /// The database.
    Trouble(Trouble),
}

/// The session of whoever came back, and the path of the page that it leads to.
async fn lets_in(
    web: &Web,
    headers: &HeaderMap,
    (platform, came): (&str, &Came),
) -> Result<(String, String), Not> {
    let engine = &web.engine;
    let now = engine.app().clock().machine();
    let login = of(web, platform).ok_or(Not::Closed(Closed::Again))?;
    let cookie = Cookie::Login.of(web, headers).unwrap_or_default();
    let begun = engine.links().passes().begun(cookie, (platform, &came.state), now);
    let begun = begun.map_err(|_| Not::Closed(Closed::Again))?;
    // Before the code is asked about: what comes twice is asked about once.
    if !engine.app().takes_login(&begun.nonce).await.map_err(Not::Trouble)? {
        return Err(Not::Closed(Closed::Again));
    }
    if came.code.is_empty() || came.code.len() > LONGEST {
        return Err(Not::Closed(Closed::Denied));
    }
    let redirect = back(web, platform);
    let (code, verifier, inside) = (came.code.as_str(), begun.verifier.as_str(), came.inside);
    let account = login.who(&Back { code, verifier, redirect: &redirect, inside }).await.map_err(told)?;
    let person = engine.app().company().person_of(&account);
    if let Some(application) = login.shared_by_tenants() {
        let bound = (application, person.is_some());
        if !engine.app().is_of_the_tenant(&account, bound).await.map_err(Not::Trouble)? {
            return Err(Not::Closed(Closed::Elsewhere));
        }
    }
    let person = person.ok_or(Not::Unknown(account))?;
    let session = engine.sign_in(&person, platform).await.map_err(Not::Trouble)?;
    Ok((session, begun.to))
}

fn told(error: LoginError) -> Not {
    match error {
        LoginError::Refused(why) => {
            tracing::info!("somebody was not let in: {why}");
            Not::Closed(Closed::Again)
        }
        LoginError::Failed(why) => {
            tracing::warn!("nobody can log in now: {why}");
            Not::Closed(Closed::Later)
        }
    }
}

fn ended(web: &Web, headers: &HeaderMap, came: Result<(String, String), Not>) -> Response {
    let forgotten = Cookie::Login.kept(web, "", 0);
    match came {
        Ok((session, to)) => {
            let session = Cookie::Session.kept(web, &session, SESSION_LIFE.as_secs());
            page::onward(&web.engine.links().passes().page(&to), session.into_iter().chain(forgotten))
        }
        Err(Not::Closed(why)) => closed(web, headers, why),
        Err(Not::Unknown(account)) => {
            web.engine.metrics().count("rejected");
            words::unknown(spoken(headers), &account, &web.engine.app().company())
        }
        Err(Not::Trouble(trouble)) => {
            tracing::error!("a login could not be finished: {trouble}");
            closed(web, headers, Closed::Later)
        }
    }
}

fn closed(web: &Web, headers: &HeaderMap, why: Closed) -> Response {
    web.engine.metrics().count("rejected");
    words::closed(spoken(headers), why, way(web, "/board").as_deref())
}

fn of<'a>(web: &'a Web, platform: &str) -> Option<&'a Arc<dyn Login>> {
    web.logins.iter().find(|login| login.platform() == platform)
}

/// Where a messenger's page leads back to.
fn back(web: &Web, platform: &str) -> String {
    web.engine.links().passes().page(&format!("/login/{platform}/back"))
}

fn asked(pairs: Pairs, name: &str) -> String {
    let pairs = pairs.map(|pairs| pairs.0).unwrap_or_default();
    pairs.into_iter().find(|(n, _)| n == name).map(|(_, value)| value).unwrap_or_default()
}
