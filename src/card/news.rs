//! What happened to a request, for those whom it concerns; and what administrators must know.

use super::answer::{paragraph, plain};
use super::scene::Scene;
use super::{Card, Colour, Tone, asked, button, say, task_button};
use crate::domain::change::{Params, Value};
use crate::domain::request::Request;
use crate::text::{self, word};

/// Every kind of news with its colour. The texts are `news.<key>`.
pub const NEWS: &[(&str, Colour)] = &[
    ("approved", Colour::Green),
    ("approved_by", Colour::Blue),
    ("dispatched", Colour::Blue),
    ("started", Colour::Blue),
    ("returned", Colour::Orange),
    ("confirmed", Colour::Green),
    ("all_confirmed", Colour::Green),
    ("objected", Colour::Orange),
    ("declined", Colour::Orange),
    ("dismissed", Colour::Grey),
    ("upheld", Colour::Orange),
    ("escalated", Colour::Purple),
    ("revised", Colour::Blue),
    ("unchanged", Colour::Blue),
    ("dropped", Colour::Grey),
    ("withdrawn", Colour::Grey),
    ("cancelled", Colour::Grey),
    ("commented", Colour::Grey),
    ("task_planned", Colour::Blue),
    ("task_dropped", Colour::Grey),
    ("task_started", Colour::Blue),
    ("task_done", Colour::Green),
    ("milestone_done", Colour::Green),
    ("delivered", Colour::Green),
    ("move_asked", Colour::Orange),
    ("move_agreed", Colour::Green),
    ("move_declined", Colour::Orange),
    ("predecessor_moved", Colour::Orange),
    ("risk_reported", Colour::Orange),
    ("progress_missed", Colour::Orange),
    ("signed_off", Colour::Green),
    ("accepted", Colour::Green),
    ("sent_back", Colour::Orange),
    ("copied", Colour::Grey),
    ("handed_over", Colour::Blue),
    ("due_by_holidays", Colour::Blue),
    ("due_by_policy", Colour::Blue),
    ("snoozed", Colour::Blue),
    ("snoozed_beyond", Colour::Orange),
    ("attached", Colour::Grey),
    ("decision_asked", Colour::Purple),
    ("decision_taken_back", Colour::Grey),
    ("decided", Colour::Green),
    ("risk_planned", Colour::Blue),
    ("risk_retired", Colour::Grey),
    ("improvement_taken_back", Colour::Grey),
    ("risk_fired", Colour::Red),
];

/// Alarms for administrators: texts `alarm.<key>.title` and `.text`.
#[cfg(test)]
pub const ALARMS: &[&str] =
    &["dead_letter", "stuck_timers", "rearmed", "group_gone", "alive", "alive_concerned"];

/// What is said to a person about himself: texts `note.<key>.title` and `.text`.
#[cfg(test)]
pub const NOTES: &[&str] = &["delegated_to_you", "delegated_for_you", "delegation_ended"];

/// Something that concerns a person, but no request.
pub fn note(note: &str, with: &Params, scene: &Scene) -> Card {
    let mut card = plain(say::with(scene, &format!("note.{note}.title"), with), Colour::Blue);
    card.blocks.push(paragraph(say::with(scene, &format!("note.{note}.text"), with), Tone::Normal));
    card
}

/// A piece of news.
pub fn card(news: &str, with: &Params, request: &Request, scene: &Scene) -> Card {
    let news = key(news, with);
    let colour = NEWS.iter().find(|(key, _)| *key == news).map_or(Colour::Grey, |(_, colour)| *colour);
    let mut card = plain(say::with(scene, &format!("news.{news}"), with), colour);
    card.subtitle = Some(format!("{} · {}", request.id, request.content.title));
    card.tag = Some(word(scene.lang, &format!("state.{}", request.state.name())));
    for field in ["reason", "text", "risk"] {
        if let Some(Value::Text(words)) = with.get(field).filter(|v| **v != Value::Text(String::new())) {
            card.blocks.push(paragraph(words.clone(), Tone::Quote));
        }
    }
    if let Some(Value::Text(words)) = with.get("suggestion").filter(|v| **v != Value::Text(String::new())) {
        let text = text::say(scene.lang, "card.round.suggestion", &[("text", words)]);
        card.blocks.push(paragraph(text, Tone::Normal));
    }
    if matches!(
        news,
        "approved" | "started" | "confirmed" | "all_confirmed" | "revised" | "unchanged" | "dispatched"
    ) {
        card.blocks.push(asked::asks_table(request, scene));
    }
    if news == "returned" {
        card.actions = button::deciding(scene, request);
    }
    card.actions.extend(task_button::beside_news(news, with, request, scene));
    card.actions.push(button::show(scene, request));
    card.blocks.push(asked::note(why(request, scene), scene));
    card
}

/// A new version that leaves the reader's department as it was is another piece of news than a new version as such.
fn key<'a>(news: &'a str, with: &Params) -> &'a str {
    if news == "revised" && with.contains_key("department") { "unchanged" } else { news }
}

/// Something for administrators.
pub fn alarm(alarm: &str, with: &Params, scene: &Scene) -> Card {
    let colour = match alarm {
        "alive" => Colour::Green,
        "alive_concerned" => Colour::Orange,
        _ => Colour::Red,
    };
    let mut card = plain(say::with(scene, &format!("alarm.{alarm}.title"), with), colour);
    card.blocks = vec![
        paragraph(say::with(scene, &format!("alarm.{alarm}.text"), with), Tone::Normal),
        asked::note(word(scene.lang, "card.why_you.administrator"), scene),
    ];
    card
}

/// Why this came to this reader.
fn why(request: &Request, scene: &Scene) -> String {
    let key = match scene.reader {
        None => "card.why_you.project_group",
        Some(reader) if reader == &request.initiator => "card.why_you.initiator",
        Some(_) => "card.why_you.involved",
    };
    word(scene.lang, key)
}
