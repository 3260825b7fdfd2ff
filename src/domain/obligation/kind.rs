//! What can be owed.

use serde::{Deserialize, Serialize};

/// What is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 发起审批: the head approves or returns.
    ApproveRequest,
    /// 部门确认: a department confirms or objects.
    ConfirmRequest,
    /// 异议答复: the initiator answers an objection.
    AnswerObjection,
    /// 仲裁: the common superior arbitrates.
    Arbitrate,
    /// 任务完成: the owner finishes a task.
    FinishTask,
    /// 每日进度: the owner reports on a task in progress.
    ReportProgress,
    /// 成果验收: the initiator accepts the delivery, or sends it back.
    AcceptDelivery,
    /// 决策: whoever was asked decides.
    Decide,
    /// 问题响应: the responsible department acknowledges an issue.
    RespondIssue,
    /// 启动协调会: an urgent issue needs one.
    StartCoordination,
    /// 处理进展: whoever solves an issue says how far it is.
    UpdateIssue,
    /// 问题解决: and solves it.
    ResolveIssue,
    /// 解决确认: whoever reported an issue agrees that it is solved.
    CloseIssue,
    /// 改进项: somebody makes something better by a day.
    Improve,
}

impl Kind {
    /// Every kind, in the order of the process.
    pub const ALL: [Kind; 14] = [
        Kind::ApproveRequest,
        Kind::ConfirmRequest,
        Kind::AnswerObjection,
        Kind::Arbitrate,
        Kind::FinishTask,
        Kind::ReportProgress,
        Kind::AcceptDelivery,
        Kind::Decide,
        Kind::RespondIssue,
        Kind::StartCoordination,
        Kind::UpdateIssue,
        Kind::ResolveIssue,
        Kind::CloseIssue,
        Kind::Improve,
    ];

    /// The name in the policy file, in exports and in text keys.
    pub fn name(self) -> &'static str {
        match self {
            Kind::ApproveRequest => "approve_request",
            Kind::ConfirmRequest => "confirm_request",
            Kind::AnswerObjection => "answer_objection",
            Kind::Arbitrate => "arbitrate",
            Kind::FinishTask => "finish_task",
            Kind::ReportProgress => "report_progress",
            Kind::AcceptDelivery => "accept_delivery",
            Kind::Decide => "decide",
            Kind::RespondIssue => "respond_issue",
            Kind::StartCoordination => "start_coordination",
            Kind::UpdateIssue => "update_issue",
            Kind::ResolveIssue => "resolve_issue",
            Kind::CloseIssue => "close_issue",
            Kind::Improve => "improve",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.name() == name)
    }
}
