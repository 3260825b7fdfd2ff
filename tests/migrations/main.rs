//! The schema through its whole life, on both engines: what an older program wrote survives every later migration.
//!
//! Invariant: each `migrations/NNNN_*.sql` has `NNNN.sql` here, which fills every column of every table that it made or
//! changed, and `NNNN.refused.sql`, rows that the schema must not take. The program under test is the built one.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a database that cannot be asked has failed")]

mod database;
mod files;
mod life;
mod refusal;
