//! Liaison: a chat-bot that runs cross-department collaboration where people already talk.
//!
//! The rooms in reading order, which is also the way of the data; a room uses only rooms above it
//! (the table is in `docs/architecture.md` and is checked by `tests/tidy.rs`).

mod app;
mod card;
mod clock;
mod config;
mod domain;
mod engine;
mod intent;
mod messenger;
mod store;
mod text;
pub mod web;
