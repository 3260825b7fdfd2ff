//! The forms of tasks: F2, F5, and the small ones that ask for a reason or a day.
//!
//! Invariant: which task a form is about stands in its submit button, not in a field that could be typed over.

use super::form::field;
use super::scene::{Scene, ViewData};
use super::{Action, FieldKind, FormField, Style, say};
use crate::domain::change::{FormKind, FormReply};
use crate::domain::request::form::{LONG, SHORT};
use crate::domain::request::task::form::NAME;
use crate::intent::{TaskWant, Want};
use crate::text::word;

/// Whether a form is drawn here.
pub fn is_of_tasks(kind: FormKind) -> bool {
    matches!(
        kind,
        FormKind::Task
            | FormKind::FinishBlocked
            | FormKind::MoveTask
            | FormKind::DeclineMove
            | FormKind::Progress
            | FormKind::SendBack
    )
}

/// The texts of F2: for a new task, or a change.
pub fn occasion(reply: &FormReply) -> &'static str {
    if reply.values.contains_key("task") { "task_edit" } else { "task_new" }
}

/// Its fields.
pub fn fields(reply: &FormReply, scene: &Scene) -> Vec<FormField> {
    let reason = || field(reply, scene, "reason", FieldKind::Multiline).required().at_most(LONG);
    match reply.form {
        FormKind::MoveTask => vec![field(reply, scene, "moved_to", FieldKind::Date).required(), reason()],
        FormKind::SendBack => vec![field(reply, scene, "tasks", FieldKind::Text), reason()],
        FormKind::Progress => progress(reply, scene),
        FormKind::Task => plan(reply, scene),
        _ => vec![reason()],
    }
}

fn plan(reply: &FormReply, scene: &Scene) -> Vec<FormField> {
    let text = |name: &str| field(reply, scene, name, FieldKind::Text);
    let departments = || {
        let all = scene.directory.departments.keys();
        all.map(|d| super::Choice { value: d.to_string(), label: say::department(scene, d) })
            .collect::<Vec<_>>()
    };
    let among = |name: &str, kind| FormField { options: departments(), ..field(reply, scene, name, kind) };
    let milestone = ["no", "yes"].map(|c| (c, format!("choice.milestone.{c}")));
    vec![
        text("task_name").required().at_most(NAME),
        text("task_owner").required(),
        field(reply, scene, "task_finish", FieldKind::Date),
        field(reply, scene, "task_start", FieldKind::Date),
        text("task_after"),
        text("task_deliverable").at_most(SHORT),
        field(reply, scene, "task_standard", FieldKind::Multiline).at_most(LONG),
        among("task_lead", FieldKind::Choice),
        among("task_supporting", FieldKind::Choices),
        among("task_deciding", FieldKind::Choice),
        field(reply, scene, "task_milestone", FieldKind::Choice).among(scene.lang, &milestone),
    ]
}

/// One group of fields a task.
fn progress(reply: &FormReply, scene: &Scene) -> Vec<FormField> {
    let known = match scene.view {
        ViewData::Progress(rows) => rows.as_slice(),
        _ => &[],
    };
    let mut fields = Vec::new();
    for (row, named) in (1..).zip(tasks(reply)) {
        let task = known.iter().find(|r| r.task.full_number(&r.request) == named);
        let heading =
            task.map_or_else(|| named.clone(), |r| format!("{named} {} · {}", r.task.plan.name, r.title));
        let part = |part: &str, kind| field(reply, scene, &format!("p{row}_{part}"), kind).grouped(&heading);
        fields.extend([
            part("percent", FieldKind::Number),
            part("done", FieldKind::Multiline).at_most(LONG),
            part("next", FieldKind::Multiline).at_most(LONG),
            part("why_not", FieldKind::Text).at_most(LONG),
            part("risk", FieldKind::Text).at_most(LONG),
        ]);
    }
    fields
}

/// The tasks of the rows of F5, in order.
fn tasks(reply: &FormReply) -> Vec<String> {
    (1..).map_while(|row| reply.values.get(&format!("p{row}_task")).cloned()).collect()
}

/// Its submit button.
pub fn submit(reply: &FormReply, scene: &Scene) -> Action {
    let request = reply.request.as_ref().map(ToString::to_string);
    let task = reply.values.get("task").and_then(|n| n.parse().ok());
    let (id, want) = match reply.form {
        FormKind::FinishBlocked => ("finish_blocked", TaskWant::Finish { request, task, reason: None }),
        FormKind::MoveTask => ("move_task", TaskWant::Move { request, task, to: None, reason: None }),
        FormKind::DeclineMove => ("decline_move", TaskWant::AnswerMove { request, task, agreed: false }),
        FormKind::Progress => ("report", TaskWant::Report { tasks: tasks(reply) }),
        FormKind::SendBack => ("send_back", TaskWant::SendBack { request, tasks: None, reason: None }),
        _ => ("save_task", TaskWant::Save { request, task }),
    };
    let label = word(scene.lang, &format!("form.submit.{id}"));
    Action { submit: true, ..say::labelled(id, label, Style::Primary, Want::Task(want)) }
}
