//! Pictures for the chat: drawn when a message leaves, from what its reader may see at that moment.
//!
//! Invariants: no message waits for a picture that cannot be made, and none is lost with it; drawing never runs on a
//! thread that answers clicks, and one picture is drawn at a time.

use super::Engine;
use super::deliver::Delivery;
use crate::app::Trouble;
use crate::card::picture::Pictured;
use crate::card::{Block, Card};
use crate::domain::PersonId;
use crate::messenger::Address;

mod paint;

pub use paint::{Painter, chinese_font};

/// Who looks at a picture.
pub enum Viewer<'a> {
    /// Somebody, alone.
    Person(&'a PersonId),
    /// Everybody in a group: the platform, and the chat there.
    Group(&'a str, &'a str),
}

impl Engine {
    /// Draws pictures, or sends links alone.
    #[must_use]
    pub fn with_pictures(mut self, wanted: bool) -> Self {
        self.painter = wanted.then(Painter::default);
        self
    }

    /// Finds the fonts before anybody asks for a picture, and says so where there will be none.
    pub(super) async fn looks_for_fonts(&self) {
        if self.painter.is_none() {
            return;
        }
        // Whoever reads files may fail; then the first picture says so again.
        if let Ok(None) = tokio::task::spawn_blocking(chinese_font).await {
            tracing::warn!(
                "no font of this machine has Chinese characters: /board brings links without pictures"
            );
        }
    }

    /// The name under which the messenger has the picture of a card; `None` where there is nothing to show, or it
    /// cannot be shown: then the card goes without.
    pub(super) async fn hung(&self, route: &Delivery, card: &Card) -> Option<String> {
        let of = card.blocks.iter().find_map(|block| match block {
            Block::Picture { of, .. } => Some(of),
            _ => None,
        })?;
        let album = route.messenger.album()?;
        let viewer = match (&route.person, &route.address) {
            (Some(person), _) => Viewer::Person(person),
            (None, Address::Chat { chat, .. }) => Viewer::Group(route.messenger.platform(), chat.as_str()),
            (None, Address::Person(_)) => return None,
        };
        let png = match self.picture(of, &viewer).await {
            Ok(png) => png?,
            Err(trouble) => return self.goes_without(&trouble),
        };
        match album.hang(&png).await {
            Ok(name) => {
                self.metrics.count("pictured");
                Some(name)
            }
            Err(error) => self.goes_without(&error),
        }
    }

    fn goes_without(&self, why: &dyn std::fmt::Display) -> Option<String> {
        self.metrics.count("picture_failed");
        tracing::warn!("a message goes without its picture: {why}");
        None
    }

    /// A picture as PNG, drawn now; `None` where pictures are not drawn, or what it is of does not exist for the viewer.
    pub async fn picture(&self, of: &Pictured, viewer: &Viewer<'_>) -> Result<Option<Vec<u8>>, Trouble> {
        let Some(painter) = &self.painter else { return Ok(None) };
        let svg = match (of, viewer) {
            (Pictured::Board, Viewer::Person(person)) => match self.known(person) {
                Some(reader) => Some(self.board_svg(&reader).await?),
                None => None,
            },
            // Each of them would see another one.
            (Pictured::Board, Viewer::Group(..)) => None,
            (Pictured::Request(id), Viewer::Person(person)) => {
                let file = self.app.file_for(person, id).await?;
                file.map(|file| self.request_svg(Some(person), file))
            }
            (Pictured::Request(id), Viewer::Group(platform, chat)) => match self.app.file(id).await? {
                Some(file) if self.app.is_for_group(&file, (platform, chat)).await? => {
                    Some(self.request_svg(None, file))
                }
                _ => None,
            },
        };
        let Some(svg) = svg else { return Ok(None) };
        painter.paint(svg).await.map_err(Trouble::broken)
    }
}
