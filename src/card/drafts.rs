//! Forms that were begun: their list, and what an empty form offers instead of beginning from nothing.
//!
//! Invariant: what stands under an empty form is gone once something was typed; then it would throw that away.

use super::answer::{nothing, plain};
use super::scene::{Begun, Scene, ViewData};
use super::{Action, Block, Card, Colour, Field, Style, refusal, say};
use crate::domain::change::FormReply;
use crate::intent::Want;
use crate::text::{say as text_of, word};

/// Rows that get buttons.
const MOST_ROWS: usize = 10;

/// The card of `/drafts`.
pub(super) fn card(scene: &Scene) -> Card {
    let all = match scene.view {
        ViewData::Drafts(all) => all.as_slice(),
        _ => &[],
    };
    if all.is_empty() {
        return nothing(
            (word(scene.lang, "view.drafts.nothing"), Colour::Grey),
            word(scene.lang, "view.drafts.nothing_why"),
            vec![refusal::new(scene.lang)],
        );
    }
    let title = text_of(scene.lang, "view.drafts.title", &[("n", &all.len().to_string())]);
    let mut card = plain(title, Colour::Blue);
    card.blocks =
        vec![Block::Fields { items: (1..).zip(all).map(|(n, row)| field(n, row, scene)).collect() }];
    card.actions =
        (1..).zip(all.iter().take(MOST_ROWS)).flat_map(|(n, row)| buttons(n, row, scene)).collect();
    if all.len() > MOST_ROWS {
        let more = (all.len() - MOST_ROWS).to_string();
        card.blocks.push(Block::Note { text: text_of(scene.lang, "view.drafts.more", &[("n", &more)]) });
    }
    card
}

fn field(n: usize, row: &Begun, scene: &Scene) -> Field {
    let title = named(&row.title, scene);
    let label = text_of(scene.lang, "view.numbered", &[("n", &n.to_string()), ("title", &title)]);
    let at = say::moment(scene, row.saved_at);
    let value = match &row.request {
        Some(id) => text_of(scene.lang, "view.drafts.of", &[("number", id.as_str()), ("at", &at)]),
        None => text_of(scene.lang, "view.drafts.new", &[("at", &at)]),
    };
    Field { label, value, short: false }
}

fn buttons(n: usize, row: &Begun, scene: &Scene) -> [Action; 2] {
    let label = |key: &str| {
        let name = word(scene.lang, key);
        text_of(scene.lang, "view.numbered", &[("n", &n.to_string()), ("title", &name)])
    };
    let on = Want::ContinueDraft { draft: row.key.clone() };
    let away = Want::DropDraft { draft: row.key.clone() };
    let mut drop = say::labelled(&format!("drop_{n}"), label("button.drop_draft"), Style::Quiet, away);
    let title = named(&row.title, scene);
    drop.ask_first = Some(text_of(scene.lang, "view.drafts.ask_drop", &[("title", &title)]));
    [say::labelled(&format!("continue_{n}"), label("button.continue_draft"), Style::Default, on), drop]
}

/// A draft without a title has a name all the same.
pub(super) fn named(title: &str, scene: &Scene) -> String {
    match title.trim() {
        "" => word(scene.lang, "view.drafts.untitled"),
        title => title.chars().take(60).collect(),
    }
}

/// Under a new form: templates while it is empty, a way to begin another one afterwards, and the drafts.
pub(super) fn offers(reply: &FormReply, scene: &Scene) -> Vec<Action> {
    let ViewData::Offers { templates, drafts } = scene.view else { return Vec::new() };
    if reply.request.is_some() {
        return Vec::new();
    }
    let mut actions = Vec::new();
    if is_empty(reply) {
        actions.extend(templates.iter().map(|(id, name)| {
            let want = Want::Template { name: Some(id.clone()) };
            say::labelled(&format!("template_{id}"), name.clone(), Style::Quiet, want)
        }));
    } else {
        let other = say::button(scene.lang, "another", Style::Quiet, Want::Template { name: None });
        actions.push(Action { submit: true, ..other });
    }
    if *drafts > 0 {
        let label = text_of(scene.lang, "view.drafts.button", &[("n", &drafts.to_string())]);
        actions.push(say::labelled("drafts", label, Style::Quiet, Want::Drafts));
    }
    actions
}

/// Nothing besides what every form begins with.
fn is_empty(reply: &FormReply) -> bool {
    let begun = reply.values.iter().filter(|(field, _)| !matches!(field.as_str(), "priority" | "visibility"));
    reply.faults.is_empty() && begun.into_iter().all(|(_, value)| value.trim().is_empty())
}
