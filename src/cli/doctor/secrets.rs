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

/// Nobody but the owner may read it; or the service's group may, where nobody else is in it (`root:liaison`, 0640, as
/// packages install it).
#[cfg(unix)]
fn others_read(file: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let Ok(found) = std::fs::metadata(file) else { return false };
    let mode = found.mode() & 0o077;
    // The process's own entry belongs to whom it runs as.
    let Ok(own) = std::fs::metadata("/proc/self") else { return mode != 0 };
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let ours = mode & !0o040 == 0
        && [0, own.uid()].contains(&found.uid())
        && found.gid() == own.gid()
        && is_private(&read("/etc/passwd"), &read("/etc/group"), (own.uid(), own.gid()));
    mode != 0 && !ours
}

/// Whether a group has no other member than this user.
#[cfg(unix)]
fn is_private(passwd: &str, group: &str, (user, gid): (u32, u32)) -> bool {
    let fields = |line: &str| line.split(':').map(str::to_owned).collect::<Vec<_>>();
    let users: Vec<_> = passwd.lines().map(fields).filter(|u| u.len() > 3).collect();
    let (user, gid) = (user.to_string(), gid.to_string());
    let name = users.iter().find(|u| u[2] == user).map_or("", |u| u[0].as_str());
    let listed = group.lines().map(fields).filter(|g| g.len() > 3 && g[2] == gid);
    let listed: Vec<String> =
        listed.flat_map(|g| g[3].split(',').map(str::to_owned).collect::<Vec<_>>()).collect();
    users.iter().all(|u| u[3] != gid || u[2] == user) && listed.iter().all(|m| m.is_empty() || m == name)
}

#[cfg(not(unix))]
fn others_read(_file: &Path) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_the_service_s_own_where_nobody_else_is_in_it() {
        let passwd = "root:x:0:0::/root:/bin/sh\nliaison:x:990:990::/var/lib/liaison:/usr/sbin/nologin\n";
        let group = "root:x:0:\nliaison:x:990:\n";
        assert!(is_private(passwd, group, (990, 990)));
        assert!(is_private(passwd, "liaison:x:990:liaison\n", (990, 990)));
        assert!(!is_private(passwd, "liaison:x:990:liaison,wang\n", (990, 990)), "a further member");
        let crowd = format!("{passwd}wang:x:1000:990::/home/wang:/bin/sh\n");
        assert!(!is_private(&crowd, group, (990, 990)), "somebody's first group");
    }
}
