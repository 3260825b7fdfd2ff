//! The neutral card as Feishu card JSON 2.0.
//!
//! Invariant: whatever the card says, what leaves here is within the platform's limits, has no property that the
//! platform does not know, and lets nobody's words act as markup. Shapes and limits are those of the open platform's
//! documentation of card JSON 2.0; `tests/validate.rs` holds them as rules.

use std::cell::Cell;

use serde_json::Value;

use crate::card::{Action, Card, Colour};
use crate::domain::Timestamp;
use crate::messenger::seal::SealKey;

mod block;
mod button;
mod fallback;
mod form;
mod limit;
mod shape;
mod table;
#[cfg(test)]
mod tests;
mod text;

use limit::Fit;
use shape::{Body, Config, Element, Header, Plain, Root, Summary, TextTag};

pub use fallback::fallback;

/// What a card is drawn with besides its content.
pub struct Style<'a> {
    /// Seals the buttons.
    pub seal: &'a SealKey,
    /// From when the seals count.
    pub now: Timestamp,
    /// "Shortened; open the page", in the reader's language.
    pub more: &'a str,
    /// The page of what the card is about.
    pub link: Option<&'a str>,
    /// `img_…`: the card's picture, where Feishu has it.
    pub picture: Option<&'a str>,
}

/// One attempt at a card: what it may have, and whether anything had to be left out.
struct Pen<'a> {
    style: &'a Style<'a>,
    fit: Fit,
    cut: Cell<bool>,
}

impl Pen<'_> {
    /// At most so many characters; what is missing will be owned up to.
    fn short(&self, words: &str, most: usize) -> String {
        let shortened = text::short(words, most);
        self.cut.set(self.cut.get() || shortened != words);
        shortened
    }

    /// The first and the last ones, at most so many; what is missing will be owned up to.
    fn few<'t, T>(&self, items: &'t [T], most: usize) -> Vec<&'t T> {
        let (kept, gap) = limit::middle_out(items, most);
        self.cut.set(self.cut.get() || gap.is_some());
        kept
    }
}

/// The card as JSON 2.0, within the platform's limits. `summary` is what the list of chats shows.
///
/// Where the card is too large, long texts are shortened, then rows and blocks are left out from the middle, and a line
/// leads to the page. Its actions and its form stay whole, except that a choice among very many may become a field to
/// type into.
pub fn render(card: &Card, summary: &str, style: &Style) -> Value {
    let mut fit = Fit::of(card);
    loop {
        let drawn = draw(card, summary, &Pen { style, fit: fit.clone(), cut: Cell::new(false) });
        let tighter = limit::over(&drawn).and_then(|over| fit.tighter(over));
        let Some(smaller) = tighter else {
            // Plain data with text keys: writing it cannot fail; the platform would refuse a `null`.
            return serde_json::to_value(&drawn).unwrap_or_default();
        };
        fit = smaller;
    }
}

fn draw(card: &Card, summary: &str, pen: &Pen) -> Root {
    let fields = card.form.as_ref().filter(|_| card.actions.iter().any(|action| action.submit));
    let (submits, others): (Vec<&Action>, Vec<&Action>) =
        card.actions.iter().partition(|action| fields.is_some() && action.submit);
    let form = fields.map(|fields| form::draw(fields, &submits, pen));
    // A form that nothing submits is refused by the platform: its values are shown as they stand.
    let unsent = card.form.iter().filter(|_| fields.is_none()).flat_map(|form| form::as_text(form, pen));
    let mut elements = blocks(card, pen);
    elements.extend(unsent);
    elements.extend(form);
    elements.extend(button::row(others.iter().map(|action| button::draw(action, pen)).collect(), pen));
    let title = said(&card.title, 120).unwrap_or_else(|| "…".to_owned());
    Root {
        schema: "2.0",
        config: Config {
            update_multi: true,
            enable_forward: false,
            width_mode: "default",
            summary: Summary { content: said(summary, 200).unwrap_or_else(|| title.clone()) },
        },
        header: header(card, title),
        body: Body {
            direction: "vertical",
            padding: "12px 12px 12px 12px",
            vertical_spacing: "8px",
            elements,
        },
    }
}

/// The body, with the line that owns up to what is missing: in the gap, or under it all.
fn blocks(card: &Card, pen: &Pen) -> Vec<Element> {
    let (kept, gap) = limit::middle_out(&card.blocks, pen.fit.blocks);
    let mut tables = 0;
    let mut elements = Vec::new();
    for (at, one) in kept.iter().enumerate() {
        if gap == Some(at) {
            elements.extend(block::more(pen));
        }
        elements.extend(block::draw(one, &mut tables, pen));
    }
    let said = gap.is_some_and(|gap| gap < kept.len());
    if !said && (gap.is_some() || pen.cut.get()) {
        elements.extend(block::more(pen));
    }
    elements
}

fn header(card: &Card, title: String) -> Header {
    let tag = card.tag.as_deref().and_then(|tag| said(tag, 20)).map(|tag| TextTag {
        tag: "text_tag",
        text: Plain::new(tag),
        color: tag_colour(card.colour),
    });
    Header {
        title: Plain::new(title),
        subtitle: card.subtitle.as_deref().and_then(|subtitle| said(subtitle, 160)).map(Plain::new),
        template: colour(card.colour),
        text_tag_list: tag.into_iter().collect(),
    }
}

/// The words on one line, if there are any: an empty text may be refused.
fn said(words: &str, most: usize) -> Option<String> {
    Some(text::line(words, most)).filter(|line| !line.is_empty())
}

/// The name of a colour in heads and in font marks.
fn colour(colour: Colour) -> &'static str {
    match colour {
        Colour::Blue => "blue",
        Colour::Green => "green",
        Colour::Orange => "orange",
        Colour::Red => "red",
        Colour::Grey => "grey",
        Colour::Purple => "purple",
    }
}

/// The words in the head have another name for grey.
fn tag_colour(of: Colour) -> &'static str {
    match of {
        Colour::Grey => "neutral",
        Colour::Blue | Colour::Green | Colour::Orange | Colour::Red | Colour::Purple => colour(of),
    }
}
