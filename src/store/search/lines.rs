//! The lines of a list: what is shown of each request that was found.

use std::collections::BTreeMap;

use super::text::Text;
use crate::domain::obligation::Kind;
use crate::domain::request::{State, Visibility};
use crate::domain::{DepartmentId, PersonId, RequestId, Timestamp};
use crate::store::code::column;
use crate::store::db::{Db, DbError, Row};

type Result<T> = std::result::Result<T, DbError>;

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its number.
    pub id: RequestId,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// Who asks.
    pub initiator: PersonId,
    /// The asking department.
    pub department: DepartmentId,
    /// For whom it is.
    pub visibility: Visibility,
    /// Who owes what about it, longest first.
    pub owes: Vec<Owes>,
}

/// Something that is owed.
#[derive(Clone, Debug, PartialEq)]
pub struct Owes {
    /// Who.
    pub person: PersonId,
    /// What.
    pub kind: Kind,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub due: Timestamp,
}

/// The lines of given requests, in the order given, as far as they exist. Two statements for all.
pub async fn lines(db: &Db, ids: &[RequestId]) -> Result<Vec<Line>> {
    let mut text = Text::default();
    text.say("SELECT id, title, state, initiator, department, visibility FROM request WHERE id").within(ids);
    let (sql, values) = text.whole();
    let rows = db.rows_made(sql, values).await?;
    let mut found = rows.iter().map(line).collect::<Result<BTreeMap<RequestId, Line>>>()?;
    let mut text = Text::default();
    text.say(
        "SELECT request, debtor, kind, opened_at, due_at FROM obligation WHERE closed_at IS NULL \
              AND request",
    );
    text.within(ids).say(" ORDER BY opened_at, id");
    let (sql, values) = text.whole();
    for row in db.rows_made(sql, values).await? {
        if let Some(line) = found.get_mut(&row.get("request")?) {
            line.owes.push(owes(&row)?);
        }
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

fn line(row: &Row) -> Result<(RequestId, Line)> {
    let id: RequestId = row.get("id")?;
    let line = Line {
        id: id.clone(),
        title: row.get("title")?,
        state: column(row, "state")?,
        initiator: row.get("initiator")?,
        department: row.get("department")?,
        visibility: column(row, "visibility")?,
        owes: Vec::new(),
    };
    Ok((id, line))
}

fn owes(row: &Row) -> Result<Owes> {
    Ok(Owes {
        person: row.get("debtor")?,
        kind: column(row, "kind")?,
        since: row.get("opened_at")?,
        due: row.get("due_at")?,
    })
}
