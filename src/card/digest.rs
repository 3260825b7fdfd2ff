//! What waited, in one message: by request, overdue first, then what is asked, then what is only told.
//!
//! Invariant: every line is counted, shown or not; each request that is shown can be looked at by button.

use std::cmp::Reverse;

use super::answer::plain;
use super::scene::{Part, Scene, ViewData};
use super::{Block, Card, Colour, Field, Style, asked, say};
use crate::intent::Want;
use crate::text::{say as text_of, word};

/// Lines that are shown.
const MOST_LINES: usize = 15;
/// Requests that are shown, each with its button.
const MOST_REQUESTS: usize = 8;
/// Characters of somebody's words in a line.
const MOST_WORDS: usize = 40;

/// How much a line presses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Told,
    Asked,
    Late,
}

/// The digest; `None` when nothing is left to say.
pub(super) fn card(scene: &Scene) -> Option<Card> {
    let parts = match scene.view {
        ViewData::Digest(parts) => parts.as_slice(),
        _ => &[],
    };
    let groups = grouped(parts, scene);
    let heaviest = groups.first().map(|group| heaviest(group, scene))?;
    let colour = match heaviest {
        Weight::Late => Colour::Red,
        Weight::Asked => Colour::Orange,
        Weight::Told => Colour::Grey,
    };
    let (count, requests) = (parts.len().to_string(), groups.len().to_string());
    let mut card =
        plain(text_of(scene.lang, "digest.title", &[("n", &count), ("requests", &requests)]), colour);
    let mut left = MOST_LINES;
    let mut shown = 0;
    for (n, group) in (1..).zip(groups.iter().take(MOST_REQUESTS)) {
        let lines: Vec<String> = group.iter().take(left).map(|part| line(part, scene)).collect();
        let Some(first) = group.first().filter(|_| !lines.is_empty()) else { break };
        (left, shown) = (left - lines.len(), shown + lines.len());
        let args = [("n", &*n.to_string()), ("number", first.request.as_str()), ("title", &first.title)];
        let label = text_of(scene.lang, "digest.request", &args);
        card.blocks
            .push(Block::Fields { items: vec![Field { label, value: lines.join("\n"), short: false }] });
        let label = text_of(scene.lang, "digest.look", &[("n", &n.to_string())]);
        let want = Want::Show { request: Some(first.request.to_string()) };
        card.actions.push(say::labelled(&format!("show_{n}"), label, Style::Default, want));
    }
    if parts.len() > shown {
        let more = (parts.len() - shown).to_string();
        card.blocks.push(Block::Note { text: text_of(scene.lang, "digest.more", &[("n", &more)]) });
    }
    card.blocks.push(asked::note(word(scene.lang, "digest.why"), scene));
    card.actions.push(say::button(scene.lang, "my", Style::Default, Want::My));
    Some(card)
}

/// The lines of each request together, what presses most first, otherwise in the order in which they came.
fn grouped<'a>(parts: &'a [Part], scene: &Scene) -> Vec<Vec<&'a Part>> {
    let mut groups: Vec<Vec<&Part>> = Vec::new();
    for part in parts {
        match groups.iter_mut().find(|group| group.iter().any(|other| other.request == part.request)) {
            Some(group) => group.push(part),
            None => groups.push(vec![part]),
        }
    }
    for group in &mut groups {
        group.sort_by_key(|part| Reverse(weight(part, scene)));
    }
    groups.sort_by_key(|group| Reverse(heaviest(group, scene)));
    groups
}

fn heaviest(group: &[&Part], scene: &Scene) -> Weight {
    group.iter().map(|part| weight(part, scene)).max().unwrap_or(Weight::Told)
}

fn weight(part: &Part, scene: &Scene) -> Weight {
    match part.due {
        Some(due) if due < scene.now => Weight::Late,
        Some(_) => Weight::Asked,
        None => Weight::Told,
    }
}

fn line(part: &Part, scene: &Scene) -> String {
    let mut line = text_of(scene.lang, "digest.line", &[("what", &part.line)]);
    if let Some(words) = &part.words {
        let cut: String = words.chars().take(MOST_WORDS).collect();
        let cut = if words.chars().count() > MOST_WORDS { format!("{cut}…") } else { cut };
        line.push_str(&text_of(scene.lang, "digest.words", &[("words", &cut.replace('\n', " "))]));
    }
    if let Some(due) = part.due {
        let key = if due < scene.now { "digest.was_due" } else { "digest.due" };
        line.push_str(&text_of(scene.lang, key, &[("moment", &say::moment(scene, due))]));
    }
    line
}
