//! 改进项 as typed → a checked [`Draft`], or what is wrong with each field.
//!
//! Invariant: a draft names an active person, and a day whose working hours are not over.

use std::collections::BTreeMap;

use crate::domain::change::FieldFault;
use crate::domain::request::Rules;
use crate::domain::request::form::{LONG, fault, typed_wrong, words};
use crate::domain::{Date, PersonId};

/// An improvement item that can be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub(super) subject: String,
    pub(super) owner: PersonId,
    pub(super) due: Date,
    pub(super) issue: Option<i64>,
}

/// What the fields are read with: values as typed, and the readers of words that other rooms own.
pub struct Typed<'a> {
    /// Field name → value as typed.
    pub values: &'a BTreeMap<String, String>,
    /// People by name or id, or what is wrong with the field.
    pub person: &'a dyn Fn(&str, &str) -> Result<PersonId, FieldFault>,
    /// Days in words.
    pub day: &'a dyn Fn(&str) -> Option<Date>,
}

/// Checks what is to be better, by whom and by when; `issue` is the one that it was learned from.
pub fn check(typed: &Typed, issue: Option<i64>, rules: Rules) -> Result<Draft, Vec<FieldFault>> {
    let raw = |field: &str| typed.values.get(field).map(|v| v.trim()).unwrap_or_default();
    let subject = words(typed.values, "improvement", LONG);
    let owner = match raw("improvement_owner") {
        "" => Err(fault("improvement_owner", "required")),
        name => (typed.person)("improvement_owner", name),
    };
    let due = match raw("improvement_due") {
        "" => Err(fault("improvement_due", "required")),
        text => day(text, (typed.day)(text), rules),
    };
    match (subject, owner, due) {
        (Ok(subject), Ok(owner), Ok(due)) => Ok(Draft { subject, owner, due, issue }),
        (subject, owner, due) => Err([subject.err(), owner.err(), due.err()].into_iter().flatten().collect()),
    }
}

fn day(text: &str, read: Option<Date>, rules: Rules) -> Result<Date, FieldFault> {
    let wrong = |what: &str| Err(typed_wrong("improvement_due", what, text));
    match read {
        None => wrong("not_a_date"),
        Some(day) if day < rules.today() || rules.calendar.closing_of(day) <= rules.now => wrong("past"),
        Some(day) => Ok(day),
    }
}

/// What came of it, in a form or in one line.
pub fn effect(values: &BTreeMap<String, String>) -> Result<String, FieldFault> {
    words(values, "improvement_effect", LONG)
}
