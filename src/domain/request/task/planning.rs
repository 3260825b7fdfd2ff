//! The plan: tasks from the departments' asks, added, changed and dropped, and who hears of it.
//!
//! Invariant: what may start is owed by its owner, from the moment on which it may start; what waits is not.

use super::{Day, Draft, Plan, Task, TaskState};
use crate::domain::change::{Change, Params, Refusal, Value, with};
use crate::domain::obligation::{Kind, Outcome};
use crate::domain::permission::Doing;
use crate::domain::request::work::{Rules, Work};
use crate::domain::request::{Ask, Request, State};
use crate::domain::{Date, PersonId};

/// More tasks than this are a project of its own.
pub const MOST_TASKS: usize = 200;

impl Request {
    /// One task for each department's ask that has none yet: its lead, its contact, its date.
    pub(in crate::domain::request) fn break_down(
        &self,
        by: &PersonId,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let mut work = self.planning(by, rules)?;
        let bare: Vec<&Ask> =
            self.asks.iter().filter(|a| !self.tasks.iter().any(|t| t.plan.lead == a.department)).collect();
        for ask in &bare {
            let plan = self.plan_of(ask, rules);
            work.plan_task(plan);
        }
        if bare.is_empty() {
            return Err(Refusal::AllPlanned);
        }
        let count = i64::try_from(bare.len()).unwrap_or(i64::MAX);
        Ok(work.done("broken_down", with([("count", Value::Number(count))]), "broken_down"))
    }

    /// One more task.
    pub(in crate::domain::request) fn add_task(
        &self,
        by: &PersonId,
        draft: &Draft,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let mut work = self.planning(by, rules)?;
        if self.tasks.len() >= MOST_TASKS {
            return Err(Refusal::TooManyTasks { most: MOST_TASKS });
        }
        let number = work.plan_task(draft.plan.clone());
        let params = work.about_task(number);
        Ok(work.done("task_added", params, "task_added"))
    }

    /// Several more at once.
    pub(in crate::domain::request) fn import_tasks(
        &self,
        by: &PersonId,
        drafts: &[Draft],
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let mut work = self.planning(by, rules)?;
        if drafts.is_empty() {
            return Err(Refusal::NothingChanged);
        }
        if self.tasks.len() + drafts.len() > MOST_TASKS {
            return Err(Refusal::TooManyTasks { most: MOST_TASKS });
        }
        // A row may wait for one further down: all are in the file before the first is asked for.
        let numbers: Vec<i64> = drafts.iter().map(|draft| work.take_in(draft.plan.clone())).collect();
        numbers.iter().for_each(|number| work.announce(*number));
        let count = i64::try_from(numbers.len()).unwrap_or(i64::MAX);
        Ok(work.done("tasks_imported", with([("count", Value::Number(count))]), "tasks_imported"))
    }

    /// Its fields, all of them; who and when it concerns is asked anew.
    pub(in crate::domain::request) fn edit_task(
        &self,
        by: &PersonId,
        (number, draft): (i64, &Draft),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let mut work = self.planning(by, rules)?;
        let old = self.task(number).ok_or(Refusal::NoSuchTask { number })?;
        if old.state == TaskState::Done {
            return Err(Refusal::TaskIs { number, state: old.state.name().to_owned() });
        }
        if old.plan == draft.plan {
            return Err(Refusal::NothingChanged);
        }
        let (was, is) = (&old.plan, &draft.plan);
        let asked_anew = was.owner != is.owner || was.finish.date != is.finish.date || was.after != is.after;
        if let Some(task) = work.task(number) {
            task.plan = draft.plan.clone();
            task.proposal = None;
        }
        if asked_anew {
            work.settle_task(Kind::FinishTask, number, Outcome::Superseded);
            work.owe_if_ready(number);
        }
        let params = work.about_task(number);
        Ok(work.done("task_edited", params, "task_edited"))
    }

    /// It is not to be done after all: whatever waited for it waits no longer.
    pub(in crate::domain::request) fn drop_task(
        &self,
        by: &PersonId,
        number: i64,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let mut work = self.planning(by, rules)?;
        let task = self.task(number).ok_or(Refusal::NoSuchTask { number })?;
        if task.state == TaskState::Done {
            return Err(Refusal::TaskIs { number, state: task.state.name().to_owned() });
        }
        let params = work.about_task(number);
        let waited: Vec<i64> = self.blocked_by(number).iter().map(|t| t.number).collect();
        for kind in [Kind::FinishTask, Kind::ReportProgress] {
            work.settle_task(kind, number, Outcome::Cancelled);
        }
        work.request.tasks.retain(|t| t.number != number);
        for task in &mut work.request.tasks {
            task.plan.after.retain(|n| *n != number);
        }
        work.news([task.plan.owner.clone()], "task_dropped", params.clone());
        waited.into_iter().for_each(|n| work.owe_if_ready(n));
        work.deliver_if_all_done();
        if work.request.tasks.is_empty() {
            work.request.state = State::Confirmed;
        }
        Ok(work.done("task_dropped", params, "task_dropped"))
    }

    /// Who may plan may do so from the last confirmation until the delivery is accepted.
    fn planning<'a>(&self, by: &PersonId, rules: Rules<'a>) -> Result<Work<'a>, Refusal> {
        let authority = self.case(rules).may(by, Doing::Plan, None)?;
        match self.state {
            State::Confirmed | State::InProgress => Ok(Work::by(self, by, authority, rules)),
            State::InReview
            | State::Returned
            | State::Confirming
            | State::Withdrawn
            | State::Cancelled
            | State::Delivered
            | State::Standing
            | State::Accepted => Err(self.not_now()),
        }
    }

    fn plan_of(&self, ask: &Ask, rules: Rules) -> Plan {
        let (today, calendar) = (rules.today(), rules.calendar);
        let contact = rules.directory.contact(&ask.department, today);
        // A substitute stands in for the day; the task is the contact's own.
        let owner = contact.map(|h| h.instead_of.unwrap_or(h.person));
        let first_line = ask.task.task.lines().next().unwrap_or_default();
        let start = calendar.working_day_or_next(today);
        let finish = calendar.working_day_or_next(self.wanted_by(ask)).max(start);
        Plan {
            name: first_line.chars().take(super::form::NAME).collect(),
            lead: ask.department.clone(),
            supporting: Vec::new(),
            deciding: None,
            owner: owner.unwrap_or_else(|| self.initiator.clone()),
            start: Day { date: start, offset: None },
            finish: Day { date: finish, offset: None },
            deliverable: ask.task.deliverable.clone(),
            standard: self.content.acceptance.clone(),
            after: Vec::new(),
            milestone: false,
        }
    }
}

impl Work<'_> {
    /// The task with this number.
    pub(super) fn task(&mut self, number: i64) -> Option<&mut Task> {
        self.request.tasks.iter_mut().find(|t| t.number == number)
    }

    /// Takes a task into the file and asks its owner for it; its number.
    pub(in crate::domain::request) fn plan_task(&mut self, plan: Plan) -> i64 {
        let number = self.take_in(plan);
        self.announce(number);
        number
    }

    fn take_in(&mut self, plan: Plan) -> i64 {
        self.request.tasks_given += 1;
        let number = self.request.tasks_given;
        self.request.tasks.push(Task::new(number, plan));
        self.request.state = State::InProgress;
        number
    }

    /// The owner is asked for it, or hears of it where it has to wait.
    fn announce(&mut self, number: i64) {
        self.owe_if_ready(number);
        let waits = self.request.task(number).is_some_and(|t| !self.request.blockers(t).is_empty());
        if waits {
            let (owner, params) = (self.owner_of(number), self.about_task(number));
            self.news(owner, "task_planned", params);
        }
    }

    /// Asks the owner for a task that nothing holds up any more, unless it is asked for already.
    pub(super) fn owe_if_ready(&mut self, number: i64) {
        let Some(task) = self.request.task(number).cloned() else { return };
        let owed = self.request.owed().any(|o| o.kind == Kind::FinishTask && o.task == Some(number));
        if owed || task.state == TaskState::Done || !self.request.blockers(&task).is_empty() {
            return;
        }
        let due = self.rules.calendar.closing_of(task.plan.finish.date);
        self.owe_task(Kind::FinishTask, &task, due);
    }

    /// Whose task it is.
    pub(super) fn owner_of(&self, number: i64) -> Option<PersonId> {
        self.request.task(number).map(|t| t.plan.owner.clone())
    }

    /// Who would do these tasks today: the owner, or whoever stands in.
    pub(in crate::domain::request) fn doers(&self, tasks: &[&Task]) -> Vec<PersonId> {
        let (directory, today) = (self.rules.directory, self.rules.today());
        let holders = tasks.iter().filter_map(|task| directory.present(&task.plan.owner, today));
        holders.map(|holder| holder.person).collect()
    }

    /// What texts say about a task.
    pub(super) fn about_task(&self, number: i64) -> Params {
        let Some(task) = self.request.task(number) else { return with([("task", Value::Number(number))]) };
        let mut params = with([
            ("task", Value::Number(number)),
            ("name", Value::Text(task.plan.name.clone())),
            ("owner", Value::Person(task.plan.owner.clone())),
            ("day", day_value(task.plan.finish.date)),
        ]);
        if let (Some(by), _) = self.actor() {
            params.insert("by".to_owned(), Value::Person(by.clone()));
        }
        params
    }
}

/// A day as a parameter: worded for its reader.
pub(super) fn day_value(date: Date) -> Value {
    Value::Text(date.to_string())
}
