//! Decisions as rows.
//!
//! Invariant: a decision's row is written by the save of its case file only.

use super::batch::Batch;
use super::code::{from_json, json};
use super::db::{DbError, Row, Source, args};
use crate::domain::RequestId;
use crate::domain::request::Request;
use crate::domain::request::decision::{Decision, DecisionState, Verdict};

type Result<T> = std::result::Result<T, DbError>;

/// The decisions of a request, in the order of their numbers.
pub(super) async fn of(from: &mut impl Source, request: &RequestId) -> Result<Vec<Decision>> {
    let sql = "SELECT number, subject, options, decider, asked_by, asked_at, working_days, obligation, state, choice, \
               conclusion, reason, ended_by, on_behalf_of, ended_at FROM decision WHERE request = $1 ORDER BY number";
    from.read(sql, args![request]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Decision> {
    Ok(Decision {
        number: row.get("number")?,
        subject: row.get("subject")?,
        options: from_json(row, "options")?,
        decider: row.get("decider")?,
        asked_by: row.get("asked_by")?,
        asked_at: row.get("asked_at")?,
        working_days: row.get("working_days")?,
        owed: row.get("obligation")?,
        state: state(row)?,
    })
}

fn state(row: &Row) -> Result<DecisionState> {
    let state: String = row.get("state")?;
    Ok(match state.as_str() {
        "open" => DecisionState::Open,
        "taken_back" => DecisionState::TakenBack { by: row.get("ended_by")?, at: row.get("ended_at")? },
        "decided" => {
            let verdict = Verdict {
                choice: row.get("choice")?,
                conclusion: row.get("conclusion")?,
                reason: row.get("reason")?,
            };
            let (by, on_behalf_of, at) =
                (row.get("ended_by")?, row.get("on_behalf_of")?, row.get("ended_at")?);
            DecisionState::Decided { by, on_behalf_of, at, verdict }
        }
        other => return Err(DbError::Other(format!("`{other}` is no state of a decision"))),
    })
}

/// Writes what differs, and the count of numbers given.
pub(super) fn save(out: &mut Batch, old: Option<&Request>, new: &Request) -> Result<()> {
    let had = old.map_or(&[][..], |o| &o.decisions);
    if old.map_or(0, |o| o.decisions_given) != new.decisions_given {
        out.push("UPDATE request SET decisions = $2 WHERE id = $1", args![&new.id, new.decisions_given]);
    }
    for decision in new.decisions.iter().filter(|d| !had.contains(d)) {
        upsert(out, &new.id, decision)?;
    }
    Ok(())
}

fn upsert(out: &mut Batch, request: &RequestId, d: &Decision) -> Result<()> {
    let sql = "INSERT INTO decision (request, number, subject, options, decider, asked_by, asked_at, working_days, \
               obligation, state, choice, conclusion, reason, ended_by, on_behalf_of, ended_at) VALUES ($1, $2, $3, $4, \
               $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (request, number) DO UPDATE SET \
               state = excluded.state, choice = excluded.choice, conclusion = excluded.conclusion, \
               reason = excluded.reason, ended_by = excluded.ended_by, on_behalf_of = excluded.on_behalf_of, \
               ended_at = excluded.ended_at";
    let (by, on_behalf_of, at, verdict) = match &d.state {
        DecisionState::Open => (None, None, None, None),
        DecisionState::TakenBack { by, at } => (Some(by), None, Some(*at), None),
        DecisionState::Decided { by, on_behalf_of, at, verdict } => {
            (Some(by), on_behalf_of.as_ref(), Some(*at), Some(verdict))
        }
    };
    let values = args![
        request,
        d.number,
        &d.subject,
        json(&d.options)?,
        &d.decider,
        &d.asked_by,
        d.asked_at,
        d.working_days,
        &d.owed,
        d.state.name(),
        verdict.and_then(|v| v.choice),
        verdict.map(|v| v.conclusion.as_str()),
        verdict.map(|v| v.reason.as_str()),
        by,
        on_behalf_of,
        at,
    ];
    out.push(sql, values);
    Ok(())
}
