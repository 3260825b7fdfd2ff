//! The writes of one act, collected and sent in one journey.
//!
//! Invariant: statements that have to hit exactly one row are checked after the journey; a miss fails the act.

use super::db::{DbError, Statement, Turn, Tx, Val};

/// Statements in the order in which they are to run.
#[derive(Default)]
pub struct Batch {
    statements: Vec<Statement>,
    /// Those that have to hit one row: their places and texts.
    ones: Vec<(usize, &'static str)>,
}

impl Batch {
    /// Adds a statement; no other one that is added so, or by [`Batch::push_one`], writes the same row.
    pub fn push(&mut self, sql: &'static str, args: Vec<Val>) {
        self.statements.push(Statement::new(sql, args));
    }

    /// Adds a statement that has to hit exactly one row.
    pub fn push_one(&mut self, sql: &'static str, args: Vec<Val>) {
        self.ones.push((self.statements.len(), sql));
        self.push(sql, args);
    }

    /// Adds a statement that has to hit exactly one row, and that all later ones rest on: a tripwire, a parent.
    pub fn push_key(&mut self, sql: &'static str, args: Vec<Val>) {
        self.push_in(Turn::First, sql, args);
    }

    /// Adds the claim of a key: as [`Batch::push_key`], and what follows need not try without it.
    pub fn push_claim(&mut self, sql: &'static str, args: Vec<Val>) {
        self.push_in(Turn::Gate, sql, args);
    }

    fn push_in(&mut self, turn: Turn, sql: &'static str, args: Vec<Val>) {
        self.ones.push((self.statements.len(), sql));
        self.statements.push(Statement::new(sql, args).turn(turn));
    }

    /// Runs them all.
    pub async fn write(self, tx: &mut Tx) -> Result<(), DbError> {
        match self.try_write(tx).await? {
            None => Ok(()),
            Some(missed) => Err(DbError::Other(format!("hit not exactly one row: {missed}"))),
        }
    }

    /// Runs them all; the text of one that should have hit exactly one row and did not, if there is one: then the
    /// transaction is to be dropped.
    pub async fn try_write(self, tx: &mut Tx) -> Result<Option<&'static str>, DbError> {
        let hits = tx.batch(self.statements).await?;
        let missed = self.ones.into_iter().find(|(place, _)| hits.get(*place) != Some(&1));
        Ok(missed.map(|(_, text)| text))
    }
}
