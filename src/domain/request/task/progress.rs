//! 进度: what was done today, what comes next; the round that asks for it, and who hears when nothing is said.
//!
//! Invariants: nobody is asked who has reported today or who waits for a predecessor; a report counts for its day.

use serde::{Deserialize, Serialize};

use super::{Task, TaskState};
use crate::domain::change::{Change, Refusal, Value, with};
use crate::domain::obligation::{Kind, Outcome};
use crate::domain::permission::{Authority, Doing};
use crate::domain::policy::Audience;
use crate::domain::request::work::{Rules, Work};
use crate::domain::request::{Request, State};
use crate::domain::{Date, ObligationId, PersonId, Timestamp};

/// What somebody says about a task (F5), checked by [`super::form::reporting`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reporting {
    /// 完成率, 0 to 100; 100 finishes the task.
    pub percent: i64,
    /// 已完成
    pub done: String,
    /// 未完成原因
    pub why_not: String,
    /// 下一步计划
    pub next: String,
    /// 风险
    pub risk: String,
}

/// A report as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// For which day.
    pub day: Date,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// What was said.
    pub said: Reporting,
}

impl Task {
    /// Whether it was reported on that day.
    pub fn reported_on(&self, day: Date) -> bool {
        self.report.as_ref().is_some_and(|r| r.day == day)
    }
}

impl Request {
    /// Takes reports on own tasks; the first one on a task starts it, 100 % finishes it.
    pub(in crate::domain::request) fn report(
        &self,
        by: &PersonId,
        reports: &[(i64, Reporting)],
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let mut authority = Authority::default();
        for (number, said) in reports {
            authority = self.may_report(by, (*number, said), rules)?;
        }
        let mut work = Work::by(self, by, authority, rules);
        for (number, said) in reports {
            work.take_report((*number, said), by);
        }
        let line = |(number, said): &(i64, Reporting)| format!("{number} · {}% {}", said.percent, said.done);
        let text = reports.iter().map(line).collect::<Vec<_>>().join("\n");
        let count = i64::try_from(reports.len()).unwrap_or(i64::MAX);
        let params = with([("count", Value::Number(count)), ("text", Value::Text(text))]);
        Ok(work.done("reported", params, "reported"))
    }

    fn may_report(
        &self,
        by: &PersonId,
        (number, said): (i64, &Reporting),
        rules: Rules,
    ) -> Result<Authority, Refusal> {
        let task = self.task(number).ok_or(Refusal::NoSuchTask { number })?;
        let authority = self.case(rules).may_on(by, Doing::WorkOn, task)?;
        if self.state != State::InProgress {
            return Err(self.not_now());
        }
        match task.state {
            TaskState::Done => Err(Refusal::TaskIs { number, state: task.state.name().to_owned() }),
            TaskState::Waiting => self.nothing_blocks(task).map(|()| authority),
            TaskState::Doing if said.percent == 100 => self.nothing_blocks(task).map(|()| authority),
            TaskState::Doing => Ok(authority),
        }
    }

    /// The daily round looks at every task in progress and asks for those that nothing was said about.
    pub(in crate::domain::request) fn ask_for_progress(&self, day: Date, rules: Rules) -> Option<Change> {
        let mut work = Work::by_clock(self, rules);
        let fresh = |t: &&Task| t.state == TaskState::Doing && t.asked_on.is_none_or(|d| d < day);
        let doing: Vec<Task> = self.tasks.iter().filter(fresh).cloned().collect();
        if doing.is_empty() || self.state != State::InProgress {
            return None;
        }
        let mut asked = 0;
        for task in doing {
            if let Some(mine) = work.task(task.number) {
                mine.asked_on = Some(day);
            }
            work.settle_task(Kind::ReportProgress, task.number, Outcome::Lapsed);
            if task.reported_on(day) || !self.blockers(&task).is_empty() {
                continue;
            }
            let due =
                rules.policy.rows.get(&Kind::ReportProgress).map(|r| r.due.from(rules.now, rules.calendar));
            let Some(due) = due else { continue };
            work.owe_task(Kind::ReportProgress, &task, due);
            asked += 1;
        }
        Some(work.ticked("progress_asked", with([("count", Value::Number(asked))])))
    }
}

impl Work<'_> {
    fn take_report(&mut self, (number, said): (i64, &Reporting), by: &PersonId) {
        let (now, day) = (self.rules.now, self.rules.today());
        let Some(task) = self.task(number) else { return };
        task.percent = said.percent;
        task.misses = 0;
        task.report = Some(Reported { day, by: by.clone(), at: now, said: said.clone() });
        if task.state == TaskState::Waiting {
            task.state = TaskState::Doing;
            task.started_at = Some(now);
        }
        self.settle_task(Kind::ReportProgress, number, Outcome::Met);
        if !said.risk.is_empty() {
            let mut params = self.about_task(number);
            params.insert("risk".to_owned(), Value::Text(said.risk.clone()));
            let initiator = self.request.initiator.clone();
            self.news([initiator], "risk_reported", params);
        }
        if said.percent == 100 {
            self.complete(number);
        }
    }

    /// A round went by without a report: so many in a row, and the head hears.
    pub(in crate::domain::request) fn missed(&mut self, id: &ObligationId, hearers: &[Audience]) {
        let Some(obligation) = self.request.obligations.iter().find(|o| &o.id == id).cloned() else { return };
        let Some(number) = obligation.task else { return };
        let most = self.rules.policy.progress.misses;
        let Some(task) = self.task(number) else { return };
        task.misses += 1;
        if task.misses != i64::from(most) {
            return;
        }
        let mut params = self.about_task(number);
        params.insert("count".to_owned(), Value::Number(i64::from(most)));
        let case = self.request.case(self.rules);
        let told: Vec<PersonId> =
            hearers.iter().filter_map(|who| case.hearer(&obligation, *who)).map(|h| h.person).collect();
        self.news(told, "progress_missed", params);
    }
}
