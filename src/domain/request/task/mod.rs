//! 任务: a confirmed request broken into pieces of work, from the plan to the acceptance.
//!
//! Invariants: a number is given once per request and never again; dependencies have no cycle; a task that waits for
//! an unfinished one is not in progress unless that one was reopened; 延期 is never stored, it follows from the dates.

use serde::{Deserialize, Serialize};

use super::Request;
use crate::domain::{Date, DepartmentId, PersonId, RequestId, Timestamp};

mod acceptance;
mod deciding;
mod doing;
#[cfg(test)]
pub(crate) mod fixture;
pub mod form;
mod moving;
pub mod network;
mod planning;
mod progress;
pub mod table;

pub use form::Draft;
pub use planning::MOST_TASKS;
pub use progress::{Reported, Reporting};

/// What a person does with the tasks of a request, names already resolved.
#[derive(Clone, Debug)]
pub enum TaskAct {
    /// One task for each department's ask.
    BreakDown,
    /// One more.
    Add { draft: Box<Draft> },
    /// Its fields, all of them.
    Edit { task: i64, draft: Box<Draft> },
    /// It is not to be done after all.
    Drop { task: i64 },
    /// 开始
    Start { task: i64 },
    /// 完成; a reason where something it depends on is unfinished.
    Finish { task: i64, reason: String },
    /// Another planned finish, with the reason.
    Move { task: i64, to: Date, reason: String },
    /// The initiator's answer to that.
    AnswerMove { task: i64, agreed: bool, reason: String },
    /// 进度, of one task or several.
    Report { reports: Vec<(i64, Reporting)> },
    /// A milestone is signed off.
    SignOff { task: i64 },
    /// 验收
    Accept,
    /// What was delivered is not what was asked: these tasks are taken up again.
    SendBack { tasks: Vec<i64>, reason: String },
    /// Several more, all or none; each depends only on what is planned and on the others.
    Import { drafts: Vec<Draft> },
}

/// One piece of work.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// 序号, from 1 within the request.
    pub number: i64,
    /// What it is and who does it.
    pub plan: Plan,
    /// How far it is.
    pub state: TaskState,
    /// 完成率, 0 to 100.
    pub percent: i64,
    /// 实际开始
    pub started_at: Option<Timestamp>,
    /// 实际完成
    pub finished_at: Option<Timestamp>,
    /// A change of date that the initiator has not answered yet.
    pub proposal: Option<Proposal>,
    /// What was reported last.
    pub report: Option<Reported>,
    /// The newest day on which the daily round looked at it.
    pub asked_on: Option<Date>,
    /// Rounds in a row without a report.
    pub misses: i64,
    /// Who signed the milestone off, and when.
    pub signed: Option<SignedOff>,
}

impl Task {
    /// One that nothing has happened to yet.
    pub fn new(number: i64, plan: Plan) -> Self {
        Self {
            number,
            plan,
            state: TaskState::Waiting,
            percent: 0,
            started_at: None,
            finished_at: None,
            proposal: None,
            report: None,
            asked_on: None,
            misses: 0,
            signed: None,
        }
    }
}

/// The fields of the task list (F2) that people fill in.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// 任务名称
    pub name: String,
    /// 负责部门: exactly one is accountable.
    pub lead: DepartmentId,
    /// 协办部门
    pub supporting: Vec<DepartmentId>,
    /// 决策部门
    pub deciding: Option<DepartmentId>,
    /// 负责人
    pub owner: PersonId,
    /// 计划开始
    pub start: Day,
    /// 计划完成
    pub finish: Day,
    /// 交付物名称
    pub deliverable: String,
    /// 交付标准
    pub standard: String,
    /// 依赖任务: their numbers, rising.
    pub after: Vec<i64>,
    /// 里程碑
    pub milestone: bool,
}

/// A planned day, and how it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day, a working day.
    pub date: Date,
    /// `T+n`: so many working days after the last department confirmed.
    pub offset: Option<i64>,
}

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// 待启动
    Waiting,
    /// 进行中
    Doing,
    /// 已完成
    Done,
}

impl TaskState {
    /// The name in text keys and exports.
    pub fn name(self) -> &'static str {
        match self {
            TaskState::Waiting => "waiting",
            TaskState::Doing => "doing",
            TaskState::Done => "done",
        }
    }
}

/// Another planned finish that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Who asks.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// The new day.
    pub to: Date,
    /// Why.
    pub reason: String,
}

/// A milestone's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedOff {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

impl Task {
    /// 延期: past its planned finish and not done.
    pub fn is_late(&self, today: Date) -> bool {
        self.state != TaskState::Done && today > self.plan.finish.date
    }

    /// The state as people see it, 延期 included.
    pub fn shown(&self, today: Date) -> &'static str {
        if self.is_late(today) { "late" } else { self.state.name() }
    }

    /// The number as people write it: `2026-Q4-SCB-001/3`.
    pub fn full_number(&self, request: &RequestId) -> String {
        format!("{request}/{}", self.number)
    }
}

impl Request {
    /// The task with this number.
    pub fn task(&self, number: i64) -> Option<&Task> {
        self.tasks.iter().find(|t| t.number == number)
    }

    /// What a task waits for: unfinished tasks that it depends on.
    pub fn blockers(&self, task: &Task) -> Vec<&Task> {
        let open = |t: &&Task| task.plan.after.contains(&t.number) && t.state != TaskState::Done;
        self.tasks.iter().filter(open).collect()
    }

    /// What waits for a task, itself unfinished.
    pub fn blocked_by(&self, number: i64) -> Vec<&Task> {
        let waits = |t: &&Task| t.plan.after.contains(&number) && t.state != TaskState::Done;
        self.tasks.iter().filter(waits).collect()
    }

    /// T, the day from which `T+n` is counted: when the last department signed; `None` while one has not.
    pub fn confirmed_at(&self) -> Option<Timestamp> {
        let signed = |a: &super::Ask| match &a.state {
            super::AskState::Confirmed(signature) => Some(signature.at),
            super::AskState::Waiting | super::AskState::Open | super::AskState::Objected { .. } => None,
        };
        let all: Option<Vec<Timestamp>> = self.asks.iter().map(signed).collect();
        all?.into_iter().max()
    }
}
