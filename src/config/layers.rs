//! Default, file and environment laid over each other: for each option the text that holds and where it came from.
//!
//! Invariant: the environment wins over the file and the file over the default; every key that is set is known, or it
//! is among the faults.

use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{self, KEYS, Key, LATER, OVERRIDES, PREFIX, Shape};
use crate::domain::fault::{Fault, nearest, suggest};
use crate::domain::sheet::Sheet;

/// Where a text came from; what is greater wins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A line of the file.
    File { file: String, line: usize },
    /// A variable of the environment.
    Environment { variable: String },
}

/// A value as text.
#[derive(Clone, Debug)]
pub struct Raw {
    /// The text, not yet understood.
    pub text: String,
    /// Where it came from.
    pub origin: Origin,
}

/// What holds, and what is wrong so far.
#[derive(Default)]
pub struct Layers {
    values: BTreeMap<String, Raw>,
    /// Days that the company decides itself, as written: date → what.
    pub overrides: BTreeMap<String, Raw>,
    /// The mistakes.
    pub faults: Vec<Fault>,
}

impl Layers {
    /// The defaults alone.
    pub fn new() -> Self {
        let defaults = KEYS.iter().filter_map(|k| Some((k.path(), k.default?)));
        let raw = |text: &str| Raw { text: text.to_owned(), origin: Origin::Default };
        Self { values: defaults.map(|(path, text)| (path, raw(text))).collect(), ..Self::default() }
    }

    /// Sets an option in place of its default.
    pub fn set(&mut self, path: &str, text: &str) {
        self.values.insert(path.to_owned(), Raw { text: text.to_owned(), origin: Origin::Default });
    }

    /// The value of an option, where it has one.
    pub fn raw(&self, path: &str) -> Option<&Raw> {
        self.values.get(path)
    }

    /// Notes that a value is no good.
    pub fn fault(&mut self, path: &str, origin: &Origin, problem: &str, remedy: &str) {
        let (file, line, key) = match origin {
            Origin::Default => ("default".to_owned(), None, path),
            Origin::File { file, line } => (file.clone(), Some(*line), path),
            Origin::Environment { variable } => ("environment".to_owned(), None, variable.as_str()),
        };
        let (key, problem, remedy) = (key.to_owned(), problem.to_owned(), remedy.to_owned());
        self.faults.push(Fault { file, line, key, problem, remedy });
    }

    /// Understands a value; what cannot be understood is noted, and `None` as if it were not there.
    pub fn get<T>(&mut self, path: &str, parse: impl Fn(&str) -> Result<T, (String, String)>) -> Option<T> {
        let raw = self.values.get(path)?.clone();
        match parse(raw.text.trim()) {
            Ok(value) => Some(value),
            Err((problem, remedy)) => {
                self.fault(path, &raw.origin, &problem, &remedy);
                None
            }
        }
    }

    /// Lays the text of a file over what is there.
    pub fn lay_file(&mut self, file: &str, text: &str) {
        let (mut sheet, root) = Sheet::open(file, text);
        if let Some(mut root) = root {
            for section in keys::sections() {
                if let Some(table) = sheet.table(&mut root, section) {
                    self.lay_section(&mut sheet, section, table.into_inner());
                }
            }
            for messenger in LATER {
                if let Some(value) = root.remove(*messenger)
                    && !switched_off(value.get_ref())
                {
                    let (problem, remedy) = not_yet(messenger);
                    sheet.fault(value.span().start, messenger, problem, remedy);
                }
            }
            sheet.nothing_else(&root, keys::sections());
        }
        self.faults.append(&mut sheet.faults);
    }

    fn lay_section(&mut self, sheet: &mut Sheet<'_>, section: &str, table: DeTable<'_>) {
        for (name, value) in table {
            let (name, at) = (name.get_ref().as_ref(), name.span().start);
            let line = sheet.line(at);
            let origin = Origin::File { file: sheet.file().to_owned(), line };
            let path = format!("{section}.{name}");
            if section == "calendar" && name == OVERRIDES {
                self.lay_overrides(sheet, &path, value);
            } else if let Some(shape) = shape_of(section, name) {
                match text_of(shape, value.get_ref()) {
                    Ok(text) => _ = self.values.insert(path, Raw { text, origin }),
                    Err(problem) => self.fault(&path, &origin, &problem, ""),
                }
            } else {
                let known: Vec<_> = keys::of(section).map(|k| k.name).collect();
                sheet.fault(at, &path, "unknown key", suggest(name, known.iter().copied()));
            }
        }
    }

    fn lay_overrides(&mut self, sheet: &mut Sheet<'_>, path: &str, value: Spanned<DeValue<'_>>) {
        let start = value.span().start;
        let DeValue::Table(table) = value.into_inner() else {
            let remedy = "write [calendar.overrides] and below it 2026-12-31 = \"off: stocktaking\"";
            return sheet.fault(start, path, "expected a table of days", remedy);
        };
        for (date, what) in table {
            let line = sheet.line(date.span().start);
            let origin = Origin::File { file: sheet.file().to_owned(), line };
            let date = date.into_inner().into_owned();
            match text_of(Shape::Text, what.get_ref()) {
                Ok(text) => _ = self.overrides.insert(date, Raw { text, origin }),
                Err(problem) => self.fault(&format!("{path}.{date}"), &origin, &problem, ""),
            }
        }
    }

    /// Lays the variables of the environment over what is there; those of others are none of our business.
    pub fn lay_environment(&mut self, variables: impl Iterator<Item = (String, String)>) {
        for (variable, text) in variables.filter(|(name, _)| name.starts_with(PREFIX)) {
            let raw = Raw { text, origin: Origin::Environment { variable: variable.clone() } };
            let name = variable.strip_prefix(PREFIX).unwrap_or_default().to_lowercase();
            let path = name.replacen("__", ".", 1);
            let (section, key) = path.split_once('.').unwrap_or((&path, ""));
            if let Some(day) = path.strip_prefix("calendar.overrides__") {
                self.overrides.insert(day.replace('_', "-"), raw);
            } else if LATER.contains(&section) {
                if !raw.text.eq_ignore_ascii_case("false") {
                    let (problem, remedy) = not_yet(section);
                    self.fault(&path, &raw.origin, &problem, &remedy);
                }
            } else if shape_of(section, key).is_some() {
                self.values.insert(path, raw);
            } else {
                let known: Vec<_> = KEYS.iter().map(Key::variable).collect();
                let near = nearest(&variable, known.iter().map(String::as_str));
                let remedy = near.map_or_else(String::new, |name| format!("did you mean {name}?"));
                self.fault(&path, &raw.origin, "unknown option", &remedy);
            }
        }
    }

    /// Reads the secrets that are given as the path of a file that holds them.
    pub fn open_secrets(&mut self) {
        for key in KEYS.iter().filter(|k| k.secret) {
            let path = key.path();
            let Some(file) = self.values.remove(&format!("{path}_file")) else { continue };
            let direct = self.values.get(&path).map(|raw| raw.origin.clone());
            match direct.map(|origin| rank(&origin).cmp(&rank(&file.origin))) {
                Some(std::cmp::Ordering::Greater) => continue,
                Some(std::cmp::Ordering::Equal) => {
                    let problem = format!("both {path} and {path}_file are given");
                    self.fault(&path, &file.origin, &problem, "keep one of them");
                }
                Some(std::cmp::Ordering::Less) | None => {}
            }
            match std::fs::read_to_string(Path::new(&file.text)) {
                Ok(text) => {
                    let text = text.trim_end_matches(['\r', '\n']).to_owned();
                    self.values.insert(path, Raw { text, origin: file.origin });
                }
                Err(why) => {
                    let problem = format!("cannot read {}: {why}", file.text);
                    self.fault(&format!("{path}_file"), &file.origin, &problem, "");
                }
            }
        }
    }
}

/// Two values of one rank are a contradiction, wherever in the file they stand.
fn rank(origin: &Origin) -> u8 {
    match origin {
        Origin::Default => 0,
        Origin::File { .. } => 1,
        Origin::Environment { .. } => 2,
    }
}

/// The shape of an option, or of the `_file` form of a secret; `None` for a name that is not known.
fn shape_of(section: &str, name: &str) -> Option<Shape> {
    let mut keys = keys::of(section);
    let key = keys.find(|k| k.name == name || (k.secret && name.strip_suffix("_file") == Some(k.name)))?;
    Some(key.shape)
}

fn text_of(shape: Shape, value: &DeValue<'_>) -> Result<String, String> {
    let found = value.type_str();
    match (shape, value) {
        (Shape::Flag, DeValue::Boolean(flag)) => Ok(flag.to_string()),
        (Shape::Flag, _) => Err(format!("expected true or false, found a value of type {found}")),
        (Shape::Text, DeValue::String(text)) => Ok(text.clone().into_owned()),
        (Shape::Text, DeValue::Datetime(time)) => Ok(time.to_string()),
        (Shape::Text, _) => Err(format!("expected a text in quotes, found a value of type {found}")),
    }
}

fn switched_off(section: &DeValue<'_>) -> bool {
    section.get("enabled").and_then(|e| e.get_ref().as_bool()) == Some(false)
}

fn not_yet(messenger: &str) -> (String, String) {
    let problem = format!("the messenger {messenger} is not part of this version");
    (problem, "leave it out; [sandbox] enabled = true is the messenger that this version has".to_owned())
}
