//! Searching among a hundred thousand requests with texts of some three hundred characters: from the words to the card.
//!
//! Beside it what nobody can be faster than here: one request shown by its number in the same way, and a page of rows
//! read by primary key without any service.

use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use crate::seed::{self, Bench};

/// Requests to search in.
const REQUESTS: usize = 100_000;
/// Sentences that texts are made of.
const SENTENCES: usize = 2_000;
/// Each search is done so often.
const TIMES: usize = 5;

/// Who searches, and what for: sees everything, sees a part, sees what is public.
pub const READERS: [&str; 3] = ["guo.qiang", "li.na", "huang.lei"];

/// How long it takes.
pub struct Figure {
    /// From the first missing request to the last that was made findable.
    pub filled: Duration,
    /// p50, p95 and the slowest of all searches.
    pub searched: (Duration, Duration, Duration),
    /// The words of the slowest.
    pub slowest: String,
    /// p50 of `/show`.
    pub shown: Duration,
    /// p50 of ten rows by primary key.
    pub floor: Duration,
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

/// So many requests of all kinds, with texts of their own.
pub async fn seeded(url: &str, requests: usize) {
    seed::database(url, requests).await;
    seed::run(url, &various(&Words::new())).await;
}

/// Waits until a service that runs has made all of them findable, and PostgreSQL tidy: what autovacuum does with a
/// database within minutes is off where tests run.
pub async fn is_filled(url: &str) {
    while missing(url).await > 0 {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    if !url.starts_with("sqlite") {
        seed::run(url, "VACUUM ANALYZE").await;
    }
}

async fn measured(url: &str) -> Figure {
    seeded(url, REQUESTS).await;
    let words = Words::new();
    let begun = Instant::now();
    let bench = Bench::starts(url, seed::monday()).await;
    is_filled(url).await;
    let filled = begun.elapsed();
    let mut all = Vec::new();
    let mut shown = Vec::new();
    for _ in 0..TIMES {
        for person in READERS {
            for search in words.searches() {
                all.push((
                    said(&bench, person, &format!("/list {search}")).await,
                    format!("{person}: {search}"),
                ));
            }
        }
        shown.push(said(&bench, "li.na", &format!("/show {}", seed::number(8))).await);
    }
    bench.stops().await;
    all.sort();
    shown.sort();
    let at = |percent: usize| all[(all.len() - 1) * percent / 100].0;
    let (slow, slowest) = all.last().unwrap().clone();
    let searched = (at(50), at(95), slow);
    Figure { filled, searched, slowest, shown: shown[shown.len() / 2], floor: floor(url).await }
}

/// Somebody says something; until the answer stands in the chat.
async fn said(bench: &Bench, person: &str, text: &str) -> Duration {
    let begun = Instant::now();
    bench.posts("/sandbox/api/messages", serde_json::json!({ "person": person, "text": text })).await;
    bench.posts("/sandbox/api/clock", serde_json::json!({ "advance": "0min" })).await;
    begun.elapsed()
}

/// What is not findable yet, and what is not in a segment yet although it should be.
const MISSING: &str = "SELECT (SELECT COUNT(*) FROM request r WHERE NOT EXISTS \
                       (SELECT 1 FROM request_search n WHERE n.request = r.id)) \
                       + (SELECT COUNT(*) FROM request_search WHERE place IS NULL) / 2048";

async fn missing(url: &str) -> i64 {
    if url.starts_with("sqlite") {
        let mut own = SqliteConnection::connect(url).await.unwrap();
        sqlx::query_scalar(MISSING).fetch_one(&mut own).await.unwrap()
    } else {
        let mut own = PgConnection::connect(url).await.unwrap();
        sqlx::query_scalar(MISSING).fetch_one(&mut own).await.unwrap()
    }
}

async fn floor(url: &str) -> Duration {
    let ids: Vec<String> = (0..10).map(|n| format!("'{}'", seed::number(n * 997 + 1))).collect();
    let sql = format!(
        "SELECT id, title, state, initiator, department FROM request WHERE id IN ({})",
        ids.join(", ")
    );
    let mut took = Vec::new();
    if url.starts_with("sqlite") {
        let mut own = SqliteConnection::connect(url).await.unwrap();
        for _ in 0..100 {
            let begun = Instant::now();
            sqlx::query(AssertSqlSafe(sql.clone())).fetch_all(&mut own).await.unwrap();
            took.push(begun.elapsed());
        }
    } else {
        let mut own = PgConnection::connect(url).await.unwrap();
        for _ in 0..100 {
            let begun = Instant::now();
            sqlx::query(AssertSqlSafe(sql.clone())).fetch_all(&mut own).await.unwrap();
            took.push(begun.elapsed());
        }
    }
    took.sort();
    took[took.len() / 2]
}

/// A vocabulary in which some words stand in most texts, and most in few.
struct Words {
    all: Vec<String>,
    dice: u64,
}

impl Words {
    fn new() -> Self {
        let mut words = Self { all: Vec::new(), dice: 20_261_123 };
        for _ in 0..5_000 {
            let length = 2 + words.below(2);
            let word = (0..length).filter_map(|_| {
                let common = words.below(60) * words.below(50);
                char::from_u32(0x4e00 + u32::try_from(common).unwrap())
            });
            let word: String = word.collect();
            words.all.push(word);
        }
        words
    }

    fn below(&mut self, sides: usize) -> usize {
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.dice >> 33).unwrap() % sides
    }

    fn sentence(&mut self) -> String {
        let words = (0..24).map(|_| {
            let place = self.below(5_000) * self.below(5_000) / 5_000;
            self.all[place].clone()
        });
        words.collect()
    }

    /// Common, rare, absent; one character, a long phrase; with and without people, states, departments and days.
    fn searches(&self) -> Vec<String> {
        let word = |n: usize| self.all[n].as_str();
        let first = |n: usize| word(n).chars().next().unwrap();
        vec![
            String::new(),
            word(0).to_owned(),
            word(400).to_owned(),
            word(4_990).to_owned(),
            format!("{} {}", word(3), word(700)),
            format!("{} {} {}", word(9), word(2_000), word(30)),
            first(5).to_string(),
            first(4_000).to_string(),
            "鑫".to_owned(),
            "没有这样的词".to_owned(),
            "in_review".to_owned(),
            format!("confirmed {}", word(1_200)),
            "withdrawn".to_owned(),
            "overdue".to_owned(),
            "mine".to_owned(),
            "RLB".to_owned(),
            format!("RLB 本月 {}", word(50)),
            "上月".to_owned(),
            "SCB-100777".to_owned(),
            "100%".to_owned(),
        ]
    }
}

/// Gives the copies texts, departments, states and visibilities of their own; most of them are over.
fn various(words: &Words) -> String {
    let mut words = Words { all: words.all.clone(), dice: 7 };
    let n = "CAST(SUBSTR(ID, 13) AS BIGINT)";
    let rows: Vec<String> = (0..SENTENCES).map(|i| format!("({i}, '{}')", words.sentence())).collect();
    let text = |a: usize| {
        format!("(SELECT w FROM sentence WHERE i = ({n} * {a} / 7) % {SENTENCES})").replace("ID", "id")
    };
    let of_request = |column: &str| n.replace("ID", column);
    let (id, of) = (of_request("id"), of_request("request"));
    format!(
        "CREATE TABLE sentence (i BIGINT PRIMARY KEY, w TEXT NOT NULL); INSERT INTO sentence VALUES {};
         UPDATE request SET title = SUBSTR({}, 1, 20), background = {}, goal = {} || {}, risks = {},
           filed_at = filed_at - (100000 - ({id} - 100000)) * 60000,
           visibility = CASE {id} % 10 WHEN 0 THEN 'public' WHEN 1 THEN 'people' WHEN 2 THEN 'people' ELSE 'departments' END,
           state = CASE WHEN {id} % 5000 = 7 THEN 'in_review' WHEN {id} % 40 = 3 THEN 'withdrawn'
             WHEN {id} % 200 = 8 THEN 'confirming' ELSE 'confirmed' END WHERE id LIKE '2026-Q4-SCB-1_____';
         UPDATE ask SET department = CASE {of} % 4 WHEN 0 THEN 'YFB' WHEN 1 THEN 'RLB' WHEN 2 THEN 'QGB' ELSE 'KFB' END
           WHERE department = 'YFB' AND request LIKE '2026-Q4-SCB-1_____';
         UPDATE obligation SET closed_at = opened_at, outcome = 'met', fires_at = NULL
           WHERE {of} % 200 <> 8 AND request LIKE '2026-Q4-SCB-1_____';
         DROP TABLE sentence; DELETE FROM switch WHERE name = 'sending';",
        rows.join(", "),
        text(3),
        text(11),
        text(17),
        text(29),
        text(37),
    )
}
