//! What a person does with issues, act by act: the table of contents of this part of the process.

use super::{Issue, IssueAct, IssueState};
use crate::domain::PersonId;
use crate::domain::change::{Change, Refusal};
use crate::domain::permission::Doing;
use crate::domain::request::work::Work;
use crate::domain::request::{Request, Rules};

impl Request {
    /// Decides on an act about issues.
    pub(in crate::domain::request) fn on_issue(
        &self,
        act: &IssueAct,
        by: &PersonId,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        match act {
            IssueAct::Report { draft } => self.report_issue(by, draft, rules),
            IssueAct::Respond { issue } => self.respond_to_issue(by, *issue, rules),
            IssueAct::Coordinate { issue, place } => self.coordinate_issue(by, (*issue, place), rules),
            IssueAct::Plan { issue, solution } => self.plan_issue(by, (*issue, solution), rules),
            IssueAct::Update { issue, text } => self.update_issue(by, (*issue, text), rules),
            IssueAct::Resolve { issue, resolution } => self.resolve_issue(by, (*issue, resolution), rules),
            IssueAct::Close { issue } => self.close_issue(by, *issue, rules),
            IssueAct::Reopen { issue, reason } => self.reopen_issue(by, (*issue, reason), rules),
            IssueAct::Move { issue, to, reason } => self.move_issue(by, (*issue, to, reason), rules),
            IssueAct::Rate { issue, severity, reason } => {
                self.rate_issue(by, (*issue, *severity, reason), rules)
            }
        }
    }

    /// The working copy for an act on one issue in one of these states.
    pub(super) fn on_one<'a>(
        &self,
        by: &PersonId,
        (number, doing): (i64, Doing),
        states: &[IssueState],
        rules: Rules<'a>,
    ) -> Result<(Work<'a>, Issue), Refusal> {
        let issue = self.issue(number).ok_or(Refusal::NoSuchIssue { number })?;
        let authority = self.case(rules).may_issue(by, doing, issue)?;
        match states.contains(&issue.state) {
            true => Ok((Work::by(self, by, authority, rules), issue.clone())),
            false => Err(Refusal::IssueIs { number, state: issue.state.name().to_owned() }),
        }
    }
}
