//! `liaison directory`: the file of departments and people, checked and imported.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Subcommand;
use serde_json::Value;

use super::terminal::print;
use super::which::{Chosen, Which, chosen};
use super::{Done, Failure, database, lines};
use crate::clock::SystemClock;
use crate::config::{Config, directory_csv, directory_toml};
use crate::domain::directory::Directory;
use crate::domain::directory::check::{self, Checked, DirectoryFile};
use crate::domain::directory::merge;
use crate::messenger::{dingtalk, feishu};
use crate::service;
use crate::store::directory as people;

/// What to do with the directory.
#[derive(Subcommand)]
pub enum Command {
    /// Names every mistake and every vacancy in the directory file
    Check,
    /// Imports the configured file and says what changed
    Sync {
        /// Say what would change, change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Reads departments and people from the messenger and lays them over the configured file, in a new one to be looked at
    Fetch {
        /// The new file
        #[arg(long, default_value = "config/directory.fetched.toml", value_name = "FILE")]
        out: PathBuf,
        /// Say what would change, write nothing
        #[arg(long)]
        dry_run: bool,
        /// Also when many people would leave at once
        #[arg(long)]
        force: bool,
        /// Which messenger to ask, where there are several [default: the first]
        #[arg(long, value_name = "MESSENGER")]
        messenger: Option<Which>,
    },
    /// Imports another file: a directory (.toml) or a table of people (.csv)
    Import {
        /// The file
        file: PathBuf,
    },
}

/// Runs it.
pub async fn run(config: &Config, command: &Command) -> Done {
    match command {
        Command::Check => {
            let (checked, _) = service::directory_of(config)?;
            print(&format!("{}ok: {}\n", warnings(&checked), counted(&checked)))
        }
        Command::Sync { dry_run } => {
            let (checked, text) = service::directory_of(config)?;
            import(config, &checked, &text, *dry_run).await
        }
        Command::Fetch { out, dry_run, force, messenger } => {
            let out = Some(out).filter(|_| !dry_run);
            fetch(config, (out, *force), &chosen(config, *messenger)?).await
        }
        Command::Import { file } => {
            let (checked, text) = read(file, &company(config).await?)?;
            import(config, &checked, &text, false).await?;
            let configured = config.directory.read()?;
            if configured == text {
                return Ok(());
            }
            print(&format!(
                "note: the service imports {} again when it starts next; put these people there to keep them\n",
                config.directory.name()
            ))
        }
    }
}

/// What a messenger knows, over what the file says. The file itself stays as it is: somebody has to agree first.
async fn fetch(config: &Config, (out, force): (Option<&PathBuf>, bool), messenger: &Chosen<'_>) -> Done {
    let (known, _) = service::directory_of(config)?;
    let (platform, roster) = asked(messenger).await?;
    let merged = merge::merge(&known.directory, platform, &roster, force).map_err(|many| {
        let remedy = "is a permission missing, or the app's contact range too small? --force believes it";
        Failure::Usage(format!("{many}; {remedy}"))
    })?;
    let changes = changes(&known.directory, &merged)?;
    let changes = if changes.is_empty() { "no differences\n".to_owned() } else { changes };
    let shape = DirectoryFile {
        company: known.company,
        department: merged.departments.into_values().collect(),
        person: merged.people.into_values().collect(),
    };
    let text = directory_toml::written(&shape)?;
    let checked =
        check::read("what the messenger says", &text).map_err(|faults| Failure::Usage(lines(&faults)))?;
    let written = match out {
        None => "nothing was written: --dry-run".to_owned(),
        Some(out) => {
            let new = std::fs::OpenOptions::new().write(true).create_new(true).open(out);
            let mut new = new.map_err(|why| Failure::Usage(format!("{}: {why}", out.display())))?;
            std::io::Write::write_all(&mut new, text.as_bytes())?;
            format!(
                "written to {}: look at it, put it in the place of {}, then `liaison directory sync`",
                out.display(),
                config.directory.name()
            )
        }
    };
    print(&format!("{}{changes}{written}\n", warnings(&checked)))
}

/// What a messenger knows.
async fn asked(messenger: &Chosen<'_>) -> Result<(&'static str, merge::Roster), Failure> {
    Ok(match messenger {
        Chosen::Feishu(options) => (feishu::PLATFORM, feishu::people::roster(options).await?),
        Chosen::DingTalk(options) => {
            (dingtalk::PLATFORM, dingtalk::people::roster(options, Arc::new(SystemClock)).await?)
        }
    })
}

/// What the company in the database calls itself: a table of people does not say.
async fn company(config: &Config) -> Result<String, Failure> {
    let db = database::current(config).await?;
    let (_, company) = people::load(&db).await?;
    db.close().await;
    if company.is_empty() { Ok(service::directory_of(config)?.0.company) } else { Ok(company) }
}

fn read(file: &Path, company: &str) -> Result<(Checked, String), Failure> {
    let name = file.display().to_string();
    let faults = |faults: Vec<_>| Failure::Usage(lines(&faults));
    let bytes = std::fs::read(file).map_err(|why| Failure::Usage(format!("{name}: {why}")))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let checked = match file.extension().and_then(|tail| tail.to_str()) {
        Some("csv") => {
            let (shape, origin) = directory_csv::read(&name, &bytes, company).map_err(faults)?;
            check::check(shape, &origin)
        }
        Some("toml") => check::read(&name, &text),
        _ => return Err(Failure::Usage(format!("{name}: a directory is a .toml or a .csv file"))),
    };
    Ok((checked.map_err(faults)?, text))
}

async fn import(config: &Config, checked: &Checked, text: &str, dry_run: bool) -> Done {
    let db = database::current(config).await?;
    let (before, _) = people::load(&db).await?;
    let changes = changes(&before, &checked.directory)?;
    let digest = service::digest(text);
    let imported = match dry_run {
        true => "nothing was changed: --dry-run".to_owned(),
        false => {
            let version = service::import(&db, checked, &digest).await?;
            format!("imported: {}, version {version}", counted(checked))
        }
    };
    db.close().await;
    let changes = if changes.is_empty() { "no differences\n".to_owned() } else { changes };
    print(&format!("{}{changes}{imported}\n", warnings(checked)))
}

fn counted(checked: &Checked) -> String {
    let Directory { departments, people, .. } = &checked.directory;
    let active = people.values().filter(|person| person.active).count();
    format!("{}, {} departments, {active} active people", checked.company, departments.len())
}

fn warnings(checked: &Checked) -> String {
    checked.warnings.iter().map(|warning| format!("warning: {warning}\n")).collect()
}

/// `+` new, `-` gone, `~` different: one line an entry, with the names of the fields but not what is in them.
fn changes(before: &Directory, after: &Directory) -> Result<String, serde_json::Error> {
    let departments = |d: &Directory| entries(d.departments.values().map(|d| (d.id.to_string(), d)));
    let mut text = differences("department", &departments(before)?, &departments(after)?);
    // Who left the file stays in the database, inactive: not news each time.
    let left = |id: &crate::domain::PersonId| after.people.contains_key(id);
    let known = before.people.values().filter(|p| p.active || left(&p.id));
    let old = entries(known.map(|p| (p.id.to_string(), p)))?;
    let new = entries(after.people.values().map(|p| (p.id.to_string(), p)))?;
    text.push_str(&differences("person", &old, &new));
    Ok(text)
}

type Entries = BTreeMap<String, Value>;

fn entries<T: serde::Serialize>(of: impl Iterator<Item = (String, T)>) -> Result<Entries, serde_json::Error> {
    of.map(|(id, entry)| Ok((id, serde_json::to_value(entry)?))).collect()
}

fn differences(kind: &str, old: &Entries, new: &Entries) -> String {
    let name = |entry: &Value| entry["name"].as_str().unwrap_or_default().to_owned();
    let mut text = String::new();
    for (id, entry) in old.iter().filter(|(id, _)| !new.contains_key(*id)) {
        text.push_str(&format!("- {kind} {id} {}\n", name(entry)));
    }
    for (id, entry) in new {
        match old.get(id) {
            None => text.push_str(&format!("+ {kind} {id} {}\n", name(entry))),
            Some(former) if former != entry => {
                let fields = entry.as_object().into_iter().flatten();
                let changed = fields.filter(|(field, value)| former.get(*field) != Some(*value));
                let changed: Vec<&str> = changed.map(|(field, _)| field.as_str()).collect();
                text.push_str(&format!("~ {kind} {id} {}: {}\n", name(entry), changed.join(", ")));
            }
            Some(_) => {}
        }
    }
    text
}
