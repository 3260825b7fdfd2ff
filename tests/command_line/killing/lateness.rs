//! Steps come due one after the other while the service is killed again and again: each is said once, and how late.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::super::ground;
use super::program::Program;
use super::site::Site;
use super::week::{moment, monday};
use super::{INITIATORS, PATIENCE, wished};

/// Requests whose heads stay silent; `LIAISON_SUBJECTS=500` for the whole size.
const SUBJECTS: usize = 40;
/// Reminded after a working day.
const SILENCE: SignedDuration = SignedDuration::from_hours(24);
/// Before the first one comes due.
const AHEAD: SignedDuration = SignedDuration::from_secs(2);

/// When each request's approval was asked for, which is when silence begins.
async fn asked(site: &Site) -> BTreeMap<String, Timestamp> {
    let sql = "SELECT request, CAST(delivered_at AS TEXT) FROM obligation WHERE kind = 'approve_request'";
    let rows = ground::columns::<String>(&site.database, sql, 2).await;
    let at = |row: &[String]| Timestamp::from_millisecond(row[1].parse().unwrap()).unwrap();
    rows.iter().map(|row| (row[0].clone(), at(row))).collect()
}

/// The reminders that were shown: request and instant, as often as they were.
async fn reminded(site: &Site) -> Vec<(String, Timestamp)> {
    let sql = "SELECT m.notice, CAST(s.at AS TEXT) FROM message m JOIN sandbox_message s ON s.id = m.id \
               WHERE m.notice LIKE '%\"remind\"%'";
    let rows = ground::columns::<String>(&site.database, sql, 2).await;
    let said = rows.iter().flat_map(|row| {
        let notice: Value = serde_json::from_str(&row[0]).unwrap();
        let at = Timestamp::from_millisecond(row[1].parse().unwrap()).unwrap();
        let what = &notice["what"];
        let steps = what["merged"].as_array().cloned().unwrap_or_else(|| vec![what.clone()]);
        steps.into_iter().map(move |step| (step["step"]["request"].as_str().unwrap().to_owned(), at))
    });
    said.collect()
}

async fn comes_due_under_kills(site: Site) {
    let subjects = wished("LIAISON_SUBJECTS", SUBJECTS);
    let site = Arc::new(site);
    let monday = monday();
    site.moves(&json!({ "set": moment(monday, 0, "09:00") })).await.unwrap();
    let programs = INITIATORS.map(|(initiator, _)| Program::of(&site, initiator));
    for (n, (_, head)) in INITIATORS.into_iter().enumerate() {
        // Each reminder is a message of its own, however many there are.
        let event = json!({ "event": format!("set-{n}"), "person": head, "chat": format!("p-{head}"),
            "message": "m", "type": "text", "text": "/settings digest off" });
        assert!(site.sends(&event).await.is_some());
    }
    for (subject, program) in (0..subjects).zip(programs.iter().cycle()) {
        assert!(program.files(&site.url(0), subject).await.is_some());
    }
    site.rests().await;
    let asked = asked(&site).await;
    assert_eq!(asked.len(), subjects);
    let (first, last) = (asked.values().min().unwrap(), asked.values().max().unwrap());
    let spread: Duration = (last.duration_since(*first) + AHEAD).try_into().unwrap();
    site.moves(&json!({ "set": *first + SILENCE - AHEAD })).await.unwrap();
    let begun = Instant::now();
    let mut kills = 0;
    while begun.elapsed() < spread {
        tokio::time::sleep(Duration::from_millis(fastrand::u64(500..2_500))).await;
        let one = site.clone();
        tokio::task::spawn_blocking(move || one.kills_one()).await.unwrap();
        kills += 1;
    }
    while reminded(&site).await.len() < subjects {
        assert!(begun.elapsed() < spread + PATIENCE, "somebody is not reminded");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    site.rests().await;
    let said = reminded(&site).await;
    let mut late: Vec<SignedDuration> =
        said.iter().map(|(request, at)| at.duration_since(asked[request] + SILENCE)).collect();
    late.sort_unstable();
    let median = late[late.len() / 2];
    println!(
        "{subjects} due in {spread:?} under {kills} kills: median {median:#}, latest {:#} late",
        late[late.len() - 1]
    );
    assert!(late[0] >= SignedDuration::ZERO, "too early: {:#}", late[0]);
    let requests: std::collections::BTreeSet<_> = said.iter().map(|(request, _)| request).collect();
    assert_eq!((said.len(), requests.len()), (subjects, subjects), "each once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_due_while_the_service_is_killed_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("liaison.db").display());
    comes_due_under_kills(Site::opens(folder, database, 1)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_due_beside_postgresql_while_the_service_is_killed_is_said_once() {
    let Some(database) = ground::postgres().await else { return };
    comes_due_under_kills(Site::opens(tempfile::tempdir().unwrap(), database, 1)).await;
}
