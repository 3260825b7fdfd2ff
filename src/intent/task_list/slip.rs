//! What is wrong with a sheet before anybody looks at its tasks: where, and which mistake it is.
//!
//! Invariant: a slip holds what was written and no words for people; those stand under `task_list.slip.<code>`.

/// Where in a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The sheet or the row as a whole.
    Whole,
    /// A column that is no field of a task, from 0.
    Column(usize),
    /// The column of a field of F2.
    Field(&'static str),
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// As a spreadsheet counts, from 1, where it is in one row.
    pub row: Option<usize>,
    /// In which column.
    pub place: Place,
    /// Which mistake.
    pub code: &'static str,
    /// What its text needs.
    pub with: Vec<(&'static str, String)>,
}

impl Slip {
    /// About the sheet as a whole.
    pub fn of_file(code: &'static str) -> Self {
        Self { row: None, place: Place::Whole, code, with: Vec::new() }
    }

    pub(super) fn at(row: usize, place: Place, code: &'static str) -> Self {
        Self { row: Some(row), place, code, with: Vec::new() }
    }

    pub(super) fn naming(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.with.push((name, value.into()));
        self
    }
}
