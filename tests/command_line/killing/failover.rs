//! One of three replicas is gone, or sleeps, with messages in hand; and the database under all of them crashes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::super::ground;
use super::cluster::Cluster;
use super::site::Site;
use super::{QUICKLY, are_kept, under_fire};

/// The lease of the service, and two seconds to notice that it ran out.
const TAKEN_OVER: Duration = Duration::from_secs(7);
const PEOPLE: [&str; 4] = ["zhang.wei", "li.na", "sun.li", "wang.fang"];

/// People who ask for something all the time, so that there is always something to send.
struct Crowd {
    over: Arc<AtomicBool>,
    people: Vec<tokio::task::JoinHandle<()>>,
}

impl Crowd {
    fn gathers(site: &Arc<Site>) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let talks = |person: &'static str| {
            let (site, over) = (site.clone(), over.clone());
            tokio::spawn(async move {
                for n in 0.. {
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                    let id = format!("{person}-{n}");
                    let event = json!({ "event": id, "person": person, "chat": format!("p-{person}"),
                        "message": id, "type": "text", "text": "/help" });
                    // What a replica that sleeps or is gone did not take is said anew.
                    site.sends(&event).await;
                }
            })
        };
        let people = PEOPLE.into_iter().map(talks).collect();
        Self { over, people }
    }

    async fn goes(self) {
        self.over.store(true, Ordering::Relaxed);
        for person in self.people {
            person.await.unwrap();
        }
    }
}

/// The messages that a replica has in hand.
async fn in_hand(site: &Site, which: usize) -> Vec<String> {
    let sql = format!(
        "SELECT o.id FROM outbox o JOIN replica r ON r.id = o.lease_owner \
         WHERE o.state = 'waiting' AND r.place LIKE '%:{}'",
        site.process(which)
    );
    ground::columns::<String>(&site.database, &sql, 1)
        .await
        .into_iter()
        .map(|mut row| row.remove(0))
        .collect()
}

/// Stops one replica with messages in hand; which, and what.
async fn caught(site: &Site) -> (usize, Vec<String>) {
    let begun = Instant::now();
    for which in (0..3).cycle() {
        site.signals(which, "STOP");
        // What it sent to the database before is done there meanwhile.
        tokio::time::sleep(Duration::from_millis(60)).await;
        let held = in_hand(site, which).await;
        if !held.is_empty() {
            return (which, held);
        }
        site.signals(which, "CONT");
        assert!(begun.elapsed() < Duration::from_secs(60), "none has ever something in hand");
        tokio::time::sleep(Duration::from_millis(fastrand::u64(5..40))).await;
    }
    unreachable!("it goes round for ever")
}

/// How long it takes until all of these are sent.
async fn sent(site: &Site, ids: &[String]) -> Duration {
    let begun = Instant::now();
    let list = ids.iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(", ");
    let sql = format!("SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND id IN ({list})");
    while ground::numbers(&site.database, &sql, 1).await != [0] {
        assert!(begun.elapsed() < TAKEN_OVER * 3, "nobody takes over");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    begun.elapsed()
}

/// Every message that counts as sent was shown, and under its own key: so none was shown twice.
async fn each_was_shown_once(site: &Site) {
    let sql = "SELECT (SELECT COUNT(*) FROM message m WHERE m.id NOT IN (SELECT id FROM sandbox_message)), \
               (SELECT COUNT(*) FROM (SELECT message FROM message GROUP BY chat, message HAVING COUNT(*) > 1) AS x)";
    assert_eq!(ground::numbers(&site.database, sql, 2).await, [0, 0]);
}

async fn three_replicas() -> Option<Arc<Site>> {
    let database = ground::postgres().await?;
    Some(Arc::new(Site::opens(tempfile::tempdir().unwrap(), database, 3)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_replica_had_in_hand_is_sent_by_another_within_its_lease_and_two_seconds() {
    let Some(site) = three_replicas().await else { return };
    let crowd = Crowd::gathers(&site);
    let (which, held) = caught(&site).await;
    site.loses(which);
    let took = sent(&site, &held).await;
    crowd.goes().await;
    println!("{} messages of the dead were sent after {took:?}", held.len());
    assert!(took < TAKEN_OVER, "taken over after {took:?}");
    each_was_shown_once(&site).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_slept_longer_than_its_lease_ends_nothing_that_another_took_over() {
    let Some(site) = three_replicas().await else { return };
    let crowd = Crowd::gathers(&site);
    let (which, held) = caught(&site).await;
    let took = sent(&site, &held).await;
    assert!(took < TAKEN_OVER, "taken over after {took:?}");
    let finished = "SELECT CAST(COALESCE(SUM(finished_at), 0) AS BIGINT) FROM outbox WHERE id IN";
    let list = held.iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(", ");
    let finished = format!("{finished} ({list})");
    let before = ground::numbers(&site.database, &finished, 1).await;
    site.signals(which, "CONT");
    // Awake it works on: when it sends something new, it is through with what it had.
    let begun = Instant::now();
    while in_hand(&site, which).await.is_empty() {
        assert!(begun.elapsed() < TAKEN_OVER, "it does not wake up");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    crowd.goes().await;
    assert_eq!(ground::numbers(&site.database, &finished, 1).await, before, "it ended what was not its own");
    each_was_shown_once(&site).await;
}

/// Three in quick succession; with `LIAISON_CRASHES=27` so many, 5 to 40 s apart, which takes ten minutes.
fn crashes() -> (usize, std::ops::Range<u64>) {
    std::env::var("LIAISON_CRASHES").map_or((3, QUICKLY), |text| (text.parse().unwrap(), 5_000..40_000))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_crashes_under_load_costs_no_restart_of_ours_and_nothing_acknowledged() {
    let Some(cluster) = Cluster::starts() else { return };
    let site = Site::opens(tempfile::tempdir().unwrap(), cluster.database.clone(), 2);
    let (site, cluster) = (Arc::new(site), Arc::new(cluster));
    let processes = [site.process(0), site.process(1)];
    let crashing = cluster.clone();
    let crash = move |site: &Site| {
        let _alone = site.beside.blocking_write();
        crashing.crashes();
    };
    let (crashes, apart) = crashes();
    let done = under_fire(&site, (crashes, apart), Arc::new(crash)).await;
    are_kept(&site, crashes, &done).await;
    site.rests().await;
    each_was_shown_once(&site).await;
    for (which, process) in processes.into_iter().enumerate() {
        assert_eq!(site.process(which), process);
        let ready = ground::client().get(format!("{}/readyz", site.url(which))).send().await.unwrap();
        assert_eq!(ready.status(), 200, "the same process goes on");
    }
    drop(site);
}
