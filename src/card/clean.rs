//! People's words on their way into a card: shown as text, never as anything else, and never without end.
//!
//! Invariant: a card that left here has no control, bidi or zero-width characters and stays under [`MOST_BYTES`].

use super::{Block, Card};

/// Characters of one text on a card.
const LONGEST: usize = 600;
/// Blocks on a card.
const MOST_BLOCKS: usize = 60;
/// Rows of a table, items of a list.
const MOST_ROWS: usize = 25;
/// Bytes of a card as JSON; the strictest platform takes 28 KB.
pub const MOST_BYTES: usize = 25_000;

/// Shortens and cleans everything that a card shows. Forms keep what was typed.
pub fn clean(mut card: Card) -> Card {
    card.title = text(&card.title, 120);
    card.subtitle = card.subtitle.map(|s| text(&s, 160));
    card.blocks.truncate(MOST_BLOCKS);
    card.blocks = card.blocks.into_iter().map(|b| block(b, LONGEST)).collect();
    let mut most = LONGEST;
    while size(&card) > MOST_BYTES && most > 20 {
        most /= 2;
        card.blocks = card.blocks.into_iter().map(|b| block(b, most)).collect();
    }
    while size(&card) > MOST_BYTES && card.blocks.len() > 1 {
        card.blocks.pop();
    }
    card
}

fn size(card: &Card) -> usize {
    let body = Card { form: None, actions: Vec::new(), ..card.clone() };
    serde_json::to_vec(&body).map_or(0, |bytes| bytes.len())
}

/// A text without what is not seen, at most so long.
pub fn text(raw: &str, most: usize) -> String {
    let seen: String = raw.chars().filter(|c| is_seen(*c)).take(most + 1).collect();
    if seen.chars().count() <= most {
        return seen;
    }
    let mut short: String = seen.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

fn is_seen(c: char) -> bool {
    let hidden = matches!(c,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{061C}');
    c == '\n' || !(c.is_control() || hidden)
}

fn block(block: Block, most: usize) -> Block {
    let short = |s: &String| text(s, most);
    match block {
        Block::Text { text, tone } => Block::Text { text: short(&text), tone },
        Block::Note { text } => Block::Note { text: short(&text) },
        Block::Link { text, url } => Block::Link { text: short(&text), url },
        Block::Divider => Block::Divider,
        Block::Fields { mut items } => {
            items.truncate(MOST_ROWS);
            items.iter_mut().for_each(|f| f.value = short(&f.value));
            Block::Fields { items }
        }
        Block::Table { columns, mut rows } => {
            rows.truncate(MOST_ROWS);
            rows.iter_mut().flatten().for_each(|cell| *cell = text(cell, most.min(120)));
            Block::Table { columns, rows }
        }
        Block::Diff { mut items } => {
            items.truncate(MOST_ROWS);
            for item in &mut items {
                (item.before, item.after) = (short(&item.before), short(&item.after));
            }
            Block::Diff { items }
        }
        Block::Timeline { items } => {
            let skip = items.len().saturating_sub(MOST_ROWS);
            let mut items: Vec<_> = items.into_iter().skip(skip).collect();
            items.iter_mut().for_each(|e| e.text = short(&e.text));
            Block::Timeline { items }
        }
        Block::Mentions { mut people } => {
            people.truncate(MOST_ROWS);
            Block::Mentions { people }
        }
    }
}
