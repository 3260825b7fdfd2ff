//! A whole task list, row by row, through the checks of form F2.
//!
//! Invariant: either every row is a draft that fits the request and the other rows, or every row that is not is named,
//! field by field. A row's fields are called `r{row}_{field}`, with the row as its sheet counts it.

use std::collections::BTreeMap;

use super::form::{self, Draft, Typed};
use super::network::{cycle, edges};
use crate::domain::change::{FieldFault, Value};
use crate::domain::request::form::{fault, typed_wrong};
use crate::domain::request::{Request, Rules};

/// Values of one row, by field of F2; `task_number` is what the list itself calls the row.
type Fields = BTreeMap<String, String>;

/// Checks the rows; the drafts get the next numbers of the request in this order.
pub fn check(typed: &Typed, request: &Request, rules: Rules) -> Result<Vec<Draft>, Vec<FieldFault>> {
    let rows = rows_of(typed.values);
    let list = List { request, rows: &rows };
    let (mut drafts, mut faults) = (Vec::new(), Vec::new());
    for (row, fields) in &rows {
        let mut plain = fields.clone();
        plain.remove("task_after");
        let mut found = list.same_name(*row, fields);
        match milestone(fields) {
            Ok(answer) => _ = plain.insert("task_milestone".to_owned(), answer.to_owned()),
            Err(typed) => found.push(typed_wrong("task_milestone", "not_yes_or_no", typed)),
        }
        let after = list.after(*row, fields).unwrap_or_else(|fault| {
            found.push(fault);
            Vec::new()
        });
        match form::check(&Typed { values: &plain, ..*typed }, request, None, rules) {
            Ok(mut draft) => {
                draft.plan.after = after;
                drafts.push(draft);
            }
            Err(more) => found.extend(more),
        }
        faults.extend(found.into_iter().map(|fault| in_row(*row, fault)));
    }
    if faults.is_empty() {
        faults.extend(list.circle(&drafts));
    }
    if faults.is_empty() { Ok(drafts) } else { Err(faults) }
}

/// The rows in the order of the sheet.
fn rows_of(values: &BTreeMap<String, String>) -> BTreeMap<i64, Fields> {
    let mut rows: BTreeMap<i64, Fields> = BTreeMap::new();
    for (name, value) in values {
        let Some((row, field)) = name.strip_prefix('r').and_then(|rest| rest.split_once('_')) else {
            continue;
        };
        let Ok(row) = row.parse() else { continue };
        rows.entry(row).or_default().insert(field.to_owned(), value.trim().to_owned());
    }
    rows
}

fn in_row(row: i64, fault: FieldFault) -> FieldFault {
    FieldFault { field: format!("r{row}_{}", fault.field), ..fault }
}

/// `yes` or `no`, as F2 has it; nothing is no.
fn milestone(fields: &Fields) -> Result<&'static str, &str> {
    let typed = text(fields, "task_milestone");
    match typed.to_lowercase().as_str() {
        "是" | "yes" | "y" | "true" | "1" | "√" | "✓" => Ok("yes"),
        "" | "否" | "no" | "n" | "false" | "0" => Ok("no"),
        _ => Err(typed),
    }
}

fn text<'a>(fields: &'a Fields, field: &str) -> &'a str {
    fields.get(field).map(String::as_str).unwrap_or_default()
}

/// The list between the request that it is for and its own rows.
struct List<'a> {
    request: &'a Request,
    rows: &'a BTreeMap<i64, Fields>,
}

impl List<'_> {
    /// The number that a row's task gets: the next ones, in order.
    fn number(&self, row: i64) -> i64 {
        let before = self.rows.keys().take_while(|r| **r <= row).count();
        self.request.tasks_given + i64::try_from(before).unwrap_or(i64::MAX)
    }

    /// A name stands for one task: a list that is imported twice would otherwise make everything twice.
    fn same_name(&self, row: i64, fields: &Fields) -> Vec<FieldFault> {
        let name = text(fields, "task_name");
        let planned = self.request.tasks.iter().any(|t| t.plan.name == name);
        let above = self.rows.range(..row).any(|(_, other)| text(other, "task_name") == name);
        let taken = !name.is_empty() && (planned || above);
        taken.then(|| typed_wrong("task_name", "name_taken", name)).into_iter().collect()
    }

    /// What a row waits for, as numbers of tasks: names, `#3` for a task that is planned already, else what the list
    /// calls a row, which is the row's own number where it has no column for that.
    fn after(&self, row: i64, fields: &Fields) -> Result<Vec<i64>, FieldFault> {
        let typed = text(fields, "task_after");
        let parts: Vec<&str> = match self.named(typed) {
            Some(_) => vec![typed],
            None => typed.split([',', '，', '、', ';', '；', '\n']).map(str::trim).collect(),
        };
        let mut found = Vec::new();
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            let one = self.named(part).or_else(|| self.counted(part));
            let number = one.ok_or_else(|| typed_wrong("task_after", "no_such_row", part))?;
            if number == self.number(row) {
                return Err(typed_wrong("task_after", "waits_for_itself", part));
            }
            found.push(number);
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    fn named(&self, name: &str) -> Option<i64> {
        if name.is_empty() {
            return None;
        }
        let own = self.rows.iter().find(|(_, fields)| text(fields, "task_name") == name);
        let planned = || self.request.tasks.iter().find(|t| t.plan.name == name).map(|t| t.number);
        own.map(|(row, _)| self.number(*row)).or_else(planned)
    }

    fn counted(&self, typed: &str) -> Option<i64> {
        let plain: String = typed.chars().map(crate::domain::directory::narrow).collect();
        if let Some(number) = plain.strip_prefix('#') {
            return self.request.task(number.trim().parse().ok()?).map(|t| t.number);
        }
        let counts_itself = self.rows.values().any(|fields| !text(fields, "task_number").is_empty());
        let row = match counts_itself {
            true => *self.rows.iter().find(|(_, fields)| text(fields, "task_number") == plain)?.0,
            false => plain.parse().ok()?,
        };
        self.rows.contains_key(&row).then(|| self.number(row))
    }

    /// The circle that the list would close, named; it stands at the first of its rows.
    fn circle(&self, drafts: &[Draft]) -> Option<FieldFault> {
        let mut all = edges(&self.request.tasks);
        let rows = || self.rows.keys().zip(drafts).map(|(row, draft)| (*row, self.number(*row), draft));
        all.extend(rows().map(|(_, number, draft)| (number, draft.plan.after.clone())));
        let ring = cycle(&all)?;
        let named = |n: &i64| {
            let own = rows().find(|(_, number, _)| number == n).map(|(row, _, d)| (row, d.plan.name.clone()));
            let planned = || self.request.task(*n).map(|t| (t.number, t.plan.name.clone()));
            let (at, name) = own.or_else(planned).unwrap_or((*n, String::new()));
            format!("{at} {name}")
        };
        let row = rows().filter(|(_, number, _)| ring.contains(number)).map(|(row, ..)| row).min()?;
        let mut fault = fault("task_after", "cycle");
        let words: Vec<String> = ring.iter().map(named).collect();
        fault.with.insert("cycle".to_owned(), Value::Text(words.join(" → ")));
        Some(in_row(row, fault))
    }
}
