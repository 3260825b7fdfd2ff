//! The Debian package, packed around a program that is already there.
//!
//! Invariant: what the scripts of the package and its unit name is in the package.

use std::path::Path;
use std::process::{Command, Output};

use super::keeping::skipped;
use super::shell::Office;

fn text(done: &Output) -> String {
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout.clone()).unwrap()
}

/// Packs, and says where the package is.
fn packed(out: &Path) -> Option<String> {
    if !["dpkg-deb", "dpkg", "strip"].iter().all(|tool| Command::new(tool).arg("--version").output().is_ok())
    {
        skipped("the Debian package: no dpkg-deb or no strip");
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/package-deb");
    // Which program it is makes no difference to the package.
    let packing = Command::new(script).args(["--quick", "--binary", "/bin/true", "--out"]).arg(out).output();
    Some(text(&packing.unwrap()).trim().to_owned())
}

#[test]
fn the_package_holds_what_its_scripts_and_its_unit_name() {
    let office = Office::empty();
    let Some(package) = packed(office.path()) else { return };
    let root = office.path().join("root");
    text(&Command::new("dpkg-deb").args(["--raw-extract", &package]).arg(&root).output().unwrap());
    let read = |file: &str| std::fs::read_to_string(root.join(file)).unwrap();
    assert!(read("DEBIAN/control").contains(concat!("\nVersion: ", env!("CARGO_PKG_VERSION"), "\n")));
    assert!(!read("DEBIAN/control").contains(": @"), "a place was not filled in");
    for unit in ["liaison.service", "liaison-heartbeat.service"] {
        let unit = read(&format!("lib/systemd/system/{unit}"));
        let program = unit.lines().find_map(|line| line.strip_prefix("ExecStart=/")).unwrap();
        let program = program.split(' ').next().unwrap();
        assert!(root.join(program).is_file(), "{program} is not in the package");
    }
    // As postinst does.
    for name in ["liaison", "directory", "policy"] {
        let made = Command::new(root.join("usr/lib/liaison/first-config"))
            .arg(name)
            .arg(root.join("usr/share/liaison"))
            .output();
        assert!(text(&made.unwrap()).len() > 100, "{name}.toml");
    }
    for nobody_started in ["enable", "systemctl start", "invoke start", " restart"] {
        assert!(!read("DEBIAN/postinst").contains(nobody_started), "{nobody_started}");
    }
    // A configuration in the package would be overwritten or asked about at every upgrade.
    assert_eq!(std::fs::read_dir(root.join("etc/liaison")).unwrap().count(), 0);
}

#[test]
fn the_same_commit_gives_the_same_package() {
    let (one, other) = (Office::empty(), Office::empty());
    let (Some(first), Some(second)) = (packed(one.path()), packed(other.path())) else { return };
    assert!(std::fs::read(first).unwrap() == std::fs::read(second).unwrap());
}
