//! Several at once: the card to choose on, and the card that says what came of each.
//!
//! Invariant: number and title of everything that can be chosen stand on the card before anything is pressed.

use super::answer::{nothing, paragraph, plain};
use super::scene::{Choosable, Scene, ViewData};
use super::{
    Action, Block, Card, Choice, Colour, Field, FieldKind, Form, FormField, Style, Tone, refusal, say,
};
use crate::domain::change::{Bulk, Each, Reply};
use crate::intent::Want;
use crate::text::{say as text_of, word};

const ALL: [Bulk; 3] = [Bulk::Confirm, Bulk::Approve, Bulk::Urge];

/// Choices of one kind: all of them can be named on one card. A person with more does them in turns.
const MOST: usize = 20;
/// Lines of one block; a card drops what goes beyond.
const MOST_LINES: usize = 20;

/// The card to choose on.
pub(super) fn card(scene: &Scene) -> Card {
    let all = match scene.view {
        ViewData::Batch(all) => all.as_slice(),
        _ => &[],
    };
    if all.is_empty() {
        return nothing(
            (word(scene.lang, "batch.nothing"), Colour::Green),
            word(scene.lang, "batch.nothing_why"),
            vec![refusal::list(scene.lang), refusal::new(scene.lang)],
        );
    }
    let mut card = plain(word(scene.lang, "batch.title"), Colour::Blue);
    card.blocks = vec![paragraph(word(scene.lang, "batch.lead"), Tone::Quiet)];
    let mut fields = Vec::new();
    for doing in ALL {
        let mut of_kind: Vec<&Choosable> = all.iter().filter(|c| c.doing == doing).collect();
        let later = of_kind.len().saturating_sub(MOST);
        of_kind.truncate(MOST);
        if of_kind.is_empty() {
            continue;
        }
        card.blocks.extend(in_blocks(of_kind.iter().map(|c| listed(c, scene)).collect()));
        if later > 0 {
            let text = text_of(scene.lang, "batch.later", &[("n", &later.to_string())]);
            card.blocks.push(Block::Note { text });
        }
        fields.push(field(doing, &of_kind, scene));
        card.actions.push(button(doing, scene));
    }
    card.form = Some(Form { fields });
    card
}

/// So many lines as a block may have.
fn in_blocks(items: Vec<Field>) -> Vec<Block> {
    items.chunks(MOST_LINES).map(|lines| Block::Fields { items: lines.to_vec() }).collect()
}

fn row(one: &Choosable, scene: &Scene) -> String {
    let department = say::department(scene, &one.department);
    let args = [("number", one.request.as_str()), ("title", &*one.title), ("department", &*department)];
    text_of(scene.lang, "batch.row", &args)
}

fn listed(one: &Choosable, scene: &Scene) -> Field {
    let due = say::moment(scene, one.due_at);
    let value = text_of(scene.lang, "batch.due", &[("due", &due)]);
    Field { label: row(one, scene), value, short: false }
}

fn field(doing: Bulk, all: &[&Choosable], scene: &Scene) -> FormField {
    let option = |c: &&Choosable| Choice {
        value: format!("{}|{}|{}", c.request, c.department, c.revision),
        label: row(c, scene),
    };
    FormField {
        name: doing.name().to_owned(),
        label: word(scene.lang, &format!("batch.field.{}", doing.name())),
        kind: FieldKind::Choices,
        required: false,
        options: all.iter().map(option).collect(),
        value: String::new(),
        error: None,
        hint: None,
        max_length: None,
        group: None,
    }
}

fn button(doing: Bulk, scene: &Scene) -> Action {
    let label = word(scene.lang, &format!("batch.button.{}", doing.name()));
    let want = Want::Several { doing, requests: Vec::new(), department: None, reason: None };
    let ask_first = match doing {
        Bulk::Confirm => Some(word(scene.lang, "batch.ask_confirm")),
        Bulk::Approve => Some(word(scene.lang, "batch.ask_approve")),
        Bulk::Urge => None,
    };
    let button = say::labelled(&format!("{}_chosen", doing.name()), label, Style::Primary, want);
    Action { submit: true, ask_first, ..button }
}

/// What came of each.
pub(super) fn done(doing: Bulk, each: &[Each], more: usize, scene: &Scene) -> Card {
    let good = each.iter().filter(|one| matches!(one.reply, Reply::Done { .. })).count();
    let args = [("done", good.to_string()), ("not", (each.len() - good).to_string())];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, n)| (*name, n.as_str())).collect();
    let title = text_of(scene.lang, &format!("batch.done.{}", doing.name()), &args);
    let mut card = plain(title, if good == each.len() { Colour::Green } else { Colour::Orange });
    card.blocks = in_blocks(each.iter().map(|one| result(one, scene)).collect());
    if more > 0 {
        let text = text_of(scene.lang, "batch.more", &[("n", &more.to_string())]);
        card.blocks.push(paragraph(text, Tone::Strong));
    }
    card.actions = vec![refusal::my(scene.lang)];
    card
}

fn result(one: &Each, scene: &Scene) -> Field {
    let known = match scene.view {
        ViewData::Pick(rows) => rows.as_slice(),
        _ => &[],
    };
    let title = known.iter().find(|row| row.id.as_str() == one.number).map(|row| row.title.as_str());
    let label = match title {
        Some(title) => text_of(scene.lang, "batch.line", &[("number", &one.number), ("title", title)]),
        None => one.number.clone(),
    };
    let value = match &one.reply {
        Reply::Done { done, with, .. } => say::with(scene, &format!("done.{done}"), with),
        Reply::Refused { refusal, .. } => refusal::words(refusal, scene).in_one_line(scene.lang),
        Reply::Silent | Reply::Form(_) | Reply::View(_) => word(scene.lang, "batch.elsewhere"),
    };
    Field { label, value, short: false }
}
