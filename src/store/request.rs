//! The case file as rows: locked, loaded whole, saved by its difference.
//!
//! Invariant: a save names the version that it was decided on; if that is not the one in the database any more,
//! nothing is written.

use super::audit::{self, Head};
use super::batch::Batch;
use super::code::{column, from_json, json, optional, word};
use super::db::{Db, DbError, Row, Source, Tx, args};
use super::{decision, improvement, issue, obligation, risk, search, task};
use crate::domain::calendar::Calendar;
use crate::domain::change::Audit;
use crate::domain::request::{Content, Request, State, Version};
use crate::domain::{PersonId, RequestId, Timestamp};

mod onlookers;
mod parts;

use onlookers::{onlookers, save_onlookers};
use parts::{save_approvals, save_asks, save_rounds};

type Result<T> = std::result::Result<T, DbError>;

/// Which state of a case file a decision rests on: under lock, or as remembered. A save that finds another one in the
/// database writes nothing.
#[derive(Clone, Debug)]
pub struct Basis {
    /// The version in the database.
    pub version: i64,
    /// The end of its history.
    pub head: Head,
}

/// Locks a case file: nobody else decides on it until the transaction ends. `None` if there is no such request.
pub async fn lock(tx: &mut Tx, id: &RequestId) -> Result<Option<Basis>> {
    let sql = "SELECT version, audit_count, audit_head FROM request WHERE id = $1 /*for update*/";
    let Some(row) = tx.row(sql, args![id]).await? else { return Ok(None) };
    let head = Head { count: row.get("audit_count")?, hash: row.get("audit_head")? };
    Ok(Some(Basis { version: row.get("version")?, head }))
}

const FILE: &str = "SELECT id, version, revision, state, initiator, department, filed_at, kind, title, background, goal, \
     wanted_by, people, budget, equipment, risks, priority, acceptance, visibility, attachments, opened, tasks, \
     audit_count, audit_head, onlookers, attached, decisions, risk_plans, issues, improvements FROM request WHERE id = $1";

/// Loads a case file, open obligations only.
pub async fn load(from: &mut impl Source, id: &RequestId) -> Result<Option<(Basis, Request)>> {
    // What most files have; the rest is asked for where the file says that there is any.
    let always = [FILE, parts::APPROVALS, parts::ASKS, parts::ROUNDS, obligation::OPEN];
    let [file, approvals, asks, rounds, open] = from.read_each(always, args![id]).await?;
    let Some(row) = file.into_iter().next() else { return Ok(None) };
    let head = Head { count: row.get("audit_count")?, hash: row.get("audit_head")? };
    let basis = Basis { version: row.get("version")?, head };
    let tasks_given: i64 = row.get("tasks")?;
    let (decisions_given, risks_given): (i64, i64) = (row.get("decisions")?, row.get("risk_plans")?);
    let (issues_given, improvements_given): (i64, i64) = (row.get("issues")?, row.get("improvements")?);
    let request = Request {
        id: row.get("id")?,
        version: row.get("version")?,
        revision: row.get("revision")?,
        state: column(&row, "state")?,
        initiator: row.get("initiator")?,
        department: row.get("department")?,
        filed_at: row.get("filed_at")?,
        content: content(&row)?,
        approvals: all(&approvals, parts::approval)?,
        asks: all(&asks, parts::ask)?,
        rounds: all(&rounds, parts::round)?,
        onlookers: match row.get::<i64>("onlookers")? {
            0 => Vec::new(),
            _ => onlookers(from, id).await?,
        },
        obligations: all(&open, obligation::read)?,
        opened: row.get("opened")?,
        tasks: if tasks_given > 0 { task::of(from, id).await? } else { Vec::new() },
        tasks_given,
        attached: from_json(&row, "attached")?,
        decisions: if decisions_given > 0 { decision::of(from, id).await? } else { Vec::new() },
        decisions_given,
        risks: if risks_given > 0 { risk::of(from, id).await? } else { Vec::new() },
        risks_given,
        issues: if issues_given > 0 { issue::of(from, id).await? } else { Vec::new() },
        issues_given,
        improvements: if improvements_given > 0 { improvement::of(from, id).await? } else { Vec::new() },
        improvements_given,
    };
    Ok(Some((basis, request)))
}

fn all<T>(rows: &[Row], read: fn(&Row) -> Result<T>) -> Result<Vec<T>> {
    rows.iter().map(read).collect()
}

/// What is saved besides the file itself.
pub struct Saving<'a> {
    /// What it was decided on; `None` for a new request.
    pub basis: Option<&'a Basis>,
    /// The file as it was; `None` for a new request.
    pub old: Option<&'a Request>,
    /// The line of the history.
    pub audit: &'a Audit,
    /// The service's time.
    pub now: Timestamp,
    /// For the working time that an ended obligation took.
    pub calendar: &'a Calendar,
}

/// Writes what differs between the old and the new file; what the next decision can rest on once it is committed.
pub fn save(out: &mut Batch, new: &Request, saving: &Saving<'_>) -> Result<Basis> {
    let revised = saving.old.is_none_or(|old| old.revision != new.revision);
    let version = new.as_version();
    let digest = version.digest();
    if saving.old.is_none() {
        insert(out, new)?;
    }
    let fresh = Head::default();
    let before = saving.basis.map_or(&fresh, |b| &b.head);
    let line = audit::Appended::after((new.id.as_str(), before), saving.audit, (saving.now, &digest))?;
    update_file(out, new, saving.basis.map_or(0, |b| b.version), &line.head);
    let head = line.write(out);
    match saving.old {
        Some(old) if old.content != new.content => update_content(out, new)?,
        Some(_) | None => {}
    }
    if saving.old.is_some_and(|old| old.attached != new.attached) {
        let sql = "UPDATE request SET attached = $2 WHERE id = $1";
        out.push(sql, args![&new.id, json(&new.attached)?]);
    }
    if revised {
        insert_version(out, new, &version, (saving.now, &digest))?;
    }
    if revised && new.state != State::Standing {
        search::content(out, new)?;
    }
    if saving.audit.what == "commented" {
        search::comment(out, &new.id, head.count, saving.audit);
    }
    save_approvals(out, saving.old, new)?;
    save_asks(out, saving.old, new)?;
    save_rounds(out, saving.old, new)?;
    save_onlookers(out, saving.old, new)?;
    save_obligations(out, new, saving)?;
    task::save(out, saving.old, new)?;
    decision::save(out, saving.old, new)?;
    risk::save(out, saving.old, new)?;
    issue::save(out, saving.old, new)?;
    improvement::save(out, saving.old, new)?;
    Ok(Basis { version: new.version, head })
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
    out.push_key(sql, values);
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

/// The tripwire: a decision on another state than the one in the database changes no row here, and then none at all.
fn update_file(out: &mut Batch, r: &Request, decided_on: i64, head: &Head) {
    let sql = "UPDATE request SET version = $2, revision = $3, state = $4, opened = $5, audit_count = $6, \
               audit_head = $7 WHERE id = $1 AND version = $8";
    let values =
        args![&r.id, r.version, r.revision, r.state.name(), r.opened, head.count, &head.hash, decided_on];
    out.push_key(sql, values);
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

fn save_obligations(out: &mut Batch, new: &Request, saving: &Saving<'_>) -> Result<()> {
    let had = saving.old.map_or(&[][..], |o| &o.obligations);
    for obligation in &new.obligations {
        match had.iter().find(|o| o.id == obligation.id) {
            None => obligation::insert(out, &new.id, obligation)?,
            Some(same) if same == obligation => {}
            Some(other) if !other.has_rules_of(obligation) => obligation::update_rules(out, obligation)?,
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
    let sql = "SELECT id FROM request WHERE initiator = $1 AND state NOT IN ('withdrawn', 'cancelled', 'completed', 'standing') \
               ORDER BY filed_at DESC, id DESC LIMIT $2";
    db.rows(sql, args![person, most]).await?.iter().map(|row| row.get("id")).collect()
}

/// The newest requests.
pub async fn newest(db: &Db, most: i64) -> Result<Vec<RequestId>> {
    let sql = "SELECT id FROM request ORDER BY filed_at DESC, id DESC LIMIT $1";
    db.rows(sql, args![most]).await?.iter().map(|row| row.get("id")).collect()
}
