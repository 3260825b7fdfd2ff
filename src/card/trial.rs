//! The card of `liaison send-test`: it asks for nothing and says that it is only a test.

use super::{Block, Card, Colour, Field, Tone};
use crate::domain::Lang;
use crate::text::word;

/// The test card. `from` is the service's address, `at` the moment in words.
pub fn card(lang: Lang, from: &str, at: &str) -> Card {
    let field = |key, value: &str| Field { label: word(lang, key), value: value.to_owned(), short: true };
    Card {
        title: word(lang, "card.trial.title"),
        subtitle: None,
        colour: Colour::Grey,
        tag: None,
        blocks: vec![
            Block::Text { text: word(lang, "card.trial.what"), tone: Tone::Normal },
            Block::Fields { items: vec![field("card.trial.from", from), field("card.trial.at", at)] },
            Block::Note { text: word(lang, "card.trial.why") },
        ],
        actions: Vec::new(),
        form: None,
    }
}
