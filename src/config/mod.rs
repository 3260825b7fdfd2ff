//! What the administrator decides: TOML and environment → options, or every mistake in them at once.
//!
//! Invariant: a [`Config`] that exists is sound: the service needs no further check of it. No room uses this one;
//! `cli` reads it and hands each room what that room needs.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use jiff::civil::Time;
use secrecy::SecretString;

#[cfg(test)]
mod beside_tests;
mod build;
mod calendar;
mod dingtalk_app;
pub mod directory_csv;
pub mod directory_toml;
mod example;
mod feishu_app;
mod keys;
mod layers;
mod network;
#[cfg(test)]
mod tests;
mod values;

use crate::domain::calendar::Calendar;
pub use crate::domain::fault::Fault;
use crate::domain::policy::check::DEFAULT as DEFAULT_POLICY;
use crate::domain::retention::Retention;
use crate::messenger::net::Network;
use crate::messenger::{dingtalk, feishu};
pub use example::example;
pub use keys::{KEYS, Key};

/// Every option, checked.
#[derive(Debug)]
pub struct Config {
    /// `[server]`
    pub server: Server,
    /// `[database]`
    pub database: Database,
    /// `[calendar]`: working days and hours, holidays, quiet hours.
    pub calendar: Calendar,
    /// Who is who: the text for [`directory::check::read`](crate::domain::directory::check::read).
    pub directory: Document,
    /// Deadlines and ladders: the text for [`policy::check::read`](crate::domain::policy::check::read).
    pub policy: Document,
    /// Forms half filled: the text for [`template::check::read`](crate::domain::template::check::read).
    pub templates: Document,
    /// `[sandbox]`
    pub sandbox: Sandbox,
    /// `[feishu]`, where it is enabled.
    pub feishu: Option<feishu::Options>,
    /// `[dingtalk]`, where it is enabled.
    pub dingtalk: Option<dingtalk::Options>,
    /// `[network]`: the way out.
    pub network: Network,
    /// `[retention]`
    pub retention: Retention,
    /// `[log]`
    pub log: Log,
    /// Each option as it holds and where it came from, secrets left out; for [`Config::dump`].
    settings: Vec<example::Setting>,
}

/// Where it listens and how it is reached.
#[derive(Clone, Debug)]
pub struct Server {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// What links begin with; no `/` at the end.
    pub public_url: String,
    /// Signs the links to web forms; `None`: one that is made once and kept in the database.
    pub link_secret: Option<SecretString>,
    /// Links that it signed are good until they end.
    pub previous_link_secret: Option<SecretString>,
    /// Called every minute while everything works.
    pub heartbeat_url: Option<SecretString>,
    /// When administrators hear every day how the service is.
    pub alive_at: Option<Time>,
    /// Messages of one person that are read in a minute; `None`: any number.
    pub messages_per_minute: Option<NonZeroU32>,
    /// Whether `/board` brings a picture, which the messenger keeps.
    pub pictures: bool,
}

/// Where everything is kept.
#[derive(Clone, Debug)]
pub struct Database {
    /// `sqlite:…` or `postgres://…`; may hold a password.
    pub url: SecretString,
}

/// The built-in messenger.
#[derive(Clone, Debug)]
pub struct Sandbox {
    /// Whether it is there.
    pub enabled: bool,
    /// Whether its clock can be moved; only on a loopback listener.
    pub movable_clock: bool,
    /// Signs what it hands out; `None`: one that is made once and kept in the database.
    pub secret: Option<SecretString>,
    /// Whether its cards can be answered where they stand; if not, their buttons are links to web forms.
    pub forms: bool,
}

/// What is logged, and how.
#[derive(Clone, Debug)]
pub struct Log {
    /// Lines for people or for machines.
    pub format: LogFormat,
    /// `error` … `trace`.
    pub level: String,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people at a terminal.
    Human,
    /// One JSON object a line.
    Json,
}

/// A text that an administrator wrote, or that stands in until one does.
#[derive(Clone, Debug)]
pub enum Document {
    /// A file that was there when the configuration was read.
    File(PathBuf),
    /// A text that is part of the program: its name and what it says.
    BuiltIn(&'static str, &'static str),
    /// The same, changed in a line.
    Changed(&'static str, String),
}

impl Document {
    /// How faults name it.
    pub fn name(&self) -> &str {
        match self {
            Document::File(path) => path.to_str().unwrap_or("the file"),
            Document::BuiltIn(name, _) | Document::Changed(name, _) => name,
        }
    }

    /// What it says.
    pub fn read(&self) -> std::io::Result<String> {
        match self {
            Document::File(path) => std::fs::read_to_string(path),
            Document::BuiltIn(_, text) => Ok((*text).to_owned()),
            Document::Changed(_, text) => Ok(text.clone()),
        }
    }
}

/// The demo company.
const DEMO_DIRECTORY: Document =
    Document::BuiltIn("the demo company", include_str!("../../config/demo/directory.toml"));

/// What `liaison init` writes to `config/directory.toml`.
pub const EXAMPLE_DIRECTORY: &str = include_str!("../../config/directory.example.toml");

/// Where the configuration is looked for when nobody names a file.
pub const DEFAULT_FILE: &str = "config/liaison.toml";

/// Names a configuration file in the environment.
const FILE_VARIABLE: &str = "LIAISON_CONFIG";

/// The file that holds: as named, else `LIAISON_CONFIG`, else [`DEFAULT_FILE`] where it exists.
pub fn file(path: Option<&Path>, env: &[(String, String)]) -> Option<PathBuf> {
    let variable = || env.iter().find(|(name, _)| name == FILE_VARIABLE).map(|(_, file)| PathBuf::from(file));
    let default = || Some(PathBuf::from(DEFAULT_FILE)).filter(|file| file.exists());
    path.map(Path::to_owned).or_else(variable).or_else(default)
}

/// Reads the file (as named, else `LIAISON_CONFIG`, else `config/liaison.toml` where it exists) and the environment.
///
/// Relative paths in it are relative to the working directory.
pub fn load(path: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> Result<Config, Vec<Fault>> {
    let variables: Vec<_> = env.collect();
    let mut layers = layers::Layers::new();
    if let Some(file) = file(path, &variables) {
        let name = file.display().to_string();
        match std::fs::read_to_string(&file) {
            Ok(text) => layers.lay_file(&name, &text),
            Err(why) => {
                let (problem, remedy) = (format!("cannot be read: {why}"), "name another with --config");
                let key = String::new();
                layers.faults.push(Fault { file: name, line: None, key, problem, remedy: remedy.to_owned() });
            }
        }
    }
    network::lay(&mut layers, &variables);
    layers.lay_environment(variables.into_iter());
    layers.open_secrets();
    build::config(layers, None)
}

/// What `liaison demo` runs on: the sandbox and the demo company, whatever else lies in the working directory.
///
/// The clock can be moved as long as nobody but this machine can reach the page.
pub fn demo(listen: SocketAddr, database_url: &str) -> Result<Config, Vec<Fault>> {
    let mut layers = layers::Layers::new();
    layers.set("server.listen", &listen.to_string());
    layers.set("server.public_url", &format!("http://{listen}"));
    layers.set("database.url", database_url);
    layers.set("sandbox.enabled", "true");
    layers.set("sandbox.movable_clock", if listen.ip().is_loopback() { "true" } else { "false" });
    layers.set("policy.file", "");
    layers.set("templates.file", "");
    let config = build::config(layers, Some(DEMO_DIRECTORY))?;
    // Whoever tries it out sees at once what each click leads to; `/settings digest both` shows the digests.
    let text = DEFAULT_POLICY.replace("news = \"digest\"", "news = \"at_once\"");
    Ok(Config { policy: Document::Changed("the demo's policy", text), ..config })
}
