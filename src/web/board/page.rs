//! The frame of every page that is read: head, navigation, and what browsers are told to keep to.
//!
//! Invariant: a page runs our own script and style and nothing else, talks to nobody but us, and is kept nowhere.

use std::sync::LazyLock;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::super::html::Html;
use super::super::shell;
use super::see_other;
use crate::domain::Lang;
use crate::engine::stage::pages::Reader;
use crate::text::{say, word};

const STYLE: &str = include_str!("../assets/board.css");
const SCRIPT: &str = include_str!("../assets/board.js");

static POLICY: LazyLock<String> = LazyLock::new(|| policy(&shell::source(SCRIPT)));

/// What a page may do that runs these scripts, as sources of the header.
pub fn policy(scripts: &str) -> String {
    format!(
        "default-src 'none'; style-src {}; script-src {scripts}; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
        shell::source(STYLE),
    )
}

/// Why a page is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// The link is not one of ours, or not for whoever it was made for any more.
    Unknown,
    /// It was good once.
    Expired,
    /// There is no session.
    ComeIn,
    /// Not now.
    Later,
}

/// What a page is.
pub struct Frame<'a> {
    /// Who reads it.
    pub reader: &'a Reader,
    /// In the window's head.
    pub title: &'a str,
    /// The way from its address to where `/board` stands: empty, or `../`.
    pub root: &'static str,
    /// The request that it is about.
    pub request: Option<&'a str>,
    /// Which of the links of the navigation it is.
    pub here: &'static str,
}

/// A whole page.
pub fn page(frame: &Frame, main: impl FnOnce(&mut Html)) -> Response {
    page_of(StatusCode::OK, frame, main)
}

/// A whole page that tells of a status of its own.
pub fn page_of(status: StatusCode, frame: &Frame, main: impl FnOnce(&mut Html)) -> Response {
    let lang = frame.reader.lang;
    let body = document(lang, frame.title, |html| {
        let attributes = [("data-root", frame.root), ("data-request", frame.request.unwrap_or_default())];
        html.element("body", &attributes, |html| {
            html.words("a", &[("class", "skip"), ("href", "#main")], &word(lang, "board.skip"));
            top(html, frame);
            html.element("main", &[("id", "main"), ("tabindex", "-1")], main);
            let offline = word(lang, "board.offline");
            let updated = word(lang, "board.updated");
            let said = [
                ("id", "said"),
                ("role", "status"),
                ("data-offline", &*offline),
                ("data-updated", &*updated),
            ];
            html.words("p", &said, "");
            html.script(SCRIPT);
        });
    });
    answer(status, body)
}

/// In whose eyes, the ways between pages, and the way out.
fn top(html: &mut Html, frame: &Frame) {
    let lang = frame.reader.lang;
    html.element("header", &[("class", "top")], |html| {
        html.words("p", &[("class", "whose")], &say(lang, "board.reader", &[("person", &frame.reader.name)]));
        html.element("nav", &[("aria-label", &word(lang, "board.nav"))], |html| {
            html.element("ul", &[], |html| {
                for (name, query) in WAYS {
                    let (href, text) =
                        (format!("{}{query}", frame.root), word(lang, &format!("board.{name}")));
                    html.element("li", &[], |html| match frame.here == name {
                        true => html.words("a", &[("href", &href), ("aria-current", "page")], &text),
                        false => html.words("a", &[("href", &href)], &text),
                    });
                }
            });
        });
        let out = format!("{}board/leave", frame.root);
        html.element("form", &[("method", "post"), ("action", &out)], |html| {
            html.words("button", &[("class", "quiet")], &word(lang, "board.leave"));
        });
    });
}

/// The pages by name, and where they are.
const WAYS: [(&str, &str); 3] =
    [("columns", "board"), ("departments", "board?by=department"), ("issues", "board/issues")];

/// A page that does not exist for its reader.
pub fn not_found(reader: &Reader) -> Response {
    let title = word(reader.lang, "board.not_found");
    let frame = Frame { reader, title: &title, root: "../", request: None, here: "" };
    page_of(StatusCode::NOT_FOUND, &frame, |html| {
        html.words("h1", &[], &title);
        html.words("p", &[], &word(reader.lang, "board.not_found_now"));
        html.element("p", &[], |html| {
            html.words("a", &[("href", "../board")], &word(reader.lang, "board.back"));
        });
    })
}

/// A page for whoever is not let in: what to do instead, and the address to log in at, where one can.
pub fn closed(lang: Lang, why: Closed, login: Option<&str>) -> Response {
    let (key, status) = match why {
        Closed::Unknown => ("unknown", StatusCode::NOT_FOUND),
        Closed::Expired => ("expired", StatusCode::GONE),
        Closed::ComeIn => ("come_in", StatusCode::UNAUTHORIZED),
        Closed::Later => ("later", StatusCode::SERVICE_UNAVAILABLE),
    };
    let say = |part: &str| word(lang, &format!("board.closed.{key}.{part}"));
    shut(lang, status, &say("title"), |html| {
        html.words("p", &[], &say("now"));
        if let Some(address) = login {
            html.words("a", &[("class", "button"), ("href", address)], &word(lang, "login.button"));
        }
    })
}

/// A page of a title and a few words, without a way between pages.
pub fn shut(lang: Lang, status: StatusCode, title: &str, words: impl FnOnce(&mut Html)) -> Response {
    let body = document(lang, title, |html| {
        html.element("body", &[("class", "closed")], |html| {
            html.element("main", &[], |html| {
                html.words("h1", &[], title);
                words(html);
            });
        });
    });
    answer(status, body)
}

/// To another page, with cookies.
pub fn onward(to: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    let mut answer = see_other(to);
    let headers = answer.headers_mut();
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}

fn document(lang: Lang, title: &str, body: impl FnOnce(&mut Html)) -> String {
    shell::document((lang, title), STYLE, body)
}

fn answer(status: StatusCode, body: String) -> Response {
    shell::answer(status, body, &POLICY)
}
