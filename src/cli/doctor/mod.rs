//! `liaison doctor`: everything that can be wrong with an installation, and what to do about each.
//!
//! Invariant: it changes nothing, makes no file, and says everything at once; `fail` is what keeps the service from
//! doing its duty, `warn` what somebody should look at.

use std::path::Path;

use serde::Serialize;

use super::terminal::print;
use super::{Done, Failure};
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Fault};

mod clocks;
mod database;
mod dingtalk;
mod disk;
mod files;
mod messengers;
mod pictures;
mod replicas;
mod secrets;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Ok,
    Warn,
    Fail,
}

/// One check.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    status: Status,
    text: String,
    remedy: String,
}

/// All checks of a run.
#[derive(Debug, Default, Serialize)]
struct Report {
    checks: Vec<Check>,
}

impl Report {
    fn ok(&mut self, name: &'static str, text: impl Into<String>) {
        self.add(name, Status::Ok, text, "");
    }

    fn warn(&mut self, name: &'static str, text: impl Into<String>, remedy: impl Into<String>) {
        self.add(name, Status::Warn, text, remedy);
    }

    fn fail(&mut self, name: &'static str, text: impl Into<String>, remedy: impl Into<String>) {
        self.add(name, Status::Fail, text, remedy);
    }

    fn add(
        &mut self,
        name: &'static str,
        status: Status,
        text: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.checks.push(Check { name, status, text: text.into(), remedy: remedy.into() });
    }

    /// A mistake in a file, which says itself where it is.
    fn fault(&mut self, name: &'static str, status: Status, fault: &Fault) {
        let whole = Fault { remedy: String::new(), ..fault.clone() };
        self.add(name, status, whole.to_string(), fault.remedy.clone());
    }

    fn shown(&self) -> String {
        let line = |check: &Check| {
            let word = match check.status {
                Status::Ok => "ok  ",
                Status::Warn => "warn",
                Status::Fail => "fail",
            };
            let remedy =
                if check.remedy.is_empty() { String::new() } else { format!(" — {}", check.remedy) };
            format!("{word}  {}: {}{remedy}\n", check.name, check.text)
        };
        self.checks.iter().map(line).collect()
    }
}

/// Checks everything. `online` also asks the messengers that are configured.
pub async fn run(path: Option<&Path>, online: bool, json: bool) -> Done {
    let mut report = Report::default();
    secrets::check(&mut report, path);
    match crate::config::load(path, std::env::vars()) {
        Err(faults) => {
            for fault in &faults {
                report.fault("configuration", Status::Fail, fault);
            }
        }
        Ok(config) => all(&mut report, &config, online).await,
    }
    match json {
        true => print(&format!("{}\n", serde_json::to_string(&report)?))?,
        false => print(&report.shown())?,
    }
    match report.checks.iter().any(|check| check.status == Status::Fail) {
        true => Err(Failure::Check),
        false => Ok(()),
    }
}

async fn all(report: &mut Report, config: &Config, online: bool) {
    report.ok("configuration", "every option is understood");
    let now = SystemClock.now();
    files::clock(report, config, now);
    let directory = files::directory(report, config, now);
    files::policy(report, config);
    files::templates(report, config, directory.as_ref().map(|(checked, _)| checked));
    files::calendar(report, config, now);
    database::check(report, config, directory.as_ref()).await;
    messengers::check(report, config, online).await;
    pictures::check(report, config);
}
