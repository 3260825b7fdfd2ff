//! What goes once it was kept long enough, table by table.
//!
//! Invariants: no row of the history, of a request, of its versions, asks, signatures, objections, tasks or obligations
//! is ever deleted, so every chain and every digest stays what it was; what an open request may still need stays; the
//! writer is never held for more than a small batch.

use super::audit;
use super::db::{Db, DbError, args};
use crate::domain::Timestamp;
use crate::domain::calendar::Calendar;
use crate::domain::change::{Audit, Params, Value};
use crate::domain::retention::{Class, Retention};

type Result<T> = std::result::Result<T, DbError>;

/// What is kept for how long, now, in whose days.
pub type Due<'a> = (&'a Retention, Timestamp, &'a Calendar);

/// A class, a table, and rows of it.
pub type Found = (Class, &'static str, u64);

/// Rows deleted in one transaction.
const BATCH: i64 = 500;

/// A table with rows, or with columns in them, that are kept for a time only. `$1` is the moment before which they may go, `$2` how many at most.
struct Table {
    class: Class,
    name: &'static str,
    count: &'static str,
    delete: &'static str,
}

macro_rules! table {
    ($class:ident, $name:literal, $key:literal, $old:literal) => {
        Table {
            class: Class::$class,
            name: $name,
            count: concat!("SELECT COUNT(*) AS n FROM ", $name, " t WHERE ", $old),
            delete: concat!(
                "DELETE FROM ",
                $name,
                " WHERE (",
                $key,
                ") IN (SELECT ",
                $key,
                " FROM ",
                $name,
                " t WHERE ",
                $old,
                " LIMIT $2)"
            ),
        }
    };
}

/// Everything that goes. What is over stands in [`State::is_over`](crate::domain::request::State::is_over).
const TABLES: &[Table] = &[
    table!(Events, "inbox", "key", "t.claimed_at < $1"),
    table!(Events, "web_session", "hash", "t.expires_at < $1"),
    table!(
        Messages,
        "message",
        "id",
        "t.sent_at < $1 AND (t.request IS NULL OR NOT EXISTS (SELECT 1 FROM request r WHERE r.id = t.request \
         AND r.state NOT IN ('withdrawn', 'cancelled', 'completed')))"
    ),
    table!(Messages, "outbox", "id", "t.finished_at < $1 AND t.state IN ('sent', 'moot')"),
    table!(Messages, "sandbox_message", "id", "t.at < $1"),
    table!(Drafts, "draft", "person, form, request", "t.saved_at < $1"),
    table!(Traces, "urge", "request, urged_by, person, at", "t.at < $1"),
    table!(Traces, "delegation", "id", "t.until_at < $1 AND t.phase = 'over'"),
    table!(
        People,
        "preference",
        "person",
        "EXISTS (SELECT 1 FROM person p WHERE p.id = t.person AND p.left_at < $1)"
    ),
    Table {
        class: Class::People,
        name: "person",
        count: "SELECT COUNT(*) AS n FROM person WHERE left_at < $1 AND (phone <> '' OR title <> '')",
        delete: "UPDATE person SET phone = '', title = '' WHERE id IN (SELECT id FROM person \
                 WHERE left_at < $1 AND (phone <> '' OR title <> '') LIMIT $2)",
    },
];

/// What would go now.
pub async fn count(db: &Db, (kept, now, calendar): Due<'_>) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    for table in TABLES {
        let Some(before) = kept.before(table.class, now, calendar) else { continue };
        let row = db.row(table.count, args![before]).await?;
        let rows: i64 = row.map_or(Ok(0), |row| row.get("n"))?;
        found.push((table.class, table.name, rows.unsigned_abs()));
    }
    Ok(found)
}

/// Lets it go; what went. The history of operations says so, unless it was nothing but keys of events.
pub async fn sweep(db: &Db, (kept, now, calendar): Due<'_>) -> Result<Vec<Found>> {
    note_leavers(db, now).await?;
    let mut found = Vec::new();
    for table in TABLES {
        let Some(before) = kept.before(table.class, now, calendar) else { continue };
        found.push((table.class, table.name, delete(db, table, before).await?));
    }
    let rows = |n: u64| Value::Number(i64::try_from(n).unwrap_or(i64::MAX));
    let noted = found.iter().filter(|(class, _, n)| *class != Class::Events && *n > 0);
    let with: Params = noted.map(|(_, table, n)| ((*table).to_owned(), rows(*n))).collect();
    if !with.is_empty() {
        let sum = found.iter().map(|(_, _, n)| n).sum();
        let with = with.into_iter().chain([("rows".to_owned(), rows(sum))]).collect();
        let line = Audit { by: None, on_behalf_of: None, what: "purged".to_owned(), with };
        let mut tx = db.begin().await?;
        audit::append_beside(&mut tx, "operations", &line, now).await?;
        tx.commit().await?;
    }
    Ok(found)
}

/// Somebody who is not active any more left when that is first noticed; who is active again did not.
async fn note_leavers(db: &Db, now: Timestamp) -> Result<()> {
    let mut tx = db.begin().await?;
    let left = "UPDATE person SET left_at = $1 WHERE active = $2 AND left_at IS NULL";
    tx.execute(left, args![now, false]).await?;
    tx.execute("UPDATE person SET left_at = NULL WHERE active = $1 AND left_at IS NOT NULL", args![true])
        .await?;
    tx.commit().await
}

async fn delete(db: &Db, table: &Table, before: Timestamp) -> Result<u64> {
    let mut gone = 0;
    loop {
        let mut tx = db.begin().await?;
        let hit = tx.execute(table.delete, args![before, BATCH]).await?;
        tx.commit().await?;
        gone += hit;
        if hit == 0 {
            return Ok(gone);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::request::State;

    #[test]
    fn what_is_over_is_named_and_nothing_else_and_no_table_of_the_history_is_touched() {
        let messages = TABLES.iter().find(|table| table.name == "message").unwrap();
        for state in [State::Withdrawn, State::Cancelled, State::Accepted] {
            assert!(state.is_over() && messages.delete.contains(&format!("'{}'", state.name())), "{state:?}");
        }
        for state in
            [State::InReview, State::Returned, State::Confirming, State::Confirmed, State::InProgress]
        {
            assert!(!messages.delete.contains(&format!("'{}'", state.name())), "{state:?}");
        }
        let kept =
            ["audit", "audit_head", "request", "request_version", "ask", "signature", "obligation", "task"];
        assert!(TABLES.iter().all(|table| !kept.contains(&table.name)));
    }
}
