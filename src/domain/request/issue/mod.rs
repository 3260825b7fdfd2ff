//! 问题: something goes wrong with a request, a task or neither; it is heard at once, and climbs until somebody acts.
//!
//! Invariants: a number is given once per case file and never again; an issue that waits owes a response, one that is
//! being handled owes progress and a solution, one that is resolved owes the agreement of the side that reported it, one
//! that is closed owes nothing; only that side closes it, or its silence.

use serde::{Deserialize, Serialize};

use super::Request;
use crate::domain::{DepartmentId, PersonId, RequestId, Timestamp};

mod deciding;
mod ending;
pub mod form;
mod handling;
mod moving;
mod owing;
mod reporting;
mod standing;
mod unanswered;

pub use form::Draft;
pub use standing::{Standing, fits_standing, stand};

/// What a person does with the issues of a case file, names already resolved.
#[derive(Clone, Debug)]
pub enum IssueAct {
    /// 反馈问题
    Report { draft: Box<Draft> },
    /// 响应
    Respond { issue: i64 },
    /// 协调会已启动: where, or the link.
    Coordinate { issue: i64, place: String },
    /// 解决方案
    Plan { issue: i64, solution: Box<Solution> },
    /// 处理进展
    Update { issue: i64, text: String },
    /// 已解决
    Resolve { issue: i64, resolution: Box<Resolution> },
    /// The side that reported it agrees that it is solved.
    Close { issue: i64 },
    /// It is not, or it came back.
    Reopen { issue: i64, reason: String },
    /// Another department is responsible.
    Move { issue: i64, to: DepartmentId, reason: String },
    /// 严重程度 changes.
    Rate { issue: i64, severity: Severity, reason: String },
}

/// 严重程度, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// 紧急
    Urgent,
    /// 重要
    Important,
    /// 一般
    General,
}

impl Severity {
    /// All of them, the gravest first.
    pub const ALL: [Severity; 3] = [Severity::Urgent, Severity::Important, Severity::General];

    /// The name in forms, text keys and exports.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Urgent => "urgent",
            Severity::Important => "important",
            Severity::General => "general",
        }
    }
}

/// 问题类型
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// 技术
    Technical,
    /// 资源
    Resource,
    /// 流程
    Process,
    /// 其他
    Other,
}

impl Topic {
    /// All of them, in the order of the form.
    pub const ALL: [Topic; 4] = [Topic::Technical, Topic::Resource, Topic::Process, Topic::Other];

    /// The name in forms, text keys and exports.
    pub fn name(self) -> &'static str {
        match self {
            Topic::Technical => "technical",
            Topic::Resource => "resource",
            Topic::Process => "process",
            Topic::Other => "other",
        }
    }
}

/// How far an issue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssueState {
    /// 待响应
    Waiting,
    /// 处理中
    Handling,
    /// 已解决: the side that reported it has not agreed yet.
    Resolved,
    /// 已关闭
    Closed,
}

impl IssueState {
    /// The name in text keys and exports.
    pub fn name(self) -> &'static str {
        match self {
            IssueState::Waiting => "waiting",
            IssueState::Handling => "handling",
            IssueState::Resolved => "resolved",
            IssueState::Closed => "closed",
        }
    }
}

/// The fields of the issue report (F6) that people fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// 关联任务
    pub task: Option<i64>,
    /// 问题类型
    pub topic: Topic,
    /// 严重程度
    pub severity: Severity,
    /// 问题描述
    pub text: String,
    /// 影响范围
    pub scope: String,
    /// 发生时间
    pub happened_at: Timestamp,
    /// 预计解决时间
    pub fix_by: Option<Timestamp>,
    /// 责任部门
    pub department: DepartmentId,
}

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    /// From 1 within the case file.
    pub number: i64,
    /// What was reported; severity and department are those of now.
    pub report: Report,
    /// 反馈人
    pub reporter: PersonId,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// It was reported long after it happened.
    pub late: bool,
    /// How far it is.
    pub state: IssueState,
    /// 响应
    pub response: Option<Mark>,
    /// 协调会
    pub coordination: Option<Said>,
    /// F7, as it was agreed last.
    pub solution: Option<Solution>,
    /// Whoever solves it, since the response.
    pub resolver: Option<PersonId>,
    /// 处理进展, oldest first.
    pub updates: Vec<Said>,
    /// What was done, and to what effect.
    pub resolution: Option<Resolution>,
    /// When it was resolved, and by whom.
    pub resolved: Option<Mark>,
    /// Who agreed that it is solved; nobody where it closed by itself.
    pub closed: Option<Mark>,
    /// How often and why it was opened again, oldest first.
    pub reopened: Vec<Said>,
    /// The same trouble reported again, oldest first; only so many are kept.
    pub also: Vec<Said>,
    /// How often it was reported in all.
    pub count: i64,
    /// When it was reported last.
    pub heard_at: Timestamp,
    /// Departments that were responsible before, oldest first.
    pub moves: Vec<Moved>,
}

/// Somebody did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// Somebody said something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
}

/// 问题解决方案 (F7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Solution {
    /// 问题原因
    pub cause: String,
    /// 解决措施
    pub measures: String,
    /// 责任人
    pub owner: PersonId,
    /// 完成时间
    pub due: Timestamp,
}

/// What closing says (F7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// 处理过程
    pub process: String,
    /// 效果
    pub effect: String,
}

/// Another department became responsible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Who said so.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// The one that was responsible until then.
    pub from: DepartmentId,
    /// Why.
    pub reason: String,
}

/// A line of text as a title, in characters.
const HEADLINE: usize = 40;

impl Issue {
    /// The first line of its description, short.
    pub fn title(&self) -> String {
        let line = self.report.text.lines().next().unwrap_or_default();
        match line.chars().count() > HEADLINE {
            true => line.chars().take(HEADLINE - 1).chain(['…']).collect(),
            false => line.to_owned(),
        }
    }

    /// The number as people write it: `2026-Q4-SCB-001-I2`.
    pub fn full_number(&self, file: &RequestId) -> String {
        format!("{file}-I{}", self.number)
    }

    /// Whether anybody still has to do something about it on the responsible side.
    pub fn is_open(&self) -> bool {
        matches!(self.state, IssueState::Waiting | IssueState::Handling)
    }

    /// Whether it passes quiet hours.
    pub fn is_urgent(&self) -> bool {
        self.report.severity == Severity::Urgent
    }
}

impl Request {
    /// The issue with this number.
    pub fn issue(&self, number: i64) -> Option<&Issue> {
        self.issues.iter().find(|i| i.number == number)
    }
}
