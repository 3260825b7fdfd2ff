//! Templates of requests: form F1 half filled, one for each scene that comes again and again.
//!
//! Invariant: a template that passed its check has a title and one to ten asks, and every text of it fits its field. That a
//! department is still there is only known when the form opens: then the row is left out, and the form says so.

use std::collections::BTreeMap;

use super::change::{FieldFault, Value, with};
use super::directory::{Directory, Role};
use super::request::form;
use super::{DepartmentId, Lang};

pub mod check;

/// A text in both languages; English readers get the Chinese where there is no English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Both {
    /// 中文
    pub zh: String,
    /// English; empty where nobody wrote it.
    pub en: String,
}

impl Both {
    /// The text for a reader.
    pub fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::En if !self.en.is_empty() => &self.en,
            Lang::En | Lang::Zh => &self.zh,
        }
    }
}

/// One template.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// How a button names it: `complaint`.
    pub id: String,
    /// How people name it.
    pub name: Both,
    /// The fields of F1 that are one text: `title`, `background`, `goal`, `acceptance`.
    pub texts: Vec<(&'static str, Both)>,
    /// The fields of F1 that are a choice or a date, in the words of the form: `kind`, `priority`, `wanted_by`.
    pub choices: Vec<(&'static str, String)>,
    /// What each department is asked.
    pub asks: Vec<Row>,
}

/// What a template asks of one department.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Whom.
    pub whom: Whom,
    /// 具体任务
    pub task: Both,
    /// 交付物
    pub deliverable: Both,
    /// `T+n`; empty where the request's own date holds.
    pub wanted_by: String,
}

/// Whom a row means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// A department by code or name.
    Department(String),
    /// The department of whoever has this role.
    Role(Role),
}

impl Whom {
    /// The department, if the company has it.
    pub fn resolve(&self, directory: &Directory) -> Option<DepartmentId> {
        match self {
            Whom::Department(typed) => match directory.find_department(typed).as_slice() {
                [one] => Some(one.id.clone()),
                _ => None,
            },
            Whom::Role(role) => {
                let mut holders = directory.with_role(*role).filter(|p| p.active);
                holders.next().map(|p| p.department.clone())
            }
        }
    }

    /// As people read it where there is no such department.
    fn name(&self) -> Value {
        match self {
            Whom::Department(typed) => Value::Text(typed.clone()),
            Whom::Role(role) => Value::Key(format!("role.{}", role_name(*role))),
        }
    }
}

/// A form that is not empty when it opens: its values, and what is said beside them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prefilled {
    /// Field name → value.
    pub values: BTreeMap<String, String>,
    /// What could not be taken over.
    pub faults: Vec<FieldFault>,
}

impl Template {
    /// Whether people mean this one.
    pub fn is(&self, typed: &str) -> bool {
        let typed = typed.trim().to_lowercase();
        [&self.id, &self.name.zh, &self.name.en].into_iter().any(|name| name.to_lowercase() == typed)
    }

    /// The form that it opens, in the words of the reader. Dates stay `T+n`: they count from the day of filing.
    pub fn open(&self, lang: Lang, directory: &Directory) -> Prefilled {
        let mut values = BTreeMap::new();
        let mut put = |field: String, value: &str| {
            if !value.is_empty() {
                values.insert(field, value.to_owned());
            }
        };
        self.texts.iter().for_each(|(field, text)| put((*field).to_owned(), text.of(lang)));
        self.choices.iter().for_each(|(field, choice)| put((*field).to_owned(), choice));
        let (mut row, mut gone) = (0, Vec::new());
        for ask in &self.asks {
            let Some(department) = ask.whom.resolve(directory) else {
                gone.push(ask.whom.name());
                continue;
            };
            row += 1;
            put(format!("ask{row}_department"), department.as_str());
            put(format!("ask{row}_task"), ask.task.of(lang));
            put(format!("ask{row}_deliverable"), ask.deliverable.of(lang));
            put(format!("ask{row}_wanted_by"), &ask.wanted_by);
        }
        Prefilled { values, faults: gone.into_iter().take(1).map(|name| left_out(row + 1, name)).collect() }
    }
}

/// Says beside the first free row that a department is not there any more.
fn left_out(row: u8, name: Value) -> FieldFault {
    let row = row.min(form::MOST_ASKS);
    let fault = form::fault(&format!("ask{row}_department"), "department_gone");
    FieldFault { with: with([("typed", name)]), ..fault }
}

/// A form that was kept, or an old request: a department that is not there any more has to be chosen anew; what it was
/// asked stays.
pub fn without_gone(values: &BTreeMap<String, String>, directory: &Directory) -> Prefilled {
    let mut prefilled = Prefilled { values: values.clone(), faults: Vec::new() };
    for row in 1..=form::MOST_ASKS {
        let field = format!("ask{row}_department");
        let typed = values.get(&field).map(|d| d.trim()).unwrap_or_default();
        if typed.is_empty() || !directory.find_department(typed).is_empty() {
            continue;
        }
        let fault = form::fault(&field, "department_gone_here");
        prefilled.faults.push(FieldFault { with: with([("typed", Value::Text(typed.to_owned()))]), ..fault });
        prefilled.values.remove(&field);
    }
    prefilled
}

/// The name of a role in text keys.
fn role_name(role: Role) -> &'static str {
    match role {
        Role::GeneralManager => "general_manager",
        Role::VicePresident => "vice_president",
        Role::Coordinator => "coordinator",
        Role::EnterpriseManagement => "enterprise_management",
        Role::Auditor => "auditor",
        Role::Administrator => "administrator",
    }
}
