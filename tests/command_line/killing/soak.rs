//! The service at work on each database, for half a minute or as long as `LIAISON_SOAK_MINUTES` says: what it holds on to
//! may not grow.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::ground;
use super::site::Site;
use super::{Client, INITIATORS};

/// Long enough to get warm, to work, and to be judged.
const SHORT: Duration = Duration::from_secs(24);
/// For one request of some eight events: five events a second, as a company has on a busy day.
const PACE: Duration = Duration::from_millis(1_600);
/// Between two looks, at most.
const LOOK: Duration = Duration::from_secs(5);
/// Between two kills.
const KILL: Duration = Duration::from_secs(300);
/// The write-ahead log of SQLite, at most.
const LOG: u64 = 64 << 20;
/// Memory that is no growth: what a heap gives back when it likes.
const SLACK: u64 = 24 << 20;
/// Handles that come and go with connections.
const HANDLES: u64 = 24;

/// What one replica holds at one moment.
#[derive(Clone, Copy, Debug)]
struct Look {
    memory: u64,
    handles: u64,
    log: u64,
}

fn look(process: u32, wal: Option<&Path>) -> Look {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kib: u64 = line.split_whitespace().next().unwrap().parse().unwrap();
    let handles = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap().count() as u64;
    let log = wal.and_then(|wal| std::fs::metadata(wal).ok()).map_or(0, |file| file.len());
    Look { memory: kib << 10, handles, log }
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values[values.len() / 2]
}

/// The last third of one life of the process against its second: the first third is for getting warm.
fn judge(name: &str, life: &[Look]) {
    let third = life.len() / 3;
    if third < 6 {
        return;
    }
    let of = |looks: &[Look], what: fn(&Look) -> u64| median(looks.iter().map(what).collect());
    let (then, now) = (&life[third..third * 2], &life[third * 2..]);
    let (memory, handles) = (of(then, |l| l.memory), of(then, |l| l.handles));
    let (more, open) = (of(now, |l| l.memory), of(now, |l| l.handles));
    println!("{name}: memory {} → {} KiB, handles {handles} → {open}", memory >> 10, more >> 10);
    assert!(more < memory + memory / 10 + SLACK, "memory grows: {memory} → {more}");
    assert!(open < handles + HANDLES, "handles are not closed: {handles} → {open}");
}

async fn works(site: Arc<Site>, (pace, until): (Duration, Instant)) -> usize {
    let mut client = Client { site, name: 0, said: 0, last_form: String::new(), done: Vec::new() };
    for people in INITIATORS.into_iter().cycle() {
        let next = Instant::now() + pace;
        if next > until {
            break;
        }
        client.works(people).await;
        tokio::time::sleep_until(next.into()).await;
    }
    client.done.len()
}

/// A site at work, looked at and killed until the time is over. `wal`: where SQLite's log is, if it is SQLite.
async fn does_not_grow(name: &str, site: Site, wal: Option<&Path>) {
    let minutes = std::env::var("LIAISON_SOAK_MINUTES").map(|text| text.parse::<u64>().unwrap() * 60);
    let (long, pace) =
        minutes.map_or((SHORT, Duration::ZERO), |seconds| (Duration::from_secs(seconds), PACE));
    let site = Arc::new(site);
    let begun = Instant::now();
    let until = begun + long;
    let people = tokio::spawn(works(site.clone(), (pace, until)));
    let (mut life, mut born) = (Vec::new(), Instant::now());
    while Instant::now() < until {
        tokio::time::sleep((long / 24).min(LOOK)).await;
        let seen = look(site.process(0), wal);
        println!(
            "{name} {:5} s  {:7} KiB  {:3} handles  {:6} KiB of log",
            begun.elapsed().as_secs(),
            seen.memory >> 10,
            seen.handles,
            seen.log >> 10
        );
        assert!(seen.log <= LOG, "the log of SQLite has {} bytes", seen.log);
        life.push(seen);
        if born.elapsed() > KILL {
            judge(name, &life);
            let site = site.clone();
            tokio::task::spawn_blocking(move || site.kills_one()).await.unwrap();
            (life, born) = (Vec::new(), Instant::now());
        }
    }
    judge(name, &life);
    let done = people.await.unwrap();
    println!("{name}: {done} acknowledged in {long:?}");
    assert!(done > 0);
    site.rests().await;
    let (code, said) = ground::runs(&site.database, (&["audit", "verify"], &[]));
    assert_eq!(code, Some(0), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_service_holds_on_to_does_not_grow() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("liaison.db");
    let (database, wal) = (format!("sqlite://{}", file.display()), folder.path().join("liaison.db-wal"));
    does_not_grow("SQLite", Site::opens(folder, database, 1), Some(&wal)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_service_holds_on_to_beside_postgresql_does_not_grow() {
    let Some(database) = ground::postgres().await else { return };
    does_not_grow("PostgreSQL", Site::opens(tempfile::tempdir().unwrap(), database, 1), None).await;
}
