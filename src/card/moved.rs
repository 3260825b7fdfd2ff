//! What stands where a question was asked, once it was asked anew on a fresh card.
//!
//! Invariant: nothing can be pressed on it: what counts is the card below.

use super::{Block, Card, Colour, Tone};
use crate::domain::{Lang, RequestId};
use crate::text::{say, word};

/// The card that takes the place of the old one.
pub fn moved(lang: Lang, request: &RequestId) -> Card {
    Card {
        title: say(lang, "card.moved.title", &[("number", request.as_str())]),
        subtitle: None,
        colour: Colour::Grey,
        tag: None,
        blocks: vec![Block::Text { text: word(lang, "card.moved.now"), tone: Tone::default() }],
        actions: Vec::new(),
        form: None,
    }
}
