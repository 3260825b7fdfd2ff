//! Forms: each field with its label and what is wrong with it, and the buttons that send it.
//!
//! Invariant: every name is there once, what was typed comes back as it was typed as far as the platform takes it, and
//! what the client checks is never stricter than what the service checks.

use std::collections::BTreeSet;

use super::limit::{Density, INPUT};
use super::shape::{DatePicker, Element, Form, Input, Markdown, MultiSelect, Plain, Select, SelectOption};
use super::{Pen, block, button, text};
use crate::card::{self, Action, Choice, FieldKind, FormField};
use crate::domain::Date;

/// The form with the buttons that send it.
///
/// The client holds back every submit button until the required fields are filled. Where there are several, not all of
/// them need that (one adds a row): then the mark is only shown, and the service says what is missing.
pub fn draw(form: &card::Form, submits: &[&Action], pen: &Pen) -> Element {
    let client_checks = submits.len() == 1;
    let mut names = Names::default();
    let mut elements = Vec::new();
    let mut group = None;
    for field in &form.fields {
        if field.group != group {
            let words = field.group.as_deref().filter(|words| !words.trim().is_empty());
            elements.extend(words.map(|words| heading(words, pen)));
            group.clone_from(&field.group);
        }
        let own = Own { name: names.fresh(&field.name), required: field.required && client_checks };
        elements.extend([label(field, pen), control(field, own, pen)]);
    }
    let buttons = submits.iter().map(|action| button::submit(action, names.fresh(&action.id), pen));
    elements.extend(button::row(buttons.collect(), pen));
    Element::Form(Form { name: "form", vertical_spacing: "8px", elements })
}

/// What a component has from the form that it stands in.
struct Own {
    name: String,
    /// Whether the client sees to it that it is filled in.
    required: bool,
}

/// What stands in the fields, for reading.
pub fn as_text(form: &card::Form, pen: &Pen) -> Vec<Element> {
    let filled: Vec<_> = form.fields.iter().filter(|field| !field.value.is_empty()).collect();
    let read =
        |field: &&FormField| block::labelled(&field.label, &pen.short(&field.value, pen.fit.typed), pen);
    pen.few(&filled, pen.fit.items).into_iter().flat_map(read).collect()
}

/// Names that are taken. The form's own is one of them.
struct Names(BTreeSet<String>);

impl Default for Names {
    fn default() -> Self {
        Self(BTreeSet::from(["form".to_owned()]))
    }
}

impl Names {
    /// The id as a name, with a number behind it if it is taken.
    fn fresh(&mut self, id: &str) -> String {
        let name = text::name(id);
        let numbered = (2..).map(|n| format!("{name}_{n}"));
        let free = [name.clone()].into_iter().chain(numbered).find(|name| !self.0.contains(name));
        let free = free.unwrap_or(name);
        self.0.insert(free.clone());
        free
    }
}

fn heading(words: &str, pen: &Pen) -> Element {
    let content = text::bold(&text::line(words, pen.fit.label));
    let margin = Some("8px 0px 0px 0px");
    Element::Markdown(Markdown { content, text_size: Some("heading"), margin })
}

/// The component that loses nothing of what was typed.
fn control(field: &FormField, own: Own, pen: &Pen) -> Element {
    let some = !field.options.is_empty() && field.options.len() <= pen.fit.options;
    match field.kind {
        FieldKind::Choice if some => choice(field, own, pen),
        FieldKind::Choices if some => choices(field, own, pen),
        FieldKind::Date if field.value.is_empty() || is_day(&field.value) => day(field, own, pen),
        FieldKind::Choice | FieldKind::Choices | FieldKind::Date | FieldKind::Number | FieldKind::Text => {
            typed(field, own, None, pen)
        }
        FieldKind::Multiline => typed(field, own, Some("multiline_text"), pen),
    }
}

/// The label with what is wrong. Only inputs have one of their own, and none can say what is wrong: all look alike.
fn label(field: &FormField, pen: &Pen) -> Element {
    let mut content = text::bold(&text::line(&field.label, pen.fit.label));
    if field.required {
        content.push(' ');
        content.push_str(&text::coloured("*", "red"));
    }
    let fault = field.error.as_deref().filter(|fault| !fault.trim().is_empty());
    if let Some(fault) = fault {
        content.push('\n');
        content.push_str(&text::coloured(&text::short(fault, pen.fit.sentence()), "red"));
    }
    block::markdown(content)
}

fn choice(field: &FormField, own: Own, pen: &Pen) -> Element {
    let chosen = field.options.iter().any(|option| option.value == field.value);
    // What was typed and is no choice stays to be read.
    let typed = (!chosen && !field.value.trim().is_empty()).then(|| hint(&field.value, pen));
    Element::SelectStatic(Select {
        name: own.name,
        placeholder: typed.or_else(|| placeholder(field, pen)),
        options: options(&field.options, pen),
        initial_option: chosen.then(|| field.value.clone()),
        required: own.required,
        width: "fill",
    })
}

fn choices(field: &FormField, own: Own, pen: &Pen) -> Element {
    let chosen: BTreeSet<_> = field.value.split(',').map(str::trim).collect();
    let all = unlike(&field.options);
    let selected = all.iter().map(|option| &option.value).filter(|value| chosen.contains(value.as_str()));
    Element::MultiSelectStatic(MultiSelect {
        name: own.name,
        placeholder: placeholder(field, pen),
        selected_values: selected.cloned().collect(),
        options: options(&field.options, pen),
        required: own.required,
        width: "fill",
    })
}

fn options(all: &[Choice], pen: &Pen) -> Vec<SelectOption> {
    let shown = |option: &Choice| match text::line(&option.label, pen.fit.label) {
        label if label.is_empty() => "—".to_owned(),
        label => label,
    };
    let option =
        |option: &Choice| SelectOption { text: Plain::new(shown(option)), value: option.value.clone() };
    unlike(all).into_iter().map(option).collect()
}

/// Each value once.
fn unlike(all: &[Choice]) -> Vec<&Choice> {
    let mut seen = BTreeSet::new();
    all.iter().filter(|option| seen.insert(&option.value)).collect()
}

fn day(field: &FormField, own: Own, pen: &Pen) -> Element {
    Element::DatePicker(DatePicker {
        name: own.name,
        placeholder: placeholder(field, pen),
        initial_date: (!field.value.is_empty()).then(|| field.value.clone()),
        required: own.required,
        width: "fill",
    })
}

/// `YYYY-MM-DD` and nothing else: the date type also reads other forms.
fn is_day(value: &str) -> bool {
    value.len() == 10 && value.parse::<Date>().is_ok()
}

fn typed(field: &FormField, own: Own, input_type: Option<&'static str>, pen: &Pen) -> Element {
    let value = as_typed(field);
    // More than the service takes may have been typed: it is shown whole, and the service says so again.
    let allowed = field.max_length.map_or(INPUT, |most| usize::try_from(most).unwrap_or(INPUT));
    let max_length = allowed.max(value.chars().count()).clamp(1, INPUT);
    let value = pen.short(&value, max_length.min(pen.fit.typed));
    Element::Input(Input {
        name: own.name,
        placeholder: placeholder(field, pen),
        default_value: (!value.is_empty()).then_some(value),
        input_type,
        rows: input_type.map(|_| 3),
        max_length,
        required: own.required,
        width: "fill",
    })
}

/// A choice that has to be typed shows the words that stand for it.
fn as_typed(field: &FormField) -> String {
    let named =
        field.options.iter().find(|option| field.kind == FieldKind::Choice && option.value == field.value);
    named.map_or(&field.value, |option| &option.label).clone()
}

fn placeholder(field: &FormField, pen: &Pen) -> Option<Plain> {
    let words =
        field.hint.as_deref().filter(|words| pen.fit.density < Density::Dense && !words.trim().is_empty());
    words.map(|words| hint(words, pen))
}

fn hint(words: &str, pen: &Pen) -> Plain {
    Plain::new(text::line(words, pen.fit.label))
}
