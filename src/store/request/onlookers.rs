//! Who looks on at a request, as rows; the request's own row says whether there are any.

use crate::domain::RequestId;
use crate::domain::request::{Onlooker, Request};
use crate::store::batch::Batch;
use crate::store::code::{column, word};
use crate::store::db::{DbError, Source, args};

type Result<T> = std::result::Result<T, DbError>;

/// Those of a request, first come first.
pub(super) async fn onlookers(from: &mut impl Source, id: &RequestId) -> Result<Vec<Onlooker>> {
    let sql = "SELECT person, part, since, put_by FROM onlooker WHERE request = $1 ORDER BY since, person";
    let rows = from.read(sql, args![id]).await?;
    rows.iter()
        .map(|row| {
            Ok(Onlooker {
                person: row.get("person")?,
                part: column(row, "part")?,
                since: row.get("since")?,
                put_by: row.get("put_by")?,
            })
        })
        .collect()
}

/// Writes those that differ, and how many there are.
pub(super) fn save_onlookers(out: &mut Batch, old: Option<&Request>, new: &Request) -> Result<()> {
    let had = old.map_or(&[][..], |o| &o.onlookers);
    if had == new.onlookers.as_slice() {
        return Ok(());
    }
    for gone in had.iter().filter(|o| new.part_of(&o.person).is_none()) {
        let sql = "DELETE FROM onlooker WHERE request = $1 AND person = $2";
        out.push(sql, args![&new.id, &gone.person]);
    }
    for onlooker in new.onlookers.iter().filter(|o| !had.contains(o)) {
        let sql = "INSERT INTO onlooker (request, person, part, since, put_by) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (request, person) DO UPDATE SET part = excluded.part, since = excluded.since, \
                   put_by = excluded.put_by";
        let part = word(&onlooker.part)?;
        out.push(sql, args![&new.id, &onlooker.person, part, onlooker.since, &onlooker.put_by]);
    }
    let count = i64::try_from(new.onlookers.len()).unwrap_or(i64::MAX);
    out.push("UPDATE request SET onlookers = $2 WHERE id = $1", args![&new.id, count]);
    Ok(())
}
