//! The figures: what the service does in a second, beside floors of bare code that run in the same minute on the same
//! machine. Read the ratios; the absolute numbers are those of one machine on one day.
//!
//! `scripts/bench` builds and runs this. Everything goes to 127.0.0.1, and every loop is bounded.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on is none")]

mod backlog;
mod board;
mod catch_up;
mod clicks;
mod duplicates;
mod feishu;
mod floors;
mod load;
mod plot;
mod round;
mod scale;
mod search;
mod secrets;
mod seed;
mod serve;
mod steps;
mod welch;

use std::time::Duration;

/// What files shared with the stories find here instead of the fake platform.
mod world {
    pub mod feishu {
        pub const APP_ID: &str = "cli_a1b2c3d4e5f60718";
    }
}

/// Clicks of one measurement.
pub const CLICKS: usize = 3_000;
/// Clicks on their way at once.
pub const AT_ONCE: usize = 32;
/// Measurements of each; the median counts.
const ROUNDS: usize = 3;

/// With `backlog`, `clicks`, `feishu`, `search`, `round`, `timing`, `board [how many]` or `scale [how many]` behind it, that
/// alone is measured; with `profile` or `profile-postgres` only our own clicks run, for whoever watches them with a profiler;
/// with `seed HOW-MANY` nothing is measured: so many requests stay in a new database on PostgreSQL, whose address is printed.
async fn one_alone() -> bool {
    let mut arguments = std::env::args().skip(1).skip_while(|argument| argument.starts_with('-'));
    match arguments.next().as_deref() {
        Some("backlog") => backlogs().await,
        Some(backlog::SERVICE) => backlog::serves(&arguments.next().unwrap()).await,
        Some("scale") => {
            scale::figures(arguments.next().and_then(|n| n.parse().ok()).unwrap_or(100_000)).await
        }
        Some("board") => boards(arguments.next().and_then(|n| n.parse().ok()).unwrap_or(100_000)).await,
        Some("clicks") => drop(clicks().await),
        Some("profile") => told_once("SQLite", clicks::on_sqlite().await),
        Some("profile-postgres") => match cluster() {
            None => println!("skipped: LIAISON_TEST_POSTGRES names no PostgreSQL"),
            Some(maintenance) => told_once("PostgreSQL", clicks::on_postgres(&maintenance).await),
        },
        Some("feishu") => drop(buttons(floors::sqlite_grouped().await).await),
        Some("search") => searches().await,
        Some("round") => rounds().await,
        Some("seed") => {
            let url = seed::postgres(&cluster().unwrap()).await;
            seed::at_rest(&url, arguments.next().unwrap().parse().unwrap()).await;
            println!("{url}");
        }
        Some("timing") => timing(feishu::on_sqlite().await).await,
        _ => return false,
    }
    true
}

fn told_once(engine: &str, figure: clicks::Figure) {
    println!("{engine} {:.0} a second, files not in memory {:.0}", figure.warm, figure.cold);
}

/// As in the service; the floors have it, too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main(flavor = "multi_thread")]
async fn main() {
    // `cargo test --all-targets` runs benches, too: there is nothing to test here.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    if one_alone().await {
        return;
    }
    let (cold, grouped) = clicks().await;
    let full = buttons(grouped).await;
    let (p50, p99, most) = load::at(cold / 2.0).await;
    println!("at half load on SQLite: p50 {p50:?}, p99 {p99:?} (goal 15 ms), p99.9 {most:?}");
    let few = steps::fires(10_000).await;
    let many = steps::fires(1_000_000).await;
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    println!(
        "1 000 due steps among 10 000 open: {few:?}; among 1 000 000: {many:?}; ratio {ratio:.2} (goal 1.50)"
    );
    searches().await;
    boards(100_000).await;
    rounds().await;
    backlogs().await;
    timing(full).await;
}

/// Where databases may be made; an empty address is none.
pub fn cluster() -> Option<String> {
    std::env::var("LIAISON_TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

/// A start among due timers and queued messages.
async fn backlogs() {
    let told = |engine: &str, f: &backlog::Figure| {
        println!(
            "{engine} start among {} due steps and {} queued messages: what somebody waits for left after {:?} (goal 5 s), \
             all {} after {:?}; at most {} MiB (goal 200)",
            f.due, f.queued, f.first, f.sent, f.all, f.memory
        );
    };
    told("SQLite    ", &backlog::on_sqlite().await);
    match cluster() {
        None => println!("skipped: PostgreSQL, because LIAISON_TEST_POSTGRES names none"),
        Some(maintenance) => told("PostgreSQL", &backlog::on_postgres(&maintenance).await),
    }
}

/// What can be learnt from the time that an answer takes, and what a duplicate takes; `full` are Feishu's buttons a second.
async fn timing(full: f64) {
    let told = |(p50, p99, most): load::Latencies| format!("p50 {p50:?}, p99 {p99:?}, p99.9 {most:?}");
    let figure = duplicates::on_sqlite(full).await;
    println!("a click, one after the other: {}", told(figure.fresh));
    println!("its exact duplicate: {} (goal p99 50 ms)", told(figure.again));
    println!("  at half load: {}", told(figure.at_half_load));
    secrets::figures().await;
}

/// Feishu's buttons beside the grouped floor; how many a second.
async fn buttons(grouped: f64) -> f64 {
    let full = feishu::on_sqlite().await;
    println!(
        "Feishu      encrypted buttons on SQLite {full:6.0} a second, {:.2} of the grouped floor",
        full / grouped
    );
    let (p50, p99, most) = feishu::at(full / 2.0, load::LASTS).await;
    println!("            at half load p50 {p50:?}, p99 {p99:?}, p99.9 {most:?}");
    let (p50, p99, most) = feishu::at(200.0, feishu::A_MINUTE).await;
    println!(
        "            at 200 a second for a minute p50 {p50:?}, p99 {p99:?} (goal 50 ms), p99.9 {most:?}"
    );
    full
}

/// Clicks beside the floors on both engines: on SQLite how many a second with files not in memory, and the grouped floor.
async fn clicks() -> (f64, f64) {
    println!("clicks acknowledged a second, {CLICKS} clicks, {AT_ONCE} at once, median of {ROUNDS}");
    let mut ours = Vec::new();
    let (mut bare, mut grouped) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(clicks::on_sqlite().await);
        bare.push(floors::sqlite_bare().await);
        grouped.push(floors::sqlite_grouped().await);
    }
    let (cold, warm) = medians(&ours);
    let (bare, grouped) = (median(bare), median(grouped));
    println!(
        "SQLite      ours {warm:6.0} (files not in memory {cold:6.0})   floor, a commit each {bare:6.0}   floor, grouped {grouped:6.0}   ours/grouped {:.2} ({:.2}) (goal 0.80)",
        warm / grouped,
        cold / grouped
    );
    match cluster() {
        None => println!("skipped: PostgreSQL, because LIAISON_TEST_POSTGRES names none"),
        Some(maintenance) => {
            let (mut ours, mut bare) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                ours.push(clicks::on_postgres(&maintenance).await);
                bare.push(floors::postgres_bare(&maintenance).await);
            }
            let ((cold, warm), bare) = (medians(&ours), median(bare));
            println!(
                "PostgreSQL  ours {warm:6.0} (files not in memory {cold:6.0})   floor, a commit each {bare:6.0}   ours/bare {:.2} ({:.2}) (goal 0.70)",
                warm / bare,
                cold / bare
            );
        }
    }
    (cold, grouped)
}

/// The first page of the board among so many requests.
async fn boards(requests: usize) {
    let told = |engine: &str, f: &board::Figure| {
        let ((p50, p95, slowest), narrowed) = (f.first, f.narrowed);
        println!(
            "{engine} board among {requests}: p50 {p50:?}, p95 {p95:?} (goal 150 ms at 100 000), slowest {slowest:?}; narrowed p50 {:?}, p95 {:?}, slowest {:?}",
            narrowed.0, narrowed.1, narrowed.2
        );
    };
    told("SQLite    ", &board::on_sqlite(requests).await);
    match cluster() {
        None => println!("skipped: PostgreSQL, because LIAISON_TEST_POSTGRES names none"),
        Some(maintenance) => told("PostgreSQL", &board::on_postgres(&maintenance, requests).await),
    }
}

/// The daily round of a large company.
async fn rounds() {
    let folder = tempfile::tempdir().unwrap();
    let figure = round::on(&seed::sqlite(folder.path())).await;
    println!(
        "17:00, 100 000 tasks of 20 000 people on SQLite: queued in {:?} (goal 30 s); clicks meanwhile p50 {:?}, p99 {:?} (goal p99 250 ms)",
        figure.queued, figure.p50, figure.p99
    );
}

/// Searching among a hundred thousand requests, from the words to the card.
async fn searches() {
    let told = |engine: &str, f: &search::Figure| {
        let (p50, p95, slowest) = f.searched;
        println!(
            "{engine} search among 100 000: p50 {p50:?}, p95 {p95:?} (goal 100 ms), slowest {slowest:?} ({}); /show p50 {:?}, ratio {:.1}; ten rows by key {:?}, ratio {:.0}; made findable in {:?}",
            f.slowest,
            f.shown,
            p95.as_secs_f64() / f.shown.as_secs_f64(),
            f.floor,
            p95.as_secs_f64() / f.floor.as_secs_f64(),
            f.filled
        );
    };
    told("SQLite    ", &search::on_sqlite().await);
    match cluster() {
        None => println!("skipped: PostgreSQL, because LIAISON_TEST_POSTGRES names none"),
        Some(maintenance) => told("PostgreSQL", &search::on_postgres(&maintenance).await),
    }
}

/// Of clicks on files that are not in memory, and on those that are.
fn medians(figures: &[clicks::Figure]) -> (f64, f64) {
    (median(figures.iter().map(|f| f.cold).collect()), median(figures.iter().map(|f| f.warm).collect()))
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// Events a second.
pub fn rate(events: usize, took: Duration) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "thousands")]
    let events = events as f64;
    events / took.as_secs_f64()
}
