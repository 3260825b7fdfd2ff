//! The messengers: whether one is there, and, asked online, whether it would carry a message.

use super::{Report, Status};
use crate::cli::database;
use crate::config::Config;
use crate::messenger::feishu::checkup::{Health, checkup};
use crate::messenger::feishu::{Mode, Options, PLATFORM};
use crate::store::desk;

const NAME: &str = "messengers";

/// Everything about messengers.
pub async fn check(report: &mut Report, config: &Config, online: bool) {
    if config.sandbox.enabled {
        report.ok(NAME, "the sandbox is on; it needs no credentials");
    }
    match &config.feishu {
        Some(options) => feishu(report, config, options, online).await,
        None if config.sandbox.enabled => {}
        None => report.warn(
            NAME,
            "none is configured: nobody can talk to the service",
            "docs/platforms/feishu.md, or sandbox.enabled = true to try it",
        ),
    }
}

async fn feishu(report: &mut Report, config: &Config, options: &Options, online: bool) {
    let mode = match options.mode {
        Mode::Stream => "over a long connection",
        Mode::Webhook => "by webhook",
    };
    let text = format!("{} on {}, events come {mode}", options.app_id, options.base_url);
    report.ok(PLATFORM, text);
    if !online {
        return;
    }
    let groups = groups(config).await;
    match checkup(options, &groups, &config.server.public_url).await {
        Ok(found) => {
            for finding in found {
                let status = match finding.health {
                    Health::Good => Status::Ok,
                    Health::Poor => Status::Warn,
                    Health::Bad => Status::Fail,
                };
                report.add(PLATFORM, status, finding.text, finding.remedy);
            }
        }
        Err(error) => report.fail(PLATFORM, error.to_string(), "see the system's certificates"),
    }
}

/// The groups of Feishu that play a part; none where the database cannot be asked, which has a line of its own.
async fn groups(config: &Config) -> Vec<(String, String)> {
    let Ok(db) = database::open(config).await else { return Vec::new() };
    desk::bound_on(&db, PLATFORM).await.unwrap_or_default()
}
