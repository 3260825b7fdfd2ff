//! A sheet of tasks, CSV or XLSX by what it holds → the values of form F2, row by row.
//!
//! Invariant: either every row is read or every place that could not be is named with its row and column. A formula is
//! never read: neither what it says nor what it came to.

use std::collections::{BTreeMap, BTreeSet};

use super::{FormValues, fold};
use crate::domain::fault::nearest;
use crate::domain::request::task::MOST_TASKS;

mod cell;
mod slip;
#[cfg(test)]
mod tests;
mod workbook;

pub use cell::marked;
use cell::plain;
pub use slip::{Place, Slip};

/// Bytes of a file.
pub const MOST_BYTES: usize = 5 << 20;
/// Columns that are looked at: more are no task list.
const MOST_COLUMNS: usize = 64;

/// The columns: the field of F2, and how heads call it. Any order; others are refused.
const COLUMNS: [(&str, &[&str]); 12] = [
    ("task_number", &["序号", "编号", "number", "no", "no."]),
    ("task_name", &["名称", "任务名称", "任务", "name", "task"]),
    ("task_lead", &["主责部门", "负责部门", "lead"]),
    ("task_supporting", &["配合部门", "协办部门", "supporting"]),
    ("task_deciding", &["决策部门", "deciding"]),
    ("task_owner", &["负责人", "owner"]),
    ("task_start", &["开始", "计划开始", "start"]),
    ("task_finish", &["完成", "计划完成", "finish"]),
    ("task_deliverable", &["交付物", "交付物名称", "deliverable"]),
    ("task_standard", &["验收标准", "交付标准", "standard"]),
    ("task_after", &["前置任务", "依赖任务", "after"]),
    ("task_milestone", &["里程碑", "milestone"]),
];
/// Without these there is no task.
const NEEDED: [&str; 2] = ["task_name", "task_owner"];

/// A sheet as far as it could be read.
#[derive(Clone, Debug, Default)]
pub struct TaskList {
    /// `r{row}_{field}` → what stands there.
    pub values: FormValues,
    /// Field → the place of its column, from 0, and its head as written.
    heads: BTreeMap<&'static str, (usize, String)>,
    /// Everything that is wrong; with a single one nothing may be made of the list.
    pub slips: Vec<Slip>,
}

/// A cell that says something.
struct Cell {
    /// As a spreadsheet counts, from 1.
    row: usize,
    /// From 0.
    column: usize,
    /// What it says; `None` for a formula.
    text: Option<String>,
}

impl TaskList {
    /// The head of a field's column as written, with the column's letter; `None`: the sheet has no such column.
    pub fn head(&self, field: &str) -> Option<(String, String)> {
        self.heads.get(field).map(|(column, head)| (head.clone(), letter(*column)))
    }

    /// A list that has been read before.
    pub fn of_values(values: FormValues) -> Self {
        Self { values, ..Self::default() }
    }

    /// The fields that have a column, in the order of the sheet.
    pub fn fields(&self) -> Vec<&'static str> {
        let place = |field: &str| self.heads.get(field).map_or(usize::MAX, |(column, _)| *column);
        let says = |field: &str| self.values.keys().any(|key| split(key).is_some_and(|(_, f)| f == field));
        let mut fields: Vec<_> =
            every_field().filter(|field| self.heads.contains_key(field) || says(field)).collect();
        fields.sort_by_key(|field| place(field));
        fields
    }

    /// The rows that say something, as the spreadsheet counts them.
    pub fn rows(&self) -> BTreeSet<usize> {
        let slipped = self.slips.iter().filter(|slip| matches!(slip.place, Place::Field(_)));
        let named = self.values.keys().filter_map(|key| split(key)).map(|(row, _)| row);
        named.chain(slipped.filter_map(|slip| slip.row)).collect()
    }

    /// A sheet of which nothing is taken.
    pub fn slipped(slip: Slip) -> Self {
        Self { slips: vec![slip], ..Self::default() }
    }
}

/// The first head by which the column of a field is known.
pub fn plain_head(field: &str) -> &str {
    let column = COLUMNS.iter().find(|(name, _)| *name == field);
    column.and_then(|(_, heads)| heads.first()).map_or(field, |head| *head)
}

/// The fields of a sheet that has every column, in the usual order.
pub fn every_field() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|(field, _)| *field)
}

/// The row and the field of a value.
fn split(key: &str) -> Option<(usize, &str)> {
    let (row, field) = key.strip_prefix('r')?.split_once('_')?;
    Some((row.parse().ok()?, field))
}

/// Reads the bytes of a file.
pub fn read(bytes: &[u8]) -> TaskList {
    if bytes.len() > MOST_BYTES {
        return TaskList::slipped(Slip::of_file("too_large"));
    }
    let most = MOST_TASKS + 2;
    let cells = match bytes {
        [b'P', b'K', 3, 4, ..] => workbook::cells(bytes, most),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err("old_workbook"),
        _ => text_cells(bytes, most),
    };
    match cells {
        Ok(cells) => {
            let mut reading = Reading::default();
            reading.read(cells);
            reading.list
        }
        Err(code) => TaskList::slipped(Slip::of_file(code)),
    }
}

#[derive(Default)]
struct Reading {
    list: TaskList,
    /// Column → field.
    columns: BTreeMap<usize, &'static str>,
}

impl Reading {
    fn slip(&mut self, slip: Slip) {
        self.list.slips.push(slip);
    }

    fn read(&mut self, cells: Vec<Cell>) {
        let (heads, body): (Vec<Cell>, Vec<Cell>) = cells.into_iter().partition(|cell| cell.row == 1);
        heads.into_iter().for_each(|cell| self.head(cell));
        for (field, names) in COLUMNS.iter().filter(|(field, _)| NEEDED.contains(field)) {
            if !self.list.heads.contains_key(field) {
                let slip = Slip::at(1, Place::Whole, "no_column").naming("head", plain_head(field));
                self.slip(slip.naming("names", names.join(", ")));
            }
        }
        if !self.list.slips.is_empty() {
            return;
        }
        let mut rows: Vec<usize> = body.iter().map(|cell| cell.row).collect();
        rows.sort_unstable();
        rows.dedup();
        if rows.is_empty() {
            self.slip(Slip::at(2, Place::Whole, "no_rows"));
        } else if let Some(first) = rows.get(MOST_TASKS) {
            self.slip(Slip::at(*first, Place::Whole, "too_many").naming("n", MOST_TASKS.to_string()));
        } else {
            body.into_iter().for_each(|cell| self.cell(cell));
        }
    }

    fn head(&mut self, cell: Cell) {
        let place = Place::Column(cell.column);
        let Some(text) = cell.text else {
            return self.slip(Slip::at(1, place, "head_formula"));
        };
        let plain = text.to_lowercase();
        let known = COLUMNS.iter().find(|(_, names)| names.contains(&plain.as_str()));
        match known {
            None => {
                let every = COLUMNS.iter().flat_map(|(_, names)| names.iter().copied());
                let slip = match nearest(&plain, every) {
                    Some(name) => Slip::at(1, place, "unknown_near").naming("name", name),
                    None => {
                        let all: Vec<&str> = every_field().map(plain_head).collect();
                        Slip::at(1, place, "unknown_head").naming("names", all.join(", "))
                    }
                };
                self.slip(slip.naming("head", text));
            }
            Some((field, _)) if self.list.heads.contains_key(field) => {
                self.slip(Slip::at(1, place, "head_twice").naming("head", text));
            }
            Some((field, _)) => {
                self.list.heads.insert(field, (cell.column, text));
                self.columns.insert(cell.column, field);
            }
        }
    }

    fn cell(&mut self, cell: Cell) {
        let Some(field) = self.columns.get(&cell.column).copied() else {
            return self.slip(Slip::at(cell.row, Place::Column(cell.column), "no_head"));
        };
        match cell.text {
            None => self.slip(Slip::at(cell.row, Place::Field(field), "formula")),
            Some(text) => {
                self.list.values.insert(format!("r{}_{field}", cell.row), fold::without_nul(text));
            }
        }
    }
}

/// `A`, `Z`, `AA`.
pub fn letter(column: usize) -> String {
    let digit = |n: usize| u8::try_from(n % 26).map_or('?', |n| char::from(b'A' + n));
    match column / 26 {
        0 => digit(column).to_string(),
        more => format!("{}{}", letter(more - 1), digit(column)),
    }
}

/// The cells of a CSV text, of no more than `most` rows that say something.
fn text_cells(bytes: &[u8], most: usize) -> Result<Vec<Cell>, &'static str> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    let text = text.ok_or("not_text")?;
    let mut text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    text.push('\n');
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.flexible(true).has_headers(false).delimiter(delimiter(&text));
    let mut reader = reader.from_reader(text.as_bytes());
    let (mut cells, mut record) = (Vec::new(), csv::StringRecord::new());
    let (mut rows, mut inside) = (0, 0);
    while rows < most && reader.read_record(&mut record).map_err(|_| "not_text")? {
        // The reader stands behind the record: lines so far, less those within cells, are the rows so far.
        inside += record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        let row = usize::try_from(reader.position().line()).unwrap_or_default().saturating_sub(inside + 1);
        let full: Vec<(usize, &str)> =
            record.iter().map(str::trim).enumerate().filter(|(_, text)| !text.is_empty()).collect();
        rows += usize::from(!full.is_empty());
        let cell = |(column, text)| Cell { row, column, text: plain(text) };
        cells.extend(full.into_iter().take(MOST_COLUMNS).map(cell));
    }
    Ok(cells)
}

/// What stands between the cells: spreadsheets write commas, semicolons or tabs, as their locale has it.
fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let count = |sign: u8| head.bytes().filter(|b| *b == sign).count();
    [b'\t', b';', b','].into_iter().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}
