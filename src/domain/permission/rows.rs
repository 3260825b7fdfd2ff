//! The table itself: act × relation.
//!
//! Invariant: an act without a row does not compile.

use super::plans;

/// What somebody wants to do with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doing {
    /// Know that it exists.
    See,
    /// Approve or return it.
    Review,
    /// Edit it before it is approved, and submit it again.
    Resubmit,
    /// Take it back before it is approved.
    Withdraw,
    /// End it after it was approved.
    Cancel,
    /// Confirm or object for a department.
    Sign,
    /// Answer a department's objection, by revision or refusal.
    Answer,
    /// Hand an objection to the common superior.
    Escalate,
    /// Rule on an objection.
    Rule,
    /// Remind whoever owes now.
    Urge,
    /// Say something about it.
    Comment,
    /// Make a group the request's own.
    BindProject,
    /// Break it into tasks, change and drop them, answer requests for another day.
    Plan,
    /// Start, finish and report on a task, ask for another day.
    WorkOn,
    /// Sign milestones off, accept the delivery or send it back.
    Accept,
    /// Hand over what somebody owes.
    HandOver,
    /// Let others see it and hear the news.
    Copy,
    /// Hear the news.
    Follow,
    /// Move the wanted day.
    Reschedule,
    /// Ask somebody for a decision.
    AskDecision,
    /// Make it.
    Decide,
    /// Take back that it was asked for.
    TakeDecisionBack,
    /// Make, change and retire risk plans.
    PlanRisks,
    /// Say that what one of them is for has come.
    FireRisk,
    /// Report an issue.
    ReportIssue,
    /// Respond to an issue, coordinate, plan, report on it, and say that it is solved.
    HandleIssue,
    /// Agree that an issue is solved, or open it again.
    CloseIssue,
    /// Make another department responsible for an issue.
    MoveIssue,
    /// Make an issue graver or lighter.
    RateIssue,
    /// Say what is to be better next time, by whom and when.
    SetImprovement,
    /// Say that it is, and to what effect.
    FinishImprovement,
    /// Say that nobody has to see to it any more.
    TakeImprovementBack,
}

/// How a person stands to a request, or to a department of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Filed it.
    Initiator,
    /// Heads the department that files it.
    InitiatingHead,
    /// Holds the approval that is open now.
    Approver,
    /// Contact of the department in question.
    Contact,
    /// Head of the department in question.
    DepartmentHead,
    /// Contact or head of any department that is asked.
    Involved,
    /// The superior whom the objection was handed to.
    Superior,
    /// Stands above one of the departments.
    Supervisor,
    /// 项目协调员
    Coordinator,
    /// 总经理
    GeneralManager,
    /// 审计
    Auditor,
    /// 企业管理部
    EnterpriseManagement,
    /// 管理员
    Administrator,
    /// 任务负责人: owns the task in question, or any.
    Owner,
    /// Owes what is in question.
    Debtor,
    /// Was put on by others to know of it.
    Copied,
    /// Asked for the decision in question, or set the improvement item.
    Asker,
    /// Named in a decision, or in a risk plan as its owner or superior.
    Named,
    /// 反馈人: reported the issue in question, or any.
    Reporter,
    /// Heads the department of whoever reported it.
    ReporterHead,
    /// Solves the issue in question, or any.
    Resolver,
    /// Contact, head or superior of a department that is responsible for an issue.
    Responsible,
}

use Relation as R;

/// Those who see even what is for participants only.
pub(super) const CLOSE: &[Relation] = &[
    R::Initiator,
    R::InitiatingHead,
    R::Approver,
    R::Involved,
    R::Superior,
    R::Supervisor,
    R::Coordinator,
    R::GeneralManager,
    R::Auditor,
    R::EnterpriseManagement,
    R::Owner,
    R::Debtor,
    R::Copied,
    R::Named,
    R::Reporter,
    R::Resolver,
    R::Responsible,
];

/// The table: who may do it. A new [`Doing`] without a row does not compile.
pub(super) const fn row(doing: Doing) -> &'static [Relation] {
    match doing {
        // How visible the request is (保密级别) widens this one: `sees`.
        Doing::See => CLOSE,
        Doing::Review => &[R::Approver, R::Debtor],
        Doing::Resubmit | Doing::Withdraw => &[R::Initiator, R::Coordinator],
        Doing::Cancel => &[R::Initiator, R::InitiatingHead, R::Coordinator],
        Doing::Sign => &[R::Contact, R::DepartmentHead, R::Debtor],
        Doing::Answer => &[R::Initiator, R::InitiatingHead, R::Debtor],
        Doing::Escalate => {
            &[R::Initiator, R::InitiatingHead, R::Contact, R::DepartmentHead, R::Coordinator, R::Debtor]
        }
        Doing::Rule => &[R::Superior, R::Debtor],
        Doing::Urge => &[R::Initiator, R::InitiatingHead, R::Coordinator, R::Involved, R::Debtor],
        Doing::Comment => &[
            R::Initiator,
            R::InitiatingHead,
            R::Approver,
            R::Involved,
            R::Superior,
            R::Supervisor,
            R::Coordinator,
            R::GeneralManager,
            R::Debtor,
            R::Copied,
        ],
        Doing::BindProject => &[R::Administrator, R::Coordinator],
        Doing::Plan => &[R::Initiator, R::InitiatingHead, R::Coordinator],
        Doing::WorkOn => &[R::Owner, R::Contact, R::DepartmentHead, R::Initiator, R::Coordinator],
        Doing::Accept => &[R::Initiator, R::InitiatingHead],
        Doing::HandOver => &[R::Debtor, R::DepartmentHead, R::Coordinator],
        Doing::Copy => &[
            R::Initiator,
            R::InitiatingHead,
            R::Approver,
            R::Involved,
            R::Superior,
            R::Coordinator,
            R::Debtor,
        ],
        // Whoever sees it.
        Doing::Follow => CLOSE,
        Doing::Reschedule => &[R::Initiator, R::Coordinator],
        Doing::AskDecision => plans::ASK,
        Doing::Decide => &[R::Debtor],
        Doing::TakeDecisionBack => &[R::Asker, R::Coordinator],
        Doing::PlanRisks => &[R::Initiator, R::InitiatingHead, R::Coordinator, R::Involved],
        Doing::FireRisk => &[R::Initiator, R::InitiatingHead, R::Coordinator, R::Involved, R::Named],
        // Whoever sees it.
        Doing::ReportIssue => CLOSE,
        Doing::HandleIssue => &[R::Contact, R::DepartmentHead, R::Resolver, R::Debtor],
        Doing::CloseIssue => &[R::Reporter, R::ReporterHead, R::Coordinator, R::Debtor],
        Doing::MoveIssue => &[R::Contact, R::DepartmentHead, R::Coordinator],
        Doing::RateIssue => &[R::DepartmentHead, R::Coordinator, R::Reporter],
        Doing::SetImprovement => plans::IMPROVE,
        Doing::FinishImprovement => &[R::Debtor, R::Named, R::EnterpriseManagement],
        Doing::TakeImprovementBack => &[R::Asker, R::Initiator, R::Coordinator],
    }
}
