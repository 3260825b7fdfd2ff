//! How the service is, for administrators.
//!
//! Invariant: the colour says whether somebody has to do something.

use super::answer::{paragraph, plain};
use super::paused;
use super::scene::{Scene, Status, ViewData};
use super::{Block, Card, Colour, Field, Tone, say};
use crate::text::{say as text_of, word};

/// Version, requests, obligations, messages, holidays.
pub(super) fn card(scene: &Scene) -> Card {
    let unknown = Status::default();
    let status = match scene.view {
        ViewData::Status(status) => status,
        _ => &unknown,
    };
    let concerns = concerns(status, scene);
    let (key, colour) = match concerns.is_empty() {
        true => ("view.status.well", Colour::Green),
        false => ("view.status.concerned", Colour::Orange),
    };
    let mut card = plain(word(scene.lang, key), colour);
    card.blocks = concerns.into_iter().map(|text| paragraph(text, Tone::Strong)).collect();
    card.blocks.push(Block::Fields { items: items(status, scene) });
    card
}

/// What an administrator has to look at.
fn concerns(status: &Status, scene: &Scene) -> Vec<String> {
    let lang = scene.lang;
    let paused = status.pauses.iter().map(|pause| paused::sentence(scene, pause));
    let dead =
        (status.dead > 0).then(|| text_of(lang, "view.status.dead", &[("n", &status.dead.to_string())]));
    let holidays = status.known_until.filter(|until| near(*until, scene)).map(|until| {
        let day = say::day(scene, until);
        text_of(lang, "view.status.holidays_end", &[("day", &day)])
    });
    paused.chain(dead).chain(holidays).collect()
}

/// Within two months, so that the next year's holidays can be loaded in time.
fn near(until: crate::domain::Date, scene: &Scene) -> bool {
    scene.today.checked_add(jiff::Span::new().days(60)).is_ok_and(|soon| until < soon)
}

fn items(status: &Status, scene: &Scene) -> Vec<Field> {
    let lang = scene.lang;
    let requests = status.requests.iter().map(|(state, n)| {
        let state = word(lang, &format!("state.{state}"));
        text_of(lang, "view.status.of_state", &[("state", &state), ("n", &n.to_string())])
    });
    let requests = say::list(lang, &requests.collect::<Vec<_>>());
    let (open, overdue) = (status.open.to_string(), status.overdue.to_string());
    let owed = text_of(lang, "view.status.owed", &[("open", &open), ("overdue", &overdue)]);
    let until = status.known_until.map(|day| say::day(scene, day));
    let rows = [
        ("version", status.version.clone(), true),
        ("database", status.database.clone(), true),
        ("requests", requests, false),
        ("obligations", owed, false),
        ("waiting", status.waiting.to_string(), true),
        ("known_until", until.unwrap_or_default(), true),
    ];
    let said = rows.into_iter().filter(|(_, value, _)| !value.is_empty());
    said.map(|(key, value, short)| Field { label: word(lang, &format!("view.status.{key}")), value, short })
        .collect()
}
