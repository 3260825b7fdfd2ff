//! Who may see a request (保密级别), as a condition of a statement over `request_search n`.
//!
//! Invariant: the same rule as `Case::sees` in `domain/permission.rs`, row for row; `tests` of this folder compare them
//! on both engines. What is cheap and shuts out most comes first.

use super::text::Text;
use crate::domain::PersonId;
use crate::domain::permission::{Eyes, Reader};
use crate::domain::search::department_bits;

/// Goes on with what these eyes may see.
pub(super) fn visible(text: &mut Text, eyes: &Eyes) {
    match eyes {
        Eyes::All => {}
        Eyes::None => {
            text.say(" AND 1 = 0");
        }
        Eyes::Of(reader) => {
            text.say(" AND (n.visibility = 'public' OR n.initiator").within(&reader.acts_for);
            part(text, reader, " OR n.visibility = 'departments' AND (n.department");
        }
    }
}

/// Goes on with what these eyes have a part in, whoever else may see it: `Case::is_inside`, row for row.
pub(super) fn inside(text: &mut Text, eyes: &Eyes) {
    match eyes {
        Eyes::All => {}
        Eyes::None => {
            text.say(" AND 1 = 0");
        }
        Eyes::Of(reader) => {
            text.say(" AND (n.initiator").within(&reader.acts_for);
            part(text, reader, " OR (n.department");
        }
    }
}

/// Everything besides what the narrow row tells; `colleagues` opens the condition for people of its departments.
fn part(text: &mut Text, reader: &Reader, colleagues: &'static str) {
    departments(text, reader, colleagues);
    owed(text, reader);
    owned(text, reader);
    copied(text, reader);
    named(text, reader);
    trouble(text, reader);
    superior(text, reader);
    if reader.approves_last {
        text.say(LAST_APPROVAL);
    }
    text.say(")");
}

/// Contact, head and superior of the departments in question; their people where it is for participating departments.
fn departments(text: &mut Text, reader: &Reader, colleagues: &'static str) {
    const ASKED: &str = " OR EXISTS (SELECT 1 FROM ask a WHERE a.request = n.request AND a.department";
    text.say(" OR (n.sides & ").put(department_bits(reader.departments()));
    text.say(") <> 0 AND (n.department").within(&reader.files_for);
    text.say(ASKED).within(&reader.asked_for).say(")");
    text.say(colleagues).within(&reader.belongs_to);
    text.say(ASKED).within(&reader.belongs_to).say(")))");
}

/// Whoever owes something about it, and whoever that is owed instead of.
fn owed(text: &mut Text, reader: &Reader) {
    const OPEN: &str = " OR n.request IN (SELECT o.request FROM obligation o WHERE o.closed_at IS NULL AND ";
    text.say(OPEN).say("o.debtor").within(&reader.acts_for).say(")");
    text.say(OPEN).say("o.instead_of IS NOT NULL AND o.instead_of = ").put(reader.person.as_ref()).say(")");
}

/// Whoever a task was given to, finished or not.
fn owned(text: &mut Text, reader: &Reader) {
    text.say(" OR n.request IN (SELECT k.request FROM task k WHERE k.owner")
        .within(&reader.acts_for)
        .say(")");
}

/// Whoever was put on by others to know of it.
fn copied(text: &mut Text, reader: &Reader) {
    text.say(" OR n.request IN (SELECT l.request FROM onlooker l WHERE l.part = 'copied' AND l.person");
    text.within(&reader.acts_for).say(")");
}

/// Whoever decides or asked for a decision, owns a risk plan or is called by it, set an improvement item or is to do it.
fn named(text: &mut Text, reader: &Reader) {
    const NAMED: [&str; 6] = [
        " OR n.request IN (SELECT d.request FROM decision d WHERE d.decider",
        " OR n.request IN (SELECT d.request FROM decision d WHERE d.asked_by",
        " OR n.request IN (SELECT r.request FROM risk r WHERE r.owner",
        " OR n.request IN (SELECT r.request FROM risk r WHERE r.superior IS NOT NULL AND r.superior",
        " OR n.request IN (SELECT v.request FROM improvement v WHERE v.owner",
        " OR n.request IN (SELECT v.request FROM improvement v WHERE v.set_by",
    ];
    for place in NAMED {
        text.say(place).within(&reader.acts_for).say(")");
    }
}

/// Whoever reported or solves an issue of it, and the side that is responsible for one.
fn trouble(text: &mut Text, reader: &Reader) {
    text.say(" OR n.request IN (SELECT i.request FROM issue i WHERE i.reporter").within(&reader.acts_for);
    text.say(" OR i.resolver IS NOT NULL AND i.resolver").within(&reader.acts_for);
    text.say(" OR i.department").within(&reader.asked_for).say(")");
}

/// The superior whom an open objection was handed to.
fn superior(text: &mut Text, reader: &Reader) {
    text.say(" OR n.request IN (SELECT j.request FROM objection j WHERE j.stage = 'escalated' AND (1 = 0");
    const DETAIL: &str = " OR j.stage_detail LIKE ";
    const ESCAPE: &str = " ESCAPE '\\'";
    for person in &reader.acts_for {
        text.say(DETAIL).put(holds(r#""superior":{"person":"#, person, "")).say(ESCAPE);
    }
    if let Some(person) = &reader.person {
        text.say(DETAIL).put(holds(r#""instead_of":"#, person, "}")).say(ESCAPE);
    }
    text.say("))");
}

/// The general manager's approval is the one that is open.
const LAST_APPROVAL: &str = " OR n.request IN (SELECT p.request FROM approval p WHERE p.office = 'general_manager' \
     AND p.decided_at IS NULL AND NOT EXISTS (SELECT 1 FROM approval q WHERE q.request = p.request \
     AND COALESCE(q.stage, q.step) < COALESCE(p.stage, p.step) AND q.decided_at IS NULL))";

/// A pattern for a person's id behind a name, in JSON.
fn holds(before: &str, person: &PersonId, after: &str) -> String {
    let id = serde_json::Value::from(person.as_str()).to_string();
    format!("%{}%", super::literal(&format!("{before}{id}{after}")))
}
