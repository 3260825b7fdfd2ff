//! Review by the heads: approve, return with a reason, and what follows.

use super::confirmation::{decided, same_revision};
use super::work::{Rules, Work, nothing};
use super::{Approval, AskState, Content, Decision, Office, Request, Seat, State};
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
    let seat = |(office, step)| Approval {
        step,
        stage: step,
        seat: Seat::Office(office),
        any: false,
        asked: None,
        decision: None,
    };
    offices.into_iter().zip(1..).map(seat).collect()
}

impl Work<'_> {
    /// Asks whoever decides next and was not asked yet.
    pub fn ask_approvers(&mut self) {
        let department = self.request.department.clone();
        self.request.state = State::InReview;
        let case = self.case();
        let unasked = self.request.sitting().filter(|seat| seat.asked.is_none());
        let holders: Vec<_> = unasked.map(|seat| (seat.step, case.holder_of(seat))).collect();
        for (step, holder) in holders {
            let asked = self.owe(Kind::ApproveRequest, &department, holder);
            self.seat(step, |seat| seat.asked = asked);
        }
    }

    fn seat(&mut self, step: i64, change: impl FnOnce(&mut Approval)) {
        if let Some(seat) = self.request.approvals.iter_mut().find(|a| a.step == step) {
            change(seat);
        }
    }

    /// Takes the question back: it is asked again when the seat's turn comes, or not at all.
    pub fn unask(&mut self, step: i64) {
        let seat = self.request.approvals.iter_mut().find(|a| a.step == step);
        if let Some(asked) = seat.and_then(|seat| seat.asked.take()) {
            self.settle_one(&asked, Outcome::Superseded);
        }
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

    /// Writes a decision down; where one of the stage is enough, the others need not decide any more.
    fn record(&mut self, step: i64, approved: bool, reason: &str) {
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
        let Some(decided) = self.request.approvals.iter_mut().find(|a| a.step == step) else { return };
        decided.decision = Some(decision);
        let (stage, enough) = (decided.stage, approved && decided.any);
        let (seat, asked) = (decided.seat.clone(), decided.asked.clone());
        self.looks_on_after(&seat);
        match asked {
            Some(asked) => self.settle_one(&asked, Outcome::Met),
            // Asked by a version of this program that did not write down whom.
            None => self.settle(Kind::ApproveRequest, None, Outcome::Met),
        }
        let spared = |a: &Approval| enough && a.stage == stage && a.decision.is_none();
        let steps: Vec<i64> = self.request.approvals.iter().filter(|a| spared(a)).map(|a| a.step).collect();
        steps.into_iter().for_each(|step| self.unask(step));
        self.request.approvals.retain(|a| !spared(a));
    }
}

impl Request {
    /// An approver says yes: the next one is asked, or the departments are.
    pub(super) fn approve(&self, by: &PersonId, seen: Option<i64>, rules: Rules) -> Result<Change, Refusal> {
        let (step, authority) = self.reviewer(by, seen, rules)?;
        let mut work = Work::by(self, by, authority, rules);
        let own = by == &self.initiator;
        work.record(step, true, "");
        let params = with([("by", Value::Person(by.clone()))]);
        let next = work.case().approvers();
        match next.first() {
            Some(holder) => {
                let more =
                    with([("by", Value::Person(by.clone())), ("next", Value::Person(holder.person.clone()))]);
                work.ask_approvers();
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
        let (step, authority) = self.reviewer(by, seen, rules)?;
        let mut work = Work::by(self, by, authority, rules);
        work.record(step, false, reason);
        work.settle(Kind::ApproveRequest, None, Outcome::Superseded);
        work.request.state = State::Returned;
        let params = with([("by", Value::Person(by.clone())), ("reason", Value::Text(reason.to_owned()))]);
        work.news([self.initiator.clone()], "returned", params.clone());
        Ok(work.done("returned", params, "returned"))
    }

    /// From which seat `by` may decide now, under whose authority; the faster one is named to the slower one.
    pub(super) fn reviewer(
        &self,
        by: &PersonId,
        seen: Option<i64>,
        rules: Rules,
    ) -> Result<(i64, Authority), Refusal> {
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
        case.may(by, Doing::Review, None).map_err(|refusal| match own {
            Some(d) => decided(Some(&d.by), d.at, "approved"),
            None => refusal,
        })?;
        same_revision(seen, self.revision)?;
        if by == &self.initiator && !rules.policy.approval.self_approval {
            return Err(Refusal::NotYours { who: case.approvers() });
        }
        case.seat_of(by).ok_or_else(|| Refusal::NotYours { who: case.approvers() })
    }
}
