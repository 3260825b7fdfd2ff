//! What is asked: the content of form F1, of which every version is kept and signed.
//!
//! Invariant: nothing in here changes without a new version of the request.

use serde::{Deserialize, Serialize};

use crate::domain::Date;

/// What is asked, for all departments alike: form F1 without its rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// 协作类型
    pub kind: Option<Collaboration>,
    /// 需求名称, ≤ 60
    pub title: String,
    /// 需求背景, ≤ 200
    pub background: String,
    /// 目标与期望成果, ≤ 500
    pub goal: String,
    /// 期望完成时间, a working day
    pub wanted_by: Date,
    /// 资源需求: people
    pub people: String,
    /// 资源需求: budget in whole yuan
    pub budget: Option<i64>,
    /// 资源需求: equipment
    pub equipment: String,
    /// 潜在风险, ≤ 500
    pub risks: String,
    /// 优先级
    pub priority: Priority,
    /// 验收标准, ≤ 500
    pub acceptance: String,
    /// 保密级别
    pub visibility: Visibility,
    /// 附件
    pub attachments: Vec<Link>,
}

/// 协作类型
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Collaboration {
    /// 项目型
    Project,
    /// 问题处理型
    Problem,
    /// 常规事务型
    Routine,
}

/// 优先级
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// 高
    High,
    /// 中
    Medium,
    /// 低
    Low,
}

/// 保密级别
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// 公开
    Public,
    /// 参与部门
    Departments,
    /// 仅参与人
    People,
}

/// An https link with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// As shown.
    pub name: String,
    /// `https://…`
    pub url: String,
}

/// The words of an ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskText {
    /// 具体任务
    pub task: String,
    /// 交付物
    pub deliverable: String,
    /// Wanted by; the request's own date when it is `None`.
    pub wanted_by: Option<Date>,
    /// Resources asked for.
    pub resources: String,
}
