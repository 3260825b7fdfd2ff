//! Liaison: a chat-bot that runs cross-department collaboration where people already talk.
//!
//! The rooms in reading order, which is also the way of the data; a room uses only rooms above it
//! (the table is in `docs/architecture.md` and is checked by `tests/tidy.rs`).

// THE RULES, and the words for people.
mod domain;
mod text;
// How people say it, what the service says.
mod card;
mod intent;
// Time, where a test lets the process die, and where everything is kept.
mod clock;
pub mod crash;
mod store;
// The boundary to messengers.
mod messenger;
// One act, one transaction; and when nobody acts.
mod app;
mod engine;
// Doors.
mod web;
// Files and environment → options; the rooms wired together; the command line.
pub mod cli;
mod config;
mod service;

pub use config::{demo as demo_config, load as load_config};
pub use domain::Timestamp;
pub use service::{Running, Service, StartError, TimeSource};
