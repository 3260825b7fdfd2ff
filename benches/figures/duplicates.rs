//! How long a click takes that was answered before: the messenger brings it again, byte by byte the same.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::load::Latencies;
use crate::{CLICKS, clicks, feishu, seed};

/// Duplicates of one measurement.
const AGAIN: usize = 20_000;

/// Beside each other: p50, p99, p99.9.
pub struct Figure {
    /// Fresh, one after the other.
    pub fresh: Latencies,
    /// Duplicates, one after the other.
    pub again: Latencies,
    /// Duplicates at half of the full rate.
    pub at_half_load: Latencies,
}

/// On SQLite; `full` are the clicks a second at saturation.
pub async fn on_sqlite(full: f64) -> Figure {
    let folder = tempfile::tempdir().unwrap();
    let database = seed::sqlite(folder.path());
    feishu::prepare(&database, CLICKS).await;
    let (url, running) = feishu::starts(folder.path(), &database, "").await;
    let client = seed::client();
    let press = feishu::presses(&client, &url, feishu::FIRST, CLICKS);
    let fresh = in_turn(CLICKS, &press).await;
    let again = in_turn(AGAIN, &press).await;
    let press = Arc::new(press);
    let at_half_load = clicks::at_rate(full / 2.0, AGAIN, move |n| press((n - 1) % CLICKS + 1)).await;
    running.stop().await;
    Figure { fresh, again, at_half_load }
}

/// One after the other; each of the clicks as often as needed.
async fn in_turn<F: Future<Output = ()>>(times: usize, press: impl Fn(usize) -> F) -> Latencies {
    let mut took: Vec<Duration> = Vec::new();
    for n in 0..times {
        let since = Instant::now();
        press(n % CLICKS + 1).await;
        took.push(since.elapsed());
    }
    took.sort();
    let at = |per_mille: usize| took[(took.len() - 1) * per_mille / 1_000];
    (at(500), at(990), at(999))
}
