//! Review by the heads: approve, return with a reason, and what follows.

use super::confirmation::{decided, same_revision};
use super::work::{Rules, Work, nothing};
use super::{Approval, AskState, Content, Decision, Office, Request, State};
use crate::domain::change::{Change, Refusal, To, Value, with};
use crate::domain::obligation::{Kind, Outcome};
use crate::domain::permission::{Authority, Doing};
use crate::domain::{DepartmentId, PersonId};

/// Who has to approve a content of this initiator, in order.
pub fn chain(
    initiator: &PersonId,
    department: &DepartmentId,
    content: &Content,
    rules: Rules,
) -> Vec<Approval> {
    let head = rules.directory.head(department, rules.today()).map(|h| h.person);
    let own = head.as_ref() == Some(initiator) && !rules.policy.approval.self_approval;
    let first = if own { Office::Supervisor } else { Office::Head };
    let mut offices = vec![first];
    let limit = rules.policy.approval.general_manager_above;
    let manager = rules.directory.general_manager(rules.today()).map(|h| h.person);
    let already = match first {
        Office::Supervisor => rules.directory.supervisor(department, rules.today()).map(|h| h.person),
        Office::Head | Office::GeneralManager => head,
    };
    if content.budget.is_some_and(|b| b > limit) && manager != already {
        offices.push(Office::GeneralManager);
    }
    offices.into_iter().zip(1..).map(|(office, step)| Approval { step, office, decision: None }).collect()
}

impl Work<'_> {
    /// Asks whoever approves next.
    pub fn ask_approver(&mut self) {
        let approver = self.case().approver();
        let department = self.request.department.clone();
        self.request.state = State::InReview;
        self.owe(Kind::ApproveRequest, &department, approver);
    }

    /// Asks every department that waits; each has the time of a fresh obligation.
    pub fn dispatch(&mut self) {
        self.request.state = State::Confirming;
        let waiting: Vec<DepartmentId> = self
            .request
            .asks
            .iter_mut()
            .filter(|a| a.state == AskState::Waiting)
            .map(|ask| {
                ask.state = AskState::Open;
                ask.department.clone()
            })
            .collect();
        for department in &waiting {
            let contact = self.rules.directory.contact(department, self.rules.today());
            let asked = contact.as_ref().map(|h| h.person.clone());
            self.owe(Kind::ConfirmRequest, department, contact);
            let head = self.rules.directory.head(department, self.rules.today()).map(|h| h.person);
            let params = with([("department", Value::Department(department.clone()))]);
            self.news(head.filter(|h| Some(h) != asked.as_ref()), "dispatched", params);
        }
        self.tell(To::Project(self.request.id.clone()), self.news_of("started", nothing()));
    }

    fn record(&mut self, approved: bool, reason: &str) {
        let (by, on_behalf_of) = self.actor();
        let Some(by) = by.cloned() else { return };
        let decision = Decision {
            by,
            on_behalf_of: on_behalf_of.cloned(),
            at: self.rules.now,
            approved,
            reason: reason.to_owned(),
            revision: self.request.revision,
        };
        if let Some(open) = self.request.approvals.iter_mut().find(|a| a.decision.is_none()) {
            open.decision = Some(decision);
        }
        self.settle(Kind::ApproveRequest, None, Outcome::Met);
    }
}

impl Request {
    /// An approver says yes: the next one is asked, or the departments are.
    pub(super) fn approve(&self, by: &PersonId, seen: Option<i64>, rules: Rules) -> Result<Change, Refusal> {
        let mut work = Work::by(self, by, self.reviewer(by, seen, rules)?, rules);
        let own = by == &self.initiator;
        work.record(true, "");
        let params = with([("by", Value::Person(by.clone()))]);
        let next = work.case().approver();
        match &next {
            Some(holder) => {
                let more =
                    with([("by", Value::Person(by.clone())), ("next", Value::Person(holder.person.clone()))]);
                work.ask_approver();
                work.news([self.initiator.clone()], "approved_by", more);
            }
            None => {
                work.dispatch();
                work.news([self.initiator.clone()], "approved", params.clone());
            }
        }
        let history = if own { "approved_self" } else { "approved" };
        Ok(work.done(history, params, "approved"))
    }

    /// An approver sends it back with a reason.
    pub(super) fn send_back(
        &self,
        by: &PersonId,
        seen: Option<i64>,
        reason: &str,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let mut work = Work::by(self, by, self.reviewer(by, seen, rules)?, rules);
        work.record(false, reason);
        work.request.state = State::Returned;
        let params = with([("by", Value::Person(by.clone())), ("reason", Value::Text(reason.to_owned()))]);
        work.news([self.initiator.clone()], "returned", params.clone());
        Ok(work.done("returned", params, "returned"))
    }

    /// Whether `by` may decide now, under whose authority; the faster one is named to the slower one.
    fn reviewer(&self, by: &PersonId, seen: Option<i64>, rules: Rules) -> Result<Authority, Refusal> {
        let case = self.case(rules);
        if self.state != State::InReview {
            let last = self.approvals.iter().rev().find_map(|a| a.decision.as_ref());
            return Err(match last {
                Some(d) if !self.state.is_over() => Refusal::AlreadyDecided {
                    by: Some(d.by.clone()),
                    at: d.at,
                    decision: if d.approved { "approved" } else { "returned" }.to_owned(),
                },
                Some(_) | None => self.not_now(),
            });
        }
        // Somebody who decided an earlier step presses the same button again.
        let own = self.approvals.iter().filter_map(|a| a.decision.as_ref()).find(|d| &d.by == by);
        let authority = case.may(by, Doing::Review, None).map_err(|refusal| match own {
            Some(d) => decided(Some(&d.by), d.at, "approved"),
            None => refusal,
        })?;
        same_revision(seen, self.revision)?;
        if by == &self.initiator && !rules.policy.approval.self_approval {
            return Err(Refusal::NotYours { who: case.approver().into_iter().collect() });
        }
        Ok(authority)
    }
}
