//! Another planned finish: asked for by whoever does the work, answered by the initiator, kept with its reason.
//!
//! Invariant: a date moves only by the word of somebody who plans; until then the old one is owed.

use super::planning::day_value;
use super::{Day, Proposal, TaskState};
use crate::domain::change::{Change, Refusal, Value};
use crate::domain::obligation::{Kind, Outcome};
use crate::domain::permission::Doing;
use crate::domain::request::Request;
use crate::domain::request::work::{Rules, Work};
use crate::domain::{Date, PersonId};

impl Request {
    /// Asks for another day; whoever plans the tasks just sets it.
    pub(in crate::domain::request) fn move_task(
        &self,
        by: &PersonId,
        (number, to, reason): (i64, Date, &str),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let (mut work, task) = self.working_on(by, number, rules)?;
        if task.state == TaskState::Done {
            return Err(Refusal::TaskIs { number, state: task.state.name().to_owned() });
        }
        if task.plan.finish.date == to {
            return Err(Refusal::NothingChanged);
        }
        let mut params = work.about_task(number);
        params.insert("to".to_owned(), day_value(to));
        params.insert("reason".to_owned(), Value::Text(reason.to_owned()));
        if self.case(rules).may(by, Doing::Plan, None).is_ok() {
            work.set_finish(number, to);
            return Ok(work.done("task_moved", params, "task_moved"));
        }
        let (by, reason) = (by.clone(), reason.to_owned());
        if let Some(task) = work.task(number) {
            task.proposal = Some(Proposal { by, at: rules.now, to, reason });
        }
        let asked = work.initiator().map(|h| h.person);
        work.news(asked, "move_asked", params.clone());
        Ok(work.done("move_asked", params, "move_asked"))
    }

    /// The initiator agrees, or not.
    pub(in crate::domain::request) fn answer_move(
        &self,
        by: &PersonId,
        (number, agreed, reason): (i64, bool, &str),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let authority = self.case(rules).may(by, Doing::Plan, None)?;
        let task = self.task(number).ok_or(Refusal::NoSuchTask { number })?;
        let Some(proposal) = task.proposal.clone() else { return Err(Refusal::NothingToAnswer { number }) };
        let mut work = Work::by(self, by, authority, rules);
        let mut params = work.about_task(number);
        params.insert("to".to_owned(), day_value(proposal.to));
        params.insert("reason".to_owned(), Value::Text(reason.to_owned()));
        if let Some(task) = work.task(number) {
            task.proposal = None;
        }
        let key = if agreed { "move_agreed" } else { "move_declined" };
        if agreed {
            work.set_finish(number, proposal.to);
        }
        work.news([proposal.by], key, params.clone());
        Ok(work.done(key, params, key))
    }
}

impl Work<'_> {
    /// The new day counts: what was owed by the old one is owed by it.
    fn set_finish(&mut self, number: i64, to: Date) {
        let Some(task) = self.task(number) else { return };
        task.plan.finish = Day { date: to, offset: None };
        task.plan.start.date = task.plan.start.date.min(to);
        task.proposal = None;
        let owed = self.request.owed().any(|o| o.kind == Kind::FinishTask && o.task == Some(number));
        if owed {
            self.settle_task(Kind::FinishTask, number, Outcome::Superseded);
            self.owe_if_ready(number);
        }
        let waiting = self.doers(&self.request.blocked_by(number));
        let params = self.about_task(number);
        self.news(waiting, "predecessor_moved", params);
    }
}
