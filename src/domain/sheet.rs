//! A TOML text by an administrator, read so that every mistake is found, not only the first.
//!
//! Invariant: whatever is read through a sheet either arrives whole or has left a fault with its line. A value that
//! cannot be used is left out and the rest is read on, so that one slip does not hide the next.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, ValueDeserializer};

use super::fault::{Fault, nearest, suggest};

/// A text and the mistakes found in it so far.
pub struct Sheet<'t> {
    file: &'t str,
    text: &'t str,
    /// The mistakes, in the order in which they were found.
    pub faults: Vec<Fault>,
}

impl<'t> Sheet<'t> {
    /// Parses the text. `None` when it is not TOML; all places where it is not are among the faults.
    pub fn open(file: &'t str, text: &'t str) -> (Self, Option<DeTable<'t>>) {
        let mut sheet = Sheet { file, text, faults: Vec::new() };
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let problem = error.message().lines().collect::<Vec<_>>().join(", ");
            let at = error.span().map_or(0, |s| s.start);
            sheet.fault(at, "", problem, "");
        }
        (sheet, errors.is_empty().then(|| root.into_inner()))
    }

    /// The file's name, as faults show it.
    pub fn file(&self) -> &'t str {
        self.file
    }

    /// The line of a place in the text, from 1.
    pub fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().iter().take(at);
        before.filter(|b| **b == b'\n').count() + 1
    }

    /// Notes a mistake at a place in the text.
    pub fn fault(&mut self, at: usize, key: &str, problem: impl Into<String>, remedy: impl Into<String>) {
        let (problem, remedy) = (problem.into(), remedy.into());
        let line = Some(self.line(at));
        self.faults.push(Fault { file: self.file.to_owned(), line, key: key.to_owned(), problem, remedy });
    }

    /// Takes a table out of another; a value that is no table is a fault.
    pub fn table(&mut self, from: &mut DeTable<'t>, key: &str) -> Option<Spanned<DeTable<'t>>> {
        let value = from.remove(key)?;
        let span = value.span();
        match value.into_inner() {
            DeValue::Table(table) => Some(Spanned::new(span, table)),
            other => {
                let problem = format!("expected a table, found {}", other.type_str());
                self.fault(span.start, key, problem, format!("write [{key}]"));
                None
            }
        }
    }

    /// Takes a list of tables out of a table; anything in it that is no table is a fault.
    pub fn tables(&mut self, from: &mut DeTable<'t>, key: &str) -> Vec<Spanned<DeTable<'t>>> {
        let Some(value) = from.remove(key) else { return Vec::new() };
        let span = value.span();
        let DeValue::Array(array) = value.into_inner() else {
            self.fault(span.start, key, "expected a list of tables", format!("write [[{key}]]"));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in array {
            let span = item.span();
            match item.into_inner() {
                DeValue::Table(table) => tables.push(Spanned::new(span, table)),
                other => {
                    self.fault(span.start, key, format!("expected a table, found {}", other.type_str()), "");
                }
            }
        }
        tables
    }

    /// Notes every key that is left in a table as unknown.
    pub fn nothing_else<'k>(&mut self, rest: &DeTable<'t>, known: impl IntoIterator<Item = &'k str> + Clone) {
        for name in rest.keys() {
            let remedy = suggest(name.get_ref(), known.clone());
            self.fault(name.span().start, name.get_ref(), "unknown key", remedy);
        }
    }

    /// Reads a table into a type, noting every key that does not fit. `None` when too little is left to read.
    pub fn read<T: DeserializeOwned>(&mut self, name: &str, table: Spanned<DeTable<'t>>) -> Option<T> {
        let span = table.span();
        let mut table = table.into_inner();
        dates_as_text(&mut table);
        let (mut noted, mut filled) = (Vec::new(), Vec::new());
        loop {
            let value = Spanned::new(span.clone(), DeValue::Table(table.clone()));
            let error = match T::deserialize(ValueDeserializer::from(value)) {
                Ok(read) => return Some(read),
                Err(error) => error,
            };
            let at = error.span().map_or(span.start, |s| s.start);
            if let Some(key) = key_at(&table, error.span()) {
                if filled.contains(&key) {
                    return None; // no placeholder fits; the mistake itself is noted
                }
                let (problem, remedy) = explain(error.message());
                self.fault(at, &dotted(name, &key), problem, remedy);
                table.remove(key.as_str());
                noted.push(key);
            } else if let Some(missing) = missing(error.message()).filter(|key| !filled.contains(key)) {
                if !noted.contains(&missing) {
                    self.fault(span.start, &dotted(name, &missing), "is missing", "");
                }
                self.fill(&mut table, &missing, filled.len());
                filled.push(missing);
            } else {
                self.fault(at, name, error.message(), "");
                return None;
            }
        }
    }

    /// Puts an empty text where a value is missing, so that the rest can be read; its place is behind the text, where no
    /// key of the administrator's can be.
    fn fill(&self, table: &mut DeTable<'t>, missing: &str, nth: usize) {
        let place = self.text.len() + 2 * nth + 1..self.text.len() + 2 * nth + 2;
        let nothing = Spanned::new(place.clone(), DeValue::String(DeString::Borrowed("")));
        table.insert(Spanned::new(place, DeString::Owned(missing.to_owned())), nothing);
    }
}

/// The field that a message says is missing.
fn missing(message: &str) -> Option<String> {
    message.strip_prefix("missing field").and_then(|rest| quoted(rest).first().map(|key| (*key).to_owned()))
}

/// `table.key`, or the key alone at the top.
fn dotted(table: &str, key: &str) -> String {
    if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") }
}

/// The key whose name or value lies around the place.
fn key_at(table: &DeTable<'_>, place: Option<Range<usize>>) -> Option<String> {
    let place = place?;
    let around = |key: Range<usize>, value: Range<usize>| {
        let within = |outer: &Range<usize>| outer.start <= place.start && place.end <= outer.end;
        within(&key) || within(&value)
    };
    let found = table.iter().find(|(key, value)| around(key.span(), value.span()));
    found.map(|(key, _)| key.get_ref().clone().into_owned())
}

/// TOML has dates of its own; our types read them as text, so both ways of writing are welcome.
fn dates_as_text(table: &mut DeTable<'_>) {
    for (_, value) in table.iter_mut() {
        date_as_text(value.get_mut());
    }
}

fn date_as_text(value: &mut DeValue<'_>) {
    if let DeValue::Datetime(date) = value {
        *value = DeValue::String(DeString::Owned(date.to_string()));
    } else if let DeValue::Table(inner) = value {
        dates_as_text(inner);
    } else if let DeValue::Array(items) = value {
        items.iter_mut().for_each(|item| date_as_text(item.get_mut()));
    }
}

/// Turns the parser's message into a problem and, where a known name is near, a remedy.
fn explain(message: &str) -> (String, String) {
    let Some((problem, _)) = message.split_once(", expected").filter(|_| message.starts_with("unknown"))
    else {
        return (message.to_owned(), String::new());
    };
    let problem = problem.replace("variant ", "").replace("field", "key");
    let names = quoted(message);
    let Some((typed, known)) = names.split_first() else { return (problem, String::new()) };
    let remedy = match nearest(typed, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known: {}", known.join(", ")),
    };
    (problem, remedy)
}

/// What stands between backticks.
fn quoted(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read into")]
    struct Tool {
        name: String,
        maker: String,
        count: u32,
        #[serde(default)]
        sharp: bool,
        #[serde(default)]
        bought: Option<jiff::civil::Date>,
    }

    fn faults(text: &str) -> String {
        let (mut sheet, root) = Sheet::open("tools.toml", text);
        if let Some(mut root) = root {
            if let Some(table) = sheet.table(&mut root, "tool") {
                sheet.read::<Tool>("tool", table);
            }
            sheet.nothing_else(&root, ["tool"]);
        }
        sheet.faults.iter().map(|f| format!("{f}\n")).collect()
    }

    #[test]
    fn every_mistake_of_a_table_is_named_at_once() {
        assert_snapshot!(faults("[tool]\nsharp = 1\nnaem = \"saw\"\ncount = \"two\"\nbought = 2026-13-01\n"), @r"tools.toml:5: invalid date, expected month between 01 and 12");
        assert_snapshot!(faults("[tool]\nsharp = 1\nnaem = \"saw\"\ncount = \"two\"\nbought = \"soon\"\n[tol]\n"), @r#"
        tools.toml:2: tool.sharp: invalid type: integer `1`, expected a boolean
        tools.toml:3: tool.naem: unknown key `naem`; did you mean `name`?
        tools.toml:4: tool.count: invalid type: string "two", expected u32
        tools.toml:5: tool.bought: failed to parse four digit integer as year: invalid digit, expected 0-9 but got s
        tools.toml:1: tool.name: is missing
        tools.toml:1: tool.maker: is missing
        tools.toml:6: tol: unknown key; did you mean `tool`?
        "#);
    }

    #[test]
    fn text_that_is_not_toml_is_pointed_at() {
        assert_snapshot!(faults("[tool]\nname = \ncount = 1 2\n"), @r"
        tools.toml:2: string values must be quoted, expected literal string
        tools.toml:3: string values must be quoted, expected literal string
        ");
    }

    #[test]
    fn dates_may_be_written_with_or_without_quotes() {
        for date in ["2026-12-01", "\"2026-12-01\""] {
            let text = format!("[tool]\nname = 'x'\nmaker = 'y'\ncount = 1\nbought = {date}");
            assert_eq!(faults(&text), "");
        }
    }
}
