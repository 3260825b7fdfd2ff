//! What works in a directory but should not stay so: vacancies, and roles that nobody has.
//!
//! Invariant: every gap says who stands in, so an administrator can judge whether that is what the company wants.

use super::check::entry_of_department;
use super::{Department, Directory, Holder, Role};
use crate::domain::Date;

/// A day on which nobody is away: the question is who stands in for a vacancy, not for a holiday.
const ORDINARY_DAY: Date = Date::ZERO;

/// Each gap: the entry it concerns (or none), what it is, what to do.
pub fn of(directory: &Directory) -> impl Iterator<Item = (String, String, String)> {
    let departments = directory.departments.values().flat_map(|d| of_department(directory, d));
    let roles = WANTED.iter().filter(|(role, ..)| directory.with_role(*role).next().is_none());
    departments.chain(roles.map(|(_, problem, remedy)| (String::new(), (*problem).into(), (*remedy).into())))
}

/// Roles that a company should have filled, and what happens without them.
const WANTED: [(Role, &str, &str); 3] = [
    (
        Role::GeneralManager,
        "nobody is general manager: large budgets go to an administrator",
        "give somebody roles = [\"general_manager\"]",
    ),
    (
        Role::Coordinator,
        "nobody is project coordinator: disputes have nobody to settle them",
        "give somebody roles = [\"coordinator\"]",
    ),
    (
        Role::EnterpriseManagement,
        "nobody is enterprise management: metrics and retrospectives have no reader",
        "give somebody roles = [\"enterprise_management\"]",
    ),
];

fn of_department(directory: &Directory, department: &Department) -> Vec<(String, String, String)> {
    let entry = entry_of_department(&department.id);
    let mut gaps = Vec::new();
    let mut gap = |what: &str, stands_in: Option<Holder>, remedy: &str| {
        let who = stands_in.map_or_else(
            || "nobody".to_owned(),
            |h| format!("{} ({})", directory.name_of(&h.person), h.person),
        );
        gaps.push((entry.clone(), format!("{what}: {who} stands in"), remedy.to_owned()));
    };
    if department.head.is_none() {
        gap("the head is vacant", directory.head(&department.id, ORDINARY_DAY), "set head = \"…\"");
    }
    if department.contact.is_none() {
        gap("the contact is vacant", directory.contact(&department.id, ORDINARY_DAY), "set contact = \"…\"");
    }
    let top = department.head.as_ref().is_some_and(|h| directory.has_role(h, Role::GeneralManager));
    if department.supervisor.is_none() && !top {
        gap(
            "has no supervisor",
            directory.supervisor(&department.id, ORDINARY_DAY),
            "set supervisor = \"…\"",
        );
    } else if department.supervisor.is_some() && department.supervisor == department.head {
        let same = "the head is their own supervisor: escalations end where they began";
        gaps.push((entry, same.to_owned(), "name somebody above the head".to_owned()));
    }
    gaps
}
