//! What a world stands on: a database of its own, a form that can be filed, and a clear word when something is missing.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use sqlx::{Connection, Executor, Row};

/// An HTTP client like the service's own.
pub fn client() -> reqwest::Client {
    // A second world in the same process finds the provider already installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().pool_max_idle_per_host(64).build().unwrap()
}

/// A body for the sandbox's webhook as a messenger posts it: signed at `at` with `secret`.
pub fn signed(
    client: &reqwest::Client,
    url: &str,
    (body, secret): (&[u8], &str),
    at: jiff::Timestamp,
) -> reqwest::RequestBuilder {
    let timestamp = format!("{:010}", at.as_second());
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    let signature = hex::encode(mac.finalize().into_bytes());
    client
        .post(format!("{url}/webhook/sandbox"))
        .header("x-sandbox-timestamp", timestamp)
        .header("x-sandbox-signature", signature)
        .body(body.to_vec())
}

/// A form that can be filed, with some fields otherwise.
pub fn filled(other: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut values: BTreeMap<String, String> = [
        ("title", "新品上市推广"),
        ("background", "X1 下月上市，需要各部门一起准备"),
        ("goal", "首月销量 5000 台"),
        ("wanted_by", "2026-12-15"),
        ("priority", "high"),
        ("visibility", "departments"),
        ("ask1_department", "YFB"),
        ("ask1_task", "提供技术资料"),
        ("ask1_deliverable", "资料包"),
        ("ask2_department", "CWB"),
        ("ask2_task", "测算推广预算"),
    ]
    .into_iter()
    .map(|(k, v)| (k.to_owned(), v.to_owned()))
    .collect();
    for (field, value) in other {
        values.insert((*field).to_owned(), (*value).to_owned());
    }
    values
}

/// A database of its own on the cluster that `scripts/test` started.
pub async fn postgres() -> Option<String> {
    let Ok(maintenance) = std::env::var("LIAISON_TEST_POSTGRES") else {
        skipped("no PostgreSQL: run the tests with scripts/test");
        return None;
    };
    let name = format!("story_{}", uuid::Uuid::now_v7().simple());
    let mut admin = sqlx::PgConnection::connect(&maintenance).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name} STRATEGY file_copy"));
    admin.execute(sqlx::raw_sql(create)).await.unwrap();
    let (base, _) = maintenance.rsplit_once('/').unwrap();
    Some(format!("{base}/{name}"))
}

/// The numbers of one row, read beside the service.
pub async fn numbers(database: &str, sql: &str, width: usize) -> Vec<i64> {
    let rows = columns(database, sql, width).await;
    rows.into_iter().next().unwrap()
}

/// Rows of one kind of column, read beside the service.
pub async fn columns<T>(database: &str, sql: &str, width: usize) -> Vec<Vec<T>>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    Beside::opens(database).await.columns(sql, width).await
}

/// A connection beside the service's own, for who looks often.
pub enum Beside {
    Sqlite(sqlx::SqliteConnection),
    Postgres(sqlx::PgConnection),
}

impl Beside {
    pub async fn opens(database: &str) -> Self {
        match database.starts_with("sqlite:") {
            true => Self::Sqlite(sqlx::SqliteConnection::connect(database).await.unwrap()),
            false => Self::Postgres(sqlx::PgConnection::connect(database).await.unwrap()),
        }
    }

    /// Rows of one kind of column.
    pub async fn columns<T>(&mut self, sql: &str, width: usize) -> Vec<Vec<T>>
    where
        T: for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
        T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        let query = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()));
        match self {
            Self::Sqlite(own) => {
                let rows = own.fetch_all(query).await.unwrap();
                rows.iter().map(|row| (0..width).map(|at| row.get(at)).collect()).collect()
            }
            Self::Postgres(own) => {
                let rows = own.fetch_all(query).await.unwrap();
                rows.iter().map(|row| (0..width).map(|at| row.get(at)).collect()).collect()
            }
        }
    }
}

/// Changes the database beside the service, as only trouble does.
pub async fn changes(database: &str, sql: &str) {
    let query = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()));
    if database.starts_with("sqlite:") {
        let mut own = sqlx::SqliteConnection::connect(database).await.unwrap();
        own.execute(query).await.unwrap();
    } else {
        let mut own = sqlx::PgConnection::connect(database).await.unwrap();
        own.execute(query).await.unwrap();
    }
}

/// Runs the program on a story's database, with variables of the environment; exit code and everything that it said.
pub fn runs(database: &str, (arguments, variables): (&[&str], &[(&str, &str)])) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let liaison = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_liaison"));
        command.args(arguments).current_dir(folder.path()).env("LIAISON__DATABASE__URL", database);
        command.env("LIAISON__SERVER__LISTEN", "127.0.0.1:0").envs(variables.iter().copied());
        command.output().unwrap()
    };
    assert!(liaison(&["init"]).status.success());
    let done = liaison(arguments);
    let said = [done.stdout, done.stderr].concat();
    (done.status.code(), String::from_utf8(said).unwrap())
}

/// A token made at the command line: its name, whose it is, and what for.
pub fn token(database: &str, (name, person, scopes): (&str, &str, &str)) -> String {
    let arguments = ["token", "add", "--name", name, "--person", person, "--scope", scopes];
    let (code, said) = runs(database, (&arguments, &[]));
    assert_eq!(code, Some(0), "{said}");
    said.lines().find(|line| line.starts_with("liaison_")).unwrap().to_owned()
}

/// Says aloud that a story was not told; where that is strict, it is a failure.
pub fn skipped(why: &str) {
    println!("skipped: {why}");
    if let Ok(file) = std::env::var("LIAISON_TEST_SKIPS") {
        use std::io::Write as _;
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file).unwrap();
        writeln!(file, "skipped: {why}").unwrap();
    }
    assert!(std::env::var("LIAISON_TEST_STRICT").is_err(), "skipped, but nothing may be skipped here: {why}");
}
