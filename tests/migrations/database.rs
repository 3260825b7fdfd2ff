//! A database of its own on either engine, asked and changed without the program, and the program beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use sqlx::error::ErrorKind;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Row};

/// What the program keeps of what it applied: the same words as in `src/store/db/migrate.rs`.
const APPLIED: &str = "CREATE TABLE IF NOT EXISTS schema_migration (version BIGINT NOT NULL PRIMARY KEY, \
    name TEXT NOT NULL, checksum TEXT NOT NULL, \
    applied_at TEXT NOT NULL DEFAULT (CAST(CURRENT_TIMESTAMP AS TEXT)))";

/// A row as texts, by column; a column that is NULL is left out.
pub type Cells = BTreeMap<String, String>;

enum Engine {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// A database with a folder for its configuration.
pub struct Database {
    engine: Engine,
    url: String,
    folder: tempfile::TempDir,
}

/// What the program said: exit code, output, errors.
pub type Said = (i32, String, String);

/// One on SQLite, one on PostgreSQL where there is one.
pub async fn both() -> Vec<Database> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("liaison.db");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true).foreign_keys(true);
    let engine = Engine::Sqlite(options.connect().await.unwrap());
    let mut both = vec![Database::new(engine, format!("sqlite://{}", path.display()), folder)];
    both.extend(postgres().await);
    both
}

async fn postgres() -> Option<Database> {
    let Ok(maintenance) = std::env::var("LIAISON_TEST_POSTGRES") else {
        println!("skipped: no PostgreSQL: run the tests with scripts/test");
        assert!(std::env::var("LIAISON_TEST_STRICT").is_err(), "nothing may be skipped here: PostgreSQL");
        return None;
    };
    let name = format!("migrations_{}", uuid::Uuid::now_v7().simple());
    let mut admin = PgConnection::connect(&maintenance).await.unwrap();
    let create = AssertSqlSafe(format!("CREATE DATABASE {name} STRATEGY file_copy"));
    admin.execute(sqlx::raw_sql(create)).await.unwrap();
    let url = format!("{}/{name}", maintenance.rsplit_once('/').unwrap().0);
    let engine = Engine::Postgres(PgConnection::connect(&url).await.unwrap());
    Some(Database::new(engine, url, tempfile::tempdir().unwrap()))
}

impl Database {
    fn new(engine: Engine, url: String, folder: tempfile::TempDir) -> Self {
        let database = Self { engine, url, folder };
        let (code, _, err) = database.liaison(&["init"]);
        assert_eq!(code, 0, "{err}");
        database
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }

    /// Runs the program on this database.
    pub fn liaison(&self, arguments: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_liaison"));
        command.args(arguments).current_dir(self.folder.path());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LIAISON_")) {
            command.env_remove(name);
        }
        command.env("LIAISON__DATABASE__URL", &self.url).env("LIAISON__SERVER__LISTEN", "127.0.0.1:0");
        let done = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (done.status.code().unwrap(), text(&done.stdout), text(&done.stderr))
    }

    /// Runs statements, all or nothing.
    pub async fn script(&mut self, text: &str) -> Result<(), sqlx::Error> {
        let whole = sqlx::raw_sql(AssertSqlSafe(format!("BEGIN;\n{text}\n;COMMIT")));
        let done = match &mut self.engine {
            Engine::Sqlite(connection) => whole.execute(&mut *connection).await.map(drop),
            Engine::Postgres(connection) => whole.execute(&mut *connection).await.map(drop),
        };
        if done.is_err() {
            let back = sqlx::raw_sql("ROLLBACK");
            // SQLite may have gone back by itself.
            let _ = match &mut self.engine {
                Engine::Sqlite(connection) => back.execute(&mut *connection).await.map(drop),
                Engine::Postgres(connection) => back.execute(&mut *connection).await.map(drop),
            };
        }
        done
    }

    /// What the schema says to statements that it must refuse; `None` when it took them.
    pub async fn refuses(&mut self, text: &str) -> Option<&'static str> {
        let error = self.script(text).await.err()?;
        let kind = error.as_database_error().map(|error| error.kind());
        Some(match kind {
            Some(ErrorKind::UniqueViolation) => "unique",
            Some(ErrorKind::ForeignKeyViolation) => "foreign key",
            Some(ErrorKind::NotNullViolation) => "not null",
            Some(ErrorKind::CheckViolation) => "check",
            _ => panic!("no constraint, but a mistake in {text}: {error}"),
        })
    }

    /// Applies one migration as the program does, with its line.
    pub async fn apply(&mut self, step: &super::files::Step) {
        let postgres = self.is_postgres();
        let (text, checksum) = (step.text(postgres), step.checksum(postgres));
        let line = format!(
            "INSERT INTO schema_migration (version, name, checksum) VALUES ({}, '{}', '{checksum}')",
            step.version, step.name
        );
        self.script(&format!("{APPLIED};\n{text};\n{line}")).await.unwrap();
    }

    /// The tables of the schema.
    pub async fn tables(&mut self) -> BTreeSet<String> {
        let sql = if self.is_postgres() {
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        } else {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        };
        let mut tables: BTreeSet<String> =
            self.texts(sql, 1).await.into_iter().filter_map(|mut row| row.remove(0)).collect();
        tables.remove("schema_migration");
        tables
    }

    /// The columns of a table, in order.
    pub async fn columns(&mut self, table: &str) -> Vec<String> {
        let sql = if self.is_postgres() {
            format!(
                "SELECT column_name FROM information_schema.columns \
                 WHERE table_name = '{table}' ORDER BY ordinal_position"
            )
        } else {
            format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid")
        };
        self.texts(&sql, 1).await.into_iter().filter_map(|mut row| row.remove(0)).collect()
    }

    /// All rows of a table, in some order.
    pub async fn rows(&mut self, table: &str) -> Vec<Cells> {
        let columns = self.columns(table).await;
        let cells: Vec<String> = columns.iter().map(|column| format!("CAST({column} AS TEXT)")).collect();
        let sql = format!("SELECT {} FROM {table}", cells.join(", "));
        let rows = self.texts(&sql, columns.len()).await;
        let cells = |row: Vec<Option<String>>| {
            columns.iter().cloned().zip(row).filter_map(|(name, cell)| Some((name, cell?))).collect()
        };
        rows.into_iter().map(cells).collect()
    }

    async fn texts(&mut self, sql: &str, width: usize) -> Vec<Vec<Option<String>>> {
        let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match &mut self.engine {
            Engine::Sqlite(connection) => {
                let rows = connection.fetch_all(query).await.unwrap();
                rows.iter().map(|row| (0..width).map(|at| row.get(at)).collect()).collect()
            }
            Engine::Postgres(connection) => {
                let rows = connection.fetch_all(query).await.unwrap();
                rows.iter().map(|row| (0..width).map(|at| row.get(at)).collect()).collect()
            }
        }
    }
}
