//! What the actor hears: a toast above a pressed button, or a card of its own under typed words.
//!
//! Invariant: every reply except [`Reply::Silent`] says something; words that somebody typed always get a card.

use serde::{Deserialize, Serialize};

use super::scene::Scene;
use super::{
    Action, Block, Card, Colour, Style, Tone, batch, board, clean, decision, drafts, form, found, help,
    improvement, issue, issues, lists, progress, refusal, risk, route, say, status, tasks, whoami, why,
};
use crate::domain::change::{Params, Reply, View};
use crate::domain::{Lang, RequestId};
use crate::intent::Want;
use crate::text::{self, word};

/// What is shown to the one who pressed a button.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// A short line that goes away by itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub toast: Option<Toast>,
    /// A card to read or to fill in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub card: Option<Card>,
}

/// A short line that goes away by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Toast {
    /// How it looks.
    pub kind: ToastKind,
    /// What it says.
    pub text: String,
}

/// How a toast looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ToastKind {
    /// It is done.
    Success,
    /// Good to know.
    Info,
    /// It is not done.
    Error,
}

/// The answer to a pressed button. A decision shows on the pressed card itself, so it only gets a toast.
pub fn answer(reply: &Reply, scene: &Scene) -> Answer {
    match reply {
        Reply::Done { done, with, .. } => {
            let lines = done_lines(done, with, scene);
            Answer { toast: toast(ToastKind::Success, lines.join(gap(scene.lang))), card: None }
        }
        Reply::Refused { refusal, .. } => {
            let text = refusal::words(refusal, scene).in_one_line(scene.lang);
            Answer { toast: toast(ToastKind::Error, text), card: None }
        }
        Reply::Form(reply) if !reply.faults.is_empty() => {
            let text = form::how_many(scene.lang, reply.faults.len());
            Answer {
                toast: toast(ToastKind::Error, text),
                card: Some(clean::clean(form::card(reply, scene))),
            }
        }
        Reply::Form(_) | Reply::View(_) | Reply::Silent => Answer { toast: None, card: card(reply, scene) },
    }
}

/// The reply as a message of its own.
pub fn card(reply: &Reply, scene: &Scene) -> Option<Card> {
    drawn(reply, scene).map(clean::clean)
}

fn drawn(reply: &Reply, scene: &Scene) -> Option<Card> {
    match reply {
        Reply::Done { done, with, request } => Some(done_card(done, with, request.as_ref(), scene)),
        Reply::Refused { refusal, request } => Some(refusal::card(refusal, request.as_ref(), scene)),
        Reply::Form(reply) => Some(form::card(reply, scene)),
        Reply::View(view) => view_card(view, scene),
        Reply::Silent => None,
    }
}

/// `None` for one request, which has a card function of its own.
fn view_card(view: &View, scene: &Scene) -> Option<Card> {
    match view {
        View::Help { word } => Some(help::card(word.as_deref(), scene)),
        View::Unknown { typed, nearest } => Some(help::unknown(typed, nearest.as_deref(), scene)),
        View::Introduction => Some(help::introduction(scene)),
        View::My => Some(lists::my(scene)),
        View::List { words, .. } => Some(found::list(words, scene)),
        View::Pick { command, candidates } => Some(lists::pick(command, candidates, scene)),
        View::Why { request } => Some(why::card(request, scene)),
        View::Whoami => Some(whoami::card(scene)),
        View::Status => Some(status::card(scene)),
        View::Drafts => Some(drafts::card(scene)),
        View::Batch => Some(batch::card(scene)),
        View::Board { request } => Some(board::card(request.as_ref(), scene)),
        View::Several { doing, each, more } => Some(batch::done(*doing, each, *more, scene)),
        View::Show { .. } => None,
        View::Tasks { .. } => scene.request.map(|file| tasks::list(file, scene)),
        View::Progress => Some(progress::card(scene)),
        View::Decisions => Some(decision::mine(scene)),
        View::Decision { decision: number, .. } => {
            let file = scene.request?;
            file.decision(*number).map(|one| decision::view(one, file, scene))
        }
        View::Risks { .. } => scene.request.map(|file| risk::list(file, scene)),
        View::Issues { request } => Some(issues::list(request.as_ref(), scene)),
        View::Improvement { item, .. } => {
            let file = scene.request?;
            file.improvement(*item).map(|one| improvement::view(one, file, scene))
        }
        View::Issue { issue, .. } => scene.request.and_then(|file| issue::page(*issue, file, scene)),
    }
}

fn done_card(done: &str, with: &Params, request: Option<&RequestId>, scene: &Scene) -> Card {
    let mut lines = done_lines(done, with, scene).into_iter();
    let mut card = plain(headline(&lines.next().unwrap_or_default()), Colour::Green);
    card.blocks = lines.map(|line| paragraph(line, Tone::Normal)).collect();
    card.blocks.extend(route::ahead(with, scene).into_iter().map(|line| paragraph(line, Tone::Quiet)));
    card.subtitle = request.map(|id| about(id, scene));
    card.actions = request.map(|id| show(id, scene.lang)).into_iter().collect();
    card
}

/// The line of what was done, who is next, and a day that was moved.
fn done_lines(done: &str, with: &Params, scene: &Scene) -> Vec<String> {
    let mut lines = vec![say::with(scene, &format!("done.{done}"), with)];
    if with.contains_key("approver") {
        lines.push(say::with(scene, "done.approver", with));
    }
    if with.contains_key("next") {
        lines.push(say::with(scene, "done.next", with));
    }
    if with.contains_key("moved_from") && with.contains_key("moved_to") {
        lines.push(say::with(scene, "done.moved", with));
    }
    let then = format!("done.then.{done}");
    if text::has(scene.lang, &then) {
        lines.push(word(scene.lang, &then));
    }
    lines
}

fn toast(kind: ToastKind, text: String) -> Option<Toast> {
    Some(Toast { kind, text: clean::text(&text, 300) })
}

/// A sentence as a title: without its full stop.
pub(super) fn headline(sentence: &str) -> String {
    sentence.trim_end_matches(['。', '.']).to_owned()
}

/// Between two sentences.
pub(super) fn gap(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "",
        Lang::En => " ",
    }
}

/// Number and title of a request, as far as they are known here.
pub(super) fn about(id: &RequestId, scene: &Scene) -> String {
    let titled = scene.request.filter(|file| &file.id == id);
    titled.map_or_else(|| id.to_string(), |file| format!("{id} · {}", file.content.title))
}

/// The button that shows a request.
pub(super) fn show(id: &RequestId, lang: Lang) -> super::Action {
    say::button(lang, "show", Style::Default, Want::Show { request: Some(id.to_string()) })
}

/// A card with a title only.
pub(super) fn plain(title: String, colour: Colour) -> Card {
    Card { title, subtitle: None, colour, tag: None, blocks: Vec::new(), actions: Vec::new(), form: None }
}

/// What stands where there is nothing to list: what that means, and where to go on.
pub(super) fn nothing((title, colour): (String, Colour), why: String, actions: Vec<Action>) -> Card {
    Card { blocks: vec![paragraph(why, Tone::Quiet)], actions, ..plain(title, colour) }
}

/// A paragraph.
pub(super) fn paragraph(text: String, tone: Tone) -> Block {
    Block::Text { text, tone }
}
