//! "You are asked": the thing that somebody owes, with the buttons that answer it.
//!
//! The same card is brought up to date in place: once it is answered it shows by whom, and has no buttons to decide.

use super::answer::{paragraph, plain};
use super::difference::{difference, grouped, host, name};
use super::scene::Scene;
use super::{
    Block, Card, Colour, Field, Tone, approvers, button, decision, improvement, issues, promise, say, task,
};
use crate::domain::obligation::{Kind, Obligation};
use crate::domain::request::{Ask, AskState, Request, Round, Signature, Stage, State};
use crate::domain::{DepartmentId, ObligationId};
use crate::text::{say as text_of, word};

/// The card of an obligation, open or answered.
pub fn card(id: &ObligationId, request: &Request, scene: &Scene) -> Option<Card> {
    let obligation = request.owed().find(|o| &o.id == id);
    match obligation {
        Some(open) if open.task.is_some() => Some(task::asking(open, request, scene)),
        Some(open) if open.decision.is_some() => Some(decision::asking(open, request, scene)),
        Some(open) if open.improvement.is_some() => improvement::asking(open, request, scene),
        Some(open) => Some(asking(open, request, scene)),
        None => decision::settled(id, request, scene)
            .or_else(|| improvement::settled(id, request, scene))
            .or_else(|| Some(settled(request, scene))),
    }
}

/// The card of a revised ask: what changed comes first.
pub fn revised(
    id: &ObligationId,
    (request, department): (&Request, &DepartmentId),
    scene: &Scene,
) -> Option<Card> {
    let open = request.owed().find(|o| &o.id == id);
    let Some(open) = open else { return Some(settled(request, scene)) };
    let mut card = asking(open, request, scene);
    card.title =
        text_of(scene.lang, "card.asked.revised", &[("department", &say::department(scene, department))]);
    if let Some(earlier) = scene.earlier {
        let items = difference(earlier, &request.as_version(), department, scene);
        if !items.is_empty() {
            card.blocks.insert(0, Block::Diff { items });
        }
    }
    Some(card)
}

fn asking(open: &Obligation, request: &Request, scene: &Scene) -> Card {
    let department = say::department(scene, &open.department);
    let own = say::department(scene, &request.department);
    let key = format!("card.asked.{}", open.kind.name());
    let args = [("department", department.as_str()), ("own", own.as_str())];
    let late = scene.now > open.due_at;
    let colour = match (open.kind, late) {
        (_, true) => Colour::Red,
        (Kind::ApproveRequest | Kind::ConfirmRequest | Kind::FinishTask | Kind::ReportProgress, false)
        | (Kind::Improve, false) => Colour::Blue,
        (Kind::AcceptDelivery | Kind::CloseIssue, false) => Colour::Green,
        (Kind::AnswerObjection, false) => Colour::Orange,
        (Kind::Arbitrate | Kind::Decide, false) => Colour::Purple,
        (Kind::RespondIssue | Kind::StartCoordination | Kind::UpdateIssue | Kind::ResolveIssue, false) => {
            Colour::Orange
        }
    };
    let mut card = plain(text_of(scene.lang, &key, &args), colour);
    card.subtitle = Some(format!("{} · {}", request.id, request.content.title));
    card.tag = Some(word(scene.lang, if late { "card.tag.late" } else { "card.tag.waiting" }));
    card.blocks = match open.kind {
        Kind::ApproveRequest => {
            let called = approvers::called_in(open, request, scene);
            called.into_iter().chain(whole(request, scene)).collect()
        }
        Kind::ConfirmRequest => one_ask(open, request, scene),
        Kind::AnswerObjection | Kind::Arbitrate => objection(open, request, scene),
        Kind::FinishTask | Kind::ReportProgress | Kind::AcceptDelivery | Kind::Decide | Kind::Improve => {
            task::delivered(request, scene)
        }
        Kind::RespondIssue
        | Kind::StartCoordination
        | Kind::UpdateIssue
        | Kind::ResolveIssue
        | Kind::CloseIssue => {
            let issue = open.issue.and_then(|n| request.issue(n));
            issue
                .map(|i| Block::Fields { items: vec![issues::line(request, i, scene)] })
                .into_iter()
                .collect()
        }
    };
    card.blocks.push(Block::Fields { items: vec![due(open, scene)] });
    card.blocks.push(note(why_you(open, request, scene), scene));
    card.actions = button::about(scene, request, open);
    if open.kind == Kind::ApproveRequest {
        card.actions.extend(button::invite(scene, request));
    }
    card.actions.extend(button::snooze(scene, request, open));
    card.actions.push(button::show(scene, request));
    card
}

/// When it is due, in words that tell whether it is late and whether it may still move.
pub fn due(open: &Obligation, scene: &Scene) -> Field {
    let moment = say::moment(scene, open.due_at);
    let key = match (scene.now > open.due_at, open.provisional) {
        (true, _) => "card.due.late",
        (false, true) => "card.due.provisional",
        (false, false) => "card.due.on",
    };
    let mut value = text_of(scene.lang, key, &[("moment", &moment)]);
    if let Some(promise) = &open.promise {
        value.push('\n');
        value.push_str(&promise::promised(promise, scene));
    }
    Field { label: word(scene.lang, "card.field.due"), value, short: false }
}

/// What an approver reads: the form in short.
pub fn whole(request: &Request, scene: &Scene) -> Vec<Block> {
    let content = &request.content;
    let mut fields = vec![
        field("initiator", say::person(scene, &request.initiator), scene),
        field("department", say::department(scene, &request.department), scene),
        field("wanted_by", say::day(scene, content.wanted_by), scene),
        field("priority", word(scene.lang, &format!("choice.priority.{}", name(&content.priority))), scene),
        field(
            "visibility",
            word(scene.lang, &format!("choice.visibility.{}", name(&content.visibility))),
            scene,
        ),
    ];
    if let Some(kind) = content.kind {
        fields.push(field("kind", word(scene.lang, &format!("choice.kind.{}", name(&kind))), scene));
    }
    if let Some(budget) = content.budget {
        fields.push(field("budget", grouped(budget), scene));
    }
    let long = [
        ("background", &content.background),
        ("goal", &content.goal),
        ("people", &content.people),
        ("equipment", &content.equipment),
        ("risks", &content.risks),
        ("acceptance", &content.acceptance),
    ];
    let filled = long.into_iter().filter(|(_, text)| !text.is_empty());
    fields.extend(filled.map(|(key, text)| Field { short: false, ..field(key, text.clone(), scene) }));
    let mut blocks = vec![Block::Fields { items: fields }];
    blocks.extend(approvers::chain(request, scene));
    blocks.push(asks_table(request, scene));
    // The host stands beside the name, so that a link cannot pretend to lead elsewhere.
    let link = |l: &crate::domain::request::Link| {
        let args = [("name", l.name.as_str()), ("host", host(&l.url))];
        Block::Link { text: text_of(scene.lang, "card.link", &args), url: l.url.clone() }
    };
    let added = request.attached.iter().map(|a| &a.link);
    blocks.extend(content.attachments.iter().chain(added).map(link));
    blocks
}

/// Who is asked for what, and what each said.
pub fn asks_table(request: &Request, scene: &Scene) -> Block {
    let column = |key: &str| word(scene.lang, &format!("card.column.{key}"));
    let row = |ask: &Ask| {
        let task = match ask.task.deliverable.as_str() {
            "" => ask.task.task.clone(),
            deliverable => format!("{}\n→ {deliverable}", ask.task.task),
        };
        vec![
            say::department(scene, &ask.department),
            task,
            say::day(scene, request.wanted_by(ask)),
            said(ask, request, scene),
        ]
    };
    Block::Table {
        columns: vec![column("department"), column("task"), column("wanted_by"), column("said")],
        rows: request.asks.iter().map(row).collect(),
    }
}

/// What a department said, in a few words.
pub fn said(ask: &Ask, request: &Request, scene: &Scene) -> String {
    match &ask.state {
        AskState::Waiting | AskState::Open if request.state.is_over() => word(scene.lang, "card.said.ended"),
        AskState::Waiting => word(scene.lang, "card.said.waiting"),
        AskState::Open => word(scene.lang, "card.said.open"),
        AskState::Confirmed(signature) => signed(signature, scene),
        AskState::Objected { round } => {
            let round = request.rounds.iter().find(|r| r.number == *round);
            let stage = round.map_or("objected", |r| crate::domain::request::stage_name(&r.stage));
            word(scene.lang, &format!("state.{stage}"))
        }
    }
}

fn signed(signature: &Signature, scene: &Scene) -> String {
    let holder = crate::domain::directory::Holder {
        person: signature.by.clone(),
        instead_of: signature.on_behalf_of.clone(),
    };
    let revision = signature.revision.to_string();
    let args = [
        ("person", say::holder(scene, &holder)),
        ("moment", say::moment(scene, signature.at)),
        ("revision", revision),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let said = text_of(scene.lang, "card.said.confirmed", &args);
    match &signature.estimate {
        Some(estimate) => format!("{said}\n{}", say::with(scene, "card.said.estimate", &estimate.facts())),
        None => said,
    }
}

fn one_ask(open: &Obligation, request: &Request, scene: &Scene) -> Vec<Block> {
    let Some(ask) = request.ask(&open.department) else { return whole(request, scene) };
    let mut items = vec![
        Field { short: false, ..field("task", ask.task.task.clone(), scene) },
        field("deliverable", ask.task.deliverable.clone(), scene),
        field("wanted_by", say::day(scene, request.wanted_by(ask)), scene),
        field("resources", ask.task.resources.clone(), scene),
        field("initiator", say::person(scene, &request.initiator), scene),
        field("department", say::department(scene, &request.department), scene),
        Field { short: false, ..field("goal", request.content.goal.clone(), scene) },
        Field { short: false, ..field("background", request.content.background.clone(), scene) },
    ];
    items.retain(|f| !f.value.is_empty());
    let mut blocks = answered_round(open, request, scene);
    blocks.push(Block::Fields { items });
    blocks
}

/// After an objection was not followed, the department reads why before it is asked again.
fn answered_round(open: &Obligation, request: &Request, scene: &Scene) -> Vec<Block> {
    let last = request.rounds.iter().rev().find(|r| r.department == open.department);
    let Some(round) = last else { return Vec::new() };
    let (key, by, reason) = match &round.stage {
        Stage::Declined { by, reason, .. } => ("card.round.declined", by, reason),
        Stage::Dismissed { by, reason, .. } => ("card.round.dismissed", by, reason),
        Stage::Open
        | Stage::Escalated { .. }
        | Stage::Upheld { .. }
        | Stage::Accepted { .. }
        | Stage::Lapsed { .. } => return Vec::new(),
    };
    let person = say::person(scene, by);
    vec![
        paragraph(text_of(scene.lang, key, &[("person", &person)]), Tone::Strong),
        paragraph(reason.clone(), Tone::Quote),
    ]
}

fn objection(open: &Obligation, request: &Request, scene: &Scene) -> Vec<Block> {
    let round = request.open_rounds().find(|r| r.department == open.department);
    let Some(round) = round else { return whole(request, scene) };
    let mut blocks = round_blocks(round, scene);
    if let Some(ask) = request.ask(&round.department) {
        blocks.push(Block::Fields {
            items: vec![
                Field { short: false, ..field("task", ask.task.task.clone(), scene) },
                field("wanted_by", say::day(scene, request.wanted_by(ask)), scene),
            ],
        });
    }
    blocks
}

/// One round in words: who objects to what, what instead, and how far it has come.
pub fn round_blocks(round: &Round, scene: &Scene) -> Vec<Block> {
    let (person, department) = (say::person(scene, &round.by), say::department(scene, &round.department));
    let number = round.number.to_string();
    let args = [("person", &*person), ("department", &*department), ("n", &*number)];
    let mut blocks = vec![
        paragraph(text_of(scene.lang, "card.round.head", &args), Tone::Strong),
        paragraph(round.reason.clone(), Tone::Quote),
    ];
    if !round.suggestion.is_empty() {
        blocks.push(paragraph(
            text_of(scene.lang, "card.round.suggestion", &[("text", &round.suggestion)]),
            Tone::Normal,
        ));
    }
    let (key, by, reason) = match &round.stage {
        Stage::Open | Stage::Lapsed { .. } => return blocks,
        Stage::Escalated { by, reason, .. } => ("card.round.escalated", by, reason.as_str()),
        Stage::Upheld { by, reason, .. } => ("card.round.upheld", by, reason.as_str()),
        Stage::Accepted { by, .. } => ("card.round.accepted", by, ""),
        Stage::Declined { by, reason, .. } => ("card.round.declined", by, reason.as_str()),
        Stage::Dismissed { by, reason, .. } => ("card.round.dismissed", by, reason.as_str()),
    };
    let person = say::person(scene, by);
    blocks.push(paragraph(text_of(scene.lang, key, &[("person", &person)]), Tone::Strong));
    if !reason.is_empty() {
        blocks.push(paragraph(reason.to_owned(), Tone::Quote));
    }
    blocks
}

/// What became of it, with nothing left to decide here.
fn settled(request: &Request, scene: &Scene) -> Card {
    let colour = match request.state {
        State::Confirmed
        | State::Confirming
        | State::InReview
        | State::InProgress
        | State::Delivered
        | State::Standing
        | State::Accepted => Colour::Green,
        State::Returned => Colour::Orange,
        State::Withdrawn | State::Cancelled => Colour::Grey,
    };
    let mut card = plain(word(scene.lang, "card.settled"), colour);
    card.subtitle = Some(format!("{} · {}", request.id, request.content.title));
    card.tag = Some(word(scene.lang, &format!("state.{}", request.state.name())));
    let decided = request.approvals.iter().filter_map(|a| a.decision.as_ref()).next_back();
    if let Some(decision) = decided {
        let key = if decision.approved { "card.decided.approved" } else { "card.decided.returned" };
        let (person, moment) = (say::person(scene, &decision.by), say::moment(scene, decision.at));
        card.blocks.push(paragraph(
            text_of(scene.lang, key, &[("person", &person), ("moment", &moment)]),
            Tone::Normal,
        ));
    }
    if request.asks.iter().any(|a| a.state != AskState::Waiting) {
        card.blocks.push(asks_table(request, scene));
    }
    card.actions = button::deciding(scene, request);
    card.actions.push(button::show(scene, request));
    card
}

/// Small print: why it came, and for a person how to change that.
pub fn note(why: String, scene: &Scene) -> Block {
    match scene.reader {
        None => Block::Note { text: why },
        Some(_) => Block::Note { text: text_of(scene.lang, "card.note", &[("why", &why)]) },
    }
}

/// Why this came to this reader.
fn why_you(open: &Obligation, request: &Request, scene: &Scene) -> String {
    let department = request.owing_side(open);
    let args = [("department", say::department(scene, department))];
    let args: Vec<(&str, &str)> = args.iter().map(|(n, t)| (*n, t.as_str())).collect();
    match &open.debtor.instead_of {
        Some(absent) => {
            let person = say::person(scene, absent);
            text_of(scene.lang, "card.why_you.stands_in", &[("person", &person)])
        }
        None => text_of(scene.lang, &format!("card.why_you.{}", open.kind.name()), &args),
    }
}

/// A label and a value side by side with others.
pub fn field(key: &str, value: String, scene: &Scene) -> Field {
    Field { label: word(scene.lang, &format!("field.{key}")), value, short: true }
}
