//! Words for people: every key in every language with the same placeholders, every key used, every used key there.
//!
//! A key is used where a literal spells it (`"card.confirm.title"`) or builds it (`format!("command.{name}.usage")`,
//! `"page.errors." + code`). What is built in another way is listed in [`BUILT_PREFIXES`].

use std::collections::{BTreeMap, BTreeSet};

use super::source::{files, sources};

/// The languages that must be there. Further folders under `locales/` are held to the same rules.
const LANGUAGES: &[&str] = &["en", "zh"];

/// Keys that code puts together from parts, none of which spells the beginning.
const BUILT_PREFIXES: &[&str] = &[];

/// Code whose dotted literals are keys of configuration files and not of texts.
const OTHER_KEYS: &[&str] = &["src/domain/policy/", "src/config/"];

/// Last parts that make a dotted literal a file name.
const FILE_ENDINGS: &[&str] = &["toml", "json", "csv", "xlsx", "md", "sql", "html", "js", "css", "svg", "db"];

/// Key → text.
type Catalogue = BTreeMap<String, String>;

/// Reads `locales/<language>/*.toml`; a key that is given twice is a complaint.
fn catalogues(files: &[(String, String)]) -> (BTreeMap<String, Catalogue>, Vec<String>) {
    let (mut languages, mut complaints) = (BTreeMap::<String, Catalogue>::new(), Vec::new());
    for (path, text) in files {
        let language = path.trim_start_matches("locales/").split('/').next().unwrap_or_default();
        let table = match toml::from_str::<toml::Table>(text) {
            Ok(table) => table,
            Err(error) => {
                complaints.push(format!("{path} cannot be read: {error}"));
                continue;
            }
        };
        let catalogue = languages.entry(language.to_owned()).or_default();
        flatten("", &table, &mut |key, said| {
            if said.is_none_or(|said| said.trim().is_empty()) {
                complaints.push(format!("{path} `{key}` is no text, or an empty one"));
            }
            if catalogue.insert(key.to_owned(), said.unwrap_or_default().to_owned()).is_some() {
                complaints.push(format!("{path} `{key}` is in another file of this language already"));
            }
        });
    }
    (languages, complaints)
}

fn flatten(path: &str, table: &toml::Table, found: &mut impl FnMut(&str, Option<&str>)) {
    for (key, value) in table {
        let full = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match value {
            toml::Value::Table(inner) => flatten(&full, inner, found),
            other => found(&full, other.as_str()),
        }
    }
}

/// `{name}` and `{count|one|many}` are `name` and `count`.
fn placeholders(text: &str) -> BTreeSet<&str> {
    let openings = text.split('{').skip(1);
    openings
        .filter_map(|rest| rest.split_once('}'))
        .filter_map(|(inside, _)| inside.split('|').next())
        .collect()
}

/// What one language has and another has not, or has with other placeholders.
fn differences(languages: &BTreeMap<String, Catalogue>) -> Vec<String> {
    let missing = LANGUAGES.iter().filter(|language| !languages.contains_key(**language));
    let mut complaints: Vec<_> = missing.map(|language| format!("locales/{language} is missing")).collect();
    let keys: BTreeSet<&String> = languages.values().flat_map(BTreeMap::keys).collect();
    for key in keys {
        let texts: Vec<_> = languages.iter().map(|(language, texts)| (language, texts.get(key))).collect();
        let absent: Vec<_> = texts.iter().filter(|(_, text)| text.is_none()).collect();
        complaints.extend(absent.iter().map(|(language, _)| format!("locales/{language} has no `{key}`")));
        let kinds: BTreeSet<_> =
            texts.iter().filter_map(|(_, text)| *text).map(|text| placeholders(text)).collect();
        if kinds.len() > 1 {
            complaints.push(format!("`{key}` has not the same placeholders in every language: {kinds:?}"));
        }
    }
    complaints
}

/// A literal as a pattern: `{…}` and `${…}` stand for anything. `None` if it cannot be a key.
fn pattern(said: &str) -> Option<Vec<String>> {
    let (mut parts, mut rest) = (vec![String::new()], said);
    while let Some((before, after)) = rest.split_once('{') {
        parts.last_mut()?.push_str(before.strip_suffix('$').unwrap_or(before));
        rest = after.split_once('}')?.1;
        parts.push(String::new());
    }
    parts.last_mut()?.push_str(rest);
    if said.ends_with('.') {
        parts.push(String::new());
    }
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
    let is_key = parts.iter().all(|part| part.chars().all(is_plain)) && parts[0].contains('.');
    let ending = said.rsplit('.').next().unwrap_or_default();
    (is_key && !FILE_ENDINGS.contains(&ending)).then_some(parts)
}

fn matches(pattern: &[String], key: &str) -> bool {
    let (first, rest) = pattern.split_first().expect("a pattern has a part");
    let Some(mut tail) = key.strip_prefix(first.as_str()) else { return false };
    for (at, part) in rest.iter().enumerate() {
        let found = if at + 1 == rest.len() {
            tail.strip_suffix(part.as_str()).map(|_| "")
        } else {
            after(tail, part)
        };
        let Some(next) = found else { return false };
        tail = next;
    }
    tail.is_empty()
}

fn after<'a>(tail: &'a str, part: &str) -> Option<&'a str> {
    tail.find(part).map(|at| &tail[at + part.len()..])
}

/// Literals that look like keys of known tables and are none, and keys that no literal names.
fn uses(keys: &BTreeSet<String>, literals: &[(String, String)]) -> (Vec<String>, Vec<String>) {
    let tables: BTreeSet<&str> = keys.iter().filter_map(|key| key.split('.').next()).collect();
    let mut unused: BTreeSet<&String> = keys.iter().collect();
    let mut unknown = Vec::new();
    for (place, said) in literals {
        let Some(pattern) = pattern(said) else { continue };
        if !tables.contains(pattern[0].split('.').next().unwrap_or_default()) {
            continue;
        }
        let table = format!("{said}.");
        let is_table = pattern.len() == 1 && keys.iter().any(|key| key.starts_with(&table));
        let before = unused.len();
        unused.retain(|key| !(matches(&pattern, key) || is_table && key.starts_with(&table)));
        if before == unused.len() && !is_table && !keys.iter().any(|key| matches(&pattern, key)) {
            unknown.push(format!("{place} `{said}` is no key of any text"));
        }
    }
    let unused =
        unused.into_iter().filter(|key| !BUILT_PREFIXES.iter().any(|prefix| key.starts_with(prefix)));
    let unused = unused.map(|key| format!("locales/*: nothing uses `{key}`")).collect();
    (unknown, unused)
}

/// The literals of production code, and everything between quotes in the pages.
fn literals() -> Vec<(String, String)> {
    let rust = sources(&["src"])
        .into_iter()
        .filter(|source| !OTHER_KEYS.iter().any(|at| source.path.starts_with(at)));
    let rust = rust.flat_map(|source| {
        let found = source.literals.iter().map(|(at, said)| (source.place(*at), said.clone()));
        found.collect::<Vec<_>>()
    });
    let pages = files("src/web", &[".js", ".html"]).into_iter().flat_map(|(path, text)| {
        let pieces = text.split(['"', '\'', '`']).map(|said| (path.clone(), said.to_owned()));
        pieces.collect::<Vec<_>>()
    });
    rust.chain(pages).collect()
}

#[test]
fn every_text_is_there_in_every_language_with_the_same_placeholders() {
    let (languages, mut complaints) = catalogues(&files("locales", &[".toml"]));
    complaints.extend(differences(&languages));
    super::no_complaints(&complaints);
}

#[test]
fn every_key_in_the_code_is_a_text() {
    let (languages, _) = catalogues(&files("locales", &[".toml"]));
    let keys = languages.into_values().flat_map(BTreeMap::into_keys).collect();
    super::no_complaints(&uses(&keys, &literals()).0);
}

#[test]
fn every_text_is_used() {
    let (languages, _) = catalogues(&files("locales", &[".toml"]));
    let keys = languages.into_values().flat_map(BTreeMap::into_keys).collect();
    super::no_complaints(&uses(&keys, &literals()).1);
}

#[test]
fn the_rules_of_languages_bite() {
    let complains = |zh: &str, en: &str| {
        let files = [("locales/zh/a.toml", zh), ("locales/en/a.toml", en)];
        let (languages, mut complaints) =
            catalogues(&files.map(|(path, text)| (path.to_owned(), text.to_owned())));
        complaints.extend(differences(&languages));
        complaints.len()
    };
    assert_eq!(complains("[card]\na = '{n} 件'", "[card]\na = '{n|one thing|{n} things}'"), 0);
    assert_eq!(complains("[card]\na = '甲'\nb = '乙'", "[card]\na = 'A'"), 1);
    assert_eq!(complains("[card]\na = '{who} 甲'", "[card]\na = '{person} A'"), 1);
    assert_eq!(complains("[card]\na = ' '", "[card]\na = 'A'"), 1);
    assert_eq!(complains("[card]\na = 1", "[card]\na = 'A'"), 1);
    assert_eq!(complains("card = ", "[card]\na = 'A'"), 2, "unreadable, and so missing");
    let twice = ["[card]\na = 'A'", "[card]\na = 'B'"];
    let twice = [("locales/en/a.toml", twice[0]), ("locales/en/b.toml", twice[1])];
    assert_eq!(catalogues(&twice.map(|(path, text)| (path.to_owned(), text.to_owned()))).1.len(), 1);
}

#[test]
fn the_rules_of_keys_bite() {
    let keys = ["card.a.title", "card.a.text", "card.b.title", "fault.x"].map(str::to_owned).into();
    let complains = |said: &[&str]| {
        let literals: Vec<_> =
            said.iter().map(|said| ("src/a.rs:1".to_owned(), (*said).to_owned())).collect();
        let (unknown, unused) = uses(&keys, &literals);
        (unknown.len(), unused.len())
    };
    assert_eq!(complains(&[]), (0, 4));
    assert_eq!(complains(&["card.a.title", "card.{kind}.title"]), (0, 2));
    assert_eq!(complains(&["card.${kind}.${part}", "fault."]), (0, 0));
    assert_eq!(complains(&["card.a", "fault.x"]), (0, 1), "a whole table may be named");
    assert_eq!(complains(&["card.c.title", "card.{kind}.end", "fault.y"]), (3, 4));
    assert_eq!(complains(&["zhang.wei", "card.toml", "A card.", "card", "{a}.card.b"]), (0, 4));
}
