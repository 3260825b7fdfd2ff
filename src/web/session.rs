//! Cookies of the pages: the session of who reads them, and the login that a browser is about.
//!
//! Invariant: where the pages are reached over TLS, browsers keep both to this host and to TLS (`__Host-`, RFC 6265bis).
#![deny(clippy::indexing_slicing)]

use axum::http::{HeaderMap, HeaderValue, header};

use super::Web;
use crate::app::Trouble;
use crate::engine::stage::pages::Reader;

/// A cookie by its purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// Who reads.
    Session,
    /// Which login was begun.
    Login,
}

impl Cookie {
    fn name(self, web: &Web) -> &'static str {
        match (self, web.engine.links().passes().is_over_tls()) {
            (Cookie::Session, true) => "__Host-liaison",
            (Cookie::Session, false) => "liaison",
            (Cookie::Login, true) => "__Host-liaison-login",
            (Cookie::Login, false) => "liaison-login",
        }
    }

    /// What the browser brought.
    pub fn of<'a>(self, web: &Web, headers: &'a HeaderMap) -> Option<&'a str> {
        let name = self.name(web);
        let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|all| all.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(n, _)| *n == name).map(|(_, value)| value)
    }

    /// What the browser is to keep for so long; forgotten after 0 seconds.
    pub fn kept(self, web: &Web, value: &str, seconds: i64) -> Option<HeaderValue> {
        let secure = if web.engine.links().passes().is_over_tls() { "; Secure" } else { "" };
        let name = self.name(web);
        let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&cookie).ok()
    }
}

/// Who is signed in here.
pub async fn reader(web: &Web, headers: &HeaderMap) -> Result<Option<Reader>, Trouble> {
    match Cookie::Session.of(web, headers) {
        Some(session) => web.engine.reader(session).await,
        None => Ok(None),
    }
}
