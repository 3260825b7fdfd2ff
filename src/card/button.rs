//! The buttons that a reader may press now.
//!
//! Invariant: a button is shown exactly when the permission table and the state allow it; pressing it asks both again.

use super::scene::Scene;
use super::{Action, Style, decision_button, improvement, issue_button, risk, say, task_button};
use crate::domain::DepartmentId;
use crate::domain::directory::Role;
use crate::domain::obligation::{Kind, Obligation};
use crate::domain::permission::Doing;
use crate::domain::request::{Ask, AskState, Request, Round, Stage, State};
use crate::intent::Want;
use crate::text::{say as text_of, word};

/// The buttons that decide something, for the reader: what the request waits for from them.
pub fn deciding(scene: &Scene, request: &Request) -> Vec<Action> {
    let mut buttons = review(scene, request);
    for ask in request.asks.iter().filter(|a| a.state == AskState::Open) {
        buttons.extend(sign(scene, request, ask));
    }
    for round in request.open_rounds() {
        buttons.extend(answer(scene, request, round));
    }
    for round in declined(request) {
        buttons.extend(hand_up(scene, request, round));
    }
    let waiting = request.asks.iter().all(|a| a.state == AskState::Waiting);
    if request.state == State::Returned && waiting && may(scene, request, Doing::Resubmit, None) {
        buttons.push(revise(scene, request));
    }
    buttons.extend(task_button::deciding(scene, request));
    buttons.extend(decision_button::deciding(scene, request));
    buttons
}

/// Those of them that answer one thing that is owed.
pub fn about(scene: &Scene, request: &Request, owed: &Obligation) -> Vec<Action> {
    if let Some(number) = owed.task {
        return task_button::on(scene, request, number);
    }
    if let Some(number) = owed.decision {
        let decision = request.decision(number);
        return decision.map(|d| decision_button::of(scene, request, d)).unwrap_or_default();
    }
    if let Some(item) = owed.improvement.and_then(|n| request.improvement(n)) {
        return improvement::on(scene, request, item);
    }
    if let Some(issue) = owed.issue.and_then(|n| request.issue(n)) {
        return issue_button::on(scene, request, issue);
    }
    let own = |action: &Action| department(&action.want).is_none_or(|d| d == owed.department.as_str());
    deciding(scene, request).into_iter().filter(own).collect()
}

fn department(want: &Want) -> Option<&str> {
    match want {
        Want::Confirm { department, .. }
        | Want::Object { department, .. }
        | Want::Estimate { department, .. }
        | Want::Decline { department, .. }
        | Want::Escalate { department, .. }
        | Want::Rule { department, .. } => department.as_deref(),
        _ => None,
    }
}

/// Everything that the reader may do with a request now.
pub fn allowed(scene: &Scene, request: &Request) -> Vec<Action> {
    let mut buttons = deciding(scene, request);
    let number = Some(request.id.to_string());
    let waiting = request.asks.iter().all(|a| a.state == AskState::Waiting);
    if request.state == State::InReview && waiting && may(scene, request, Doing::Resubmit, None) {
        buttons.push(revise(scene, request));
    }
    buttons.extend(urge(scene, request).filter(|_| scene.reader.is_some()));
    if request.owed().next().is_some() {
        let want = Want::Why { request: number.clone() };
        buttons.push(say::button(scene.lang, "why", Style::Quiet, want));
    }
    if may(scene, request, Doing::Comment, None) {
        let want = Want::Comment { request: number.clone(), text: None };
        buttons.push(say::button(scene.lang, "comment", Style::Quiet, want));
        let want = Want::Attach { request: number.clone(), url: None, name: None };
        buttons.push(say::button(scene.lang, "attach", Style::Quiet, want));
    }
    buttons.extend(reschedule(scene, request, waiting));
    if scene.reader.is_some() {
        buttons.push(say::button(scene.lang, "like", Style::Quiet, Want::Like { request: number }));
    }
    buttons.extend(decision_button::beside(scene, request));
    buttons.extend(risk::beside(scene, request));
    buttons.extend(improvement::beside(scene, request));
    buttons.extend(about_people(scene, request));
    buttons.extend(ending(scene, request, waiting));
    buttons
}

/// Handing over what one owes, letting others know, looking on.
fn about_people(scene: &Scene, request: &Request) -> Vec<Action> {
    let Some(reader) = scene.reader else { return Vec::new() };
    let number = Some(request.id.to_string());
    let mut buttons = Vec::new();
    if request.owed().any(|o| &o.debtor.person == reader) {
        let want = Want::Transfer { request: number.clone(), to: None, department: None, reason: None };
        buttons.push(say::button(scene.lang, "transfer", Style::Quiet, want));
    }
    buttons.extend(invite(scene, request));
    if may(scene, request, Doing::Copy, None) && !request.state.is_over() {
        let want = Want::Cc { request: number.clone(), people: Vec::new() };
        buttons.push(say::button(scene.lang, "cc", Style::Quiet, want));
    }
    let looks_on = request.part_of(reader).is_some();
    let concerned = request.initiator == *reader || request.owed().any(|o| &o.debtor.person == reader);
    if looks_on || !concerned {
        let (id, want) = match looks_on {
            true => ("unfollow", Want::Unfollow { request: number }),
            false => ("follow", Want::Follow { request: number }),
        };
        buttons.push(say::button(scene.lang, id, Style::Quiet, want));
    }
    buttons
}

/// Calling others in, for whoever has to approve now.
pub fn invite(scene: &Scene, request: &Request) -> Option<Action> {
    let mine = request.state == State::InReview && may(scene, request, Doing::Review, None);
    let want = Want::Cosign {
        request: Some(request.id.to_string()),
        people: Vec::new(),
        turn: None,
        rule: None,
        reason: None,
    };
    mine.then(|| say::button(scene.lang, "cosign", Style::Quiet, want))
}

/// Looking at the whole request.
pub fn show(scene: &Scene, request: &Request) -> Action {
    let want = Want::Show { request: Some(request.id.to_string()) };
    say::button(scene.lang, "show", Style::Quiet, want)
}

/// Reminding whoever else owes. A group has the button for all; whether it counts is asked at the click.
pub fn urge(scene: &Scene, request: &Request) -> Option<Action> {
    let others = request.owed().any(|o| Some(&o.debtor.person) != scene.reader);
    let may = scene.reader.is_none() || may(scene, request, Doing::Urge, None);
    let want = Want::Urge { request: Some(request.id.to_string()), reason: None };
    (others && may).then(|| say::button(scene.lang, "urge", Style::Default, want))
}

/// "Later", with a promise: for whoever owes it, and for who stands in.
pub fn snooze(scene: &Scene, request: &Request, owed: &Obligation) -> Option<Action> {
    let reader = scene.reader?;
    let debtor = &owed.debtor.person;
    let own = reader == debtor || scene.directory.acts_for(reader, debtor, scene.today);
    let (number, department) = (Some(request.id.to_string()), Some(owed.department.to_string()));
    // The department of an approval is the one that asks: it is not among those that are asked.
    let department = department.filter(|_| request.ask(&owed.department).is_some());
    let want = Want::Snooze { request: number, department, words: None };
    own.then(|| say::button(scene.lang, "snooze", Style::Quiet, want))
}

/// Another day, as long as somebody can still agree to it.
fn reschedule(scene: &Scene, request: &Request, waiting: bool) -> Option<Action> {
    let open = match request.state {
        State::InReview => waiting,
        State::Confirming | State::Confirmed => true,
        State::Returned
        | State::Withdrawn
        | State::Cancelled
        | State::InProgress
        | State::Delivered
        | State::Standing
        | State::Accepted => false,
    };
    let want = Want::Date { request: Some(request.id.to_string()), date: None, reason: None };
    let may = open && may(scene, request, Doing::Reschedule, None);
    may.then(|| say::button(scene.lang, "date", Style::Quiet, want))
}

fn ending(scene: &Scene, request: &Request, waiting: bool) -> Option<Action> {
    let number = Some(request.id.to_string());
    let before = matches!(request.state, State::InReview | State::Returned) && waiting;
    if before && may(scene, request, Doing::Withdraw, None) {
        let want = Want::Withdraw { request: number };
        let button = say::button(scene.lang, "withdraw", Style::Danger, want);
        return Some(Action { ask_first: Some(word(scene.lang, "card.ask_withdraw")), ..button });
    }
    let may_cancel = !before && !request.state.is_over() && may(scene, request, Doing::Cancel, None);
    let want = Want::Cancel { request: number, reason: None };
    may_cancel.then(|| say::button(scene.lang, "cancel", Style::Danger, want))
}

/// Whether the reader may do it; nobody in particular may do nothing in particular.
pub(super) fn may(scene: &Scene, request: &Request, doing: Doing, department: Option<&DepartmentId>) -> bool {
    let Some(reader) = scene.reader else { return false };
    let case = crate::domain::permission::Case { request, directory: scene.directory, today: scene.today };
    case.may(reader, doing, department).is_ok()
}

fn review(scene: &Scene, request: &Request) -> Vec<Action> {
    if request.state != State::InReview || !may(scene, request, Doing::Review, None) {
        return Vec::new();
    }
    let (number, version) = (Some(request.id.to_string()), Some(request.revision));
    let approve = Want::Approve { request: number.clone(), version };
    let back = Want::Return { request: number, reason: None, version };
    vec![
        say::button(scene.lang, "approve", Style::Primary, approve),
        say::button(scene.lang, "return", Style::Default, back),
    ]
}

fn sign(scene: &Scene, request: &Request, ask: &Ask) -> Vec<Action> {
    if request.state.is_over() || !may(scene, request, Doing::Sign, Some(&ask.department)) {
        return Vec::new();
    }
    let own = |a: &&Ask| a.state == AskState::Open && may(scene, request, Doing::Sign, Some(&a.department));
    let several = request.asks.iter().filter(own).count() > 1;
    let (number, version) = (Some(request.id.to_string()), Some(request.revision));
    let department = Some(ask.department.to_string());
    let confirm = Want::Confirm { request: number.clone(), department: department.clone(), version };
    let estimate = Want::Estimate { request: number.clone(), department: department.clone(), version };
    let object = Want::Object { request: number, department, reason: None, version };
    let mut buttons = vec![say::button(scene.lang, "confirm", Style::Primary, confirm)];
    if !ask.ruled {
        buttons.push(say::button(scene.lang, "object", Style::Default, object));
    }
    buttons.push(say::button(scene.lang, "estimate", Style::Quiet, estimate));
    buttons.into_iter().map(|b| named(b, several, scene, &ask.department)).collect()
}

fn answer(scene: &Scene, request: &Request, round: &Round) -> Vec<Action> {
    let about = Some(&round.department);
    let several = request.open_rounds().count() > 1;
    let (number, department) = (Some(request.id.to_string()), Some(round.department.to_string()));
    let mut buttons = Vec::new();
    if let Stage::Escalated { .. } = round.stage {
        if may(scene, request, Doing::Rule, about) {
            for (id, uphold) in [("uphold", true), ("dismiss", false)] {
                let (request, department) = (number.clone(), department.clone());
                let want = Want::Rule { request, department, uphold: Some(uphold), reason: None };
                // Neither ruling is the expected one.
                buttons.push(say::button(scene.lang, id, Style::Default, want));
            }
        }
    } else if answerable(scene, request, round) {
        // One revision answers all objections that are the reader's to answer: one button, at the first of them.
        if first_to_answer(scene, request).is_some_and(|first| first.number == round.number) {
            buttons.push(revise(scene, request));
        }
        if round.stage == Stage::Open {
            let decline =
                Want::Decline { request: number.clone(), department: department.clone(), reason: None };
            buttons.push(say::button(scene.lang, "decline", Style::Default, decline));
        }
    }
    if round.stage == Stage::Open {
        buttons.extend(hand_up(scene, request, round));
    }
    let named = |b: Action| if b.id == "revise" { b } else { named(b, several, scene, &round.department) };
    buttons.into_iter().map(named).collect()
}

fn first_to_answer<'a>(scene: &Scene, request: &'a Request) -> Option<&'a Round> {
    let open = |r: &&Round| !matches!(r.stage, Stage::Escalated { .. });
    request.open_rounds().filter(open).find(|r| answerable(scene, request, r))
}

/// The newest objections that were not followed, while their department has not signed: they may be handed up.
fn declined(request: &Request) -> impl Iterator<Item = &Round> {
    let newest =
        |r: &&Round| !request.rounds.iter().any(|l| l.department == r.department && l.number > r.number);
    let unsigned = |r: &&Round| request.ask(&r.department).is_some_and(|a| a.state == AskState::Open);
    let declined = |r: &&Round| matches!(r.stage, Stage::Declined { .. });
    request.rounds.iter().filter(declined).filter(newest).filter(unsigned)
}

fn hand_up(scene: &Scene, request: &Request, round: &Round) -> Option<Action> {
    if request.state.is_over() || !may(scene, request, Doing::Escalate, Some(&round.department)) {
        return None;
    }
    let (number, department) = (Some(request.id.to_string()), Some(round.department.to_string()));
    let want = Want::Escalate { request: number, department, reason: None };
    Some(say::button(scene.lang, "escalate", Style::Quiet, want))
}

/// The initiator and the head may answer; once it is late, the head and a coordinator: as `Request::may_answer`.
fn answerable(scene: &Scene, request: &Request, round: &Round) -> bool {
    let owed = request.owed().find(|o| o.kind == Kind::AnswerObjection && o.department == round.department);
    let late = owed.is_some_and(|o| scene.now > o.due_at);
    let head = scene.directory.head(&request.department, scene.today);
    let is_head =
        head.is_some_and(|h| Some(&h.person) == scene.reader || h.instead_of.as_ref() == scene.reader);
    let coordinator = scene.reader.is_some_and(|r| scene.directory.has_role(r, Role::Coordinator));
    match late {
        true => is_head || coordinator,
        false => may(scene, request, Doing::Answer, Some(&round.department)),
    }
}

fn revise(scene: &Scene, request: &Request) -> Action {
    let want = Want::Revise { request: Some(request.id.to_string()) };
    say::button(scene.lang, "revise", Style::Primary, want)
}

/// Where several departments have the same button, each says whose it is.
fn named(mut button: Action, several: bool, scene: &Scene, department: &DepartmentId) -> Action {
    if several {
        let name = say::department(scene, department);
        button.label = text_of(scene.lang, "button.of", &[("label", &button.label), ("department", &name)]);
        button.id = format!("{}-{department}", button.id);
    }
    button
}
