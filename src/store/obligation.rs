//! Obligations as rows, and the claiming of those whose next step is due.
//!
//! Invariant: `fires_at` is NULL exactly when there is no step to come; a closed row has none.

use super::batch::Batch;
use super::code::{column, from_json, json, optional, word};
use super::db::{Db, DbError, Row, Tx, args};
use crate::domain::directory::Holder;
use crate::domain::obligation::{Closed, Next, Obligation, Promise};
use crate::domain::{ObligationId, PersonId, RequestId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// The open obligations of a request, in order of opening.
pub const OPEN: &str = "SELECT id, request, kind, department, debtor, instead_of, transferred, opened_at, delivered_at, due_at, \
     provisional, allowed, ladder, urgent, climbed, urged_at, next_step, next_due, fires_at, outcome, closed_at, closed_by, \
     promised_until, promise, promised_by, promise_open, step_at, task, decision, issue, improvement \
     FROM obligation WHERE request = $1 AND closed_at IS NULL ORDER BY opened_at, id";

/// Reads a row with all columns of an obligation.
pub(super) fn read(row: &Row) -> Result<Obligation> {
    let closed_at: Option<Timestamp> = row.get("closed_at")?;
    let closed = match closed_at {
        Some(at) => Some(Closed { outcome: column(row, "outcome")?, at, by: row.get("closed_by")? }),
        None => None,
    };
    let fires_at = row.get::<Option<Timestamp>>("step_at")?.or(row.get("fires_at")?);
    let next = match (row.get::<Option<i64>>("next_step")?, row.get("next_due")?, fires_at) {
        (Some(index), Some(due), Some(fires_at)) => {
            Some(Next { index: usize::try_from(index).unwrap_or(usize::MAX), due, fires_at })
        }
        _ => None,
    };
    Ok(Obligation {
        id: row.get("id")?,
        kind: column(row, "kind")?,
        department: row.get("department")?,
        debtor: Holder { person: row.get("debtor")?, instead_of: row.get("instead_of")? },
        transferred: row.get("transferred")?,
        opened_at: row.get("opened_at")?,
        delivered_at: row.get("delivered_at")?,
        due_at: row.get("due_at")?,
        provisional: row.get("provisional")?,
        allowed: column(row, "allowed")?,
        ladder: from_json(row, "ladder")?,
        urgent: row.get("urgent")?,
        next,
        climbed: optional(row, "climbed")?,
        urged_at: row.get("urged_at")?,
        closed,
        task: row.get("task")?,
        decision: row.get("decision")?,
        issue: row.get("issue")?,
        improvement: row.get("improvement")?,
        promise: promise(row)?,
    })
}

fn promise(row: &Row) -> Result<Option<Promise>> {
    let Some(until) = row.get("promised_until")? else { return Ok(None) };
    let words: Option<String> = row.get("promise")?;
    let (by, open) = (row.get("promised_by")?, row.get("promise_open")?);
    Ok(Some(Promise { until, words: words.unwrap_or_default(), by, open }))
}

/// Writes a newly opened obligation.
pub(super) fn insert(out: &mut Batch, request: &RequestId, o: &Obligation) -> Result<()> {
    let sql = "INSERT INTO obligation (id, request, kind, department, debtor, instead_of, opened_at, delivered_at, \
               due_at, provisional, allowed, ladder, urgent, climbed, urged_at, next_step, next_due, fires_at, attempts, \
               task, decision, issue, improvement) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 0, $19, $20, $21, $22)";
    let next = next_columns(o);
    let values = args![
        &o.id,
        request,
        o.kind.name(),
        &o.department,
        &o.debtor.person,
        o.debtor.instead_of.as_ref(),
        o.opened_at,
        o.delivered_at,
        o.due_at,
        o.provisional,
        word(&o.allowed)?,
        json(&o.ladder)?,
        o.urgent,
        o.climbed.map(|r| word(&r)).transpose()?,
        o.urged_at,
        next.0,
        next.1,
        next.2,
        o.task,
        o.decision,
        o.issue,
        o.improvement,
    ];
    out.push(sql, values);
    Ok(())
}

/// Writes what changed: the ladder moves on, or the obligation ends. A lease ends with the step that it was for.
pub(super) fn update(out: &mut Batch, o: &Obligation, used_ms: Option<i64>) -> Result<()> {
    let sql = "UPDATE obligation SET delivered_at = $2, due_at = $3, provisional = $4, climbed = $5, urged_at = $6, \
               next_step = $7, next_due = $8, fires_at = $9, outcome = $10, closed_at = $11, closed_by = $12, \
               used_ms = $13, lease_owner = NULL, lease_until = NULL, attempts = 0, debtor = $14, instead_of = $15, \
               transferred = $16, promised_until = $17, promise = $18, promised_by = $19, promise_open = $20, step_at = $21, \
               department = $22 \
               WHERE id = $1 AND closed_at IS NULL";
    let next = next_columns(o);
    let closed = o.closed.as_ref();
    let values = args![
        &o.id,
        o.delivered_at,
        o.due_at,
        o.provisional,
        o.climbed.map(|r| word(&r)).transpose()?,
        o.urged_at,
        next.0,
        next.1,
        next.2,
        closed.map(|c| word(&c.outcome)).transpose()?,
        closed.map(|c| c.at),
        closed.and_then(|c| c.by.as_ref()),
        used_ms,
        &o.debtor.person,
        o.debtor.instead_of.as_ref(),
        o.transferred,
        o.promise.as_ref().map(|p| p.until),
        o.promise.as_ref().map(|p| p.words.as_str()),
        o.promise.as_ref().map(|p| &p.by),
        o.promise.as_ref().is_some_and(|p| p.open),
        next.3,
        &o.department,
    ];
    out.push_one(sql, values);
    Ok(())
}

/// Writes an open obligation that follows other rules from now on: nothing else of it changes at the same time.
pub(super) fn update_rules(out: &mut Batch, o: &Obligation) -> Result<()> {
    let sql = "UPDATE obligation SET due_at = $2, provisional = $3, allowed = $4, ladder = $5, urgent = $6, \
               next_step = $7, next_due = $8, fires_at = $9, step_at = $10, lease_owner = NULL, lease_until = NULL, \
               attempts = 0 WHERE id = $1 AND closed_at IS NULL";
    let next = next_columns(o);
    let (allowed, ladder) = (word(&o.allowed)?, json(&o.ladder)?);
    out.push_one(
        sql,
        args![&o.id, o.due_at, o.provisional, allowed, ladder, o.urgent, next.0, next.1, next.2, next.3],
    );
    Ok(())
}

/// `next_step`, `next_due`, `fires_at`, `step_at`: what comes first, and the ladder's own where that is a promise.
type NextColumns = (Option<i64>, Option<Timestamp>, Option<Timestamp>, Option<Timestamp>);

fn next_columns(o: &Obligation) -> NextColumns {
    let index = o.next.map(|n| i64::try_from(n.index).unwrap_or(i64::MAX));
    let (due, own) = (o.next.map(|n| n.due), o.next.map(|n| n.fires_at));
    match o.promise_first() {
        Some(until) => (index, due, Some(until), own),
        None => (index, due, own, None),
    }
}

/// A step that is due, leased to one worker.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// Whose ladder.
    pub obligation: ObligationId,
    /// Which request's case file.
    pub request: RequestId,
    /// What it is.
    pub timer: Timer,
    /// How often it was leased, this time included.
    pub attempts: i64,
}

/// What came due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// A step of the ladder: its place and the instant of the rule.
    Step { index: usize, due: Timestamp },
    /// The time of a promise.
    Promise { until: Timestamp },
}

/// Who leases, and until when: on the machine's own clock.
#[derive(Clone, Copy, Debug)]
pub struct Lease<'a> {
    /// The worker.
    pub owner: &'a str,
    /// The machine's time now.
    pub now: Timestamp,
    /// When others may take over.
    pub until: Timestamp,
}

/// Leases up to `most` steps that are due at `now` and not leased to anybody else, oldest first.
pub async fn lease_due(db: &Db, now: Timestamp, lease: Lease<'_>, most: i64) -> Result<Vec<Due>> {
    let sql = "WITH due AS MATERIALIZED (\
                 SELECT id FROM obligation WHERE fires_at <= $1 AND fires_at IS NOT NULL AND set_aside IS NULL \
                 AND (lease_until IS NULL OR lease_until < $2) \
                 ORDER BY fires_at LIMIT $5 /*for update*/ /*skip locked*/) \
               UPDATE obligation SET lease_owner = $3, lease_until = $4, attempts = attempts + 1 \
               WHERE id IN (SELECT id FROM due) \
               RETURNING id, request, next_step, next_due, fires_at, attempts, promised_until, promise_open, step_at";
    let mut tx = db.begin().await?;
    let rows = tx.rows(sql, args![now, lease.now, lease.owner, lease.until, most]).await?;
    tx.commit().await?;
    let mut found = rows
        .iter()
        .map(|row| Ok((row.get::<Timestamp>("fires_at")?, due(row)?)))
        .collect::<Result<Vec<_>>>()?;
    found.sort_by(|a, b| (a.0, &a.1.obligation).cmp(&(b.0, &b.1.obligation)));
    Ok(found.into_iter().map(|(_, due)| due).collect())
}

fn due(row: &Row) -> Result<Due> {
    let step: Option<i64> = row.get("next_step")?;
    let first = row.get::<bool>("promise_open")?
        && (step.is_none() || row.get::<Option<Timestamp>>("step_at")?.is_some());
    let timer = if first {
        Timer::Promise { until: row.get("promised_until")? }
    } else {
        let index = usize::try_from(row.get::<i64>("next_step")?).unwrap_or(usize::MAX);
        Timer::Step { index, due: row.get("next_due")? }
    };
    Ok(Due {
        obligation: row.get("id")?,
        request: row.get("request")?,
        timer,
        attempts: row.get("attempts")?,
    })
}

/// When the next step fires or a risk plan has to be looked at; leased steps are left out of account only when they are
/// already due.
pub async fn next_due(db: &Db) -> Result<Option<Timestamp>> {
    let sql = "SELECT fires_at FROM (SELECT fires_at FROM obligation WHERE fires_at IS NOT NULL AND set_aside IS NULL \
                 ORDER BY fires_at LIMIT 1) AS step \
               UNION ALL SELECT looks_at FROM (SELECT looks_at FROM risk WHERE looks_at IS NOT NULL \
                 ORDER BY looks_at LIMIT 1) AS look";
    let rows = db.rows(sql, args![]).await?;
    let moments = rows.iter().map(|row| row.get("fires_at")).collect::<Result<Vec<Timestamp>>>()?;
    Ok(moments.into_iter().min())
}

/// A step that cannot be taken is set aside with the reason; the others go on.
pub async fn set_aside(db: &Db, id: &ObligationId, why: &str) -> Result<()> {
    let mut tx = db.begin().await?;
    tx.execute("UPDATE obligation SET set_aside = $2 WHERE id = $1", args![id, why]).await?;
    tx.commit().await
}

/// Takes set-aside steps up again; all, or one. How many.
pub async fn take_up(tx: &mut Tx, id: Option<&str>) -> Result<u64> {
    let sql = "UPDATE obligation SET set_aside = NULL, attempts = 0, lease_until = NULL \
               WHERE set_aside IS NOT NULL AND ($1 IS NULL OR id = $1)";
    tx.execute(sql, args![id]).await
}

/// A step that was set aside, for the administrator.
#[derive(Clone, Debug)]
pub struct Aside {
    /// Its obligation.
    pub id: String,
    /// What it is about.
    pub request: RequestId,
    /// Whose it is.
    pub debtor: PersonId,
    /// Why.
    pub why: String,
}

/// What is set aside, oldest first.
pub async fn aside(db: &Db, most: i64) -> Result<Vec<Aside>> {
    let sql = "SELECT id, request, debtor, set_aside FROM obligation \
               WHERE set_aside IS NOT NULL AND closed_at IS NULL ORDER BY id LIMIT $1";
    let read = |r: &Row| {
        let (id, request) = (r.get("id")?, r.get("request")?);
        Ok(Aside { id, request, debtor: r.get("debtor")?, why: r.get("set_aside")? })
    };
    db.rows(sql, args![most]).await?.iter().map(read).collect()
}

/// An obligation with the request it belongs to.
#[derive(Clone, Debug)]
pub struct Owed {
    /// Its request.
    pub request: RequestId,
    /// The title of that request.
    pub title: String,
    /// The obligation.
    pub obligation: Obligation,
}

/// What a person owes, soonest first.
pub async fn of_debtor(db: &Db, person: &str, most: i64) -> Result<Vec<Owed>> {
    owed(
        db,
        " WHERE o.closed_at IS NULL AND o.debtor = $1 ORDER BY o.due_at, o.id LIMIT $2",
        args![person, most],
    )
    .await
}

/// The steps that fire next, soonest first.
pub async fn upcoming(db: &Db, most: i64) -> Result<Vec<Owed>> {
    owed(
        db,
        " WHERE o.fires_at IS NOT NULL AND o.set_aside IS NULL ORDER BY o.fires_at, o.id LIMIT $1",
        args![most],
    )
    .await
}

/// Open obligations that the auditor should look at, in order of their keys, after one of them: no step to come though
/// the ladder may have one.
pub async fn without_step(db: &Db, after: &str, most: i64) -> Result<Vec<Owed>> {
    let tail = " WHERE o.closed_at IS NULL AND o.fires_at IS NULL AND o.id > $1 ORDER BY o.id LIMIT $2";
    owed(db, tail, args![after, most]).await
}

/// Open obligations in order of their keys, after one of them.
pub async fn open_after(db: &Db, after: &str, most: i64) -> Result<Vec<Owed>> {
    owed(db, " WHERE o.closed_at IS NULL AND o.id > $1 ORDER BY o.id LIMIT $2", args![after, most]).await
}

/// Those among them whose deadline lies beyond the known holidays.
pub async fn provisional(db: &Db, after: &str, most: i64) -> Result<Vec<Owed>> {
    let tail = " WHERE o.provisional AND o.closed_at IS NULL AND o.id > $1 ORDER BY o.id LIMIT $2";
    owed(db, tail, args![after, most]).await
}

/// Open obligations that a person owes, or that somebody owes instead of him.
pub async fn concerning(db: &Db, person: &PersonId) -> Result<Vec<(RequestId, ObligationId)>> {
    let sql = "SELECT request, id FROM obligation WHERE debtor = $1 AND closed_at IS NULL \
               UNION SELECT request, id FROM obligation \
               WHERE instead_of = $1 AND instead_of IS NOT NULL AND closed_at IS NULL ORDER BY id";
    let rows = db.rows(sql, args![person]).await?;
    rows.iter().map(|row| Ok((row.get("request")?, row.get("id")?))).collect()
}

/// Steps that are late by more than they should be, or set aside.
pub async fn overdue_steps(db: &Db, before: Timestamp) -> Result<(i64, i64)> {
    let sql = "SELECT COUNT(*) AS late, \
               (SELECT COUNT(*) FROM obligation WHERE set_aside IS NOT NULL AND closed_at IS NULL) AS aside \
               FROM obligation WHERE fires_at IS NOT NULL AND fires_at < $1 AND set_aside IS NULL";
    match db.row(sql, args![before]).await? {
        Some(row) => Ok((row.get("late")?, row.get("aside")?)),
        None => Ok((0, 0)),
    }
}

async fn owed(db: &Db, tail: &'static str, values: Vec<super::db::Val>) -> Result<Vec<Owed>> {
    let head = "SELECT o.id, o.request, o.kind, o.department, o.debtor, o.instead_of, o.transferred, o.opened_at, o.delivered_at, \
                o.due_at, o.provisional, o.allowed, o.ladder, o.urgent, o.climbed, o.urged_at, o.next_step, o.next_due, \
                o.fires_at, o.outcome, o.closed_at, o.closed_by, o.promised_until, o.promise, o.promised_by, \
                o.promise_open, o.step_at, o.task, o.decision, o.issue, o.improvement, r.title \
                FROM obligation o JOIN request r ON r.id = o.request";
    let rows = db.rows_made(super::db::Sql::pieces(&[head, tail]), values).await?;
    rows.iter()
        .map(|row| {
            Ok(Owed { request: row.get("request")?, title: row.get("title")?, obligation: read(row)? })
        })
        .collect()
}
