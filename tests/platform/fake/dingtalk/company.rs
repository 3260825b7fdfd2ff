//! A small company: three departments, five people, one of whom has left, and two groups.

use super::state::{Department, Person};

/// Somebody.
pub const PERSON: &str = "u_dev_1";
/// The head of the same department.
pub const HEAD: &str = "u_dev_head";
/// A group that the robot is in.
pub const GROUP: &str = "cidTEAM0001==";

/// Id, name, parent, heads.
pub const DEPARTMENTS: &[(i64, &str, i64, &[&str])] =
    &[(2, "Research", 1, &[HEAD]), (3, "Lab", 2, &[]), (4, "Law", 1, &[])];

/// Id, name, department.
const PEOPLE: &[(&str, &str, i64)] =
    &[(PERSON, "Wang Fang", 2), (HEAD, "Li Min", 2), ("u_lab_1", "Sun Jie", 3), ("u_law_1", "Zhao Ning", 4)];

/// Everybody.
pub fn people() -> Vec<Person> {
    let person = |(id, name, department): &(&str, &str, i64)| Person {
        id: (*id).to_owned(),
        name: (*name).to_owned(),
        departments: vec![*department],
        mobile: String::new(),
        leads: Vec::new(),
        active: true,
    };
    PEOPLE.iter().map(person).collect()
}

/// All departments but the root.
pub fn departments() -> Vec<Department> {
    let department = |(id, name, parent, heads): &(i64, &str, i64, &[&str])| Department {
        id: *id,
        name: (*name).to_owned(),
        parent: *parent,
        heads: heads.iter().map(|head| (*head).to_owned()).collect(),
    };
    DEPARTMENTS.iter().map(department).collect()
}
