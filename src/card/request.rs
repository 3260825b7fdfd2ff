//! The whole request on one card: what is asked, who said what, who owes what until when, and what happened.

use super::answer::plain;
use super::scene::Scene;
use super::{
    Block, Card, Colour, Event, Field, asked, button, decision, improvement, issue_button, issues, risk, say,
};
use crate::domain::directory::Holder;
use crate::domain::request::{Part, Request, State};
use crate::text::{say as text_of, word};

/// The card of `/show`.
pub fn card(request: &Request, scene: &Scene) -> Card {
    let mut card = plain(request.content.title.clone(), colour(request.state));
    let revision = request.revision.to_string();
    let args = [("number", request.id.as_str()), ("revision", &*revision)];
    card.subtitle = Some(text_of(scene.lang, "card.request.subtitle", &args));
    card.tag = Some(word(scene.lang, &format!("state.{}", request.state.name())));
    card.blocks = asked::whole(request, scene);
    for round in &request.rounds {
        card.blocks.push(Block::Divider);
        card.blocks.extend(asked::round_blocks(round, scene));
    }
    card.blocks.extend(decision::table(request, scene));
    card.blocks.extend(risk::table(request, scene));
    card.blocks.extend(trouble(request, scene));
    card.blocks.extend(improvement::table(request, None, scene));
    card.blocks.extend(owed(request, scene));
    card.blocks.extend(onlookers(request, scene));
    card.blocks.extend(history(scene));
    card.actions = button::allowed(scene, request);
    card.actions.extend(issue_button::beside(scene, request));
    card
}

/// The colour of a state.
pub fn colour(state: State) -> Colour {
    match state {
        State::InReview => Colour::Blue,
        State::Returned => Colour::Orange,
        State::Confirming => Colour::Blue,
        State::Confirmed | State::Delivered | State::Accepted => Colour::Green,
        State::InProgress => Colour::Blue,
        State::Withdrawn | State::Cancelled => Colour::Grey,
        State::Standing => Colour::Orange,
    }
}

/// What went wrong, oldest first.
fn trouble(request: &Request, scene: &Scene) -> Option<Block> {
    let items: Vec<Field> = request.issues.iter().map(|i| issues::line(request, i, scene)).collect();
    (!items.is_empty()).then_some(Block::Fields { items })
}

fn owed(request: &Request, scene: &Scene) -> Option<Block> {
    let item = |o: &crate::domain::obligation::Obligation| Field {
        label: format!(
            "{} · {}",
            word(scene.lang, &format!("kind.{}", o.kind.name())),
            say::department(scene, &o.department)
        ),
        value: format!("{} · {}", say::holder(scene, &o.debtor), asked::due(o, scene).value),
        short: false,
    };
    let items: Vec<Field> = request.owed().map(item).collect();
    (!items.is_empty()).then_some(Block::Fields { items })
}

/// Who was put on, and who follows by himself.
fn onlookers(request: &Request, scene: &Scene) -> Option<Block> {
    let names = |part: Part| -> Vec<String> {
        let of_part = request.onlookers.iter().filter(|o| o.part == part);
        of_part.map(|o| say::person(scene, &o.person)).collect()
    };
    let parts = [(Part::Copied, "copied"), (Part::Follows, "follows")];
    let items = parts.map(|(part, key)| Field {
        label: word(scene.lang, &format!("card.onlookers.{key}")),
        value: say::list(scene.lang, &names(part)),
        short: false,
    });
    let items: Vec<Field> = items.into_iter().filter(|field| !field.value.is_empty()).collect();
    (!items.is_empty()).then_some(Block::Fields { items })
}

fn history(scene: &Scene) -> Option<Block> {
    let item = |line: &super::scene::Line| {
        let who = match &line.audit.by {
            None => word(scene.lang, "card.service"),
            Some(by) => {
                let instead_of = line.audit.on_behalf_of.clone();
                say::holder(scene, &Holder { person: by.clone(), instead_of })
            }
        };
        Event {
            at: say::moment(scene, line.at),
            who,
            text: told(line, scene),
            colour: tone(&line.audit.what),
        }
    };
    // What the service notes about its own messages is for `/why` and the audit, not for readers.
    let told = scene
        .history
        .iter()
        .filter(|line| !matches!(line.audit.what.as_str(), "delivered" | "step_postponed" | "step_rests"))
        // Plans that were looked at are worth a line where one of them fired.
        .filter(|line| line.audit.what != "risks_watched" || line.audit.with.contains_key("risks"));
    let items: Vec<Event> = told.map(item).collect();
    (!items.is_empty()).then_some(Block::Timeline { items })
}

/// The line, and whether a promise was kept with it.
fn told(line: &super::scene::Line, scene: &Scene) -> String {
    let mut text = say::with(scene, &format!("history.{}", line.audit.what), &line.audit.with);
    if line.audit.with.contains_key("promise") {
        text.push_str(&word(scene.lang, "card.promised.kept"));
    }
    if line.audit.with.contains_key("risks") {
        text.push_str(&say::with(scene, "card.risk.in_history", &line.audit.with));
    }
    text
}

fn tone(what: &str) -> Colour {
    match what {
        "approved" | "approved_self" | "confirmed" | "confirmed_estimate" | "decided" => Colour::Green,
        "returned" | "objected" | "declined" | "undeliverable" | "promise_broken" => Colour::Orange,
        "step_fired" | "risk_fired" | "risks_watched" => Colour::Red,
        "escalated" | "ruled_uphold" | "ruled_dismiss" => Colour::Purple,
        "withdrawn" | "cancelled" => Colour::Grey,
        _ => Colour::Blue,
    }
}
