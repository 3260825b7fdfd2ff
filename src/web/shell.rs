//! What every page of ours is, a form or a board: one document, and what browsers are told to keep to.
//!
//! Invariant: a page loads nothing and is kept nowhere.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::html::Html;
use crate::domain::Lang;

/// A document with one style sheet; `body` writes the body element.
pub fn document((lang, title): (Lang, &str), style: &'static str, body: impl FnOnce(&mut Html)) -> String {
    let mut html = Html::default();
    let tongue = match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    };
    html.element("html", &[("lang", tongue)], |html| {
        html.element("head", &[], |html| {
            html.alone("meta", &[("charset", "utf-8")]);
            html.alone("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
            html.alone("meta", &[("name", "color-scheme"), ("content", "light dark")]);
            html.alone("meta", &[("name", "robots"), ("content", "noindex")]);
            html.words("title", &[], title);
            html.style(style);
        });
        body(html);
    });
    html.document()
}

/// A document on its way, under a content security policy.
pub fn answer(status: StatusCode, body: String, policy: &str) -> Response {
    let policy = HeaderValue::from_str(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    let headers: [(HeaderName, HeaderValue); 4] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, body).into_response()
}

/// What a content security policy knows a style or script of ours by.
pub fn source(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}
