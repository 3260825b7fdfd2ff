//! `liaison export`: everything that the service knows, as lines for other programs.
//!
//! Invariant: read and written page by page; a cell can never become a formula in a spreadsheet.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};
use serde_json::{Map, Value};

use super::{Done, Failure, database, masking, terminal};
use crate::config::Config;
use crate::domain::change::Value::{Person, Text};
use crate::domain::change::with;
use crate::domain::directory::{Directory, Role};
use crate::domain::{PersonId, Timestamp};
use crate::intent::task_list::marked;
use crate::store::export::{self, What};
use crate::store::{Db, DbError, directory};

mod workbook;

/// Who may take names and numbers out of the service.
const ANSWERABLE: [Role; 2] = [Role::Administrator, Role::EnterpriseManagement];

/// What to export, and how.
#[derive(Args)]
pub struct Arguments {
    /// What
    what: Table,
    /// How
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Only what began since then: 2026-11-23 or 2026-11-23T17:00+08:00
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// With the names and numbers of people; needs --as, and the history of operations says who took them
    #[arg(long, requires = "by")]
    unmasked: bool,
    /// Who answers for an export without masking: the id of an administrator or of somebody in enterprise management
    #[arg(long = "as", id = "by", value_name = "ID", requires = "unmasked")]
    by: Option<String>,
    /// To this file instead of the terminal
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What can be asked for.
#[derive(Clone, Copy, ValueEnum)]
enum Table {
    /// Requests with their asks
    Requests,
    /// Who owed what by when, and what became of it
    Obligations,
    /// Issues with their plans and what came of them
    Issues,
    /// Tasks as planned, and how far they are
    Tasks,
    /// Messages as people saw them
    Messages,
    /// The history with its hashes
    Audit,
    /// What somebody was asked to decide, and what was decided
    Decisions,
    /// Risk plans, with what fired them
    Risks,
    /// What is to be better next time, and what came of it
    Improvements,
}

/// How it is written.
#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// One object a line
    Json,
    /// A table with a head
    Csv,
    /// A workbook with one sheet
    Xlsx,
}

/// Exports.
pub async fn run(config: &Config, arguments: &Arguments) -> Done {
    let what = match arguments.what {
        Table::Requests => What::Requests,
        Table::Obligations => What::Obligations,
        Table::Messages => What::Messages,
        Table::Audit => What::Audit,
        Table::Decisions => What::Decisions,
        Table::Risks => What::Risks,
        Table::Issues => What::Issues,
        Table::Tasks => What::Tasks,
        Table::Improvements => What::Improvements,
    };
    let since = arguments.since.as_deref().map(|text| terminal::instant(text, &config.calendar));
    let since = since.transpose()?.unwrap_or(Timestamp::UNIX_EPOCH);
    let db = database::current(config).await?;
    // Before the file is made: a refusal leaves nothing behind.
    let masked = masked_for(&db, arguments, what).await?;
    let out = BufWriter::new(target(arguments)?);
    let pages = Pages::new(&db, (what, since), masked);
    let written = match arguments.format {
        Format::Csv => csv(pages, out).await,
        Format::Xlsx => workbook::write(pages, out).await,
        Format::Json => json(pages, out).await,
    };
    db.close().await;
    match written {
        // Whoever read it has seen enough.
        Err(Failure::Broken(error)) if gone(&error) => Ok(()),
        other => other,
    }
}

/// The directory whose names are to be masked; `None` for an export that shows them, which somebody answers for who may,
/// and that the history tells of. Who was refused stands there, too.
async fn masked_for(db: &Db, arguments: &Arguments, what: What) -> Result<Option<Directory>, Failure> {
    let (directory, _) = directory::load(db).await?;
    let Some(by) = arguments.by.as_deref().filter(|_| arguments.unmasked) else { return Ok(Some(directory)) };
    let by = PersonId::new(by);
    let may = ANSWERABLE.iter().any(|role| directory.has_role(&by, *role));
    let note = if may { "exported_unmasked" } else { "export_refused" };
    let what = Text(format!("{what:?}").to_lowercase());
    let params = with([("what", what), ("person", Person(by.clone()))]);
    let mut tx = db.begin().await?;
    database::note(&mut tx, note, params).await?;
    tx.commit().await?;
    if may {
        return Ok(None);
    }
    Err(Failure::Usage(format!(
        "{by} may not take an export without masking: only an administrator or somebody in enterprise management may"
    )))
}

fn target(arguments: &Arguments) -> Result<Box<dyn Write + Send>, Failure> {
    let Some(file) = &arguments.out else { return Ok(Box::new(std::io::stdout())) };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(file).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(Box::new(opened))
}

fn gone(error: &anyhow::Error) -> bool {
    let pipe = |why: &std::io::Error| why.kind() == std::io::ErrorKind::BrokenPipe;
    let of_csv = |why: &csv::Error| matches!(why.kind(), csv::ErrorKind::Io(why) if pipe(why));
    error.downcast_ref().is_some_and(pipe) || error.downcast_ref().is_some_and(of_csv)
}

/// The rows of an export, a page at a time.
struct Pages<'a> {
    db: &'a Db,
    what: What,
    since: Timestamp,
    after: Option<(Timestamp, String)>,
    done: bool,
    masked: Option<Directory>,
}

impl<'a> Pages<'a> {
    fn new(db: &'a Db, (what, since): (What, Timestamp), masked: Option<Directory>) -> Self {
        Self { db, what, since, after: None, done: false, masked }
    }

    /// The next page; `None` after the last.
    async fn next(&mut self) -> Result<Option<Vec<Map<String, Value>>>, DbError> {
        if self.done {
            return Ok(None);
        }
        let mut page = export::page(self.db, self.what, self.since, self.after.take()).await?;
        self.done = page.after.is_none();
        self.after = page.after;
        if self.what == What::Requests {
            for row in &mut page.rows {
                let id = row.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
                row.insert("asks".to_owned(), export::asks(self.db, &id).await?.into());
            }
        }
        if let Some(directory) = &self.masked {
            page.rows.iter_mut().for_each(|row| masking::mask(row, directory));
        }
        Ok(Some(page.rows))
    }
}

async fn json(mut pages: Pages<'_>, mut out: impl Write) -> Done {
    while let Some(rows) = pages.next().await? {
        for row in rows {
            let line = serde_json::to_string(&row)?;
            writeln!(out, "{line}")?;
        }
    }
    out.flush()?;
    Ok(())
}

async fn csv(mut pages: Pages<'_>, mut out: impl Write) -> Done {
    // Without the mark, spreadsheets read Chinese as gibberish.
    write!(out, "\u{feff}")?;
    let mut table = csv::Writer::from_writer(out);
    let mut head: Option<Vec<String>> = None;
    while let Some(rows) = pages.next().await? {
        for row in rows {
            let names = match &head {
                Some(names) => names,
                None => {
                    let names: Vec<String> = row.keys().cloned().collect();
                    table.write_record(&names)?;
                    head.insert(names)
                }
            };
            table.write_record(names.iter().map(|name| cell(row.get(name))))?;
        }
    }
    table.flush()?;
    Ok(())
}

/// A value as the text of a cell; one that a spreadsheet would take for a formula is marked as text.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => marked(text),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_marked_as_text_and_numbers_are_not() {
        let shown = |value: Value| cell(Some(&value));
        assert_eq!(shown("=1+1".into()), "'=1+1");
        assert_eq!(shown("@SUM(A1)".into()), "'@SUM(A1)");
        for sly in [" =1", "\t1", "\"=1", "＝1", "'+1", "\u{feff}-1", "\r\n@x"] {
            assert_eq!(shown(sly.into()), format!("'{sly}"));
        }
        assert_eq!(shown("市场部".into()), "市场部");
        assert_eq!(shown((-5).into()), "-5");
        assert_eq!(cell(Some(&Value::Null)), "");
    }
}
