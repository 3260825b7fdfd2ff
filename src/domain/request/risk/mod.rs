//! 风险预案: what may go wrong, what is done then, and when that begins by itself.
//!
//! Invariants: a number is given once per request and never again; a threshold fires once per crossing, which is the
//! task, the working days, and the planned day that was missed: another planned day is another crossing.

use serde::{Deserialize, Serialize};

use super::Request;
use super::work::Rules;
use crate::domain::change::{Change, Refusal};
use crate::domain::{Date, PersonId, Timestamp};

mod firing;
pub mod form;
mod looking;
mod planning;
#[cfg(test)]
mod tests;

pub use form::Draft;

/// What a person does with the risk plans of a request, names already resolved.
#[derive(Clone, Debug)]
pub enum RiskAct {
    /// One more.
    Plan { draft: Box<Draft> },
    /// Its fields, all of them; what was fired stays.
    Change { risk: i64, draft: Box<Draft> },
    /// It is not watched any more.
    Retire { risk: i64 },
    /// It came, and somebody says so.
    Fire { risk: i64, reason: String },
}

/// One risk plan (F8).
#[derive(Clone, Debug, PartialEq)]
pub struct Risk {
    /// From 1 within the request.
    pub number: i64,
    /// What is planned.
    pub plan: Plan,
    /// Whether it is watched.
    pub state: RiskState,
    /// Who planned it.
    pub planned_by: PersonId,
    /// When.
    pub planned_at: Timestamp,
    /// 触发记录, oldest first.
    pub firings: Vec<Firing>,
    /// When it is looked at again by itself; `None`: only when somebody acts.
    pub looks_at: Option<Timestamp>,
}

/// The fields that people fill in.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// 风险类型
    pub kind: RiskKind,
    /// 风险描述
    pub description: String,
    /// 可能性
    pub likelihood: Level,
    /// 影响程度
    pub impact: Level,
    /// 应对措施
    pub measure: String,
    /// 负责人
    pub owner: PersonId,
    /// Who is called besides.
    pub superior: Option<PersonId>,
    /// Working days for the measure, once it is a task.
    pub measure_days: i64,
    /// 触发条件
    pub trigger: Trigger,
}

/// 风险类型
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskKind {
    /// 资源不足
    Resources,
    /// 进度延迟
    Delay,
    /// 部门冲突
    Conflict,
    /// 外部变化
    External,
    /// 其他
    Other,
}

/// 高, 中, 低
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 高
    High,
    /// 中
    Medium,
    /// 低
    Low,
}

/// 触发条件
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// Somebody says so.
    ByHand,
    /// A task is more than so many working days late; one or two thresholds, rising.
    Late { watched: Watched, thresholds: Vec<i64> },
}

/// What is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watched {
    /// One task or milestone.
    Task(i64),
    /// Every task that is on the critical path then.
    Path,
}

/// Whether a plan is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskState {
    /// 监控中
    Watching,
    /// 已停用
    Retired,
}

impl RiskState {
    /// The name in text keys and exports.
    pub fn name(self) -> &'static str {
        match self {
            RiskState::Watching => "watching",
            RiskState::Retired => "retired",
        }
    }
}

/// That a plan fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firing {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub cause: Cause,
    /// The task that the measure became; `None` where it was one already.
    pub measure: Option<i64>,
}

/// Why a plan fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A task is late.
    Late {
        /// Which.
        task: i64,
        /// More than so many working days.
        threshold: i64,
        /// How many they were.
        days: i64,
        /// The planned day that was missed.
        planned: Date,
    },
    /// Somebody said so.
    ByHand {
        /// Who.
        by: PersonId,
        /// Why.
        reason: String,
    },
}

/// A task that is late today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late {
    /// Which.
    pub task: i64,
    /// By so many working days.
    pub days: i64,
    /// The planned day that was missed.
    pub planned: Date,
    /// It is on the critical path.
    pub on_path: bool,
}

/// The number within the request, `R1`; the full one is `2026-Q4-SCB-001-R1`.
pub fn short(number: i64) -> String {
    format!("R{number}")
}

impl Risk {
    /// Its owner, and the superior whom it calls.
    pub fn named(&self) -> impl Iterator<Item = &PersonId> {
        [Some(&self.plan.owner), self.plan.superior.as_ref()].into_iter().flatten()
    }

    /// What has to fire, given what is late: each threshold that is crossed and was not before.
    pub fn crossings(&self, late: &[Late]) -> Vec<Cause> {
        let Trigger::Late { watched, thresholds } = &self.plan.trigger else { return Vec::new() };
        let watches = |l: &&Late| match watched {
            Watched::Task(number) => l.task == *number,
            Watched::Path => l.on_path,
        };
        let crossed = |l: &Late| {
            let Late { task, days, planned, .. } = *l;
            let over = thresholds.iter().filter(move |t| days > **t);
            over.map(move |threshold| Cause::Late { task, threshold: *threshold, days, planned })
                .collect::<Vec<_>>()
        };
        match self.state {
            RiskState::Retired => Vec::new(),
            RiskState::Watching => {
                let all = late.iter().filter(watches).flat_map(crossed);
                all.filter(|cause| !self.firings.iter().any(|f| f.cause.is_same_crossing(cause))).collect()
            }
        }
    }

    /// Whether a cause calls the superior: by hand, and the last of the thresholds.
    pub fn calls_superior(&self, cause: &Cause) -> bool {
        match (cause, &self.plan.trigger) {
            (Cause::Late { threshold, .. }, Trigger::Late { thresholds, .. }) => {
                thresholds.last().is_none_or(|last| last == threshold)
            }
            (Cause::ByHand { .. } | Cause::Late { .. }, _) => true,
        }
    }
}

impl Cause {
    fn is_same_crossing(&self, other: &Cause) -> bool {
        match (self, other) {
            (
                Cause::Late { task, threshold, planned, .. },
                Cause::Late { task: t, threshold: n, planned: p, .. },
            ) => (task, threshold, planned) == (t, n, p),
            (Cause::ByHand { .. }, _) | (_, Cause::ByHand { .. }) => false,
        }
    }
}

impl Request {
    /// Decides on an act about risk plans.
    pub(super) fn on_risk(&self, act: &RiskAct, by: &PersonId, rules: Rules) -> Result<Change, Refusal> {
        match act {
            RiskAct::Plan { draft } => self.plan_risk(by, draft, rules),
            RiskAct::Change { risk, draft } => self.change_risk(by, (*risk, draft), rules),
            RiskAct::Retire { risk } => self.retire_risk(by, *risk, rules),
            RiskAct::Fire { risk, reason } => self.fire_risk(by, (*risk, reason), rules),
        }
    }

    /// The risk plan with this number.
    pub fn risk(&self, number: i64) -> Option<&Risk> {
        self.risks.iter().find(|r| r.number == number)
    }
}
