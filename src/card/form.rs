//! Every form of this service, as a card with fields; what was typed and what is wrong goes back into them.
//!
//! Invariant: the submit button of a form is the want of its command without the words that the fields carry.

use super::answer::{about, paragraph};
use super::scene::Scene;
use super::{
    Action, Card, Choice, Colour, FieldKind, Form, FormField, Style, Tone, form_issue, form_plans,
    form_request, form_task, improvement, route, say, settings,
};
use crate::domain::Lang;
use crate::domain::change::{FormKind, FormReply};
use crate::domain::request::form::{LONG, SHORT};
use crate::intent::Want;
use crate::text::{self, say as text_of, word};

/// The form as a card.
pub fn card(reply: &FormReply, scene: &Scene) -> Card {
    let fields = match reply.form {
        FormKind::Request | FormKind::Route => form_request::fields(reply, scene),
        kind if form_task::is_of_tasks(kind) => form_task::fields(reply, scene),
        kind if form_plans::is_of_plans(kind) => form_plans::fields(reply, scene),
        kind if form_issue::is_of_issues(kind) => form_issue::fields(reply, scene),
        kind if improvement::is_form(kind) => improvement::form_fields(reply, scene),
        _ => small(reply, scene),
    };
    let actions = match reply.form {
        FormKind::Request | FormKind::Route => form_request::actions(reply, scene),
        kind if form_task::is_of_tasks(kind) => vec![form_task::submit(reply, scene)],
        kind if form_plans::is_of_plans(kind) => vec![form_plans::submit(reply, scene)],
        kind if form_issue::is_of_issues(kind) => vec![form_issue::submit(reply, scene)],
        kind if improvement::is_form(kind) => vec![improvement::submit(reply, scene)],
        kind => vec![submit(kind, reply, scene.lang)],
    };
    let lead = match reply.faults.len() {
        0 => word(scene.lang, &format!("form.{}.lead", key(reply, scene))),
        n => how_many(scene.lang, n),
    };
    let tone = if reply.faults.is_empty() { Tone::Quiet } else { Tone::Strong };
    Card {
        title: title(reply, scene),
        subtitle: reply.request.as_ref().map(|id| about(id, scene)),
        colour: if reply.faults.is_empty() { Colour::Blue } else { Colour::Orange },
        tag: None,
        blocks: [paragraph(lead, tone)].into_iter().chain(route::blocks(scene)).collect(),
        actions,
        form: Some(Form { fields }),
    }
}

/// How many fields are wrong: said on top, and above a pressed button.
pub(super) fn how_many(lang: Lang, faults: usize) -> String {
    text_of(lang, "form.faults", &[("n", &faults.to_string())])
}

fn title(reply: &FormReply, scene: &Scene) -> String {
    let department = reply.department.as_ref().map(|d| say::department(scene, d));
    let key = format!("form.{}.title", key(reply, scene));
    match department {
        Some(department) => text_of(
            scene.lang,
            "form.of_department",
            &[("title", &word(scene.lang, &key)), ("department", &department)],
        ),
        None => word(scene.lang, &key),
    }
}

/// The texts of a form; F1 says whether it is new, edited or answers an objection.
fn key(reply: &FormReply, scene: &Scene) -> &'static str {
    match reply.form {
        FormKind::Request | FormKind::Route => form_request::occasion(reply, scene),
        FormKind::Objection => "objection",
        FormKind::Return => "return",
        FormKind::Decline => "decline",
        FormKind::Escalate => "escalate",
        FormKind::Ruling => "ruling",
        FormKind::Cancel => "cancel",
        FormKind::Comment => "comment",
        FormKind::Settings => "settings",
        FormKind::Task => form_task::occasion(reply),
        FormKind::FinishBlocked => "finish_blocked",
        FormKind::MoveTask => "move_task",
        FormKind::DeclineMove => "decline_move",
        FormKind::Progress => "progress",
        FormKind::SendBack => "send_back",
        FormKind::Delegate => "delegate",
        FormKind::Transfer => "transfer",
        FormKind::Copy => "cc",
        FormKind::Invite => "cosign",
        FormKind::Snooze => "snooze",
        FormKind::Estimate => "estimate",
        FormKind::Reschedule => "reschedule",
        FormKind::Attach => "attach",
        FormKind::Decision => "decision",
        FormKind::Verdict => "verdict",
        FormKind::Risk => form_plans::occasion(reply),
        FormKind::FireRisk => "fire_risk",
        FormKind::Improvement => "improvement",
        FormKind::Improved => "improved",
        FormKind::TakeImprovementBack => "improvement_back",
        FormKind::Issue
        | FormKind::Coordination
        | FormKind::Solution
        | FormKind::IssueUpdate
        | FormKind::Resolution
        | FormKind::Reopen
        | FormKind::MoveIssue
        | FormKind::RateIssue => form_issue::key(reply.form),
    }
}

/// The fields of the forms about one thing.
fn small(reply: &FormReply, scene: &Scene) -> Vec<FormField> {
    let reason = || field(reply, scene, "reason", FieldKind::Multiline).required().at_most(LONG);
    match reply.form {
        FormKind::Objection => {
            vec![reason(), field(reply, scene, "suggestion", FieldKind::Multiline).required().at_most(LONG)]
        }
        FormKind::Ruling => {
            let choices = ["uphold", "dismiss"].map(|c| (c, format!("choice.ruling.{c}")));
            vec![
                field(reply, scene, "ruling", FieldKind::Choice).required().among(scene.lang, &choices),
                reason(),
            ]
        }
        FormKind::Comment => vec![field(reply, scene, "text", FieldKind::Multiline).required().at_most(LONG)],
        FormKind::Delegate => vec![
            field(reply, scene, "deputy", FieldKind::Text).required(),
            field(reply, scene, "deputy_until", FieldKind::Text).required(),
            field(reply, scene, "deputy_from", FieldKind::Text),
            field(reply, scene, "whose", FieldKind::Text),
        ],
        FormKind::Transfer => vec![
            field(reply, scene, "to", FieldKind::Text).required(),
            field(reply, scene, "reason", FieldKind::Multiline).at_most(LONG),
        ],
        FormKind::Copy => vec![field(reply, scene, "people", FieldKind::Text).required()],
        FormKind::Invite => {
            let turns = ["before", "beside", "after"].map(|t| (t, format!("choice.turn.{t}")));
            let rules = ["all", "any"].map(|r| (r, format!("choice.rule.{r}")));
            vec![
                field(reply, scene, "people", FieldKind::Text).required(),
                field(reply, scene, "turn", FieldKind::Choice).required().among(scene.lang, &turns),
                field(reply, scene, "rule", FieldKind::Choice).required().among(scene.lang, &rules),
                field(reply, scene, "reason", FieldKind::Multiline).at_most(LONG),
            ]
        }
        FormKind::Settings => settings::fields(reply, scene),
        FormKind::Snooze => vec![
            field(reply, scene, "until", FieldKind::Text).required(),
            field(reply, scene, "promise", FieldKind::Multiline).at_most(LONG),
        ],
        FormKind::Estimate => vec![
            field(reply, scene, "hours", FieldKind::Number),
            field(reply, scene, "people_needed", FieldKind::Number),
            field(reply, scene, "budget", FieldKind::Number),
            field(reply, scene, "impact", FieldKind::Multiline).at_most(LONG),
        ],
        FormKind::Reschedule => {
            vec![field(reply, scene, "wanted_by", FieldKind::Date).required(), reason()]
        }
        FormKind::Attach => vec![
            field(reply, scene, "url", FieldKind::Text).required().at_most(LONG),
            field(reply, scene, "link_name", FieldKind::Text).at_most(SHORT),
        ],
        _ => vec![reason()],
    }
}

fn submit(kind: FormKind, reply: &FormReply, lang: Lang) -> Action {
    let request = reply.request.as_ref().map(ToString::to_string);
    let department = reply.department.as_ref().map(ToString::to_string);
    let version = reply.version;
    let (id, want) = match kind {
        FormKind::Request | FormKind::Route => ("file", Want::File { request }),
        FormKind::Objection => ("object", Want::Object { request, department, reason: None, version }),
        FormKind::Return => ("return", Want::Return { request, reason: None, version }),
        FormKind::Decline => ("decline", Want::Decline { request, department, reason: None }),
        FormKind::Escalate => ("escalate", Want::Escalate { request, department, reason: None }),
        FormKind::Ruling => ("rule", Want::Rule { request, department, uphold: None, reason: None }),
        FormKind::Cancel => ("cancel", Want::Cancel { request, reason: None }),
        FormKind::Comment => ("comment", Want::Comment { request, text: None }),
        FormKind::Delegate => {
            ("delegate", Want::Delegate { whose: None, deputy: None, from: None, until: None })
        }
        FormKind::Transfer => ("transfer", Want::Transfer { request, to: None, department, reason: None }),
        FormKind::Copy => ("cc", Want::Cc { request, people: Vec::new() }),
        FormKind::Invite => {
            let people = Vec::new();
            ("cosign", Want::Cosign { request, people, turn: None, rule: None, reason: None })
        }
        FormKind::Snooze => ("snooze", Want::Snooze { request, department, words: None }),
        FormKind::Estimate => ("estimate", Want::Estimate { request, department, version }),
        FormKind::Reschedule => ("reschedule", Want::Date { request, date: None, reason: None }),
        FormKind::Attach => ("attach", Want::Attach { request, url: None, name: None }),
        // Forms of tasks and of plans have a submit button of their own.
        _ => ("settings", Want::Settings { language: None, quiet: None, digest: None, most: None }),
    };
    let style = if kind == FormKind::Cancel { Style::Danger } else { Style::Primary };
    let label = word(lang, &format!("form.submit.{id}"));
    Action { submit: true, ..say::labelled(id, label, style, want) }
}

/// A field with its label, hint, value and fault.
pub(super) fn field(reply: &FormReply, scene: &Scene, name: &str, kind: FieldKind) -> FormField {
    let part = part(name);
    let fault = reply.faults.iter().find(|f| f.field == name);
    let hint = format!("field.hint.{part}");
    FormField {
        name: name.to_owned(),
        label: word(scene.lang, &format!("field.{part}")),
        kind,
        required: false,
        options: Vec::new(),
        value: reply.values.get(name).cloned().unwrap_or_default(),
        error: fault.map(|f| say::with(scene, &f.fault, &f.with)),
        hint: text::has(scene.lang, &hint).then(|| word(scene.lang, &hint)),
        max_length: None,
        group: None,
    }
}

/// `ask3_task` → `ask_task`, `p2_done` → `done`: rows share their words.
fn part(name: &str) -> String {
    match name.strip_prefix("ask").and_then(|rest| rest.split_once('_')) {
        Some((_, part)) => format!("ask_{part}"),
        None => row_of_progress(name).unwrap_or(name).to_owned(),
    }
}

fn row_of_progress(name: &str) -> Option<&str> {
    let (row, part) = name.strip_prefix('p')?.split_once('_')?;
    row.bytes().all(|b| b.is_ascii_digit()).then_some(part)
}

impl FormField {
    pub(super) fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub(super) fn at_most(self, characters: usize) -> Self {
        Self { max_length: u32::try_from(characters).ok(), ..self }
    }

    /// A choice among values, each with the key of its label.
    pub(super) fn among(self, lang: Lang, choices: &[(&str, String)]) -> Self {
        let options =
            choices.iter().map(|(value, key)| Choice { value: (*value).to_owned(), label: word(lang, key) });
        Self { options: options.collect(), ..self }
    }

    pub(super) fn grouped(self, heading: &str) -> Self {
        Self { group: Some(heading.to_owned()), ..self }
    }
}
