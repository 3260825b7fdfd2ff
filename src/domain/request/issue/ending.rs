//! 解决、关闭、重开: the responsible side says that it is solved, the reporting side agrees, or does not.
//!
//! Invariant: what is resolved owes only the agreement; what is opened again owes as much as on the first day.

use super::{IssueState, Mark, Resolution, Said};
use crate::domain::change::{Change, Notice, Refusal, To, What};
use crate::domain::obligation::{Kind, Outcome};
use crate::domain::permission::Doing;
use crate::domain::request::Request;
use crate::domain::request::work::{Rules, Work};
use crate::domain::{ObligationId, PersonId};

use super::owing::News;

impl Request {
    /// What was done and to what effect: the reporting side is asked to agree.
    pub(in crate::domain::request) fn resolve_issue(
        &self,
        by: &PersonId,
        (number, resolution): (i64, &Resolution),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let open = &[IssueState::Waiting, IssueState::Handling];
        let (mut work, before) = self.on_one(by, (number, Doing::HandleIssue), open, rules)?;
        work.respond(number, by);
        let mark = Mark { by: by.clone(), at: rules.now };
        if let Some(issue) = work.issue(number) {
            issue.state = IssueState::Resolved;
            issue.resolution = Some(resolution.clone());
            issue.resolved = Some(mark);
        }
        for kind in [Kind::ResolveIssue, Kind::UpdateIssue] {
            work.settle_issue(kind, number, Outcome::Met);
        }
        work.settle_issue(Kind::StartCoordination, number, Outcome::Cancelled);
        let params = work.about_issue_saying(number, &resolution.effect);
        let asked = work.ask_to_close(number, ("resolved", params.clone()));
        let told: Vec<PersonId> =
            work.both_sides(&before).into_iter().filter(|p| Some(p) != asked.as_ref()).collect();
        work.tell_of_issue(told, number, ("resolved_news", params.clone()));
        Ok(work.done("issue_resolved", params, "issue_resolved"))
    }

    /// The reporting side agrees.
    pub(in crate::domain::request) fn close_issue(
        &self,
        by: &PersonId,
        number: i64,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let (mut work, before) =
            self.on_one(by, (number, Doing::CloseIssue), &[IssueState::Resolved], rules)?;
        let mark = Mark { by: by.clone(), at: rules.now };
        if let Some(issue) = work.issue(number) {
            issue.state = IssueState::Closed;
            issue.closed = Some(mark);
        }
        work.settle_issue(Kind::CloseIssue, number, Outcome::Met);
        let told = work.both_sides(&before);
        let params = work.about_issue(number);
        work.tell_of_issue(told, number, ("closed", params.clone()));
        Ok(work.done("issue_closed", params, "issue_closed"))
    }

    /// It is not solved, or it came back: also long after it was closed, and after the request is over.
    pub(in crate::domain::request) fn reopen_issue(
        &self,
        by: &PersonId,
        (number, reason): (i64, &str),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let ended = &[IssueState::Resolved, IssueState::Closed];
        let (mut work, before) = self.on_one(by, (number, Doing::CloseIssue), ended, rules)?;
        let said = Said { by: by.clone(), at: rules.now, text: reason.to_owned() };
        if let Some(issue) = work.issue(number) {
            issue.state = IssueState::Handling;
            issue.closed = None;
            issue.resolved = None;
            issue.solution = None;
            issue.reopened.push(said);
        }
        work.settle_issue(Kind::CloseIssue, number, Outcome::Met);
        let issue = work.request.issue(number).cloned().unwrap_or(before);
        let due = work.unplanned(issue.report.severity, rules.now);
        let owed = work.owe_handling(&issue, due);
        let params = work.about_issue_saying(number, reason);
        let solver = work.solver(&issue).map(|h| h.person);
        work.ask_about_issue(solver.clone(), number, (("reopened_for_you", params.clone()), owed));
        let told: Vec<PersonId> = work
            .told_of(number)
            .into_iter()
            .chain(work.responsible(&issue.report.department))
            .filter(|p| Some(p) != solver.as_ref())
            .collect();
        work.tell_of_issue(told, number, ("reopened", params.clone()));
        Ok(work.done("issue_reopened", params, "issue_reopened"))
    }
}

impl Work<'_> {
    /// Asks somebody for what is owed about an issue, unless it is the actor.
    pub(super) fn ask_about_issue(
        &mut self,
        person: Option<PersonId>,
        number: i64,
        ((news, params), owed): (News<'_>, Option<ObligationId>),
    ) {
        let Some(person) = person.filter(|p| Some(p) != self.actor().0) else { return };
        let urgent = self.request.issue(number).is_some_and(super::Issue::is_urgent);
        let what = match self.trouble(number, (news, params)) {
            What::Trouble { request, issue, news, with, rung, .. } => {
                What::Trouble { request, issue, news, with, rung, obligation: owed }
            }
            other => other,
        };
        self.notify(Notice { to: To::Person(person), what, urgent, late: false, starts: None });
    }
}
