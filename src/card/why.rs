//! How a deadline came about: the sum replayed in words, and what fires next.
//!
//! Invariant: nothing is computed here; the numbers are those by which the service itself goes.

use super::answer::{about, paragraph, plain, show};
use super::scene::{Closed, Scene, Sum, ViewData};
use super::{Block, Card, Colour, Event, Field, Tone, say};
use crate::domain::policy::{Audience, Rung, Step};
use crate::domain::{RequestId, Timestamp};
use crate::text::{say as text_of, word};

/// The deadlines of a request.
pub(super) fn card(request: &RequestId, scene: &Scene) -> Card {
    let sums = match scene.view {
        ViewData::Why(sums) => sums.as_slice(),
        _ => &[],
    };
    let mut card = plain(word(scene.lang, "view.why.title"), Colour::Grey);
    card.subtitle = Some(about(request, scene));
    card.actions = vec![show(request, scene.lang)];
    if sums.is_empty() {
        card.blocks = vec![paragraph(word(scene.lang, "view.why.nothing"), Tone::Normal)];
    }
    for (n, sum) in sums.iter().enumerate() {
        if n > 0 {
            card.blocks.push(Block::Divider);
        }
        card.blocks.extend(replayed(sum, scene));
    }
    card
}

fn replayed(sum: &Sum, scene: &Scene) -> Vec<Block> {
    let mut blocks =
        vec![paragraph(heading(sum, scene), Tone::Strong), Block::Fields { items: items(sum, scene) }];
    if sum.obligation.provisional {
        blocks.push(Block::Note { text: word(scene.lang, "view.why.provisional") });
    }
    let steps: Vec<Event> = sum.steps.iter().map(|step| to_come(step, sum, scene)).collect();
    match steps.is_empty() {
        true => blocks.push(paragraph(word(scene.lang, "view.why.no_steps"), Tone::Quiet)),
        false => {
            blocks.push(paragraph(word(scene.lang, "view.why.steps"), Tone::Strong));
            blocks.push(Block::Timeline { items: steps });
        }
    }
    blocks
}

fn heading(sum: &Sum, scene: &Scene) -> String {
    let args = [
        ("what", word(scene.lang, &format!("kind.{}", sum.obligation.kind.name()))),
        ("department", say::department(scene, &sum.obligation.department)),
        ("person", say::holder(scene, &sum.obligation.debtor)),
    ];
    let args = args.each_ref().map(|(name, text)| (*name, text.as_str()));
    text_of(scene.lang, "view.why.heading", &args)
}

/// From when, how long, what did not count, until when.
fn items(sum: &Sum, scene: &Scene) -> Vec<Field> {
    let owed = &sum.obligation;
    let field = |key: &str, value: String| Field { label: word(scene.lang, key), value, short: false };
    let delivered = match owed.delivered_at {
        Some(at) => say::moment(scene, at),
        None => word(scene.lang, "view.why.not_delivered"),
    };
    let mut items = vec![
        field("view.why.opened", say::moment(scene, owed.opened_at)),
        field("view.why.delivered", delivered),
    ];
    if sum.counted_from != owed.opened_at {
        let from = say::moment(scene, sum.counted_from);
        items.push(field("view.why.from", text_of(scene.lang, "view.why.moved", &[("from", &from)])));
    }
    items.push(field("view.why.allowed", say::span(scene.lang, owed.allowed)));
    if !sum.skipped.is_empty() {
        let days: Vec<String> = sum.skipped.iter().map(|(day, why)| skipped(*day, why, scene)).collect();
        items.push(field("view.why.skipped", days.join("\n")));
    }
    let promise = owed.promise.as_ref().map(|p| super::promise::promised(p, scene));
    items.extend(promise.map(|promise| field("view.why.promise", promise)));
    let key = if owed.due_at < scene.now { "view.why.was_due" } else { "view.why.due" };
    items.push(field(key, say::moment(scene, owed.due_at)));
    items
}

fn skipped(day: crate::domain::Date, why: &Closed, scene: &Scene) -> String {
    let why = match why {
        Closed::Weekend => word(scene.lang, "view.why.weekend"),
        Closed::Holiday(name) => name.clone(),
        Closed::Company(reason) => text_of(scene.lang, "view.why.company", &[("reason", reason)]),
    };
    text_of(scene.lang, "view.why.skipped_day", &[("day", &say::day(scene, day)), ("why", &why)])
}

fn to_come((step, rule, fires): &(Step, Timestamp, Timestamp), sum: &Sum, scene: &Scene) -> Event {
    let hearers: Vec<String> = step.to.iter().map(|to| hearer(*to, sum, scene)).collect();
    let rung = match step.rung {
        Rung::Remind => ("view.why.remind", Colour::Blue),
        Rung::Overdue => ("view.why.overdue", Colour::Orange),
        Rung::Alert => ("view.why.alert", Colour::Red),
    };
    let mut text = word(scene.lang, rung.0);
    if rule != fires {
        let at = say::moment(scene, *rule);
        text.push_str(&text_of(scene.lang, "view.why.after_quiet", &[("at", &at)]));
    }
    Event { at: say::moment(scene, *fires), who: say::list(scene.lang, &hearers), text, colour: rung.1 }
}

/// By name where the office has a holder today.
fn hearer(to: Audience, sum: &Sum, scene: &Scene) -> String {
    let office = word(scene.lang, &format!("view.why.hears.{}", to.name()));
    match scene.request.and_then(|file| scene.case(file).hearer(&sum.obligation, to)) {
        None => office,
        Some(holder) => {
            let name = say::person(scene, &holder.person);
            text_of(scene.lang, "view.why.hears.named", &[("person", &name), ("office", &office)])
        }
    }
}
