//! The 17:00 round of a large company: a hundred thousand tasks of twenty thousand people, while others go on clicking.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::clicks::{self, FIRST};
use crate::seed::{self, Bench};

const REQUESTS: usize = 10_000;
const TASKS_EACH: usize = 10;
const PEOPLE: usize = 20_000;
/// Clicks during the round, and how many a second.
const CLICKS: usize = 200;
const A_SECOND: f64 = 20.0;

/// What the round took, and how long clicks waited meanwhile.
pub struct Figure {
    pub queued: Duration,
    pub p50: Duration,
    pub p99: Duration,
}

/// Seeds, moves the clock to 17:00, and clicks until the round stands in the outbox.
pub async fn on(database: &str) -> Figure {
    seed::at_rest(database, REQUESTS + CLICKS).await;
    seed::run(database, &tasks()).await;
    let before = "2026-11-23T16:59:00+08:00".parse().unwrap();
    let bench = Bench::starts(database, before).await;
    bench.posts("/sandbox/api/clock", json!({ "advance": "0min" })).await;
    let url = format!("{}/webhook/sandbox", bench.url);
    let since = Instant::now();
    let round = async {
        bench.posts("/sandbox/api/clock", json!({ "advance": "1min" })).await;
        since.elapsed()
    };
    let clicked = clicks::at_rate(A_SECOND, CLICKS, |n| {
        let (client, url) = (bench.client.clone(), url.clone());
        async move { clicks::click(&client, &url, REQUESTS + n, FIRST).await }
    });
    let (queued, (p50, p99, _)) = tokio::join!(round, clicked);
    let cards = seed::count(database, "SELECT COUNT(*) FROM nudge WHERE day = '2026-11-23'").await;
    assert_eq!(usize::try_from(cards), Ok(PEOPLE), "everybody has a card");
    bench.stops().await;
    Figure { queued, p50, p99 }
}

/// People, and tasks in progress that they own, five each.
fn tasks() -> String {
    let first = seed::number(1);
    let last = seed::number(REQUESTS);
    let people = format!(
        "INSERT INTO person (id, name, department, also, title, phone, roles, active, language) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {PEOPLE}) \
         SELECT 'p' || n.i, 'P ' || n.i, 'YFB', '', '', '', '', TRUE, 'zh' FROM n;"
    );
    let owner = format!("'p' || ((n.i * {TASKS_EACH} + k.i) % {PEOPLE} + 1)");
    let tasks = format!(
        "INSERT INTO task (request, number, name, lead, supporting, owner, start_day, finish_day, deliverable, standard, \
         after_tasks, milestone, state, percent, misses) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {REQUESTS}), \
         k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < {TASKS_EACH}) \
         SELECT '2026-Q4-SCB-' || CAST(100000 + n.i AS TEXT), k.i, 'T' || k.i, 'YFB', '[]', {owner}, '2026-11-23', \
         '2026-12-15', '', '', '[]', FALSE, 'doing', 0, 0 FROM n, k;"
    );
    format!(
        "{people} UPDATE request SET state = 'in_progress', tasks = {TASKS_EACH} WHERE id BETWEEN '{first}' AND '{last}'; \
         DELETE FROM obligation WHERE request BETWEEN '{first}' AND '{last}'; {tasks}"
    )
}
