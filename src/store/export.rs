//! Reads for `liaison export`: rows as flat objects, page by page, so that an export of any size needs little memory.
//!
//! Invariant: what an export says is named as in the database; phones never leave through here.

use serde_json::{Map, Value, json};

use super::db::{Db, DbError, Row, args};
use crate::domain::Timestamp;

mod improvement;
mod task;

type Result<T> = std::result::Result<T, DbError>;

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Requests with their asks.
    Requests,
    /// Obligations, open and closed.
    Obligations,
    /// Messages as people saw them.
    Messages,
    /// The history with its hashes.
    Audit,
    /// Decisions, open and made.
    Decisions,
    /// Risk plans, what they fired with them.
    Risks,
    /// Issues with what was said on the way.
    Issues,
    /// Tasks, by when their request was filed.
    Tasks,
    /// Improvement items, open and done.
    Improvements,
}

/// One page of an export: the rows, and where the next page begins.
pub struct Page {
    /// Flat objects.
    pub rows: Vec<Map<String, Value>>,
    /// Pass it on for the next page; `None` at the end.
    pub after: Option<(Timestamp, String)>,
}

/// Rows in a page.
const PAGE: i64 = 500;

/// Reads the page after `after`, of what happened since `since`.
pub async fn page(db: &Db, what: What, since: Timestamp, after: Option<(Timestamp, String)>) -> Result<Page> {
    let sql = match what {
        What::Requests => {
            "SELECT filed_at AS at, id AS cursor, id, state, version, revision, initiator, department, kind, title, \
             background, goal, wanted_by, people, budget, equipment, risks, priority, acceptance, visibility, attachments, attached \
             FROM request WHERE filed_at >= $1 AND (filed_at, id) > ($2, $3) ORDER BY filed_at, id LIMIT $4"
        }
        What::Obligations => {
            "SELECT opened_at AS at, id AS cursor, id, request, kind, department, debtor, instead_of, delivered_at, \
             due_at, provisional, allowed, urgent, climbed, fires_at, outcome, closed_at, closed_by, used_ms \
             FROM obligation WHERE opened_at >= $1 AND (opened_at, id) > ($2, $3) ORDER BY opened_at, id LIMIT $4"
        }
        What::Messages => {
            "SELECT sent_at AS at, id AS cursor, id, platform, chat, message, person, request, summary, updated_at \
             FROM message WHERE sent_at >= $1 AND (sent_at, id) > ($2, $3) ORDER BY sent_at, id LIMIT $4"
        }
        What::Audit => {
            "SELECT at, subject || '/' || CAST(1000000000 + n AS TEXT) AS cursor, subject, n, by_person, on_behalf_of, what, params, digest, \
             previous, hash FROM audit WHERE at >= $1 AND (at, subject || '/' || CAST(1000000000 + n AS TEXT)) > ($2, $3) \
             ORDER BY at, subject || '/' || CAST(1000000000 + n AS TEXT) LIMIT $4"
        }
        What::Decisions => {
            "SELECT asked_at AS at, obligation AS cursor, request, number, subject, options, decider, asked_by, \
             working_days, obligation, state, choice, conclusion, reason, ended_by, on_behalf_of, ended_at FROM decision \
             WHERE asked_at >= $1 AND (asked_at, obligation) > ($2, $3) ORDER BY asked_at, obligation LIMIT $4"
        }
        What::Risks => {
            "SELECT planned_at AS at, request || '/' || CAST(1000000000 + number AS TEXT) AS cursor, request, number, kind, \
             description, likelihood, impact, measure, owner, superior, measure_days, watched, thresholds, state, \
             planned_by, firings FROM risk WHERE planned_at >= $1 \
             AND (planned_at, request || '/' || CAST(1000000000 + number AS TEXT)) > ($2, $3) \
             ORDER BY planned_at, request || '/' || CAST(1000000000 + number AS TEXT) LIMIT $4"
        }
        What::Issues => {
            "SELECT reported_at AS at, request || '-I' || CAST(1000000000 + number AS TEXT) AS cursor, request, number, task, topic, \
             severity, description, scope, happened_at, fix_by, department, reporter, late, state, responded_by, responded_at, \
             COALESCE(coordination, 'null') AS coordination, COALESCE(solution, 'null') AS solution, resolver, updates, \
             COALESCE(resolution, 'null') AS resolution, resolved_by, resolved_at, closed_by, closed_at, reopened, also, reports, moves \
             FROM issue WHERE reported_at >= $1 AND (reported_at, request || '-I' || CAST(1000000000 + number AS TEXT)) > ($2, $3) \
             ORDER BY reported_at, request || '-I' || CAST(1000000000 + number AS TEXT) LIMIT $4"
        }
        What::Tasks => task::SQL,
        What::Improvements => improvement::SQL,
    };
    let (at, cursor) = after.unwrap_or((Timestamp::MIN, String::new()));
    let rows = db.rows(sql, args![since, at, cursor, PAGE]).await?;
    let last = rows.last().map(|r| Ok::<_, DbError>((r.get("at")?, r.get("cursor")?))).transpose()?;
    let full = i64::try_from(rows.len()).unwrap_or(PAGE) == PAGE;
    let rows = rows.iter().map(|r| object(what, r)).collect::<Result<Vec<_>>>()?;
    Ok(Page { rows, after: last.filter(|_| full) })
}

/// The asks of one request, as flat objects.
pub async fn asks(db: &Db, request: &str) -> Result<Vec<Value>> {
    let sql = "SELECT department, task, deliverable, wanted_by, resources, revision, state, round, signed_by, \
               on_behalf_of, signed_at, signed_revision, digest, estimate FROM ask WHERE request = $1 ORDER BY place";
    let texts = [
        "department",
        "task",
        "deliverable",
        "wanted_by",
        "resources",
        "state",
        "signed_by",
        "on_behalf_of",
        "digest",
        "estimate",
    ];
    let numbers = ["revision", "round", "signed_revision"];
    let rows = db.rows(sql, args![request]).await?;
    rows.iter().map(|r| Ok(Value::Object(columns(r, &texts, &numbers, &["signed_at"], &[])?))).collect()
}

fn object(what: What, r: &Row) -> Result<Map<String, Value>> {
    let mut object = match what {
        What::Requests => {
            let texts = [
                "id",
                "state",
                "initiator",
                "department",
                "kind",
                "title",
                "background",
                "goal",
                "wanted_by",
                "people",
                "equipment",
                "risks",
                "priority",
                "acceptance",
                "visibility",
            ];
            let mut object = columns(r, &texts, &["version", "revision", "budget"], &[], &[])?;
            object.insert("attachments".to_owned(), parsed(r, "attachments")?);
            object.insert("attached".to_owned(), parsed(r, "attached")?);
            object
        }
        What::Obligations => {
            let texts = [
                "id",
                "request",
                "kind",
                "department",
                "debtor",
                "instead_of",
                "allowed",
                "climbed",
                "outcome",
                "closed_by",
            ];
            let moments = ["delivered_at", "due_at", "fires_at", "closed_at"];
            columns(r, &texts, &["used_ms"], &moments, &["provisional", "urgent"])?
        }
        What::Messages => {
            let texts = ["id", "platform", "chat", "message", "person", "request", "summary"];
            columns(r, &texts, &[], &["updated_at"], &[])?
        }
        What::Audit => {
            let texts = ["subject", "by_person", "on_behalf_of", "what", "digest", "previous", "hash"];
            let mut object = columns(r, &texts, &["n"], &[], &[])?;
            object.insert("params".to_owned(), parsed(r, "params")?);
            object
        }
        What::Decisions | What::Risks => plan(what, r)?,
        What::Issues => issue(r)?,
        What::Tasks => task::object(r)?,
        What::Improvements => improvement::object(r)?,
    };
    object.insert(began(what).to_owned(), moment(r, "at")?);
    Ok(object)
}

/// The column by which pages are turned: when it began.
fn began(what: What) -> &'static str {
    match what {
        What::Requests => "filed_at",
        What::Obligations => "opened_at",
        What::Messages => "sent_at",
        What::Audit => "at",
        What::Decisions => "asked_at",
        What::Risks => "planned_at",
        What::Issues => "reported_at",
        What::Tasks => "filed_at",
        What::Improvements => "set_at",
    }
}

/// A decision or a risk plan.
fn plan(what: What, r: &Row) -> Result<Map<String, Value>> {
    let (texts, numbers, moments, lists): (&[&str], &[&str], &[&str], &[&str]) = match what {
        What::Decisions => (
            &[
                "request",
                "subject",
                "decider",
                "asked_by",
                "obligation",
                "state",
                "conclusion",
                "reason",
                "ended_by",
                "on_behalf_of",
            ],
            &["number", "working_days", "choice"],
            &["ended_at"],
            &["options"],
        ),
        _ => (
            &[
                "request",
                "kind",
                "description",
                "likelihood",
                "impact",
                "measure",
                "owner",
                "superior",
                "state",
                "planned_by",
            ],
            &["number", "measure_days", "watched"],
            &[],
            &["thresholds", "firings"],
        ),
    };
    let mut object = columns(r, texts, numbers, moments, &[])?;
    for name in lists {
        object.insert((*name).to_owned(), parsed(r, name)?);
    }
    Ok(object)
}

fn issue(r: &Row) -> Result<Map<String, Value>> {
    let texts = [
        "request",
        "topic",
        "severity",
        "description",
        "scope",
        "department",
        "reporter",
        "state",
        "responded_by",
        "resolver",
        "resolved_by",
        "closed_by",
    ];
    let moments = ["happened_at", "fix_by", "responded_at", "resolved_at", "closed_at"];
    let mut object = columns(r, &texts, &["number", "task", "reports"], &moments, &["late"])?;
    for name in ["coordination", "solution", "updates", "resolution", "reopened", "also", "moves"] {
        object.insert(name.to_owned(), parsed(r, name)?);
    }
    Ok(object)
}

fn columns(
    r: &Row,
    texts: &[&str],
    numbers: &[&str],
    moments: &[&str],
    flags: &[&str],
) -> Result<Map<String, Value>> {
    let mut object = Map::new();
    for name in texts {
        object.insert((*name).to_owned(), json!(r.get::<Option<String>>(*name)?));
    }
    for name in numbers {
        object.insert((*name).to_owned(), json!(r.get::<Option<i64>>(*name)?));
    }
    for name in moments {
        object.insert((*name).to_owned(), moment(r, name)?);
    }
    for name in flags {
        object.insert((*name).to_owned(), json!(r.get::<Option<bool>>(*name)?));
    }
    Ok(object)
}

fn moment(r: &Row, name: &str) -> Result<Value> {
    Ok(json!(r.get::<Option<Timestamp>>(name)?.map(|t| t.to_string())))
}

fn parsed(r: &Row, name: &str) -> Result<Value> {
    let text: String = r.get(name)?;
    serde_json::from_str(&text).map_err(|e| DbError::Other(format!("column {name}: {e}")))
}
