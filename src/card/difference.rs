//! What differs between two versions of a request, field by field.

use super::scene::Scene;
use super::{Change, say};
use crate::domain::DepartmentId;
use crate::domain::request::{Content, Version};
use crate::text::word;

/// What differs between two versions, for a department: its own ask first, then what is common to all.
/// Every field of the form is compared.
pub fn difference(old: &Version, new: &Version, department: &DepartmentId, scene: &Scene) -> Vec<Change> {
    let mut items = Vec::new();
    let mut note = |key: &str, before: String, after: String| {
        if before != after {
            items.push(Change { label: word(scene.lang, &format!("field.{key}")), before, after });
        }
    };
    let ask_in = |v: &Version| v.asks.iter().find(|(d, _)| d == department).map(|(_, text)| text.clone());
    let day_in = |v: &Version| {
        let day = ask_in(v).and_then(|a| a.wanted_by).unwrap_or(v.content.wanted_by);
        say::day(scene, day)
    };
    let part = |v: &Version, get: fn(&crate::domain::request::AskText) -> String| {
        ask_in(v).map(|a| get(&a)).unwrap_or_default()
    };
    note("task", part(old, |a| a.task.clone()), part(new, |a| a.task.clone()));
    note("deliverable", part(old, |a| a.deliverable.clone()), part(new, |a| a.deliverable.clone()));
    note("wanted_by", day_in(old), day_in(new));
    note("resources", part(old, |a| a.resources.clone()), part(new, |a| a.resources.clone()));
    let (was, is) = (&old.content, &new.content);
    note("title", was.title.clone(), is.title.clone());
    note("background", was.background.clone(), is.background.clone());
    note("goal", was.goal.clone(), is.goal.clone());
    note("acceptance", was.acceptance.clone(), is.acceptance.clone());
    note("risks", was.risks.clone(), is.risks.clone());
    note("people", was.people.clone(), is.people.clone());
    note("budget", was.budget.map(grouped).unwrap_or_default(), is.budget.map(grouped).unwrap_or_default());
    note("equipment", was.equipment.clone(), is.equipment.clone());
    let choice = |group: &str, value: String| word(scene.lang, &format!("choice.{group}.{value}"));
    let kind = |v: &Content| v.kind.map(|k| choice("kind", name(&k))).unwrap_or_default();
    note("kind", kind(was), kind(is));
    note("priority", choice("priority", name(&was.priority)), choice("priority", name(&is.priority)));
    note(
        "visibility",
        choice("visibility", name(&was.visibility)),
        choice("visibility", name(&is.visibility)),
    );
    let links = |v: &Content| {
        let links = v.attachments.iter().map(|link| format!("{} ({})", link.name, host(&link.url)));
        links.collect::<Vec<_>>().join("\n")
    };
    note("attachments", links(was), links(is));
    items
}

/// The serde name of a plain enum value.
pub(super) fn name<T: serde::Serialize>(value: &T) -> String {
    let written = serde_json::to_value(value).ok();
    written.and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// `https://user@docs.example.com:443/a` → `docs.example.com`.
pub(super) fn host(url: &str) -> &str {
    let after = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = after.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let place = authority.rsplit('@').next().unwrap_or_default();
    place.split(':').next().unwrap_or_default()
}

/// `120000` → `120,000`.
pub(super) fn grouped(n: i64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) && digit.is_ascii_digit() {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
