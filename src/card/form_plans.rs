//! The forms of decisions and risk plans: F10, F8, and the small ones that ask what is decided and why one fires.
//!
//! Invariant: which decision or plan a form is about stands in its submit button, not in a field to be typed over.

use super::form::field;
use super::scene::Scene;
use super::{Action, Choice, FieldKind, FormField, Style, say};
use crate::domain::change::{FormKind, FormReply};
use crate::domain::request::form::{LONG, SHORT};
use crate::domain::request::risk::form::{KINDS, LEVELS};
use crate::intent::{DecisionWant, RiskWant, Want};
use crate::text::word;

/// Whether a form is drawn here.
pub fn is_of_plans(kind: FormKind) -> bool {
    matches!(kind, FormKind::Decision | FormKind::Verdict | FormKind::Risk | FormKind::FireRisk)
}

/// The texts of F8: for a new plan, or a change.
pub fn occasion(reply: &FormReply) -> &'static str {
    if reply.values.contains_key("risk") { "risk_edit" } else { "risk_new" }
}

/// Its fields.
pub fn fields(reply: &FormReply, scene: &Scene) -> Vec<FormField> {
    let text = |name: &str| field(reply, scene, name, FieldKind::Text);
    let lines = |name: &str, most| field(reply, scene, name, FieldKind::Multiline).at_most(most);
    match reply.form {
        FormKind::Decision => vec![
            text("decision_subject").required().at_most(SHORT),
            text("decider").required(),
            lines("decision_options", LONG),
            text("decision_days"),
        ],
        FormKind::Verdict => {
            // Whoever goes beyond what was offered says why; a free answer may stand alone.
            let free = reply.request.as_ref().zip(scene.request).is_some_and(|(_, file)| {
                let number = reply.values.get("decision").and_then(|n| n.parse().ok());
                number.and_then(|n| file.decision(n)).is_some_and(|d| d.options.is_empty())
            });
            let reason = lines("reason", LONG);
            vec![text("conclusion").required().at_most(SHORT), if free { reason } else { reason.required() }]
        }
        FormKind::Risk => risk(reply, scene),
        _ => vec![lines("reason", LONG).required()],
    }
}

fn risk(reply: &FormReply, scene: &Scene) -> Vec<FormField> {
    let text = |name: &str| field(reply, scene, name, FieldKind::Text);
    let lines = |name: &str| field(reply, scene, name, FieldKind::Multiline).required().at_most(LONG);
    let choice = |name: &str, options: Vec<Choice>| {
        let mut field = field(reply, scene, name, FieldKind::Choice).required();
        // What was typed in the words of one language is the same choice.
        let known = options.iter().find(|o| o.label == field.value).map(|o| o.value.clone());
        field.value = known.unwrap_or(field.value);
        FormField { options, ..field }
    };
    let kinds = KINDS.iter().map(|(name, ..)| option(scene, "risk", name)).collect();
    let levels = || LEVELS.iter().map(|(name, ..)| option(scene, "level", name)).collect::<Vec<_>>();
    vec![
        choice("risk_kind", kinds),
        lines("risk_description"),
        choice("likelihood", levels()),
        choice("risk_impact", levels()),
        lines("measure"),
        text("risk_owner").required(),
        field(reply, scene, "measure_days", FieldKind::Number),
        text("risk_watch").required(),
        text("risk_late"),
        text("risk_superior"),
    ]
}

fn option(scene: &Scene, of: &str, name: &str) -> Choice {
    Choice { value: name.to_owned(), label: word(scene.lang, &format!("choice.{of}.{name}")) }
}

/// Its submit button.
pub fn submit(reply: &FormReply, scene: &Scene) -> Action {
    let request = reply.request.as_ref().map(ToString::to_string);
    let number = |field: &str| reply.values.get(field).and_then(|n| n.parse::<i64>().ok());
    let (id, want) = match reply.form {
        FormKind::Decision => {
            let (decider, days, subject, options) = (None, None, None, None);
            let want = DecisionWant::Ask { request, decider, days, subject, options };
            ("ask_decision", Want::Decision(want))
        }
        FormKind::Verdict => {
            let decision = number("decision").unwrap_or_default();
            let want = DecisionWant::Decide { request, decision, choice: None, words: None };
            ("decide", Want::Decision(want))
        }
        FormKind::FireRisk => {
            let risk = number("risk").unwrap_or_default();
            ("fire_risk", Want::Risk(RiskWant::Fire { request, risk, reason: None }))
        }
        _ => ("save_risk", Want::Risk(RiskWant::Save { request, risk: number("risk") })),
    };
    let label = word(scene.lang, &format!("form.submit.{id}"));
    let style = if reply.form == FormKind::FireRisk { Style::Danger } else { Style::Primary };
    Action { submit: true, ..say::labelled(id, label, style, want) }
}
