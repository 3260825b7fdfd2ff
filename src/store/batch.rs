//! The writes of one act, collected and sent in one journey.
//!
//! Invariant: statements that have to hit exactly one row are checked after the journey; a miss fails the act.

use super::db::{DbError, Sql, Tx, Val};

/// Statements in the order in which they are to run.
#[derive(Default)]
pub struct Batch {
    statements: Vec<(Sql, Vec<Val>)>,
    /// Places of those that have to hit one row.
    ones: Vec<usize>,
}

impl Batch {
    /// Adds a statement.
    pub fn push(&mut self, sql: &'static str, args: Vec<Val>) {
        self.statements.push((sql.into(), args));
    }

    /// Adds a statement that has to hit exactly one row.
    pub fn push_one(&mut self, sql: &'static str, args: Vec<Val>) {
        self.ones.push(self.statements.len());
        self.push(sql, args);
    }

    /// Runs them all.
    pub async fn write(self, tx: &mut Tx) -> Result<(), DbError> {
        let texts: Vec<Sql> = self.ones.iter().map(|n| self.statements[*n].0.clone()).collect();
        let hits = tx.batch(self.statements).await?;
        for (place, text) in self.ones.iter().zip(texts) {
            if hits.get(*place) != Some(&1) {
                return Err(DbError::Other(format!(
                    "hit {:?} rows instead of one: {text:?}",
                    hits.get(*place)
                )));
            }
        }
        Ok(())
    }
}
