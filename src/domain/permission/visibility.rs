//! The third axis: what is left of the table of acts where a request is for everybody, for departments, for participants.
//!
//! The snapshot is read by people; `tests/story/visibility.rs` tries it through the door.

use std::fmt::Write;

use super::company::{CAST, Company};
use super::product::{allowed, blocks};
use super::{Case, PersonId, Request};
use crate::domain::request::{Rules, Visibility};

const LEVELS: [Visibility; 3] = [Visibility::Public, Visibility::Departments, Visibility::People];

fn at(request: &Request, visibility: Visibility) -> Request {
    let mut request = request.clone();
    request.content.visibility = visibility;
    request
}

/// What somebody may do, as the door has it: nothing with what he does not see.
fn through_the_door(case: Case, person: &PersonId) -> String {
    if case.sees(person) { allowed(case, person) } else { "not found".to_owned() }
}

#[test]
fn who_may_do_what_by_visibility() {
    let rows = |request: &Request, rules: Rules| {
        let mut out = String::new();
        for (person, relation) in CAST {
            let id = PersonId::new(person);
            let cells = LEVELS.map(|level| through_the_door(at(request, level).case(rules), &id));
            let same = |n: usize| if cells[n] == cells[n - 1] { "=" } else { cells[n].as_str() };
            let line = format!("{person:12} {:13}  {:13}  {:13}  {relation}", cells[0], same(1), same(2));
            writeln!(out, "{line}").unwrap();
        }
        out
    };
    let legend = "letters as in `may`: public, then departments, then people; = as before";
    insta::assert_snapshot!("by_visibility", blocks(legend, rows));
}

/// Whoever has something to do with a request sees it at every level; only making a group its own needs sight besides.
#[test]
fn a_right_comes_with_sight() {
    let company = Company::new();
    for (name, request, rules) in company.states() {
        let request = at(&request, Visibility::People);
        for (person, relation) in CAST {
            let id = PersonId::new(person);
            let may = allowed(request.case(rules), &id);
            let has_more = may.chars().any(|c| c.is_alphabetic() && c != 'B');
            assert!(!has_more || request.case(rules).sees(&id), "{name}: {person}, {relation}: {may}");
        }
    }
}

/// Each level shows at least as much as the next.
#[test]
fn levels_only_narrow() {
    let company = Company::new();
    for (name, request, rules) in company.states() {
        for (person, _) in CAST {
            let id = PersonId::new(person);
            let seen = LEVELS.map(|level| at(&request, level).case(rules).sees(&id));
            assert!(seen[0] >= seen[1] && seen[1] >= seen[2], "{name}: {person} {seen:?}");
        }
    }
}
