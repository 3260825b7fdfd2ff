//! Steps of a ladder: a friendly word, "it is overdue", and what others hear. Facts without blame, with the ways out.

use super::answer::{paragraph, plain};
use super::asked::{due, note};
use super::scene::Scene;
use super::{Block, Card, Colour, Mention, Tone, button, decision, improvement, say};
use crate::domain::obligation::{Kind, Obligation};
use crate::domain::policy::Rung;
use crate::domain::request::Request;
use crate::domain::{ObligationId, PersonId};
use crate::text::{say as text_of, word};

/// A step for its reader: the debtor, somebody above, or a group.
pub fn step(open: &Obligation, rung: Rung, request: &Request, scene: &Scene) -> Card {
    let to_debtor = scene.reader == Some(&open.debtor.person);
    let who = match (scene.reader, to_debtor) {
        (None, _) => "group",
        (Some(_), true) => "debtor",
        (Some(_), false) => "other",
    };
    let args = words(open, request, scene);
    let args: Vec<(&str, &str)> = args.iter().map(|(n, t)| (*n, t.as_str())).collect();
    let rung_name = rung_name(rung);
    let colour = if rung == Rung::Remind { Colour::Orange } else { Colour::Red };
    let mut card = plain(text_of(scene.lang, &format!("card.step.{rung_name}.{who}"), &args), colour);
    card.subtitle = Some(format!("{} · {}", request.id, request.content.title));
    card.tag = Some(word(scene.lang, &format!("rung.{rung_name}")));
    card.blocks.extend(mentions(&[(open, request)], scene));
    card.blocks.push(paragraph(text_of(scene.lang, &format!("card.step.text.{who}"), &args), Tone::Normal));
    card.blocks.extend(decision::about(open, request, scene));
    match improvement::about(open, request, scene) {
        Some(item) => card.blocks.push(item),
        None => card.blocks.push(Block::Fields { items: vec![due(open, scene)] }),
    }
    if to_debtor {
        card.blocks.extend(climbs_next(open, scene));
        card.actions = button::about(scene, request, open);
        card.actions.extend(button::snooze(scene, request, open));
    } else {
        // Whoever stands above may often act directly; in a group that is asked at the click.
        card.actions = button::about(scene, request, open);
        card.actions.extend(button::urge(scene, request));
    }
    card.actions.push(button::show(scene, request));
    card.blocks.push(note(word(scene.lang, &format!("card.step.why.{who}")), scene));
    card
}

/// Somebody waits and says so.
pub fn urged(open: &Obligation, (by, reason): (&PersonId, &str), request: &Request, scene: &Scene) -> Card {
    let mut args = words(open, request, scene);
    args.push(("by", say::person(scene, by)));
    let args: Vec<(&str, &str)> = args.iter().map(|(n, t)| (*n, t.as_str())).collect();
    let mut card = plain(text_of(scene.lang, "card.urged.title", &args), Colour::Orange);
    card.subtitle = Some(format!("{} · {}", request.id, request.content.title));
    if !reason.is_empty() {
        card.blocks.push(paragraph(reason.to_owned(), Tone::Quote));
    }
    card.blocks.push(Block::Fields { items: vec![due(open, scene)] });
    card.blocks.push(note(text_of(scene.lang, "card.urged.why", &args), scene));
    card.actions = button::about(scene, request, open);
    card.actions.extend(button::snooze(scene, request, open));
    card.actions.push(button::show(scene, request));
    card
}

/// The time of a promise has come.
pub fn promised(open: &Obligation, request: &Request, scene: &Scene) -> Card {
    let args = words(open, request, scene);
    let args: Vec<(&str, &str)> = args.iter().map(|(n, t)| (*n, t.as_str())).collect();
    let mut card = plain(text_of(scene.lang, "card.promised.title", &args), Colour::Orange);
    card.subtitle = Some(format!("{} · {}", request.id, request.content.title));
    card.blocks.push(paragraph(text_of(scene.lang, "card.promised.text", &args), Tone::Normal));
    card.blocks.push(Block::Fields { items: vec![due(open, scene)] });
    card.blocks.push(note(word(scene.lang, "card.promised.why"), scene));
    card.actions = button::about(scene, request, open);
    card.actions.extend(button::snooze(scene, request, open));
    card.actions.push(button::show(scene, request));
    card
}

/// The message that asks could not be handed over.
pub fn undeliverable(id: &ObligationId, person: &PersonId, request: &Request, scene: &Scene) -> Option<Card> {
    let open = request.owed().find(|o| &o.id == id)?;
    let name = say::person(scene, person);
    let mut args = words(open, request, scene);
    args.push(("person", name));
    let args: Vec<(&str, &str)> = args.iter().map(|(n, t)| (*n, t.as_str())).collect();
    let mut card = plain(text_of(scene.lang, "card.undeliverable.title", &args), Colour::Red);
    card.subtitle = Some(format!("{} · {}", request.id, request.content.title));
    card.blocks = vec![
        paragraph(text_of(scene.lang, "card.undeliverable.text", &args), Tone::Normal),
        Block::Fields { items: vec![due(open, scene)] },
    ];
    card.blocks.push(note(word(scene.lang, "card.why_you.unreached"), scene));
    card.actions = button::about(scene, request, open);
    // An administrator hears of the account, and need not be allowed to read the request.
    let sees = scene.reader.is_some_and(|reader| scene.case(request).sees(reader));
    card.actions.extend(sees.then(|| button::show(scene, request)));
    Some(card)
}

/// In a group the late person and the head are called by name: people that our own rules chose.
pub(super) fn mentions(about: &[(&Obligation, &Request)], scene: &Scene) -> Option<Block> {
    if scene.reader.is_some() {
        return None;
    }
    let mut people: Vec<PersonId> = Vec::new();
    for (open, request) in about {
        let head = scene.directory.head(request.owing_side(open), scene.today).map(|h| h.person);
        let called = [Some(open.debtor.person.clone()), head, Some(request.initiator.clone())];
        for person in called.into_iter().flatten() {
            if !people.contains(&person) {
                people.push(person);
            }
        }
    }
    let mention = |id: PersonId| Mention { name: say::person(scene, &id), id: id.to_string(), account: None };
    Some(Block::Mentions { people: people.into_iter().map(mention).collect() })
}

/// When it climbs next, so that nobody is surprised.
fn climbs_next(open: &Obligation, scene: &Scene) -> Option<Block> {
    let next = open.next?;
    let step = open.ladder.get(next.index)?;
    let key = if step.rung == Rung::Alert { "card.step.climbs" } else { "card.step.reminds" };
    let moment = say::moment(scene, next.fires_at);
    Some(paragraph(text_of(scene.lang, key, &[("moment", &moment)]), Tone::Quiet))
}

fn rung_name(rung: Rung) -> &'static str {
    match rung {
        Rung::Remind => "remind",
        Rung::Overdue => "overdue",
        Rung::Alert => "alert",
    }
}

/// Who waits: the one who objected for an answer, else the one who asked.
fn waiter(open: &Obligation, request: &Request, scene: &Scene) -> String {
    match open.kind {
        Kind::AnswerObjection => say::department(scene, &open.department),
        Kind::AcceptDelivery => {
            let leads = request.asks.iter().map(|a| say::department(scene, &a.department));
            say::list(scene.lang, &leads.collect::<Vec<_>>())
        }
        Kind::Decide => {
            let asked = open.decision.and_then(|n| request.decision(n)).map(|d| &d.asked_by);
            say::person(scene, asked.unwrap_or(&request.initiator))
        }
        Kind::Improve => {
            let set_by = open.improvement.and_then(|n| request.improvement(n)).map(|i| &i.set_by);
            say::person(scene, set_by.unwrap_or(&request.initiator))
        }
        Kind::CloseIssue => {
            let issue = open.issue.and_then(|n| request.issue(n));
            let solved = issue.and_then(|i| i.resolved.as_ref()).map(|mark| &mark.by);
            say::person(scene, solved.unwrap_or(&request.initiator))
        }
        Kind::RespondIssue | Kind::StartCoordination | Kind::UpdateIssue | Kind::ResolveIssue => {
            let issue = open.issue.and_then(|n| request.issue(n));
            say::person(scene, issue.map_or(&request.initiator, |i| &i.reporter))
        }
        Kind::ApproveRequest
        | Kind::ConfirmRequest
        | Kind::Arbitrate
        | Kind::FinishTask
        | Kind::ReportProgress => say::person(scene, &request.initiator),
    }
}

fn words(open: &Obligation, request: &Request, scene: &Scene) -> Vec<(&'static str, String)> {
    vec![
        ("kind", word(scene.lang, &format!("kind.{}", open.kind.name()))),
        ("department", say::department(scene, request.owing_side(open))),
        ("debtor", say::holder(scene, &open.debtor)),
        ("waiter", waiter(open, request, scene)),
        ("ways", word(scene.lang, &format!("card.step.ways.{}", open.kind.name()))),
        ("since", say::moment(scene, open.counted_from())),
        ("due", say::moment(scene, open.due_at)),
    ]
}
