//! Installing as a service of systemd, below a folder that stands for the machine.
//!
//! Invariant: what an administrator wrote is never overwritten and never removed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::shell::Office;

const INSTALLED: [&str; 8] = [
    "etc/systemd/system/liaison-heartbeat.service",
    "etc/systemd/system/liaison-heartbeat.timer",
    "etc/systemd/system/liaison.service",
    "usr/local/bin/liaison",
    "usr/local/lib/liaison/heartbeat",
    "usr/local/sbin/liaison-admin",
    "usr/local/share/liaison/operations.md",
    "var/lib/liaison",
];

fn install(machine: &Path, arguments: &[&str]) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/systemd/install.sh");
    let done = Command::new(script).args(arguments).env("DESTDIR", machine).output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8(said).unwrap())
}

/// Everything below the folder that is no folder itself, or empty.
fn leaves(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let empty = path.is_dir() && fs::read_dir(&path).unwrap().next().is_none();
        if path.is_dir() && !empty { found.extend(leaves(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[test]
fn installing_twice_keeps_what_the_administrator_wrote_and_leaving_keeps_it_too() {
    let office = Office::empty();
    let machine = office.path();
    // A small program in its place: which one it is makes no difference to the installer.
    let program = machine.join("program");
    fs::write(&program, "#!/bin/sh\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let machine = machine.join("machine");
    let with_program = ["--binary", program.to_str().unwrap()];
    let (done, said) = install(&machine, &with_program);
    assert!(done && said.contains("wrote") && !said.contains("kept"), "{said}");
    let config = machine.join("etc/liaison/liaison.toml");
    let mine = fs::read_to_string(&config).unwrap() + "# mine\n";
    fs::write(&config, &mine).unwrap();
    fs::write(machine.join("var/lib/liaison/liaison.db"), "data").unwrap();
    let (done, said) = install(&machine, &with_program);
    assert!(done && !said.contains("wrote"), "{said}");
    assert_eq!(fs::read_to_string(&config).unwrap(), mine);
    let (done, said) = install(&machine, &["--uninstall"]);
    assert!(done, "{said}");
    assert_eq!(fs::read_to_string(&config).unwrap(), mine);
    assert_eq!(fs::read_to_string(machine.join("var/lib/liaison/liaison.db")).unwrap(), "data");
    assert!(!machine.join("usr/local/bin/liaison").exists());
}

#[test]
fn what_is_installed_fits_together() {
    let office = Office::empty();
    let machine = office.path().join("machine");
    let (done, said) = install(&machine, &["--binary", env!("CARGO_BIN_EXE_liaison")]);
    assert!(done, "{said}");
    let config: Vec<PathBuf> = ["liaison", "directory", "policy"]
        .map(|name| machine.join(format!("etc/liaison/{name}.toml")))
        .into();
    let mut expected: Vec<PathBuf> = INSTALLED.iter().map(|file| machine.join(file)).collect();
    expected.extend(config.iter().cloned());
    expected.push(machine.join("etc/liaison/credentials"));
    expected.sort();
    assert_eq!(leaves(&machine), expected);
    // The places that the unit and the first configuration name are those where things are.
    let unit = fs::read_to_string(machine.join("etc/systemd/system/liaison.service")).unwrap();
    assert!(unit.contains("\nExecStart=/usr/local/bin/liaison --config /etc/liaison/liaison.toml serve\n"));
    let options = fs::read_to_string(&config[0]).unwrap();
    for place in
        ["sqlite:///var/lib/liaison/liaison.db", "/etc/liaison/directory.toml", "/etc/liaison/policy.toml"]
    {
        assert!(options.contains(&format!("= \"{place}\"")), "{place} is not in\n{options}");
    }
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let (file, directory, policy) = (text(&config[0]), text(&config[1]), text(&config[2]));
    let here = [("LIAISON__DIRECTORY__FILE", directory.as_str()), ("LIAISON__POLICY__FILE", policy.as_str())];
    let said = office.run_with(&["--config", &file, "directory", "check"], &here);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
}

#[test]
fn nothing_is_installed_without_a_program_or_with_words_nobody_knows() {
    let office = Office::empty();
    let machine = office.path().join("machine");
    let (done, said) = install(&machine, &["--binary", "/no/such/program"]);
    assert!(!done && said.contains("there is no program /no/such/program"), "{said}");
    let (done, said) = install(&machine, &["--erase"]);
    assert!(!done && said.contains("--uninstall"), "{said}");
    assert!(!machine.exists());
}
