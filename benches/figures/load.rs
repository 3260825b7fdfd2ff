//! How long a click takes at parts of the full rate, and how many a second several replicas acknowledge together.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::clicks::{self, FIRST};
use crate::seed::{self, Bench};
use crate::{CLICKS, rate};

/// Parts of the full rate, in percent.
pub const PARTS: [u32; 4] = [25, 50, 75, 90];

/// How long a rate is held: a hundredth of it is many times what one flush of the disk holds up, so that p99 tells of
/// more than a single one.
pub const LASTS: Duration = Duration::from_secs(5);

/// Latencies at one rate.
pub struct Point {
    /// Percent of the full rate.
    pub part: u32,
    pub took: Latencies,
}

/// p50, p99 and p99.9.
pub type Latencies = (Duration, Duration, Duration);

/// At each of [`PARTS`] of `full` clicks a second, each on a database of its own.
pub async fn by_rate(full: f64) -> Vec<Point> {
    let mut points = Vec::new();
    for part in PARTS {
        points.push(Point { part, took: at(full * f64::from(part) / 100.0).await });
    }
    points
}

/// At so many clicks a second, on a database of its own and a service that has just started.
pub async fn at(rate: f64) -> Latencies {
    let clicks = clicks::within(rate, LASTS);
    let folder = tempfile::tempdir().unwrap();
    let database = seed::sqlite(folder.path());
    seed::at_rest(&database, clicks).await;
    let bench = Bench::starts(&database, seed::monday()).await;
    let url = format!("{}/webhook/sandbox", bench.url);
    let took = clicks::at_rate(rate, clicks, |n| {
        let (client, url) = (bench.client.clone(), url.clone());
        async move { clicks::click(&client, &url, n, FIRST).await }
    })
    .await;
    bench.stops().await;
    took
}

/// Clicks a second that so many replicas acknowledge on one PostgreSQL; each click goes to the next of them.
pub async fn of_replicas(maintenance: &str, replicas: usize) -> f64 {
    let database = seed::postgres(maintenance).await;
    seed::at_rest(&database, CLICKS).await;
    let mut all = Vec::new();
    for _ in 0..replicas {
        all.push(Bench::starts(&database, seed::monday()).await);
    }
    let urls: Vec<String> = all.iter().map(|bench| format!("{}/webhook/sandbox", bench.url)).collect();
    let (client, turn) = (seed::client(), std::sync::Arc::new(AtomicUsize::new(0)));
    let took = clicks::all(move |n| {
        let url = urls[turn.fetch_add(1, Ordering::Relaxed) % urls.len()].clone();
        let client = client.clone();
        async move { clicks::click(&client, &url, n, FIRST).await }
    })
    .await;
    for bench in all {
        bench.stops().await;
    }
    rate(CLICKS, took)
}
