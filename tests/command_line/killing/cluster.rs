//! A PostgreSQL of a test's own, which can be ended as a crash would end it.

use std::path::PathBuf;
use std::process::Command;

use super::super::ground;

/// It runs as long as this lives.
pub struct Cluster {
    folder: PathBuf,
    /// An empty database on it.
    pub database: String,
}

impl Cluster {
    /// Starts it; `None` where there is no PostgreSQL to tell stories on (said aloud; a failure where that is strict).
    pub fn starts() -> Option<Self> {
        if std::env::var("LIAISON_TEST_POSTGRES").is_err() {
            ground::skipped("no PostgreSQL: run the tests with scripts/test");
            return None;
        }
        let folder = std::env::temp_dir().join(format!("liaison-crash-{}", uuid::Uuid::now_v7().simple()));
        let mut cluster = Self { folder, database: String::new() };
        let said = cluster.script("start");
        cluster.database = said.split_once('=').unwrap().1.trim().to_owned();
        Some(cluster)
    }

    /// Every connection is gone at once, and what was not written to the log of the database is lost.
    pub fn crashes(&self) {
        self.script("crash");
    }

    fn script(&self, what: &str) -> String {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/postgres");
        let mut command = Command::new(script);
        command.arg(what).env("LIAISON_POSTGRES_DIR", &self.folder).env("LIAISON_POSTGRES_COMMITS", "on");
        let done = command.output().unwrap();
        assert!(done.status.success(), "{what}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.script("stop");
    }
}
