//! The issue board in words for one reader.

use std::sync::Arc;

use super::{Reader, departments};
use crate::app::Trouble;
use crate::app::issue_board::{COUNTED, Filter, Group, Key};
use crate::card::issue_tile::{IssueTile, tile};
use crate::domain::request::Request;
use crate::domain::request::issue::Severity;
use crate::engine::Engine;

/// The issue board in words.
pub struct IssuesPage {
    /// Its groups, the gravest first.
    pub groups: Vec<GroupPage>,
    /// Departments to narrow it by: id and name.
    pub departments: Vec<(String, String)>,
    /// More words than are looked for.
    pub too_long: bool,
}

/// The issues of one severity in words.
pub struct GroupPage {
    /// Which.
    pub severity: Severity,
    /// How many there are, and whether there are more than that.
    pub count: (usize, bool),
    /// What is shown of them.
    pub tiles: Vec<IssueTile>,
    /// Behind which issue there are more.
    pub more: Option<Key>,
}

impl Engine {
    /// The issue board as somebody sees it.
    pub async fn issues_page(&self, reader: &Reader, filter: &Filter) -> Result<IssuesPage, Trouble> {
        let board = self.app.issue_board(&reader.person, filter).await?;
        let group = |group: Group| GroupPage {
            severity: group.severity,
            count: (group.count.min(COUNTED), group.count > COUNTED),
            tiles: group.rows.into_iter().filter_map(|row| self.issue_tile(reader, row)).collect(),
            more: group.more,
        };
        Ok(IssuesPage {
            groups: board.groups.into_iter().map(group).collect(),
            departments: departments(&self.app.company(), reader.lang),
            too_long: board.too_long,
        })
    }

    fn issue_tile(&self, reader: &Reader, (file, number): (Arc<Request>, i64)) -> Option<IssueTile> {
        let stage = self.stage_for(reader, Some(file.clone()));
        Some(tile(&file, file.issue(number)?, &stage.scene()))
    }
}
