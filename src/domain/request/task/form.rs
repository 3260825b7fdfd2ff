//! Forms F2 and F5 as typed → a checked [`Draft`] or [`Reporting`], or what is wrong with each field.
//!
//! Invariant: a draft fits the request that it was checked against: its predecessors exist and close no cycle.

use std::collections::BTreeMap;

use super::network::{cycle, edges};
use super::{Day, Plan, Reporting, Task};
use crate::domain::change::{FieldFault, Value};
use crate::domain::request::form::{LONG, SHORT, fault, typed_wrong, words};
use crate::domain::request::sheet::Sheet;
use crate::domain::request::{Request, Rules};
use crate::domain::{DepartmentId, PersonId};

/// 任务名称, in characters.
pub const NAME: usize = 60;

/// A task that can be planned.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub(super) plan: Plan,
}

/// What the fields are read with: values as typed, and the readers of words that other rooms own.
pub struct Typed<'a> {
    /// Field name → value as typed.
    pub values: &'a BTreeMap<String, String>,
    /// Days in words, `T+n` from the confirmation; `None` is no day.
    pub day: &'a dyn Fn(&str) -> Option<Day>,
    /// Departments by name or code; `None` is unknown.
    pub department: &'a dyn Fn(&str) -> Option<DepartmentId>,
    /// People by name or id; `None` is unknown, or several.
    pub person: &'a dyn Fn(&str) -> Option<PersonId>,
}

/// Checks form F2 for a new task, or for the one with this number.
pub fn check(
    typed: &Typed,
    request: &Request,
    number: Option<i64>,
    rules: Rules,
) -> Result<Draft, Vec<FieldFault>> {
    let mut sheet = Sheet::new(typed.values, By { typed, rules });
    let name = sheet.words("task_name", NAME, true);
    let owner = sheet.looked_up("task_owner", "unknown_owner", typed.person, true);
    let lead = sheet.looked_up("task_lead", "unknown_department", typed.department, false);
    let lead = lead.or_else(|| {
        let home = owner.as_ref().and_then(|o| rules.directory.person(o)).map(|p| p.department.clone());
        home.filter(|_| sheet.raw("task_lead").is_empty())
    });
    let old = number.and_then(|n| request.task(n));
    let start = sheet.day("task_start", old.map(|t| t.plan.start));
    let finish = sheet.day("task_finish", old.map(|t| t.plan.finish));
    let (start, finish) = sheet.span(start, finish, request);
    let plan = Plan {
        name,
        lead: lead.unwrap_or_else(|| request.department.clone()),
        supporting: sheet.departments("task_supporting"),
        deciding: sheet.looked_up("task_deciding", "unknown_department", typed.department, false),
        owner: owner.unwrap_or_else(|| request.initiator.clone()),
        start,
        finish,
        deliverable: sheet.words("task_deliverable", SHORT, false),
        standard: sheet.words("task_standard", LONG, false),
        after: sheet.after("task_after", request, number),
        milestone: sheet.raw("task_milestone") == "yes",
    };
    sheet.ended(Draft { plan })
}

/// Checks the fields of one task of form F5; their names begin with `prefix`.
pub fn reporting(
    values: &BTreeMap<String, String>,
    prefix: &str,
    late: bool,
) -> Result<Reporting, Vec<FieldFault>> {
    let name = |part: &str| format!("{prefix}{part}");
    let raw = |part: &str| values.get(&name(part)).map(|v| v.trim().to_owned()).unwrap_or_default();
    let mut faults = Vec::new();
    let percent = percent(&raw("percent"));
    if percent.is_none() {
        faults.push(typed_wrong(&name("percent"), "not_percent", &raw("percent")));
    }
    let finished = percent == Some(100);
    let mut text = |part: &str, required: bool| {
        if !required && raw(part).is_empty() {
            return String::new();
        }
        words(values, &name(part), LONG).unwrap_or_else(|fault| {
            faults.push(fault);
            String::new()
        })
    };
    let said = Reporting {
        percent: percent.unwrap_or_default(),
        done: text("done", true),
        why_not: text("why_not", late && !finished),
        next: text("next", !finished),
        risk: text("risk", false),
    };
    if faults.is_empty() { Ok(said) } else { Err(faults) }
}

/// `80`, `80%`, `８０％`.
pub fn percent(text: &str) -> Option<i64> {
    let plain: String = text.chars().map(crate::domain::directory::narrow).collect();
    let digits = plain.trim().trim_end_matches('%').trim();
    digits.parse().ok().filter(|n| (0..=100).contains(n))
}

/// The numbers in `2, 3` or `#2、3`; `None` for a word that is none.
pub fn numbers(text: &str) -> Result<Vec<i64>, String> {
    let parts = text.split([',', '，', '、', ';', '；', ' ', '+']).map(str::trim).filter(|p| !p.is_empty());
    let mut found = Vec::new();
    for part in parts {
        let last = part.rsplit('/').next().unwrap_or_default();
        let plain: String = last.chars().map(crate::domain::directory::narrow).collect();
        let number = plain.trim_start_matches('#').parse::<i64>().ok().filter(|n| *n > 0);
        found.push(number.ok_or_else(|| part.to_owned())?);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// What the fields are read by.
struct By<'a> {
    typed: &'a Typed<'a>,
    rules: Rules<'a>,
}

impl Sheet<'_, By<'_>> {
    fn departments(&mut self, field: &str) -> Vec<DepartmentId> {
        let parts = self.raw(field).split([',', '，', '、']).map(str::trim).filter(|p| !p.is_empty());
        let mut found = Vec::new();
        for part in parts {
            match (self.by.typed.department)(part) {
                Some(department) if !found.contains(&department) => found.push(department),
                Some(_) => {}
                None => self.wrong(field, "unknown_department", part),
            }
        }
        found
    }

    /// A working day, not in the past unless it stood there before.
    fn day(&mut self, field: &str, old: Option<Day>) -> Option<Day> {
        let text = self.raw(field);
        if text.is_empty() {
            return None;
        }
        let Some(day) = (self.by.typed.day)(text) else {
            self.wrong(field, "not_a_date", text);
            return None;
        };
        if day.date < self.by.rules.today() && old.is_none_or(|o| o.date != day.date) {
            self.wrong(field, "past", text);
            return None;
        }
        Some(Day { date: self.by.rules.calendar.working_day_or_next(day.date), ..day })
    }

    /// Nothing typed: it starts today, and is finished when the request is wanted.
    fn span(&mut self, start: Option<Day>, finish: Option<Day>, request: &Request) -> (Day, Day) {
        let calendar = self.by.rules.calendar;
        let plain = |date| Day { date: calendar.working_day_or_next(date), offset: None };
        let today = plain(self.by.rules.today());
        let finish = finish.unwrap_or_else(|| plain(request.content.wanted_by.max(today.date)));
        let start = start.unwrap_or(Day { date: today.date.min(finish.date), offset: None });
        if start.date > finish.date {
            let typed = self.raw("task_finish").to_owned();
            self.wrong("task_finish", "before_start", &typed);
        }
        (start, finish)
    }

    fn after(&mut self, field: &str, request: &Request, number: Option<i64>) -> Vec<i64> {
        let found = match numbers(self.raw(field)) {
            Ok(found) => found,
            Err(word) => {
                self.wrong(field, "no_such_task", &word);
                return Vec::new();
            }
        };
        if let Some(unknown) = found.iter().find(|n| request.task(**n).is_none()) {
            self.wrong(field, "no_such_task", &unknown.to_string());
            return Vec::new();
        }
        let Some(number) = number else { return found };
        let mut edges = edges(&request.tasks);
        edges.insert(number, found.clone());
        if let Some(ring) = cycle(&edges) {
            let name = |n: &i64| {
                let named = request.task(*n).map(|t: &Task| t.plan.name.as_str()).unwrap_or_default();
                format!("{n} {named}")
            };
            let ring: Vec<String> = ring.iter().map(name).collect();
            let mut fault = fault(field, "cycle");
            fault.with.insert("cycle".to_owned(), Value::Text(ring.join(" → ")));
            self.faults.push(fault);
        }
        found
    }
}
