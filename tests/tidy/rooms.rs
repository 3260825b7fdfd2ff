//! Who may use whom: the table of `docs/architecture.md` over every path in the code, and the crates of each room.

use super::source::{Source, sources};

/// A room, and the rooms it may use besides itself.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("clock", &["domain"]),
    ("crash", &[]),
    ("text", &["domain"]),
    ("intent", &["domain"]),
    ("card", &["domain", "text", "intent"]),
    // Of intent the types only: they are stored as JSON.
    ("store", &["domain", "intent", "crash"]),
    ("messenger", &["domain", "card", "intent", "clock"]),
    ("app", &["domain", "intent", "store", "clock", "crash"]),
    ("engine", &["domain", "intent", "card", "text", "store", "messenger", "app", "clock", "crash"]),
    // Of engine the wake handles only.
    ("web", &["domain", "intent", "card", "text", "messenger", "app", "clock", "crash", "engine"]),
    // Knows the options of every room; no room knows it.
    ("config", &["domain", "text", "intent", "card", "store", "messenger", "app", "engine", "web", "clock"]),
    // Wires the rooms together; the command line starts it.
    ("service", EVERY),
    ("cli", EVERY),
    ("main", EVERY),
    ("lib", EVERY),
];

const EVERY: &[&str] = &[
    "domain",
    "clock",
    "crash",
    "text",
    "intent",
    "card",
    "store",
    "messenger",
    "app",
    "engine",
    "web",
    "config",
    "service",
    "cli",
];

/// A crate, and the only places (under `src/`) that may use it.
const CRATES: &[(&str, &[&str])] = &[
    ("sqlx", &["store/"]),
    ("axum", &["web/"]),
    ("hyper", &["web/"]),
    ("hyper_util", &["web/"]),
    ("tower", &["web/"]),
    ("tower_http", &["web/"]),
    ("reqwest", &["messenger/"]),
    ("hmac", &["messenger/"]),
    ("aes", &["messenger/"]),
    ("cron", &["engine/rounds", "domain/policy"]),
    ("chrono", &["engine/rounds", "domain/policy"]),
    ("calamine", &["intent/task_list/"]),
    ("zip", &["intent/task_list/"]),
    ("rust_xlsxwriter", &["cli/export/", "web/task_list/"]),
    ("resvg", &["engine/picture/"]),
    ("skrifa", &["engine/picture/"]),
    ("clap", &["cli/", "cli.rs"]),
    ("anyhow", &["cli/", "cli.rs", "main.rs"]),
    ("rustix", &["cli/doctor/", "engine/life.rs"]),
    ("fastrand", &["clock.rs"]),
    ("uuid", &["clock.rs"]),
];

/// What the rules of the process never touch.
const NEVER_IN_DOMAIN: &[&str] = &["tokio", "tokio_stream", "tokio_util", "futures_util", "tracing"];

/// Every arrow that the table does not have.
fn arrows(source: &Source) -> Vec<String> {
    let module = module_of(&source.path);
    let room = module.first().map_or("lib", String::as_str);
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![format!(
            "{}:1 the room `{room}` is not in the table of tests/tidy/rooms.rs",
            source.path
        )];
    };
    let used = rooms_used(&source.code, module.len());
    let wrong = used.iter().filter(|(_, used)| used != room && !allowed.contains(&used.as_str()));
    // A name in the root that is no room is lib.rs's own: the door.
    let wrong = wrong.filter(|(_, used)| ROOMS.iter().any(|(name, _)| name == used) || room != "lib");
    wrong
        .map(|(at, used)| {
            format!("{} `{room}` may not use `{used}`: see docs/architecture.md", source.place(*at))
        })
        .collect()
}

/// `src/card/scene.rs` is `card`, `scene`; `src/main.rs` and `src/lib.rs` are rooms to themselves.
fn module_of(path: &str) -> Vec<String> {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    path.split('/').map(str::to_owned).collect()
}

/// Every first name after `crate::`, and after enough `super::` to get there; groups are opened.
fn rooms_used(code: &str, depth: usize) -> Vec<(usize, String)> {
    let mut used = Vec::new();
    for (at, _) in code.match_indices("crate::").filter(|(at, _)| starts_a_name(code, *at)) {
        names(code, at + "crate::".len(), &mut used);
    }
    for (at, _) in code.match_indices("super::").filter(|(at, _)| starts_a_name(code, *at)) {
        let tail = code[at..].trim_start_matches("super::");
        let supers = (code.len() - at - tail.len()) / "super::".len();
        if supers >= depth + inline_modules(&code[..at]) {
            names(code, code.len() - tail.len(), &mut used);
        }
    }
    used
}

/// Whether a path begins at `at`: `super::super::` is looked at once, from its first part.
fn starts_a_name(code: &str, at: usize) -> bool {
    !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
}

/// How many `mod name {` are open at the end of `code`.
fn inline_modules(code: &str) -> usize {
    let mut open: Vec<bool> = Vec::new();
    for (at, c) in code.char_indices() {
        match c {
            '{' => open.push(is_module_head(&code[..at])),
            '}' => _ = open.pop(),
            _ => {}
        }
    }
    open.into_iter().filter(|is_module| *is_module).count()
}

fn is_module_head(before: &str) -> bool {
    let mut words = before.split_whitespace().rev();
    let name_is_one = words.next().is_some_and(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_'));
    name_is_one && words.next() == Some("mod")
}

/// The name at `at`, or the first names of the group that opens there.
fn names(code: &str, at: usize, used: &mut Vec<(usize, String)>) {
    let tail = &code[at..];
    if !tail.starts_with('{') {
        used.push((at, word(tail)));
        return;
    }
    let (mut depth, mut expecting) = (0_usize, false);
    for (offset, c) in tail.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return;
        }
        let begins = depth == 1 && (c == '{' || c == ',');
        if !begins && expecting && !c.is_whitespace() && c != '}' {
            used.push((at + offset, word(&tail[offset..])));
        }
        expecting = begins || (expecting && c.is_whitespace());
    }
}

fn word(tail: &str) -> String {
    tail.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Crates in rooms that are not theirs. Test code may use what Cargo.toml lists for tests.
fn crates(source: &Source, for_tests: &[String]) -> Vec<String> {
    let place = source.path.trim_start_matches("src/");
    let in_domain = place.starts_with("domain");
    let never = NEVER_IN_DOMAIN.iter().filter(|_| in_domain).map(|name| (*name, &[] as &[&str]));
    let foreign = CRATES.iter().copied().chain(never);
    let foreign = foreign.filter(|(_, homes)| !homes.iter().any(|home| place.starts_with(home)));
    let mut complaints = Vec::new();
    for (name, homes) in foreign {
        let is_for_tests = for_tests.iter().any(|test| test == name);
        let code = if is_for_tests { &source.production } else { &source.code };
        for (at, _) in code.match_indices(name).filter(|(at, _)| is_crate(code, *at, name)) {
            let homes = if homes.is_empty() { "not to the rules" } else { &homes.join(", ") };
            complaints.push(format!("{} the crate `{name}` belongs to {homes}", source.place(at)));
        }
    }
    complaints
}

fn is_crate(code: &str, at: usize, name: &str) -> bool {
    let (before, after) = (&code[..at], &code[at + name.len()..]);
    let named = after.starts_with("::") || (after.starts_with([';', ' ']) && before.ends_with("use "));
    let is_inside = before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
    let root = before.strip_suffix("::");
    named && !is_inside && root.is_none_or(|root| !root.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

fn crates_for_tests() -> Vec<String> {
    let manifest = std::fs::read_to_string(super::root().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = toml::from_str(&manifest).unwrap();
    let listed = manifest["dev-dependencies"].as_table().unwrap().keys();
    // Tests may also roll dice and make names for themselves.
    listed.map(|name| name.replace('-', "_")).chain(["fastrand", "uuid"].map(str::to_owned)).collect()
}

#[test]
fn rooms_use_only_the_rooms_above_them() {
    let complaints: Vec<_> = sources(&["src"]).iter().flat_map(arrows).collect();
    super::no_complaints(&complaints);
}

#[test]
fn crates_stay_in_their_rooms() {
    let for_tests = crates_for_tests();
    let complaints: Vec<_> = sources(&["src"]).iter().flat_map(|source| crates(source, &for_tests)).collect();
    super::no_complaints(&complaints);
}

#[test]
fn the_rule_of_arrows_bites() {
    let complains = |path: &str, text: &str| arrows(&Source::new(path, text)).len();
    assert_eq!(complains("src/domain/task.rs", "use crate::store::Tx;"), 1);
    assert_eq!(complains("src/domain/task.rs", "fn a() { crate::app::act(); }"), 1);
    assert_eq!(complains("src/card/mod.rs", "use crate::{domain::{self, store}, app::Act, web};"), 2);
    assert_eq!(complains("src/card/mod.rs", "use crate::{\n    text,\n    engine::{a, b},\n};"), 1);
    assert_eq!(complains("src/card/mod.rs", "use super::store::Tx;"), 1);
    assert_eq!(complains("src/card/list.rs", "use super::super::store::Tx;"), 1);
    assert_eq!(complains("src/card/mod.rs", "mod tests { use super::super::store; }"), 1);
    assert_eq!(complains("src/app/mod.rs", "use crate::messenger::Messenger;"), 1);
    assert_eq!(complains("src/web/mod.rs", "use crate::config::Options;"), 1);
    assert_eq!(complains("src/attic/mod.rs", ""), 1, "a room that nobody entered in the table");
    assert_eq!(complains("src/domain/task.rs", "macro_rules! m { () => { $crate::store::x() } }"), 1);
}

#[test]
fn the_rule_of_arrows_lets_the_rest_be() {
    let complains = |path: &str, text: &str| arrows(&Source::new(path, text));
    assert_eq!(complains("src/card/mod.rs", "use crate::{domain, text}; // crate::store"), [""; 0]);
    assert_eq!(
        complains("src/messenger/feishu/client.rs", "use super::card::draw; use crate::card::Card;"),
        [""; 0]
    );
    assert_eq!(complains("src/card/mod.rs", "mod tests { use super::store; use super::*; }"), [""; 0]);
    assert_eq!(complains("src/store/db/mod.rs", "use crate::store::code; use super::audit;"), [""; 0]);
    assert_eq!(complains("src/cli/serve.rs", "use crate::{web, engine, config};"), [""; 0]);
}

#[test]
fn the_rule_of_crates_bites_and_spares_tests() {
    let complains = |path: &str, text: &str| crates(&Source::new(path, text), &["reqwest".to_owned()]).len();
    assert_eq!(complains("src/app/mod.rs", "use sqlx::Row;"), 1);
    assert_eq!(complains("src/app/mod.rs", "fn f(x: ::axum::Router, y: axum::Json) {}"), 2);
    assert_eq!(complains("src/domain/policy.rs", "use cron::Schedule; use tokio::spawn;"), 1);
    assert_eq!(complains("src/domain/task.rs", "use tracing;"), 1);
    assert_eq!(complains("src/app/mod.rs", "use reqwest::Client;"), 1);
    assert_eq!(
        complains("src/app/mod.rs", "#[cfg(test)] mod tests { use reqwest::Client; use sqlx::Row; }"),
        1
    );
    assert_eq!(complains("src/web/mod.rs", "use axum::Router; my.axum::x; self::sqlx::y; // sqlx::Row"), 0);
}
