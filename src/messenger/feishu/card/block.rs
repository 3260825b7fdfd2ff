//! The pieces of the body.
//!
//! Invariant: people's words stand in plain text; where they must stand in markdown they are escaped.

use super::limit::Density;
use super::shape::{Column, ColumnSet, Div, DivText, Element, Img, Markdown, Plain};
use super::{Pen, button, colour, table, text};
use crate::card::{Block, Change, Event, Field, Mention, Tone};

/// One block; `tables` counts the tables of the card so far.
pub fn draw(block: &Block, tables: &mut usize, pen: &Pen) -> Vec<Element> {
    match block {
        Block::Text { text, tone } => spoken(text, *tone, pen),
        Block::Fields { items } => fields(&pen.few(items, pen.fit.items), pen),
        Block::Table { columns, rows } => table::draw(columns, rows, tables, pen),
        Block::Diff { items } => difference(&pen.few(items, pen.fit.items), pen),
        Block::Timeline { items } => timeline(&pen.few(items, pen.fit.items), pen),
        Block::Mentions { people } => mentions(people, pen),
        Block::Divider => vec![Element::Hr],
        Block::Note { text } => note(&pen.short(text, pen.fit.longest)),
        Block::Link { text, url } => link(text, url, pen),
        Block::Picture { alt, .. } => picture(alt, pen),
    }
}

/// The line that says that something is missing, and where it is.
pub fn more(pen: &Pen) -> Vec<Element> {
    let link = pen.style.link.filter(|url| text::is_link(url));
    match link {
        Some(url) => vec![button::link(pen.style.more, url, pen)],
        None => note(&text::short(pen.style.more, pen.fit.sentence())),
    }
}

/// A paragraph in which no markup is looked for.
pub fn paragraph(words: &str) -> Element {
    plain(words, None, None)
}

/// Markdown that was made safe.
pub fn markdown(content: String) -> Element {
    let content = or_dash(&content).to_owned();
    Element::Markdown(Markdown { content, text_size: None, margin: None })
}

/// A label and, in the next component, its value.
pub fn labelled(label: &str, value: &str, pen: &Pen) -> [Element; 2] {
    [heading(label, pen), paragraph(or_dash(value))]
}

fn heading(label: &str, pen: &Pen) -> Element {
    markdown(text::bold(&text::line(label, pen.fit.label)))
}

fn plain(words: &str, text_size: Option<&'static str>, text_color: Option<&'static str>) -> Element {
    let content = or_dash(words.trim()).to_owned();
    Element::Div(Div { text: DivText { tag: "plain_text", content, text_size, text_color } })
}

/// A component with an empty text may be refused.
fn or_dash(words: &str) -> &str {
    if words.trim().is_empty() { "—" } else { words }
}

fn spoken(words: &str, tone: Tone, pen: &Pen) -> Vec<Element> {
    if words.trim().is_empty() {
        return Vec::new();
    }
    let words = pen.short(words.trim(), pen.fit.longest);
    match tone {
        Tone::Normal => vec![paragraph(&words)],
        Tone::Quiet => vec![plain(&words, Some("notation"), Some("grey"))],
        Tone::Strong => vec![markdown(text::bold(&words))],
        Tone::Quote => vec![Element::ColumnSet(ColumnSet {
            flex_mode: "none",
            horizontal_spacing: "8px",
            background_style: Some("grey"),
            columns: vec![column(vec![paragraph(&words)], Some("8px 12px 8px 12px"))],
        })],
    }
}

fn column(elements: Vec<Element>, padding: Option<&'static str>) -> Column {
    Column { tag: "column", width: "weighted", weight: Some(1), padding, elements }
}

fn note(words: &str) -> Vec<Element> {
    if words.trim().is_empty() {
        return Vec::new();
    }
    let content = text::coloured(words, "grey");
    vec![Element::Markdown(Markdown { content, text_size: Some("notation"), margin: None })]
}

/// Short ones two by two, long ones across.
fn fields(items: &[&Field], pen: &Pen) -> Vec<Element> {
    if pen.fit.density == Density::Dense {
        let line = |field: &&Field| {
            let value = pen.short(field.value.trim(), pen.fit.longest);
            let label = text::bold(&text::line(&field.label, pen.fit.label));
            format!("{label} {}", text::escape(or_dash(&value)))
        };
        return joined(items.iter().map(line).collect());
    }
    let mut elements = Vec::new();
    for run in items.chunk_by(|a, b| a.short && b.short) {
        if run.iter().any(|field| !field.short) {
            elements.extend(run.iter().flat_map(|field| pair(field, pen)));
            continue;
        }
        for two in run.chunks(2) {
            elements.push(Element::ColumnSet(ColumnSet {
                flex_mode: "bisect",
                horizontal_spacing: "8px",
                background_style: None,
                columns: two.iter().map(|field| column(pair(field, pen).into(), None)).collect(),
            }));
        }
    }
    elements
}

fn pair(field: &Field, pen: &Pen) -> [Element; 2] {
    labelled(&field.label, &pen.short(&field.value, pen.fit.longest), pen)
}

/// What each was, quietly, and what it is.
fn difference(items: &[&Change], pen: &Pen) -> Vec<Element> {
    let words = |sign: &str, words: &str| {
        (!words.trim().is_empty()).then(|| format!("{sign} {}", pen.short(words.trim(), pen.fit.longest)))
    };
    let both = |change: &Change| (words("−", &change.before), words("+", &change.after));
    if pen.fit.density > Density::Airy {
        let lines = items.iter().flat_map(|change| {
            let label = text::bold(&text::line(&change.label, pen.fit.label));
            let (before, after) = both(change);
            let before = before.map(|words| text::coloured(&words, "grey"));
            [Some(label), before, after.map(|words| text::escape(&words))]
        });
        return joined(lines.flatten().collect());
    }
    let apart = |change: &&Change| {
        let (before, after) = both(change);
        let before = before.map(|words| plain(&words, None, Some("grey")));
        [heading(&change.label, pen)].into_iter().chain(before).chain(after.map(|words| paragraph(&words)))
    };
    items.iter().flat_map(apart).collect()
}

/// Lines that are markdown already, in one component.
fn joined(lines: Vec<String>) -> Vec<Element> {
    (!lines.is_empty()).then(|| markdown(lines.join("\n"))).into_iter().collect()
}

fn timeline(items: &[&Event], pen: &Pen) -> Vec<Element> {
    let head = |event: &Event| {
        let mark = format!("<font color='{}'>●</font>", colour(event.colour));
        let (at, who) = (text::line(&event.at, pen.fit.label), text::line(&event.who, pen.fit.label));
        let who = text::bold(&who);
        [mark, text::escape(&at), who]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let words = |event: &Event| pen.short(event.text.trim(), pen.fit.longest);
    if pen.fit.density > Density::Airy {
        let line = |event: &&Event| format!("{}\n{}", head(event), text::escape(&words(event)));
        return joined(items.iter().map(line).collect());
    }
    let both = |event: &&Event| {
        let words = words(event);
        let words = (!words.is_empty()).then(|| paragraph(&words));
        [markdown(head(event))].into_iter().chain(words)
    };
    items.iter().flat_map(both).collect()
}

/// Where Feishu has it: a card that names a picture that is not there is refused.
fn picture(alt: &str, pen: &Pen) -> Vec<Element> {
    let shown = pen.style.picture.map(|key| {
        Element::Img(Img {
            img_key: key.to_owned(),
            alt: Plain::new(or_dash(&text::line(alt, pen.fit.sentence()))),
            scale_type: "fit_horizontal",
            preview: true,
        })
    });
    shown.into_iter().collect()
}

/// The platform's mention where the account is known: a wrong one would make the whole card fail.
fn mentions(people: &[Mention], pen: &Pen) -> Vec<Element> {
    let call = |person: &&Mention| match person.account.as_deref().filter(|id| text::is_account(id)) {
        Some(account) => format!("<at id={account}></at>"),
        None => text::bold(&text::line(&person.name, pen.fit.label)),
    };
    let called: Vec<_> =
        pen.few(people, pen.fit.items).iter().map(call).filter(|call| !call.is_empty()).collect();
    (!called.is_empty()).then(|| markdown(called.join(" "))).into_iter().collect()
}

/// A button where the address is one of the web; otherwise the words, and the address as text.
fn link(words: &str, url: &str, pen: &Pen) -> Vec<Element> {
    let words = if words.trim().is_empty() { url } else { words };
    match text::is_link(url) {
        true => vec![button::link(words, url, pen)],
        false => spoken(&pen.short(&format!("{words}\n{url}"), pen.fit.longest), Tone::Normal, pen),
    }
}
