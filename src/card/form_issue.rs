//! The forms of issues: F6, both halves of F7, and the small ones.
//!
//! Invariant: which issue a form is about stands in its submit button, not in a field that could be typed over.

use super::form::field;
use super::scene::Scene;
use super::{Action, Choice, FieldKind, FormField, Style, say};
use crate::domain::change::{FormKind, FormReply};
use crate::domain::request::form::{LONG, SHORT};
use crate::domain::request::issue::{Severity, Topic};
use crate::intent::{IssueWant, Want};
use crate::text::word;

/// Whether a form is drawn here.
pub fn is_of_issues(kind: FormKind) -> bool {
    matches!(
        kind,
        FormKind::Issue
            | FormKind::Coordination
            | FormKind::Solution
            | FormKind::IssueUpdate
            | FormKind::Resolution
            | FormKind::Reopen
            | FormKind::MoveIssue
            | FormKind::RateIssue
    )
}

/// Its fields.
pub fn fields(reply: &FormReply, scene: &Scene) -> Vec<FormField> {
    let text = |name: &str, kind, most| field(reply, scene, name, kind).required().at_most(most);
    let long = |name: &str| text(name, FieldKind::Multiline, LONG);
    match reply.form {
        FormKind::Coordination => vec![text("place", FieldKind::Text, SHORT)],
        FormKind::Solution => vec![
            long("cause"),
            long("measures"),
            field(reply, scene, "issue_owner", FieldKind::Text).required(),
            field(reply, scene, "issue_due", FieldKind::Text).required(),
        ],
        FormKind::IssueUpdate => vec![long("update_text")],
        FormKind::Resolution => vec![long("issue_process"), long("effect")],
        FormKind::MoveIssue => vec![departments(reply, scene, "to_department"), long("reason")],
        FormKind::RateIssue => vec![severities(reply, scene), long("reason")],
        FormKind::Issue => report(reply, scene),
        _ => vec![long("reason")],
    }
}

fn report(reply: &FormReply, scene: &Scene) -> Vec<FormField> {
    let topics = Topic::ALL.map(|t| (t.name(), format!("choice.topic.{}", t.name())));
    let linked = reply.request.is_some().then(|| field(reply, scene, "issue_task", FieldKind::Text));
    let own = [
        field(reply, scene, "issue_text", FieldKind::Multiline).required().at_most(LONG),
        severities(reply, scene),
        field(reply, scene, "issue_topic", FieldKind::Choice).required().among(scene.lang, &topics),
        departments(reply, scene, "issue_department"),
        field(reply, scene, "issue_scope", FieldKind::Text).required().at_most(SHORT),
        field(reply, scene, "issue_happened", FieldKind::Text),
        field(reply, scene, "issue_fix_by", FieldKind::Text),
    ];
    own.into_iter().chain(linked).collect()
}

fn severities(reply: &FormReply, scene: &Scene) -> FormField {
    let choices = Severity::ALL.map(|s| (s.name(), format!("choice.severity.{}", s.name())));
    field(reply, scene, "issue_severity", FieldKind::Choice).required().among(scene.lang, &choices)
}

fn departments(reply: &FormReply, scene: &Scene, name: &str) -> FormField {
    let all = scene.directory.departments.keys();
    let options = all.map(|d| Choice { value: d.to_string(), label: say::department(scene, d) }).collect();
    FormField { options, ..field(reply, scene, name, FieldKind::Choice).required() }
}

/// The texts of a form.
pub fn key(kind: FormKind) -> &'static str {
    match kind {
        FormKind::Coordination => "coordination",
        FormKind::Solution => "solution",
        FormKind::IssueUpdate => "issue_update",
        FormKind::Resolution => "resolution",
        FormKind::Reopen => "reopen",
        FormKind::MoveIssue => "move_issue",
        FormKind::RateIssue => "rate_issue",
        _ => "issue",
    }
}

/// Its submit button.
pub fn submit(reply: &FormReply, scene: &Scene) -> Action {
    let request = reply.request.as_ref().map(ToString::to_string);
    let issue = reply.values.get("issue").and_then(|n| n.parse().ok());
    let want = match reply.form {
        FormKind::Coordination => IssueWant::Coordinate { request, issue, place: None },
        FormKind::Solution => IssueWant::Plan { request, issue, owner: None, words: None },
        FormKind::IssueUpdate => IssueWant::Update { request, issue, words: None },
        FormKind::Resolution => IssueWant::Resolve { request, issue, words: None },
        FormKind::Reopen => IssueWant::Reopen { request, issue, reason: None },
        FormKind::MoveIssue => IssueWant::Move { request, issue, to: None, reason: None },
        FormKind::RateIssue => IssueWant::Rate { request, issue, severity: None, reason: None },
        _ => IssueWant::File { request },
    };
    let id = key(reply.form);
    let label = word(scene.lang, &format!("form.submit.{id}"));
    Action { submit: true, ..say::labelled(id, label, Style::Primary, Want::Issue(want)) }
}
