//! 转交与改级: another department is responsible, or it is graver or lighter than it was reported.
//!
//! Invariants: a move keeps the clock of what is owed; what a change of severity does to the clock, the policy says.

use super::{Issue, IssueState, Moved, Severity};
use crate::domain::change::{Change, Refusal, Value};
use crate::domain::obligation::{Kind, Obligation, Outcome};
use crate::domain::permission::Doing;
use crate::domain::policy::OnSeverity;
use crate::domain::request::Request;
use crate::domain::request::work::{Rules, Work};
use crate::domain::{DepartmentId, ObligationId, PersonId, Timestamp};

const OPEN: &[IssueState] = &[IssueState::Waiting, IssueState::Handling];

impl Request {
    /// Another department is responsible from now on.
    pub(in crate::domain::request) fn move_issue(
        &self,
        by: &PersonId,
        (number, to, reason): (i64, &DepartmentId, &str),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let (mut work, before) = self.on_one(by, (number, Doing::MoveIssue), OPEN, rules)?;
        if &before.report.department == to {
            return Err(Refusal::NothingChanged);
        }
        let from = before.report.department.clone();
        let moved = Moved { by: by.clone(), at: rules.now, from: from.clone(), reason: reason.to_owned() };
        let contact = work.answers_for(to);
        if let Some(issue) = work.issue(number) {
            issue.report.department = to.clone();
            issue.moves.push(moved);
            issue.resolver = issue.resolver.as_ref().and(contact.as_ref().map(|h| h.person.clone()));
        }
        let owed: Vec<ObligationId> =
            work.request.owed().filter(|o| o.issue == Some(number)).map(|o| o.id.clone()).collect();
        let mut params = work.about_issue_saying(number, reason);
        params.insert("from".to_owned(), Value::Department(from.clone()));
        for id in &owed {
            work.moves_to(id, to, contact.as_ref());
        }
        let asked = contact.map(|h| h.person);
        work.ask_about_issue(
            asked.clone(),
            number,
            (("moved_to_you", params.clone()), owed.first().cloned()),
        );
        let told: Vec<PersonId> = work
            .told_of(number)
            .into_iter()
            .chain(work.responsible(to))
            .chain(work.side(&from))
            .filter(|p| Some(p) != asked.as_ref())
            .collect();
        work.tell_of_issue(told, number, ("moved", params.clone()));
        Ok(work.done("issue_moved", params, "issue_moved"))
    }

    /// It is graver or lighter than it was reported.
    pub(in crate::domain::request) fn rate_issue(
        &self,
        by: &PersonId,
        (number, severity, reason): (i64, Severity, &str),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let (mut work, before) = self.on_one(by, (number, Doing::RateIssue), OPEN, rules)?;
        if before.report.severity == severity {
            return Err(Refusal::NothingChanged);
        }
        if let Some(issue) = work.issue(number) {
            issue.report.severity = severity;
        }
        let issue = work.request.issue(number).cloned().unwrap_or_else(|| before.clone());
        work.rate(&issue, rules.policy.issue.on_severity);
        let mut params = work.about_issue_saying(number, reason);
        let was = format!("choice.severity.{}", before.report.severity.name());
        params.insert("was".to_owned(), Value::Key(was));
        let clock = format!("choice.clock.{}", rules.policy.issue.on_severity.name());
        params.insert("clock".to_owned(), Value::Key(clock));
        let told: Vec<PersonId> =
            work.both_sides(&issue).into_iter().chain(work.responsible(&issue.report.department)).collect();
        work.tell_of_issue(told, number, ("rated", params.clone()));
        Ok(work.done("issue_rated", params, "issue_rated"))
    }
}

impl Work<'_> {
    /// What is owed passes to the other department; its clock goes on.
    fn moves_to(
        &mut self,
        id: &ObligationId,
        to: &DepartmentId,
        contact: Option<&crate::domain::directory::Holder>,
    ) {
        let Some(owed) = self.open(id) else { return };
        owed.department = to.clone();
        owed.transferred = false;
        owed.promise = None;
        if let Some(contact) = contact {
            owed.debtor = contact.clone();
        }
    }

    /// What the change of severity does to the clocks that run. The coordination is owed exactly while it is urgent.
    fn rate(&mut self, issue: &Issue, on_severity: OnSeverity) {
        match issue.is_urgent() {
            true => self.owe_coordination(issue),
            false => {
                self.settle_issue(Kind::StartCoordination, issue.number, Outcome::Cancelled);
            }
        }
        if on_severity == OnSeverity::Keep {
            return;
        }
        let now = self.rules.now;
        let from = |o: &Obligation| match on_severity {
            OnSeverity::Rebudget => o.counted_from(),
            OnSeverity::Keep | OnSeverity::Restart => now,
        };
        if let Some(before) = self.settle_issue(Kind::RespondIssue, issue.number, Outcome::Superseded) {
            let since = from(&before);
            let row = self.rules.policy.row(Kind::RespondIssue, issue.is_urgent());
            let due = row.map(|row| self.not_past(row.due.from(since, self.rules.calendar)));
            self.owe_issue(Kind::RespondIssue, issue, Some(before.debtor), due);
        }
        let unplanned = issue.solution.is_none();
        let open = |o: &Obligation| o.kind == Kind::ResolveIssue && o.issue == Some(issue.number);
        let running = self.request.owed().find(|o| open(o)).map(|o| (from(o), o.debtor.clone()));
        if let Some((since, debtor)) = running.filter(|_| unplanned) {
            self.settle_issue(Kind::ResolveIssue, issue.number, Outcome::Superseded);
            let due = self.not_past(self.unplanned(issue.report.severity, since));
            self.owe_issue(Kind::ResolveIssue, issue, Some(debtor), Some(due));
        }
    }

    /// A deadline that has gone before it was set leaves a minute, so that its step is still taken.
    fn not_past(&self, due: Timestamp) -> Timestamp {
        due.max(self.rules.now + jiff::SignedDuration::from_mins(1))
    }
}
