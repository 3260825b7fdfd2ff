//! 稍后: whoever owes asks for peace until a moment and promises something by then.
//!
//! Invariants: the deadline and what others hear do not move; only the debtor's own reminders rest. An obligation has at
//! most one promise, the newest; once its time has come it is said once and stays in the history as kept or broken.

use super::ladder::facts;
use super::work::{Rules, Work};
use super::{Obligation, Request};
use crate::domain::change::{Change, Notice, Refusal, To, Value, What, with};
use crate::domain::directory::Holder;
use crate::domain::obligation::{Kind, Promise};
use crate::domain::permission::Authority;
use crate::domain::{DepartmentId, ObligationId, PersonId, Timestamp};

/// A promise as it was given.
#[derive(Clone, Debug)]
pub struct Snoozing {
    /// Of which department, where somebody owes for several.
    pub department: Option<DepartmentId>,
    /// By when: a time to come, which the form has seen to.
    pub until: Timestamp,
    /// What; may be empty.
    pub words: String,
}

impl Request {
    /// Lets reminders to the debtor rest until the promise's time, and tells those who wait.
    pub(super) fn snooze(&self, by: &PersonId, given: &Snoozing, rules: Rules) -> Result<Change, Refusal> {
        let today = rules.today();
        let is_own = |o: &&Obligation| {
            let debtor = &o.debtor;
            let stands_in = rules.directory.acts_for(by, &debtor.person, today);
            &debtor.person == by || debtor.instead_of.as_ref() == Some(by) || stands_in
        };
        let about = |o: &&Obligation| given.department.as_ref().is_none_or(|d| d == &o.department);
        let own: Vec<Obligation> = self.owed().filter(about).filter(is_own).cloned().collect();
        let Some(first) = own.first() else {
            let who: Vec<Holder> = self.owed().filter(about).map(|o| o.debtor.clone()).collect();
            return Err(if who.is_empty() { Refusal::NobodyOwes } else { Refusal::NotYours { who } });
        };
        let in_place_of = if &first.debtor.person == by {
            first.debtor.instead_of.clone()
        } else {
            Some(first.debtor.person.clone())
        };
        let beyond = given.until > first.due_at;
        let due = first.due_at;
        let authority = Authority { on_behalf_of: in_place_of.filter(|absent| absent != by) };
        let mut work = Work::by(self, by, authority, rules);
        let promise = Promise { until: given.until, words: given.words.clone(), by: by.clone(), open: true };
        for o in work.request.obligations.iter_mut().filter(|o| own.iter().any(|mine| mine.id == o.id)) {
            o.promise = Some(promise.clone());
        }
        let params = with([
            ("by", Value::Person(by.clone())),
            ("until", Value::Moment(given.until)),
            ("due", Value::Moment(due)),
            ("text", Value::Text(given.words.clone())),
        ]);
        let waiting: Vec<PersonId> = own.iter().flat_map(|o| self.waiting_for(o)).collect();
        let outcome = if beyond { "snoozed_beyond" } else { "snoozed" };
        work.news(waiting, outcome, params.clone());
        Ok(work.done(outcome, params, outcome))
    }

    /// Who waits for an obligation: the initiator, or the one who objected; for a ruling both.
    fn waiting_for(&self, owed: &Obligation) -> Vec<PersonId> {
        let round = self.open_rounds().find(|r| r.department == owed.department);
        let objector = round.map(|r| r.by.clone());
        match owed.kind {
            Kind::ApproveRequest | Kind::ConfirmRequest | Kind::FinishTask | Kind::ReportProgress => {
                vec![self.initiator.clone()]
            }
            Kind::AnswerObjection => objector.into_iter().collect(),
            Kind::AcceptDelivery => self.tasks.iter().map(|t| t.plan.owner.clone()).collect(),
            Kind::Decide => {
                let asked = owed.decision.and_then(|n| self.decision(n));
                asked.map(|d| d.asked_by.clone()).into_iter().collect()
            }
            Kind::Improve => {
                let item = owed.improvement.and_then(|n| self.improvement(n));
                item.map(|i| i.set_by.clone()).into_iter().collect()
            }
            Kind::CloseIssue => {
                let solved = owed.issue.and_then(|n| self.issue(n)).and_then(|i| i.resolved.as_ref());
                solved.map(|mark| mark.by.clone()).into_iter().collect()
            }
            Kind::RespondIssue | Kind::StartCoordination | Kind::UpdateIssue | Kind::ResolveIssue => {
                let issue = owed.issue.and_then(|n| self.issue(n));
                issue.map(|i| i.reporter.clone()).into_iter().collect()
            }
            Kind::Arbitrate => objector.into_iter().chain([self.initiator.clone()]).collect(),
        }
    }
}

impl Work<'_> {
    /// The time of a promise has come and the thing is still owed: the debtor hears it once. `None`: the promise was
    /// kept or replaced.
    pub(super) fn promise_came(mut self, id: &ObligationId, until: Timestamp) -> Option<Change> {
        let open = self.request.obligations.iter_mut().find(|o| &o.id == id && o.is_open())?;
        let promise = open.promise.as_mut().filter(|p| p.open && p.until == until)?;
        promise.open = false;
        let (promise, open) = (promise.clone(), open.clone());
        if let Some(number) = self.unanswered(&open) {
            return Some(self.close_unanswered(number));
        }
        let what = What::Promised { request: self.request.id.clone(), obligation: id.clone() };
        let to = To::Person(open.debtor.person.clone());
        self.notify(Notice { to, what, urgent: open.urgent, late: false, starts: None });
        let mut params = facts(&open);
        params.insert("by".to_owned(), Value::Person(promise.by));
        params.insert("until".to_owned(), Value::Moment(until));
        Some(self.ticked("promise_broken", params))
    }
}
