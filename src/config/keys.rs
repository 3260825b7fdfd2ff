//! Every option that there is: one row each, from which reading, the environment, the example file and the dump follow.
//!
//! Invariant: an option that is not in [`KEYS`] cannot be set, and one that is there is read (a test holds each row to it).

/// One option.
#[derive(Debug, PartialEq)]
pub struct Key {
    /// The table of the file that it is in.
    pub section: &'static str,
    /// Its name there.
    pub name: &'static str,
    /// How its value is written.
    pub shape: Shape,
    /// What holds when nobody sets it, as text; `None` when nothing does.
    pub default: Option<&'static str>,
    /// One line for the example file.
    pub doc: &'static str,
    /// Never shown; may also be given as `<name>_file`, the path of a file that holds it.
    pub secret: bool,
}

/// How a value is written in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// In quotes.
    Text,
    /// `true` or `false`.
    Flag,
}

use Shape::{Flag, Text};

/// The options in the order of the example file.
pub const KEYS: &[Key] = &[
    key("server", "listen", Text, "127.0.0.1:8080", "address and port to listen on"),
    key(
        "server",
        "public_url",
        Text,
        "http://127.0.0.1:8080",
        "how people's browsers reach it; links begin with it",
    ),
    secret(
        "server",
        "link_secret",
        None,
        "signs the links to web forms; left out, one is made at the first start and kept in the database",
    ),
    secret(
        "server",
        "previous_link_secret",
        None,
        "still good while link_secret is being changed; leave it out again a week later",
    ),
    secret(
        "server",
        "heartbeat_url",
        None,
        "called every minute while everything works, for a dead man's switch outside; left out, nothing is called",
    ),
    optional(
        "server",
        "alive_at",
        "HH:MM: when administrators hear every day that the service is alive, and what waits; left out, never",
    ),
    key(
        "server",
        "messages_per_minute",
        Text,
        "600",
        "of one person; of a chat twice as many; more is told once a minute and not read, buttons are always heard; 0: no limit",
    ),
    key(
        "server",
        "pictures",
        Flag,
        "true",
        "/board brings a picture, which the messenger keeps; false: the link alone. Needs a font with Chinese characters",
    ),
    secret(
        "database",
        "url",
        Some("sqlite://data/liaison.db"),
        "sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME",
    ),
    key(
        "calendar",
        "time_zone",
        Text,
        "Asia/Shanghai",
        "IANA name; deadlines and working days are in this zone",
    ),
    key("calendar", "workday_start", Text, "09:00", "when a working day begins"),
    key("calendar", "workday_end", Text, "18:00", "when it ends"),
    key("calendar", "lunch", Text, "12:00-13:00", "left out of working hours; \"\" for none"),
    key("calendar", "quiet_hours", Text, "21:00-08:30", "only urgent messages then; \"\" for none"),
    optional(
        "calendar",
        "years",
        "folder with holiday files of your own (cn-2027.toml); each takes the place of the built-in one of its year",
    ),
    key(
        "directory",
        "file",
        Text,
        "config/directory.toml",
        "departments and people; `liaison init` writes a first one",
    ),
    key(
        "policy",
        "file",
        Text,
        "config/policy.toml",
        "deadlines and ladders; without the file the built-in ones hold",
    ),
    key(
        "templates",
        "file",
        Text,
        "config/templates.toml",
        "forms half filled, offered by /new; without the file the built-in ones hold",
    ),
    key(
        "sandbox",
        "enabled",
        Flag,
        "false",
        "the built-in messenger: several people's chats in one page, no log-in",
    ),
    key(
        "sandbox",
        "movable_clock",
        Flag,
        "false",
        "its clock may be moved: only with the sandbox, only on a loopback listener",
    ),
    secret(
        "sandbox",
        "secret",
        None,
        "signs what the sandbox hands out; left out, one is made at the first start and kept in the database",
    ),
    key(
        "sandbox",
        "forms",
        Flag,
        "true",
        "false: buttons are links to web forms, as on a messenger that has no forms",
    ),
    key("feishu", "enabled", Flag, "false", "Feishu, or Lark with its base_url: docs/platforms/feishu.md"),
    optional("feishu", "app_id", "of the app's credentials page: cli_…"),
    secret("feishu", "app_secret", None, "of the same page"),
    key(
        "feishu",
        "mode",
        Text,
        "stream",
        "stream: we hold a connection open, no public address needed; webhook: Feishu posts to <public_url>/webhook/feishu/event",
    ),
    secret("feishu", "encrypt_key", None, "of the event subscription page; webhook only"),
    secret(
        "feishu",
        "previous_encrypt_key",
        None,
        "still good while the key is being changed; leave it out again afterwards",
    ),
    secret("feishu", "verification_token", None, "of the event subscription page; needed with webhook"),
    key(
        "feishu",
        "base_url",
        Text,
        "https://open.feishu.cn",
        "https://open.larksuite.com for Lark outside of China",
    ),
    key(
        "feishu",
        "login",
        Flag,
        "false",
        "people log in to the pages with their Feishu account; <public_url>/login/feishu/back must be one of the app's redirect URLs",
    ),
    key("dingtalk", "enabled", Flag, "false", "DingTalk: docs/platforms/dingtalk.md"),
    optional("dingtalk", "client_id", "of the application's credentials page, also called AppKey: ding…"),
    secret("dingtalk", "client_secret", None, "of the same page, also called AppSecret"),
    optional(
        "dingtalk",
        "robot_code",
        "of the robot's page; left out, it is the client id, as of every in-house application",
    ),
    key(
        "dingtalk",
        "mode",
        Text,
        "stream",
        "stream: we hold a connection open, no public address needed; webhook: DingTalk posts to <public_url>/webhook/dingtalk/robot, …/card and …/event",
    ),
    key("dingtalk", "base_url", Text, "https://api.dingtalk.com", "where calls go"),
    key(
        "dingtalk",
        "legacy_base_url",
        Text,
        "https://oapi.dingtalk.com",
        "where older calls go; no session webhook at any other address is called",
    ),
    optional(
        "dingtalk",
        "card_template_id",
        "of the card platform, ends in .schema; left out, buttons are links",
    ),
    optional(
        "dingtalk",
        "ding",
        "app, sms or phone: urgent messages also buzz as a DING; left out, they do not",
    ),
    key(
        "dingtalk",
        "todo",
        Flag,
        "false",
        "what people owe also stands on their DingTalk list of things to do",
    ),
    key("dingtalk", "monthly_calls", Text, "5000", "metered calls that the organisation has in a month"),
    key(
        "dingtalk",
        "login",
        Flag,
        "false",
        "people log in to the pages with their DingTalk account; <public_url>/login/dingtalk/back must be one of the application's redirect URLs",
    ),
    optional(
        "dingtalk",
        "corp_id",
        "of the open platform's front page: ding…; with it and login, nobody has to say anything to log in inside DingTalk",
    ),
    secret(
        "dingtalk",
        "group_robots",
        None,
        "robots of groups that the application is not in: NAME:ACCESS_TOKEN:SECRET, separated by spaces; the one named managers is the managers' group until another is bound",
    ),
    secret("dingtalk", "event_token", None, "of the event subscription page; webhook only"),
    secret("dingtalk", "event_aes_key", None, "of the same page, 43 characters; webhook only"),
    secret(
        "network",
        "proxy",
        None,
        "http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, for calls and streams alike; left out, HTTPS_PROXY of the environment",
    ),
    optional(
        "network",
        "no_proxy",
        "hosts and domains that are reached directly, with commas; left out, NO_PROXY of the environment",
    ),
    optional(
        "network",
        "ca_file",
        "PEM file with the certificates of an authority of your own, trusted besides the system's: for a proxy that looks inside",
    ),
    key(
        "retention",
        "events",
        Text,
        "7d",
        "keys of events with what was answered; at least 2d, longer than any messenger repeats itself",
    ),
    key(
        "retention",
        "messages",
        Text,
        "180d",
        "what was said, as far as no open request needs it, and what became of it; \"\" for ever",
    ),
    key("retention", "drafts", Text, "90d", "forms that were begun and never sent; \"\" for ever"),
    key("retention", "traces", Text, "180d", "who urged whom and who stood in for whom; \"\" for ever"),
    key(
        "retention",
        "people",
        Text,
        "30d",
        "telephone number, title and settings of people who left; their names stay with what they signed; \"\" for ever",
    ),
    key("log", "format", Text, "human", "human or json"),
    key("log", "level", Text, "info", "error, warn, info, debug or trace"),
];

/// The table of days that the company decides itself: date → `off: why` or `work: why`.
pub const OVERRIDES: &str = "overrides";

/// Messengers that a later version brings: known, so that they can be refused by name.
pub const LATER: &[&str] = &["wecom"];

const fn key(
    section: &'static str,
    name: &'static str,
    shape: Shape,
    default: &'static str,
    doc: &'static str,
) -> Key {
    Key { section, name, shape, default: Some(default), doc, secret: false }
}

const fn optional(section: &'static str, name: &'static str, doc: &'static str) -> Key {
    Key { section, name, shape: Text, default: None, doc, secret: false }
}

const fn secret(
    section: &'static str,
    name: &'static str,
    default: Option<&'static str>,
    doc: &'static str,
) -> Key {
    Key { section, name, shape: Text, default, doc, secret: true }
}

impl Key {
    /// `server.listen`
    pub fn path(&self) -> String {
        format!("{}.{}", self.section, self.name)
    }

    /// `LIAISON__SERVER__LISTEN`
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}__{}", self.section, self.name).to_uppercase()
    }
}

/// What the variables of the environment begin with.
pub const PREFIX: &str = "LIAISON__";

/// The sections of the file, in its order.
pub fn sections() -> Vec<&'static str> {
    let mut sections: Vec<_> = KEYS.iter().map(|k| k.section).collect();
    sections.dedup();
    sections
}

/// The options of a section.
pub fn of(section: &str) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |k| k.section == section)
}
