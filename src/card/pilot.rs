//! What would have been said to somebody, as the pilot's group sees it.

use super::{Block, Card};
use crate::domain::directory::Directory;
use crate::domain::{Lang, PersonId};
use crate::text::{say, word};

/// The card as it was meant, with a line on top that says for whom; `None` was meant for a group.
pub fn would_have_sent(card: Card, meant: Option<&PersonId>, (directory, lang): (&Directory, Lang)) -> Card {
    let whom = match meant {
        Some(person) => directory.name_of(person),
        None => word(lang, "card.pilot.group"),
    };
    let mut card = card;
    card.blocks.insert(0, Block::Note { text: say(lang, "card.pilot.meant", &[("whom", &whom)]) });
    card.title = say(lang, "card.pilot.title", &[("whom", &whom), ("title", &card.title)]);
    card
}
