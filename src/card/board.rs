//! The way to the pages: a link for one reader, for some minutes.
//!
//! Invariant: the link stands in a private chat only; `app/answering.rs` sees to that.

use super::answer::{about, paragraph, plain};
use super::scene::{Scene, ViewData};
use super::{Block, Card, Colour, Tone};
use crate::domain::RequestId;
use crate::text::word;

/// `/board [no]`
pub(super) fn card(request: Option<&RequestId>, scene: &Scene) -> Card {
    let (title, text) = match request {
        Some(_) => ("view.board.request", "view.board.open_request"),
        None => ("view.board.title", "view.board.open"),
    };
    let mut card = plain(word(scene.lang, title), Colour::Blue);
    card.subtitle = request.map(|id| about(id, scene));
    card.blocks = vec![paragraph(word(scene.lang, "view.board.what"), Tone::Normal)];
    if let ViewData::Board(url) = scene.view {
        card.blocks.push(Block::Link { text: word(scene.lang, text), url: url.clone() });
    }
    card.blocks.push(Block::Note { text: word(scene.lang, "view.board.yours") });
    card
}
