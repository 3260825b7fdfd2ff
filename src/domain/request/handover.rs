//! What is owed passes to somebody else: handed over by hand (转交), or because people come and go.
//!
//! Invariant: the clock of what is owed does not move with it: opened, delivered, due and ladder stay as they are.

use super::Request;
use super::work::{Rules, Work};
use crate::domain::change::{Change, Notice, Refusal, To, Value, What, with};
use crate::domain::directory::Holder;
use crate::domain::obligation::{Kind, Obligation};
use crate::domain::permission::{Authority, Case, Doing};
use crate::domain::{DepartmentId, ObligationId, PersonId};

/// Somebody hands over what is owed.
#[derive(Clone, Debug)]
pub struct HandingOver {
    /// Who takes it.
    pub to: PersonId,
    /// Of which department, where several things wait.
    pub department: Option<DepartmentId>,
    /// Why; may be empty.
    pub reason: String,
}

impl Request {
    /// 转交: everything that the actor owes here, or the one thing that he may hand over for others.
    pub(super) fn hand_over(
        &self,
        by: &PersonId,
        handing: &HandingOver,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let (chosen, authority) = self.handed_over(by, handing, rules)?;
        if chosen.iter().all(|o| o.debtor.person == handing.to) {
            return Err(Refusal::OwesAlready { person: handing.to.clone() });
        }
        let mut work = Work::by(self, by, authority, rules);
        let to = Holder { person: handing.to.clone(), instead_of: None };
        let mut params = with([
            ("to", Value::Person(handing.to.clone())),
            ("reason", Value::Text(handing.reason.clone())),
        ]);
        for (n, obligation) in (1..).zip(chosen.iter().filter(|o| o.debtor.person != handing.to)) {
            work.passes(&obligation.id, to.clone(), true);
            params.insert(format!("kind{n}"), crate::domain::change::kind_key(obligation.kind));
            params.insert(format!("person{n}"), Value::Person(obligation.debtor.person.clone()));
        }
        params.insert("by".to_owned(), Value::Person(by.clone()));
        let former = chosen.iter().map(|o| o.debtor.person.clone()).filter(|p| p != &handing.to);
        work.news(former, "handed_over", params.clone());
        Ok(work.done("handed_over", params, "handed_over"))
    }

    /// The obligations that are meant, and under whose authority they pass.
    fn handed_over(
        &self,
        by: &PersonId,
        handing: &HandingOver,
        rules: Rules,
    ) -> Result<(Vec<&Obligation>, Authority), Refusal> {
        let case = self.case(rules);
        let meant = |o: &&Obligation| handing.department.as_ref().is_none_or(|d| d == &o.department);
        let open: Vec<&Obligation> = self.owed().filter(meant).collect();
        let own: Vec<&Obligation> = open.iter().copied().filter(|o| &o.debtor.person == by).collect();
        if !own.is_empty() {
            return Ok((own, Authority::default()));
        }
        let may = |o: &Obligation| case.may(by, Doing::HandOver, Some(case.request.owing_side(o)));
        let allowed: Vec<&Obligation> = open.iter().copied().filter(|o| may(o).is_ok()).collect();
        match (open.as_slice(), allowed.as_slice()) {
            ([], _) => Err(Refusal::NobodyOwes),
            (_, [one]) => Ok((vec![one], may(one)?)),
            ([first, ..], []) => Err(may(first).err().unwrap_or(Refusal::NobodyOwes)),
            (_, several) => {
                Err(Refusal::which_department(several.iter().map(|o| o.department.clone()).collect()))
            }
        }
    }
}

impl Work<'_> {
    /// Whoever holds the duty today owes it from now on. `None`: he does already.
    pub(super) fn rehome(mut self, id: &ObligationId) -> Option<Change> {
        let before = self.open(id)?.clone();
        let holder = self.case().duty_of(&before)?;
        if holder == before.debtor {
            return None;
        }
        let moved = holder.person != before.debtor.person;
        let mut params = self.facts(id)?;
        params.insert("from".to_owned(), Value::Person(before.debtor.person.clone()));
        params.insert("debtor".to_owned(), Value::Person(holder.person.clone()));
        match moved {
            true => self.passes(id, holder, before.transferred),
            false => self.open(id)?.debtor = holder,
        }
        Some(self.ticked("rehomed", params))
    }

    /// Another debtor; he is asked with the card and its buttons.
    fn passes(&mut self, id: &ObligationId, to: Holder, transferred: bool) {
        let request = self.request.id.clone();
        let Some(obligation) = self.open(id) else { return };
        obligation.debtor = to.clone();
        obligation.transferred = transferred;
        // What one promised binds no other.
        obligation.promise = None;
        let (urgent, waits) = (obligation.urgent, obligation.delivered_at.is_none());
        let of_issue = obligation.issue.map(|issue| (issue, super::ladder::facts(obligation)));
        let what = match of_issue {
            None => What::Asked { request, obligation: id.clone() },
            Some((issue, with)) => {
                let news = "yours".to_owned();
                What::Trouble { request, issue, news, with, obligation: Some(id.clone()), rung: None }
            }
        };
        // Several at once, after a handover of everything, come as one message.
        let starts = waits.then(|| id.clone());
        self.notify(Notice { to: To::Person(to.person), what, urgent, late: !transferred, starts });
    }
}

impl Case<'_> {
    /// Who owes it today: whom it was handed to, else the holder of the office that it is a duty of.
    pub fn duty_of(&self, obligation: &Obligation) -> Option<Holder> {
        let (directory, today) = (self.directory, self.today);
        let in_person = obligation.transferred.then(|| directory.present(&obligation.debtor.person, today));
        in_person.flatten().or_else(|| match obligation.kind {
            Kind::ApproveRequest => {
                let seat = self.request.approvals.iter().find(|a| a.asked.as_ref() == Some(&obligation.id));
                match seat {
                    Some(seat) => self.holder_of(seat),
                    None => self.approvers().into_iter().next(),
                }
            }
            Kind::ConfirmRequest => directory.contact(&obligation.department, today),
            Kind::AnswerObjection | Kind::AcceptDelivery => directory
                .present(&self.request.initiator, today)
                .or_else(|| directory.head(&self.request.department, today)),
            Kind::FinishTask | Kind::ReportProgress => {
                let task = self.request.task(obligation.task?)?;
                let head = || directory.head(&task.plan.lead, today);
                directory.present(&task.plan.owner, today).or_else(head)
            }
            Kind::Decide => {
                let decider = &self.request.decision(obligation.decision?)?.decider;
                let (head, above) = (
                    directory.head(&obligation.department, today),
                    directory.supervisor(&obligation.department, today),
                );
                let left = |h: &Holder| &h.person != decider;
                directory.present(decider, today).or(head.filter(left)).or(above)
            }
            Kind::Improve => {
                let owner = &self.request.improvement(obligation.improvement?)?.owner;
                let head = directory.head(&obligation.department, today).filter(|h| &h.person != owner);
                let above = || directory.supervisor(&obligation.department, today);
                directory.present(owner, today).or(head).or_else(above)
            }
            Kind::CloseIssue => {
                let reporter = &self.request.issue(obligation.issue?)?.reporter;
                let head = || directory.head(&obligation.department, today);
                directory.present(reporter, today).or_else(head)
            }
            Kind::RespondIssue | Kind::StartCoordination => directory.contact(&obligation.department, today),
            Kind::UpdateIssue | Kind::ResolveIssue => {
                let resolver = self.request.issue(obligation.issue?)?.resolver.as_ref();
                let present = resolver.and_then(|p| directory.present(p, today));
                present.or_else(|| directory.contact(&obligation.department, today))
            }
            Kind::Arbitrate => {
                let Holder { person, instead_of } = &obligation.debtor;
                let chosen = directory.present(instead_of.as_ref().unwrap_or(person), today);
                let (own, other) = (&self.request.department, &obligation.department);
                chosen.or_else(|| directory.common_superior(own, other, today))
            }
        })
    }
}
