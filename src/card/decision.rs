//! Decisions: asked for, made, listed. One click where there are options.
//!
//! Invariant: a card about a decision says what, who decides, who asked and by when; once it is made, what was decided.

use super::answer::{nothing, plain};
use super::asked::{due, field, note};
use super::scene::{Scene, ViewData};
use super::{Block, Card, Colour, Field, Style, button, decision_button, refusal, say};
use crate::domain::ObligationId;
use crate::domain::directory::Holder;
use crate::domain::obligation::Obligation;
use crate::domain::request::Request;
use crate::domain::request::decision::{Decision, DecisionState, short};
use crate::intent::{DecisionWant, Want};
use crate::text::{say as text_of, word};

/// To whoever decides.
pub fn asking(open: &Obligation, request: &Request, scene: &Scene) -> Card {
    let Some(decision) = open.decision.and_then(|n| request.decision(n)) else {
        return plain(word(scene.lang, "card.settled"), Colour::Grey);
    };
    let late = scene.now > open.due_at;
    let colour = if late { Colour::Red } else { Colour::Purple };
    let mut card = of(decision, request, ("card.decision.asked", colour), scene);
    card.tag = Some(word(scene.lang, if late { "card.tag.late" } else { "card.tag.waiting" }));
    card.blocks.push(Block::Fields { items: vec![due(open, scene)] });
    let why = match &open.debtor.instead_of {
        Some(absent) => {
            text_of(scene.lang, "card.why_you.stands_in", &[("person", &say::person(scene, absent))])
        }
        None => word(scene.lang, "card.why_you.decide"),
    };
    card.blocks.push(note(why, scene));
    card.actions = decision_button::of(scene, request, decision);
    card.actions.extend(button::snooze(scene, request, open));
    card.actions.push(button::show(scene, request));
    card
}

/// What became of the decision that this was owed for.
pub fn settled(id: &ObligationId, request: &Request, scene: &Scene) -> Option<Card> {
    let decision = request.decisions.iter().find(|d| &d.owed == id)?;
    Some(view(decision, request, scene))
}

/// One decision, whoever reads: `/decide <no>-D1`.
pub fn view(decision: &Decision, request: &Request, scene: &Scene) -> Card {
    let shown = request.decision_shown(decision);
    let colour = match shown {
        "open" => Colour::Purple,
        "decided" => Colour::Green,
        _ => Colour::Grey,
    };
    let mut card = of(decision, request, ("card.decision.title", colour), scene);
    card.tag = Some(word(scene.lang, &format!("card.decision.state.{shown}")));
    if let Some(open) = request.owed_decision(decision.number) {
        card.blocks.push(Block::Fields { items: vec![due(open, scene)] });
    }
    card.actions = decision_button::of(scene, request, decision);
    card.actions.extend(decision_button::take_back(scene, request, decision));
    card.actions.push(button::show(scene, request));
    card
}

fn of(decision: &Decision, request: &Request, (title, colour): (&str, Colour), scene: &Scene) -> Card {
    let number = short(decision.number);
    let args = [("decision", &*number), ("subject", &*decision.subject)];
    let mut card = plain(text_of(scene.lang, title, &args), colour);
    card.subtitle = Some(format!("{}-{number} · {}", request.id, request.content.title));
    card.blocks = vec![Block::Fields { items: fields(decision, scene) }];
    card
}

/// What a step of its ladder is about.
pub fn about(open: &Obligation, request: &Request, scene: &Scene) -> Option<Block> {
    let decision = request.decision(open.decision?)?;
    Some(Block::Fields { items: fields(decision, scene) })
}

fn fields(decision: &Decision, scene: &Scene) -> Vec<Field> {
    let numbered = (1..).zip(&decision.options).map(|(n, option): (usize, _)| format!("{n}. {option}"));
    let options = numbered.collect::<Vec<_>>().join("\n");
    let long = |key: &str, value: String| Field { short: false, ..field(key, value, scene) };
    let mut items = vec![
        long("decision_subject", decision.subject.clone()),
        long("decision_options", options),
        field("decider", say::person(scene, &decision.decider), scene),
        field("decision_asker", say::person(scene, &decision.asked_by), scene),
    ];
    if let DecisionState::Decided { by, on_behalf_of, at, verdict } = &decision.state {
        let holder = Holder { person: by.clone(), instead_of: on_behalf_of.clone() };
        let made = format!("{} · {}", say::holder(scene, &holder), say::moment(scene, *at));
        items.extend([
            long("conclusion", verdict.conclusion.clone()),
            long("reason", verdict.reason.clone()),
            long("decided", made),
        ]);
    }
    items.retain(|f| !f.value.is_empty());
    items
}

/// All decisions of a request, each in one row; nothing where there is none.
pub fn table(request: &Request, scene: &Scene) -> Option<Block> {
    if request.decisions.is_empty() {
        return None;
    }
    let columns = ["number", "subject", "decider", "said"];
    let columns = columns.map(|c| word(scene.lang, &format!("card.decision.column.{c}")));
    let said = |d: &Decision| match &d.state {
        DecisionState::Decided { at, verdict, .. } => {
            let reason = verdict.reason.as_str();
            let said = format!("{} · {}", verdict.conclusion, say::moment(scene, *at));
            if reason.is_empty() { said } else { format!("{said}\n{reason}") }
        }
        DecisionState::Open | DecisionState::TakenBack { .. } => {
            word(scene.lang, &format!("card.decision.state.{}", request.decision_shown(d)))
        }
    };
    let row =
        |d: &Decision| vec![short(d.number), d.subject.clone(), say::person(scene, &d.decider), said(d)];
    Some(Block::Table { columns: columns.into(), rows: request.decisions.iter().map(row).collect() })
}

/// `/decide`: what the reader has to decide, soonest first.
pub fn mine(scene: &Scene) -> Card {
    let rows = match scene.view {
        ViewData::Decisions(rows) => rows.as_slice(),
        _ => &[],
    };
    if rows.is_empty() {
        return nothing(
            (word(scene.lang, "view.decisions.nothing"), Colour::Green),
            word(scene.lang, "view.decisions.how"),
            vec![refusal::my(scene.lang)],
        );
    }
    let count = rows.len().to_string();
    let mut card = plain(text_of(scene.lang, "view.decisions.title", &[("n", &count)]), Colour::Purple);
    for (owed, decision) in rows {
        let number = format!("{}-{}", owed.request, short(decision.number));
        let asker = say::person(scene, &decision.asked_by);
        let value = format!("{asker} · {}", due(&owed.obligation, scene).value);
        let label = format!("{number} · {}", decision.subject);
        card.blocks.push(Block::Fields { items: vec![Field { label, value, short: false }] });
        let look = DecisionWant::Look { request: Some(owed.request.to_string()), decision: decision.number };
        let label = text_of(scene.lang, "card.decision.look", &[("number", &number)]);
        card.actions.push(say::labelled(
            &format!("look_{number}"),
            label,
            Style::Default,
            Want::Decision(look),
        ));
    }
    card
}
