//! Issues as rows.
//!
//! Invariant: an issue's row is written by the save of its case file only; lists find issues by it, they never change it.

use super::batch::Batch;
use super::code::{column, from_json, json};
use super::db::{Db, DbError, Row, Source, args};
use crate::domain::request::Request;
use crate::domain::request::issue::{Issue, Mark, Report};
use crate::domain::{RequestId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// The issues of a case file, in the order of their numbers.
pub(super) async fn of(from: &mut impl Source, request: &RequestId) -> Result<Vec<Issue>> {
    let sql = "SELECT number, task, topic, severity, description, scope, happened_at, fix_by, department, reporter, \
               reported_at, late, state, responded_by, responded_at, coordination, solution, resolver, updates, \
               resolution, resolved_by, resolved_at, closed_by, closed_at, reopened, also, reports, heard_at, moves \
               FROM issue WHERE request = $1 ORDER BY number";
    from.read(sql, args![request]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Issue> {
    Ok(Issue {
        number: row.get("number")?,
        report: Report {
            task: row.get("task")?,
            topic: column(row, "topic")?,
            severity: column(row, "severity")?,
            text: row.get("description")?,
            scope: row.get("scope")?,
            happened_at: row.get("happened_at")?,
            fix_by: row.get("fix_by")?,
            department: row.get("department")?,
        },
        reporter: row.get("reporter")?,
        reported_at: row.get("reported_at")?,
        late: row.get("late")?,
        state: column(row, "state")?,
        response: mark(row, "responded_by", "responded_at")?,
        coordination: perhaps(row, "coordination")?,
        solution: perhaps(row, "solution")?,
        resolver: row.get("resolver")?,
        updates: from_json(row, "updates")?,
        resolution: perhaps(row, "resolution")?,
        resolved: mark(row, "resolved_by", "resolved_at")?,
        closed: mark(row, "closed_by", "closed_at")?,
        reopened: from_json(row, "reopened")?,
        also: from_json(row, "also")?,
        count: row.get("reports")?,
        heard_at: row.get("heard_at")?,
        moves: from_json(row, "moves")?,
    })
}

fn mark(row: &Row, by: &str, at: &str) -> Result<Option<Mark>> {
    Ok(match (row.get(by)?, row.get::<Option<Timestamp>>(at)?) {
        (Some(by), Some(at)) => Some(Mark { by, at }),
        _ => None,
    })
}

fn perhaps<T: serde::de::DeserializeOwned>(row: &Row, name: &str) -> Result<Option<T>> {
    match row.get::<Option<String>>(name)? {
        Some(_) => from_json(row, name).map(Some),
        None => Ok(None),
    }
}

/// Writes what differs: issues, and the count of numbers given.
pub(super) fn save(out: &mut Batch, old: Option<&Request>, new: &Request) -> Result<()> {
    if old.map_or(0, |o| o.issues_given) != new.issues_given {
        out.push("UPDATE request SET issues = $2 WHERE id = $1", args![&new.id, new.issues_given]);
    }
    for issue in &new.issues {
        if old.and_then(|o| o.issue(issue.number)) != Some(issue) {
            upsert(out, &new.id, issue)?;
        }
    }
    Ok(())
}

fn upsert(out: &mut Batch, request: &RequestId, i: &Issue) -> Result<()> {
    let sql = "INSERT INTO issue (request, number, task, topic, severity, description, scope, happened_at, fix_by, \
               department, reporter, reported_at, late, state, responded_by, responded_at, coordination, solution, \
               resolver, updates, resolution, resolved_by, resolved_at, closed_by, closed_at, reopened, also, reports, \
               heard_at, moves) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
               $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30) \
               ON CONFLICT (request, number) DO UPDATE SET severity = excluded.severity, \
               department = excluded.department, state = excluded.state, responded_by = excluded.responded_by, \
               responded_at = excluded.responded_at, coordination = excluded.coordination, \
               solution = excluded.solution, resolver = excluded.resolver, updates = excluded.updates, \
               resolution = excluded.resolution, resolved_by = excluded.resolved_by, \
               resolved_at = excluded.resolved_at, closed_by = excluded.closed_by, closed_at = excluded.closed_at, \
               reopened = excluded.reopened, also = excluded.also, reports = excluded.reports, \
               heard_at = excluded.heard_at, moves = excluded.moves";
    let (r, by) = (&i.report, |mark: &Option<Mark>| mark.as_ref().map(|m| m.by.clone()));
    let at = |mark: &Option<Mark>| mark.as_ref().map(|m| m.at);
    let values = args![
        request,
        i.number,
        r.task,
        r.topic.name(),
        r.severity.name(),
        &r.text,
        &r.scope,
        r.happened_at,
        r.fix_by,
        &r.department,
        &i.reporter,
        i.reported_at,
        i.late,
        i.state.name(),
        by(&i.response).as_ref(),
        at(&i.response),
        i.coordination.as_ref().map(json).transpose()?,
        i.solution.as_ref().map(json).transpose()?,
        i.resolver.as_ref(),
        json(&i.updates)?,
        i.resolution.as_ref().map(json).transpose()?,
        by(&i.resolved).as_ref(),
        at(&i.resolved),
        by(&i.closed).as_ref(),
        at(&i.closed),
        json(&i.reopened)?,
        json(&i.also)?,
        i.count,
        i.heard_at,
        json(&i.moves)?,
    ];
    out.push(sql, values);
    Ok(())
}

/// An issue by its case file and number.
pub type Key = (RequestId, i64);

/// How many issues of a severity are not closed; one without any is not named.
pub async fn open_by_severity(db: &Db) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT severity, COUNT(*) AS n FROM issue WHERE state <> 'closed' GROUP BY severity";
    db.rows(sql, args![]).await?.iter().map(|row| Ok((row.get("severity")?, row.get("n")?))).collect()
}

/// Issues that are not closed, the newest first.
pub async fn open(db: &Db, most: i64) -> Result<Vec<Key>> {
    let sql = "SELECT request, number FROM issue WHERE state <> 'closed' ORDER BY reported_at DESC, request, number LIMIT $1";
    let rows = db.rows(sql, args![most]).await?;
    rows.iter().map(|row| Ok((row.get("request")?, row.get("number")?))).collect()
}
