//! What hangs on a request as rows of its own: approvals, asks with their signatures, objection rounds.

use crate::domain::request::estimate::Estimate;
use crate::domain::request::{
    Approval, Ask, AskState, AskText, Decision, Request, Round, Seat, Signature, Stage, stage_name,
};
use crate::store::batch::Batch;
use crate::store::code::{column, from_json, json, word};
use crate::store::db::{DbError, Row, args};

type Result<T> = std::result::Result<T, DbError>;

/// A request's approvals, in the order in which their seats were given.
pub(super) const APPROVALS: &str = "SELECT step, stage, office, invited, invited_by, invited_words, any_of, asked, \
     decided_by, on_behalf_of, decided_at, approved, reason, revision FROM approval WHERE request = $1 ORDER BY step";

/// What stands for the office where somebody was called in.
const INVITED: &str = "invited";

/// A row of [`APPROVALS`].
pub(super) fn approval(row: &Row) -> Result<Approval> {
    let decision = match (row.get("decided_by")?, row.get("decided_at")?) {
        (Some(by), Some(at)) => Some(Decision {
            by,
            on_behalf_of: row.get("on_behalf_of")?,
            at,
            approved: row.get::<Option<bool>>("approved")?.unwrap_or_default(),
            reason: row.get("reason")?,
            revision: row.get::<Option<i64>>("revision")?.unwrap_or_default(),
        }),
        _ => None,
    };
    let step = row.get("step")?;
    let seat = match (row.get("invited")?, row.get("invited_by")?) {
        (Some(person), Some(by)) => {
            let words: Option<String> = row.get("invited_words")?;
            Seat::Invited { person, by, words: words.unwrap_or_default() }
        }
        _ => Seat::Office(column(row, "office")?),
    };
    let stage = row.get::<Option<i64>>("stage")?.unwrap_or(step);
    Ok(Approval { step, stage, seat, any: row.get("any_of")?, asked: row.get("asked")?, decision })
}

/// Writes those that differ.
pub(super) fn save_approvals(out: &mut Batch, old: Option<&Request>, new: &Request) -> Result<()> {
    let had = old.map_or(&[][..], |o| &o.approvals);
    for gone in had.iter().filter(|a| !new.approvals.iter().any(|n| n.step == a.step)) {
        let sql = "DELETE FROM approval WHERE request = $1 AND step = $2";
        out.push(sql, args![&new.id, gone.step]);
    }
    for approval in new.approvals.iter().filter(|a| !had.contains(a)) {
        let sql = "INSERT INTO approval (request, step, office, decided_by, on_behalf_of, decided_at, approved, reason, \
                   revision, stage, invited, invited_by, invited_words, any_of, asked) VALUES ($1, $2, $3, $4, $5, $6, \
                   $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (request, step) DO UPDATE SET \
                   decided_by = excluded.decided_by, on_behalf_of = excluded.on_behalf_of, \
                   decided_at = excluded.decided_at, approved = excluded.approved, reason = excluded.reason, \
                   revision = excluded.revision, stage = excluded.stage, any_of = excluded.any_of, \
                   asked = excluded.asked";
        let decision = approval.decision.as_ref();
        let (office, invited) = match &approval.seat {
            Seat::Office(office) => (word(office)?, None),
            Seat::Invited { person, by, words } => (INVITED.to_owned(), Some((person, by, words))),
        };
        let values = args![
            &new.id,
            approval.step,
            office,
            decision.map(|d| &d.by),
            decision.and_then(|d| d.on_behalf_of.as_ref()),
            decision.map(|d| d.at),
            decision.map(|d| d.approved),
            decision.map_or("", |d| d.reason.as_str()),
            decision.map(|d| d.revision),
            approval.stage,
            invited.map(|i| i.0),
            invited.map(|i| i.1),
            invited.map(|i| i.2),
            approval.any,
            approval.asked.as_ref(),
        ];
        out.push(sql, values);
    }
    Ok(())
}

/// A request's asks, in the order of the form.
pub(super) const ASKS: &str = "SELECT department, task, deliverable, wanted_by, resources, revision, state, round, \
     ruled, signed_by, on_behalf_of, signed_at, signed_revision, digest, estimate FROM ask WHERE request = $1 \
     ORDER BY place";

/// A row of [`ASKS`].
pub(super) fn ask(row: &Row) -> Result<Ask> {
    let state: String = row.get("state")?;
    let state = match state.as_str() {
        "waiting" => AskState::Waiting,
        "open" => AskState::Open,
        "objected" => AskState::Objected { round: row.get("round")? },
        "confirmed" => AskState::Confirmed(Signature {
            by: row.get("signed_by")?,
            on_behalf_of: row.get("on_behalf_of")?,
            at: row.get("signed_at")?,
            revision: row.get("signed_revision")?,
            digest: row.get("digest")?,
            estimate: estimate(row)?,
        }),
        other => return Err(DbError::Other(format!("`{other}` is no state of an ask"))),
    };
    Ok(Ask {
        department: row.get("department")?,
        task: AskText {
            task: row.get("task")?,
            deliverable: row.get("deliverable")?,
            wanted_by: row.get("wanted_by")?,
            resources: row.get("resources")?,
        },
        revision: row.get("revision")?,
        state,
        ruled: row.get("ruled")?,
    })
}

fn estimate(row: &Row) -> Result<Option<Estimate>> {
    match row.get::<Option<String>>("estimate")? {
        Some(_) => from_json(row, "estimate").map(Some),
        None => Ok(None),
    }
}

/// Writes those that differ.
pub(super) fn save_asks(out: &mut Batch, old: Option<&Request>, new: &Request) -> Result<()> {
    let had = old.map_or(&[][..], |o| &o.asks);
    for gone in had.iter().filter(|a| new.ask(&a.department).is_none()) {
        let sql = "DELETE FROM ask WHERE request = $1 AND department = $2";
        out.push(sql, args![&new.id, &gone.department]);
    }
    for (place, ask) in new.asks.iter().enumerate() {
        let same = had.get(place) == Some(ask);
        if !same {
            upsert_ask(out, new, ask, i64::try_from(place).unwrap_or(i64::MAX))?;
        }
        let signed_before = had.iter().any(|a| a.department == ask.department && a.state == ask.state);
        if let (AskState::Confirmed(signature), false) = (&ask.state, signed_before) {
            insert_signature(out, new, ask, signature)?;
        }
    }
    Ok(())
}

fn upsert_ask(out: &mut Batch, r: &Request, ask: &Ask, place: i64) -> Result<()> {
    let sql = "INSERT INTO ask (request, department, place, task, deliverable, wanted_by, resources, revision, state, \
               round, ruled, signed_by, on_behalf_of, signed_at, signed_revision, digest, estimate) VALUES ($1, $2, $3, $4, $5, \
               $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (request, department) DO UPDATE SET \
               place = excluded.place, task = excluded.task, deliverable = excluded.deliverable, \
               wanted_by = excluded.wanted_by, resources = excluded.resources, revision = excluded.revision, \
               state = excluded.state, round = excluded.round, ruled = excluded.ruled, signed_by = excluded.signed_by, \
               on_behalf_of = excluded.on_behalf_of, signed_at = excluded.signed_at, \
               signed_revision = excluded.signed_revision, digest = excluded.digest, estimate = excluded.estimate";
    let (state, round, signature) = match &ask.state {
        AskState::Waiting => ("waiting", None, None),
        AskState::Open => ("open", None, None),
        AskState::Objected { round } => ("objected", Some(*round), None),
        AskState::Confirmed(signature) => ("confirmed", None, Some(signature)),
    };
    let values = args![
        &r.id,
        &ask.department,
        place,
        &ask.task.task,
        &ask.task.deliverable,
        ask.task.wanted_by,
        &ask.task.resources,
        ask.revision,
        state,
        round,
        ask.ruled,
        signature.map(|s| &s.by),
        signature.and_then(|s| s.on_behalf_of.as_ref()),
        signature.map(|s| s.at),
        signature.map(|s| s.revision),
        signature.map(|s| s.digest.as_str()),
        signature.and_then(|s| s.estimate.as_ref()).map(json).transpose()?,
    ];
    out.push(sql, values);
    Ok(())
}

fn insert_signature(out: &mut Batch, r: &Request, ask: &Ask, s: &Signature) -> Result<()> {
    let sql = "INSERT INTO signature (request, department, revision, signed_by, on_behalf_of, signed_at, digest, \
               estimate) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let estimate = s.estimate.as_ref().map(json).transpose()?;
    let values =
        args![&r.id, &ask.department, s.revision, &s.by, s.on_behalf_of.as_ref(), s.at, &s.digest, estimate];
    out.push(sql, values);
    Ok(())
}

/// A request's objection rounds, oldest first.
pub(super) const ROUNDS: &str = "SELECT number, department, objected_by, at, revision, reason, suggestion, \
     stage_detail FROM objection WHERE request = $1 ORDER BY number";

/// A row of [`ROUNDS`].
pub(super) fn round(row: &Row) -> Result<Round> {
    Ok(Round {
        number: row.get("number")?,
        department: row.get("department")?,
        by: row.get("objected_by")?,
        at: row.get("at")?,
        revision: row.get("revision")?,
        reason: row.get("reason")?,
        suggestion: row.get("suggestion")?,
        stage: from_json::<Stage>(row, "stage_detail")?,
    })
}

/// Writes those that differ.
pub(super) fn save_rounds(out: &mut Batch, old: Option<&Request>, new: &Request) -> Result<()> {
    let had = old.map_or(&[][..], |o| &o.rounds);
    for round in new.rounds.iter().filter(|r| !had.contains(r)) {
        let sql = "INSERT INTO objection (request, number, department, objected_by, at, revision, reason, suggestion, \
                   stage, stage_detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                   ON CONFLICT (request, number) DO UPDATE SET stage = excluded.stage, \
                   stage_detail = excluded.stage_detail";
        let values = args![
            &new.id,
            round.number,
            &round.department,
            &round.by,
            round.at,
            round.revision,
            &round.reason,
            &round.suggestion,
            stage_name(&round.stage),
            json(&round.stage)?,
        ];
        out.push(sql, values);
    }
    Ok(())
}
