//! Risk plans as rows, what they fired with them.
//!
//! Invariant: a plan's row is written by the save of its case file only.

use super::batch::Batch;
use super::code::{column, from_json, json, word};
use super::db::{Db, DbError, Row, Source, args};
use crate::domain::RequestId;
use crate::domain::Timestamp;
use crate::domain::request::Request;
use crate::domain::request::risk::{Plan, Risk, Trigger, Watched};

type Result<T> = std::result::Result<T, DbError>;

/// `watched` of a plan that looks at the critical path: no task has this number.
const PATH: i64 = 0;

/// The risk plans of a request, in the order of their numbers.
pub(super) async fn of(from: &mut impl Source, request: &RequestId) -> Result<Vec<Risk>> {
    let sql = "SELECT number, kind, description, likelihood, impact, measure, owner, superior, measure_days, watched, \
               thresholds, state, planned_by, planned_at, firings, looks_at FROM risk WHERE request = $1 ORDER BY number";
    from.read(sql, args![request]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Risk> {
    let trigger = match row.get("watched")? {
        None => Trigger::ByHand,
        Some(PATH) => Trigger::Late { watched: Watched::Path, thresholds: from_json(row, "thresholds")? },
        Some(task) => {
            Trigger::Late { watched: Watched::Task(task), thresholds: from_json(row, "thresholds")? }
        }
    };
    Ok(Risk {
        number: row.get("number")?,
        plan: Plan {
            kind: column(row, "kind")?,
            description: row.get("description")?,
            likelihood: column(row, "likelihood")?,
            impact: column(row, "impact")?,
            measure: row.get("measure")?,
            owner: row.get("owner")?,
            superior: row.get("superior")?,
            measure_days: row.get("measure_days")?,
            trigger,
        },
        state: column(row, "state")?,
        planned_by: row.get("planned_by")?,
        planned_at: row.get("planned_at")?,
        firings: from_json(row, "firings")?,
        looks_at: row.get("looks_at")?,
    })
}

/// Writes what differs, and the count of numbers given.
pub(super) fn save(out: &mut Batch, old: Option<&Request>, new: &Request) -> Result<()> {
    let had = old.map_or(&[][..], |o| &o.risks);
    if old.map_or(0, |o| o.risks_given) != new.risks_given {
        out.push("UPDATE request SET risk_plans = $2 WHERE id = $1", args![&new.id, new.risks_given]);
    }
    for risk in new.risks.iter().filter(|r| !had.contains(r)) {
        upsert(out, &new.id, risk)?;
    }
    Ok(())
}

fn upsert(out: &mut Batch, request: &RequestId, r: &Risk) -> Result<()> {
    let sql = "INSERT INTO risk (request, number, kind, description, likelihood, impact, measure, owner, superior, \
               measure_days, watched, thresholds, state, planned_by, planned_at, firings, looks_at) VALUES ($1, $2, $3, $4, \
               $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (request, number) DO UPDATE SET \
               kind = excluded.kind, description = excluded.description, likelihood = excluded.likelihood, \
               impact = excluded.impact, measure = excluded.measure, owner = excluded.owner, \
               superior = excluded.superior, measure_days = excluded.measure_days, watched = excluded.watched, \
               thresholds = excluded.thresholds, state = excluded.state, firings = excluded.firings, \
               looks_at = excluded.looks_at";
    let none: &[i64] = &[];
    let (watched, thresholds) = match &r.plan.trigger {
        Trigger::ByHand => (None, none),
        Trigger::Late { watched: Watched::Path, thresholds } => (Some(PATH), thresholds.as_slice()),
        Trigger::Late { watched: Watched::Task(task), thresholds } => (Some(*task), thresholds.as_slice()),
    };
    let p = &r.plan;
    let values = args![
        request,
        r.number,
        word(&p.kind)?,
        &p.description,
        word(&p.likelihood)?,
        word(&p.impact)?,
        &p.measure,
        &p.owner,
        p.superior.as_ref(),
        p.measure_days,
        watched,
        json(&thresholds)?,
        r.state.name(),
        &r.planned_by,
        r.planned_at,
        json(&r.firings)?,
        r.looks_at,
    ];
    out.push(sql, values);
    Ok(())
}

/// A case file with a plan that has to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Whose plans.
    pub request: RequestId,
    /// Its version, which every look raises.
    pub version: i64,
}

/// Up to `most` case files whose plans have to be looked at by `now`.
pub async fn due(db: &Db, now: Timestamp, most: i64) -> Result<Vec<Due>> {
    let sql = "SELECT q.id, q.version FROM request q WHERE q.id IN \
               (SELECT request FROM risk WHERE looks_at IS NOT NULL AND looks_at <= $1 ORDER BY looks_at LIMIT $2) \
               ORDER BY q.id";
    let rows = db.rows(sql, args![now, most]).await?;
    rows.iter().map(|row| Ok(Due { request: row.get("id")?, version: row.get("version")? })).collect()
}
