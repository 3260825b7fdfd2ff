//! The way to the pages: a picture of what is there, and a link for one reader, for some minutes.
//!
//! Invariant: the link stands in a private chat only; `app/answering.rs` sees to that. In a group there is the picture of
//! one request alone, for everybody who is there.

use super::answer::{about, paragraph, plain};
use super::picture::Pictured;
use super::scene::{Scene, ViewData};
use super::{Block, Card, Colour, Tone, plan, request, tasks};
use crate::domain::RequestId;
use crate::domain::request::Request;
use crate::text::word;

/// `/board [no]`
pub(super) fn card(request: Option<&RequestId>, scene: &Scene) -> Card {
    let (title, text, alt) = match request {
        Some(_) => ("view.board.request", "view.board.open_request", "picture.request_alt"),
        None => ("view.board.title", "view.board.open", "picture.board_alt"),
    };
    let mut card = plain(word(scene.lang, title), Colour::Blue);
    card.subtitle = request.map(|id| about(id, scene));
    match scene.request.filter(|_| request.is_some()) {
        Some(file) => {
            card.colour = request::colour(file.state);
            card.tag = Some(word(scene.lang, &format!("state.{}", file.state.name())));
            card.blocks = how_it_stands(file, scene);
        }
        None => card.blocks = vec![paragraph(word(scene.lang, "view.board.what"), Tone::Normal)],
    }
    let of = request.map_or(Pictured::Board, |id| Pictured::Request(id.clone()));
    card.blocks.push(Block::Picture { alt: word(scene.lang, alt), of });
    let note = match scene.view {
        ViewData::Board(url) => {
            card.blocks.push(Block::Link { text: word(scene.lang, text), url: url.clone() });
            "view.board.yours"
        }
        _ => "picture.group",
    };
    card.blocks.push(Block::Note { text: word(scene.lang, note) });
    card
}

/// The request in a few words, for whoever gets no picture.
fn how_it_stands(file: &Request, scene: &Scene) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let Some(plan) = plan::plan(file, scene) {
        blocks.push(paragraph(plan.progress, Tone::Normal));
        blocks.extend(tasks::outlook_words(file, scene).map(|words| paragraph(words, Tone::Normal)));
    }
    let blockers = plan::blockers(file, scene);
    let said = if blockers.is_empty() { word(scene.lang, "board.blocker.none") } else { blockers.join("\n") };
    blocks.push(paragraph(said, Tone::Normal));
    blocks
}
