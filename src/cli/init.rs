//! `liaison init`: the first configuration of a company, as files to read and change.
//!
//! Invariant: nothing that is there is overwritten unless `--force` says so, and then all or nothing was asked for.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use super::terminal::print;
use super::{Done, Failure, lines};
use crate::config::{self, directory_csv, directory_toml};
use crate::domain::directory::check;
use crate::domain::policy;

/// What to write.
#[derive(Args)]
pub struct Arguments {
    /// Where the folder `config` is made
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// People as a table: id, name, department code, title, phone, head, contact, roles (or 工号, 姓名, …)
    #[arg(long, value_name = "FILE.csv", requires = "company")]
    people: Option<PathBuf>,
    /// What the company calls itself
    #[arg(long, value_name = "NAME")]
    company: Option<String>,
    /// Overwrite files that are there
    #[arg(long)]
    force: bool,
}

/// Writes the files and says what to do next.
pub fn run(arguments: &Arguments) -> Done {
    let here = arguments.dir == Path::new(".");
    let folder = if here { PathBuf::from("config") } else { arguments.dir.join("config") };
    let files = [
        (folder.join("liaison.toml"), config::example()),
        (folder.join("policy.toml"), policy::check::DEFAULT.to_owned()),
        (folder.join("directory.toml"), directory(arguments)?),
    ];
    let there: Vec<String> =
        files.iter().filter(|(file, _)| file.exists()).map(|(file, _)| file.display().to_string()).collect();
    if !there.is_empty() && !arguments.force {
        let words = format!("{} is there already: --force overwrites it", there.join(", "));
        return Err(Failure::Usage(words));
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut words = String::new();
    for (file, text) in &files {
        write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
        words.push_str(&format!("wrote {}\n", file.display()));
    }
    words.push_str("\nnext:\n");
    if !here {
        words.push_str(&format!("  cd {}\n", arguments.dir.display()));
    }
    words.push_str(
        "  liaison directory check   # is everybody in it?\n  liaison migrate           # makes the database\n  \
         liaison doctor            # everything else\n",
    );
    print(&words)
}

fn directory(arguments: &Arguments) -> Result<String, Failure> {
    let Some(people) = &arguments.people else {
        let company = arguments.company.clone().map(toml::Value::String);
        return Ok(company.map_or_else(
            || config::EXAMPLE_DIRECTORY.to_owned(),
            |name| named(config::EXAMPLE_DIRECTORY, &name.to_string()),
        ));
    };
    let file = people.display().to_string();
    let bytes = std::fs::read(people).map_err(|why| Failure::Usage(format!("{file}: {why}")))?;
    let company = arguments.company.as_deref().unwrap_or_default();
    let faults = |faults: Vec<_>| Failure::Usage(lines(&faults));
    let (shape, origin) = directory_csv::read(&file, &bytes, company).map_err(faults)?;
    let text = directory_toml::written(&shape)?;
    // What is written must be what the service accepts.
    check::check(shape, &origin).map_err(faults)?;
    Ok(text)
}

/// The example with another company's name on its first entry.
fn named(example: &str, name: &str) -> String {
    let line = |line: &str| match line.starts_with("company = ") {
        true => format!("company = {name}\n"),
        false => format!("{line}\n"),
    };
    example.lines().map(line).collect()
}

/// Only its owner may read it: secrets will be in there.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
