//! How a stream is doing, as others see it.
//!
//! Invariant: it is written by the stream alone; a connection that is being left does not count.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Trouble;

/// How a stream is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Whether there is a connection.
    pub connected: bool,
    /// For how long there has been one, or none.
    pub since: Duration,
    /// How many connections there were after the first.
    pub reconnects: u64,
    /// How long ago the platform last said anything.
    pub last_frame: Option<Duration>,
    /// Why there is no connection. [`Trouble::Refused`] is for the administrator.
    pub trouble: Option<Trouble>,
}

/// The state as it is kept.
#[derive(Default)]
pub struct Status(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    connected: bool,
    since: Option<Instant>,
    connections: u64,
    last_frame: Option<Instant>,
    trouble: Option<Trouble>,
}

impl Status {
    /// There is a new connection.
    pub fn up(&self) {
        let mut kept = self.kept();
        if !kept.connected {
            kept.since = Some(Instant::now());
        }
        kept.connected = true;
        kept.connections += 1;
        kept.trouble = None;
    }

    /// The platform said something.
    pub fn heard(&self) {
        self.kept().last_frame = Some(Instant::now());
    }

    /// There is none, and why.
    pub fn down(&self, trouble: Trouble) {
        self.ended();
        self.kept().trouble = Some(trouble);
    }

    /// There is none.
    pub fn ended(&self) {
        let mut kept = self.kept();
        if kept.connected || kept.since.is_none() {
            kept.since = Some(Instant::now());
        }
        kept.connected = false;
    }

    /// The state at `now`.
    pub fn seen(&self, now: Instant) -> State {
        let kept = self.kept();
        State {
            connected: kept.connected,
            since: kept.since.map_or(Duration::ZERO, |since| now - since),
            reconnects: kept.connections.saturating_sub(1),
            last_frame: kept.last_frame.map(|at| now - at),
            trouble: kept.trouble.clone(),
        }
    }

    /// A panic elsewhere does not make these words less true.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
