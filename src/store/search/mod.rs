//! Finding requests: by words inside their texts, by who, which department, what state and when, for one pair of eyes.
//!
//! Invariant: a search looks at the narrow rows of `request_search` that the slices leave, or at all of them, newest first,
//! and at the texts only of those whose signature holds all bits of the words (docs/decisions/0016-search-by-signature.md).

pub mod api;
mod columns;
mod few;
mod index;
mod issues;
mod lines;
mod slices;
#[cfg(test)]
mod tests;
mod text;
mod visible;

use std::collections::BTreeSet;

pub use columns::{Tally, Tile, by_department, column, inside, tiles};
use few::Few;
pub use index::{comment, content, fill};
pub use issues::{IssuePlace, Issues, issue_place, open_issues};
pub use lines::{Line, lines};
pub use slices::{check, slice};
use text::Text;

use super::code::word;
use super::db::{Db, DbError, args};
use crate::domain::permission::Eyes;
use crate::domain::request::{Priority, State};
use crate::domain::search::{self, department_bits};
use crate::domain::{DepartmentId, PersonId, RequestId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// What to find; what is empty does not narrow.
#[derive(Clone, Debug)]
pub struct Query {
    /// For whose eyes.
    pub eyes: Eyes,
    /// In one of these states.
    pub states: Vec<State>,
    /// Filed by or asked of one of these departments; of each of these lists.
    pub departments: Vec<Vec<DepartmentId>>,
    /// Filed by one of these people or owed by them now; of each of these lists.
    pub people: Vec<Vec<PersonId>>,
    /// Folded pieces of the texts or of the number, all of them.
    pub words: Vec<String>,
    /// Filed from the first instant until before the second.
    pub filed: Option<(Timestamp, Timestamp)>,
    /// With something overdue at this time.
    pub overdue_at: Option<Timestamp>,
    /// Of this priority.
    pub priority: Option<Priority>,
}

impl Query {
    /// Everything that these eyes may see.
    pub fn of(eyes: Eyes) -> Self {
        Self {
            eyes,
            states: Vec::new(),
            departments: Vec::new(),
            people: Vec::new(),
            words: Vec::new(),
            filed: None,
            overdue_at: None,
            priority: None,
        }
    }
}

/// The place of a request in every list: when it was filed, and its number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When it was filed.
    pub at: Timestamp,
    /// Its number.
    pub request: RequestId,
}

/// Which part of what is found.
#[derive(Clone, Debug)]
pub enum Part {
    /// From the newest on.
    Newest,
    /// What is older than a place, newest first.
    Before(Place),
    /// What is newer than a place, oldest first.
    After(Place),
}

impl Part {
    /// The first of what was found.
    fn first_of(&self, found: BTreeSet<Place>, most: i64) -> Vec<Place> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        match self {
            Self::Newest | Self::Before(_) => found.into_iter().rev().take(most).collect(),
            Self::After(_) => found.into_iter().take(most).collect(),
        }
    }

    /// Whether enough was found that comes before whatever lies behind an edge.
    fn is_settled(&self, found: &BTreeSet<Place>, most: i64, edge: Timestamp) -> bool {
        let last = usize::try_from(most).unwrap_or(usize::MAX).saturating_sub(1);
        match self {
            Self::Newest | Self::Before(_) => {
                found.iter().nth_back(last).is_some_and(|place| place.at > edge)
            }
            Self::After(_) => found.iter().nth(last).is_some_and(|place| place.at < edge),
        }
    }

    /// Whether requests filed in this span can belong to it.
    fn may_hold(&self, oldest: Timestamp, newest: Timestamp) -> bool {
        match self {
            Self::Newest => true,
            Self::Before(place) => oldest <= place.at,
            Self::After(place) => newest >= place.at,
        }
    }
}

/// The places of what is found, at most `most`.
pub async fn find(db: &Db, query: &Query, part: &Part, most: i64) -> Result<Vec<Place>> {
    let few = Few::counted(db, query).await?;
    let Some(sliced) = slices::sliced(db, query, part).await? else {
        return look(db, (query, &few), (part, most), all).await;
    };
    // In this order nothing is missed that gets a place or loses it meanwhile; what is found twice counts once.
    let mut found = BTreeSet::new();
    for step in &sliced.steps {
        if part.is_settled(&found, most, step.edge) {
            break;
        }
        let these = |rows: &mut Text| slices::these(rows, &step.places, db.is_postgres());
        found.extend(look(db, (query, &few), (part, most), these).await?);
    }
    found.extend(look(db, (query, &few), (part, most), slices::loose).await?);
    if slices::were_given(db, sliced.next).await? {
        found.extend(look(db, (query, &few), (part, most), |rows| slices::since(rows, sliced.next)).await?);
    }
    Ok(part.first_of(found, most))
}

/// All rows.
fn all(text: &mut Text) {
    text.say("SELECT n.filed_at, n.request FROM request_search n WHERE 1 = 1");
}

/// Looks at some rows.
async fn look(
    db: &Db,
    (query, few): (&Query, &Few),
    (part, most): (&Part, i64),
    rows: impl FnOnce(&mut Text),
) -> Result<Vec<Place>> {
    let mut text = Text::default();
    rows(&mut text);
    let order = match part {
        Part::Newest => " ORDER BY n.filed_at DESC, n.request DESC LIMIT ",
        Part::Before(place) => {
            text.say(" AND (n.filed_at, n.request) < (").put(place.at).say(", ").put(&place.request).say(")");
            " ORDER BY n.filed_at DESC, n.request DESC LIMIT "
        }
        Part::After(place) => {
            text.say(" AND (n.filed_at, n.request) > (").put(place.at).say(", ").put(&place.request).say(")");
            " ORDER BY n.filed_at, n.request LIMIT "
        }
    };
    few.first(&mut text, query);
    narrow(&mut text, query, |text| few.each(text, query))?;
    text.say(order).put(most);
    places(db, text).await
}

async fn places(db: &Db, text: Text) -> Result<Vec<Place>> {
    let (sql, values) = text.whole();
    let rows = db.rows_made(sql, values).await?;
    rows.iter().map(|r| Ok(Place { at: r.get("filed_at")?, request: r.get("request")? })).collect()
}

/// What the narrow row itself tells, then whose it is, then what `each` adds, and the words last. With words all of it stands
/// in a CASE, which keeps this order: PostgreSQL would weigh the conditions against each other by what it expects of each
/// and read the texts of what the reader may not see; and it would believe that so many conditions leave next to nothing,
/// look at all rows, and sort, where the newest thousand are found soon.
fn narrow(text: &mut Text, query: &Query, each: impl FnOnce(&mut Text)) -> Result<()> {
    if let Some((from, until)) = query.filed {
        text.say(" AND n.filed_at >= ").put(from).say(" AND n.filed_at < ").put(until);
    }
    if !query.words.is_empty() {
        text.say(" AND CASE WHEN 1 = 1");
        signatures(text, &query.words);
    }
    visible::visible(text, &query.eyes);
    who(text, query);
    if let Some(priority) = query.priority {
        text.say(" AND (SELECT p.priority FROM request p WHERE p.id = n.request) = ").put(word(&priority)?);
    }
    each(text);
    if !query.words.is_empty() {
        text.say(" THEN");
        words(text, query);
        text.say(" ELSE 1 = 0 END");
    }
    Ok(())
}

/// Whether no word is missing in all of the texts, in one look at them. A sum, because PostgreSQL would turn an `EXISTS`
/// round and read every text there is; REPLACE, because both engines have it and LIKE takes longer.
fn words(text: &mut Text, query: &Query) {
    text.say(" 0 = (SELECT 0");
    for word in &query.words {
        text.say(" + MIN(CASE WHEN REPLACE(t.words, ").put(word.as_str());
        text.say(", '') = t.words THEN 1 ELSE 0 END)");
    }
    text.say(" FROM request_text t WHERE t.request = n.request)");
}

/// Where a request stands in every list; `None` if it is in none.
pub async fn place(db: &Db, request: &RequestId) -> Result<Option<Place>> {
    let sql = "SELECT filed_at FROM request_search WHERE request = $1";
    let row = db.row(sql, args![request]).await?;
    row.map(|r| Ok(Place { at: r.get("filed_at")?, request: request.clone() })).transpose()
}

const LANES: [&str; 32] = [
    "s00", "s01", "s02", "s03", "s04", "s05", "s06", "s07", "s08", "s09", "s10", "s11", "s12", "s13", "s14",
    "s15", "s16", "s17", "s18", "s19", "s20", "s21", "s22", "s23", "s24", "s25", "s26", "s27", "s28", "s29",
    "s30", "s31",
];

/// Only the numbers of the signature that have bits are looked at.
fn signatures(text: &mut Text, words: &[String]) {
    for (column, lane) in
        LANES.into_iter().zip(search::together(words).lanes()).filter(|(_, lane)| *lane != 0)
    {
        text.say(" AND (n.").say(column).say(" & ").put(lane).say(") = ").put(lane);
    }
}

fn who(text: &mut Text, query: &Query) {
    for any in &query.departments {
        text.say(" AND (n.sides & ").put(department_bits(any)).say(") <> 0 AND (n.department").within(any);
        text.say(" OR EXISTS (SELECT 1 FROM ask d WHERE d.request = n.request AND d.department").within(any);
        text.say("))");
    }
    for any in &query.people {
        text.say(" AND n.request IN (SELECT i.id FROM request i WHERE i.initiator").within(any);
        text.say(" UNION SELECT w.request FROM obligation w WHERE w.closed_at IS NULL AND w.debtor");
        text.within(any).say(")");
    }
}

/// A text that LIKE … ESCAPE '\' takes as it stands.
fn literal(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
