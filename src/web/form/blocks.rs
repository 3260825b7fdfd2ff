//! The body of a card as HTML.
//!
//! Invariant: a link leads only to where a card may lead (http and https).

use super::super::html::Html;
use crate::card::{Block, Card, Change, Colour, Event, Field, Tone};

/// A card without its buttons and fields.
pub fn card(html: &mut Html, card: &Card, heading: &'static str) {
    html.element("article", &[("class", &format!("card {}", colour(card.colour)))], |html| {
        head(html, card, heading);
        html.element("div", &[("class", "body")], |html| {
            for each in &card.blocks {
                block(html, each);
            }
        });
    });
}

/// Title, state, and what it is about.
pub fn head(html: &mut Html, card: &Card, heading: &'static str) {
    html.element("header", &[], |html| {
        html.element("div", &[], |html| {
            html.words(heading, &[], &card.title);
            if let Some(subtitle) = &card.subtitle {
                html.words("p", &[], subtitle);
            }
        });
        if let Some(tag) = &card.tag {
            html.words("span", &[("class", "tag")], tag);
        }
    });
}

/// One block.
pub fn block(html: &mut Html, block: &Block) {
    match block {
        Block::Text { text, tone } => html.words("p", &[("class", tone_class(*tone))], text),
        Block::Fields { items } => facts(html, items),
        Block::Table { columns, rows } => table(html, columns, rows),
        Block::Diff { items } => diff(html, items),
        Block::Timeline { items } => timeline(html, items),
        Block::Mentions { people } => html.element("p", &[("class", "mentions")], |html| {
            for person in people {
                html.words("span", &[], &format!("@{}", person.name));
            }
        }),
        Block::Divider => html.alone("hr", &[]),
        Block::Note { text } => html.words("p", &[("class", "note")], text),
        Block::Link { text, url } if url.starts_with("https://") || url.starts_with("http://") => {
            html.words("a", &[("href", url), ("rel", "noopener noreferrer"), ("target", "_blank")], text);
        }
        Block::Link { text, .. } => html.words("p", &[], text),
    }
}

/// The class of a colour.
pub fn colour(colour: Colour) -> &'static str {
    match colour {
        Colour::Blue => "blue",
        Colour::Green => "green",
        Colour::Orange => "orange",
        Colour::Red => "red",
        Colour::Grey => "grey",
        Colour::Purple => "purple",
    }
}

fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Normal => "text",
        Tone::Quiet => "text quiet",
        Tone::Strong => "text strong",
        Tone::Quote => "text quote",
    }
}

fn facts(html: &mut Html, items: &[Field]) {
    html.element("dl", &[("class", "facts")], |html| {
        for item in items {
            let class = if item.short { "short" } else { "long" };
            html.element("div", &[("class", class)], |html| {
                html.words("dt", &[], &item.label);
                html.words("dd", &[], &item.value);
            });
        }
    });
}

/// Each cell brings its column's name: on a phone, rows become small lists.
fn table(html: &mut Html, columns: &[String], rows: &[Vec<String>]) {
    html.element("table", &[], |html| {
        html.element("thead", &[], |html| {
            html.element("tr", &[], |html| {
                for column in columns {
                    html.words("th", &[("scope", "col")], column);
                }
            });
        });
        html.element("tbody", &[], |html| {
            for row in rows {
                html.element("tr", &[], |html| {
                    for (cell, column) in row.iter().zip(columns) {
                        html.words("td", &[("data-label", column)], cell);
                    }
                });
            }
        });
    });
}

fn diff(html: &mut Html, items: &[Change]) {
    html.element("dl", &[("class", "diff")], |html| {
        for item in items {
            html.words("dt", &[], &item.label);
            html.element("dd", &[], |html| {
                if !item.before.is_empty() {
                    html.words("del", &[], &item.before);
                }
                if !item.after.is_empty() {
                    html.words("ins", &[], &item.after);
                }
            });
        }
    });
}

fn timeline(html: &mut Html, items: &[Event]) {
    html.element("ol", &[("class", "timeline")], |html| {
        for item in items {
            html.element("li", &[("class", colour(item.colour))], |html| {
                html.element("p", &[], |html| {
                    html.words("b", &[], &item.who);
                    html.text(" ");
                    html.text(&item.text);
                });
                html.words("time", &[], &item.at);
            });
        }
    });
}
