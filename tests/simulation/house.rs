//! The service in a house of its own that can fall down at any moment, and what can be seen of it from outside.
//!
//! Invariant: a crash takes every task of the service away wherever it stands; only the database file remains.

use std::time::Duration;

use jiff::Timestamp;
use liaison::{Running, Service, TimeSource};
use serde_json::{Value, json};
use sqlx::{Column as _, Connection, Executor, Row};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::ground;

/// Signs what comes in by the webhook.
const SECRET: &str = "a secret of thirty-two characters or more";
/// How often a messenger brings the same thing before it gives up.
const PATIENCE: u32 = 40;

/// The house.
pub struct House {
    folder: tempfile::TempDir,
    client: reqwest::Client,
    /// Looks at the file, never writes but to play a messenger's or the machine's part.
    own: sqlx::SqliteConnection,
    up: Option<(Runtime, Running)>,
    url: String,
    /// The service's time, which goes on while it is down.
    pub now: Timestamp,
}

/// The machine's own time: what signatures are made with.
fn machine_now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "signature windows live on the machine's own time")]
    Timestamp::now()
}

impl House {
    /// A fresh company.
    pub async fn opens(now: Timestamp) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let client = ground::client();
        let own = sqlx::SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let mut house = Self { folder, client, own, up: None, url: String::new(), now };
        house.starts().await;
        house.own = sqlx::SqliteConnection::connect(&house.database()).await.unwrap();
        house
    }

    /// Where its file is.
    pub fn database(&self) -> String {
        format!("sqlite://{}", self.folder.path().join("liaison.db").display())
    }

    /// Starts at the time that it is.
    pub async fn starts(&mut self) {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(2).enable_all().build().unwrap();
        let (database, now) = (self.database(), self.now);
        let started = runtime.spawn(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let mut config = liaison::demo_config(listener.local_addr().unwrap(), &database).unwrap();
            config.sandbox.secret = Some(SECRET.to_owned().into());
            let service = Service::open(&config, TimeSource::Frozen(now)).await.unwrap();
            service.start(listener).unwrap()
        });
        let running = started.await.unwrap();
        self.url = format!("http://{}", running.addr);
        self.up = Some((runtime, running));
    }

    /// Stops as one should.
    pub async fn stops(&mut self) {
        if let Some((runtime, running)) = self.up.take() {
            runtime.spawn(running.stop()).await.unwrap();
            tokio::task::block_in_place(|| drop(runtime));
        }
    }

    /// Falls down.
    pub fn crashes(&mut self) {
        if let Some((runtime, running)) = self.up.take() {
            tokio::task::block_in_place(|| runtime.shutdown_timeout(Duration::from_secs(5)));
            drop(running);
        }
    }

    /// An event on its way, for somebody else to wait for.
    pub fn sends(&self, event: &Value) -> impl Future<Output = Option<Value>> + Send + 'static {
        let body = serde_json::to_vec(event).unwrap();
        let request = ground::signed(&self.client, &self.url, (&body, SECRET), machine_now());
        async move {
            let answer = request.send().await.ok().filter(|answer| answer.status().is_success())?;
            answer.json().await.ok()
        }
    }

    /// Brings an event until it is taken, as a messenger does.
    pub async fn insists(&mut self, event: &Value) -> Value {
        for _ in 0..PATIENCE {
            if self.up.is_none() {
                self.starts().await;
            }
            if let Some(answer) = self.sends(event).await {
                return answer;
            }
        }
        panic!("never taken: {event}");
    }

    /// The clock is set; what is due on the way fires. Whether the service said that it went well.
    pub async fn moves_to(&mut self, at: Timestamp) -> bool {
        self.now = at;
        self.clock(&json!({ "set": at.to_string() })).await
    }

    /// Everything due now has fired and was said, as far as nothing is in the way.
    pub async fn settles(&self) -> bool {
        self.clock(&json!({ "advance": "0min" })).await
    }

    async fn clock(&self, shift: &Value) -> bool {
        let call = self.client.post(format!("{}/sandbox/api/clock", self.url)).json(shift);
        call.send().await.is_ok_and(|answer| answer.status().is_success())
    }

    /// Rows as texts; NULL is `-`.
    pub async fn rows(&mut self, sql: &str) -> Vec<Vec<String>> {
        let rows = self.own.fetch_all(sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))).await.unwrap();
        let text = |row: &sqlx::sqlite::SqliteRow, at: usize| {
            let text =
                row.try_get::<Option<String>, _>(at).map(|text| text.unwrap_or_else(|| "-".to_owned()));
            text.or_else(|_| row.try_get::<i64, _>(at).map(|number| number.to_string())).unwrap()
        };
        rows.iter()
            .map(|row| row.columns().iter().map(|column| text(row, column.ordinal())).collect())
            .collect()
    }

    /// One number.
    pub async fn count(&mut self, sql: &str) -> i64 {
        self.rows(sql).await[0][0].parse().unwrap()
    }

    /// What a messenger's or the machine's trouble does to the file.
    pub async fn suffers(&mut self, sql: &str) {
        self.own.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))).await.unwrap();
    }
}
