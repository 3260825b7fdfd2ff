//! The board: requests of some states, newest first, for one pair of eyes; and what a tile says of each.
//!
//! Invariant: visibility is the condition of every list (`visible`). States that few requests are in are read by their
//! index, the others like a search: neither reads a hundred thousand rows to show twelve.

use std::collections::BTreeMap;

use super::text::Text;
use super::{Part, Place, Query, few, find, narrow, places, visible};
use crate::domain::permission::Eyes;
use crate::domain::request::{Priority, State};
use crate::domain::{Date, DepartmentId, RequestId};
use crate::store::code::column as coded;
use crate::store::db::{Db, DbError, Row};

type Result<T> = std::result::Result<T, DbError>;

/// Places of what is found in `query.states`, newest first, at most `most`.
pub async fn column(db: &Db, query: &Query, part: &Part, most: i64) -> Result<Vec<Place>> {
    if !few::are_in(db, &query.states).await? {
        return find(db, query, part, most).await;
    }
    let mut text = Text::default();
    // CROSS JOIN is read from left to right by SQLite; PostgreSQL plans it as any join.
    text.say(
        "SELECT n.filed_at, n.request FROM request r CROSS JOIN request_search n WHERE n.request = r.id",
    );
    text.say(" AND r.state").within(few::names(&query.states));
    match part {
        Part::Newest => {}
        Part::Before(place) => {
            text.say(" AND (r.filed_at, r.id) < (").put(place.at).say(", ").put(&place.request).say(")");
        }
        Part::After(place) => {
            text.say(" AND (r.filed_at, r.id) > (").put(place.at).say(", ").put(&place.request).say(")");
        }
    }
    narrow(&mut text, query, |_| ())?;
    text.say(match part {
        Part::Newest | Part::Before(_) => " ORDER BY r.filed_at DESC, r.id DESC LIMIT ",
        Part::After(_) => " ORDER BY r.filed_at, r.id LIMIT ",
    });
    text.put(most);
    places(db, text).await
}

/// What a tile says besides the line of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// 优先级
    pub priority: Priority,
    /// 期望完成
    pub wanted_by: Date,
    /// The departments that are asked, in the order of the form, and whether each has signed.
    pub asked: Vec<(DepartmentId, bool)>,
    /// Its tasks, added up.
    pub tally: Tally,
}

/// Tasks, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of them.
    pub tasks: i64,
    /// Those that are done.
    pub done: i64,
    /// Those that are late today.
    pub late: i64,
    /// The sum of their percents.
    pub percent: i64,
}

/// The tiles of given requests. Three statements for all.
pub async fn tiles(db: &Db, ids: &[RequestId], today: Date) -> Result<BTreeMap<RequestId, Tile>> {
    let mut text = Text::default();
    text.say("SELECT id, priority, wanted_by FROM request WHERE id").within(ids);
    let (sql, values) = text.whole();
    let mut tiles = BTreeMap::new();
    for row in db.rows_made(sql, values).await? {
        let (priority, wanted_by) = (coded(&row, "priority")?, row.get("wanted_by")?);
        let tile = Tile { priority, wanted_by, asked: Vec::new(), tally: Tally::default() };
        tiles.insert(row.get::<RequestId>("id")?, tile);
    }
    let mut text = Text::default();
    text.say("SELECT request, department, state FROM ask WHERE request").within(ids);
    text.say(" ORDER BY request, place");
    let (sql, values) = text.whole();
    for row in db.rows_made(sql, values).await? {
        if let Some(tile) = tiles.get_mut(&row.get("request")?) {
            tile.asked.push((row.get("department")?, row.get::<String>("state")? == "confirmed"));
        }
    }
    let mut text = Text::default();
    text.say("SELECT request, COUNT(*) AS tasks, CAST(SUM(CASE WHEN state = 'done' THEN 1 ELSE 0 END) AS BIGINT) AS done,");
    text.say(" CAST(SUM(CASE WHEN state <> 'done' AND finish_day < ").put(today);
    text.say(" THEN 1 ELSE 0 END) AS BIGINT) AS late, CAST(SUM(percent) AS BIGINT) AS percent FROM task WHERE request");
    text.within(ids).say(" GROUP BY request");
    let (sql, values) = text.whole();
    for row in db.rows_made(sql, values).await? {
        if let Some(tile) = tiles.get_mut(&row.get("request")?) {
            tile.tally = tally(&row)?;
        }
    }
    Ok(tiles)
}

/// Those of given requests that these eyes have a part in: the names of the others are masked.
pub async fn inside(db: &Db, eyes: &Eyes, ids: &[RequestId]) -> Result<Vec<RequestId>> {
    let mut text = Text::default();
    text.say("SELECT n.request FROM request_search n WHERE n.request").within(ids);
    visible::inside(&mut text, eyes);
    let (sql, values) = text.whole();
    db.rows_made(sql, values).await?.iter().map(|row| row.get("request")).collect()
}

/// What each department has in hand, as far as these eyes may see it: requests by state, and its tasks.
pub async fn by_department(
    db: &Db,
    eyes: &Eyes,
    (states, today): (&[State], Date),
) -> Result<(Vec<(DepartmentId, State, i64)>, Vec<(DepartmentId, Tally)>)> {
    let names = || states.iter().map(|state| state.name());
    let mut text = Text::default();
    text.say("SELECT a.department, r.state, COUNT(*) AS n FROM request r CROSS JOIN request_search n");
    text.say(" CROSS JOIN ask a WHERE n.request = r.id AND a.request = r.id AND r.state").within(names());
    visible::visible(&mut text, eyes);
    text.say(" GROUP BY a.department, r.state");
    let (sql, values) = text.whole();
    let rows = db.rows_made(sql, values).await?;
    let requests: Result<Vec<_>> =
        rows.iter().map(|r| Ok((r.get("department")?, coded(r, "state")?, r.get("n")?))).collect();
    let mut text = Text::default();
    text.say("SELECT t.lead, COUNT(*) AS tasks, CAST(SUM(CASE WHEN t.state = 'done' THEN 1 ELSE 0 END) AS BIGINT) AS done,");
    text.say(" CAST(SUM(CASE WHEN t.state <> 'done' AND t.finish_day < ").put(today);
    text.say(" THEN 1 ELSE 0 END) AS BIGINT) AS late, CAST(SUM(t.percent) AS BIGINT) AS percent");
    text.say(" FROM request r CROSS JOIN request_search n CROSS JOIN task t WHERE n.request = r.id");
    text.say(" AND t.request = r.id AND r.state").within(names());
    visible::visible(&mut text, eyes);
    text.say(" GROUP BY t.lead");
    let (sql, values) = text.whole();
    let rows = db.rows_made(sql, values).await?;
    let tasks: Result<Vec<_>> = rows.iter().map(|r| Ok((r.get("lead")?, tally(r)?))).collect();
    Ok((requests?, tasks?))
}

fn tally(row: &Row) -> Result<Tally> {
    Ok(Tally {
        tasks: row.get("tasks")?,
        done: row.get("done")?,
        late: row.get("late")?,
        percent: row.get("percent")?,
    })
}
