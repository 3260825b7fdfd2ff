//! What makes a request findable, written with its content and its comments; and filled in for those that have none.
//!
//! Invariant: rows here change with a revision and with a comment only, never with a click. The bits of older words stay
//! set: they cost a look at the text, and find nothing that is not there.

use super::super::audit;
use super::super::batch::Batch;
use super::super::db::{Db, DbError, Val, args};
use super::super::request;
use super::Place;
use crate::domain::change::{Audit, Value};
use crate::domain::request::Request;
use crate::domain::search::{self, Signature};
use crate::domain::{RequestId, Timestamp};
use crate::store::code::word;

type Result<T> = std::result::Result<T, DbError>;

/// The columns of a signature.
macro_rules! lanes {
    () => {
        "s00, s01, s02, s03, s04, s05, s06, s07, \
         s08, s09, s10, s11, s12, s13, s14, s15, \
         s16, s17, s18, s19, s20, s21, s22, s23, \
         s24, s25, s26, s27, s28, s29, s30, s31"
    };
}

pub(super) use lanes;

/// What a request is found by from now on: its content with its asks.
pub fn content(out: &mut Batch, r: &Request) -> Result<()> {
    let sql = concat!(
        "INSERT INTO request_search (filed_at, request, revision, visibility, initiator, department, sides, ",
        lanes!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39) \
         ON CONFLICT (request) DO UPDATE SET revision = excluded.revision, visibility = excluded.visibility, \
         sides = excluded.sides, place = NULL, ",
        "s00 = request_search.s00 | excluded.s00, s01 = request_search.s01 | excluded.s01, \
         s02 = request_search.s02 | excluded.s02, s03 = request_search.s03 | excluded.s03, \
         s04 = request_search.s04 | excluded.s04, s05 = request_search.s05 | excluded.s05, \
         s06 = request_search.s06 | excluded.s06, s07 = request_search.s07 | excluded.s07, \
         s08 = request_search.s08 | excluded.s08, s09 = request_search.s09 | excluded.s09, \
         s10 = request_search.s10 | excluded.s10, s11 = request_search.s11 | excluded.s11, \
         s12 = request_search.s12 | excluded.s12, s13 = request_search.s13 | excluded.s13, \
         s14 = request_search.s14 | excluded.s14, s15 = request_search.s15 | excluded.s15, \
         s16 = request_search.s16 | excluded.s16, s17 = request_search.s17 | excluded.s17, \
         s18 = request_search.s18 | excluded.s18, s19 = request_search.s19 | excluded.s19, \
         s20 = request_search.s20 | excluded.s20, s21 = request_search.s21 | excluded.s21, \
         s22 = request_search.s22 | excluded.s22, s23 = request_search.s23 | excluded.s23, \
         s24 = request_search.s24 | excluded.s24, s25 = request_search.s25 | excluded.s25, \
         s26 = request_search.s26 | excluded.s26, s27 = request_search.s27 | excluded.s27, \
         s28 = request_search.s28 | excluded.s28, s29 = request_search.s29 | excluded.s29, \
         s30 = request_search.s30 | excluded.s30, s31 = request_search.s31 | excluded.s31",
        " WHERE request_search.revision <= excluded.revision",
    );
    let words = search::fold(&words_of(r));
    let sides = r.asks.iter().map(|a| &a.department).chain([&r.department]);
    let mut values = args![
        r.filed_at,
        &r.id,
        r.revision,
        word(&r.content.visibility)?,
        &r.initiator,
        &r.department,
        search::department_bits(sides),
    ];
    values.extend(bits(Signature::of(&words)));
    out.push(sql, values);
    text(out, &r.id, 0, &words);
    Ok(())
}

/// A comment is found, too; `n` is its line of the history.
pub fn comment(out: &mut Batch, request: &RequestId, n: i64, audit: &Audit) {
    let Some(Value::Text(said)) = audit.with.get("text") else { return };
    let sql = concat!(
        "UPDATE request_search SET place = NULL, ",
        "s00 = s00 | $2, s01 = s01 | $3, s02 = s02 | $4, s03 = s03 | $5, s04 = s04 | $6, \
         s05 = s05 | $7, s06 = s06 | $8, s07 = s07 | $9, s08 = s08 | $10, s09 = s09 | $11, \
         s10 = s10 | $12, s11 = s11 | $13, s12 = s12 | $14, s13 = s13 | $15, s14 = s14 | $16, \
         s15 = s15 | $17, s16 = s16 | $18, s17 = s17 | $19, s18 = s18 | $20, s19 = s19 | $21, \
         s20 = s20 | $22, s21 = s21 | $23, s22 = s22 | $24, s23 = s23 | $25, s24 = s24 | $26, \
         s25 = s25 | $27, s26 = s26 | $28, s27 = s27 | $29, s28 = s28 | $30, s29 = s29 | $31, \
         s30 = s30 | $32, s31 = s31 | $33",
        " WHERE request = $1",
    );
    let words = search::fold(said);
    let mut values = args![request];
    values.extend(bits(Signature::of(&words)));
    out.push(sql, values);
    text(out, request, n, &words);
}

fn text(out: &mut Batch, request: &RequestId, part: i64, words: &str) {
    let sql = "INSERT INTO request_text (request, part, words) VALUES ($1, $2, $3) \
               ON CONFLICT (request, part) DO UPDATE SET words = excluded.words";
    out.push(sql, args![request, part, words]);
}

fn bits(signature: Signature) -> impl Iterator<Item = Val> {
    signature.lanes().into_iter().map(|lane| Val::Int(Some(lane)))
}

/// All that was typed into the form, and the number.
fn words_of(r: &Request) -> String {
    let c = &r.content;
    let own =
        [r.id.as_str(), &c.title, &c.background, &c.goal, &c.people, &c.equipment, &c.risks, &c.acceptance];
    let links = c.attachments.iter().map(|link| link.name.as_str());
    let asks = r.asks.iter().flat_map(|a| [&a.task.task, &a.task.deliverable, &a.task.resources]);
    own.into_iter().chain(links).chain(asks.map(String::as_str)).collect::<Vec<_>>().join("\n")
}

/// Requests older than a place that are not findable as they stand, newest first: an older release filed them.
async fn missing(db: &Db, before: Option<&Place>, most: i64) -> Result<Vec<Place>> {
    let sql = "SELECT r.filed_at, r.id FROM request r WHERE (r.filed_at, r.id) < ($1, $2) AND r.state <> 'standing' AND NOT EXISTS \
               (SELECT 1 FROM request_search n WHERE n.request = r.id AND n.revision = r.revision) \
               ORDER BY r.filed_at DESC, r.id DESC LIMIT $3";
    let (at, id) = before.map_or((Timestamp::MAX, ""), |place| (place.at, place.request.as_str()));
    let rows = db.rows(sql, args![at, id, most]).await?;
    rows.iter().map(|r| Ok(Place { at: r.get("filed_at")?, request: r.get("id")? })).collect()
}

/// Makes the next of them findable; where to go on, or `None` when there are no more. It can be interrupted, and done
/// by two replicas at once.
pub async fn fill(db: &Db, before: Option<&Place>, most: i64) -> Result<Option<Place>> {
    let missing = missing(db, before, most).await?;
    let mut out = Batch::default();
    for Place { request: id, .. } in &missing {
        let Some((_, file)) = request::load(&mut &*db, id).await? else { continue };
        content(&mut out, &file)?;
        for line in audit::of_kind(db, id.as_str(), "commented").await? {
            comment(&mut out, id, line.n, &line.audit);
        }
    }
    let mut tx = db.begin().await?;
    out.write(&mut tx).await?;
    tx.commit().await?;
    Ok(missing.into_iter().last())
}
