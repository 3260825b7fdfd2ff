//! Actions as buttons that carry their sealed want, and links as buttons that open a page.
//!
//! Invariant: a button has a behaviour; one inside a form has a name as well, because some clients leave out the value.

use super::limit::Density;
use super::shape::{Behavior, Button, Column, ColumnSet, Confirm, Element, Plain, Sealed};
use super::{Pen, text};
use crate::card::{Action, Style as Look};

/// A button that calls back at once.
pub fn draw(action: &Action, pen: &Pen) -> Button {
    let label = label(&action.label, pen);
    let confirm = action.ask_first.as_deref().filter(|question| !question.trim().is_empty());
    let confirm = confirm.map(|question| Confirm {
        title: Plain::new(label.clone()),
        text: Plain::new(text::short(question, pen.fit.sentence())),
    });
    let sealed = Sealed { w: pen.style.seal.seal(&action.want, pen.style.now) };
    Button {
        text: Plain::new(label),
        kind: kind(action.style),
        disabled: !action.enabled,
        confirm,
        behaviors: vec![Behavior::Callback { value: sealed }],
        name: None,
        form_action_type: None,
    }
}

/// A button that sends the form it stands in.
pub fn submit(action: &Action, name: String, pen: &Pen) -> Button {
    Button { name: Some(name), form_action_type: Some("submit"), ..draw(action, pen) }
}

/// A button that opens a page; the address has been looked at.
pub fn link(words: &str, url: &str, pen: &Pen) -> Element {
    Element::Button(Button {
        text: Plain::new(label(words, pen)),
        kind: "text",
        disabled: false,
        confirm: None,
        behaviors: vec![Behavior::OpenUrl { default_url: url.to_owned() }],
        name: None,
        form_action_type: None,
    })
}

/// Side by side as far as there is room; where components are short, one under the other.
pub fn row(buttons: Vec<Button>, pen: &Pen) -> Vec<Element> {
    if pen.fit.density == Density::Dense || buttons.is_empty() {
        return buttons.into_iter().map(Element::Button).collect();
    }
    let column = |button| Column {
        tag: "column",
        width: "auto",
        weight: None,
        padding: None,
        elements: vec![Element::Button(button)],
    };
    let columns = buttons.into_iter().map(column).collect();
    vec![Element::ColumnSet(ColumnSet {
        flex_mode: "flow",
        horizontal_spacing: "8px",
        background_style: None,
        columns,
    })]
}

fn label(words: &str, pen: &Pen) -> String {
    let words = text::line(words, pen.fit.label);
    if words.is_empty() { "…".to_owned() } else { words }
}

fn kind(look: Look) -> &'static str {
    match look {
        Look::Primary => "primary_filled",
        Look::Default => "default",
        Look::Danger => "danger",
        Look::Quiet => "text",
    }
}
