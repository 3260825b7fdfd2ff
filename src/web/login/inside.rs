//! The page inside DingTalk's client: it asks the client for a code and posts it, so that nobody has to say anything.
//!
//! Invariant: it runs our own script and the client's interface, which is at an address of DingTalk's own; a reader whom
//! the client does not answer has the login page as the way out.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::super::board::{address, page as frame};
use super::super::shell;
use crate::domain::Lang;
use crate::messenger::login::{Begun, Inside};
use crate::text::word;

/// The interface to the client, as the open platform's page on H5 applications names it.
const INTERFACE: &str = "https://g.alicdn.com/dingding/dingtalk-jsapi/3.0.25/dingtalk.open.js";
const SCRIPT: &str = include_str!("../assets/login.js");

/// The page of a login that was begun.
pub fn page(lang: Lang, (begun, inside): (&Begun, &Inside), cookie: Option<HeaderValue>) -> Response {
    let outside = format!("{}?outside=1&to={}", begun.platform, address::encoded(&begun.to));
    let post = format!("{}/inside", begun.platform);
    let said = |part: &str| word(lang, &format!("login.inside.{part}"));
    let (over, refused, way) = (said("over"), said("refused"), said("way"));
    let mut answer = frame::shut(lang, StatusCode::OK, &word(lang, "login.inside.title"), |html| {
        html.words("p", &[("role", "status")], &word(lang, "login.inside.now"));
        let form = [
            ("method", "post"),
            ("action", post.as_str()),
            ("data-company", inside.company.as_str()),
            ("data-application", inside.application.as_str()),
            ("data-over", over.as_str()),
            ("data-refused", refused.as_str()),
            ("data-way", way.as_str()),
        ];
        html.element("form", &form, |html| {
            html.alone("input", &[("type", "hidden"), ("name", "state"), ("value", &begun.nonce)]);
            html.alone("input", &[("type", "hidden"), ("name", "code"), ("value", "")]);
        });
        html.words("a", &[("href", &outside)], &word(lang, "login.inside.outside"));
        html.element("script", &[("src", INTERFACE)], |_| {});
        html.script(SCRIPT);
    });
    let policy = frame::policy(&format!("{} https://g.alicdn.com", shell::source(SCRIPT)));
    let headers = answer.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Some(cookie) = cookie {
        headers.insert(header::SET_COOKIE, cookie);
    }
    answer
}
