//! What the pages show, as pictures.
//!
//! Invariant: a picture is made of what the page for the same eyes is made of.

use std::sync::Arc;

use super::super::Engine;
use super::{ColumnPage, Reader};
use crate::app::Trouble;
use crate::app::board::Filter;
use crate::card::picture::{self, Board, board};
use crate::domain::PersonId;
use crate::domain::request::Request;
use crate::text::say as text_of;

impl Engine {
    /// The board as somebody sees it, as SVG.
    pub async fn board_svg(&self, reader: &Reader) -> Result<String, Trouble> {
        let page = self.board_page(reader, &Filter::default()).await?;
        let column = |column: ColumnPage| board::Column {
            name: column.name,
            count: column.count,
            tiles: column.tiles,
        };
        let stage = self.stage_for(reader, None);
        let whose = text_of(reader.lang, "board.reader", &[("person", &reader.name)]);
        Ok(board::draw(&Board {
            lang: reader.lang,
            subtitle: format!("{whose} · {}", picture::as_of(&stage.scene())),
            columns: page.columns.into_iter().map(column).collect(),
        }))
    }

    /// A request for one person, or for everybody in a group, as SVG.
    pub fn request_svg(&self, reader: Option<&PersonId>, file: Arc<Request>) -> String {
        let stage = self.stage_of(reader, Some(file.clone()));
        picture::draw(&picture::whole(&file, &stage.scene()))
    }
}
