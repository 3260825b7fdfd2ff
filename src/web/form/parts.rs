//! The parts of a page that do something or say what was done.
//!
//! Invariant: every form that is shown posts its submission, so that it counts once.

use std::collections::BTreeMap;

use super::super::html::Html;
use super::{BUTTON, SUBMISSION, blocks, fields};
use crate::card::answer::{Toast, ToastKind};
use crate::card::{Action, Card, Style};
use crate::domain::Lang;
use crate::engine::form::{Offer, Sheet};
use crate::text::{say, word};

/// What just happened, or how it stands.
pub fn told(html: &mut Html, sheet: &Sheet) {
    let Some(Toast { kind, text }) = &sheet.told else { return };
    let (class, role) = match kind {
        ToastKind::Success => ("told success", "status"),
        ToastKind::Info => ("told info", "status"),
        ToastKind::Error => ("told error", "alert"),
    };
    html.words("p", &[("class", class), ("role", role)], text);
}

/// What can be done here.
pub fn offer(html: &mut Html, sheet: &Sheet, submission: &str) {
    match &sheet.offer {
        Offer::Nothing => {}
        Offer::Button(action) => form(html, submission, |html| {
            if let Some(question) = action.as_ref().and_then(|action| action.ask_first.as_deref()) {
                html.words("p", &[("class", "text")], question);
            }
            html.element("div", &[("class", "actions")], |html| match action {
                Some(action) => button(html, action),
                None => {
                    let label = word(sheet.lang, "web_form.submit");
                    html.words("button", &[("class", "primary"), ("name", BUTTON), ("value", "do")], &label);
                }
            });
        }),
        Offer::Form(card) => {
            let class = format!("card {}", blocks::colour(card.colour));
            html.element("section", &[("class", &class)], |html| filled_in(html, sheet, (card, submission)));
        }
    }
}

fn filled_in(html: &mut Html, sheet: &Sheet, (card, submission): (&Card, &str)) {
    blocks::head(html, card, "h1");
    form(html, submission, |html| {
        for block in &card.blocks {
            blocks::block(html, block);
        }
        if let Some(form) = &card.form {
            fields::all(html, form, sheet.lang);
        }
        html.element("div", &[("class", "actions")], |html| {
            for action in card.actions.iter().filter(|action| action.enabled) {
                button(html, action);
            }
        });
    });
}

/// Posts back to the address of the page, which stays out of the page's own text.
fn form(html: &mut Html, submission: &str, inside: impl FnOnce(&mut Html)) {
    html.element("form", &[("method", "post"), ("novalidate", "")], |html| {
        html.alone("input", &[("type", "hidden"), ("name", SUBMISSION), ("value", submission)]);
        inside(html);
    });
}

fn button(html: &mut Html, action: &Action) {
    let class = match action.style {
        Style::Primary => "primary",
        Style::Default => "default",
        Style::Danger => "danger",
        Style::Quiet => "quiet",
    };
    html.words("button", &[("class", class), ("name", BUTTON), ("value", &action.id)], &action.label);
}

/// Sends everything once more.
pub fn again(html: &mut Html, lang: Lang, posted: Option<&BTreeMap<String, String>>) {
    let method = if posted.is_some() { "post" } else { "get" };
    html.element("form", &[("method", method)], |html| {
        for (field, value) in posted.into_iter().flatten() {
            // A hidden field loses no line break.
            html.alone("input", &[("type", "hidden"), ("name", field), ("value", value)]);
        }
        html.element("div", &[("class", "actions")], |html| {
            html.words("button", &[("class", "primary")], &word(lang, "web_form.later.again"));
        });
    });
}

/// In whose name it is done.
pub fn whose(html: &mut Html, sheet: &Sheet) {
    let words = say(sheet.lang, "web_form.whose", &[("person", &sheet.name)]);
    html.words("footer", &[], &words);
}
