//! Tasks as rows, what was reported on them, and what the daily round looks for.
//!
//! Invariant: a task's row is written by the save of its case file only; rounds find work by it, they never change it.

use super::batch::Batch;
use super::code::{column, from_json, json};
use super::db::{Db, DbError, Row, Source, Tx, args};
use crate::domain::request::Request;
use crate::domain::request::task::{Day, Plan, Reported, Task};
use crate::domain::{Date, PersonId, RequestId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// The tasks of a request, in the order of their numbers.
pub(super) async fn of(from: &mut impl Source, request: &RequestId) -> Result<Vec<Task>> {
    let sql = "SELECT number, name, lead, supporting, deciding, owner, start_day, start_offset, finish_day, \
               finish_offset, deliverable, standard, after_tasks, milestone, state, percent, started_at, finished_at, \
               proposal, report, asked_on, misses, signed FROM task WHERE request = $1 ORDER BY number";
    from.read(sql, args![request]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Task> {
    Ok(Task {
        number: row.get("number")?,
        plan: Plan {
            name: row.get("name")?,
            lead: row.get("lead")?,
            supporting: from_json(row, "supporting")?,
            deciding: row.get("deciding")?,
            owner: row.get("owner")?,
            start: Day { date: row.get("start_day")?, offset: row.get("start_offset")? },
            finish: Day { date: row.get("finish_day")?, offset: row.get("finish_offset")? },
            deliverable: row.get("deliverable")?,
            standard: row.get("standard")?,
            after: from_json(row, "after_tasks")?,
            milestone: row.get("milestone")?,
        },
        state: column(row, "state")?,
        percent: row.get("percent")?,
        started_at: row.get("started_at")?,
        finished_at: row.get("finished_at")?,
        proposal: perhaps(row, "proposal")?,
        report: perhaps(row, "report")?,
        asked_on: row.get("asked_on")?,
        misses: row.get("misses")?,
        signed: perhaps(row, "signed")?,
    })
}

fn perhaps<T: serde::de::DeserializeOwned>(row: &Row, name: &str) -> Result<Option<T>> {
    match row.get::<Option<String>>(name)? {
        Some(_) => from_json(row, name).map(Some),
        None => Ok(None),
    }
}

/// Writes what differs: tasks, the count of numbers given, and what was reported.
pub(super) fn save(out: &mut Batch, old: Option<&Request>, new: &Request) -> Result<()> {
    let had = old.map_or(&[][..], |o| &o.tasks);
    if old.map_or(0, |o| o.tasks_given) != new.tasks_given {
        out.push("UPDATE request SET tasks = $2 WHERE id = $1", args![&new.id, new.tasks_given]);
    }
    for gone in had.iter().filter(|t| new.task(t.number).is_none()) {
        out.push("DELETE FROM task WHERE request = $1 AND number = $2", args![&new.id, gone.number]);
    }
    for task in &new.tasks {
        let before = had.iter().find(|t| t.number == task.number);
        if before == Some(task) {
            continue;
        }
        upsert(out, &new.id, task)?;
        let reported = before.and_then(|t| t.report.as_ref());
        if let Some(report) = task.report.as_ref().filter(|r| Some(*r) != reported) {
            save_report(out, (&new.id, task.number), report);
        }
    }
    Ok(())
}

fn upsert(out: &mut Batch, request: &RequestId, t: &Task) -> Result<()> {
    let sql = "INSERT INTO task (request, number, name, lead, supporting, deciding, owner, start_day, start_offset, \
               finish_day, finish_offset, deliverable, standard, after_tasks, milestone, state, percent, started_at, \
               finished_at, proposal, report, asked_on, misses, signed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
               $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24) \
               ON CONFLICT (request, number) DO UPDATE SET name = excluded.name, lead = excluded.lead, \
               supporting = excluded.supporting, deciding = excluded.deciding, owner = excluded.owner, \
               start_day = excluded.start_day, start_offset = excluded.start_offset, finish_day = excluded.finish_day, \
               finish_offset = excluded.finish_offset, deliverable = excluded.deliverable, \
               standard = excluded.standard, after_tasks = excluded.after_tasks, milestone = excluded.milestone, \
               state = excluded.state, percent = excluded.percent, started_at = excluded.started_at, \
               finished_at = excluded.finished_at, proposal = excluded.proposal, report = excluded.report, \
               asked_on = excluded.asked_on, misses = excluded.misses, signed = excluded.signed";
    let p = &t.plan;
    let values = args![
        request,
        t.number,
        &p.name,
        &p.lead,
        json(&p.supporting)?,
        p.deciding.as_ref(),
        &p.owner,
        p.start.date,
        p.start.offset,
        p.finish.date,
        p.finish.offset,
        &p.deliverable,
        &p.standard,
        json(&p.after)?,
        p.milestone,
        t.state.name(),
        t.percent,
        t.started_at,
        t.finished_at,
        t.proposal.as_ref().map(json).transpose()?,
        t.report.as_ref().map(json).transpose()?,
        t.asked_on,
        t.misses,
        t.signed.as_ref().map(json).transpose()?,
    ];
    out.push(sql, values);
    Ok(())
}

fn save_report(out: &mut Batch, (request, task): (&RequestId, i64), r: &Reported) {
    let sql = "INSERT INTO progress (request, task, day, reported_by, at, percent, done, why_not, next_step, risk) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (request, task, day) DO UPDATE SET \
               reported_by = excluded.reported_by, at = excluded.at, percent = excluded.percent, done = excluded.done, \
               why_not = excluded.why_not, next_step = excluded.next_step, risk = excluded.risk";
    let s = &r.said;
    let values = args![request, task, r.day, &r.by, r.at, s.percent, &s.done, &s.why_not, &s.next, &s.risk];
    out.push(sql, values);
}

/// A task by its request and number.
pub type Key = (RequestId, i64);

/// What a person has to report on: own tasks in progress, and those that the round asked for.
pub async fn to_report(db: &Db, person: &PersonId, most: i64) -> Result<Vec<Key>> {
    let sql = "SELECT request, number FROM task WHERE owner = $1 AND state = 'doing' UNION \
               SELECT request, task AS number FROM obligation WHERE debtor = $1 AND kind = 'report_progress' \
               AND closed_at IS NULL ORDER BY request, number LIMIT $2";
    let rows = db.rows(sql, args![person, most]).await?;
    rows.iter().map(|row| Ok((row.get("request")?, row.get("number")?))).collect()
}

/// Whether any task is in progress.
pub async fn any_doing(db: &Db) -> Result<bool> {
    let sql = "SELECT 1 FROM task t JOIN request r ON r.id = t.request WHERE t.state = 'doing' \
               AND r.state = 'in_progress' LIMIT 1";
    Ok(db.row(sql, args![]).await?.is_some())
}

/// Whether any task was finished since then.
pub async fn any_finished(db: &Db, since: Timestamp) -> Result<bool> {
    let sql = "SELECT 1 FROM task WHERE finished_at >= $1 LIMIT 1";
    Ok(db.row(sql, args![since]).await?.is_some())
}

/// Requests with a task in progress that the round has not looked at on that day.
pub async fn not_asked(db: &Db, day: Date, most: i64) -> Result<Vec<RequestId>> {
    let sql = "SELECT DISTINCT t.request FROM task t JOIN request r ON r.id = t.request WHERE t.state = 'doing' \
               AND (t.asked_on IS NULL OR t.asked_on < $1) AND r.state = 'in_progress' LIMIT $2";
    db.rows(sql, args![day, most]).await?.iter().map(|row| row.get("request")).collect()
}

/// Whether somebody owes a report and was sent no card on that day: a look that costs no turn at the writer.
pub async fn any_unsent(db: &Db, day: Date) -> Result<bool> {
    let sql = "SELECT 1 FROM obligation o LEFT JOIN nudge n ON n.person = o.debtor WHERE o.kind = 'report_progress' \
               AND o.closed_at IS NULL AND (n.day IS NULL OR n.day < $1) LIMIT 1";
    Ok(db.row(sql, args![day]).await?.is_some())
}

/// Takes people who owe a report and were sent no card on that day, and notes that they are; each comes once.
pub async fn take_unsent(tx: &mut Tx, day: Date, most: i64) -> Result<Vec<PersonId>> {
    let sql = "INSERT INTO nudge (person, day) SELECT DISTINCT o.debtor, CAST($1 AS TEXT) FROM obligation o \
               LEFT JOIN nudge n ON n.person = o.debtor WHERE o.kind = 'report_progress' AND o.closed_at IS NULL \
               AND (n.day IS NULL OR n.day < $1) LIMIT $2 \
               ON CONFLICT (person) DO UPDATE SET day = excluded.day WHERE nudge.day < excluded.day RETURNING person";
    tx.rows(sql, args![day, most]).await?.iter().map(|row| row.get("person")).collect()
}

/// Requests with a project group and something to tell it: a task in progress, or one that was reported on or finished
/// on that day, which began at `since`.
pub async fn to_digest(db: &Db, day: Date, since: Timestamp) -> Result<Vec<RequestId>> {
    let sql = "SELECT DISTINCT b.request FROM binding b WHERE b.what = 'project' AND (\
               EXISTS (SELECT 1 FROM task t WHERE t.request = b.request AND (t.state = 'doing' OR t.finished_at >= $2)) OR \
               EXISTS (SELECT 1 FROM progress p WHERE p.request = b.request AND p.day = $1)) ORDER BY b.request";
    db.rows(sql, args![day, since]).await?.iter().map(|row| row.get("request")).collect()
}
