//! All SQL lives in this room: case files, obligations, outbox, inbox, audit, and the database layer underneath.
//!
//! Invariant: nothing outside this room names a table, a column or a database driver; one file per family of tables.

mod code;
pub mod db;
mod decision;

pub mod anchor;
pub mod audit;
#[cfg(test)]
mod backlog_tests;
pub mod batch;
pub mod board;
pub mod dead_letter;
pub mod desk;
pub mod digest;
pub mod directory;
pub mod draft;
pub mod export;
mod improvement;
pub mod inbox;
pub mod issue;
pub mod lease;
pub mod obligation;
pub mod outbox;
pub mod pause;
pub mod renewal;
pub mod replica;
pub mod request;
pub mod response;
pub mod retention;
pub mod risk;
pub mod sandbox;
pub mod search;
pub mod session;
pub mod standing;
pub mod task;
pub mod todo;
pub mod token;

pub use db::{Db, DbError, Tx};
