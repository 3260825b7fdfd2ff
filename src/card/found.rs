//! Requests that were found, a page at a time.
//!
//! Invariant: every row leads to its request by button; the turning buttons carry the whole search.

use super::answer::{paragraph, plain};
use super::scene::{Found, Listed, Scene, ViewData};
use super::{Action, Block, Card, Colour, Style, Tone, refusal, say};
use crate::domain::search::Turn;
use crate::intent::Want;
use crate::text::{say as text_of, word};

/// The page, or what to do where nothing was found.
pub(super) fn list(words: &[String], scene: &Scene) -> Card {
    let nothing = Found::default();
    let found = match scene.view {
        ViewData::List(found) => found,
        _ => &nothing,
    };
    let searched = words.join(" ");
    if found.too_long || found.rows.is_empty() {
        return none(found, &searched, scene);
    }
    let key = if searched.is_empty() { "view.list.title" } else { "view.list.title_for" };
    let mut card = plain(text_of(scene.lang, key, &[("words", &searched)]), Colour::Grey);
    let (total, page) = (found.total.to_string(), found.page.to_string());
    let key = if found.uncounted { "view.list.many" } else { "view.list.total" };
    card.tag = Some(text_of(scene.lang, key, &[("n", &total)]));
    card.blocks = vec![table(&found.rows, scene)];
    if found.newer.is_some() || found.older.is_some() {
        card.blocks.push(Block::Note { text: text_of(scene.lang, "view.list.page", &[("n", &page)]) });
    }
    card.actions = found.rows.iter().map(|row| look(row, scene)).collect();
    card.actions.extend(pages(words, found, scene));
    card
}

fn none(found: &Found, searched: &str, scene: &Scene) -> Card {
    let mut card = plain(word(scene.lang, "view.list.nothing"), Colour::Grey);
    let why = match (found.too_long, searched.is_empty()) {
        (true, _) => word(scene.lang, "view.list.too_long"),
        (false, true) => word(scene.lang, "view.list.nothing_yet"),
        (false, false) => text_of(scene.lang, "view.list.nothing_for", &[("words", searched)]),
    };
    card.blocks = vec![paragraph(why, Tone::Normal)];
    if !searched.is_empty() {
        card.blocks.push(paragraph(word(scene.lang, "view.list.examples"), Tone::Quiet));
    }
    card.actions = vec![refusal::list(scene.lang), refusal::new(scene.lang)];
    card
}

fn table(rows: &[Listed], scene: &Scene) -> Block {
    let columns = ["number", "title", "state", "initiator", "waits"];
    let columns = columns.map(|column| word(scene.lang, &format!("view.column.{column}")));
    let rows = rows.iter().map(|row| {
        let scene = &Scene { masks: row.masks, ..*scene };
        let initiator = say::person(scene, &row.initiator);
        let department = say::department(scene, &row.department);
        vec![
            row.id.to_string(),
            row.title.clone(),
            word(scene.lang, &format!("state.{}", row.state.name())),
            format!("{initiator} · {department}"),
            waits(row, scene),
        ]
    });
    Block::Table { columns: columns.into(), rows: rows.collect() }
}

/// Who has owed what for longest, and how many others there are.
fn waits(row: &Listed, scene: &Scene) -> String {
    let Some(first) = row.owes.first() else { return word(scene.lang, "view.list.waits_for_nobody") };
    let person = say::person(scene, &first.person);
    let what = word(scene.lang, &format!("kind.{}", first.kind.name()));
    let since = say::moment(scene, first.since);
    let others = (row.owes.len() - 1).to_string();
    let args = [("person", &*person), ("what", &*what), ("since", &*since), ("n", &*others)];
    let key = match (first.due < scene.now, row.owes.len()) {
        (false, 1) => "view.list.waits",
        (false, _) => "view.list.waits_with_others",
        (true, 1) => "view.list.late",
        (true, _) => "view.list.late_with_others",
    };
    text_of(scene.lang, key, &args)
}

fn look(row: &Listed, scene: &Scene) -> Action {
    let label = text_of(scene.lang, "view.look", &[("number", row.id.as_str())]);
    let want = Want::Show { request: Some(row.id.to_string()) };
    say::labelled(&format!("show_{}", row.id), label, Style::Default, want)
}

fn pages(words: &[String], found: &Found, scene: &Scene) -> Vec<Action> {
    let turn = |id: &str, page: u32, turn: &Turn| {
        let want = Want::List { words: words.to_vec(), page, turn: Some(turn.clone()) };
        say::button(scene.lang, id, Style::Quiet, want)
    };
    let back = found.newer.as_ref().map(|t| turn("previous_page", found.page.saturating_sub(1).max(1), t));
    let on = found.older.as_ref().map(|t| turn("next_page", found.page.saturating_add(1), t));
    back.into_iter().chain(on).collect()
}
