//! Everybody tries everything in every state: what the table says, and what `decide` makes of it.
//!
//! The snapshots are read by people, and by `tests/story/permission.rs`, which tries them through the door.
#![expect(clippy::panic, reason = "a case that cannot go its way has failed")]

use std::fmt::Write;

use super::company::{ACTS, CAST, Company, act_of};
use super::*;
use crate::domain::request::{Rules, State};

/// What somebody may want, by letter, for which department.
const DOINGS: [(char, Doing, Option<&str>); 17] = [
    ('S', Doing::See, None),
    ('V', Doing::Review, None),
    ('R', Doing::Resubmit, None),
    ('W', Doing::Withdraw, None),
    ('C', Doing::Cancel, None),
    ('Y', Doing::Sign, Some("YFB")),
    ('H', Doing::Sign, Some("RLB")),
    ('A', Doing::Answer, Some("YFB")),
    ('E', Doing::Escalate, Some("YFB")),
    ('U', Doing::Rule, Some("YFB")),
    ('M', Doing::Urge, None),
    ('T', Doing::Comment, None),
    ('B', Doing::BindProject, None),
    ('O', Doing::HandOver, Some("YFB")),
    ('P', Doing::Copy, None),
    ('F', Doing::Follow, None),
    ('N', Doing::Reschedule, None),
];

/// The letter where it is allowed, small where it is allowed in somebody's place, a dot where it is refused.
pub(super) fn allowed(case: Case, person: &PersonId) -> String {
    let cell = |(letter, doing, department): (char, Doing, Option<&str>)| {
        let department = department.map(DepartmentId::new);
        match case.may(person, doing, department.as_ref()) {
            Ok(Authority { on_behalf_of: None }) => letter,
            Ok(Authority { on_behalf_of: Some(_) }) => letter.to_ascii_lowercase(),
            Err(_) => '.',
        }
    };
    DOINGS.map(cell).iter().collect()
}

/// How an act ends: `+` done, `-` not this person's, `x` not in this state, `=` somebody was faster, `0` nobody owes,
/// `!` a ruling stands, `?` not to be seen.
fn ending(request: &Request, letter: char, person: &PersonId, rules: Rules) -> char {
    match request.decide(&act_of(letter), person, rules) {
        Ok(_) => '+',
        Err(Refusal::NotYours { .. }) => '-',
        Err(Refusal::NotNow { .. }) => 'x',
        Err(Refusal::AlreadyDecided { .. }) => '=',
        Err(Refusal::NobodyOwes) => '0',
        Err(Refusal::Ruled) => '!',
        Err(Refusal::NotFound { .. }) => '?',
        Err(other) => panic!("{letter} by {person}: {other:?}"),
    }
}

/// A block per state, those that are alike together.
pub(super) fn blocks(legend: &str, rows: impl Fn(&Request, Rules) -> String) -> String {
    let company = Company::new();
    let mut blocks: Vec<(String, Vec<&str>)> = Vec::new();
    for (name, request, rules) in company.states() {
        let rows = rows(&request, rules);
        match blocks.iter_mut().find(|(same, _)| *same == rows) {
            Some((_, names)) => names.push(name),
            None => blocks.push((rows, vec![name])),
        }
    }
    let page = |(rows, names): &(String, Vec<&str>)| format!("## {}\n{rows}", names.join(" | "));
    let pages: Vec<String> = blocks.iter().map(page).collect();
    format!("{legend}\n\n{}", pages.join("\n"))
}

fn row(out: &mut String, cells: &str, (person, relation): (&str, &str)) {
    let spaced: String = cells.chars().flat_map(|c| [c, ' ']).collect();
    writeln!(out, "{}", format!("{person:12} {spaced} {relation}").trim_end()).unwrap();
}

#[test]
fn who_may_do_what_in_which_state() {
    let legend: Vec<String> = DOINGS
        .iter()
        .map(|(letter, doing, department)| format!("{letter} {doing:?} {}", department.unwrap_or_default()))
        .map(|entry| entry.trim().to_owned())
        .collect();
    let rows = |request: &Request, rules: Rules| {
        let mut out = String::new();
        for one in CAST {
            row(&mut out, &allowed(request.case(rules), &PersonId::new(one.0)), one);
        }
        out
    };
    let legend = format!("{}; small: in somebody's place", legend.join(", "));
    insta::assert_snapshot!("may", blocks(&legend, rows));
}

#[test]
fn what_becomes_of_everybodys_every_act_in_every_state() {
    let letters: String = ACTS.iter().map(|(letter, _)| *letter).collect();
    let legend: Vec<String> = ACTS.iter().map(|(letter, act)| format!("{letter} {act}")).collect();
    let rows = |request: &Request, rules: Rules| {
        let mut out = String::new();
        row(&mut out, &letters, ("", ""));
        for one in CAST {
            let person = PersonId::new(one.0);
            let ends: String =
                letters.chars().map(|letter| ending(request, letter, &person, rules)).collect();
            row(&mut out, &ends, one);
        }
        out
    };
    let endings = "+ done, - not this person's, x not in this state, = somebody was faster, 0 nobody owes, \
                   ! a ruling stands, ? not to be seen";
    insta::assert_snapshot!("decide", blocks(&format!("{}\n{endings}", legend.join(", ")), rows));
}

/// The table and the deciding functions cannot drift apart: nobody gets done what the table does not give him.
#[test]
fn nothing_is_done_that_the_table_does_not_allow() {
    let company = Company::new();
    for (name, request, rules) in company.states() {
        for (letter, _) in ACTS {
            let (doing, department) = needed(&request, letter);
            let department = department.map(DepartmentId::new);
            for (person, _) in CAST {
                let id = PersonId::new(person);
                let done = ending(&request, letter, &id, rules) == '+';
                let may = request.case(rules).may(&id, doing, department.as_ref()).is_ok();
                // An overdue answer is the coordinator's, too: `Request::may_answer`.
                let late = name.ends_with("late") && person == "guo.qiang" && doing == Doing::Answer;
                assert!(!done || may || late, "{name}: {person} {letter} is done, but not allowed");
            }
        }
    }
}

/// What an act needs.
fn needed(request: &Request, letter: char) -> (Doing, Option<&'static str>) {
    let before_approval = matches!(request.state, State::InReview | State::Returned);
    match letter {
        'A' | 'R' => (Doing::Review, None),
        'S' if before_approval => (Doing::Resubmit, None),
        'S' | 'N' => (Doing::Answer, Some("YFB")),
        'K' | 'J' => (Doing::Sign, Some("YFB")),
        'L' => (Doing::Sign, Some("RLB")),
        'E' => (Doing::Escalate, Some("YFB")),
        'U' | 'D' => (Doing::Rule, Some("YFB")),
        'W' => (Doing::Withdraw, None),
        'C' => (Doing::Cancel, None),
        'M' => (Doing::Urge, None),
        'T' => (Doing::Comment, None),
        // An answer to an objection is owed by the side that asks.
        'H' if request.owed().any(|o| o.kind == Kind::AnswerObjection) => (Doing::HandOver, Some("SCB")),
        'H' => (Doing::HandOver, Some("YFB")),
        'Y' => (Doing::Copy, None),
        'F' => (Doing::Follow, None),
        _ => (Doing::BindProject, None),
    }
}

/// Whatever somebody was: on the day after the last there is no right left.
#[test]
fn who_left_may_nothing() {
    let before = Company::new();
    for (name, request, rules) in before.states() {
        for (person, relation) in CAST {
            let (id, mut without) = (PersonId::new(person), Company::new());
            without.directory.people.get_mut(&id).unwrap().active = false;
            let case = Case { directory: &without.directory, ..request.case(rules) };
            assert!(!allowed(case, &id).contains(char::is_alphabetic), "{name}: {person}, {relation}");
        }
    }
}
