//! Floors: bare handlers that verify the same signature, parse the same body and write as many rows as one click does.

use std::str::FromStr;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, KeyInit, Mac};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Executor, PgPool, SqliteConnection, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use crate::seed::{self, SECRET};
use crate::{CLICKS, clicks, rate};

/// Rows that one click writes: key, request, history, ask, signature, obligation, and three notices.
const ROWS: usize = 9;
/// Requests that may share a commit.
const GROUP: usize = 64;
const TABLE: &str = "CREATE TABLE row (k TEXT PRIMARY KEY, body TEXT NOT NULL)";
const INSERT: &str = "INSERT INTO row (k, body) VALUES ($1, $2)";

/// One transaction a request, SQLite.
pub async fn sqlite_bare() -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let pool = sqlite(&seed::sqlite(folder.path())).await;
    let router = Router::new().route("/", post(sqlite_click)).with_state(pool);
    measured(router).await
}

/// Requests grouped into shared commits, SQLite.
pub async fn sqlite_grouped() -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let pool = sqlite(&seed::sqlite(folder.path())).await;
    let (sender, receiver) = mpsc::channel::<Waiting>(1_024);
    let writer = tokio::spawn(write(pool, receiver));
    let router = Router::new().route("/", post(grouped_click)).with_state(sender);
    let figure = measured(router).await;
    writer.abort();
    figure
}

/// One transaction a request, PostgreSQL.
pub async fn postgres_bare(maintenance: &str) -> f64 {
    let url = seed::postgres(maintenance).await;
    let pool = PgPoolOptions::new().max_connections(16).connect(&url).await.unwrap();
    pool.execute(TABLE).await.unwrap();
    let router = Router::new().route("/", post(postgres_click)).with_state(pool);
    measured(router).await
}

async fn measured(router: Router) -> f64 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let client = crate::seed::client();
    let took = clicks::storm(&client, &url, clicks::FIRST).await;
    server.abort();
    rate(CLICKS, took)
}

async fn sqlite(url: &str) -> SqlitePool {
    let options = SqliteConnectOptions::from_str(url)
        .unwrap()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    pool.execute(TABLE).await.unwrap();
    pool
}

/// The key of a body that is signed as it should be.
fn verified(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let timestamp = headers.get("x-sandbox-timestamp")?;
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).ok()?;
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.verify_slice(&hex::decode(headers.get("x-sandbox-signature")?).ok()?).ok()?;
    let event: serde_json::Value = serde_json::from_slice(body).ok()?;
    event["event"].as_str().map(str::to_owned)
}

async fn sqlite_click(State(pool): State<SqlitePool>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let Some(key) = verified(&headers, &body) else { return StatusCode::UNAUTHORIZED };
    let mut connection = pool.acquire().await.unwrap();
    connection.execute("BEGIN IMMEDIATE").await.unwrap();
    rows(&mut connection, &key, &body).await;
    connection.execute("COMMIT").await.unwrap();
    StatusCode::OK
}

async fn rows(connection: &mut SqliteConnection, key: &str, body: &[u8]) {
    for n in 0..ROWS {
        let text = String::from_utf8_lossy(body).into_owned();
        sqlx::query(INSERT).bind(format!("{key}-{n}")).bind(text).execute(&mut *connection).await.unwrap();
    }
}

async fn postgres_click(State(pool): State<PgPool>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let Some(key) = verified(&headers, &body) else { return StatusCode::UNAUTHORIZED };
    let mut tx = pool.begin().await.unwrap();
    for n in 0..ROWS {
        let text = String::from_utf8_lossy(&body).into_owned();
        sqlx::query(INSERT).bind(format!("{key}-{n}")).bind(text).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    StatusCode::OK
}

/// A request that waits for its group's commit.
struct Waiting {
    key: String,
    body: Bytes,
    done: oneshot::Sender<()>,
}

async fn grouped_click(
    State(sender): State<mpsc::Sender<Waiting>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Some(key) = verified(&headers, &body) else { return StatusCode::UNAUTHORIZED };
    let (done, committed) = oneshot::channel();
    sender.send(Waiting { key, body, done }).await.unwrap();
    committed.await.unwrap();
    StatusCode::OK
}

async fn write(pool: SqlitePool, mut receiver: mpsc::Receiver<Waiting>) {
    let mut group = Vec::new();
    while receiver.recv_many(&mut group, GROUP).await > 0 {
        let mut connection = pool.acquire().await.unwrap();
        connection.execute("BEGIN IMMEDIATE").await.unwrap();
        for waiting in &group {
            rows(&mut connection, &waiting.key, &waiting.body).await;
        }
        connection.execute("COMMIT").await.unwrap();
        for waiting in group.drain(..) {
            // A client that went away does not wait any more.
            let _ = waiting.done.send(());
        }
    }
}
