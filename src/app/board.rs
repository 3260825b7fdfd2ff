//! The board for one pair of eyes: columns of requests by state, narrowed by what stands in the address.
//!
//! Invariant: only what the reader may see is read, counted or told of, live changes included.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::requests::refused;
use super::resolve::{AtHand, Meant};
use super::{Act, App, Company, Trouble, post};
use crate::domain::change::{Refusal, Reply, To, View, What};
use crate::domain::permission::Eyes;
use crate::domain::request::{Priority, Request, State};
use crate::domain::search::{MOST_LETTERS, MOST_WORDS, fold};
use crate::domain::{DepartmentId, PersonId, RequestId};
use crate::intent::{PlaceKind, RequestRef};
use crate::store::desk;
use crate::store::search::{self, Part, Query};

pub use crate::store::search::{Line, Tally, Tile};

/// The columns in the order of the process: a name for texts and addresses, and the states in it.
pub const COLUMNS: [(&str, &[State]); 7] = [
    ("review", &[State::InReview, State::Returned]),
    ("confirming", &[State::Confirming]),
    ("confirmed", &[State::Confirmed]),
    ("in_progress", &[State::InProgress]),
    ("delivered", &[State::Delivered]),
    ("completed", &[State::Accepted]),
    ("ended", &[State::Withdrawn, State::Cancelled]),
];

/// States in which a request is still somebody's work.
const ALIVE: [State; 6] = [
    State::InReview,
    State::Returned,
    State::Confirming,
    State::Confirmed,
    State::InProgress,
    State::Delivered,
];

/// Tiles of a column where all columns stand side by side.
const FEW: usize = 12;
/// Tiles of a column that stands alone.
const MANY: usize = 50;
/// Up to here a column is counted.
pub const COUNTED: usize = 100;

/// What narrows the board; what is empty does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Filed by it, or asked of it.
    pub department: Option<DepartmentId>,
    /// Filed by them, or owed by them now. An empty list finds nothing.
    pub people: Option<Vec<PersonId>>,
    /// Of this priority.
    pub priority: Option<Priority>,
    /// Words in its texts.
    pub text: String,
    /// One column alone, by name.
    pub column: Option<&'static str>,
    /// From which request on that column is turned to older ones.
    pub before: Option<RequestId>,
}

/// The board.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// Its columns, in the order of the process.
    pub columns: Vec<Column>,
    /// More words than are looked for: nothing was.
    pub too_long: bool,
}

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name in [`COLUMNS`].
    pub name: &'static str,
    /// How many there are; [`COUNTED`] + 1 stands for more than that.
    pub count: usize,
    /// What is shown of them, newest first.
    pub rows: Vec<Row>,
    /// Behind which request there are older ones.
    pub older: Option<RequestId>,
}

/// A column and the requests that are to stand in it.
type Bare = (Column, Vec<RequestId>);

/// One request on the board.
#[derive(Clone, Debug)]
pub struct Row {
    /// As in a list.
    pub line: Line,
    /// What a tile says besides.
    pub tile: Tile,
    /// The reader has a part in it; where not, names may have to be masked.
    pub inside: bool,
}

/// What one department has in hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InHand {
    /// Requests that ask something of it, by column.
    pub requests: BTreeMap<&'static str, i64>,
    /// Its tasks of them.
    pub tasks: Tally,
}

impl App {
    /// `/board [no]`
    pub(super) async fn way_to_board(&self, act: &mut Act<'_>, typed: &RequestRef) -> Result<Reply, Trouble> {
        let (Some(_), Some(person)) = (typed, act.person.clone()) else {
            if let Some(own) = self.own_of(act).await? {
                self.shows_the_group(act, &own).await?;
            }
            return Ok(Reply::View(View::Board { request: None }));
        };
        let request = match self.meant(act, typed, ("board", AtHand::Any)).await? {
            Meant::Answer(reply) => return Ok(reply),
            Meant::One(request) => request,
        };
        if !self.sees(act, &person, &request).await? {
            return Ok(refused(Refusal::NotFound { typed: request.to_string() }, None));
        }
        self.shows_the_group(act, &request).await?;
        Ok(Reply::View(View::Board { request: Some(request) }))
    }

    /// The request whose own group it is asked in.
    async fn own_of(&self, act: &mut Act<'_>) -> Result<Option<RequestId>, Trouble> {
        let place = &act.intent.place;
        match place.kind {
            PlaceKind::Group => {
                Ok(desk::project_of(&mut act.tx, &place.platform, place.chat.as_str()).await?)
            }
            PlaceKind::Private => Ok(None),
        }
    }

    /// Besides the asker's own way in, the group that it was asked in sees how the request stands, where everybody there
    /// may.
    async fn shows_the_group(&self, act: &mut Act<'_>, request: &RequestId) -> Result<(), Trouble> {
        let place = &act.intent.place;
        if place.kind != PlaceKind::Group {
            return Ok(());
        }
        let Some(file) = self.files.read(&self.db, request).await? else { return Ok(()) };
        if !self.is_for_group(&file, (&place.platform, place.chat.as_str())).await? {
            return Ok(());
        }
        let to = To::Place {
            platform: place.platform.clone(),
            chat: place.chat.to_string(),
            message: place.message.as_ref().map(ToString::to_string),
            private: false,
            reader: None,
        };
        let view = Reply::View(View::Board { request: Some(request.clone()) });
        post::one(&mut act.out, None, &post::plain(to, What::Answer(view)), act.now)?;
        Ok(())
    }

    /// The board as a person sees it.
    pub async fn board(&self, person: &PersonId, filter: &Filter) -> Result<Board, Trouble> {
        let company = self.company();
        let Some(query) = query(&company, person, filter, self.clock.now()) else {
            return Ok(Board { columns: Vec::new(), too_long: true });
        };
        let mut bare = Vec::new();
        let shown = |name: &str| filter.column.map_or(name != "ended", |only| only == name);
        for (name, states) in COLUMNS.into_iter().filter(|(name, _)| shown(name)) {
            let query = Query { states: states.to_vec(), ..query.clone() };
            bare.push(self.column(name, &query, filter).await?);
        }
        Ok(Board { columns: self.filled(bare, &query.eyes).await?, too_long: false })
    }

    async fn column(&self, name: &'static str, query: &Query, filter: &Filter) -> Result<Bare, Trouble> {
        let most = if filter.column.is_some() { MANY } else { FEW };
        let before = match &filter.before {
            Some(id) => search::place(&self.db, id).await?,
            None => None,
        };
        let part = before.map_or(Part::Newest, Part::Before);
        let counted = i64::try_from(COUNTED).unwrap_or(i64::MAX).saturating_add(1);
        let places = search::column(&self.db, query, &part, counted).await?;
        let ids: Vec<RequestId> = places.iter().take(most).map(|place| place.request.clone()).collect();
        let older = ids.last().filter(|_| places.len() > most).cloned();
        Ok((Column { name, count: places.len(), rows: Vec::new(), older }, ids))
    }

    /// What the tiles say, looked up for all columns together.
    async fn filled(&self, bare: Vec<Bare>, eyes: &Eyes) -> Result<Vec<Column>, Trouble> {
        let ids: Vec<RequestId> = bare.iter().flat_map(|(_, ids)| ids).cloned().collect();
        if ids.is_empty() {
            return Ok(bare.into_iter().map(|(column, _)| column).collect());
        }
        let today = self.company().calendar.date_of(self.clock.now());
        let lines = search::lines(&self.db, &ids).await?;
        let mut lines: BTreeMap<_, _> = lines.into_iter().map(|line| (line.id.clone(), line)).collect();
        let mut tiles = search::tiles(&self.db, &ids, today).await?;
        let inside = search::inside(&self.db, eyes, &ids).await?;
        let mut row = |id: RequestId| {
            let (line, tile) = (lines.remove(&id)?, tiles.remove(&id)?);
            Some(Row { inside: inside.contains(&id), line, tile })
        };
        let full =
            |(column, ids): Bare| Column { rows: ids.into_iter().filter_map(&mut row).collect(), ..column };
        Ok(bare.into_iter().map(full).collect())
    }

    /// What each department has in hand, as far as a person may see it.
    pub async fn in_hand(&self, person: &PersonId) -> Result<BTreeMap<DepartmentId, InHand>, Trouble> {
        let company = self.company();
        let today = company.calendar.date_of(self.clock.now());
        let eyes = Eyes::of(&company.directory, person, today);
        let (requests, tasks) = search::by_department(&self.db, &eyes, (&ALIVE, today)).await?;
        let mut all: BTreeMap<DepartmentId, InHand> = BTreeMap::new();
        for (department, state, n) in requests {
            let found = COLUMNS.iter().find(|(_, states)| states.contains(&state));
            if let Some((name, _)) = found {
                *all.entry(department).or_default().requests.entry(name).or_default() += n;
            }
        }
        for (department, tally) in tasks {
            all.entry(department).or_default().tasks = tally;
        }
        Ok(all)
    }

    /// A request as last committed, if it exists for this person.
    pub async fn file_for(&self, person: &PersonId, id: &RequestId) -> Result<Option<Arc<Request>>, Trouble> {
        let file = self.file(id).await?;
        Ok(file.filter(|file| self.shows(person, file)))
    }

    /// Whether a request exists for this person now.
    pub fn shows(&self, person: &PersonId, file: &Request) -> bool {
        file.case(self.company().rules(self.clock.now())).sees(person)
    }
}

/// What the filter narrows; `None` if it has more words than are looked for.
fn query(
    company: &Company,
    person: &PersonId,
    filter: &Filter,
    now: crate::domain::Timestamp,
) -> Option<Query> {
    let words: Vec<String> = filter.text.split_whitespace().map(fold).filter(|w| !w.is_empty()).collect();
    if words.len() > MOST_WORDS || filter.text.chars().count() > MOST_LETTERS {
        return None;
    }
    let today = company.calendar.date_of(now);
    Some(Query {
        departments: filter.department.iter().map(|d| vec![d.clone()]).collect(),
        people: filter.people.iter().cloned().collect(),
        priority: filter.priority,
        words,
        ..Query::of(Eyes::of(&company.directory, person, today))
    })
}
