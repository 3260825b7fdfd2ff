//! Issues by the rules alone: who may do what with one in which state, what a change of severity does to the clock, and
//! what is owed whatever happens.
#![expect(clippy::panic, reason = "a case that cannot go its way has failed")]

use std::collections::BTreeMap;
use std::fmt::Write;

use proptest::prelude::*;

use super::company::{CAST, Company};
use crate::domain::change::Refusal;
use crate::domain::obligation::{Kind, Obligation};
use crate::domain::policy::OnSeverity;
use crate::domain::request::issue::{Draft, IssueAct, IssueState, Resolution, Severity, Solution, form};
use crate::domain::request::{Act, Request, Rules};
use crate::domain::{DepartmentId, PersonId};

const ACTS: [char; 9] = ['R', 'K', 'P', 'U', 'S', 'C', 'O', 'M', 'V'];

fn act_of(letter: char, rules: Rules) -> IssueAct {
    let said = || "原因".to_owned();
    let due = rules.now + jiff::SignedDuration::from_hours(4);
    let owner = PersonId::new("chen.jie");
    match letter {
        'R' => IssueAct::Respond { issue: 1 },
        'K' => IssueAct::Coordinate { issue: 1, place: said() },
        'P' => {
            let solution = Solution { cause: said(), measures: said(), owner, due };
            IssueAct::Plan { issue: 1, solution: Box::new(solution) }
        }
        'U' => IssueAct::Update { issue: 1, text: said() },
        'S' => {
            let resolution = Resolution { process: said(), effect: said() };
            IssueAct::Resolve { issue: 1, resolution: Box::new(resolution) }
        }
        'C' => IssueAct::Close { issue: 1 },
        'O' => IssueAct::Reopen { issue: 1, reason: said() },
        'M' => IssueAct::Move { issue: 1, to: DepartmentId::new("CWB"), reason: said() },
        'V' => IssueAct::Rate { issue: 1, severity: Severity::General, reason: said() },
        other => panic!("no act has the letter {other}"),
    }
}

fn draft(severity: &str, file: &Request, rules: Rules) -> Draft {
    let pairs = [("issue_text", "宕机"), ("issue_severity", severity), ("issue_department", "YFB")];
    let values: BTreeMap<String, String> =
        pairs.into_iter().map(|(f, v)| (f.to_owned(), v.to_owned())).collect();
    let typed = form::Typed {
        values: &values,
        past: &|_| None,
        moment: &|_| None,
        department: &|code| Some(DepartmentId::new(code)),
        person: &|_| None,
    };
    form::check(&typed, Some(file), false, rules).unwrap()
}

/// A confirmed request with an issue of research that the contact of finance has reported.
fn reported<'a>(company: &'a Company, severity: &str) -> (Request, Rules<'a>) {
    let (_, file, rules) = company.states().into_iter().find(|(name, _, _)| *name == "confirmed").unwrap();
    let act = IssueAct::Report { draft: Box::new(draft(severity, &file, rules)) };
    (does(&file, "wang.fang", act, rules), rules)
}

fn does(file: &Request, who: &str, act: IssueAct, rules: Rules) -> Request {
    let done = file.decide(&Act::Issue(act), &PersonId::new(who), rules);
    done.unwrap_or_else(|refusal| panic!("{who}: {refusal:?}")).request
}

#[test]
fn who_may_do_what_with_an_issue_in_which_state() {
    let company = Company::new();
    let (waiting, rules) = reported(&company, "urgent");
    let handling = does(&waiting, "li.na", act_of('R', rules), rules);
    let resolved = does(&handling, "li.na", act_of('S', rules), rules);
    let closed = does(&resolved, "wang.fang", act_of('C', rules), rules);
    let mut out =
        "R respond, K coordinate, P plan, U update, S solve, C close, O open again, M move, V rate\n\
                   + done, - not this person's, x not in this state, = somebody was faster\n"
            .to_owned();
    for (name, file) in
        [("waiting", waiting), ("handling", handling), ("resolved", resolved), ("closed", closed)]
    {
        let letters: String = ACTS.iter().flat_map(|c| [*c, ' ']).collect();
        writeln!(out, "\n## {name}\n{:12} {}", "", letters.trim_end()).unwrap();
        for (person, relation) in CAST {
            let relation = if person == "wang.fang" { "reporter" } else { relation };
            let ending = |letter: &char| {
                let act = Act::Issue(act_of(*letter, rules));
                match file.decide(&act, &PersonId::new(person), rules) {
                    Ok(_) => "+ ",
                    Err(Refusal::NotYours { .. }) => "- ",
                    Err(Refusal::IssueIs { .. }) => "x ",
                    Err(Refusal::AlreadyDecided { .. }) => "= ",
                    Err(other) => panic!("{person} {letter}: {other:?}"),
                }
            };
            let row: String = ACTS.iter().map(ending).collect();
            writeln!(out, "{person:12} {row}{relation}").unwrap();
        }
    }
    insta::assert_snapshot!("issues", out);
}

/// When the response is due, in minutes after the report, once it was made urgent an hour later.
fn due_after_rating(on_severity: OnSeverity) -> i64 {
    let mut company = Company::new();
    company.rates(on_severity);
    let (file, rules) = reported(&company, "important");
    let later = Rules { now: rules.now + jiff::SignedDuration::from_mins(60), ..rules };
    let act = IssueAct::Rate { issue: 1, severity: Severity::Urgent, reason: "全部门店".to_owned() };
    let rated = does(&file, "chen.jie", act, later);
    let owed = rated.owed().find(|o| o.kind == Kind::RespondIssue).unwrap();
    assert!(rated.owed().any(|o| o.kind == Kind::StartCoordination), "what is urgent is coordinated");
    owed.due_at.duration_since(rules.now).as_mins()
}

#[test]
fn what_a_change_of_severity_does_to_the_clock_is_the_policys() {
    // Two working hours from 10:00; thirty minutes from 11:00; and thirty from 10:00, which have gone.
    assert_eq!(due_after_rating(OnSeverity::Keep), 120);
    assert_eq!(due_after_rating(OnSeverity::Restart), 90);
    assert_eq!(due_after_rating(OnSeverity::Rebudget), 61);
}

#[test]
fn a_department_without_a_contact_is_answered_for_by_its_head() {
    let (whole, mut vacant) = (Company::new(), Company::new());
    let research = vacant.directory.departments.get_mut(&DepartmentId::new("YFB")).unwrap();
    research.contact = None;
    let (_, file, _) = whole.states().into_iter().find(|(name, _, _)| *name == "confirmed").unwrap();
    let rules = vacant.at("2026-11-23T10:00:00");
    let act = IssueAct::Report { draft: Box::new(draft("important", &file, rules)) };
    let file = does(&file, "wang.fang", act, rules);
    let owed = file.owed().find(|o| o.kind == Kind::RespondIssue).unwrap();
    assert_eq!(owed.debtor.person, PersonId::new("chen.jie"));
    assert!(file.decide(&Act::Issue(act_of('R', rules)), &PersonId::new("chen.jie"), rules).is_ok());
}

#[test]
fn a_request_bears_only_so_many_issues() {
    let company = Company::new();
    let (mut file, rules) = reported(&company, "general");
    let first = file.issues[0].clone();
    file.issues = (1..=200).map(|number| crate::domain::request::Issue { number, ..first.clone() }).collect();
    let act = IssueAct::Report { draft: Box::new(draft("urgent", &file, rules)) };
    let refused = file.decide(&Act::Issue(act), &PersonId::new("wang.fang"), rules).err();
    assert_eq!(refused, Some(Refusal::TooManyIssues { most: 200 }));
}

proptest! {
    /// Whoever acts, in whatever order: what is owed is what the state says, each kind once at most.
    #[test]
    fn what_is_owed_fits_the_state(
        severity in prop::sample::select(vec!["urgent", "important", "general"]),
        acts in prop::collection::vec((0_usize..ACTS.len(), 0_usize..CAST.len()), 0..25),
    ) {
        let company = Company::new();
        let (mut file, rules) = reported(&company, severity);
        for (letter, who) in acts {
            let act = Act::Issue(act_of(ACTS[letter], rules));
            if let Ok(change) = file.decide(&act, &PersonId::new(CAST[who].0), rules) {
                file = change.request;
            }
            let owed = |kind: Kind| file.owed().filter(|o| o.kind == kind && o.issue == Some(1)).count();
            let issue = file.issue(1).unwrap();
            let coordinates = usize::from(issue.is_urgent() && issue.coordination.is_none());
            let expected = match issue.state {
                IssueState::Waiting => (1, 0, 0, 0),
                IssueState::Handling => (0, 1, 1, 0),
                IssueState::Resolved => (0, 0, 0, 1),
                IssueState::Closed => (0, 0, 0, 0),
            };
            let (responds, resolves) = (owed(Kind::RespondIssue), owed(Kind::ResolveIssue));
            let (updates, agrees) = (owed(Kind::UpdateIssue), owed(Kind::CloseIssue));
            prop_assert_eq!((responds, resolves, updates, agrees), expected);
            let open = issue.is_open() && issue.reopened.is_empty();
            prop_assert!(owed(Kind::StartCoordination) <= usize::from(issue.is_open()));
            prop_assert!(!open || owed(Kind::StartCoordination) == coordinates);
            // Agreement is the reporting side's.
            let mine = |o: &&Obligation| o.issue == Some(1) && o.kind != Kind::CloseIssue;
            prop_assert!(file.owed().filter(mine).all(|o| o.department == issue.report.department));
        }
    }
}
