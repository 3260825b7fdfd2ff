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

/// Elements that one block may still have when a card has too many.
const FEWER_ROWS: [usize; 3] = [12, 6, 3];
/// Elements of a card, each row and field counted; the strictest platform takes 200.
pub const MOST_ELEMENTS: usize = 150;
/// Characters of a label, a button, a head.
const LINE: usize = 120;

/// Shortens and cleans everything that a card shows. What was typed into a form is shortened last of all.
pub fn clean(mut card: Card) -> Card {
    card.title = line(&card.title, LINE);
    card.subtitle = card.subtitle.map(|s| line(&s, 160));
    card.tag = card.tag.map(|s| line(&s, LINE));
    for action in &mut card.actions {
        action.label = line(&action.label, LINE);
        action.ask_first = action.ask_first.take().map(|s| text(&s, LONGEST));
    }
    for field in card.form.iter_mut().flat_map(|form| &mut form.fields) {
        field.value = text(&field.value, usize::MAX - 1);
        field.error = field.error.take().map(|s| text(&s, LONGEST));
        field.options.iter_mut().for_each(|option| option.label = line(&option.label, LINE));
    }
    card.blocks = middle_out(card.blocks, MOST_BLOCKS);
    card.blocks = card.blocks.into_iter().map(|b| block(b, (LONGEST, MOST_ROWS))).collect();
    for rows in FEWER_ROWS {
        if elements(&card) > MOST_ELEMENTS {
            card.blocks = card.blocks.into_iter().map(|b| block(b, (LONGEST, rows))).collect();
        }
    }
    let fixed = card.actions.len() + card.form.as_ref().map_or(0, |form| form.fields.len());
    while elements(&card) > MOST_ELEMENTS.max(fixed) && card.blocks.len() > 2 {
        let fewer = card.blocks.len() - 1;
        card.blocks = middle_out(card.blocks, fewer);
    }
    small_enough(card)
}

/// Shortens texts, then leaves blocks out, then cuts what was typed, until the card is small enough.
fn small_enough(mut card: Card) -> Card {
    let mut most = LONGEST;
    while size(&card) > MOST_BYTES && most > 20 {
        most /= 2;
        card.blocks = card.blocks.into_iter().map(|b| block(b, (most, MOST_ROWS))).collect();
    }
    while size(&card) > MOST_BYTES && card.blocks.len() > 2 {
        let fewer = card.blocks.len() - 1;
        card.blocks = middle_out(card.blocks, fewer);
    }
    let mut most = 8_000;
    while size(&card) > MOST_BYTES && most > 20 {
        most /= 2;
        let fields = card.form.iter_mut().flat_map(|form| &mut form.fields);
        fields.for_each(|field| field.value = text(&field.value, most));
    }
    card
}

/// The first blocks and the last two: what it is about, when it is due, and why it came.
fn middle_out(mut blocks: Vec<Block>, most: usize) -> Vec<Block> {
    if blocks.len() > most {
        let last = blocks.split_off(blocks.len().saturating_sub(2.min(most)));
        blocks.truncate(most - last.len());
        blocks.extend(last);
    }
    blocks
}

fn size(card: &Card) -> usize {
    serde_json::to_vec(card).map_or(0, |bytes| bytes.len())
}

/// How many things a messenger has to draw.
pub fn elements(card: &Card) -> usize {
    let weight = |b: &Block| match b {
        Block::Fields { items } => items.len(),
        Block::Table { rows, .. } => rows.len() + 1,
        Block::Diff { items } => items.len(),
        Block::Timeline { items } => items.len(),
        Block::Mentions { people } => people.len(),
        Block::Text { .. } | Block::Note { .. } | Block::Link { .. } | Block::Divider => 1,
        Block::Picture { .. } => 1,
    };
    let form = card.form.as_ref().map_or(0, |form| form.fields.len());
    card.blocks.iter().map(weight).sum::<usize>() + card.actions.len() + form
}

/// The same on one line.
fn line(raw: &str, most: usize) -> String {
    text(&raw.replace('\n', " "), most)
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
    // Soft hyphen, direction marks, zero widths and joiners, line separators, invisible operators, tag letters.
    let hidden = matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}');
    c == '\n' || !(c.is_control() || hidden)
}

fn block(block: Block, (most, rows_most): (usize, usize)) -> Block {
    let short = |s: &String| text(s, most);
    match block {
        Block::Text { text, tone } => Block::Text { text: short(&text), tone },
        Block::Note { text } => Block::Note { text: short(&text) },
        Block::Link { text, url } => Block::Link { text: short(&text), url },
        Block::Divider => Block::Divider,
        Block::Picture { alt, of } => Block::Picture { alt: short(&alt), of },
        Block::Fields { mut items } => {
            items.truncate(rows_most);
            for field in &mut items {
                (field.label, field.value) = (line(&field.label, LINE), short(&field.value));
            }
            Block::Fields { items }
        }
        Block::Table { columns, mut rows } => {
            rows.truncate(rows_most);
            rows.iter_mut().flatten().for_each(|cell| *cell = text(cell, most.min(120)));
            Block::Table { columns, rows }
        }
        Block::Diff { mut items } => {
            items.truncate(rows_most);
            for item in &mut items {
                (item.before, item.after) = (short(&item.before), short(&item.after));
            }
            Block::Diff { items }
        }
        Block::Timeline { items } => {
            let skip = items.len().saturating_sub(rows_most);
            let mut items: Vec<_> = items.into_iter().skip(skip).collect();
            for event in &mut items {
                (event.who, event.text) = (line(&event.who, LINE), short(&event.text));
            }
            Block::Timeline { items }
        }
        Block::Mentions { mut people } => {
            people.truncate(rows_most);
            people.iter_mut().for_each(|one| one.name = line(&one.name, LINE));
            Block::Mentions { people }
        }
    }
}
