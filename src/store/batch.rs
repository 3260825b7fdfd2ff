//! The writes of one act, collected and sent in one journey.
//!
//! Invariant: statements that have to hit exactly one row are checked after the journey; a miss fails the act.

use super::db::{DbError, Statement, Turn, Tx, Val};

/// Statements in the order in which they are to run.
#[derive(Default)]
pub struct Batch {
    statements: Vec<Statement>,
}

impl Batch {
    /// Adds a statement; no other one that is added so, or by [`Batch::push_one`], writes the same row.
    pub fn push(&mut self, sql: &'static str, args: Vec<Val>) {
        let statement = Statement::new(sql, args);
        let rest = match self.statements.last_mut() {
            Some(last) => last.with_row(statement),
            None => Some(statement),
        };
        self.statements.extend(rest);
    }

    /// Adds a statement that has to hit exactly one row.
    pub fn push_one(&mut self, sql: &'static str, args: Vec<Val>) {
        self.statements.push(Statement::new(sql, args).one());
    }

    /// Adds a statement that has to hit exactly one row, and that all later ones rest on: a tripwire, a parent.
    pub fn push_key(&mut self, sql: &'static str, args: Vec<Val>) {
        self.statements.push(Statement::new(sql, args).one().turn(Turn::First));
    }

    /// Puts the claim of a key in front: as [`Batch::push_key`], and what follows need not try without it.
    pub fn put_claim(&mut self, sql: &'static str, args: Vec<Val>) {
        self.statements.insert(0, Statement::new(sql, args).one().turn(Turn::Gate));
    }

    /// Runs them all.
    pub async fn write(self, tx: &mut Tx) -> Result<(), DbError> {
        match tx.batch_missed(self.statements).await? {
            None => Ok(()),
            Some(missed) => Err(DbError::Other(format!("hit not exactly one row: {missed}"))),
        }
    }

    /// Runs them all as a whole transaction. `false`: one that has to hit exactly one row did not, and nothing is
    /// written.
    pub async fn write_whole(self, tx: Tx) -> Result<bool, DbError> {
        tx.batch_and_commit(self.statements).await
    }
}
