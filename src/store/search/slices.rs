//! Requests that rest, found through slices: a word reads some rows of each segment instead of one of each request.
//!
//! Invariants: a row of `request_search` with a place is in the slices of its segment just as its own signature says, and
//! one that changes loses its place in the same statement; no number of a segment is given twice.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::super::db::{Db, DbError, Row, Statement, Tx, args};
use super::text::Text;
use super::{LANES, Part, Query, Result, index};
use crate::domain::Timestamp;
use crate::domain::search::slices::{Common, PLACES, Slices};
use crate::domain::search::{self, Signature};

/// Places in a segment, as numbers of rows.
const SEGMENT: i64 = 1_024;
/// So many bits of the words are asked of the slices; what is left after these is looked at one by one.
const MOST_BITS: usize = 32;
/// More places than this are not looked up: to go through the list is then no slower.
const MOST_PLACES: usize = 8_192;
/// So many places are looked up first: more than a list counts.
const FIRST: usize = 1_536;
/// Rows that are written by one statement.
const AT_ONCE: usize = 512;

/// What the slices tell of some words.
pub(super) struct Sliced {
    /// Where they may be, in the order in which a list is read.
    pub steps: Vec<Step>,
    /// Places from here on were given since.
    pub next: i64,
}

/// Places that are looked up at once.
pub(super) struct Step {
    /// These.
    pub places: Vec<usize>,
    /// No place of this step or a later one comes before this instant in the list.
    pub edge: Timestamp,
}

/// Where the words of a query may be; `None` if there are no slices to ask, or too many places to look up.
pub(super) async fn sliced(db: &Db, query: &Query, part: &Part) -> Result<Option<Sliced>> {
    if query.words.is_empty() {
        return Ok(None);
    }
    let segments = db.rows("SELECT id, oldest, newest FROM search_segment ORDER BY id", args![]).await?;
    let Some(last) = segments.last().map(|row| row.get::<i64>("id")).transpose()? else { return Ok(None) };
    let mut common = common(db, &query.words, last).await?;
    let mut spans = Vec::with_capacity(segments.len());
    for row in segments {
        let (oldest, newest) = (row.get("oldest")?, row.get("newest")?);
        let is_asked = query.filed.is_none_or(|(from, until)| newest >= from && oldest < until);
        let id: i64 = row.get("id")?;
        if let Some(common) = common.remove(&id).filter(|_| is_asked && part.may_hold(oldest, newest)) {
            let first = usize::try_from(id * SEGMENT).unwrap_or(0);
            let places = common.places().map(|place| first + place).collect();
            spans.push(Span { oldest, newest, places });
        }
    }
    let next = (last + 1) * SEGMENT;
    let all: usize = spans.iter().map(|span| span.places.len()).sum();
    Ok((all <= MOST_PLACES).then(|| Sliced { steps: steps(spans, part), next }))
}

/// What each segment up to one says of some words.
async fn common(db: &Db, words: &[String], last: i64) -> Result<BTreeMap<i64, Common>> {
    let mut text = Text::default();
    // CROSS JOIN is read from left to right by SQLite; PostgreSQL plans it as any join.
    text.say("SELECT b.segment, b.requests FROM search_segment s CROSS JOIN search_slice b WHERE s.id <= ");
    text.put(last).say(" AND b.segment = s.id AND b.bit");
    text.within(search::together(words).bits().take(MOST_BITS).map(number));
    let (sql, values) = text.whole();
    let mut segments: BTreeMap<i64, Common> = BTreeMap::new();
    for row in db.rows_made(sql, values).await? {
        let slice: String = row.get("requests")?;
        if !segments.entry(row.get("segment")?).or_default().and(&slice) {
            return Err(DbError::Other("search_slice.requests is no slice".to_owned()));
        }
    }
    Ok(segments)
}

/// Places of one segment, and when its requests were filed.
struct Span {
    oldest: Timestamp,
    newest: Timestamp,
    places: Vec<usize>,
}

/// Segments in the order of the list. Most lists are full after the first step. What is not found there is looked for
/// everywhere at once: who the reader is costs as much in each statement.
fn steps(mut spans: Vec<Span>, part: &Part) -> Vec<Step> {
    let is_backward = matches!(part, Part::Newest | Part::Before(_));
    match is_backward {
        true => spans.sort_by_key(|span| Reverse(span.newest)),
        false => spans.sort_by_key(|span| span.oldest),
    }
    let mut steps: Vec<Step> = Vec::new();
    for span in spans.into_iter().filter(|span| !span.places.is_empty()) {
        let is_full = matches!(steps.as_slice(), [first] if first.places.len() >= FIRST);
        match steps.last_mut().filter(|_| !is_full) {
            Some(step) => step.places.extend(span.places),
            None => {
                let edge = if is_backward { span.newest } else { span.oldest };
                steps.push(Step { places: span.places, edge });
            }
        }
    }
    steps
}

/// The rows at some places, looked up by their index: each engine has a way of its own to be told so, and goes through all
/// rows if it is told in the way of the other.
pub(super) fn these(text: &mut Text, places: &[usize], is_postgres: bool) {
    let (open, between, close) = match is_postgres {
        true => ("request_search n WHERE n.place IN (", ", ", ")"),
        // CROSS JOIN, as above.
        false => ("(VALUES (", "), (", ")) v CROSS JOIN request_search n WHERE n.place = v.column1"),
    };
    text.say("SELECT n.filed_at, n.request FROM ").say(open);
    for (n, place) in places.iter().enumerate() {
        text.say(if n == 0 { "" } else { between }).count(*place);
    }
    text.say(close);
}

/// The rows that have no place.
pub(super) fn loose(text: &mut Text) {
    text.say("SELECT n.filed_at, n.request FROM request_search n WHERE n.place IS NULL");
}

/// The rows that got theirs since: next to none, which SQLite has to be told by looking there first.
pub(super) fn since(text: &mut Text, next: i64) {
    text.say("SELECT n.filed_at, n.request FROM (SELECT m.place FROM request_search m WHERE m.place >= ")
        .put(next);
    text.say(") v CROSS JOIN request_search n WHERE n.place = v.place");
}

/// Whether places were given since.
pub(super) async fn were_given(db: &Db, next: i64) -> Result<bool> {
    Ok(db.row("SELECT 1 FROM search_segment WHERE id >= $1 LIMIT 1", args![next / SEGMENT]).await?.is_some())
}

/// Gives places to the oldest requests that have none, a segment at a time, once so many have none; whether it did.
pub async fn slice(db: &Db, least: i64) -> Result<bool> {
    let count = "SELECT COUNT(*) AS n FROM (SELECT 1 FROM request_search WHERE place IS NULL LIMIT $1) c";
    let loose = db.row(count, args![least]).await?.map_or(Ok(0), |row| row.get::<i64>("n"))?;
    if loose < least {
        return Ok(false);
    }
    let mut tx = db.begin().await?;
    let rows = concat!(
        "SELECT filed_at, request, ",
        index::lanes!(),
        " FROM request_search WHERE place IS NULL ORDER BY filed_at, request LIMIT $1 /*for update*/ /*skip locked*/"
    );
    let rows = tx.rows(rows, args![SEGMENT]).await?;
    let (Some(oldest), Some(newest)) = (rows.first(), rows.last()) else { return Ok(false) };
    let span: (Timestamp, Timestamp) = (oldest.get("filed_at")?, newest.get("filed_at")?);
    // Another replica may be at it, too: one of them gets the number.
    let id = "INSERT INTO search_segment (id, oldest, newest) SELECT COALESCE(MAX(id) + 1, 0), $1, $2 FROM search_segment WHERE 1 = 1 \
              ON CONFLICT (id) DO NOTHING RETURNING id";
    let Some(id) = tx.row(id, args![span.0, span.1]).await? else { return Ok(false) };
    let id: i64 = id.get("id")?;
    give_places(&mut tx, id, &rows).await?;
    let signatures: Result<Vec<Signature>> = rows.iter().map(signature).collect();
    write(&mut tx, id, &Slices::of(signatures?.into_iter().enumerate())).await?;
    tx.commit().await?;
    Ok(true)
}

/// Looks at the segment after one, and dissolves it if fewer than `least` of its places are in use, or it is not as its
/// requests have it: a release that knew nothing of places may have written there. The segment that was looked at; `None`
/// behind the last.
pub async fn check(db: &Db, after: Option<i64>, least: usize) -> Result<Option<i64>> {
    let next = "SELECT s.id FROM search_segment s WHERE s.id > $1 AND EXISTS \
                (SELECT 1 FROM search_slice b WHERE b.segment = s.id) ORDER BY s.id LIMIT 1 /*for update*/";
    let mut tx = db.begin().await?;
    let Some(id) = tx.row(next, args![after.unwrap_or(-1)]).await? else { return Ok(None) };
    let id: i64 = id.get("id")?;
    let span = || args![id * SEGMENT, (id + 1) * SEGMENT];
    let rows = concat!(
        "SELECT place, ",
        index::lanes!(),
        " FROM request_search WHERE place >= $1 AND place < $2 /*for update*/"
    );
    let rows = tx.rows(rows, span()).await?;
    let slices =
        tx.rows("SELECT bit, requests FROM search_slice WHERE segment = $1 ORDER BY bit", args![id]).await?;
    if rows.len() < least || !agree(&rows, &slices)? {
        tx.execute("UPDATE request_search SET place = NULL WHERE place >= $1 AND place < $2", span()).await?;
        tx.execute("DELETE FROM search_slice WHERE segment = $1", args![id]).await?;
    }
    tx.commit().await?;
    Ok(Some(id))
}

async fn give_places(tx: &mut Tx, id: i64, rows: &[Row]) -> Result<()> {
    let places: Vec<i64> = (id * SEGMENT..).take(rows.len()).collect();
    for (rows, places) in rows.chunks(AT_ONCE).zip(places.chunks(AT_ONCE)) {
        let mut text = Text::default();
        text.say("UPDATE request_search SET place = v.column2 FROM (VALUES ");
        for (n, (row, place)) in rows.iter().zip(places).enumerate() {
            text.say(if n == 0 { "(" } else { ", (" }).put(row.get::<String>("request")?);
            text.say(", ").put(*place).say(")");
        }
        text.say(") v WHERE request_search.request = v.column1");
        let (sql, values) = text.whole();
        tx.batch(vec![Statement::new(sql, values)]).await?;
    }
    Ok(())
}

async fn write(tx: &mut Tx, id: i64, slices: &Slices) -> Result<()> {
    let rows: Vec<(i64, String)> = slices.rows().collect();
    for rows in rows.chunks(AT_ONCE) {
        let mut text = Text::default();
        text.say("INSERT INTO search_slice (segment, bit, requests) VALUES ");
        for (n, (bit, slice)) in rows.iter().enumerate() {
            text.say(if n == 0 { "(" } else { ", (" }).put(id).say(", ").put(*bit);
            text.say(", ").put(slice).say(")");
        }
        let (sql, values) = text.whole();
        tx.batch(vec![Statement::new(sql, values)]).await?;
    }
    Ok(())
}

fn agree(rows: &[Row], slices: &[Row]) -> Result<bool> {
    let mut there = Vec::with_capacity(rows.len());
    for row in rows {
        there.push((usize::try_from(row.get::<i64>("place")? % SEGMENT).unwrap_or(PLACES), signature(row)?));
    }
    let mut kept = Vec::with_capacity(slices.len());
    for slice in slices {
        kept.push((slice.get::<i64>("bit")?, slice.get::<String>("requests")?));
    }
    Ok(Slices::of(there).agree_with(kept.iter().map(|(bit, slice)| (*bit, slice.as_str()))))
}

fn signature(row: &Row) -> Result<Signature> {
    let mut lanes = [0; search::LANES];
    for (lane, column) in lanes.iter_mut().zip(LANES) {
        *lane = row.get(column)?;
    }
    Ok(Signature::from_lanes(lanes))
}

fn number(bit: usize) -> i64 {
    i64::try_from(bit).unwrap_or(i64::MAX)
}
