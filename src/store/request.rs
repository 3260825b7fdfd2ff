//! The case file as rows: locked, loaded whole, saved by its difference.
//!
//! Invariant: a save names the version that it was decided on; if that is not the one in the database any more,
//! nothing is written.

use super::audit::{self, Head};
use super::batch::Batch;
use super::code::{column, from_json, json, of_word, optional, word};
use super::db::{Db, DbError, Row, Source, Tx, args};
use super::obligation;
use crate::domain::calendar::Calendar;
use crate::domain::change::Audit;
use crate::domain::request::{
    Approval, Ask, AskState, AskText, Content, Decision, Request, Round, Signature, Stage, Version,
    stage_name,
};
use crate::domain::{PersonId, RequestId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// A locked case file: nobody else decides on it until the transaction ends.
#[derive(Clone, Debug)]
pub struct Locked {
    /// The version in the database.
    pub version: i64,
    head: Head,
}

/// Locks a case file; `None` if there is no such request.
pub async fn lock(tx: &mut Tx, id: &RequestId) -> Result<Option<Locked>> {
    let sql = "SELECT version, audit_count, audit_head FROM request WHERE id = $1 /*for update*/";
    let Some(row) = tx.row(sql, args![id]).await? else { return Ok(None) };
    let head = Head { count: row.get("audit_count")?, hash: row.get("audit_head")? };
    Ok(Some(Locked { version: row.get("version")?, head }))
}

/// Loads a case file, open obligations only.
pub async fn load(from: &mut impl Source, id: &RequestId) -> Result<Option<Request>> {
    let sql = "SELECT id, version, revision, state, initiator, department, filed_at, kind, title, background, goal, \
               wanted_by, people, budget, equipment, risks, priority, acceptance, visibility, attachments, opened \
               FROM request WHERE id = $1";
    let Some(row) = from.read(sql, args![id]).await?.into_iter().next() else { return Ok(None) };
    Ok(Some(Request {
        id: row.get("id")?,
        version: row.get("version")?,
        revision: row.get("revision")?,
        state: column(&row, "state")?,
        initiator: row.get("initiator")?,
        department: row.get("department")?,
        filed_at: row.get("filed_at")?,
        content: content(&row)?,
        approvals: approvals(from, id).await?,
        asks: asks(from, id).await?,
        rounds: rounds(from, id).await?,
        obligations: obligation::open_of(from, id).await?,
        opened: row.get("opened")?,
    }))
}

/// What is saved besides the file itself.
pub struct Saving<'a> {
    /// The lock under which it was decided; `None` for a new request.
    pub locked: Option<&'a Locked>,
    /// The file as it was; `None` for a new request.
    pub old: Option<&'a Request>,
    /// The line of the history.
    pub audit: &'a Audit,
    /// The service's time.
    pub now: Timestamp,
    /// For the working time that an ended obligation took.
    pub calendar: &'a Calendar,
}

/// Writes what differs between the old and the new file.
pub fn save(out: &mut Batch, new: &Request, saving: &Saving<'_>) -> Result<()> {
    let revised = saving.old.is_none_or(|old| old.revision != new.revision);
    let version = new.as_version();
    let digest = version.digest();
    if saving.old.is_none() {
        insert(out, new)?;
    }
    let fresh = Head::default();
    let before = saving.locked.map_or(&fresh, |l| &l.head);
    let head = audit::append(out, (new.id.as_str(), before), saving.audit, (saving.now, &digest))?;
    update_file(out, new, saving.old.map_or(0, |old| old.version), &head);
    match saving.old {
        Some(old) if old.content != new.content => update_content(out, new)?,
        Some(_) | None => {}
    }
    if revised {
        insert_version(out, new, &version, (saving.now, &digest))?;
    }
    save_approvals(out, saving.old, new)?;
    save_asks(out, saving.old, new)?;
    save_rounds(out, saving.old, new)?;
    save_obligations(out, new, saving)
}

/// Allocates the next number of a scope.
pub async fn next_number(tx: &mut Tx, scope: &str) -> Result<i64> {
    let sql = "INSERT INTO counter (scope, n) VALUES ($1, 1) \
               ON CONFLICT (scope) DO UPDATE SET n = counter.n + 1 RETURNING n";
    match tx.row(sql, args![scope]).await? {
        Some(row) => row.get("n"),
        None => Err(DbError::Other(format!("no number for {scope}"))),
    }
}

/// A version that a request once had.
pub async fn version(db: &Db, id: &RequestId, revision: i64) -> Result<Option<Version>> {
    let sql = "SELECT content FROM request_version WHERE request = $1 AND revision = $2";
    db.row(sql, args![id, revision]).await?.map(|row| from_json(&row, "content")).transpose()
}

fn content(row: &Row) -> Result<Content> {
    Ok(Content {
        kind: optional(row, "kind")?,
        title: row.get("title")?,
        background: row.get("background")?,
        goal: row.get("goal")?,
        wanted_by: row.get("wanted_by")?,
        people: row.get("people")?,
        budget: row.get("budget")?,
        equipment: row.get("equipment")?,
        risks: row.get("risks")?,
        priority: column(row, "priority")?,
        acceptance: row.get("acceptance")?,
        visibility: column(row, "visibility")?,
        attachments: from_json(row, "attachments")?,
    })
}

fn insert(out: &mut Batch, r: &Request) -> Result<()> {
    let c = &r.content;
    let sql = "INSERT INTO request (id, version, revision, state, initiator, department, filed_at, kind, title, \
               background, goal, wanted_by, people, budget, equipment, risks, priority, acceptance, visibility, \
               attachments, opened, audit_count, audit_head) VALUES ($1, 0, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
               $12, $13, $14, $15, $16, $17, $18, $19, 0, 0, '')";
    let values = args![
        &r.id,
        r.revision,
        r.state.name(),
        &r.initiator,
        &r.department,
        r.filed_at,
        c.kind.map(|k| word(&k)).transpose()?,
        &c.title,
        &c.background,
        &c.goal,
        c.wanted_by,
        &c.people,
        c.budget,
        &c.equipment,
        &c.risks,
        word(&c.priority)?,
        &c.acceptance,
        word(&c.visibility)?,
        json(&c.attachments)?,
    ];
    out.push(sql, values);
    Ok(())
}

fn update_content(out: &mut Batch, r: &Request) -> Result<()> {
    let c = &r.content;
    let sql = "UPDATE request SET kind = $2, title = $3, background = $4, goal = $5, wanted_by = $6, people = $7, \
               budget = $8, equipment = $9, risks = $10, priority = $11, acceptance = $12, visibility = $13, \
               attachments = $14 WHERE id = $1";
    let values = args![
        &r.id,
        c.kind.map(|k| word(&k)).transpose()?,
        &c.title,
        &c.background,
        &c.goal,
        c.wanted_by,
        &c.people,
        c.budget,
        &c.equipment,
        &c.risks,
        word(&c.priority)?,
        &c.acceptance,
        word(&c.visibility)?,
        json(&c.attachments)?,
    ];
    out.push(sql, values);
    Ok(())
}

/// The tripwire: a lock that did not hold would change no row here.
fn update_file(out: &mut Batch, r: &Request, decided_on: i64, head: &Head) {
    let sql = "UPDATE request SET version = $2, revision = $3, state = $4, opened = $5, audit_count = $6, \
               audit_head = $7 WHERE id = $1 AND version = $8";
    let values =
        args![&r.id, r.version, r.revision, r.state.name(), r.opened, head.count, &head.hash, decided_on];
    out.push_one(sql, values);
}

fn insert_version(
    out: &mut Batch,
    r: &Request,
    version: &Version,
    (at, digest): (Timestamp, &str),
) -> Result<()> {
    let sql =
        "INSERT INTO request_version (request, revision, at, digest, content) VALUES ($1, $2, $3, $4, $5)";
    out.push(sql, args![&r.id, r.revision, at, digest, json(version)?]);
    Ok(())
}

async fn approvals(from: &mut impl Source, id: &RequestId) -> Result<Vec<Approval>> {
    let sql = "SELECT step, office, decided_by, on_behalf_of, decided_at, approved, reason, revision FROM approval \
               WHERE request = $1 ORDER BY step";
    from.read(sql, args![id]).await?.iter().map(approval).collect()
}

fn approval(row: &Row) -> Result<Approval> {
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
    Ok(Approval { step: row.get("step")?, office: column(row, "office")?, decision })
}

fn save_approvals(out: &mut Batch, old: Option<&Request>, new: &Request) -> Result<()> {
    let had = old.map_or(&[][..], |o| &o.approvals);
    for gone in had.iter().filter(|a| !new.approvals.iter().any(|n| n.step == a.step)) {
        let sql = "DELETE FROM approval WHERE request = $1 AND step = $2";
        out.push(sql, args![&new.id, gone.step]);
    }
    for approval in new.approvals.iter().filter(|a| !had.contains(a)) {
        let sql = "INSERT INTO approval (request, step, office, decided_by, on_behalf_of, decided_at, approved, reason, \
                   revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (request, step) DO UPDATE SET \
                   office = excluded.office, decided_by = excluded.decided_by, on_behalf_of = excluded.on_behalf_of, \
                   decided_at = excluded.decided_at, approved = excluded.approved, reason = excluded.reason, \
                   revision = excluded.revision";
        let decision = approval.decision.as_ref();
        let values = args![
            &new.id,
            approval.step,
            word(&approval.office)?,
            decision.map(|d| &d.by),
            decision.and_then(|d| d.on_behalf_of.as_ref()),
            decision.map(|d| d.at),
            decision.map(|d| d.approved),
            decision.map_or("", |d| d.reason.as_str()),
            decision.map(|d| d.revision),
        ];
        out.push(sql, values);
    }
    Ok(())
}

async fn asks(from: &mut impl Source, id: &RequestId) -> Result<Vec<Ask>> {
    let sql = "SELECT department, task, deliverable, wanted_by, resources, revision, state, round, ruled, signed_by, \
               on_behalf_of, signed_at, signed_revision, digest FROM ask WHERE request = $1 ORDER BY place";
    from.read(sql, args![id]).await?.iter().map(ask).collect()
}

fn ask(row: &Row) -> Result<Ask> {
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

fn save_asks(out: &mut Batch, old: Option<&Request>, new: &Request) -> Result<()> {
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
               round, ruled, signed_by, on_behalf_of, signed_at, signed_revision, digest) VALUES ($1, $2, $3, $4, $5, $6, \
               $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (request, department) DO UPDATE SET \
               place = excluded.place, task = excluded.task, deliverable = excluded.deliverable, \
               wanted_by = excluded.wanted_by, resources = excluded.resources, revision = excluded.revision, \
               state = excluded.state, round = excluded.round, ruled = excluded.ruled, signed_by = excluded.signed_by, \
               on_behalf_of = excluded.on_behalf_of, signed_at = excluded.signed_at, \
               signed_revision = excluded.signed_revision, digest = excluded.digest";
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
    ];
    out.push(sql, values);
    Ok(())
}

fn insert_signature(out: &mut Batch, r: &Request, ask: &Ask, s: &Signature) -> Result<()> {
    let sql = "INSERT INTO signature (request, department, revision, signed_by, on_behalf_of, signed_at, digest) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = args![&r.id, &ask.department, s.revision, &s.by, s.on_behalf_of.as_ref(), s.at, &s.digest];
    out.push(sql, values);
    Ok(())
}

async fn rounds(from: &mut impl Source, id: &RequestId) -> Result<Vec<Round>> {
    let sql = "SELECT number, department, objected_by, at, revision, reason, suggestion, stage_detail FROM objection \
               WHERE request = $1 ORDER BY number";
    let read = |row: &Row| {
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
    };
    from.read(sql, args![id]).await?.iter().map(read).collect()
}

fn save_rounds(out: &mut Batch, old: Option<&Request>, new: &Request) -> Result<()> {
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

fn save_obligations(out: &mut Batch, new: &Request, saving: &Saving<'_>) -> Result<()> {
    let had = saving.old.map_or(&[][..], |o| &o.obligations);
    for obligation in &new.obligations {
        match had.iter().find(|o| o.id == obligation.id) {
            None => obligation::insert(out, &new.id, obligation)?,
            Some(same) if same == obligation => {}
            Some(_) => {
                let used = obligation
                    .closed
                    .as_ref()
                    .map(|c| saving.calendar.elapsed(obligation.counted_from(), c.at, obligation.allowed));
                obligation::update(out, obligation, used)?;
            }
        }
    }
    Ok(())
}

/// The version that is committed; `None` if there is no such request.
pub async fn version_of(db: &Db, id: &RequestId) -> Result<Option<i64>> {
    let row = db.row("SELECT version FROM request WHERE id = $1", args![id]).await?;
    row.map(|r| r.get("version")).transpose()
}

/// Requests whose number ends in `n`, newest first.
pub async fn ending_in(db: &Db, n: u32) -> Result<Vec<RequestId>> {
    let sql = "SELECT id FROM request WHERE id LIKE $1 ORDER BY filed_at DESC, id LIMIT 50";
    db.rows(sql, args![format!("%-{n:03}")]).await?.iter().map(|row| row.get("id")).collect()
}

/// What a person filed and that is not over, newest first.
pub async fn filed_by(db: &Db, person: &PersonId, most: i64) -> Result<Vec<RequestId>> {
    let sql = "SELECT id FROM request WHERE initiator = $1 AND state NOT IN ('withdrawn', 'cancelled', 'confirmed') \
               ORDER BY filed_at DESC, id DESC LIMIT $2";
    db.rows(sql, args![person, most]).await?.iter().map(|row| row.get("id")).collect()
}

/// The newest requests.
pub async fn newest(db: &Db, most: i64) -> Result<Vec<RequestId>> {
    let sql = "SELECT id FROM request ORDER BY filed_at DESC, id DESC LIMIT $1";
    db.rows(sql, args![most]).await?.iter().map(|row| row.get("id")).collect()
}
