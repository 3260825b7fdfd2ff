//! Data for the measurements: one request filed through the doors, copied as rows.

use std::path::Path;

use jiff::Timestamp;
use liaison::{Running, Service, TimeSource};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, SqliteConnection};
use tokio::net::TcpListener;

use crate::search;

/// Signs the clicks.
pub const SECRET: &str = "a secret of thirty-two characters or more";
/// The number that all copies are made of.
const FIRST: &str = "2026-Q4-SCB-001";

/// A running service.
pub struct Bench {
    pub url: String,
    pub client: reqwest::Client,
    running: Running,
}

pub fn monday() -> Timestamp {
    "2026-11-23T10:00:00+08:00".parse().unwrap()
}

/// The client of every bench.
pub fn client() -> reqwest::Client {
    // Another bench of the same process may have installed the provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().pool_max_idle_per_host(64).build().unwrap()
}

impl Bench {
    /// Starts a service on a database, at a time.
    pub async fn starts(database: &str, at: Timestamp) -> Bench {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let mut config = liaison::demo_config(addr, database).unwrap();
        // One person clicks for a whole company.
        config.server.messages_per_minute = None;
        config.sandbox.secret = Some(SECRET.to_owned().into());
        let service = Service::open(&config, TimeSource::Frozen(at)).await.unwrap();
        let running = service.start(listener).unwrap();
        let client = client();
        Bench { url: format!("http://{addr}"), client, running }
    }

    pub async fn stops(self) {
        self.running.stop().await;
    }

    pub async fn posts(&self, path: &str, body: Value) -> Value {
        let answer = self.client.post(format!("{}{path}", self.url)).json(&body).send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// Files and approves the request that all others are copies of.
    async fn files(&self) {
        self.posts("/sandbox/api/messages", json!({ "person": "zhang.wei", "text": "/new" })).await;
        self.posts("/sandbox/api/clock", json!({ "advance": "0min" })).await;
        let path = format!("{}/sandbox/api/chats/p-zhang.wei/messages?person=zhang.wei", self.url);
        let messages: Value = self.client.get(path).send().await.unwrap().json().await.unwrap();
        let form = messages.as_array().unwrap().last().unwrap()["id"].clone();
        let values = json!({
            "title": "新品上市推广", "background": "X1 下月上市", "goal": "首月销量 5000 台", "wanted_by": "2026-12-15",
            "priority": "high", "ask1_department": "YFB", "ask1_task": "提供技术资料",
            "ask2_department": "CWB", "ask2_task": "测算推广预算",
        });
        let press = json!({ "person": "zhang.wei", "message_id": form, "action": "file", "values": values });
        self.posts("/sandbox/api/actions", press).await;
        let approve = json!({ "person": "liu.yang", "text": format!("/approve {FIRST}") });
        self.posts("/sandbox/api/messages", approve).await;
        self.posts("/sandbox/api/clock", json!({ "advance": "0min" })).await;
    }
}

/// A database with `copies` approved requests, sending paused so that only the acknowledging is measured.
pub async fn database(url: &str, copies: usize) {
    let bench = Bench::starts(url, monday()).await;
    bench.files().await;
    bench.stops().await;
    run(url, &copy(copies)).await;
}

/// The same after a service has run on it for a while: nothing is left that an older release did not do.
pub async fn at_rest(url: &str, copies: usize) {
    database(url, copies).await;
    let bench = Bench::starts(url, monday()).await;
    search::is_filled(url).await;
    bench.stops().await;
}

/// The number of a copy.
pub fn number(n: usize) -> String {
    format!("2026-Q4-SCB-{}", 100_000 + n)
}

/// A SQLite database in a folder.
pub fn sqlite(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("bench.db").display())
}

/// A new database on a cluster.
pub async fn postgres(maintenance: &str) -> String {
    let name = format!("bench_{}", uuid::Uuid::now_v7().simple());
    run(maintenance, &format!("CREATE DATABASE {name}")).await;
    let (base, _) = maintenance.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

/// Runs a text of statements on a database.
pub async fn run(url: &str, text: &str) {
    let text = sqlx::raw_sql(AssertSqlSafe(text.to_owned()));
    if url.starts_with("sqlite") {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        connection.execute(text).await.unwrap();
        connection.close().await.unwrap();
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        connection.execute(text).await.unwrap();
    }
}

/// The number that a statement gives.
pub async fn count(url: &str, text: &str) -> i64 {
    let query = sqlx::raw_sql(AssertSqlSafe(text.to_owned()));
    if url.starts_with("sqlite") {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        connection.fetch_one(query).await.unwrap().get(0)
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        connection.fetch_one(query).await.unwrap().get(0)
    }
}

/// The contact's card of each copy, as a message on Feishu: what a pressed button finds.
pub fn cards(copies: usize) -> String {
    let series =
        format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {copies})");
    let id = "'2026-Q4-SCB-' || CAST(100000 + n.i AS TEXT)";
    format!(
        "INSERT INTO message (id, platform, chat, message, person, request, notice, shown, summary, sent_at) {series} \
         SELECT t.id || '-' || n.i, 'feishu', 'oc_bench', 'om_' || n.i, t.person, {id}, REPLACE(t.notice, '{FIRST}', {id}), \
         t.shown, t.summary, t.sent_at \
         FROM n, (SELECT * FROM message WHERE request = '{FIRST}' AND person = 'li.na' ORDER BY id LIMIT 1) t;"
    )
}

fn copy(copies: usize) -> String {
    let series =
        format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {copies})");
    let id = "'2026-Q4-SCB-' || CAST(100000 + n.i AS TEXT)";
    let copied = |table: &str, columns: &str, key: &str| {
        format!(
            "INSERT INTO {table} ({key}, {columns}) {series} SELECT {id}, {columns} FROM n, {table} t WHERE t.{key} = '{FIRST}';"
        )
    };
    let request = "version, revision, state, initiator, department, filed_at, kind, title, background, goal, wanted_by, \
                   people, budget, equipment, risks, priority, acceptance, visibility, attachments, opened, audit_count, audit_head";
    let ask = "department, place, task, deliverable, wanted_by, resources, revision, state, round, ruled";
    let approval = "step, office, decided_by, on_behalf_of, decided_at, approved, reason, revision";
    let obligation = "kind, department, debtor, instead_of, opened_at, delivered_at, due_at, provisional, allowed, \
                      ladder, urgent, climbed, urged_at, next_step, next_due, fires_at, attempts";
    let obligations = format!(
        "INSERT INTO obligation (id, request, {obligation}) {series} SELECT REPLACE(t.id, '{FIRST}', {id}), {id}, {obligation} \
         FROM n, obligation t WHERE t.request = '{FIRST}' AND t.closed_at IS NULL;"
    );
    [
        copied("request", request, "id"),
        copied("ask", ask, "request"),
        copied("approval", approval, "request"),
        copied("request_version", "revision, at, digest, content", "request"),
        obligations,
        "INSERT INTO switch (name, value, since) VALUES ('sending', 'paused', 0);".to_owned(),
    ]
    .concat()
}
