//! The board by state: a column for each, a tile for each request.
//!
//! Invariant: what changes by itself stands inside an element with `data-live` and an id; the rest stays where it is.

use axum::response::Response;

use super::super::form::blocks::colour;
use super::super::html::Html;
use super::address::{Address, PRIORITIES, encoded};
use super::page::{Frame, page as framed};
use crate::card::tile::Tile;
use crate::domain::Lang;
use crate::engine::stage::pages::{BoardPage, ColumnPage, Reader, column_names};
use crate::text::{say, word};

/// The whole page.
pub fn page(reader: &Reader, address: &Address, board: &BoardPage) -> Response {
    let lang = reader.lang;
    let title = word(lang, "board.title");
    let frame = Frame { reader, title: &title, root: "", request: None, here: "columns" };
    framed(&frame, |html| {
        html.words("h1", &[], &title);
        narrowing(html, lang, address, board);
        states(html, lang, address);
        html.element("div", &[("id", "board"), ("data-live", "")], |html| {
            if let Some(nothing) = nothing(lang, address, board) {
                html.words("p", &[("class", "nothing"), ("role", "status")], &nothing);
            }
            let class = if address.filter.column.is_some() { "columns alone" } else { "columns" };
            html.element("div", &[("class", class)], |html| {
                for shown in &board.columns {
                    column(html, lang, address, shown);
                }
            });
        });
    })
}

/// Why nothing is to be seen.
fn nothing(lang: Lang, address: &Address, board: &BoardPage) -> Option<String> {
    if address.has_unknown_person() {
        return Some(say(lang, "board.no_such_person", &[("typed", address.value("person"))]));
    }
    if board.too_long {
        return Some(word(lang, "board.too_long"));
    }
    board.columns.iter().all(|c| c.tiles.is_empty()).then(|| word(lang, "board.nothing"))
}

/// The fields that narrow it; they work without a script.
fn narrowing(html: &mut Html, lang: Lang, address: &Address, board: &BoardPage) {
    let label = word(lang, "board.filter.label");
    let search = [
        ("class", "filter"),
        ("role", "search"),
        ("method", "get"),
        ("action", "board"),
        ("aria-label", &*label),
    ];
    html.element("form", &search, |html| {
        written(html, lang, ("text", "search"), address);
        let departments = board.departments.iter().map(|(id, name)| (id.clone(), name.clone()));
        chosen(html, lang, "department", (departments.collect(), address));
        written(html, lang, ("person", "text"), address);
        let priorities = PRIORITIES
            .iter()
            .map(|(name, _)| ((*name).to_owned(), word(lang, &format!("choice.priority.{name}"))));
        chosen(html, lang, "priority", (priorities.collect(), address));
        if let Some(column) = address.filter.column {
            html.alone("input", &[("type", "hidden"), ("name", "column"), ("value", column)]);
        }
        html.element("div", &[("class", "do")], |html| {
            html.words("button", &[("class", "primary")], &word(lang, "board.filter.apply"));
            if address.is_narrowed() {
                let clear =
                    [("text", ""), ("department", ""), ("person", ""), ("priority", ""), ("before", "")];
                html.words("a", &[("href", &address.with(&clear))], &word(lang, "board.filter.clear"));
            }
        });
    });
}

/// A field to write in.
pub(super) fn written(html: &mut Html, lang: Lang, (name, kind): (&'static str, &str), address: &Address) {
    html.element("label", &[], |html| {
        html.words("span", &[], &word(lang, &format!("board.filter.{name}")));
        let value = address.value(name);
        html.alone("input", &[("type", kind), ("name", name), ("value", value), ("maxlength", "100")]);
    });
}

/// A field to choose in: values and words.
pub(super) fn chosen(
    html: &mut Html,
    lang: Lang,
    name: &'static str,
    (options, address): (Vec<(String, String)>, &Address),
) {
    html.element("label", &[], |html| {
        html.words("span", &[], &word(lang, &format!("board.filter.{name}")));
        html.element("select", &[("name", name)], |html| {
            html.words("option", &[("value", "")], &word(lang, "board.filter.any"));
            for (value, text) in &options {
                match value == address.value(name) {
                    true => html.words("option", &[("value", value), ("selected", "")], text),
                    false => html.words("option", &[("value", value)], text),
                }
            }
        });
    });
}

/// One state alone, or all of them.
fn states(html: &mut Html, lang: Lang, address: &Address) {
    html.element("nav", &[("class", "states"), ("aria-label", &word(lang, "board.columns"))], |html| {
        html.element("ul", &[], |html| {
            let all = std::iter::once(("", word(lang, "board.all_columns")));
            let each = column_names().map(|name| (name, word(lang, &format!("board.column.{name}"))));
            for (name, text) in all.chain(each) {
                let href = address.with(&[("column", name), ("before", "")]);
                let here = address.filter.column.unwrap_or_default() == name;
                html.element("li", &[], |html| match here {
                    true => html.words("a", &[("href", &href), ("aria-current", "true")], &text),
                    false => html.words("a", &[("href", &href)], &text),
                });
            }
        });
    });
}

fn column(html: &mut Html, lang: Lang, address: &Address, column: &ColumnPage) {
    let id = format!("column-{}", column.name);
    html.element("section", &[("class", "column"), ("aria-labelledby", &id)], |html| {
        html.element("div", &[("class", "head")], |html| {
            html.words("h2", &[("id", &id)], &word(lang, &format!("board.column.{}", column.name)));
            let (n, more) = column.count;
            let key = if more { "board.count_more" } else { "board.count" };
            html.words("p", &[("class", "count")], &say(lang, key, &[("n", &n.to_string())]));
        });
        if column.tiles.is_empty() {
            html.words("p", &[("class", "empty")], &word(lang, "board.empty"));
            return;
        }
        html.element("ul", &[("class", "tiles")], |html| {
            for each in &column.tiles {
                html.element("li", &[], |html| tile(html, lang, each));
            }
        });
        turn(html, lang, address, column);
    });
}

/// To all of a column, and from page to page of it.
fn turn(html: &mut Html, lang: Lang, address: &Address, column: &ColumnPage) {
    let label = |key: &str| {
        let name = word(lang, &format!("board.column.{}", column.name));
        format!("{} · {name}", word(lang, key))
    };
    let link = |html: &mut Html, key: &str, href: &str| {
        html.words("a", &[("class", "more"), ("href", href), ("aria-label", &label(key))], &word(lang, key));
    };
    match (&column.older, address.filter.column) {
        (Some(_), None) => {
            link(html, "board.more", &address.with(&[("column", column.name), ("before", "")]))
        }
        (older, Some(_)) => {
            if address.filter.before.is_some() {
                link(html, "board.newest", &address.with(&[("before", "")]));
            }
            if let Some(older) = older {
                link(html, "board.older", &address.with(&[("before", older.as_str())]));
            }
        }
        (None, None) => {}
    }
}

fn tile(html: &mut Html, lang: Lang, tile: &Tile) {
    let class = format!("tile {}{}", colour(tile.colour), if tile.late { " late" } else { "" });
    html.element("article", &[("class", &class)], |html| {
        html.element("h3", &[], |html| {
            let href = format!("requests/{}", encoded(&tile.number));
            html.words("a", &[("href", &href), ("data-key", &tile.number)], &tile.title);
        });
        html.words("p", &[("class", "number")], &tile.number);
        html.element("p", &[("class", "marks")], |html| {
            html.words("span", &[("class", "mark")], &tile.state);
            if tile.late {
                html.words("span", &[("class", "mark bad")], &word(lang, "board.tile.late"));
            }
            if let Some(priority) = &tile.priority {
                let text = say(lang, "board.tile.priority", &[("priority", priority)]);
                html.words("span", &[("class", "mark")], &text);
            }
        });
        html.words("p", &[("class", "from")], &format!("{} · {}", tile.from, tile.wanted));
        html.element("ul", &[("class", "asked"), ("aria-label", &word(lang, "board.tile.asked"))], |html| {
            for (name, signed, words) in &tile.asked {
                let (class, sign) = if *signed { ("signed", "✓ ") } else { ("", "○ ") };
                html.element("li", &[("class", class)], |html| {
                    html.words("span", &[("aria-hidden", "true")], sign);
                    html.text(name);
                    html.words("span", &[("class", "unseen")], words);
                });
            }
        });
        if let Some((percent, words)) = &tile.progress {
            let value = percent.to_string();
            html.words("progress", &[("max", "100"), ("value", &value), ("aria-label", words)], "");
            html.element("p", &[("class", "tally"), ("aria-hidden", "true")], |html| html.text(words));
        }
        if let Some(waits) = &tile.waits {
            html.words("p", &[("class", "waits")], waits);
        }
    });
}
