//! How large a card may be, and what is left out first when it is larger.
//!
//! Invariant: actions and fields of a form are never left out; where only they are too many, the card stays too large
//! and the platform's refusal leads to the plain text.

use serde_json::Value;

use super::shape::Root;
use crate::card::{Block, Card};

/// Bytes of the card as JSON: the documentation says 30 KB, and the envelope is counted with it.
pub const MOST_BYTES: usize = 25_000;
/// Components and text objects: the documentation says 200, and people counted differently.
pub const MOST_ELEMENTS: usize = 150;
/// Tables: five are taken, six refused; the platform's own tools keep to three.
pub const MOST_TABLES: usize = 3;
/// Characters on a button, in a placeholder, and of our own accord on a label.
const LABEL: usize = 100;
/// Characters that an input takes.
pub const INPUT: usize = 1_000;

/// Characters of a paragraph below which rows go before words.
const SHORTEST: usize = 60;
/// Characters of a label, and of what was typed, below which nothing is understood any more.
const SHORT_LABEL: usize = 20;
/// Rows of a list, and blocks, that stay to the last.
const FEWEST: usize = 3;

/// What a card may have at most in the attempt at hand.
#[derive(Clone, Debug)]
pub struct Fit {
    /// Characters of a paragraph or a value.
    pub longest: usize,
    /// Fields, changes, events of a block.
    pub items: usize,
    /// Rows of a table.
    pub rows: usize,
    /// Blocks.
    pub blocks: usize,
    /// Characters of a label, a name, a button.
    pub label: usize,
    /// Characters of what was typed into one field.
    pub typed: usize,
    /// Choices of a field; one with more is typed instead of picked.
    pub options: usize,
    /// How much stands in one component.
    pub density: Density,
}

/// How much stands in one component: few components are poorer to look at, but say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Density {
    /// Each thing in its own.
    Airy,
    /// A history in one.
    Close,
    /// Everything that goes together in one, nothing side by side, no placeholders.
    Dense,
}

impl Density {
    fn closer(self) -> Self {
        match self {
            Self::Airy => Self::Close,
            Self::Close | Self::Dense => Self::Dense,
        }
    }
}

/// In what a card is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Over {
    pub bytes: bool,
    pub elements: bool,
}

impl Fit {
    /// Characters of a sentence that belongs to a label: what is wrong, what is asked first.
    pub fn sentence(&self) -> usize {
        self.label * 3
    }

    /// Room for all of it.
    pub fn of(card: &Card) -> Self {
        let items = |block: &Block| match block {
            Block::Fields { items } => items.len(),
            Block::Diff { items } => items.len(),
            Block::Timeline { items } => items.len(),
            Block::Mentions { people } => people.len(),
            Block::Table { .. } | Block::Text { .. } | Block::Note { .. } => 1,
            Block::Link { .. } | Block::Picture { .. } | Block::Divider => 1,
        };
        let rows = |block: &Block| if let Block::Table { rows, .. } = block { rows.len() } else { 0 };
        let fields = card.form.as_ref().map_or(&[][..], |form| &form.fields);
        Self {
            longest: 2_000,
            items: card.blocks.iter().map(items).chain([fields.len()]).max().unwrap_or_default(),
            rows: card.blocks.iter().map(rows).max().unwrap_or_default().min(50),
            blocks: card.blocks.len(),
            label: LABEL,
            typed: INPUT,
            options: fields.iter().map(|field| field.options.len()).max().unwrap_or_default(),
            density: Density::Airy,
        }
    }

    /// One step smaller where it is too large; `None` when nothing more may go.
    pub fn tighter(mut self, over: Over) -> Option<Self> {
        if over.elements && self.density < Density::Dense {
            self.density = self.density.closer();
        } else if over.bytes && self.longest > SHORTEST {
            self.longest /= 2;
        } else if over.bytes && self.items > FEWEST {
            self.items = (self.items / 2).max(FEWEST);
        } else if over.bytes && self.rows > FEWEST {
            self.rows = (self.rows / 2).max(FEWEST);
        } else if self.blocks > FEWEST {
            self.blocks -= (self.blocks - FEWEST).div_ceil(8);
        } else if self.density < Density::Dense {
            self.density = self.density.closer();
        } else if over.bytes && self.label > SHORT_LABEL {
            self.label /= 2;
        } else if self.options > 1 {
            self.options /= 2;
        } else if over.bytes && self.typed > SHORT_LABEL {
            self.typed /= 2;
        } else if self.blocks > 0 {
            self.blocks -= 1;
        } else {
            return None;
        }
        Some(self)
    }
}

/// In what it is too large; `None` if it fits.
pub fn over(card: &Root) -> Option<Over> {
    let bytes = serde_json::to_vec(card).map_or(usize::MAX, |json| json.len());
    let elements = serde_json::to_value(card).map_or(usize::MAX, |card| elements(&card));
    let over = Over { bytes: bytes >= MOST_BYTES, elements: elements > MOST_ELEMENTS };
    (over.bytes || over.elements).then_some(over)
}

/// Every component and every text object, which both carry a `tag`.
fn elements(value: &Value) -> usize {
    match value {
        Value::Object(map) => {
            usize::from(map.contains_key("tag")) + map.values().map(elements).sum::<usize>()
        }
        Value::Array(list) => list.iter().map(elements).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// The first ones and the last ones, where there are too many; and where the gap is.
pub fn middle_out<T>(items: &[T], most: usize) -> (Vec<&T>, Option<usize>) {
    if items.len() <= most {
        return (items.iter().collect(), None);
    }
    let head = most - most / 3;
    let tail = items.len() - most / 3;
    (items[..head].iter().chain(&items[tail..]).collect(), Some(head))
}
