//! DingTalk's part: the configuration, as far as it can be judged without asking, and what DingTalk says of itself.
//!
//! Invariant: no secret is shown; only [`ask`] leaves this machine.

use std::net::IpAddr;
use std::sync::Arc;

use super::Report;
use super::messengers::add;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::messenger::dingtalk::api::Api;
use crate::messenger::dingtalk::checkup;
use crate::messenger::dingtalk::{Mode, Options};
use crate::messenger::net;

const APP: &str = "dingtalk";
const ADDRESS: &str = "dingtalk address";
const POSTS: &str = "dingtalk events";

/// What is known without asking: the application, where calls go, and whether DingTalk can reach us.
pub fn check(report: &mut Report, config: &Config, options: &Options) {
    let mode = match options.mode {
        Mode::Stream => "stream: the service holds a connection open",
        Mode::Webhook => "webhook: DingTalk posts to the service",
    };
    let cards =
        if options.card_template_id.is_some() { "cards with a template" } else { "buttons are links" };
    report.ok(APP, format!("application {}, {mode}; {cards}", options.client_id));
    address(report, "dingtalk.base_url", &options.base_url, "https://api.dingtalk.com");
    address(report, "dingtalk.legacy_base_url", &options.legacy_base_url, "https://oapi.dingtalk.com");
    if options.mode == Mode::Webhook {
        webhook(report, &config.server.public_url, options.event_token.is_some());
    }
}

/// Asks DingTalk about everything that it tells; nobody hears of it.
pub async fn ask(report: &mut Report, options: &Options) {
    let http = match net::tls(None).and_then(|tls| net::client(&tls)) {
        Ok(http) => http,
        Err(error) => return report.fail(APP, error.to_string(), "see the machine's certificates"),
    };
    for finding in checkup::ask(&Api::new(options.clone(), http, Arc::new(SystemClock))).await {
        add(report, finding);
    }
}

fn address(report: &mut Report, key: &str, url: &str, usual: &str) {
    if url == usual {
        report.ok(ADDRESS, url.to_owned());
    } else if !url.starts_with("https://") && !is_here(host(url)) {
        let text = format!("the application's secret would go to {url} in the clear");
        report.fail(ADDRESS, text, format!("begin {key} with https://"));
    } else {
        let remedy = format!("set {key} = \"{usual}\" unless this is a gateway of your own");
        report.warn(ADDRESS, format!("{url} is not DingTalk's address"), remedy);
    }
}

/// The signature of a robot message does not cover its body: in the clear, whoever reads one can write others.
fn webhook(report: &mut Report, public_url: &str, has_event_keys: bool) {
    let at = format!("{public_url}/webhook/dingtalk/robot");
    if !public_url.starts_with("https://") || is_here(host(public_url)) {
        let remedy = "set server.public_url to an https address that the internet reaches, or dingtalk.mode = \"stream\"";
        return report.fail(POSTS, format!("DingTalk cannot safely post to {at}"), remedy);
    }
    report.ok(POSTS, format!("the robot's message address is {at}; cards go to …/card"));
    let events = match has_event_keys {
        true => "organisation events are taken at …/event",
        false => "no organisation events: dingtalk.event_token and event_aes_key are not set",
    };
    report.ok(POSTS, events);
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, port)| {
        if port.bytes().all(|b| b.is_ascii_digit()) { host } else { authority }
    });
    host.trim_matches(['[', ']'])
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback() || ip.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_what_stands_between_the_slashes_without_its_port() {
        let hosts = ["https://a.example/x", "http://127.0.0.1:8080", "http://[::1]:80/", "http://localhost"]
            .map(host);
        assert_eq!(hosts, ["a.example", "127.0.0.1", "::1", "localhost"]);
        assert_eq!(hosts.map(is_here), [false, true, true, true]);
    }
}
