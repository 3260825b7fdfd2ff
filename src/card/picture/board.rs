//! The columns of the board, three beside each other: how many there are in each, and the newest of them as tiles.
//!
//! Invariant: what there is no room for is counted and said.

use super::sheet::{Area, Ink, Sheet, width};
use super::{BAD, BAD_TINT, DONE, GROUND, INK, LINE, MARGIN, QUIET, SURFACE, WIDTH, tint};
use crate::card::tile::Tile;
use crate::domain::Lang;
use crate::text::{say, word};

/// What the picture of a board shows.
pub struct Board {
    /// In which language.
    pub lang: Lang,
    /// Whose view it is, and of when.
    pub subtitle: String,
    /// In the order of the process.
    pub columns: Vec<Column>,
}

/// One column.
pub struct Column {
    /// As in texts: `review`, …
    pub name: &'static str,
    /// How many there are, and whether there are more than were counted.
    pub count: (usize, bool),
    /// The newest of them.
    pub tiles: Vec<Tile>,
}

const BESIDE: usize = 3;
const GAP: i32 = 12;
const HEAD: i32 = 74;
const COLUMN_HEAD: i32 = 34;
const TILE: i32 = 92;
const FOOT: i32 = 24;
/// Tiles of a column.
const MOST: usize = 4;

const TITLE: Ink = Ink { size: 20, colour: INK, bold: true };
const STRONG: Ink = Ink { size: 14, colour: INK, bold: true };
const SMALL: Ink = Ink { size: 11, colour: QUIET, bold: false };

/// The SVG.
pub fn draw(board: &Board) -> String {
    let mut sheet = Sheet::default();
    sheet.words((MARGIN, 38), TITLE, (&word(board.lang, "board.title"), WIDTH - 2 * MARGIN));
    sheet.words((MARGIN, 60), Ink::new(12, QUIET), (&board.subtitle, WIDTH - 2 * MARGIN));
    let beside = i32::try_from(BESIDE).unwrap_or(1);
    let across = (WIDTH - 2 * MARGIN - (beside - 1) * GAP) / beside;
    let mut top = HEAD;
    for row in board.columns.chunks(BESIDE) {
        let height = row.iter().map(height).max().unwrap_or_default();
        let mut left = MARGIN;
        for each in row {
            column(&mut sheet, board.lang, Area::new((left, top), (across, height)), each);
            left += across + GAP;
        }
        top += height + GAP;
    }
    sheet.whole((WIDTH, top + MARGIN - GAP), GROUND)
}

fn shown(column: &Column) -> usize {
    column.tiles.len().min(MOST)
}

fn height(column: &Column) -> i32 {
    let tiles = i32::try_from(shown(column).max(1)).unwrap_or(1);
    COLUMN_HEAD + tiles * TILE + if column.count.0 > shown(column) { FOOT } else { 4 }
}

fn column(sheet: &mut Sheet, lang: Lang, area: Area, column: &Column) {
    sheet.bordered(area, SURFACE, &format!("stroke=\"{LINE}\""));
    let (n, more) = column.count;
    let key = if more { "board.count_more" } else { "board.count" };
    let count = say(lang, key, &[("n", &n.to_string())]);
    let (left, room) = (area.x + 12, area.width - 24);
    let taken = width(&count, SMALL.size) + 4;
    let name = word(lang, &format!("board.column.{}", column.name));
    sheet.words((left, area.y + 23), STRONG, (&name, room - taken - 8));
    sheet.words((left + room - taken, area.y + 23), SMALL, (&count, taken));
    let mut top = area.y + COLUMN_HEAD;
    if column.tiles.is_empty() {
        sheet.words((left, top + 24), SMALL, (&word(lang, "board.empty"), room));
    }
    for each in column.tiles.iter().take(MOST) {
        tile(sheet, lang, Area::new((area.x + 6, top), (area.width - 12, TILE - 8)), each);
        top += TILE;
    }
    let hidden = n.saturating_sub(shown(column));
    if hidden > 0 {
        let key = if more { "picture.many_more" } else { "picture.more" };
        let words = say(lang, key, &[("n", &hidden.to_string())]);
        sheet.words((left, top + 12), SMALL, (&words, room));
    }
}

fn tile(sheet: &mut Sheet, lang: Lang, area: Area, tile: &Tile) {
    let (fill, ink) = tint(tile.colour);
    sheet.filled(area, fill);
    let (left, mut room) = (area.x + 8, area.width - 16);
    let whole = room;
    if tile.late {
        room -= mark(sheet, (area.x + area.width - 6, area.y + 7), &word(lang, "board.tile.late"));
    }
    let title = Ink { size: 13, colour: INK, bold: true };
    sheet.words((left, area.y + 20), title, (&tile.title, room));
    sheet.words((left, area.y + 37), Ink::new(11, ink), (&tile.number, whole));
    sheet.words((left, area.y + 53), Ink::new(11, ink), (&tile.wanted, whole));
    match &tile.progress {
        Some((percent, words)) => progress(sheet, (left, area.y + 69), (*percent, words), whole),
        None => asked(sheet, (left, area.y + 69), tile, whole),
    }
}

/// A word on red, that ends at a place. How much room it takes.
pub fn mark(sheet: &mut Sheet, (right, top): (i32, i32), words: &str) -> i32 {
    let wide = width(words, 11) + 12;
    let area = Area::new((right - wide, top), (wide, 17));
    sheet.bordered(area, BAD_TINT, &format!("stroke=\"{BAD}\""));
    sheet.words((right - wide + 6, top + 12), Ink::new(11, BAD), (words, wide));
    wide + 4
}

fn progress(sheet: &mut Sheet, (x, y): (i32, i32), (percent, words): (i64, &str), room: i32) {
    sheet.words((x, y), SMALL, (words, room));
    sheet.filled(Area::new((x, y + 6), (room, 4)), SURFACE);
    let done = i32::try_from(percent.clamp(0, 100)).unwrap_or_default() * room / 100;
    sheet.filled(Area::new((x, y + 6), (done, 4)), DONE);
}

/// The departments that are asked: a full dot where one has signed.
fn asked(sheet: &mut Sheet, (x, y): (i32, i32), tile: &Tile, room: i32) {
    let (mut left, end) = (x, x + room);
    for (name, signed, _) in &tile.asked {
        if left + 14 + 2 * SMALL.size > end {
            return;
        }
        sheet.dot((left + 4, y - 4), *signed);
        left += 14 + sheet.words((left + 12, y), SMALL, (name, end - left - 12)) + 6;
    }
}
