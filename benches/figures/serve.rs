//! The program itself among many requests: how soon it is ready, and what it holds in memory.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::time::Instant;

use crate::search;
use crate::seed::{self, Bench};

/// No program takes longer to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A start.
pub struct Figure {
    /// Until `/readyz` says so.
    pub ready: Duration,
    /// MiB, a few seconds later.
    pub idle: u32,
    /// MiB, after everybody has listed and searched.
    pub busy: u32,
    /// MiB of the database's file.
    pub file: u64,
}

/// Ends the program whatever happens.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the program on a SQLite file with so many open requests.
pub async fn among(requests: usize) -> Figure {
    let folder = tempfile::tempdir().unwrap();
    let database = seed::sqlite(folder.path());
    search::seeded(&database, requests).await;
    // What a start makes findable of an older release's requests is not what a start costs.
    let bench = Bench::starts(&database, seed::monday()).await;
    search::is_filled(&database).await;
    bench.stops().await;
    let file = std::fs::metadata(folder.path().join("bench.db")).unwrap().len() >> 20;
    let port = free_port();
    let config = configuration(folder.path(), &database, port);
    let since = Instant::now();
    let served = Served(
        Command::new(env!("CARGO_BIN_EXE_liaison"))
            .args(["serve", "--config"])
            .arg(config)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let client = seed::client();
    let url = format!("http://127.0.0.1:{port}");
    while !client.get(format!("{url}/readyz")).send().await.is_ok_and(|answer| answer.status() == 200) {
        assert!(since.elapsed() < PATIENCE, "the service does not become ready");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let ready = since.elapsed();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let idle = resident(served.0.id());
    for person in search::READERS {
        for text in ["/list", "/my", "/search 新品", "/board", "/list all 2"] {
            let words = serde_json::json!({ "person": person, "text": text });
            client.post(format!("{url}/sandbox/api/messages")).json(&words).send().await.unwrap();
        }
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    Figure { ready, idle, busy: resident(served.0.id()), file }
}

fn configuration(folder: &Path, database: &str, port: u16) -> std::path::PathBuf {
    let file = folder.join("liaison.toml");
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\n\
         [database]\nurl = \"{database}\"\n[directory]\nfile = \"{root}/config/demo/directory.toml\"\n\
         [policy]\nfile = \"{root}/config/policy.toml\"\n[sandbox]\nenabled = true\n",
        root = env!("CARGO_MANIFEST_DIR")
    );
    std::fs::write(&file, text).unwrap();
    file
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Resident memory of a process, in MiB.
fn resident(process: u32) -> u32 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u32>().unwrap() / 1024
}
