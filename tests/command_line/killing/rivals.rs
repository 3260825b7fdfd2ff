//! Two people decide on the same thing within milliseconds, at two replicas that are killed again and again: one wins, and
//! the other one hears who.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::ground;
use super::program::Program;
use super::site::Site;
use super::{PATIENCE, none, wished};

/// Things that are decided on; `LIAISON_CARDS=1000` for the whole size.
const CARDS: usize = 40;

/// Until it is answered, by whichever replica is up.
async fn insists<T>(site: &Site, mut turn: usize, ask: impl AsyncFn(String) -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask(site.url(turn % 2)).await {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "nobody answers");
        turn += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// One replica or the other is killed and comes back, until it is over; how often.
async fn kills_on(site: Arc<Site>, over: Arc<AtomicBool>) -> usize {
    let mut kills = 0;
    while !over.load(Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(fastrand::u64(100..1_000))).await;
        let one = site.clone();
        tokio::task::spawn_blocking(move || one.kills_one()).await.unwrap();
        kills += 1;
    }
    kills
}

/// One thing; what is wrong with how it came out.
async fn decided(site: &Site, n: usize, [zhang, liu, li, chen]: &[Program; 4]) -> Option<String> {
    let nothing = json!({});
    let number = insists(site, n, async |url| zhang.files(&url, n).await).await;
    let approve = format!("/approve {number}");
    insists(site, n, async |url| liu.says(&url, &format!("approve-{n}"), (&approve, &nothing)).await).await;
    let confirm = format!("/confirm {number} @研发部");
    let object = format!("/object {number} @研发部 来不及");
    let apart = Duration::from_millis(fastrand::u64(0..5));
    let (confirmed, objected) = tokio::join!(
        insists(site, n, async |url| li.says(&url, &format!("confirm-{n}"), (&confirm, &nothing)).await),
        async {
            tokio::time::sleep(apart).await;
            insists(site, n + 1, async |url| {
                chen.says(&url, &format!("object-{n}"), (&object, &nothing)).await
            })
            .await
        },
    );
    let won = |answer: &Value| answer["outcome"] == "done";
    let (loser, winner) = match (won(&confirmed), won(&objected)) {
        (true, false) => (objected, "李娜"),
        (false, true) => (confirmed, "陈杰"),
        _ => return Some(format!("{number}: not exactly one winner: {confirmed} {objected}")),
    };
    (!loser["error"].to_string().contains(winner))
        .then(|| format!("{number}: the loser does not hear of {winner}: {loser}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rivals_at_two_replicas_that_are_killed_have_one_winner_and_the_other_hears_who() {
    let Some(database) = ground::postgres().await else { return };
    let cards = wished("LIAISON_CARDS", CARDS);
    let site = Arc::new(Site::opens(tempfile::tempdir().unwrap(), database, 2));
    let programs = ["zhang.wei", "liu.yang", "li.na", "chen.jie"].map(|person| Program::of(&site, person));
    let over = Arc::new(AtomicBool::new(false));
    let killer = tokio::spawn(kills_on(site.clone(), over.clone()));
    let mut wrong = Vec::new();
    for n in 0..cards {
        wrong.extend(decided(&site, n, &programs).await);
    }
    over.store(true, Ordering::Relaxed);
    let kills = killer.await.unwrap();
    println!("{cards} decided by two at once under {kills} kills, {} came out wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    site.rests().await;
    let both = "SELECT subject FROM audit WHERE by_person IN ('li.na', 'chen.jie') \
                AND what IN ('confirmed', 'objected') GROUP BY subject HAVING COUNT(*) <> 1";
    none(&site, "decided twice", both).await;
    let armed = "SELECT id FROM obligation WHERE kind = 'confirm_request' AND department = 'YFB' AND closed_at IS NULL";
    none(&site, "still asked for what is decided", armed).await;
}
