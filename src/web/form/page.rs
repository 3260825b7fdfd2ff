//! The pages of signed links: a sheet, a closed door, and "not now".
//!
//! Invariant: a page needs nothing but itself (no script, no other file), says so to the browser, and is kept nowhere.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::super::html::Html;
use super::super::shell;
use super::{blocks, parts};
use crate::domain::Lang;
use crate::engine::form::{Offer, Sheet};
use crate::text::word;

const STYLE: &str = include_str!("../assets/form.css");

/// Nothing but our own style, and forms that post back here.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let ours = shell::source(STYLE);
    format!(
        "default-src 'none'; style-src {ours}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
});

/// Why there is nothing behind a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Not one of ours, or not for whoever it was made for any more.
    Unknown,
    /// It was good once.
    Expired,
    /// Posted by a page that we did not show.
    NotFromHere,
    /// Not what our page posts.
    Unreadable,
}

impl Closed {
    fn key(self) -> (&'static str, StatusCode) {
        match self {
            Closed::Unknown => ("unknown", StatusCode::NOT_FOUND),
            Closed::Expired => ("expired", StatusCode::GONE),
            Closed::NotFromHere => ("not_from_here", StatusCode::FORBIDDEN),
            Closed::Unreadable => ("unreadable", StatusCode::BAD_REQUEST),
        }
    }
}

/// What a link leads to.
pub fn sheet(sheet: &Sheet, submission: &str, status: StatusCode) -> Response {
    let title =
        sheet.read.as_ref().map_or_else(|| word(sheet.lang, "web_form.title"), |card| card.title.clone());
    let body = document(sheet.lang, &title, |html| {
        parts::told(html, sheet);
        // Fields come before what they are about, so that nobody has to look for them; a button comes after it.
        let asks = matches!(sheet.offer, Offer::Form(_));
        if asks {
            parts::offer(html, sheet, submission);
        }
        if let Some(card) = &sheet.read {
            blocks::card(html, card, if asks { "h2" } else { "h1" });
        }
        if !asks {
            parts::offer(html, sheet, submission);
        }
        parts::whose(html, sheet);
    });
    answer(status, body)
}

/// A link that leads nowhere: what to do instead.
pub fn closed(lang: Lang, why: Closed) -> Response {
    let (key, status) = why.key();
    let say = |part: &str| word(lang, &format!("web_form.closed.{key}.{part}"));
    let body = document(lang, &say("title"), |html| {
        html.element("article", &[("class", "card grey")], |html| {
            html.element("header", &[], |html| html.words("h1", &[], &say("title")));
            html.element("div", &[("class", "body")], |html| {
                html.words("p", &[("class", "text")], &say("now"))
            });
        });
    });
    answer(status, body)
}

/// It cannot be taken now; everything that was posted stands ready to be posted again, as the same submission.
pub fn put_off(lang: Lang, posted: Option<&BTreeMap<String, String>>) -> Response {
    let title = word(lang, "web_form.later.title");
    let body = document(lang, &title, |html| {
        html.element("article", &[("class", "card orange")], |html| {
            html.element("header", &[], |html| html.words("h1", &[], &title));
            html.element("div", &[("class", "body")], |html| {
                let now =
                    if posted.is_some() { "web_form.later.kept" } else { "web_form.later.nothing_done" };
                html.words("p", &[("class", "text")], &word(lang, now));
            });
            parts::again(html, lang, posted);
        });
    });
    let mut answer = answer(StatusCode::SERVICE_UNAVAILABLE, body);
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    answer
}

fn document(lang: Lang, title: &str, main: impl FnOnce(&mut Html)) -> String {
    shell::document((lang, title), STYLE, |html| {
        html.element("body", &[], |html| html.element("main", &[], main));
    })
}

fn answer(status: StatusCode, body: String) -> Response {
    shell::answer(status, body, &POLICY)
}
