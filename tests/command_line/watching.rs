//! What the alert rules and the dashboard look at, against what a running service really counts.
//!
//! Invariant: nobody is watched over by a metric that does not exist.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::shell::Office;

/// A demo that runs until it is dropped.
struct Demo {
    process: Child,
    address: String,
}

impl Demo {
    fn start(folder: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_liaison"))
            .args(["demo", "--listen", "127.0.0.1:0", "--data", "demo"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { process, address }
    }

    fn metrics(&self) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: demo\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// The metrics after the first look at the levels, of which this is the last.
    fn looked_at(&self) -> String {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let metrics = self.metrics();
            if metrics.contains("outbox_stale") {
                return metrics;
            }
            assert!(Instant::now() < until, "no levels within a minute:\n{metrics}");
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn read(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// The names that the code counts by, as far as they stand there as such.
fn counted() -> BTreeSet<String> {
    let files = [
        "engine/outbox.rs",
        "engine/timers.rs",
        "engine/deliver.rs",
        "web/webhook.rs",
        "service/heartbeat.rs",
    ];
    let texts: String = files.iter().map(|file| read(&format!("src/{file}"))).collect();
    let name = |(at, begin): (usize, &str)| texts[at + begin.len()..].split('"').next().map(str::to_owned);
    texts.match_indices(".count(\"").filter_map(name).collect()
}

/// Each metric that a text names, with the `name` that it asks for, where it asks for one.
fn named(text: &str) -> BTreeSet<(String, Option<String>)> {
    // In JSON the quotes of a selector are escaped.
    let text = text.replace("\\\"", "\"");
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let metric = |(at, _): (usize, &str)| {
        let rest = &text[at..];
        let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
        let (metric, selector) = rest.split_at(end);
        let selector = selector.strip_prefix('{').and_then(|s| s.split_once('}')).map(|(s, _)| s);
        let name = selector.and_then(|s| s.split_once("name=\"")).and_then(|(_, s)| s.split_once('"'));
        (metric.to_owned(), name.map(|(name, _)| name.to_owned()))
    };
    text.match_indices("liaison_").map(metric).collect()
}

#[test]
fn every_metric_of_the_alerts_and_the_dashboard_is_one_that_the_service_counts() {
    let office = Office::empty();
    let demo = Demo::start(office.path());
    let metrics = demo.looked_at();
    let documented = read("docs/operations.md");
    for file in ["deploy/alerts.yml", "deploy/dashboard.json"] {
        let asked = named(&read(file));
        assert!(asked.len() > 10, "{file} is not understood: {asked:?}");
        for (metric, name) in asked {
            assert!(metrics.contains(&format!("\n{metric}{{")), "{file}: {metric} is not counted");
            let Some(name) = name else { continue };
            assert!(documented.contains(&format!("`{name}`")), "{file}: nobody documents {metric} {name}");
            let here = metrics.contains(&format!("\n{metric}{{name=\"{name}\"}}"));
            // What is there only on a long connection is not there in a demo.
            let elsewhere = ["feishu_", "dingtalk_"].iter().any(|start| name.starts_with(start));
            assert!(here || elsewhere, "{file}: {metric} {name} is not counted");
        }
    }
    let names = counted();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        let start = format!("\nliaison_events_total{{name=\"{name}\"}} ");
        assert!(metrics.contains(&start), "{name} is counted, but not there before it happens first");
    }
    // The bounds that the indicators count by are buckets.
    assert!(metrics.contains("liaison_delivery_lateness_seconds_bucket{le=\"60.0\""), "{metrics}");
    assert!(metrics.contains("liaison_answer_seconds_bucket{le=\"1.0\""), "{metrics}");
}

#[test]
fn the_names_in_a_query_are_found() {
    let query = r#"sum(rate(liaison_events_total{job="x", name="sent"}[5m])) / liaison_level{name=\"dead\"} + liaison_up"#;
    let found: Vec<String> = named(query)
        .into_iter()
        .map(|(metric, name)| format!("{metric} {}", name.unwrap_or_default()))
        .collect();
    assert_eq!(found, ["liaison_events_total sent", "liaison_level dead", "liaison_up "]);
}
