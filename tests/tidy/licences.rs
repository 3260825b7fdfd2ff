//! What `deny.toml` says about licences, bans and sources, checked without cargo-deny and without a network.

use std::process::Command;

use toml::{Table, Value};

/// A package that is built for us: name, licence expression.
struct Package {
    name: String,
    licence: String,
}

/// What cargo builds here, tests and build scripts included. `cargo metadata` would also name packages of features that
/// are off (sqlx-macros), and needs the packages of other systems.
fn packages() -> Vec<Package> {
    let cargo = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--edges", "all", "--prefix", "none", "--format", "{p}|{l}"])
        .current_dir(super::root())
        .output()
        .expect("cargo can be run");
    assert!(cargo.status.success(), "cargo tree: {}", String::from_utf8_lossy(&cargo.stderr));
    let lines = String::from_utf8(cargo.stdout).unwrap();
    let packages = lines.lines().filter_map(|line| line.split_once('|'));
    let mut packages: Vec<_> = packages
        .map(|(name, licence)| Package {
            name: name.split(' ').next().unwrap_or_default().to_owned(),
            licence: licence.trim_end_matches(" (*)").to_owned(),
        })
        .collect();
    packages.sort_by(|a, b| a.name.cmp(&b.name));
    packages.dedup_by(|a, b| a.name == b.name && a.licence == b.licence);
    packages
}

fn read(file: &str) -> Table {
    let text = std::fs::read_to_string(super::root().join(file)).unwrap();
    toml::from_str(&text).unwrap()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// Packages that nobody may use, or whose licence is not allowed.
fn unwanted(policy: &Table, packages: &[Package]) -> Vec<String> {
    let licences = &policy["licenses"];
    let exceptions = licences["exceptions"].as_array().unwrap();
    let banned: Vec<_> =
        policy["bans"]["deny"].as_array().unwrap().iter().map(|ban| ban["crate"].as_str().unwrap()).collect();
    let mut complaints = Vec::new();
    for package in packages {
        if banned.contains(&package.name.as_str()) {
            complaints.push(format!("{} is banned by deny.toml", package.name));
        }
        let mut allowed = texts(&licences["allow"]);
        let own = exceptions.iter().filter(|exception| exception["crate"].as_str() == Some(&package.name));
        allowed.extend(own.flat_map(|exception| texts(&exception["allow"])));
        if !is_allowed(&package.licence, &allowed) {
            complaints.push(format!(
                "{} is under `{}`, which deny.toml does not allow",
                package.name, package.licence
            ));
        }
    }
    complaints
}

/// Whether an SPDX expression can be met: `OR` by one side, `AND` by both; `/` is an old `OR`.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (met, rest) = either(&words, allowed);
    met && rest.is_empty()
}

fn either<'a>(words: &'a [&'a str], allowed: &[&str]) -> (bool, &'a [&'a str]) {
    let (mut met, mut rest) = both(words, allowed);
    while let ["OR", tail @ ..] = rest {
        let (other, then) = both(tail, allowed);
        (met, rest) = (met | other, then);
    }
    (met, rest)
}

fn both<'a>(words: &'a [&'a str], allowed: &[&str]) -> (bool, &'a [&'a str]) {
    let (mut met, mut rest) = one(words, allowed);
    while let ["AND", tail @ ..] = rest {
        let (other, then) = one(tail, allowed);
        (met, rest) = (met & other, then);
    }
    (met, rest)
}

fn one<'a>(words: &'a [&'a str], allowed: &[&str]) -> (bool, &'a [&'a str]) {
    match words {
        ["(", tail @ ..] => {
            let (met, rest) = either(tail, allowed);
            if let [")", then @ ..] = rest { (met, then) } else { (false, rest) }
        }
        [licence, "WITH", exception, rest @ ..] => {
            (allowed.contains(&format!("{licence} WITH {exception}").as_str()), rest)
        }
        [licence, rest @ ..] => (allowed.contains(licence), rest),
        [] => (false, words),
    }
}

/// Locked packages that come from elsewhere, on whatever system they would be built.
fn strangers(policy: &Table, lock: &Table) -> Vec<String> {
    let allowed: Vec<_> =
        texts(&policy["sources"]["allow-registry"]).iter().map(|url| format!("registry+{url}")).collect();
    let packages = lock["package"].as_array().unwrap();
    let strangers = packages.iter().filter(|package| {
        package
            .get("source")
            .is_some_and(|source| !allowed.iter().any(|url| Some(url.as_str()) == source.as_str()))
    });
    strangers.map(|package| format!("{} comes from {}", package["name"], package["source"])).collect()
}

#[test]
fn only_crates_that_the_policy_allows_are_built() {
    let packages = packages();
    assert!(packages.len() > 100, "cargo named only {}", packages.len());
    super::no_complaints(&unwanted(&read("deny.toml"), &packages));
}

#[test]
fn crates_come_from_the_allowed_registry_only() {
    super::no_complaints(&strangers(&read("deny.toml"), &read("Cargo.lock")));
}

#[test]
fn the_rules_of_the_policy_bite() {
    let policy = read("deny.toml");
    let complains = |name: &str, licence: &str| {
        unwanted(&policy, &[Package { name: name.to_owned(), licence: licence.to_owned() }]).len()
    };
    assert_eq!(complains("serde", "MIT OR Apache-2.0"), 0);
    assert_eq!(complains("old", "MIT/Apache-2.0"), 0);
    assert_eq!(complains("openssl", "Apache-2.0"), 1);
    assert_eq!(complains("strict", "GPL-3.0-only"), 1);
    assert_eq!(complains("choice", "GPL-3.0-only OR MIT"), 0);
    assert_eq!(complains("mixed", "(MIT OR Apache-2.0) AND GPL-3.0-only"), 1);
    assert_eq!(complains("mixed", "(MIT OR GPL-3.0-only) AND Unicode-3.0"), 0);
    assert_eq!(complains("with", "Apache-2.0 WITH LLVM-exception"), 0);
    assert_eq!(complains("with", "Apache-2.0 WITH other-exception"), 1);
    assert_eq!(complains("silent", ""), 1);
    assert_eq!(complains("broken", "MIT)"), 1);
    assert_eq!((complains("webdriver", "MPL-2.0"), complains("other", "MPL-2.0")), (0, 1));
    let lock = "[[package]]\nname = 'ours'\n[[package]]\nname = 'a'\nsource = 'git+https://example.org/a'";
    assert_eq!(strangers(&policy, &toml::from_str(lock).unwrap()).len(), 1);
}
