//! Form F1: what is asked, for all departments and for each.
//!
//! Invariant: names, required marks and limits are those that `domain::request::form` checks.

use super::form::field;
use super::scene::Scene;
use super::{Action, Choice, FieldKind, FormField, Style, drafts, say};
use crate::domain::change::FormReply;
use crate::domain::request::State;
use crate::domain::request::form::{
    BACKGROUND, COLLABORATIONS, LONG, MOST_ASKS, PRIORITIES, SHORT, TITLE, VISIBILITIES,
};
use crate::intent::Want;
use crate::text::{say as text_of, word};

/// Why the form is open: the last part of its text keys.
pub(super) fn occasion(reply: &FormReply, scene: &Scene) -> &'static str {
    let file = scene.request.filter(|file| Some(&file.id) == reply.request.as_ref());
    match (&reply.request, file) {
        (None, _) => "request_new",
        (Some(_), Some(file)) if file.state == State::Returned => "request_resubmit",
        (Some(_), Some(file)) if file.open_rounds().next().is_some() => "request_answer",
        (Some(_), _) => "request_edit",
    }
}

/// The fields in the order of the form.
pub(super) fn fields(reply: &FormReply, scene: &Scene) -> Vec<FormField> {
    let mut fields = what(reply, scene);
    fields.extend((1..=rows(reply)).flat_map(|row| ask(reply, scene, row)));
    fields.extend(further(reply, scene));
    fields
}

/// Submitting, and one more row.
pub(super) fn actions(reply: &FormReply, scene: &Scene) -> Vec<Action> {
    let request = reply.request.as_ref().map(ToString::to_string);
    let label = if request.is_some() { "form.submit.resubmit" } else { "form.submit.file" };
    let file = Want::File { request: request.clone() };
    let mut actions = vec![say::labelled("file", word(scene.lang, label), Style::Primary, file)];
    if rows(reply) < MOST_ASKS {
        let more = Want::AddRow { request, rows: rows(reply) };
        actions.push(say::labelled("add_row", word(scene.lang, "form.submit.add_row"), Style::Quiet, more));
    }
    let ahead = Want::Preview { request: request_of(reply), rows: rows(reply) };
    actions.push(say::button(scene.lang, "preview", Style::Default, ahead));
    let keep = Want::KeepDraft { request: request_of(reply) };
    actions.push(say::button(scene.lang, "keep_draft", Style::Quiet, keep));
    let submits = actions.into_iter().map(|action| Action { submit: true, ..action });
    submits.chain(drafts::offers(reply, scene)).collect()
}

fn request_of(reply: &FormReply) -> Option<String> {
    reply.request.as_ref().map(ToString::to_string)
}

fn rows(reply: &FormReply) -> u8 {
    reply.rows.clamp(1, MOST_ASKS)
}

/// What it is about.
fn what(reply: &FormReply, scene: &Scene) -> Vec<FormField> {
    let new = |name, kind| field(reply, scene, name, kind);
    vec![
        new("title", FieldKind::Text).required().at_most(TITLE),
        new("background", FieldKind::Multiline).required().at_most(BACKGROUND),
        new("goal", FieldKind::Multiline).required().at_most(LONG),
        choice(reply, scene, "kind", &names(COLLABORATIONS)),
        new("wanted_by", FieldKind::Date).required(),
        choice(reply, scene, "priority", &names(PRIORITIES)).required(),
    ]
}

/// What may be left out, and who may read it.
fn further(reply: &FormReply, scene: &Scene) -> Vec<FormField> {
    let heading = word(scene.lang, "form.further");
    let new = |name, kind| field(reply, scene, name, kind);
    let fields = [
        new("people", FieldKind::Text).at_most(SHORT),
        new("budget", FieldKind::Number),
        new("equipment", FieldKind::Text).at_most(SHORT),
        new("risks", FieldKind::Multiline).at_most(LONG),
        new("acceptance", FieldKind::Multiline).at_most(LONG),
        choice(reply, scene, "visibility", &names(VISIBILITIES)),
        new("attachments", FieldKind::Multiline),
    ];
    fields.into_iter().map(|field| field.grouped(&heading)).collect()
}

/// What one department is asked. The first row is needed, further ones may stay empty.
fn ask(reply: &FormReply, scene: &Scene, row: u8) -> Vec<FormField> {
    let heading = text_of(scene.lang, "form.row", &[("n", &row.to_string())]);
    let new = |part: &str, kind| field(reply, scene, &format!("ask{row}_{part}"), kind);
    let mut department = departments(new("department", FieldKind::Choice), scene);
    let mut task = new("task", FieldKind::Multiline).at_most(LONG);
    if row == 1 {
        (department, task) = (department.required(), task.required());
    }
    let fields = [
        department,
        task,
        new("deliverable", FieldKind::Text).at_most(SHORT),
        new("wanted_by", FieldKind::Date),
        new("resources", FieldKind::Text).at_most(SHORT),
    ];
    fields.into_iter().map(|field| field.grouped(&heading)).collect()
}

/// All departments by name; one that was typed by name is chosen by its code.
fn departments(field: FormField, scene: &Scene) -> FormField {
    let all = scene.directory.departments.keys();
    let options = all.map(|id| Choice { value: id.to_string(), label: say::department(scene, id) });
    choosing(FormField { options: options.collect(), ..field })
}

fn choice(reply: &FormReply, scene: &Scene, name: &str, names: &[&str]) -> FormField {
    let choices: Vec<(&str, String)> = names.iter().map(|n| (*n, format!("choice.{name}.{n}"))).collect();
    choosing(field(reply, scene, name, FieldKind::Choice).among(scene.lang, &choices))
}

/// A value that was typed as the label counts as the value.
fn choosing(field: FormField) -> FormField {
    let chosen = field.options.iter().find(|option| option.label == field.value).map(|o| o.value.clone());
    FormField { value: chosen.unwrap_or_else(|| field.value.clone()), ..field }
}

fn names<T>(table: &[(&'static str, &str, T)]) -> Vec<&'static str> {
    table.iter().map(|row| row.0).collect()
}
