//! The table of who may do what, written out.

use super::{Doing, row};

const ALL: [Doing; 31] = [
    Doing::Review,
    Doing::Resubmit,
    Doing::Withdraw,
    Doing::Cancel,
    Doing::Sign,
    Doing::Answer,
    Doing::Escalate,
    Doing::Rule,
    Doing::Urge,
    Doing::Comment,
    Doing::BindProject,
    Doing::HandOver,
    Doing::Copy,
    Doing::Follow,
    Doing::Reschedule,
    Doing::Plan,
    Doing::WorkOn,
    Doing::Accept,
    Doing::AskDecision,
    Doing::Decide,
    Doing::TakeDecisionBack,
    Doing::PlanRisks,
    Doing::FireRisk,
    Doing::ReportIssue,
    Doing::HandleIssue,
    Doing::CloseIssue,
    Doing::MoveIssue,
    Doing::RateIssue,
    Doing::SetImprovement,
    Doing::FinishImprovement,
    Doing::TakeImprovementBack,
];

/// Reviewed by people: a change of this table is a change of who may do what.
#[test]
fn who_may_do_what_is_this_table() {
    let lines: Vec<String> = ALL.iter().map(|doing| format!("{doing:?}: {:?}", row(*doing))).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    Review: [Approver, Debtor]
    Resubmit: [Initiator, Coordinator]
    Withdraw: [Initiator, Coordinator]
    Cancel: [Initiator, InitiatingHead, Coordinator]
    Sign: [Contact, DepartmentHead, Debtor]
    Answer: [Initiator, InitiatingHead, Debtor]
    Escalate: [Initiator, InitiatingHead, Contact, DepartmentHead, Coordinator, Debtor]
    Rule: [Superior, Debtor]
    Urge: [Initiator, InitiatingHead, Coordinator, Involved, Debtor]
    Comment: [Initiator, InitiatingHead, Approver, Involved, Superior, Supervisor, Coordinator, GeneralManager, Debtor, Copied]
    BindProject: [Administrator, Coordinator]
    HandOver: [Debtor, DepartmentHead, Coordinator]
    Copy: [Initiator, InitiatingHead, Approver, Involved, Superior, Coordinator, Debtor]
    Follow: [Initiator, InitiatingHead, Approver, Involved, Superior, Supervisor, Coordinator, GeneralManager, Auditor, EnterpriseManagement, Owner, Debtor, Copied, Named, Reporter, Resolver, Responsible]
    Reschedule: [Initiator, Coordinator]
    Plan: [Initiator, InitiatingHead, Coordinator]
    WorkOn: [Owner, Contact, DepartmentHead, Initiator, Coordinator]
    Accept: [Initiator, InitiatingHead]
    AskDecision: [Initiator, InitiatingHead, Approver, Involved, Superior, Supervisor, Coordinator, GeneralManager, Owner, Debtor, Copied, Named]
    Decide: [Debtor]
    TakeDecisionBack: [Asker, Coordinator]
    PlanRisks: [Initiator, InitiatingHead, Coordinator, Involved]
    FireRisk: [Initiator, InitiatingHead, Coordinator, Involved, Named]
    ReportIssue: [Initiator, InitiatingHead, Approver, Involved, Superior, Supervisor, Coordinator, GeneralManager, Auditor, EnterpriseManagement, Owner, Debtor, Copied, Named, Reporter, Resolver, Responsible]
    HandleIssue: [Contact, DepartmentHead, Resolver, Debtor]
    CloseIssue: [Reporter, ReporterHead, Coordinator, Debtor]
    MoveIssue: [Contact, DepartmentHead, Coordinator]
    RateIssue: [DepartmentHead, Coordinator, Reporter]
    SetImprovement: [Initiator, InitiatingHead, Involved, Superior, Supervisor, Coordinator, GeneralManager, EnterpriseManagement, Owner, Reporter, ReporterHead, Resolver, Responsible]
    FinishImprovement: [Debtor, Named, EnterpriseManagement]
    TakeImprovementBack: [Asker, Initiator, Coordinator]
    ");
}
