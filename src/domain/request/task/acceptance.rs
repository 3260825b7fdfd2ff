//! 验收: milestones signed off, the delivery accepted, or sent back with a reason to the tasks that fell short.
//!
//! Invariant: what was accepted is over; what was sent back is in progress again and owed anew.

use super::{Day, SignedOff, TaskState};
use crate::domain::PersonId;
use crate::domain::change::{Change, Refusal, To, Value, with};
use crate::domain::obligation::{Kind, Outcome};
use crate::domain::permission::Doing;
use crate::domain::request::work::{Rules, Work};
use crate::domain::request::{Request, State};

/// Working days for putting right what was sent back, where the plan leaves less.
const AGAIN: i32 = 3;

impl Request {
    /// A milestone that is done is signed off.
    pub(in crate::domain::request) fn sign_off(
        &self,
        by: &PersonId,
        number: i64,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let authority = self.case(rules).may(by, Doing::Accept, None)?;
        let task = self.task(number).ok_or(Refusal::NoSuchTask { number })?;
        if !task.plan.milestone || task.state != TaskState::Done {
            return Err(Refusal::TaskIs { number, state: task.state.name().to_owned() });
        }
        if let Some(signed) = &task.signed {
            let (by, at) = (Some(signed.by.clone()), signed.at);
            return Err(Refusal::AlreadyDecided { by, at, decision: "signed_off".to_owned() });
        }
        let mut work = Work::by(self, by, authority, rules);
        let signed = SignedOff { by: by.clone(), at: rules.now };
        if let Some(task) = work.task(number) {
            task.signed = Some(signed);
        }
        let params = work.about_task(number);
        let owner = work.owner_of(number);
        work.news(owner, "signed_off", params.clone());
        Ok(work.done("signed_off", params, "signed_off"))
    }

    /// The delivery is what was asked for: the request is closed, and everybody who worked on it hears.
    pub(in crate::domain::request) fn accept(&self, by: &PersonId, rules: Rules) -> Result<Change, Refusal> {
        let mut work = self.judging(by, rules)?;
        work.settle(Kind::AcceptDelivery, None, Outcome::Met);
        work.settle(Kind::Decide, None, Outcome::Cancelled);
        let signed = SignedOff { by: by.clone(), at: rules.now };
        for task in work.request.tasks.iter_mut().filter(|t| t.plan.milestone && t.signed.is_none()) {
            task.signed = Some(signed.clone());
        }
        work.request.state = State::Accepted;
        let params = with([("by", Value::Person(by.clone()))]);
        let told = self.everybody(&work);
        work.news(told, "accepted", params.clone());
        let news = work.news_of("accepted", params.clone());
        work.tell(To::Project(self.id.clone()), news);
        Ok(work.done("accepted", params, "accepted"))
    }

    /// It is not: the named tasks are taken up again, all of them where none is named.
    pub(in crate::domain::request) fn send_back_delivery(
        &self,
        by: &PersonId,
        (tasks, reason): (&[i64], &str),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let mut work = self.judging(by, rules)?;
        if let Some(number) = tasks.iter().copied().find(|n| self.task(*n).is_none()) {
            return Err(Refusal::NoSuchTask { number });
        }
        let again = rules.calendar.add_working_days(rules.today(), AGAIN);
        work.settle(Kind::AcceptDelivery, None, Outcome::Superseded);
        work.request.state = State::InProgress;
        let named = |number: i64| tasks.is_empty() || tasks.contains(&number);
        let reopened: Vec<i64> = self.tasks.iter().map(|t| t.number).filter(|n| named(*n)).collect();
        for number in &reopened {
            let Some(task) = work.task(*number) else { continue };
            task.state = TaskState::Doing;
            task.finished_at = None;
            task.signed = None;
            task.percent = task.percent.min(90);
            if task.plan.finish.date < again {
                task.plan.finish = Day { date: again, offset: None };
            }
        }
        for number in reopened {
            work.owe_if_ready(number);
            let mut params = work.about_task(number);
            params.insert("reason".to_owned(), Value::Text(reason.to_owned()));
            let owner = work.owner_of(number);
            work.news(owner, "sent_back", params);
        }
        let params = with([("by", Value::Person(by.clone())), ("reason", Value::Text(reason.to_owned()))]);
        Ok(work.done("sent_back", params, "sent_back"))
    }

    fn judging<'a>(&self, by: &PersonId, rules: Rules<'a>) -> Result<Work<'a>, Refusal> {
        let authority = self.case(rules).may(by, Doing::Accept, None)?;
        match self.state {
            State::Delivered => Ok(Work::by(self, by, authority, rules)),
            State::InReview
            | State::Returned
            | State::Confirming
            | State::Confirmed
            | State::Withdrawn
            | State::Cancelled
            | State::InProgress
            | State::Standing
            | State::Accepted => Err(self.not_now()),
        }
    }

    /// Owners of tasks, contacts and heads of the departments, the initiator.
    fn everybody(&self, work: &Work) -> Vec<PersonId> {
        let owners = self.tasks.iter().map(|t| t.plan.owner.clone());
        let sides = self.asks.iter().flat_map(|a| work.side(&a.department));
        owners.chain(sides).chain([self.initiator.clone()]).collect()
    }
}
