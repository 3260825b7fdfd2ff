//! Whether others on the machine can read secrets: the configuration file and the files that it names.

use std::path::Path;

use super::Report;
use crate::config::{self, KEYS, Key};

const NAME: &str = "file modes";

/// Looks at the file that holds; without one there is nothing to protect.
pub fn check(report: &mut Report, path: Option<&Path>) {
    let Some(file) = config::file(path, &std::env::vars().collect::<Vec<_>>()) else { return };
    let Ok(text) = std::fs::read_to_string(&file) else { return };
    // What cannot be read is named by the configuration's own check.
    let Ok(table) = text.parse::<toml::Table>() else { return };
    let mut open = Vec::new();
    for key in KEYS.iter().filter(|key| key.secret) {
        if value(&table, key, "").is_some_and(|value| is_secret(key, value)) && others_read(&file) {
            open.push(file.display().to_string());
        }
        let named = value(&table, key, "_file").map(Path::new);
        open.extend(named.filter(|file| others_read(file)).map(|file| file.display().to_string()));
    }
    open.dedup();
    match open.is_empty() {
        true => report.ok(NAME, "nobody else on this machine can read the secrets"),
        false => report.warn(
            NAME,
            format!("others on this machine can read the secrets in {}", open.join(", ")),
            format!("chmod 600 {}", open.join(" ")),
        ),
    }
}

fn value<'a>(table: &'a toml::Table, key: &Key, tail: &str) -> Option<&'a str> {
    let value = table.get(key.section)?.get(format!("{}{tail}", key.name))?.as_str();
    value.filter(|text| !text.is_empty())
}

/// The database's address is one only where it holds a password.
fn is_secret(key: &Key, value: &str) -> bool {
    key.section != "database" || value.contains('@')
}

#[cfg(unix)]
fn others_read(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_read(_file: &Path) -> bool {
    false
}
