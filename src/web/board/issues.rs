//! `/board/issues`: what is not solved yet, by severity, with the clocks that run.
//!
//! Invariant: what a colour says stands beside it as a word.

use axum::response::Response;

use super::super::form::blocks::colour;
use super::super::html::Html;
use super::address::{Address, encoded};
use super::columns::{chosen, written};
use super::page::{Frame, page as framed};
use crate::card::issue_tile::{Clock, IssueTile};
use crate::domain::Lang;
use crate::domain::request::issue::Severity;
use crate::engine::stage::pages::Reader;
use crate::engine::stage::pages::issues::{GroupPage, IssuesPage};
use crate::text::{say, word};

/// Where it stands, seen from itself.
const HERE: &str = "issues";

/// The whole page.
pub fn page(reader: &Reader, address: &Address, board: &IssuesPage) -> Response {
    let lang = reader.lang;
    let title = word(lang, "board.issue.title");
    let frame = Frame { reader, title: &title, root: "../", request: None, here: "issues" };
    framed(&frame, |html| {
        html.words("h1", &[], &title);
        narrowing(html, lang, address, board);
        severities(html, lang, address);
        html.element("div", &[("id", "issues"), ("data-live", "")], |html| {
            if let Some(nothing) = nothing(lang, address, board) {
                html.words("p", &[("class", "nothing"), ("role", "status")], &nothing);
                return;
            }
            let class = if address.severity().is_some() { "columns alone" } else { "columns three" };
            html.element("div", &[("class", class)], |html| {
                for shown in &board.groups {
                    group(html, lang, address, shown);
                }
            });
        });
    })
}

/// Why nothing is to be seen.
fn nothing(lang: Lang, address: &Address, board: &IssuesPage) -> Option<String> {
    if board.too_long {
        return Some(word(lang, "board.too_long"));
    }
    let key = match address.is_narrowed() || address.severity().is_some() {
        true => "board.issue.nothing",
        false => "board.issue.none",
    };
    board.groups.iter().all(|g| g.tiles.is_empty()).then(|| word(lang, key))
}

/// The fields that narrow it; they work without a script.
fn narrowing(html: &mut Html, lang: Lang, address: &Address, board: &IssuesPage) {
    let label = word(lang, "board.issue.label");
    let search = [
        ("class", "filter few"),
        ("role", "search"),
        ("method", "get"),
        ("action", HERE),
        ("aria-label", &*label),
    ];
    html.element("form", &search, |html| {
        written(html, lang, ("text", "search"), address);
        chosen(html, lang, "department", (board.departments.clone(), address));
        if let Some(severity) = address.severity() {
            html.alone("input", &[("type", "hidden"), ("name", "severity"), ("value", severity.name())]);
        }
        html.element("div", &[("class", "do")], |html| {
            html.words("button", &[("class", "primary")], &word(lang, "board.filter.apply"));
            if address.is_narrowed() {
                let clear = address.onward(HERE, &[("text", ""), ("department", ""), ("after", "")]);
                html.words("a", &[("href", &clear)], &word(lang, "board.filter.clear"));
            }
        });
    });
}

/// One severity alone, or all of them.
fn severities(html: &mut Html, lang: Lang, address: &Address) {
    let label = word(lang, "board.issue.severities");
    html.element("nav", &[("class", "states"), ("aria-label", &label)], |html| {
        html.element("ul", &[], |html| {
            let all = std::iter::once(("", word(lang, "board.issue.all")));
            let each = Severity::ALL.map(|severity| (severity.name(), named(lang, severity)));
            for (name, text) in all.chain(each) {
                let href = address.onward(HERE, &[("severity", name), ("after", "")]);
                let here = address.severity().map_or("", Severity::name) == name;
                html.element("li", &[], |html| match here {
                    true => html.words("a", &[("href", &href), ("aria-current", "true")], &text),
                    false => html.words("a", &[("href", &href)], &text),
                });
            }
        });
    });
}

fn named(lang: Lang, severity: Severity) -> String {
    word(lang, &format!("choice.severity.{}", severity.name()))
}

fn group(html: &mut Html, lang: Lang, address: &Address, group: &GroupPage) {
    let id = format!("severity-{}", group.severity.name());
    html.element("section", &[("class", "column"), ("aria-labelledby", &id)], |html| {
        html.element("div", &[("class", "head")], |html| {
            html.words("h2", &[("id", &id)], &named(lang, group.severity));
            let (n, more) = group.count;
            let key = if more { "board.count_more" } else { "board.count" };
            html.words("p", &[("class", "count")], &say(lang, key, &[("n", &n.to_string())]));
        });
        if group.tiles.is_empty() {
            html.words("p", &[("class", "empty")], &word(lang, "board.issue.empty"));
        } else {
            html.element("ul", &[("class", "tiles")], |html| {
                for each in &group.tiles {
                    html.element("li", &[], |html| tile(html, lang, each));
                }
            });
        }
        turn(html, lang, address, group);
    });
}

/// To all of a severity, and from page to page of it.
fn turn(html: &mut Html, lang: Lang, address: &Address, group: &GroupPage) {
    let name = group.severity.name();
    let mut link = |key: &str, href: &str| {
        let label = format!("{} · {}", word(lang, key), named(lang, group.severity));
        html.words("a", &[("class", "more"), ("href", href), ("aria-label", &label)], &word(lang, key));
    };
    if address.severity().is_none() {
        if group.more.is_some() {
            link("board.more", &address.onward(HERE, &[("severity", name), ("after", "")]));
        }
        return;
    }
    if !address.value("after").is_empty() {
        link("board.issue.first", &address.onward(HERE, &[("after", "")]));
    }
    if let Some((request, number)) = &group.more {
        let after = format!("{request}-I{number}");
        link("board.issue.next", &address.onward(HERE, &[("after", &after)]));
    }
}

fn tile(html: &mut Html, lang: Lang, tile: &IssueTile) {
    let over = tile.clocks.iter().any(|clock| clock.is_over());
    let class = format!("tile {}{}", colour(tile.colour), if over { " late" } else { "" });
    html.element("article", &[("class", &class)], |html| {
        html.element("h3", &[], |html| {
            let href = format!("../requests/{}", encoded(&tile.request));
            html.words("a", &[("href", &href), ("data-key", &tile.number)], &tile.title);
        });
        html.words("p", &[("class", "number")], &tile.number);
        if let Some(of) = &tile.of {
            html.words("p", &[("class", "from")], &say(lang, "board.issue.of", &[("title", of)]));
        }
        html.element("p", &[("class", "marks")], |html| {
            html.words("span", &[("class", "mark")], &tile.state);
            if let Some(count) = &tile.count {
                html.words("span", &[("class", "mark")], count);
            }
        });
        html.words("p", &[("class", "from")], &tile.who);
        html.words("p", &[("class", "from")], &tile.age);
        if !tile.clocks.is_empty() {
            let label = word(lang, "board.issue.clocks");
            html.element("ul", &[("class", "clocks"), ("aria-label", &label)], |html| {
                for each in &tile.clocks {
                    html.element("li", &[], |html| clock(html, each));
                }
            });
        }
    });
}

fn clock(html: &mut Html, clock: &Clock) {
    if let Some((text, tint)) = &clock.mark {
        html.words("span", &[("class", &format!("mark {}", colour(*tint)))], text);
        html.text(" ");
    }
    html.text(&clock.words);
}
