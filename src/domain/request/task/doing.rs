//! 开始, 完成: a task is taken up and finished, and what that sets free.
//!
//! Invariant: a task whose predecessor is unfinished cannot start; it can be finished only with a reason, which is kept.

use super::{Task, TaskState};
use crate::domain::PersonId;
use crate::domain::change::{Change, Refusal, To, Value};
use crate::domain::obligation::{Kind, Outcome};
use crate::domain::permission::Doing;
use crate::domain::request::work::{Rules, Work};
use crate::domain::request::{Request, State};

impl Request {
    /// 开始
    pub(in crate::domain::request) fn start_task(
        &self,
        by: &PersonId,
        number: i64,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let (mut work, task) = self.working_on(by, number, rules)?;
        if task.state != TaskState::Waiting {
            return Err(Refusal::TaskIs { number, state: task.state.name().to_owned() });
        }
        self.nothing_blocks(task)?;
        if let Some(task) = work.task(number) {
            task.state = TaskState::Doing;
            task.started_at = Some(rules.now);
        }
        let params = work.about_task(number);
        work.news([self.initiator.clone()], "task_started", params.clone());
        Ok(work.done("task_started", params, "task_started"))
    }

    /// 完成
    pub(in crate::domain::request) fn finish_task(
        &self,
        by: &PersonId,
        (number, reason): (i64, &str),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let (mut work, task) = self.working_on(by, number, rules)?;
        if task.state == TaskState::Done {
            return Err(Refusal::TaskIs { number, state: task.state.name().to_owned() });
        }
        if reason.is_empty() {
            self.nothing_blocks(task)?;
        }
        let mut params = work.about_task(number);
        params.insert("reason".to_owned(), Value::Text(reason.to_owned()));
        work.complete(number);
        Ok(work.done("task_done", params, "task_done"))
    }

    /// Says what a task waits for.
    pub(super) fn nothing_blocks(&self, task: &Task) -> Result<(), Refusal> {
        let blockers = self.blockers(task);
        if blockers.is_empty() {
            return Ok(());
        }
        let named = blockers.iter().map(|t| (t.number, t.plan.name.clone(), t.plan.owner.clone())).collect();
        Err(Refusal::BlockedBy { number: task.number, by: named })
    }

    /// The task, if this person may work on it now.
    pub(super) fn working_on<'a>(
        &self,
        by: &PersonId,
        number: i64,
        rules: Rules<'a>,
    ) -> Result<(Work<'a>, &Task), Refusal> {
        let task = self.task(number).ok_or(Refusal::NoSuchTask { number })?;
        let authority = self.case(rules).may_on(by, Doing::WorkOn, task)?;
        if self.state != State::InProgress {
            return Err(self.not_now());
        }
        Ok((Work::by(self, by, authority, rules), task))
    }
}

impl Work<'_> {
    /// A task is done: what waited for it may start, and the last one delivers the request.
    pub(super) fn complete(&mut self, number: i64) {
        let now = self.rules.now;
        let Some(task) = self.task(number) else { return };
        task.state = TaskState::Done;
        task.percent = 100;
        task.misses = 0;
        task.started_at = task.started_at.or(Some(now));
        task.finished_at = Some(now);
        task.proposal = None;
        let milestone = task.plan.milestone;
        for kind in [Kind::FinishTask, Kind::ReportProgress] {
            self.settle_task(kind, number, Outcome::Met);
        }
        let freed: Vec<i64> = self.request.blocked_by(number).iter().map(|t| t.number).collect();
        freed.into_iter().for_each(|n| self.owe_if_ready(n));
        let params = self.about_task(number);
        let news = if milestone { "milestone_done" } else { "task_done" };
        let initiator = self.request.initiator.clone();
        // Even the initiator's own milestone is signed off by a click of its own.
        self.news([initiator], news, params.clone());
        if milestone {
            let said = self.news_of(news, params);
            self.tell(To::Project(self.request.id.clone()), said);
        }
        self.deliver_if_all_done();
    }

    /// Everything is done: the initiator owes the acceptance.
    pub(super) fn deliver_if_all_done(&mut self) {
        let all = self.request.tasks.iter().all(|t| t.state == TaskState::Done);
        if !all || self.request.tasks.is_empty() || self.request.state != State::InProgress {
            return;
        }
        self.request.state = State::Delivered;
        let (department, initiator) = (self.request.department.clone(), self.initiator());
        self.owe(Kind::AcceptDelivery, &department, initiator);
        let news = self.news_of("delivered", crate::domain::request::work::nothing());
        self.tell(To::Project(self.request.id.clone()), news);
    }
}
