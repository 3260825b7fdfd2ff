//! The buttons about issues that a reader may press now.
//!
//! Invariant: as in `button`: shown exactly when the permission table and the state allow it; pressing asks both again. In
//! a group whether it counts is asked at the click.

use super::scene::Scene;
use super::{Action, Style, improvement, say};
use crate::domain::permission::Doing;
use crate::domain::request::issue::{Issue, IssueState};
use crate::domain::request::{Request, State};
use crate::intent::{IssueWant, Want};

/// What the reader may do with one issue.
pub fn on(scene: &Scene, request: &Request, issue: &Issue) -> Vec<Action> {
    let may = |doing| match scene.reader {
        None => doing == Doing::HandleIssue,
        Some(reader) => scene.case(request).may_issue(reader, doing, issue).is_ok(),
    };
    let mut buttons = Vec::new();
    if may(Doing::HandleIssue) {
        handling(scene, request, issue, &mut buttons);
    }
    if may(Doing::CloseIssue) && !issue.is_open() {
        let (request, number) = (Some(request.id.to_string()), Some(issue.number));
        if issue.state == IssueState::Resolved {
            let want = IssueWant::Close { request: request.clone(), issue: number };
            buttons.push(button(scene, "close_issue", Style::Primary, want));
        }
        let want = IssueWant::Reopen { request, issue: number, reason: None };
        buttons.push(button(scene, "reopen_issue", Style::Default, want));
    }
    buttons.extend(improvement::from_issue(scene, request, issue));
    if issue.is_open() {
        let (request, number) = (Some(request.id.to_string()), Some(issue.number));
        if may(Doing::MoveIssue) {
            let want = IssueWant::Move { request: request.clone(), issue: number, to: None, reason: None };
            buttons.push(button(scene, "move_issue", Style::Quiet, want));
        }
        if may(Doing::RateIssue) {
            let want = IssueWant::Rate { request, issue: number, severity: None, reason: None };
            buttons.push(button(scene, "rate_issue", Style::Quiet, want));
        }
    }
    buttons.push(show(scene, request, issue));
    buttons
}

fn handling(scene: &Scene, file: &Request, issue: &Issue, buttons: &mut Vec<Action>) {
    let (request, number) = (Some(file.id.to_string()), Some(issue.number));
    if issue.state == IssueState::Waiting {
        let want = IssueWant::Respond { request: request.clone(), issue: number };
        buttons.push(button(scene, "respond_issue", Style::Primary, want));
    }
    if issue.is_open() && issue.is_urgent() && issue.coordination.is_none() {
        let want = IssueWant::Coordinate { request: request.clone(), issue: number, place: None };
        buttons.push(button(scene, "start_coordination", Style::Default, want));
    }
    if issue.state == IssueState::Handling {
        let style = if issue.solution.is_none() { Style::Primary } else { Style::Default };
        let want = IssueWant::Plan { request: request.clone(), issue: number, owner: None, words: None };
        buttons.push(button(scene, "plan_issue", style, want));
        let want = IssueWant::Update { request: request.clone(), issue: number, words: None };
        buttons.push(button(scene, "update_issue", Style::Default, want));
        let want = IssueWant::Resolve { request, issue: number, words: None };
        buttons.push(button(scene, "resolve_issue", Style::Default, want));
    }
}

/// Looking at one issue.
pub fn show(scene: &Scene, request: &Request, issue: &Issue) -> Action {
    let want = IssueWant::Show { request: Some(request.id.to_string()), issue: Some(issue.number) };
    button(scene, "issue", Style::Quiet, want)
}

/// Under a request: what went wrong with it, and something that does.
pub fn beside(scene: &Scene, request: &Request) -> Vec<Action> {
    let running = match request.state {
        State::Confirmed | State::InProgress | State::Delivered | State::Accepted => true,
        State::InReview
        | State::Returned
        | State::Confirming
        | State::Withdrawn
        | State::Cancelled
        | State::Standing => false,
    };
    let id = Some(request.id.to_string());
    let list = IssueWant::List { request: id.clone() };
    let list = (!request.issues.is_empty()).then(|| button(scene, "issues", Style::Quiet, list));
    let report = IssueWant::Report {
        request: id,
        task: None,
        severity: None,
        topic: None,
        department: None,
        words: None,
    };
    let report = running.then(|| button(scene, "report_issue", Style::Quiet, report));
    list.into_iter().chain(report).collect()
}

fn button(scene: &Scene, id: &str, style: Style, want: IssueWant) -> Action {
    say::button(scene.lang, id, style, Want::Issue(want))
}
