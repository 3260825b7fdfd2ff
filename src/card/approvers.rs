//! The chain of approvers where it is more than one, and who called whom in.

use super::answer::paragraph;
use super::scene::Scene;
use super::{Block, Field, Tone, say};
use crate::domain::obligation::Obligation;
use crate::domain::request::{Approval, Office, Request, Seat};
use crate::text::{say as text_of, word};

/// Why somebody who was called in is asked.
pub(super) fn called_in(open: &Obligation, request: &Request, scene: &Scene) -> Vec<Block> {
    let seat = request.approvals.iter().find(|a| a.asked.as_ref() == Some(&open.id));
    let Some(Seat::Invited { by, words, .. }) = seat.map(|a| &a.seat) else { return Vec::new() };
    let by = say::person(scene, by);
    let mut blocks =
        vec![paragraph(text_of(scene.lang, "card.approvers.called_in", &[("by", &by)]), Tone::Strong)];
    if !words.is_empty() {
        blocks.push(paragraph(words.clone(), Tone::Quote));
    }
    blocks
}

/// Who decides after whom, and what each said: stages by arrows, those side by side together.
pub(super) fn chain(request: &Request, scene: &Scene) -> Option<Block> {
    let mut seats: Vec<&Approval> = request.approvals.iter().collect();
    if !seats.iter().any(|a| matches!(a.seat, Seat::Invited { .. })) {
        return None;
    }
    seats.sort_by_key(|a| (a.stage, a.step));
    let stages: Vec<String> =
        seats.chunk_by(|a, b| a.stage == b.stage).map(|stage| together(stage, request, scene)).collect();
    let label = word(scene.lang, "card.field.approvers");
    let items = vec![Field { label, value: stages.join(" → "), short: false }];
    Some(Block::Fields { items })
}

fn together(stage: &[&Approval], request: &Request, scene: &Scene) -> String {
    let names: Vec<String> = stage.iter().map(|a| one(a, request, scene)).collect();
    let names = say::list(scene.lang, &names);
    match stage {
        [first, _, ..] => {
            let rule = word(scene.lang, &format!("choice.rule.{}", if first.any { "any" } else { "all" }));
            text_of(scene.lang, "card.approvers.together", &[("people", &names), ("rule", &rule)])
        }
        _ => names,
    }
}

fn one(approval: &Approval, request: &Request, scene: &Scene) -> String {
    let who = |name: String, said: &str| {
        let said = word(scene.lang, &format!("card.approvers.{said}"));
        text_of(scene.lang, "card.approvers.one", &[("person", &name), ("said", &said)])
    };
    match (&approval.decision, &approval.seat) {
        (Some(d), _) if d.approved => who(say::person(scene, &d.by), "approved"),
        (Some(d), _) => who(say::person(scene, &d.by), "returned"),
        (None, Seat::Invited { person, .. }) => who(say::person(scene, person), waits(approval, request)),
        (None, Seat::Office(office)) => {
            let name = match office {
                Office::Head => say::department(scene, &request.department),
                Office::Supervisor | Office::GeneralManager => String::new(),
            };
            let key = match office {
                Office::Head => "head",
                Office::Supervisor => "supervisor",
                Office::GeneralManager => "general_manager",
            };
            let office = text_of(scene.lang, &format!("card.approvers.{key}"), &[("department", &name)]);
            who(office, waits(approval, request))
        }
    }
}

fn waits(approval: &Approval, request: &Request) -> &'static str {
    let now = request.sitting().any(|a| a.step == approval.step);
    if now { "now" } else { "later" }
}
