//! The fields of a form as HTML controls; what is wrong stands beside the field.
//!
//! Invariant: the definitions are the card's; a control keeps whatever was typed, in order or not.

use super::super::html::Html;
use crate::card::{Choice, FieldKind, Form, FormField};
use crate::domain::Lang;
use crate::text::{say, word};

/// All fields; those of one group stand together.
pub fn all(html: &mut Html, form: &Form, lang: Lang) {
    let first_wrong = form.fields.iter().position(|field| field.error.is_some());
    let mut place = 0;
    for group in form.fields.chunk_by(|one, next| one.group == next.group) {
        let begins = place;
        place += group.len();
        let write = |html: &mut Html| {
            for (at, each) in (begins..).zip(group) {
                field(html, each, (lang, Some(at) == first_wrong));
            }
        };
        match group.first().and_then(|field| field.group.as_deref()) {
            None => write(html),
            Some(heading) => html.element("fieldset", &[], |html| {
                html.words("legend", &[], heading);
                write(html);
            }),
        }
    }
}

fn field(html: &mut Html, field: &FormField, (lang, is_first_wrong): (Lang, bool)) {
    let id = format!("f-{}", field.name);
    let class = if field.error.is_some() { "field wrong" } else { "field" };
    html.element("div", &[("class", class)], |html| {
        // A set of boxes is no single control that a label could be for.
        let several = field.kind == FieldKind::Choices;
        let label: &[(&str, &str)] =
            if several { &[("class", "label"), ("id", &id)] } else { &[("class", "label"), ("for", &id)] };
        html.element(if several { "span" } else { "label" }, label, |html| {
            html.text(&field.label);
            if field.required {
                html.words("span", &[("class", "star"), ("aria-hidden", "true")], "*");
            }
        });
        control(html, field, (lang, &id, is_first_wrong));
        if let Some(error) = &field.error {
            html.words("p", &[("class", "error"), ("id", &format!("{id}-error"))], error);
        }
        let hint = hint(field, lang);
        if !hint.is_empty() {
            html.words("p", &[("class", "hint"), ("id", &format!("{id}-hint"))], &hint);
        }
    });
}

/// The example, and how long it may be: said instead of cut off.
fn hint(field: &FormField, lang: Lang) -> String {
    let example = field.hint.clone().filter(|_| !is_picked(field));
    let said = |n: &u32| example.as_ref().is_some_and(|example| example.contains(&n.to_string()));
    let most = field.max_length.filter(|n| !said(n));
    let most = most.map(|n| say(lang, "web_form.at_most", &[("n", &n.to_string())]));
    [example, most].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A day that can be picked: nothing was typed yet, or a date as pickers write it.
fn is_picked(field: &FormField) -> bool {
    let is_date = || field.value.parse::<jiff::civil::Date>().is_ok();
    // Where a day may be given otherwise, too, as days from now, words stay possible.
    field.kind == FieldKind::Date && field.required && (field.value.is_empty() || is_date())
}

fn control(html: &mut Html, field: &FormField, (lang, id, is_first_wrong): (Lang, &str, bool)) {
    let described = described(field, id, lang);
    let mut attributes: Vec<(&'static str, &str)> = vec![("name", &field.name)];
    if field.required {
        attributes.push(("aria-required", "true"));
    }
    if field.error.is_some() {
        attributes.push(("aria-invalid", "true"));
    }
    if !described.is_empty() {
        attributes.push(("aria-describedby", &described));
    }
    if is_first_wrong {
        attributes.push(("autofocus", ""));
    }
    match field.kind {
        FieldKind::Choices => boxes(html, field, id),
        FieldKind::Multiline => {
            attributes.extend([("id", id), ("rows", "3")]);
            html.element("textarea", &attributes, |html| {
                // The first line break after the tag is not read.
                html.text("\n");
                html.text(&field.value);
            });
        }
        FieldKind::Choice => {
            attributes.push(("id", id));
            html.element("select", &attributes, |html| options(html, field, lang));
        }
        FieldKind::Text | FieldKind::Date | FieldKind::Number => {
            let kind = if is_picked(field) { "date" } else { "text" };
            attributes.extend([("id", id), ("type", kind), ("value", &field.value), ("autocomplete", "off")]);
            html.alone("input", &attributes);
        }
    }
}

fn described(field: &FormField, id: &str, lang: Lang) -> String {
    let error = field.error.is_some().then(|| format!("{id}-error"));
    let hint = (!hint(field, lang).is_empty()).then(|| format!("{id}-hint"));
    [error, hint].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn options(html: &mut Html, field: &FormField, lang: Lang) {
    let known = field.options.iter().any(|option| option.value == field.value);
    let nothing = word(lang, "web_form.choose");
    html.words("option", &[("value", "")], &nothing);
    if !known && !field.value.is_empty() {
        html.words("option", &[("value", &field.value), ("selected", "")], &field.value);
    }
    for Choice { value, label } in &field.options {
        let chosen = *value == field.value;
        let attributes: &[(&str, &str)] =
            if chosen { &[("value", value), ("selected", "")] } else { &[("value", value)] };
        html.words("option", attributes, label);
    }
}

fn boxes(html: &mut Html, field: &FormField, id: &str) {
    html.element("div", &[("class", "boxes"), ("role", "group"), ("aria-labelledby", id)], |html| {
        for option in &field.options {
            let chosen = field.value.split(',').any(|value| value == option.value);
            html.element("label", &[], |html| {
                let mut attributes: Vec<(&'static str, &str)> =
                    vec![("type", "checkbox"), ("name", &field.name), ("value", &option.value)];
                if chosen {
                    attributes.push(("checked", ""));
                }
                html.alone("input", &attributes);
                html.words("span", &[], &option.label);
            });
        }
    });
}
