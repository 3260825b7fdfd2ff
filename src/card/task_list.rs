//! A task list as a table: as it was written in a sheet, as it would be planned, and as a sheet to take away.
//!
//! Invariant: a sheet that goes out from here can come in again; a cell that is wrong says so itself and in the list of
//! what is wrong.

use super::scene::Scene;
use super::sheet::{column, complaint, heading, place, slip_sentence};
use super::{say, task as one};
use crate::domain::Lang;
use crate::domain::change::FieldFault;
use crate::domain::request::Request;
use crate::domain::request::task::{Plan, Task};
use crate::intent::task_list::{Place, Slip, TaskList, every_field, plain_head};
use crate::text::{say as text_of, word};

/// A table to read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Above the columns.
    pub heads: Vec<String>,
    /// As many cells as heads in each.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// What stands there.
    pub text: String,
    /// What is wrong with it.
    pub fault: Option<String>,
    /// The place that a [`Complaint`] names, where something is wrong.
    pub id: Option<String>,
}

/// Something that is wrong with a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Complaint {
    /// `r{row}_{field}` where it is one cell; else the row and the code alone.
    pub field: String,
    /// Which mistake.
    pub code: String,
    /// Row and column; empty where it is the file as a whole.
    pub place: String,
    /// What is wrong, and what to do.
    pub words: String,
}

/// The tasks as they would be planned, days resolved.
pub fn planned(tasks: &[Task], scene: &Scene) -> Table {
    const FIELDS: [&str; 9] = [
        "task_number",
        "task_name",
        "task_lead",
        "task_owner",
        "task_start",
        "task_finish",
        "task_deliverable",
        "task_after",
        "task_milestone",
    ];
    let cell = |text: String| Cell { text, ..Cell::default() };
    let row = |task: &Task| {
        let texts = FIELDS.iter().map(|field| match *field {
            "task_number" => task.number.to_string(),
            "task_start" => one::planned(&task.plan.start, scene),
            "task_finish" => one::planned(&task.plan.finish, scene),
            other => told(&task.plan, other, scene),
        });
        texts.map(cell).collect()
    };
    let heads = FIELDS.iter().map(|field| heading(scene.lang, field)).collect();
    Table { heads, rows: tasks.iter().map(row).collect() }
}

/// The list as it was written, each fault in its cell.
pub fn written(list: &TaskList, complaints: &[Complaint], scene: &Scene) -> Table {
    let fields = list.fields();
    let cell = |row: usize, field: &&str| {
        let id = format!("r{row}_{field}");
        let fault = complaints.iter().find(|complaint| complaint.field == id);
        let text = list.values.get(&id).cloned().unwrap_or_default();
        Cell { text, fault: fault.map(|fault| fault.words.clone()), id: fault.map(|_| id) }
    };
    let row = |row: usize| {
        let first = Cell { text: row.to_string(), ..Cell::default() };
        std::iter::once(first).chain(fields.iter().map(|field| cell(row, field))).collect()
    };
    let own = |field: &&str| list.head(field).map_or_else(|| plain_head(field).to_owned(), |(head, _)| head);
    let heads = std::iter::once(word(scene.lang, "task_list.row")).chain(fields.iter().map(own)).collect();
    Table { heads, rows: list.rows().into_iter().map(row).collect() }
}

/// What is wrong with the sheet itself, from top to bottom.
pub fn slips(list: &TaskList, lang: Lang) -> Vec<Complaint> {
    let complaint = |slip: &Slip| Complaint {
        field: named(slip),
        code: slip.code.to_owned(),
        place: located(lang, slip.row, &place(lang, list, slip)),
        words: slip_sentence(lang, slip),
    };
    list.slips.iter().map(complaint).collect()
}

fn named(slip: &Slip) -> String {
    let row = slip.row.map_or(String::new(), |row| format!("r{row}"));
    match slip.place {
        Place::Field(field) => format!("{row}_{field}"),
        Place::Column(_) | Place::Whole => row,
    }
}

/// What is wrong with its tasks, from top to bottom.
pub fn complaints(list: &TaskList, faults: &[FieldFault], scene: &Scene) -> Vec<Complaint> {
    let complaint = |fault| {
        let (row, field, words) = complaint(fault, scene);
        let place = located(scene.lang, row, &column(scene.lang, list, field));
        let code = fault.fault.rsplit('.').next().unwrap_or_default().to_owned();
        (row, Complaint { field: fault.field.clone(), code, place, words })
    };
    let mut all: Vec<_> = faults.iter().map(complaint).collect();
    all.sort_by_key(|(row, _)| *row);
    all.into_iter().map(|(_, complaint)| complaint).collect()
}

fn located(lang: Lang, row: Option<usize>, column: &str) -> String {
    let row = row.map(|row| row.to_string());
    match row {
        None => column.to_owned(),
        Some(row) if column.is_empty() => text_of(lang, "task_list.at_row", &[("row", &row)]),
        Some(row) => text_of(lang, "task_list.at", &[("row", &row), ("column", column)]),
    }
}

/// The columns of a sheet to take away: the field, and its head in the reader's language.
fn columns(lang: Lang) -> Vec<(&'static str, &'static str)> {
    let head = |field: &'static str| match lang {
        Lang::Zh => plain_head(field),
        Lang::En => field.trim_start_matches("task_"),
    };
    every_field().map(|field| (field, head(field))).collect()
}

/// The tasks of a request as a sheet that an import reads: heads, and rows of texts.
pub fn sheet(request: &Request, scene: &Scene) -> Vec<Vec<String>> {
    let columns = columns(scene.lang);
    let row = |task: &Task| {
        let text = |(field, _): &(&str, &str)| match *field {
            "task_number" => task.number.to_string(),
            other => told(&task.plan, other, scene),
        };
        columns.iter().map(text).collect()
    };
    let heads = columns.iter().map(|(_, head)| (*head).to_owned()).collect();
    std::iter::once(heads).chain(request.tasks.iter().map(row)).collect()
}

/// A field of a plan as it is typed into a sheet.
fn told(plan: &Plan, field: &str, scene: &Scene) -> String {
    // Separated as an import takes them apart, in either language.
    let departments = |all: &[_]| {
        let names: Vec<String> = all.iter().map(|d| say::department(scene, d)).collect();
        names.join("、")
    };
    match field {
        "task_name" => plan.name.clone(),
        "task_lead" => say::department(scene, &plan.lead),
        "task_supporting" => departments(&plan.supporting),
        "task_deciding" => departments(plan.deciding.as_slice()),
        "task_owner" => say::person(scene, &plan.owner),
        "task_start" => plan.start.date.to_string(),
        "task_finish" => plan.finish.date.to_string(),
        "task_deliverable" => plan.deliverable.clone(),
        "task_standard" => plan.standard.clone(),
        "task_after" => plan.after.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"),
        "task_milestone" if plan.milestone => word(scene.lang, "task_list.yes"),
        _ => String::new(),
    }
}
