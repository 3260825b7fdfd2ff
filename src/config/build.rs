//! The layers → a [`Config`]: each option understood, then those that only make sense together.

use std::path::{Path, PathBuf};

use super::layers::{Layers, Origin};
use super::{
    Config, Database, Document, Fault, Log, Sandbox, Server, calendar, dingtalk_app, example, feishu_app,
    keys, network, values,
};
use crate::domain::retention::Retention;
use crate::domain::{policy, template};

/// Builds the configuration, or hands back every mistake. A `directory` that is given needs no file.
pub fn config(mut layers: Layers, directory: Option<Document>) -> Result<Config, Vec<Fault>> {
    let parts = &mut layers;
    let server = server(parts);
    let database = parts.get("database.url", values::database_url).map(|url| Database { url });
    let calendar = calendar::calendar(parts);
    let directory = directory.or_else(|| directory_file(parts));
    let policy = policy(parts);
    let templates = templates(parts);
    let sandbox = sandbox(parts, server.as_ref());
    let network = network::network(parts);
    let feishu = feishu_app::options(parts, network.as_ref());
    let dingtalk = dingtalk_app::options(parts, network.as_ref());
    let is_beside = matches!(feishu, Some(Some(_))) || matches!(dingtalk, Some(Some(_)));
    let is_reached = server.as_ref().is_some_and(|server| !server.listen.ip().is_loopback());
    if is_beside && is_reached && sandbox.as_ref().is_some_and(|sandbox| sandbox.enabled) {
        let problem = "the sandbox has no log-in: beside a messenger whoever reaches it could act as anybody";
        let remedy = "set sandbox.enabled = false, or try things out with server.listen = \"127.0.0.1:8080\"";
        blame(parts, "sandbox.enabled", problem, remedy);
    }
    let retention = retention(parts);
    let log = log(parts);
    let whole = || {
        Some(Config {
            server: server?,
            database: database?,
            calendar: calendar?,
            directory: directory?,
            policy: policy?,
            templates: templates?,
            sandbox: sandbox?,
            feishu: feishu?,
            dingtalk: dingtalk?,
            network: network?,
            retention: retention?,
            log: log?,
            settings: example::settings(&layers),
        })
    };
    match whole() {
        Some(config) if layers.faults.is_empty() => Ok(config),
        Some(_) | None => {
            layers.faults.sort_by(|one, other| {
                (&one.file, one.line, &one.key).cmp(&(&other.file, other.line, &other.key))
            });
            Err(layers.faults)
        }
    }
}

fn server(layers: &mut Layers) -> Option<Server> {
    let listen = layers.get("server.listen", values::listen);
    let public_url = layers.get("server.public_url", values::public_url);
    let link_secret = layers.get("server.link_secret", values::secret);
    let previous_link_secret = layers.get("server.previous_link_secret", values::secret);
    let heartbeat_url = layers.get("server.heartbeat_url", values::heartbeat_url);
    let alive_at = layers.get("server.alive_at", values::time);
    let messages_per_minute = layers.get("server.messages_per_minute", values::per_minute);
    let pictures = layers.get("server.pictures", values::flag);
    Some(Server {
        listen: listen?,
        public_url: public_url?,
        link_secret,
        previous_link_secret,
        heartbeat_url,
        alive_at,
        messages_per_minute: messages_per_minute?,
        pictures: pictures?,
    })
}

fn directory_file(layers: &mut Layers) -> Option<Document> {
    layers.get("directory.file", |file| {
        let there = Path::new(file).is_file().then(|| Document::File(PathBuf::from(file)));
        let remedy = "`liaison init` writes a first one";
        there.ok_or_else(|| (format!("there is no file {file}"), remedy.to_owned()))
    })
}

fn policy(layers: &mut Layers) -> Option<Document> {
    usual_or_built_in(layers, "policy", BUILT_IN_POLICY, "leave it out for the built-in policy")
}

fn templates(layers: &mut Layers) -> Option<Document> {
    usual_or_built_in(layers, "templates", BUILT_IN_TEMPLATES, "leave it out for the built-in templates")
}

/// The usual file may be missing: the built-in text holds then. Another one that somebody named may not.
fn usual_or_built_in(
    layers: &mut Layers,
    section: &str,
    built_in: Document,
    remedy: &str,
) -> Option<Document> {
    let usual = keys::of(section).find_map(|k| k.default).unwrap_or_default();
    layers.get(&format!("{section}.file"), |file| {
        let there = Path::new(file).is_file().then(|| Document::File(PathBuf::from(file)));
        let built_in = || (file == usual || file.is_empty()).then(|| built_in.clone());
        there.or_else(built_in).ok_or_else(|| (format!("there is no file {file}"), remedy.to_owned()))
    })
}

const BUILT_IN_TEMPLATES: Document = Document::BuiltIn("the built-in templates", template::check::DEFAULT);

const BUILT_IN_POLICY: Document = Document::BuiltIn("the built-in policy", policy::check::DEFAULT);

fn sandbox(layers: &mut Layers, server: Option<&Server>) -> Option<Sandbox> {
    let enabled = layers.get("sandbox.enabled", values::flag);
    let movable_clock = layers.get("sandbox.movable_clock", values::flag);
    let secret = layers.get("sandbox.secret", values::secret);
    let forms = layers.get("sandbox.forms", values::flag);
    let (enabled, movable_clock, forms) = (enabled?, movable_clock?, forms?);
    if movable_clock && !enabled {
        let remedy = "set sandbox.enabled = true, or leave the clock alone";
        blame(layers, "sandbox.movable_clock", "the clock can be moved only in the sandbox", remedy);
    }
    if movable_clock && server.is_some_and(|s| !s.listen.ip().is_loopback()) {
        let problem = "the clock can be moved only when nobody but this machine can reach it";
        blame(layers, "sandbox.movable_clock", problem, "set server.listen = \"127.0.0.1:8080\"");
    }
    Some(Sandbox { enabled, movable_clock, secret, forms })
}

fn retention(layers: &mut Layers) -> Option<Retention> {
    let events = layers.get("retention.events", values::days_of_events);
    let messages = layers.get("retention.messages", values::days);
    let drafts = layers.get("retention.drafts", values::days);
    let traces = layers.get("retention.traces", values::days);
    let people = layers.get("retention.people", values::days);
    let (events, messages, drafts) = (events?, messages?, drafts?);
    Some(Retention { events, messages, drafts, traces: traces?, people: people? })
}

fn log(layers: &mut Layers) -> Option<Log> {
    let format = layers.get("log.format", values::log_format);
    let level = layers.get("log.level", values::log_level);
    Some(Log { format: format?, level: level? })
}

/// A mistake that only shows when options are seen together, put down where one of them was set.
pub fn blame(layers: &mut Layers, path: &str, problem: &str, remedy: &str) {
    let origin = layers.raw(path).map_or(Origin::Default, |raw| raw.origin.clone());
    layers.fault(path, &origin, problem, remedy);
}
