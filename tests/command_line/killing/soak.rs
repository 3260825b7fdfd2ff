//! The service at work, for half a minute or as long as `LIAISON_SOAK_MINUTES` says: what it holds on to may not grow.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::ground;
use super::site::Site;
use super::{Client, INITIATORS};

/// Long enough to get warm, to work, and to be judged.
const SHORT: Duration = Duration::from_secs(24);
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

fn look(process: u32, wal: &Path) -> Look {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kib: u64 = line.split_whitespace().next().unwrap().parse().unwrap();
    let handles = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap().count() as u64;
    let log = std::fs::metadata(wal).map_or(0, |file| file.len());
    Look { memory: kib << 10, handles, log }
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values[values.len() / 2]
}

/// The last third of one life of the process against its second: the first third is for getting warm.
fn judge(life: &[Look]) {
    let third = life.len() / 3;
    if third < 6 {
        return;
    }
    let of = |looks: &[Look], what: fn(&Look) -> u64| median(looks.iter().map(what).collect());
    let (then, now) = (&life[third..third * 2], &life[third * 2..]);
    let (memory, handles) = (of(then, |l| l.memory), of(then, |l| l.handles));
    let (more, open) = (of(now, |l| l.memory), of(now, |l| l.handles));
    println!("memory {} → {} KiB, handles {handles} → {open}", memory >> 10, more >> 10);
    assert!(more < memory + memory / 10 + SLACK, "memory grows: {memory} → {more}");
    assert!(open < handles + HANDLES, "handles are not closed: {handles} → {open}");
}

async fn works(site: Arc<Site>, until: Instant) -> usize {
    let mut client = Client { site, name: 0, said: 0, last_form: String::new(), done: Vec::new() };
    for people in INITIATORS.into_iter().cycle() {
        if Instant::now() > until {
            break;
        }
        client.works(people).await;
    }
    client.done.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_service_holds_on_to_does_not_grow() {
    let minutes = std::env::var("LIAISON_SOAK_MINUTES").map(|text| text.parse::<u64>().unwrap() * 60);
    let long = minutes.map_or(SHORT, Duration::from_secs);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("liaison.db");
    let wal = folder.path().join("liaison.db-wal");
    let database = format!("sqlite://{}", file.display());
    let site = Arc::new(Site::opens(folder, database, 1));
    let begun = Instant::now();
    let until = begun + long;
    let people = tokio::spawn(works(site.clone(), until));
    let (mut life, mut born) = (Vec::new(), Instant::now());
    while Instant::now() < until {
        tokio::time::sleep((long / 24).min(LOOK)).await;
        let seen = look(site.process(0), &wal);
        println!(
            "{:5} s  {:7} KiB  {:3} handles  {:6} KiB of log",
            begun.elapsed().as_secs(),
            seen.memory >> 10,
            seen.handles,
            seen.log >> 10
        );
        assert!(seen.log <= LOG, "the log of SQLite has {} bytes", seen.log);
        life.push(seen);
        if born.elapsed() > KILL {
            judge(&life);
            let site = site.clone();
            tokio::task::spawn_blocking(move || site.kills_one()).await.unwrap();
            (life, born) = (Vec::new(), Instant::now());
        }
    }
    judge(&life);
    let done = people.await.unwrap();
    println!("{done} acknowledged in {long:?}");
    assert!(done > 0);
    site.rests().await;
    let (code, said) = ground::runs(&site.database, (&["audit", "verify"], &[]));
    assert_eq!(code, Some(0), "{said}");
}
