//! Improvement items as an export shows them: what, who, by when, and what came of it.

use serde_json::{Map, Value};

use super::super::db::Row;
use super::{Result, columns};

/// A page of them, in the order in which they were set.
pub(super) const SQL: &str = "SELECT set_at AS at, request || '/' || CAST(1000000000 + number AS TEXT) AS cursor, \
     request, number, subject, owner, due, issue, set_by, finished_by, on_behalf_of, finished_at, effect, taken_back_by, \
     taken_back_at, taken_back_why \
     FROM improvement WHERE set_at >= $1 AND (set_at, request || '/' || CAST(1000000000 + number AS TEXT)) > ($2, $3) \
     ORDER BY set_at, request || '/' || CAST(1000000000 + number AS TEXT) LIMIT $4";

/// One of them.
pub(super) fn object(r: &Row) -> Result<Map<String, Value>> {
    let texts = [
        "request",
        "subject",
        "owner",
        "due",
        "set_by",
        "finished_by",
        "on_behalf_of",
        "effect",
        "taken_back_by",
        "taken_back_why",
    ];
    columns(r, &texts, &["number", "issue"], &["finished_at", "taken_back_at"], &[])
}
