//! The stories: what the service promises, told through its doors, on SQLite and on PostgreSQL.
//!
//! Each story ends by proving that nothing else was heard.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod world;

mod bad_input;
mod dead_letters;
mod deciding;
mod doors;
mod filing;
mod ladders;
mod objections;
mod permission;
mod rules;
mod talking;
mod tasks;
mod trouble;
