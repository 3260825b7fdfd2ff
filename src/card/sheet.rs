//! What is wrong with a task list from a sheet, in words.
//!
//! Invariant: the same words as under a field of the form, and the same to whoever sends a file by the page, by the API or
//! by the command line.

use super::say;
use super::scene::Scene;
use crate::domain::Lang;
use crate::domain::change::FieldFault;
use crate::intent::task_list::{Place, Slip, TaskList, letter, plain_head};
use crate::text::{say as text_of, word};

/// The row and the field of F2 that a fault is about, and what is wrong there.
pub fn complaint<'f>(fault: &'f FieldFault, scene: &Scene) -> (Option<usize>, &'f str, String) {
    let place = fault.field.strip_prefix('r').and_then(|rest| rest.split_once('_'));
    let row = place.and_then(|(row, _)| row.parse().ok());
    (row, place.map_or(fault.field.as_str(), |(_, field)| field), say::with(scene, &fault.fault, &fault.with))
}

/// How a message calls the column of a field.
pub fn column(lang: Lang, list: &TaskList, field: &str) -> String {
    match list.head(field) {
        Some((head, letter)) => text_of(lang, "task_list.head", &[("head", &head), ("letter", &letter)]),
        None => plain_head(field).to_owned(),
    }
}

/// How a message calls the place of a slip; empty where it is the sheet or the row as a whole.
pub fn place(lang: Lang, list: &TaskList, slip: &Slip) -> String {
    match &slip.place {
        Place::Whole => String::new(),
        Place::Column(n) => text_of(lang, "task_list.column", &[("letter", &letter(*n))]),
        Place::Field(field) => column(lang, list, field),
    }
}

/// What is wrong, and what to do about it.
pub fn slip(lang: Lang, slip: &Slip) -> (String, String) {
    let args: Vec<(&str, &str)> = slip.with.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let code = slip.code;
    let problem = text_of(lang, &format!("task_list.slip.{code}.problem"), &args);
    (problem, text_of(lang, &format!("task_list.slip.{code}.remedy"), &args))
}

/// The same as a sentence.
pub fn slip_sentence(lang: Lang, one: &Slip) -> String {
    let (problem, remedy) = slip(lang, one);
    text_of(lang, "task_list.sentence", &[("problem", &problem), ("remedy", &remedy)])
}

/// The words of a field of the page that shows a list.
pub fn heading(lang: Lang, field: &str) -> String {
    word(lang, &format!("task_list.field.{field}"))
}
