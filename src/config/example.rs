//! The options as text for people: the example file, and a dump of what holds.
//!
//! Invariant: both are made of the table of keys, so neither can be out of date; neither shows a secret.

use super::Config;
use super::keys::{self, KEYS, Key, Shape};
use super::layers::{Layers, Origin};

/// One option as it holds.
#[derive(Debug)]
pub struct Setting {
    path: String,
    shown: String,
    origin: String,
}

/// The text of `config/liaison.example.toml`.
pub fn example() -> String {
    let mut text = String::from(HEAD);
    for section in keys::sections() {
        text.push_str(&format!("\n[{section}]\n"));
        for key in keys::of(section) {
            let value = key.default.map_or_else(|| "\"\"".to_owned(), |default| written(key, default));
            let off = if key.default.is_none() { "# " } else { "" };
            text.push_str(&format!("# {}\n{off}{} = {value}\n", key.doc, key.name));
            if key.secret {
                text.push_str(&format!(
                    "# {}_file = \"\"   # or the path of a file that holds it\n",
                    key.name
                ));
            }
        }
        if section == "calendar" {
            text.push_str(OVERRIDES);
        }
    }
    text
}

const HEAD: &str = "# Every option with its default. `liaison doctor` names every mistake in a configuration at once.\n\
    # Each can also be set in the environment: LIAISON__SERVER__LISTEN is [server] listen.\n";

const OVERRIDES: &str = "\n# Days that the company decides itself; they win over public holidays.\n\
    [calendar.overrides]\n\
    # 2026-12-31 = \"off: stocktaking\"\n\
    # 2027-01-03 = \"work: in place of 2026-12-31\"\n";

fn written(key: &Key, value: &str) -> String {
    match key.shape {
        Shape::Flag => value.to_owned(),
        Shape::Text => format!("{value:?}"),
    }
}

/// What holds, for the dump.
pub fn settings(layers: &Layers) -> Vec<Setting> {
    let known = KEYS.iter().filter_map(|key| Some((key, layers.raw(&key.path())?)));
    let options = known.map(|(key, raw)| Setting {
        path: key.path(),
        shown: written(key, &shown(key, &raw.text)),
        origin: named(&raw.origin),
    });
    let days = layers.overrides.iter().map(|(date, raw)| Setting {
        path: format!("calendar.overrides.{date}"),
        shown: format!("{:?}", raw.text),
        origin: named(&raw.origin),
    });
    options.chain(days).collect()
}

fn named(origin: &Origin) -> String {
    match origin {
        Origin::Default => "default".to_owned(),
        Origin::File { file, line } => format!("{file}:{line}"),
        Origin::Environment { variable } => variable.clone(),
    }
}

/// A database's address may show where it is, but not how to get in; other secrets show nothing.
fn shown(key: &Key, text: &str) -> String {
    match text.split_once("://").filter(|_| key.section == "database") {
        Some(("sqlite", _)) => text.to_owned(),
        Some((scheme, rest)) => {
            let host = rest.rsplit_once('@').map_or("", |(_, host)| host);
            format!("{scheme}://[redacted]@{}", host.split('?').next().unwrap_or_default())
        }
        None if key.secret => "[redacted]".to_owned(),
        None => text.to_owned(),
    }
}

impl Config {
    /// What holds and where it came from, one line an option, secrets left out.
    pub fn dump(&self) -> String {
        let line = |s: &Setting| format!("{} = {}   # {}\n", s.path, s.shown, s.origin);
        self.settings.iter().map(line).collect()
    }
}
