//! Filters whose cost depends on how many requests pass: a state, something overdue.
//!
//! What few requests have is looked up once, before any row of the list. What many have is asked of each row that
//! everything cheaper let through, which ends soon because so many have it.

use super::super::db::Db;
use super::text::Text;
use super::{Query, Result};
use crate::domain::Timestamp;
use crate::domain::request::State;

/// What fewer requests have than this is looked up first: some 3 µs each, so that it costs less than to look at a hundred
/// thousand.
const FEW: i64 = 5_000;

/// Which filters of a query few requests pass.
pub(super) struct Few {
    states: bool,
    overdue: bool,
}

impl Few {
    /// Counts as far as it must.
    pub async fn counted(db: &Db, query: &Query) -> Result<Self> {
        let states = !query.states.is_empty() && are_in(db, &query.states).await?;
        let overdue = match query.overdue_at {
            Some(at) => are_late(db, at).await?,
            None => false,
        };
        Ok(Self { states, overdue })
    }

    /// Goes on with those that few pass (MATERIALIZED: PostgreSQL would otherwise ask each row of the list for its state).
    pub fn first(&self, text: &mut Text, query: &Query) {
        if self.states {
            text.say(" AND n.request IN (WITH few AS MATERIALIZED (SELECT r.id FROM request r WHERE r.state");
            text.within(names(&query.states)).say(") SELECT id FROM few)");
        }
        if let Some(at) = query.overdue_at.filter(|_| self.overdue) {
            text.say(" AND n.request IN (WITH few AS MATERIALIZED (SELECT l.request FROM obligation l WHERE");
            late(text, at).say(") SELECT request FROM few)");
        }
    }

    /// Goes on with the others.
    pub fn each(&self, text: &mut Text, query: &Query) {
        if !self.states && !query.states.is_empty() {
            text.say(" AND (SELECT r.state FROM request r WHERE r.id = n.request)")
                .within(names(&query.states));
        }
        if let Some(at) = query.overdue_at.filter(|_| !self.overdue) {
            text.say(" AND 0 < (SELECT COUNT(*) FROM obligation l WHERE l.request = n.request AND");
            late(text, at).say(")");
        }
    }
}

/// Whether few requests are in these states.
pub(super) async fn are_in(db: &Db, states: &[State]) -> Result<bool> {
    let mut count = Text::default();
    count.say("SELECT COUNT(*) AS n FROM (SELECT 1 FROM request WHERE state").within(names(states));
    is_few(db, count).await
}

async fn are_late(db: &Db, at: Timestamp) -> Result<bool> {
    let mut count = Text::default();
    late(count.say("SELECT COUNT(*) AS n FROM (SELECT 1 FROM obligation l WHERE"), at);
    is_few(db, count).await
}

async fn is_few(db: &Db, mut count: Text) -> Result<bool> {
    count.say(" LIMIT ").put(FEW + 1).say(") c");
    let (sql, values) = count.whole();
    let rows = db.rows_made(sql, values).await?;
    Ok(rows.first().map_or(Ok(0), |row| row.get::<i64>("n"))? <= FEW)
}

pub(super) fn names(states: &[State]) -> impl Iterator<Item = &'static str> {
    states.iter().map(|state| state.name())
}

fn late(text: &mut Text, at: Timestamp) -> &mut Text {
    text.say(" l.closed_at IS NULL AND l.due_at < ").put(at)
}
