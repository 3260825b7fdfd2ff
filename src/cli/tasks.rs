//! `liaison tasks import`: a task list from a sheet, under the name of somebody who may plan.
//!
//! Invariant: what is written is one act of that person, checked as the form checks it; with a single fault, or with
//! `--dry-run`, nothing is written.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::terminal::print;
use super::{Done, Failure, database, lines};
use crate::app::form::{account, place};
use crate::app::{App, Company};
use crate::card::answer::answer;
use crate::card::scene::{Scene, ViewData};
use crate::card::sheet::{self as words, complaint};
use crate::clock::fresh_id;
use crate::config::Config;
use crate::domain::change::Value::Text;
use crate::domain::change::{FormReply, Reply, with};
use crate::domain::fault::Fault;
use crate::domain::request::{Request, Task};
use crate::domain::{Lang, PersonId};
use crate::intent::task_list::{self, MOST_BYTES, TaskList};
use crate::intent::{Inbound, Said, TaskWant, Want, number};
use crate::service;

/// A list and the name of its file in messages.
struct Sheet {
    file: String,
    list: TaskList,
}

/// What to do with task lists.
#[derive(Subcommand)]
pub enum Command {
    /// Adds the tasks of a sheet (CSV or XLSX) to a confirmed request: all of them, or none
    Import {
        /// The request's number
        request: String,
        /// The sheet: its first row names the columns, e.g. 名称, 负责人, 完成, 前置任务
        file: PathBuf,
        /// Who adds them: a person's id or full name; the person's rights count
        #[arg(long = "as", value_name = "PERSON")]
        person: String,
        /// Only shows what would be made
        #[arg(long)]
        dry_run: bool,
    },
}

/// Imports, or shows what an import would make.
pub async fn run(config: &Config, command: &Command) -> Done {
    let Command::Import { request, file, person, dry_run } = command;
    let sheet = open(file).map_err(|faults| Failure::Usage(lines(&faults)))?;
    let db = database::current(config).await?;
    let app = App::new(db.clone(), service::clock(config, &db).await?, service::rulebook(config)?).await?;
    let by = somebody(&app.company(), person)?;
    let request = number::canonical(request).unwrap_or_else(|| request.clone());
    let done = match dry_run {
        true => would(&app, &by, &request, &sheet).await,
        false => imports(&app, &by, &request, sheet).await,
    };
    db.close().await;
    done
}

async fn would(app: &App, by: &PersonId, request: &str, sheet: &Sheet) -> Done {
    let trial = app.would_import(by, request, sheet.list.values.clone()).await?;
    let company = app.company();
    told(app, &trial.reply, sheet)?;
    let made: String = trial.tasks.iter().map(|task| line(task, &company)).collect();
    print(&format!("{made}{} would be added, nothing was; without --dry-run they are\n", trial.tasks.len()))
}

async fn imports(app: &App, by: &PersonId, request: &str, sheet: Sheet) -> Done {
    let want = Want::Task(TaskWant::Import { request: Some(request.to_owned()) });
    let said = Said::Press { want, values: sheet.list.values.clone(), drawing: None };
    let inbound = Inbound { event: fresh_id(), account: account(by), place: place(), said };
    let heard = app.hear(inbound, "").await?;
    let reply = heard.map_or(Reply::Silent, |heard| heard.reply);
    let words = told(app, &reply, &sheet)?;
    let mut tx = app.db().begin().await?;
    let params = with([("request", Text(request.to_owned())), ("person", Text(by.to_string()))]);
    database::note(&mut tx, "imported_tasks", params).await?;
    tx.commit().await?;
    print(&format!("{words}\n"))
}

fn somebody(company: &Company, typed: &str) -> Result<PersonId, Failure> {
    match company.directory.find_person(typed).as_slice() {
        [one] => Ok(one.id.clone()),
        [] => Err(Failure::Usage(format!("--as {typed}: nobody of that id or name works here"))),
        [..] => Err(Failure::Usage(format!("--as {typed}: several people have that name; write the id"))),
    }
}

/// The words of success, or what is wrong, each fault with its place in the sheet.
fn told(app: &App, reply: &Reply, sheet: &Sheet) -> Result<String, Failure> {
    let (company, now) = (app.company(), app.clock().now());
    let scene = Scene {
        reader: None,
        lang: Lang::En,
        now,
        zone: company.calendar.time_zone(),
        today: company.calendar.date_of(now),
        calendar: &company.calendar,
        directory: &company.directory,
        request: None::<&Request>,
        history: &[],
        earlier: None,
        view: &ViewData::Nothing,
        masks: false,
    };
    match reply {
        Reply::Form(form) => Err(Failure::Usage(lines(&faults(form, sheet, &scene)))),
        other => {
            let said = answer(other, &scene);
            let title = said.card.map(|card| card.title);
            let words = said.toast.map(|toast| toast.text).or(title).unwrap_or_default();
            if matches!(other, Reply::Done { .. }) { Ok(words) } else { Err(Failure::Usage(words)) }
        }
    }
}

fn faults(form: &FormReply, sheet: &Sheet, scene: &Scene) -> Vec<Fault> {
    let fault = |one| {
        let (row, field, problem) = complaint(one, scene);
        Fault {
            file: sheet.file.clone(),
            line: row,
            key: words::column(Lang::En, &sheet.list, field),
            problem,
            remedy: String::new(),
        }
    };
    let mut faults: Vec<Fault> = form.faults.iter().map(fault).collect();
    faults.sort_by_key(|fault| fault.line);
    faults
}

/// `3  整理清单  研发部  李娜  2026-11-24 – 2026-11-26  after 1, 2  milestone`
fn line(task: &Task, company: &Company) -> String {
    let plan = &task.plan;
    let people = &company.directory;
    let department = people.departments.get(&plan.lead).map_or(plan.lead.as_str(), |d| d.name.as_str());
    let after: Vec<String> = plan.after.iter().map(ToString::to_string).collect();
    let mut line = format!(
        "{:>3}  {}  {department}  {}  {} – {}",
        task.number,
        plan.name,
        people.name_of(&plan.owner),
        plan.start.date,
        plan.finish.date
    );
    if !after.is_empty() {
        line.push_str(&format!("  after {}", after.join(", ")));
    }
    if plan.milestone {
        line.push_str("  milestone");
    }
    line + "\n"
}

/// Reads a file; everything that keeps it from being a list is named.
fn open(file: &Path) -> Result<Sheet, Vec<Fault>> {
    let name = file.display().to_string();
    let fault = |line, key, (problem, remedy)| Fault { file: name.clone(), line, key, problem, remedy };
    let bytes =
        bytes(file).map_err(|why| vec![fault(None, String::new(), (why.to_string(), String::new()))])?;
    let list = task_list::read(&bytes);
    let place = |slip| words::place(Lang::En, &list, slip);
    let faults: Vec<Fault> =
        list.slips.iter().map(|slip| fault(slip.row, place(slip), words::slip(Lang::En, slip))).collect();
    if faults.is_empty() { Ok(Sheet { file: name, list }) } else { Err(faults) }
}

/// The bytes of a file, one more at most than a list may have.
fn bytes(file: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    std::fs::File::open(file)?.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
