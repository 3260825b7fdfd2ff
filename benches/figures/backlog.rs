//! A service that starts among what piled up: due timers and queued messages. When does what somebody waits for leave,
//! when is everything worked off, and how much memory does it take?
//!
//! The service is a process of its own, this program again, so that its memory is nobody else's.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use tokio::time::Instant;

use crate::seed::{self, Bench};

/// Requests whose two departments each owe an answer since yesterday.
const REQUESTS: usize = 5_000;
/// Messages that are queued, to so many people.
const QUEUED: usize = 5_000;
const PEOPLE: usize = 1_000;
/// No service takes longer.
const PATIENCE: Duration = Duration::from_secs(300);
/// The first word on the command line of the service.
pub const SERVICE: &str = "backlog-service";

/// What a start among it takes.
pub struct Figure {
    /// Steps that are due.
    pub due: i64,
    /// Messages that are queued.
    pub queued: i64,
    /// Until the first message that somebody has to act on has left, queued behind all others.
    pub first: Duration,
    /// Until nothing is due and nothing waits.
    pub all: Duration,
    /// Messages that were sent.
    pub sent: i64,
    /// MiB at most.
    pub memory: u32,
}

/// On SQLite.
pub async fn on_sqlite() -> Figure {
    let folder = tempfile::tempdir().unwrap();
    measured(&seed::sqlite(folder.path())).await
}

/// On PostgreSQL.
pub async fn on_postgres(maintenance: &str) -> Figure {
    measured(&seed::postgres(maintenance).await).await
}

/// The service, until it is killed.
pub async fn serves(database: &str) {
    let _bench = Bench::starts(database, noon()).await;
    std::future::pending::<()>().await;
}

/// The day after everything was asked.
fn noon() -> Timestamp {
    "2026-11-24T12:00:00+08:00".parse().unwrap()
}

async fn measured(database: &str) -> Figure {
    seed::at_rest(database, REQUESTS).await;
    queue(database).await;
    let due = format!("SELECT COUNT(*) FROM obligation WHERE fires_at <= {}", noon().as_millisecond());
    let waiting = "SELECT COUNT(*) FROM outbox WHERE state = 'waiting'";
    let awaited = "SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND kind = 'urged'";
    let sent = "SELECT COUNT(*) FROM message";
    let before = seed::count(database, sent).await;
    let (steps, queued) = (seed::count(database, &due).await, seed::count(database, waiting).await);
    let urged = seed::count(database, awaited).await;
    assert!(
        urged > 0 && queued > i64::try_from(QUEUED).unwrap(),
        "{queued} are queued, {urged} of them urged"
    );
    // What the seeding left to the kernel would be written in the middle of the measurement.
    Command::new("sync").status().unwrap();
    let since = Instant::now();
    let service = Served(
        Command::new(std::env::current_exe().unwrap())
            .args([SERVICE, database])
            .stdout(Stdio::null())
            .spawn()
            .unwrap(),
    );
    until(since, async || seed::count(database, awaited).await < urged).await;
    let first = since.elapsed();
    until(since, async || seed::count(database, waiting).await + seed::count(database, &due).await == 0)
        .await;
    let all = since.elapsed();
    let memory = most_resident(service.0.id());
    drop(service);
    let sent = seed::count(database, sent).await - before;
    Figure { due: steps, queued, first, all, sent, memory }
}

async fn until(since: Instant, is_so: impl AsyncFn() -> bool) {
    while !is_so().await {
        assert!(since.elapsed() < PATIENCE, "it does not come to an end");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// News to a thousand people, and behind them the reminder that somebody urged.
async fn queue(database: &str) {
    let bench = Bench::starts(database, seed::monday()).await;
    for text in ["/comment 2026-Q4-SCB-001 请看资料", "/urge 2026-Q4-SCB-001 等您确认"] {
        bench.posts("/sandbox/api/messages", json!({ "person": "zhang.wei", "text": text })).await;
    }
    bench.stops().await;
    let numbers = |name: &str, most: usize| {
        format!("WITH RECURSIVE {name} (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM {name} WHERE i < {most})")
    };
    let person = format!("'p' || CAST(n.i % {PEOPLE} + 1 AS TEXT)");
    let request = "'2026-Q4-SCB-' || CAST(100000 + n.i AS TEXT)";
    let text = format!(
        "INSERT INTO person (id, name, department, also, title, phone, roles, active, language) {} \
         SELECT 'p' || CAST(n.i AS TEXT), 'P ' || CAST(n.i AS TEXT), 'YFB', '', '', '', '', TRUE, 'zh' FROM n; \
         INSERT INTO outbox (id, lane, request, notice, created_at, not_before, retry_at, state, attempts, kind) {} \
         SELECT '0-' || CAST(n.i AS TEXT), 'person:' || {person}, {request}, \
         REPLACE(REPLACE(o.notice, '\"li.na\"', '\"' || {person} || '\"'), '2026-Q4-SCB-001', {request}), \
         o.created_at, o.not_before, 0, 'waiting', 0, o.kind \
         FROM n, (SELECT * FROM outbox WHERE kind = 'news' AND lane = 'person:li.na' LIMIT 1) o; \
         DELETE FROM switch WHERE name = 'sending';",
        numbers("n", PEOPLE),
        numbers("n", QUEUED),
    );
    seed::run(database, &text).await;
}

/// Ends the service whatever happens.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The most memory that a process ever had, in MiB.
fn most_resident(process: u32) -> u32 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u32>().unwrap() / 1024
}
