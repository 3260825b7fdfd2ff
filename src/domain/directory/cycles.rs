//! References that lead back to where they began: departments under themselves, substitutes for each other.
//!
//! Invariant: each circle is named once, beginning with its smallest id. People who stand in for each other at
//! different times are no circle.

use std::collections::BTreeMap;

use super::{Absence, Directory};
use crate::domain::{DepartmentId, PersonId};

/// Departments that are above themselves: the smallest code and the whole circle, `A → B → A`.
pub fn of_parents(directory: &Directory) -> BTreeMap<DepartmentId, String> {
    let mut circles = BTreeMap::new();
    for start in directory.departments.keys() {
        let mut path = vec![start];
        while let Some(parent) = path.last().and_then(|at| directory.departments.get(*at)?.parent.as_ref()) {
            if parent == start {
                note(&mut circles, &path);
                break;
            }
            if path.contains(&parent) {
                break; // a circle further up, found from its own members
            }
            path.push(parent);
        }
    }
    circles
}

/// People whose substitutes, on one and the same day, lead back to them.
pub fn of_substitutes(directory: &Directory) -> BTreeMap<PersonId, String> {
    let mut circles = BTreeMap::new();
    for person in directory.people.values() {
        for absence in &person.away {
            let mut walk = Walk { directory, path: vec![&person.id], circles: &mut circles };
            walk.on(absence, absence);
        }
    }
    circles
}

/// A walk along substitutes, kept to the days that all absences so far share.
struct Walk<'d, 'c> {
    directory: &'d Directory,
    path: Vec<&'d PersonId>,
    circles: &'c mut BTreeMap<PersonId, String>,
}

impl<'d> Walk<'d, '_> {
    fn on(&mut self, absence: &'d Absence, days: &Absence) {
        let Some(substitute) = &absence.substitute else { return };
        // Somebody as their own substitute is a fault of its own.
        if self.path.first() == Some(&substitute) && self.path.len() > 1 {
            note(self.circles, &self.path);
            return;
        }
        if self.path.contains(&substitute) {
            return;
        }
        let Some(person) = self.directory.people.get(substitute) else { return };
        self.path.push(substitute);
        for next in &person.away {
            let (from, to) = (days.from.max(next.from), days.to.min(next.to));
            if from <= to {
                self.on(next, &Absence { from, to, substitute: None });
            }
        }
        self.path.pop();
    }
}

/// Writes a circle down under its smallest member.
fn note<T: Ord + Clone + std::fmt::Display>(circles: &mut BTreeMap<T, String>, path: &[&T]) {
    let smallest = path.iter().enumerate().min_by_key(|(_, id)| **id).map_or(0, |(at, _)| at);
    let (before, from) = path.split_at(smallest);
    let round = from.iter().chain(before).chain(from.first());
    if let Some(first) = from.first() {
        let text: Vec<_> = round.map(ToString::to_string).collect();
        circles.entry((*first).clone()).or_insert_with(|| text.join(" → "));
    }
}
