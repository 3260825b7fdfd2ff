//! All SQL lives in this room: the case files, timers, outbox, inbox, audit, and the database layer underneath.
//!
//! Invariant: nothing outside this room names a table, a column or a database driver.

pub mod db;

pub use db::{Db, DbError, Row, Sql, Tx};
