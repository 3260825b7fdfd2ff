//! A sheet of tasks, CSV or XLSX by what it holds → the values of form F2, row by row.
//!
//! Invariant: either every row is read or every place that could not be is named with its row and column. A formula is
//! never read: neither what it says nor what it came to.

use std::collections::BTreeMap;
use std::path::Path;

use super::workbook;
use crate::domain::fault::{Fault, nearest, suggest};
use crate::domain::request::task::MOST_TASKS;
use crate::intent::FormValues;

/// Bytes of a file.
const MOST_BYTES: u64 = 5 << 20;
/// Columns that are looked at: more are no task list.
pub(super) const MOST_COLUMNS: usize = 64;

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

/// A sheet that was read.
pub(super) struct Sheet {
    /// Its name in messages.
    pub(super) file: String,
    /// `r{row}_{field}` → what stands there.
    pub(super) values: FormValues,
    /// Field → the head of its column as written, and its letter.
    heads: BTreeMap<&'static str, String>,
}

/// A cell that says something.
pub(super) struct Cell {
    /// As a spreadsheet counts, from 1.
    pub(super) row: usize,
    /// From 0.
    pub(super) column: usize,
    /// What it says; `None` for a formula.
    pub(super) text: Option<String>,
}

impl Sheet {
    /// How a message calls the column of a field.
    pub(super) fn column(&self, field: &str) -> String {
        let plain = || COLUMNS.iter().find(|(name, _)| *name == field).and_then(|(_, heads)| heads.first());
        self.heads.get(field).cloned().unwrap_or_else(|| plain().map_or(field, |name| name).to_owned())
    }
}

/// Reads a file; `name` is its name in the faults.
pub(super) fn open(file: &Path, name: &str) -> Result<Sheet, Vec<Fault>> {
    let fault = |line, key: &str, problem: String, remedy: &str| {
        let (key, remedy) = (key.to_owned(), remedy.to_owned());
        vec![Fault { file: name.to_owned(), line, key, problem, remedy }]
    };
    let bytes = super::bytes(file, MOST_BYTES)
        .map_err(|why| fault(None, "", why.to_string(), ""))?
        .ok_or_else(|| fault(None, "", "is larger than 5 MB".to_owned(), "a task list is smaller"))?;
    let most = MOST_TASKS + 2;
    let cells = match bytes.as_slice() {
        [b'P', b'K', 3, 4, ..] => workbook::cells(&bytes, most),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            Err("is an old or a protected workbook; save it as .xlsx without a password".to_owned())
        }
        _ => text_cells(&bytes, most),
    };
    let cells = cells.map_err(|problem| fault(None, "", problem, ""))?;
    let mut reading = Reading {
        sheet: Sheet { file: name.to_owned(), values: FormValues::new(), heads: BTreeMap::new() },
        columns: BTreeMap::new(),
        faults: Vec::new(),
    };
    reading.read(cells);
    if reading.faults.is_empty() { Ok(reading.sheet) } else { Err(reading.faults) }
}

struct Reading {
    sheet: Sheet,
    /// Column → field.
    columns: BTreeMap<usize, &'static str>,
    faults: Vec<Fault>,
}

impl Reading {
    fn fault(
        &mut self,
        row: Option<usize>,
        key: String,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let (file, problem, remedy) = (self.sheet.file.clone(), problem.into(), remedy.into());
        self.faults.push(Fault { file, line: row, key, problem, remedy });
    }

    fn read(&mut self, cells: Vec<Cell>) {
        let (heads, body): (Vec<Cell>, Vec<Cell>) = cells.into_iter().partition(|cell| cell.row == 1);
        heads.into_iter().for_each(|cell| self.head(cell));
        for (field, names) in COLUMNS.iter().filter(|(field, _)| NEEDED.contains(field)) {
            if !self.sheet.heads.contains_key(field) {
                let problem = format!("has no column `{}`", self.sheet.column(field));
                let remedy = format!("its head may be {}", names.join(", "));
                self.fault(Some(1), String::new(), problem, remedy);
            }
        }
        if !self.faults.is_empty() {
            return;
        }
        let mut rows: Vec<usize> = body.iter().map(|cell| cell.row).collect();
        rows.sort_unstable();
        rows.dedup();
        if rows.is_empty() {
            self.fault(Some(2), String::new(), "there is no task", "each row below the head is one");
        } else if let Some(first) = rows.get(MOST_TASKS) {
            let problem = format!("more than {MOST_TASKS} tasks");
            self.fault(Some(*first), String::new(), problem, "file the rest as another request");
        } else {
            body.into_iter().for_each(|cell| self.cell(cell));
        }
    }

    fn head(&mut self, cell: Cell) {
        let letter = format!("column {}", letter(cell.column));
        let Some(text) = cell.text else {
            return self.fault(Some(1), letter, "is a formula", "write the name of the column as text");
        };
        let plain = text.to_lowercase();
        let known = COLUMNS.iter().find(|(_, names)| names.contains(&plain.as_str()));
        match known {
            None => {
                let every = COLUMNS.iter().flat_map(|(_, names)| names.iter().copied());
                let remedy = match nearest(&plain, every) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => suggest(&plain, COLUMNS.iter().filter_map(|(_, names)| names.first().copied())),
                };
                self.fault(Some(1), letter, format!("`{text}` is unknown"), remedy);
            }
            Some((field, _)) if self.sheet.heads.contains_key(field) => {
                self.fault(Some(1), letter, format!("`{text}` is there twice"), "take one of them out");
            }
            Some((field, _)) => {
                self.sheet.heads.insert(field, format!("{text} ({letter})"));
                self.columns.insert(cell.column, field);
            }
        }
    }

    fn cell(&mut self, cell: Cell) {
        let row = Some(cell.row);
        let Some(field) = self.columns.get(&cell.column).copied() else {
            let key = format!("column {}", letter(cell.column));
            return self.fault(row, key, "stands under no head", "put cells that contain a comma in quotes");
        };
        match cell.text {
            None => {
                let key = self.sheet.column(field);
                self.fault(row, key, "is a formula", "write what it comes to, as text");
            }
            Some(text) => {
                self.sheet.values.insert(format!("r{}_{field}", cell.row), text);
            }
        }
    }
}

/// `A`, `Z`, `AA`.
fn letter(column: usize) -> String {
    let digit = |n: usize| u8::try_from(n % 26).map_or('?', |n| char::from(b'A' + n));
    match column / 26 {
        0 => digit(column).to_string(),
        more => format!("{}{}", letter(more - 1), digit(column)),
    }
}

/// The cells of a CSV text, of no more than `most` rows that say something.
fn text_cells(bytes: &[u8], most: usize) -> Result<Vec<Cell>, String> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    let text = text.ok_or("is neither a workbook (.xlsx) nor UTF-8; save it as .xlsx or as \"CSV UTF-8\"")?;
    let mut text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    text.push('\n');
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.flexible(true).has_headers(false).delimiter(delimiter(&text));
    let mut reader = reader.from_reader(text.as_bytes());
    let (mut cells, mut record) = (Vec::new(), csv::StringRecord::new());
    let (mut rows, mut inside) = (0, 0);
    while rows < most && reader.read_record(&mut record).map_err(|why| why.to_string())? {
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

/// What a cell of a text says: a formula says nothing, and an apostrophe before one marks it as text.
fn plain(text: &str) -> Option<String> {
    let opens = |text: &str| text.trim_start().starts_with(['=', '＝']);
    let marked =
        text.strip_prefix('\'').filter(|rest| rest.trim_start().starts_with(['=', '+', '-', '@', '＝']));
    match marked {
        Some(rest) => Some(rest.to_owned()),
        None => (!opens(text)).then(|| text.to_owned()),
    }
}

/// What stands between the cells: spreadsheets write commas, semicolons or tabs, as their locale has it.
fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let count = |sign: u8| head.bytes().filter(|b| *b == sign).count();
    [b'\t', b';', b','].into_iter().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}
