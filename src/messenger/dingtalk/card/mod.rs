//! The neutral card as DingTalk shows it: the parameters of an interactive card, or a message whose buttons are links.
//!
//! Invariant: whatever the card says, what leaves here is within the platform's limits and lets nobody's words act as
//! markup; what was left out is owned up to.

use crate::card::{Action, Card};
use crate::domain::Timestamp;
use crate::messenger::seal::SealKey;

mod body;
mod message;
pub mod params;
#[cfg(test)]
mod tests;
mod text;

pub use message::{Message, message};
pub use params::card_data;

/// What a card is drawn with besides its content.
pub struct Style<'a> {
    /// Seals the buttons of interactive cards.
    pub seal: &'a SealKey,
    /// From when the seals count.
    pub now: Timestamp,
    /// "Shortened; open the page", in the reader's language.
    pub more: &'a str,
    /// The page of what the card is about.
    pub page: Option<&'a str>,
    /// Where a button leads that cannot call back: the signed form of its act. Without one it is not shown.
    pub link: &'a dyn Fn(&Action) -> Option<String>,
}

/// The card in plain words, where even the message is refused.
pub fn plain(card: &Card, summary: &str) -> String {
    let said = body::plain(card);
    let summary = if summary.trim().is_empty() { card.title.as_str() } else { summary };
    text::short(&format!("{}\n{said}", text::line(summary, 300)), 2_000)
}
