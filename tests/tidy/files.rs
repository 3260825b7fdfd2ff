//! How a file must look: it says what it is, ends before it tires, and switches no guard off.

use super::source::{Source, sources};

const LONGEST: usize = 400;

/// Tables of data, which may be longer. Each with the reason.
const LONG_TABLES: &[&str] = &[];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] =
    &["utils", "util", "helpers", "common", "base", "data", "info", "process", "misc"];

/// Where literals may be Chinese, because they *read* what people type. What is said to people is in `locales/`.
const READS_WORDS: &[&str] = &[
    "src/intent/",
    "src/config/directory_csv.rs",         // the heads of a table's columns
    "src/domain/request/form.rs",          // the values of a form, as people write them
    "src/domain/request/decision/form.rs", // the same
    "src/domain/request/issue/form.rs",    // the same
    "src/domain/request/risk/form.rs",     // the same
    "src/domain/request/task/table.rs",    // the same, in a sheet
    "src/cli/tasks/sheet.rs",              // the heads of its columns
    "src/app/asked.rs",                    // `建议：` parts an objection's reason from its proposal
    "src/app/view.rs",                     // `/list 逾期`: states as search words
    "src/messenger/sandbox/receive.rs",    // how the bot is mentioned
];

fn complaints(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let lines = source.text.lines().count();
    if lines > LONGEST && !LONG_TABLES.contains(&source.path.as_str()) {
        found.push(format!(
            "{}:{lines} is over {LONGEST} lines: what is its second idea called?",
            source.path
        ));
    }
    if !source.text.starts_with("//! ") {
        found.push(format!("{}:1 does not open with `//!`: what is it, and what always holds?", source.path));
    }
    let stem = source.path.rsplit('/').next().and_then(|name| name.strip_suffix(".rs")).unwrap_or_default();
    if EMPTY_NAMES.contains(&stem) {
        found.push(format!("{}:1 is named for nothing that is inside", source.path));
    }
    found.extend(switched_off(source));
    found.extend(unfinished(source));
    found.extend(words(source));
    found
}

/// Code that tests never see, and lints that are silenced without being expected.
fn switched_off(source: &Source) -> Vec<String> {
    let is_not_test = source.code.match_indices("not(test)").map(|(at, _)| {
        format!("{} `not(test)`: what runs is what is tested; take a parameter instead", source.place(at))
    });
    let allows = source.code.match_indices("allow(").filter(|(at, _)| is_in_attribute(&source.code[..*at]));
    let allows = allows.map(|(at, _)| {
        format!(
            "{} `allow`: write `expect(…, reason = …)`, which complains once it is not needed",
            source.place(at)
        )
    });
    is_not_test.chain(allows).collect()
}

/// Whether an attribute that began before is still open.
fn is_in_attribute(before: &str) -> bool {
    let opened = before.rfind("#[").max(before.rfind("#!["));
    opened.is_some_and(|at| before[at..].matches('[').count() > before[at..].matches(']').count())
}

fn unfinished(source: &Source) -> Vec<String> {
    // Written apart, so that this file does not name itself.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];
    let lines = source.text.lines().enumerate();
    let marked = lines.filter(|(_, line)| {
        let is_comment = line.trim_start().starts_with("//") || line.contains(" // ");
        is_comment && marks.iter().any(|mark| line.contains(mark)) && !line.contains('#')
    });
    marked
        .map(|(at, _)| format!("{}:{} is unfinished and has no issue number", source.path, at + 1))
        .collect()
}

fn words(source: &Source) -> Vec<String> {
    if READS_WORDS.iter().any(|place| source.path.starts_with(place)) {
        return Vec::new();
    }
    let held = source.literals.iter().filter(|(_, said)| said.chars().any(is_han));
    held.map(|(at, said)| format!("{} `{said}` is for people: it belongs into locales/", source.place(*at)))
        .collect()
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[test]
fn files_say_what_they_are_and_switch_no_guard_off() {
    let complaints: Vec<_> = sources(&["src", "tests"]).iter().flat_map(complaints).collect();
    super::no_complaints(&complaints);
}

#[test]
fn the_rules_of_files_bite() {
    let complains =
        |path: &str, text: &str| complaints(&Source::new(path, &format!("//! A file.\n{text}"))).len();
    assert_eq!(complains("src/app/mod.rs", "fn a() {}"), 0);
    assert_eq!(complains("src/app/mod.rs", &"\n".repeat(LONGEST)), 1);
    assert_eq!(complains("src/app/utils.rs", ""), 1);
    assert_eq!(complains("src/app/mod.rs", "#[cfg(not(test))]\nfn a() {}"), 1);
    assert_eq!(complains("src/app/mod.rs", "#[cfg(all(unix, not(test)))]\nfn a() {}"), 1);
    assert_eq!(complains("src/app/mod.rs", "#[allow(dead_code)]\nfn a() {}"), 1);
    assert_eq!(complains("src/app/mod.rs", "#![allow(dead_code)]"), 1);
    assert_eq!(complains("src/app/mod.rs", "#[cfg_attr(unix, allow(dead_code))]\nfn a() {}"), 1);
    assert_eq!(complains("src/app/mod.rs", "#[test] fn a() { b.allow(c[0]); allow(d); } // allow(x)"), 0);
    assert_eq!(complains("src/app/mod.rs", concat!("// TO", "DO later")), 1);
    assert_eq!(complains("src/app/mod.rs", concat!("// TO", "DO(#12) later")), 0);
    assert_eq!(complains("src/app/mod.rs", "fn a() { say(\"确认\"); }"), 1);
    assert_eq!(complains("src/intent/commands.rs", "fn a() { say(\"确认\"); }"), 0);
    assert_eq!(complains("src/app/mod.rs", "#[cfg(test)]\nfn a() { say(\"确认\"); }"), 0);
    assert_eq!(complaints(&Source::new("src/app/mod.rs", "use a;\n//! Late.")).len(), 1);
}
