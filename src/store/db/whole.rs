//! A batch that is a whole transaction: on PostgreSQL one journey instead of four.
//!
//! Invariant: either all of it lasts, or nothing of it does.

use super::error::{DbError, Result};
use super::sql::{NOT_ONE, whole};
use super::tx::{Statement, Turn, Tx};
use super::{Engine, value};
use crate::crash::{self, Point};

impl Tx {
    /// Runs several statements and makes them last. `false`: one that has to hit exactly one row did not, and nothing
    /// of the transaction was written. On `Err` nothing was either, with the exception of [`Tx::commit`].
    pub async fn batch_and_commit(mut self, statements: Vec<Statement>) -> Result<bool> {
        self.usable()?;
        if let (Engine::Postgres(pool), None) = (&self.db.0, &self.begun)
            && is_claimed_act(&statements)
        {
            let parts = statements.iter().map(Statement::part).collect::<Vec<_>>();
            if let Some(text) = whole(&parts) {
                let args = statements.into_iter().flat_map(|statement| statement.args).collect();
                let query = sqlx::query_with(text, value::postgres(args)?);
                let mut connection = pool.acquire().await?;
                crash::here(Point::TransactionWritten);
                let done = query.execute(&mut *connection).await;
                crash::here(Point::TransactionCommitted);
                return outcome(done);
            }
        }
        match self.batch_missed(statements).await? {
            Some(_) => Ok(false),
            None => self.commit().await.map(|()| true),
        }
    }
}

/// A claim, a tripwire, and what rests on nothing but these.
fn is_claimed_act(statements: &[Statement]) -> bool {
    let [claim, tripwire, rest @ ..] = statements else { return false };
    claim.turn == Turn::Gate
        && tripwire.turn == Turn::First
        && tripwire.sql.is_conditional_update()
        && rest.iter().all(|statement| statement.turn == Turn::Any)
        && statements.iter().all(|statement| statement.sql.is_fixed())
}

fn outcome<T>(done: sqlx::Result<T>) -> Result<bool> {
    match done {
        Ok(_) => Ok(true),
        Err(error) if error.as_database_error().and_then(|e| e.code()).as_deref() == Some(NOT_ONE) => {
            Ok(false)
        }
        Err(error) => Err(DbError::from(error)),
    }
}
