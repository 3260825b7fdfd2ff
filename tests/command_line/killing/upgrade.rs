//! Replicas are replaced one by one: under load and back again; an older program on a schema that a newer one has brought
//! further; and one whose log nobody reads.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::super::ground;
use super::site::Site;
use super::{all_are_kept, are_kept, reminds_nobody_of_what_is_done, under_fire};

/// What a newer program leaves: a migration that this one does not know.
fn unknown(version: i64, name: &str, needs: &str) -> String {
    format!(
        "INSERT INTO schema_migration (version, name, checksum, needs) VALUES ({version}, '{name}', 'aa', {needs})"
    )
}

async fn databases(folder: &tempfile::TempDir) -> Vec<String> {
    let file = format!("sqlite://{}", folder.path().join("old.db").display());
    std::iter::once(file).chain(ground::postgres().await).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_program_goes_on_where_a_newer_one_only_added_to_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    for database in databases(&folder).await {
        let (code, said) = ground::runs(&database, (&["migrate"], &[]));
        assert_eq!(code, Some(0), "{said}");
        ground::changes(&database, "ALTER TABLE person ADD COLUMN of_tomorrow TEXT").await;
        ground::changes(&database, &unknown(9_999, "tomorrow", "0")).await;
        for command in [&["migrate"][..], &["audit", "verify"]] {
            let (code, said) = ground::runs(&database, (command, &[]));
            assert_eq!(code, Some(0), "{command:?}: {said}");
        }
        let site = Site::opens(tempfile::tempdir().unwrap(), database.clone(), 1);
        let event = serde_json::json!({ "event": "old-1", "person": "li.na", "chat": "p-li.na", "message": "m",
            "type": "text", "text": "/help" });
        assert!(site.sends(&event).await.is_some(), "the older program serves");
        site.rests().await;
        drop(site);

        // What takes something away names what a program has to know.
        ground::changes(&database, &unknown(10_000, "without", "9999")).await;
        for command in ["migrate", "serve", "pause"] {
            let (code, said) = ground::runs(&database, (&[command], &[]));
            let because = "it has migration 10000 (without), which took away what this program uses";
            assert!(code == Some(1) && said.contains(because), "{command}: {said}");
        }
    }
}

/// The release before: `LIAISON_OLDER_PROGRAM`, see `scripts/side-by-side`; else this one is replaced by itself. It works on
/// `LIAISON_OLDER_DATABASE`, which it has filled, or on a new one.
fn older() -> PathBuf {
    std::env::var_os("LIAISON_OLDER_PROGRAM").map_or(env!("CARGO_BIN_EXE_liaison").into(), PathBuf::from)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_that_are_replaced_under_load_and_brought_back_lose_nothing() {
    let filled = std::env::var("LIAISON_OLDER_DATABASE").ok();
    let Some(database) = (match &filled {
        Some(filled) => Some(filled.clone()),
        None => ground::postgres().await,
    }) else {
        return;
    };
    let older = older();
    let site = Arc::new(Site::opens_of(&older, (tempfile::tempdir().unwrap(), database), 2));
    // The first one migrates while the second still works; then all are new; then one is brought back, and forth again.
    let step = AtomicUsize::new(0);
    let replaced = move |site: &Site| match step.fetch_add(1, Ordering::Relaxed) {
        0 => site.is_replaced(0, None),
        1 => site.is_replaced(1, None),
        2 => site.is_replaced(0, Some(&older)),
        _ => site.is_replaced(0, None),
    };
    let done = under_fire(&site, (4, 1_500..3_000), Arc::new(replaced)).await;
    // What fills it are copies of one request, of which people would hear for days.
    if filled.is_some() {
        return all_are_kept(&site, 4, &done).await;
    }
    are_kept(&site, 4, &done).await;
    reminds_nobody_of_what_is_done(&site).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_a_service_works_on_is_not_replaced_wherever_that_service_listens() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db").display().to_string();
    let database = format!("sqlite://{}", folder.path().join("liaison.db").display());
    let site = Site::opens(folder, database.clone(), 1);
    let (code, said) = ground::runs(&database, (&["backup", &copy], &[]));
    assert_eq!(code, Some(0), "{said}");
    let restore: (&[&str], &[(&str, &str)]) = (&["restore", &copy, "--force"], &[]);
    let (code, said) = ground::runs(&database, restore);
    assert!(code == Some(1) && said.contains("stop it first"), "{said}");
    // Whoever was killed holds nothing any more.
    site.loses(0);
    let (code, said) = ground::runs(&database, restore);
    assert_eq!(code, Some(0), "{said}");
}

/// Says something that is logged, works, and rests.
async fn goes_on(site: &Site) {
    // Whoever guesses for long enough is a line of the log.
    let client = ground::client();
    for _ in 0..80 {
        let guess = client.get(format!("{}/forms/none", site.url(0))).timeout(Duration::from_secs(5));
        let answer = guess.send().await.unwrap();
        assert!(answer.status().is_client_error(), "{}", answer.status());
    }
    for n in 0..5 {
        let event = serde_json::json!({ "event": n.to_string(), "person": "li.na", "chat": "p-li.na",
            "message": "m", "type": "text", "text": "/help" });
        assert!(site.sends(&event).await.is_some(), "it answers");
    }
    site.rests().await;
    let ready = ground::client().get(format!("{}/readyz", site.url(0))).send().await.unwrap();
    assert_eq!(ready.status(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_whose_log_nobody_reads_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("liaison.db").display());
    let site = Site::opens_unread(folder, database);
    goes_on(&site).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_whose_log_is_stuck_in_a_full_pipe_goes_on_and_says_it_later() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("liaison.db").display());
    let (site, end) = Site::opens_stuck(folder, database);
    goes_on(&site).await;
    // Somebody reads again, and hears what was said meanwhile.
    let said = tokio::task::spawn_blocking(|| {
        BufReader::new(end).lines().map_while(Result::ok).find(|line| line.contains("guesses"))
    });
    let said = tokio::time::timeout(Duration::from_secs(20), said).await;
    assert!(said.expect("nothing comes").unwrap().is_some());
}
