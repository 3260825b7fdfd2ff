//! The messengers: which are configured, and, where it is asked for, what each says of its own set-up.
//!
//! Invariant: without `online` nothing leaves this machine.

use super::{Report, Status};
use crate::cli::database;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::messenger::checkup::{Finding, Grade};
use crate::messenger::feishu::checkup::{self, Premises};
use crate::messenger::feishu::{Mode, Options, PLATFORM};
use crate::messenger::net;
use crate::store::{DbError, desk};

const NAME: &str = "messengers";

/// Everything about the messengers.
pub async fn check(report: &mut Report, config: &Config, online: bool) {
    if config.sandbox.enabled {
        report.ok(NAME, "the sandbox is on; it needs no credentials");
    }
    if let Some(options) = &config.dingtalk {
        super::dingtalk::check(report, config, options);
        if online {
            super::dingtalk::ask(report, options).await;
        }
    }
    match &config.feishu {
        Some(options) => feishu(report, config, options, online).await,
        None if config.sandbox.enabled || config.dingtalk.is_some() => {}
        None => {
            let nobody = "nobody can talk to the service";
            let text = match online {
                true => format!("none is configured, so there is none to ask: {nobody}"),
                false => format!("none is configured: {nobody}"),
            };
            report.warn(
                NAME,
                text,
                "set feishu.enabled = true (docs/platforms/feishu.md), dingtalk.enabled = true (docs/platforms/dingtalk.md) or sandbox.enabled = true, or try `liaison demo`",
            );
        }
    }
}

async fn feishu(report: &mut Report, config: &Config, options: &Options, online: bool) {
    let mode = match options.mode {
        Mode::Stream => "stream: the service holds a connection open",
        Mode::Webhook => "webhook: Feishu posts to the service",
    };
    let asked = if online { "" } else { "; `liaison doctor --online` asks Feishu" };
    report.ok("feishu", format!("app {}, {mode}{asked}", options.app_id));
    let public_url = &config.server.public_url;
    if !online {
        return checkup::offline(options, public_url).into_iter().for_each(|f| add(report, f));
    }
    let groups = match groups(config).await {
        Ok(groups) => groups,
        Err(error) => {
            let text = format!("which groups are bound is not known: {error}");
            report.warn("feishu group", text, "see what is said about the database");
            Vec::new()
        }
    };
    let http = match net::tls(None).and_then(|tls| net::client(&tls)) {
        Ok(http) => http,
        Err(error) => return report.fail("feishu", error.to_string(), "see the machine's certificates"),
    };
    let premises = Premises { public_url, groups: &groups };
    let found = checkup::ask(options, &http, &premises, &SystemClock).await;
    found.into_iter().for_each(|finding| add(report, finding));
}

/// The part and the chat of each bound group. A database that is not there or not current has its own lines.
async fn groups(config: &Config) -> Result<Vec<(String, String)>, DbError> {
    let Ok(db) = database::current(config).await else { return Ok(Vec::new()) };
    let bindings = desk::bindings(&db, PLATFORM).await;
    db.close().await;
    let named = |binding: desk::Binding| match binding.request.as_str() {
        "" => (binding.what, binding.chat),
        request => (format!("{} of {request}", binding.what), binding.chat),
    };
    Ok(bindings?.into_iter().map(named).collect())
}

pub(super) fn add(report: &mut Report, finding: Finding) {
    let status = match finding.grade {
        Grade::Ok => Status::Ok,
        Grade::Warn => Status::Warn,
        Grade::Fail => Status::Fail,
    };
    report.add(finding.name, status, finding.what, finding.remedy);
}
