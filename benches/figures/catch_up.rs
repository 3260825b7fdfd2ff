//! What piles up while the service is down for a day, and how soon it is worked off.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::seed::{self, Bench};

/// Requests that two departments each owe an answer to.
const REQUESTS: usize = 5_000;

/// A day's backlog.
pub struct Figure {
    /// Steps that came due.
    pub steps: i64,
    /// Messages sent for them.
    pub messages: i64,
    /// Until nothing was left to do.
    pub took: Duration,
}

/// Stops on a Monday morning, starts on Tuesday at noon.
pub async fn after_a_day() -> Figure {
    let folder = tempfile::tempdir().unwrap();
    let database = seed::sqlite(folder.path());
    seed::at_rest(&database, REQUESTS).await;
    seed::run(&database, "DELETE FROM switch WHERE name = 'sending';").await;
    let armed = "SELECT COUNT(*) FROM obligation WHERE fires_at IS NOT NULL AND fires_at < ";
    let noon = "2026-11-24T12:00:00+08:00".parse::<jiff::Timestamp>().unwrap();
    let steps = seed::count(&database, &format!("{armed}{}", noon.as_millisecond())).await;
    let before = seed::count(&database, "SELECT COUNT(*) FROM message").await;
    let since = Instant::now();
    let bench = Bench::starts(&database, noon).await;
    bench.posts("/sandbox/api/clock", json!({ "advance": "0min" })).await;
    let took = since.elapsed();
    bench.stops().await;
    let messages = seed::count(&database, "SELECT COUNT(*) FROM message").await - before;
    Figure { steps, messages, took }
}
