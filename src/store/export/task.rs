//! Tasks as an export shows them: the plan, and how far it is.
//!
//! Invariant: the columns of the plan are called as the sheets that are imported call them.

use serde_json::{Map, Value};

use super::super::db::Row;
use super::{Result, columns, parsed};

/// A page of them, in the order of their requests and numbers.
pub(super) const SQL: &str = "SELECT q.filed_at AS at, t.request || '/' || CAST(1000000000 + t.number AS TEXT) AS cursor, \
     t.request AS request, t.number AS number, t.name AS name, t.lead AS lead, t.supporting AS supporting, \
     t.deciding AS deciding, t.owner AS owner, t.start_day AS start, t.finish_day AS finish, \
     t.deliverable AS deliverable, t.standard AS standard, t.after_tasks AS after, t.milestone AS milestone, \
     t.state AS state, t.percent AS percent, t.started_at AS started_at, t.finished_at AS finished_at \
     FROM task t JOIN request q ON q.id = t.request WHERE q.filed_at >= $1 \
     AND (q.filed_at, t.request || '/' || CAST(1000000000 + t.number AS TEXT)) > ($2, $3) \
     ORDER BY q.filed_at, t.request || '/' || CAST(1000000000 + t.number AS TEXT) LIMIT $4";

/// One of them.
pub(super) fn object(r: &Row) -> Result<Map<String, Value>> {
    let texts = [
        "request",
        "name",
        "lead",
        "deciding",
        "owner",
        "start",
        "finish",
        "deliverable",
        "standard",
        "state",
    ];
    let mut object =
        columns(r, &texts, &["number", "percent"], &["started_at", "finished_at"], &["milestone"])?;
    for name in ["supporting", "after"] {
        object.insert(name.to_owned(), parsed(r, name)?);
    }
    Ok(object)
}
