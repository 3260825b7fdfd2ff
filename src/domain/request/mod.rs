//! The case file: one request with its asks, approvals, objection rounds and obligations.
//!
//! Invariants: the file is loaded, locked and saved as a whole and has one version; an ask is answered once per
//! content version; every signature names the version and the digest of what was signed.

use serde::{Deserialize, Serialize};

use super::change::{Change, Refusal};
use super::obligation::Obligation;
use super::permission::Case;
use super::{Date, DepartmentId, PersonId, RequestId, Timestamp};

mod approval;
mod attaching;
mod closing;
mod confirmation;
mod content;
mod date;
pub mod decision;
pub mod estimate;
mod filing;
pub mod form;
mod handover;
pub mod improvement;
mod invitation;
pub mod issue;
mod ladder;
mod objection;
mod onlookers;
mod parts;
mod recalculation;
pub mod risk;
mod route;
mod sheet;
mod snooze;
pub mod task;
mod version;
mod work;

pub use attaching::Attached;
pub use closing::Urging;
pub use confirmation::{Objection, Which};
pub use content::{AskText, Collaboration, Content, Link, Priority, Visibility};
pub use filing::{Filer, file};
pub use handover::HandingOver;
pub use invitation::{Inviting, Turn};
pub use issue::{Issue, IssueAct};
pub use ladder::Tick;
pub use objection::{Ruling, stage_name};
pub use onlookers::{Onlooker, Part};
pub use parts::{Approval, Ask, AskState, Decision, Office, Round, Seat, Signature, Stage};
pub use route::{Route, Stop, route};
pub use snooze::Snoozing;
pub use task::{Task, TaskAct};
pub use version::Version;
pub use work::Rules;

/// What a person does with a request, names already resolved.
#[derive(Clone, Debug)]
pub enum Act {
    /// An approver says yes, on the version seen.
    Approve { seen: Option<i64> },
    /// An approver sends it back.
    Return { seen: Option<i64>, reason: String },
    /// Edit, resubmit, or revise in answer to an objection.
    Submit { filing: Box<form::Filing> },
    /// A department signs.
    Confirm { which: Which },
    /// A department objects.
    Object { which: Which, objection: Objection },
    /// The initiator does not follow an objection.
    Decline { which: Which, reason: String },
    /// An objection goes to the common superior.
    Escalate { which: Which, reason: String },
    /// The common superior rules.
    Rule { which: Which, ruling: Ruling },
    /// Taken back before approval.
    Withdraw,
    /// Ended after approval.
    Cancel { reason: String },
    /// Whoever owes is reminded.
    Urge { urging: Urging },
    /// Something is said.
    Comment { text: String },
    /// A group becomes the request's own.
    BindProject,
    /// Something about its tasks.
    Task(task::TaskAct),
    /// What is owed passes to somebody else.
    HandOver { handing: HandingOver },
    /// Others shall see it and hear the news.
    Copy { people: Vec<PersonId> },
    /// The actor hears the news, or not any more.
    Follow { off: bool },
    /// Whoever owes promises it by a time.
    Snooze { snoozing: Snoozing },
    /// A department signs and says what it reckons with.
    ConfirmWith { which: Which, estimate: estimate::Estimate },
    /// The wanted day moves.
    Reschedule { to: Date, reason: String },
    /// A link is added.
    Attach { link: Link },
    /// Something about its issues.
    Issue(issue::IssueAct),
    /// An approver calls others in (加签).
    Invite { inviting: Inviting },
    /// Something about decisions that somebody is asked for.
    Decision(decision::DecisionAct),
    /// Something about its risk plans.
    Risk(risk::RiskAct),
    /// Something about what is to be better next time.
    Improvement(improvement::ImprovementAct),
}

/// One request with everything that hangs on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Its number, `2026-Q4-SCB-001`.
    pub id: RequestId,
    /// Rises with every saved act; the tripwire against lost updates.
    pub version: i64,
    /// Rises with every change of content; signatures refer to it.
    pub revision: i64,
    /// Where it stands.
    pub state: State,
    /// Who asks.
    pub initiator: PersonId,
    /// The asking department.
    pub department: DepartmentId,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// What is asked, for all.
    pub content: Content,
    /// Who has to approve, in order, after whoever decided before it was last submitted.
    pub approvals: Vec<Approval>,
    /// What each department is asked, in the order of the form.
    pub asks: Vec<Ask>,
    /// Objections, oldest first.
    pub rounds: Vec<Round>,
    /// Who hears the news without being asked anything.
    pub onlookers: Vec<Onlooker>,
    /// What is owed and, once closed in this act, how it ended. The store keeps older closed ones to itself.
    pub obligations: Vec<Obligation>,
    /// How many obligations were ever opened; the next one's key is made of it.
    pub opened: i64,
    /// What it was broken into, in the order of their numbers.
    pub tasks: Vec<task::Task>,
    /// The highest number that a task was ever given; nothing is loaded where there never was one.
    pub tasks_given: i64,
    /// Links that were added afterwards, oldest first.
    pub attached: Vec<Attached>,
    /// What somebody was asked to decide, in the order of their numbers.
    pub decisions: Vec<decision::Decision>,
    /// The highest number that a decision was ever given; nothing is loaded where there never was one.
    pub decisions_given: i64,
    /// What may go wrong, in the order of their numbers.
    pub risks: Vec<risk::Risk>,
    /// The highest number that a risk plan was ever given; nothing is loaded where there never was one.
    pub risks_given: i64,
    /// What went wrong, in the order of their numbers.
    pub issues: Vec<issue::Issue>,
    /// The highest number that an issue was ever given; nothing is loaded where there never was one.
    pub issues_given: i64,
    /// What is to be better next time, in the order of their numbers.
    pub improvements: Vec<improvement::Improvement>,
    /// The highest number that an improvement item was ever given; nothing is loaded where there never was one.
    pub improvements_given: i64,
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 审批中: an approver has to decide.
    InReview,
    /// 已退回: the initiator may edit and resubmit.
    Returned,
    /// 确认中: departments are asked.
    Confirming,
    /// 已确认: every department has signed.
    Confirmed,
    /// 已撤回
    Withdrawn,
    /// 已取消
    Cancelled,
    /// 进行中: it has tasks.
    InProgress,
    /// 待验收: all tasks are done.
    Delivered,
    /// 已完成: the delivery was accepted.
    #[serde(rename = "completed")]
    Accepted,
    /// No request: the file of an issue that belongs to none.
    Standing,
}

impl Request {
    /// Decides on an act: the table of contents of the process.
    pub fn decide(&self, act: &Act, by: &PersonId, rules: Rules) -> Result<Change, Refusal> {
        if self.state == State::Standing && !issue::fits_standing(act) {
            return Err(self.not_now());
        }
        match act {
            Act::Approve { seen } => self.approve(by, *seen, rules),
            Act::Return { seen, reason } => self.send_back(by, *seen, reason, rules),
            Act::Submit { filing } => self.submit(by, filing, rules),
            Act::Confirm { which } => self.confirm(by, which, rules),
            Act::Object { which, objection } => self.object(by, which, objection, rules),
            Act::Decline { which, reason } => self.decline(by, which, reason, rules),
            Act::Escalate { which, reason } => self.escalate(by, which, reason, rules),
            Act::Rule { which, ruling } => self.rule(by, which, ruling, rules),
            Act::Withdraw => self.withdraw(by, rules),
            Act::Cancel { reason } => self.cancel(by, reason, rules),
            Act::Urge { urging } => self.urge(by, urging, rules),
            Act::Comment { text } => self.comment(by, text, rules),
            Act::BindProject => self.bind_project(by, rules),
            Act::HandOver { handing } => self.hand_over(by, handing, rules),
            Act::Copy { people } => self.copy_to(by, people, rules),
            Act::Follow { off } => self.follow(by, *off, rules),
            Act::Snooze { snoozing } => self.snooze(by, snoozing, rules),
            Act::ConfirmWith { which, estimate } => self.confirm_with(by, which, estimate, rules),
            Act::Reschedule { to, reason } => self.reschedule(by, *to, reason, rules),
            Act::Attach { link } => self.attach(by, link, rules),
            Act::Invite { inviting } => self.invite(by, inviting, rules),
            Act::Task(act) => self.on_task(act, by, rules),
            Act::Decision(act) => self.on_decision(act, by, rules),
            Act::Risk(act) => self.on_risk(act, by, rules),
            Act::Issue(act) => self.on_issue(act, by, rules),
            Act::Improvement(act) => self.on_improvement(act, by, rules),
        }
    }

    /// The file before a permission question.
    pub fn case<'a>(&'a self, rules: Rules<'a>) -> Case<'a> {
        Case { request: self, directory: rules.directory, today: rules.today() }
    }

    /// The state does not allow it.
    fn not_now(&self) -> Refusal {
        Refusal::NotNow { state: self.state.name().to_owned() }
    }

    /// The open obligations.
    pub fn owed(&self) -> impl Iterator<Item = &Obligation> {
        self.obligations.iter().filter(|o| o.is_open())
    }

    /// The ask of a department.
    pub fn ask(&self, department: &DepartmentId) -> Option<&Ask> {
        self.asks.iter().find(|a| &a.department == department)
    }

    /// The seats whose turn it is to decide.
    pub fn sitting(&self) -> impl Iterator<Item = &Approval> {
        let open = self.approvals.iter().filter(|a| a.decision.is_none());
        let first = open.clone().map(|a| a.stage).min();
        open.filter(move |a| Some(a.stage) == first)
    }

    /// The highest step and stage that were ever given.
    fn last_seat(&self) -> (i64, i64) {
        let highest = |of: fn(&Approval) -> i64| self.approvals.iter().map(of).max().unwrap_or(0);
        (highest(|a| a.step), highest(|a| a.stage))
    }

    /// Objections that still wait for an answer or a ruling.
    pub fn open_rounds(&self) -> impl Iterator<Item = &Round> {
        self.rounds.iter().filter(|r| r.stage.is_open())
    }

    /// When an ask is wanted.
    pub fn wanted_by(&self, ask: &Ask) -> Date {
        ask.task.wanted_by.unwrap_or(self.content.wanted_by)
    }
}

impl State {
    /// Whether anything can still happen to the request.
    pub fn is_over(self) -> bool {
        matches!(self, State::Withdrawn | State::Cancelled | State::Accepted)
    }

    /// The name in exports, filters and text keys.
    pub fn name(self) -> &'static str {
        match self {
            State::InReview => "in_review",
            State::Returned => "returned",
            State::Confirming => "confirming",
            State::Confirmed => "confirmed",
            State::Withdrawn => "withdrawn",
            State::Cancelled => "cancelled",
            State::InProgress => "in_progress",
            State::Delivered => "delivered",
            State::Accepted => "completed",
            State::Standing => "standing",
        }
    }
}
