//! Form F1 as typed → a checked [`Filing`], or what is wrong with each field.
//!
//! Invariant: every mistake is reported at once, next to its field; nothing typed is judged twice elsewhere.

use std::collections::BTreeMap;

use super::attaching::MOST_LINKS;
use super::sheet::Sheet;
use super::work::Rules;
use super::{AskText, Collaboration, Content, Link, Priority, Visibility};
use crate::domain::change::{FieldFault, Value, with};
use crate::domain::{Date, DepartmentId};

/// A form that can be filed.
#[derive(Clone, Debug, PartialEq)]
pub struct Filing {
    /// For all departments.
    pub content: Content,
    /// For each department.
    pub asks: Vec<(DepartmentId, AskText)>,
    /// The wanted day as typed, when it was no working day and the next one was taken.
    pub moved_from: Option<Date>,
}

/// What the fields are read with: values as typed, and the readers of words that other rooms own.
pub struct Typed<'a> {
    /// Field name → value as typed.
    pub values: &'a BTreeMap<String, String>,
    /// Dates in words; `None` is not a date.
    pub date: &'a dyn Fn(&str) -> Option<Date>,
    /// Departments by name or code; `None` is unknown.
    pub department: &'a dyn Fn(&str) -> Option<DepartmentId>,
}

/// Rows of asks that a form can have.
pub const MOST_ASKS: u8 = 10;
/// Limits in characters.
pub const TITLE: usize = 60;
/// See [`TITLE`].
pub const BACKGROUND: usize = 200;
/// See [`TITLE`]; goal, risks, acceptance criteria, an ask's task, reasons, suggestions, comments.
pub const LONG: usize = 500;
/// See [`TITLE`]; deliverables and resources.
pub const SHORT: usize = 200;
/// What a template leaves to be filled in.
pub const BLANK: &str = "＿＿";
/// Whole yuan; more is a slip of the finger.
const MOST_BUDGET: i64 = 1_000_000_000_000;

/// The form as far as it can be read, and everything that is wrong with it.
pub fn read(typed: &Typed, rules: Rules) -> (Filing, Vec<FieldFault>) {
    let mut sheet = Sheet::new(typed.values, By { typed, rules });
    let typed_day = sheet.day("wanted_by", true);
    let wanted_by = typed_day.map(|d| rules.calendar.working_day_or_next(d));
    let content = Content {
        kind: sheet.choice("kind", COLLABORATIONS, false),
        title: sheet.text("title", TITLE, true),
        background: sheet.text("background", BACKGROUND, true),
        goal: sheet.text("goal", LONG, true),
        wanted_by: wanted_by.unwrap_or_else(|| rules.today()),
        people: sheet.text("people", SHORT, false),
        budget: sheet.budget("budget"),
        equipment: sheet.text("equipment", SHORT, false),
        risks: sheet.text("risks", LONG, false),
        priority: sheet.choice("priority", PRIORITIES, true).unwrap_or(Priority::Medium),
        acceptance: sheet.text("acceptance", LONG, false),
        visibility: sheet.choice("visibility", VISIBILITIES, false).unwrap_or(Visibility::Departments),
        attachments: sheet.links("attachments"),
    };
    let asks = sheet.asks();
    let moved_from = typed_day.filter(|d| Some(*d) != wanted_by);
    (Filing { content, asks, moved_from }, sheet.faults)
}

/// Checks one free text of a small form: there, and not too long.
pub fn words(values: &BTreeMap<String, String>, field: &str, most: usize) -> Result<String, FieldFault> {
    let text = values.get(field).map(|v| v.trim()).unwrap_or_default();
    match text.chars().count() {
        0 => Err(fault(field, "required")),
        is if is > most => Err(too_long(field, most, is)),
        _ => Ok(text.to_owned()),
    }
}

/// The words of a field that may be empty.
pub fn at_most(values: &BTreeMap<String, String>, field: &str, most: usize) -> Result<String, FieldFault> {
    let text = values.get(field).map(|v| v.trim()).unwrap_or_default();
    match text.chars().count() {
        is if is > most => Err(too_long(field, most, is)),
        _ => Ok(text.to_owned()),
    }
}

/// A fault without parameters.
pub fn fault(field: &str, what: &str) -> FieldFault {
    FieldFault { field: field.to_owned(), fault: format!("fault.form.{what}"), with: with([]) }
}

/// A fault that repeats what was typed, or the beginning of it.
pub fn typed_wrong(field: &str, what: &str, typed: &str) -> FieldFault {
    let typed = Value::Text(typed.chars().take(60).collect());
    FieldFault { with: with([("typed", typed)]), ..fault(field, what) }
}

/// 协作类型 by name.
pub const COLLABORATIONS: &[(&str, &str, Collaboration); 3] = &[
    ("project", "项目型", Collaboration::Project),
    ("problem", "问题处理型", Collaboration::Problem),
    ("routine", "常规事务型", Collaboration::Routine),
];
/// 优先级 by name.
pub const PRIORITIES: &[(&str, &str, Priority); 3] =
    &[("high", "高", Priority::High), ("medium", "中", Priority::Medium), ("low", "低", Priority::Low)];
/// 保密级别 by name.
pub const VISIBILITIES: &[(&str, &str, Visibility)] = &[
    ("public", "公开", Visibility::Public),
    ("departments", "参与部门", Visibility::Departments),
    ("people", "仅参与人", Visibility::People),
];

/// More characters, or lines, than there may be.
pub fn too_long(field: &str, most: usize, is: usize) -> FieldFault {
    let number = |n: usize| Value::Number(i64::try_from(n).unwrap_or(i64::MAX));
    FieldFault {
        field: field.to_owned(),
        fault: "fault.form.too_long".to_owned(),
        with: with([("max", number(most)), ("is", number(is))]),
    }
}

/// Whole yuan: `120000`, `120,000`, `12万`, `￥120000元`; else what is wrong with it.
pub fn whole_yuan(text: &str) -> Result<i64, &'static str> {
    let bare: String = text.chars().filter(|c| !",，￥¥元 ".contains(*c)).collect();
    let (digits, unit) = match bare.strip_suffix('万') {
        Some(digits) => (digits.to_owned(), 10_000),
        None => (bare, 1),
    };
    match digits.parse::<i64>().ok().and_then(|n| n.checked_mul(unit)) {
        Some(n) if (0..=MOST_BUDGET).contains(&n) => Ok(n),
        Some(n) if n < 0 => Err("negative"),
        Some(_) | None => Err("not_a_number"),
    }
}

/// Whether an address leads somewhere by https, and says where.
pub fn is_https(url: &str) -> bool {
    let host = url.strip_prefix("https://").map(|rest| rest.split('/').next().unwrap_or_default());
    host.is_some_and(|h| !h.is_empty() && !h.contains('@')) && url.chars().count() <= LONG
}

/// What the fields are read by.
struct By<'a> {
    typed: &'a Typed<'a>,
    rules: Rules<'a>,
}

impl Sheet<'_, By<'_>> {
    fn text(&mut self, field: &str, most: usize, required: bool) -> String {
        let text = self.raw(field);
        let is = text.chars().count();
        if required && is == 0 {
            self.faults.push(fault(field, "required"));
        } else if is > most {
            self.faults.push(too_long(field, most, is));
        } else if text.contains(BLANK) {
            self.faults.push(fault(field, "blank"));
        }
        text.to_owned()
    }

    fn day(&mut self, field: &str, required: bool) -> Option<Date> {
        let text = self.raw(field);
        if text.is_empty() {
            if required {
                self.faults.push(fault(field, "required"));
            }
            return None;
        }
        let Some(day) = (self.by.typed.date)(text) else {
            self.wrong(field, "not_a_date", text);
            return None;
        };
        if day < self.by.rules.today() {
            self.wrong(field, "past", text);
            return None;
        }
        Some(day)
    }

    fn budget(&mut self, field: &str) -> Option<i64> {
        let text = self.raw(field);
        if text.is_empty() {
            return None;
        }
        whole_yuan(text).map_err(|what| self.wrong(field, what, text)).ok()
    }

    /// One link a line: `name https://…`, or the address alone.
    fn links(&mut self, field: &str) -> Vec<Link> {
        let lines = self.raw(field).lines().map(str::trim).filter(|l| !l.is_empty());
        let mut links = Vec::new();
        for line in lines {
            let (name, url) = line.rsplit_once(char::is_whitespace).unwrap_or((line, line));
            if !is_https(url) {
                self.wrong(field, "not_https", line);
                continue;
            }
            links.push(Link { name: name.trim().to_owned(), url: url.to_owned() });
        }
        if links.len() > MOST_LINKS {
            self.faults.push(too_long(field, MOST_LINKS, links.len()));
        }
        links
    }

    fn asks(&mut self) -> Vec<(DepartmentId, AskText)> {
        let mut asks: Vec<(DepartmentId, AskText)> = Vec::new();
        for row in 1..=MOST_ASKS {
            let name = |part: &str| format!("ask{row}_{part}");
            let parts = ["department", "task", "deliverable", "wanted_by", "resources"];
            if parts.iter().all(|p| self.raw(&name(p)).is_empty()) {
                continue;
            }
            let department = self.department(&name("department"));
            let text = AskText {
                task: self.text(&name("task"), LONG, true),
                deliverable: self.text(&name("deliverable"), SHORT, false),
                wanted_by: self
                    .day(&name("wanted_by"), false)
                    .map(|d| self.by.rules.calendar.working_day_or_next(d)),
                resources: self.text(&name("resources"), SHORT, false),
            };
            let Some(department) = department else { continue };
            if asks.iter().any(|(d, _)| d == &department) {
                let typed = self.raw(&name("department"));
                self.wrong(&name("department"), "twice", typed);
                continue;
            }
            asks.push((department, text));
        }
        if asks.is_empty() && !self.faults.iter().any(|f| f.field.starts_with("ask")) {
            self.faults.push(fault("ask1_department", "at_least_one_ask"));
        }
        asks
    }

    fn department(&mut self, field: &str) -> Option<DepartmentId> {
        let text = self.raw(field);
        if text.is_empty() {
            self.faults.push(fault(field, "required"));
            return None;
        }
        let found = (self.by.typed.department)(text);
        if found.is_none() {
            self.wrong(field, "unknown_department", text);
        }
        found
    }
}
