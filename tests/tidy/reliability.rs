//! `docs/reliability.md` names no test and no script that is not there.
//!
//! A name in backticks is looked for where it can be run: a function or a story in a Rust file, or a file of the project.

use std::collections::BTreeSet;

use super::source::sources;

const PAGE: &str = "docs/reliability.md";

/// Names of functions, and of stories, which a macro makes functions of.
fn names(code: &str) -> impl Iterator<Item = &str> {
    let is_end = |c: char| !(c.is_alphanumeric() || c == '_');
    let after = move |mark: &'static str| {
        let found = code.match_indices(mark).map(move |(at, _)| &code[at + mark.len()..]);
        found.map(move |rest| &rest[..rest.find(is_end).unwrap_or(rest.len())])
    };
    after("fn ").chain(after("story!("))
}

/// What stands in backticks, with its line.
fn quoted(page: &str) -> Vec<(usize, &str)> {
    page.lines()
        .enumerate()
        .flat_map(|(at, line)| line.split('`').skip(1).step_by(2).map(move |name| (at + 1, name)))
        .collect()
}

/// A name of a test: words joined by underscores, at least three.
fn is_name(text: &str) -> bool {
    text.matches('_').count() >= 2
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// A file: a path from the project's folder.
fn is_file(text: &str) -> bool {
    ["scripts/", "tests/", "src/", "deploy/", "docs/", "deny.toml"]
        .iter()
        .any(|start| text.starts_with(start))
}

fn complaints(page: &str, known: &BTreeSet<String>, is_there: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (line, text) in quoted(page) {
        let file = text.split(' ').next().unwrap_or_default();
        if is_name(text) && !known.contains(text) {
            found.push(format!("{PAGE}:{line} `{text}` is no test: what is it called now?"));
        }
        if is_file(text) && !is_there(file) {
            found.push(format!("{PAGE}:{line} `{file}` is no file here"));
        }
    }
    found
}

/// Every scenario has its row: R01 to R42, S01 to S36.
fn missing(page: &str) -> Vec<String> {
    let all = (1..=42).map(|n| format!("R{n:02}")).chain((1..=36).map(|n| format!("S{n:02}")));
    all.filter(|id| !page.contains(&format!("| {id} |")))
        .map(|id| format!("{PAGE} has no row for {id}"))
        .collect()
}

#[test]
fn a_name_that_nothing_has_is_pointed_out() {
    let known = BTreeSet::from(["one_is_one_act".to_owned()]);
    let page = "| `one_is_one_act` |\n| `two_are_one_act`, `scripts/gone now`, `kill -9` |";
    let found = complaints(page, &known, |_| false);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains(":2 `two_are_one_act`") && found[1].contains("`scripts/gone`"), "{found:?}");
    assert_eq!(names("fn a() {} story!(b_c, |w| {})").collect::<Vec<_>>(), ["a", "b_c"]);
    assert_eq!(missing("| R01 | x |").len(), 77);
}

#[test]
fn what_the_page_promises_can_be_run() {
    let page = std::fs::read_to_string(super::root().join(PAGE)).unwrap();
    let known = sources(&["src", "tests", "benches"])
        .iter()
        .flat_map(|s| names(&s.code).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let mut found = complaints(&page, &known, |file| super::root().join(file).exists());
    found.extend(missing(&page));
    super::no_complaints(&found);
}
