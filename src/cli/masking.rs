//! What an export shows of people: masked, unless somebody who answers for it asks otherwise.
//!
//! Invariant: in a masked export no column names a person, and no text holds a mobile number.

use serde_json::{Map, Value};

use crate::domain::directory::Directory;
use crate::domain::{PersonId, mask};

/// Columns and parameters that hold a person's id.
const PEOPLE: [&str; 19] = [
    "initiator",
    "debtor",
    "instead_of",
    "closed_by",
    "person",
    "by_person",
    "on_behalf_of",
    "signed_by",
    "superior",
    "decider",
    "asked_by",
    "ended_by",
    "planned_by",
    "reporter",
    "responded_by",
    "resolver",
    "resolved_by",
    "by",
    "owner",
];

/// Masks one row.
pub fn mask(row: &mut Map<String, Value>, directory: &Directory) {
    for (column, value) in row.iter_mut() {
        match value {
            Value::String(id) if PEOPLE.contains(&column.as_str()) => *id = person(id, directory),
            // What people saw is full of names.
            Value::String(words) if column == "summary" => *words = mask::text(&unnamed(words, directory)),
            Value::String(words) => *words = mask::text(words),
            Value::Object(inner) => mask(inner, directory),
            Value::Array(all) => {
                all.iter_mut().filter_map(Value::as_object_mut).for_each(|o| mask(o, directory))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

fn person(id: &str, directory: &Directory) -> String {
    mask::name(&directory.name_of(&PersonId::new(id)))
}

fn unnamed(words: &str, directory: &Directory) -> String {
    let mut words = words.to_owned();
    for person in directory.people.values() {
        if person.name.chars().nth(1).is_some() && words.contains(&person.name) {
            words = words.replace(&person.name, &mask::name(&person.name));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::permission::company::Company;

    #[test]
    fn names_and_numbers_are_masked_at_every_depth() {
        let mut row = json!({
            "id": "2026-Q4-SCB-001", "initiator": "zhang.wei", "instead_of": null, "n": 13_812_341_234_i64,
            "goal": "打 13812341234 找我", "summary": "张伟催办：部门确认", "signed_by": "gone.long.ago",
            "asks": [{ "department": "YFB", "signed_by": "li.na", "task": "资料" }],
            "params": { "by": { "person": "li.na" }, "text": { "text": "电话13912345678" } },
        });
        mask(row.as_object_mut().unwrap(), &Company::new().directory);
        assert_eq!(
            row,
            json!({
                "id": "2026-Q4-SCB-001", "initiator": "张*", "instead_of": null, "n": 13_812_341_234_i64,
                "goal": "打 138****1234 找我", "summary": "张*催办：部门确认", "signed_by": "g*",
                "asks": [{ "department": "YFB", "signed_by": "李*", "task": "资料" }],
                "params": { "by": { "person": "李*" }, "text": { "text": "电话139****5678" } },
            })
        );
    }
}
