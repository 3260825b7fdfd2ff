//! 响应与处理: acknowledged, coordinated, planned, and reported on until it is solved.
//!
//! Invariant: whatever is done about an issue answers for it, too: nobody is asked to acknowledge what he plans already.

use super::{Issue, IssueState, Mark, Said, Solution};
use crate::domain::PersonId;
use crate::domain::change::{Change, Refusal, Value};
use crate::domain::obligation::{Kind, Outcome};
use crate::domain::permission::Doing;
use crate::domain::request::Request;
use crate::domain::request::work::{Rules, Work};

/// In these something can be done about it.
const OPEN: &[IssueState] = &[IssueState::Waiting, IssueState::Handling];

impl Request {
    /// The responsible side has heard it and takes it on.
    pub(in crate::domain::request) fn respond_to_issue(
        &self,
        by: &PersonId,
        number: i64,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let (mut work, issue) = self.on_one(by, (number, Doing::HandleIssue), OPEN, rules)?;
        if let Some(mark) = &issue.response {
            let (by, at) = (Some(mark.by.clone()), mark.at);
            return Err(Refusal::AlreadyDecided { by, at, decision: "responded".to_owned() });
        }
        work.respond(number, by);
        let told = work.told_of(number);
        let params = work.about_issue(number);
        work.tell_of_issue(told, number, ("responded", params.clone()));
        Ok(work.done("issue_responded", params, "issue_responded"))
    }

    /// The coordination has begun: where, or with which link.
    pub(in crate::domain::request) fn coordinate_issue(
        &self,
        by: &PersonId,
        (number, place): (i64, &str),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let (mut work, issue) = self.on_one(by, (number, Doing::HandleIssue), OPEN, rules)?;
        if let Some(begun) = &issue.coordination {
            let (by, at) = (Some(begun.by.clone()), begun.at);
            return Err(Refusal::AlreadyDecided { by, at, decision: "coordinated".to_owned() });
        }
        work.respond(number, by);
        work.settle_issue(Kind::StartCoordination, number, Outcome::Met);
        let said = Said { by: by.clone(), at: rules.now, text: place.to_owned() };
        if let Some(issue) = work.issue(number) {
            issue.coordination = Some(said);
        }
        let department = issue.report.department.clone();
        let told: Vec<PersonId> =
            work.told_of(number).into_iter().chain(work.responsible(&department)).collect();
        let params = work.about_issue_saying(number, place);
        work.tell_of_issue(told, number, ("coordinated", params.clone()));
        Ok(work.done("issue_coordinated", params, "issue_coordinated"))
    }

    /// F7: cause, measures, who, until when. From now on that is the clock.
    pub(in crate::domain::request) fn plan_issue(
        &self,
        by: &PersonId,
        (number, solution): (i64, &Solution),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let (mut work, issue) = self.on_one(by, (number, Doing::HandleIssue), OPEN, rules)?;
        if issue.solution.as_ref() == Some(solution) {
            return Err(Refusal::NothingChanged);
        }
        work.respond(number, by);
        if let Some(issue) = work.issue(number) {
            issue.solution = Some(solution.clone());
            issue.resolver = Some(solution.owner.clone());
        }
        work.settle_issue(Kind::ResolveIssue, number, Outcome::Superseded);
        work.settle_issue(Kind::UpdateIssue, number, Outcome::Superseded);
        let issue = work.request.issue(number).cloned().unwrap_or(issue);
        let owed = work.owe_handling(&issue, solution.due);
        let mut params = work.about_issue_saying(number, &solution.measures);
        params.insert("owner".to_owned(), Value::Person(solution.owner.clone()));
        params.insert("due".to_owned(), Value::Moment(solution.due));
        let owner = work.solver(&issue).map(|h| h.person);
        work.ask_about_issue(owner.clone(), number, (("planned_for_you", params.clone()), owed));
        let told: Vec<PersonId> =
            work.told_of(number).into_iter().filter(|p| Some(p) != owner.as_ref()).collect();
        work.tell_of_issue(told, number, ("planned", params.clone()));
        Ok(work.done("issue_planned", params, "issue_planned"))
    }

    /// A word on progress.
    pub(in crate::domain::request) fn update_issue(
        &self,
        by: &PersonId,
        (number, text): (i64, &str),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let (mut work, _) = self.on_one(by, (number, Doing::HandleIssue), OPEN, rules)?;
        work.respond(number, by);
        let said = Said { by: by.clone(), at: rules.now, text: text.to_owned() };
        if let Some(issue) = work.issue(number) {
            issue.updates.push(said);
        }
        if let Some(issue) = work.request.issue(number).cloned() {
            work.renew_progress(&issue);
        }
        let told = work.told_of(number);
        let params = work.about_issue_saying(number, text);
        work.tell_of_issue(told, number, ("updated", params.clone()));
        Ok(work.done("issue_updated", params, "issue_updated"))
    }
}

impl Work<'_> {
    /// Ends the wait for a response; nothing where there was one.
    pub(super) fn respond(&mut self, number: i64, by: &PersonId) {
        let at = self.rules.now;
        let Some(issue) = self.issue(number).filter(|i| i.state == IssueState::Waiting) else { return };
        issue.state = IssueState::Handling;
        issue.response = Some(Mark { by: by.clone(), at });
        issue.resolver = Some(by.clone());
        let issue = issue.clone();
        self.settle_issue(Kind::RespondIssue, number, Outcome::Met);
        let due = self.unplanned(issue.report.severity, at);
        self.owe_handling(&issue, due);
    }

    /// Who waits for an issue: whoever reported it, the head of the responsible department, the owner of the task.
    pub(super) fn told_of(&self, number: i64) -> Vec<PersonId> {
        let Some(issue) = self.request.issue(number) else { return Vec::new() };
        let head = self.rules.directory.head(&issue.report.department, self.rules.today()).map(|h| h.person);
        let owner = issue.report.task.and_then(|n| self.request.task(n)).map(|t| t.plan.owner.clone());
        [Some(issue.reporter.clone()), head, owner].into_iter().flatten().collect()
    }

    /// The people of both sides, whoever solves it included.
    pub(super) fn both_sides(&self, issue: &Issue) -> Vec<PersonId> {
        let solver = self.solver(issue).map(|h| h.person);
        self.told_of(issue.number).into_iter().chain(solver).collect()
    }
}
