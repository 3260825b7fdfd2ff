//! Every kind of line that the code writes into the history has words, and no words are kept for lines nobody writes.
//!
//! A kind is a literal where a line is made, or in the `let` that names it just before.

use std::collections::BTreeSet;

use super::source::{Source, files, sources};

/// What makes a line, and which of its arguments says the kind.
const MAKERS: &[(&str, usize)] = &[
    (".done(", 0),
    (".ticked(", 0),
    ("database::note(", 1),
    ("history(person, ", 0),
    // A line that is written out, field by field.
    ("Audit {", 2),
];

/// Where a maker itself is written, or a line is read back: the kind comes from somewhere else.
const PASS_ON: &[&str] =
    &["src/domain/request/work.rs", "src/cli/database.rs", "src/app/desk.rs", "src/store/audit.rs"];

/// Kinds that a file writes, or a complaint for each line whose kind cannot be seen.
fn kinds(source: &Source) -> Vec<Result<String, String>> {
    let mut found = Vec::new();
    for (maker, nth) in MAKERS {
        for (at, _) in source.production.match_indices(maker) {
            let opened = at + maker.len();
            let is_definition = *maker == "Audit {" && source.production[..at].ends_with("struct ");
            let passes_on = *maker == "Audit {" && PASS_ON.contains(&source.path.as_str());
            if is_definition || passes_on {
                continue;
            }
            let (from, to) = argument(&source.production, opened, *nth);
            let mut said = literals(source, from, to);
            if said.is_empty() {
                let name = source.text[from..to].trim();
                said = named_before(source, at, name);
            }
            if said.is_empty() {
                let place = source.place(at);
                found.push(Err(format!("{place} `{maker}…`: which kind of line is it? say it in a literal")));
            }
            found.extend(said.into_iter().map(Ok));
        }
    }
    found
}

/// Where the `nth` argument begins and ends.
fn argument(code: &str, opened: usize, nth: usize) -> (usize, usize) {
    let (mut depth, mut from, mut seen) = (0_usize, opened, 0);
    for (at, c) in code[opened..].char_indices().map(|(at, c)| (opened + at, c)) {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth > 0 => depth -= 1,
            ',' | ')' | ']' | '}' if depth == 0 => {
                if seen == nth || c != ',' {
                    return (from, at);
                }
                (seen, from) = (seen + 1, at + 1);
            }
            _ => {}
        }
    }
    (from, code.len())
}

fn literals(source: &Source, from: usize, to: usize) -> Vec<String> {
    let inside = source.literals.iter().filter(|(at, _)| (from..to).contains(at));
    inside.map(|(_, said)| said.clone()).collect()
}

/// The literals of the last `let name = …;` before.
fn named_before(source: &Source, at: usize, name: &str) -> Vec<String> {
    let Some(from) = source.production[..at].rfind(&format!("let {name} =")) else { return Vec::new() };
    let to = source.production[from..].find(';').map_or(at, |length| from + length);
    literals(source, from, to)
}

/// The keys under `[history]` of one language.
fn worded(language: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (path, text) in files(&format!("locales/{language}"), &[".toml"]) {
        let table: toml::Table = toml::from_str(&text).expect(&path);
        let history = table.get("history").and_then(toml::Value::as_table);
        keys.extend(history.into_iter().flat_map(|history| history.keys().cloned()));
    }
    keys
}

#[test]
fn every_line_of_the_history_has_words_and_all_words_have_a_line() {
    let (mut written, mut complaints) = (BTreeSet::new(), Vec::new());
    for kind in sources(&["src"]).iter().flat_map(kinds) {
        match kind {
            Ok(kind) => _ = written.insert(kind),
            Err(complaint) => complaints.push(complaint),
        }
    }
    for language in ["zh", "en"] {
        let worded = worded(language);
        let silent = written.difference(&worded);
        complaints.extend(silent.map(|kind| format!("locales/{language} has no `history.{kind}`")));
        let unwritten = worded.difference(&written);
        complaints.extend(unwritten.map(|kind| format!("no line is `history.{kind}` ({language})")));
    }
    super::no_complaints(&complaints);
}

#[test]
fn the_rule_of_kinds_bites() {
    let kinds = |code: &str| kinds(&Source::new("src/app/issues.rs", code));
    let says = |code: &str, expected: &[&str]| {
        let found: Result<Vec<String>, String> = kinds(code).into_iter().collect();
        assert_eq!(found.unwrap(), expected, "{code}");
    };
    says("fn a() { work.done(\"filed\", with([(\"n\", 1)]), \"told\") }", &["filed"]);
    says("fn a() { let h = if b { \"one\" } else { \"two\" }; work.done(h, c, \"told\") }", &["one", "two"]);
    says("fn a() { database::note(&mut tx, \"paused\", with([])) }", &["paused"]);
    says("fn a() { Audit { by: None, on_behalf_of: None, what: \"seen\".to_owned(), with: b } }", &["seen"]);
    assert!(kinds("fn a(h: &str) { work.done(h, c, \"told\") }")[0].is_err());
    assert!(kinds("fn a() { Audit { by: None, on_behalf_of: None, what: b, with: c } }")[0].is_err());
}
