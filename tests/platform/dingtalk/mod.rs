//! What comes in from DingTalk, told at the running service: by Stream mode against the strict fake, and over HTTP.
//!
//! Invariant: whatever way it comes, what was taken is committed when it is answered, and is one act however often it
//! comes.

mod ears;
mod http;
mod links;
mod logins;
mod many;
mod order;
mod pages;
mod round;
mod staff;
mod stream;
mod telling;
mod trouble;
mod urgent;
mod whole;
pub mod world;

pub use ears::title;
