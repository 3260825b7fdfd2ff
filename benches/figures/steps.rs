//! What a thousand due steps cost among few and among many open obligations.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::seed::{self, Bench};

/// Steps that are due.
const DUE: usize = 1_000;

/// How long it takes to claim and fire them among `open` obligations.
pub async fn fires(open: usize) -> Duration {
    let folder = tempfile::tempdir().unwrap();
    let database = seed::sqlite(folder.path());
    seed::at_rest(&database, DUE).await;
    let columns = "kind, department, debtor, instead_of, opened_at, delivered_at, due_at, provisional, allowed, ladder, \
                   urgent, climbed, urged_at, next_step, next_due";
    let later = seed::monday().as_millisecond() + 365 * 86_400_000;
    let now = seed::monday().as_millisecond();
    let text = format!(
        "INSERT INTO obligation (id, request, {columns}, fires_at, attempts) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {open}) \
         SELECT 'bulk.' || n.i, t.request, {columns}, {later} + n.i, 0 \
         FROM n, (SELECT * FROM obligation WHERE closed_at IS NULL AND request = '2026-Q4-SCB-001' LIMIT 1) t;"
    );
    seed::run(&database, &text).await;
    // What the seeding left to the kernel would be written in the middle of the measurement.
    std::process::Command::new("sync").status().unwrap();
    let bench = Bench::starts(&database, seed::monday()).await;
    // What a start costs (the auditor's first look, empty caches) is not what a step costs.
    let looks = json!({ "advance": "0min" });
    bench.posts("/sandbox/api/clock", looks.clone()).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let due = format!(
        "UPDATE obligation SET next_due = {now}, fires_at = {now} WHERE closed_at IS NULL AND department = 'YFB' \
         AND request IN (SELECT id FROM request WHERE id > '2026-Q4-SCB-1');"
    );
    seed::run(&database, &due).await;
    let since = Instant::now();
    bench.posts("/sandbox/api/clock", looks).await;
    let took = since.elapsed();
    bench.stops().await;
    took
}
