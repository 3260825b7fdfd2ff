//! The board as a picture for the chat: SVG made from what the pages show, in light colours, as wide as a chat is.
//!
//! Invariants: pure; a picture says no more than the page that it stands for; every text fits its place or ends with an
//! ellipsis, and nobody's words act as markup.

use serde::{Deserialize, Serialize};

use super::Colour;
use super::say::moment;
use super::scene::Scene;
use crate::domain::RequestId;
use crate::text::say;

pub mod board;
mod gantt;
mod request;
mod sheet;
#[cfg(test)]
mod tests;

pub use board::Board;
pub use request::{draw, whole};

/// What a picture is of. Who may see it, and what is on it, is worked out when it is drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pictured {
    /// The board, as its reader sees it.
    Board,
    /// One request.
    Request(RequestId),
}

/// Width in pixels of the picture before it is enlarged; Feishu recommends that no card's picture is wider than twice this.
const WIDTH: i32 = 750;
/// What is left free around everything.
const MARGIN: i32 = 18;

/// Of when a picture is: it stays as it is while the pages go on.
pub fn as_of(scene: &Scene) -> String {
    say(scene.lang, "picture.as_of", &[("moment", &moment(scene, scene.now))])
}

const INK: &str = "#1b2130";
const QUIET: &str = "#4d5565";
const SURFACE: &str = "#ffffff";
const GROUND: &str = "#eef0f4";
const LINE: &str = "#e2e5eb";
const EDGE: &str = "#8b93a1";
const BAD: &str = "#95211c";
const BAD_TINT: &str = "#fde9e7";
const DONE: &str = "#1c8a52";

/// Of departments, in the order in which they appear; the same as on the pages.
const DEPARTMENTS: [&str; 8] =
    ["#2f66e3", "#1c8a52", "#b8650a", "#7f55d6", "#0f8a97", "#c0397f", "#6d7a14", "#8a5a3c"];

/// The tint of a state and the ink on it; the same as on the pages.
fn tint(colour: Colour) -> (&'static str, &'static str) {
    match colour {
        Colour::Blue => ("#e8effd", "#1c469f"),
        Colour::Green => ("#e3f4ea", "#165c36"),
        Colour::Orange => ("#fdf0dc", "#7d4706"),
        Colour::Red => (BAD_TINT, BAD),
        Colour::Grey => ("#eff1f4", "#434b5a"),
        Colour::Purple => ("#f0eafc", "#54309b"),
    }
}
