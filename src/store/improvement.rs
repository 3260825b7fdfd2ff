//! Improvement items as rows.
//!
//! Invariant: an item's row is written by the save of its case file only.

use super::batch::Batch;
use super::db::{DbError, Row, Source, args};
use crate::domain::request::Request;
use crate::domain::request::improvement::{Finished, Improvement, TakenBack};
use crate::domain::{PersonId, RequestId};

type Result<T> = std::result::Result<T, DbError>;

/// The improvement items of a case file, in the order of their numbers.
pub(super) async fn of(from: &mut impl Source, request: &RequestId) -> Result<Vec<Improvement>> {
    let sql = "SELECT number, subject, owner, due, issue, set_by, set_at, obligation, finished_by, on_behalf_of, \
               finished_at, effect, taken_back_by, taken_back_at, taken_back_why FROM improvement WHERE request = $1 ORDER BY number";
    from.read(sql, args![request]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Improvement> {
    Ok(Improvement {
        number: row.get("number")?,
        subject: row.get("subject")?,
        owner: row.get("owner")?,
        due: row.get("due")?,
        issue: row.get("issue")?,
        set_by: row.get("set_by")?,
        set_at: row.get("set_at")?,
        owed: row.get("obligation")?,
        finished: finished(row)?,
        taken_back: taken_back(row)?,
    })
}

fn finished(row: &Row) -> Result<Option<Finished>> {
    let Some(by) = row.get::<Option<PersonId>>("finished_by")? else { return Ok(None) };
    let (on_behalf_of, at, effect) = (row.get("on_behalf_of")?, row.get("finished_at")?, row.get("effect")?);
    Ok(Some(Finished { by, on_behalf_of, at, effect }))
}

fn taken_back(row: &Row) -> Result<Option<TakenBack>> {
    let Some(by) = row.get::<Option<PersonId>>("taken_back_by")? else { return Ok(None) };
    Ok(Some(TakenBack { by, at: row.get("taken_back_at")?, reason: row.get("taken_back_why")? }))
}

/// Writes what differs, and the count of numbers given.
pub(super) fn save(out: &mut Batch, old: Option<&Request>, new: &Request) -> Result<()> {
    let had = old.map_or(&[][..], |o| &o.improvements);
    if old.map_or(0, |o| o.improvements_given) != new.improvements_given {
        let sql = "UPDATE request SET improvements = $2 WHERE id = $1";
        out.push(sql, args![&new.id, new.improvements_given]);
    }
    for item in new.improvements.iter().filter(|i| !had.contains(i)) {
        upsert(out, &new.id, item);
    }
    Ok(())
}

fn upsert(out: &mut Batch, request: &RequestId, i: &Improvement) {
    let sql = "INSERT INTO improvement (request, number, subject, owner, due, issue, set_by, set_at, obligation, \
               finished_by, on_behalf_of, finished_at, effect, taken_back_by, taken_back_at, taken_back_why) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
               ON CONFLICT (request, number) DO UPDATE SET finished_by = excluded.finished_by, \
               on_behalf_of = excluded.on_behalf_of, finished_at = excluded.finished_at, effect = excluded.effect, \
               taken_back_by = excluded.taken_back_by, taken_back_at = excluded.taken_back_at, \
               taken_back_why = excluded.taken_back_why";
    let (done, back) = (i.finished.as_ref(), i.taken_back.as_ref());
    let values = args![
        request,
        i.number,
        &i.subject,
        &i.owner,
        i.due,
        i.issue,
        &i.set_by,
        i.set_at,
        &i.owed,
        done.map(|d| &d.by),
        done.and_then(|d| d.on_behalf_of.as_ref()),
        done.map(|d| d.at),
        done.map(|d| d.effect.as_str()),
        back.map(|b| &b.by),
        back.map(|b| b.at),
        back.map(|b| b.reason.as_str()),
    ];
    out.push(sql, values);
}
