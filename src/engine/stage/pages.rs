//! The pages that are read in a browser: the board and one request, in words for one reader.
//!
//! Invariant: whoever may not see a request gets no page of it, and nobody learns that there is one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Engine, Stage};
use crate::app::board::{COLUMNS, COUNTED, Filter, InHand, Row};
use crate::app::{Company, Trouble};
use crate::card::Card;
use crate::card::plan::{self, Plan};
use crate::card::scene::{Listed, Owes, ViewData};
use crate::card::tile::{Facts, Tile, tile};
use crate::domain::change::{Reply, View, What};
use crate::domain::mask::Names;
use crate::domain::request::{Request, State};
use crate::domain::{Lang, PersonId, RequestId};

pub mod issues;
mod pictures;
pub mod task_list;

/// Somebody who reads pages.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Who.
    pub person: PersonId,
    /// By name.
    pub name: String,
    /// In which language.
    pub lang: Lang,
}

/// The board in words.
pub struct BoardPage {
    /// Its columns.
    pub columns: Vec<ColumnPage>,
    /// Departments to narrow it by: id and name.
    pub departments: Vec<(String, String)>,
    /// More words than are looked for.
    pub too_long: bool,
}

/// A column in words.
pub struct ColumnPage {
    /// As in addresses.
    pub name: &'static str,
    /// How many there are, and whether there are more than that.
    pub count: (usize, bool),
    /// What is shown of them.
    pub tiles: Vec<Tile>,
    /// Behind which request there are older ones.
    pub older: Option<RequestId>,
}

/// What a department has in hand, in words.
pub struct DepartmentRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it has.
    pub in_hand: InHand,
}

/// One request in words.
pub struct RequestPage {
    /// What is asked, who signed, who owes what, what happened.
    pub card: Card,
    /// Where what its buttons stand for can be done: action → address.
    pub links: BTreeMap<String, String>,
    /// Its tasks as a picture.
    pub plan: Option<Plan>,
    /// What holds it up.
    pub blockers: Vec<String>,
    /// Tasks can be added by this reader now.
    pub may_plan: bool,
    /// It is only the file of an issue, and nothing is planned or held up in it.
    pub stands_alone: bool,
}

impl Engine {
    /// Somebody who belongs to the company.
    pub fn known(&self, person: &PersonId) -> Option<Reader> {
        let company = self.app.company();
        let found = company.directory.person(person).filter(|found| found.active)?;
        let (name, lang) = (found.name.clone(), company.language(Some(person)));
        Some(Reader { person: person.clone(), name, lang })
    }

    /// The board as somebody sees it.
    pub async fn board_page(&self, reader: &Reader, filter: &Filter) -> Result<BoardPage, Trouble> {
        let board = self.app.board(&reader.person, filter).await?;
        let stage = self.stage_for(reader, None);
        let scene = stage.scene();
        let column = |column: crate::app::board::Column| ColumnPage {
            name: column.name,
            count: (column.count.min(COUNTED), column.count > COUNTED),
            tiles: column.rows.into_iter().map(|row| tile(&facts(row, &stage), &scene)).collect(),
            older: column.older,
        };
        let company = &stage.company;
        Ok(BoardPage {
            columns: board.columns.into_iter().map(column).collect(),
            departments: departments(company, reader.lang),
            too_long: board.too_long,
        })
    }

    /// What each department has in hand, as far as somebody sees it.
    pub async fn department_rows(&self, reader: &Reader) -> Result<Vec<DepartmentRow>, Trouble> {
        let mut in_hand = self.app.in_hand(&reader.person).await?;
        let all = departments(&self.app.company(), reader.lang).into_iter();
        let row = |(id, name): (String, String)| {
            let in_hand = in_hand.remove(&crate::domain::DepartmentId::new(id.clone())).unwrap_or_default();
            DepartmentRow { id, name, in_hand }
        };
        Ok(all.map(row).filter(|row| row.in_hand != InHand::default()).collect())
    }

    /// One request as somebody sees it; `None` if it does not exist for them.
    pub async fn request_page(
        &self,
        reader: &Reader,
        id: &RequestId,
    ) -> Result<Option<RequestPage>, Trouble> {
        let Some(file) = self.app.file_for(&reader.person, id).await? else { return Ok(None) };
        let what = What::Answer(Reply::View(View::Show { request: id.clone() }));
        let Some(card) = self.card_of(&what, Some(&reader.person), false).await? else { return Ok(None) };
        let stage = self.stage_for(reader, Some(file.clone()));
        let scene = stage.scene();
        Ok(Some(RequestPage {
            links: self.links_of(&card, &reader.person),
            plan: plan::plan(&file, &scene),
            blockers: plan::blockers(&file, &scene),
            may_plan: plan::may_add(&file, &scene),
            stands_alone: file.state == State::Standing,
            card,
        }))
    }

    fn stage_for(&self, reader: &Reader, request: Option<Arc<Request>>) -> Stage {
        self.stage_of(Some(&reader.person), request)
    }

    /// The stage for somebody, or for everybody in a group.
    fn stage_of(&self, reader: Option<&PersonId>, request: Option<Arc<Request>>) -> Stage {
        let mut stage = Stage {
            company: self.app.company(),
            reader: reader.cloned(),
            now: self.app.clock().now(),
            request,
            history: Vec::new(),
            earlier: None,
            view: ViewData::Nothing,
            masks: false,
        };
        let is_outside = |reader| stage.request.as_deref().is_some_and(|file| stage.is_outside(file, reader));
        stage.masks = reader.is_some_and(is_outside);
        stage
    }
}

/// The names of columns, for texts.
pub fn column_names() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|(name, _)| *name)
}

fn departments(company: &Company, lang: Lang) -> Vec<(String, String)> {
    let directory = &company.directory;
    directory.departments.keys().map(|id| (id.to_string(), directory.department_name(id, lang))).collect()
}

fn facts(row: Row, stage: &Stage) -> Facts {
    let Row { line, tile, inside } = row;
    let owes =
        line.owes.into_iter().map(|o| Owes { person: o.person, kind: o.kind, since: o.since, due: o.due });
    let tally = tile.tally;
    Facts {
        listed: Listed {
            masks: !inside && stage.company.policy.mask_names == Names::Outside,
            owes: owes.collect(),
            id: line.id,
            title: line.title,
            state: line.state,
            initiator: line.initiator,
            department: line.department,
        },
        priority: tile.priority,
        wanted_by: tile.wanted_by,
        asked: tile.asked,
        tasks: (tally.tasks, tally.done, tally.late, tally.percent),
    }
}
