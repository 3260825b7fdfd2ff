//! The case file: one request with its asks, approvals, objection rounds and obligations.
//!
//! Invariants: the file is loaded, locked and saved as a whole and has one version; an ask is answered once per
//! content version; every signature names the version and the digest of what was signed.

use serde::{Deserialize, Serialize};

use super::change::{Change, Refusal};
use super::directory::Holder;
use super::obligation::Obligation;
use super::permission::Case;
use super::{Date, DepartmentId, PersonId, RequestId, Timestamp};

mod approval;
mod closing;
mod confirmation;
mod filing;
pub mod form;
mod ladder;
mod objection;
mod version;
mod work;

pub use closing::Urging;
pub use confirmation::{Objection, Which};
pub use filing::{Filer, file};
pub use ladder::Tick;
pub use objection::{Ruling, stage_name};
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
    /// What is owed and, once closed in this act, how it ended. The store keeps older closed ones to itself.
    pub obligations: Vec<Obligation>,
    /// How many obligations were ever opened; the next one's key is made of it.
    pub opened: i64,
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
}

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

/// What one department is asked, and what it said.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// Whom.
    pub department: DepartmentId,
    /// What it is asked to do.
    pub task: AskText,
    /// The content version in which this ask last changed: a signature below it no longer counts.
    pub revision: i64,
    /// What the department said.
    pub state: AskState,
    /// A ruling confirmed this version of the ask: it can be confirmed, but not objected to again.
    pub ruled: bool,
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

/// What a department said to its ask.
#[derive(Clone, Debug, PartialEq)]
pub enum AskState {
    /// The request is not approved yet.
    Waiting,
    /// It has to answer.
    Open,
    /// 确认无误
    Confirmed(Signature),
    /// It objects; the round says how that goes.
    Objected { round: i64 },
}

/// An electronic signature: who, when, on which version, of what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    /// Who signed.
    pub by: PersonId,
    /// Whose authority was used, when somebody stood in.
    pub on_behalf_of: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// The content version signed.
    pub revision: i64,
    /// SHA-256 of the signed content, hex.
    pub digest: String,
}

/// One approver of the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Approval {
    /// Rises over the whole life of the request, from 1.
    pub step: i64,
    /// Which office approves.
    pub office: Office,
    /// What was decided; `None` while open.
    pub decision: Option<Decision>,
}

/// Which office approves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Office {
    /// 发起部门负责人
    Head,
    /// 上级主管: in place of a head who filed the request.
    Supervisor,
    /// 总经理
    GeneralManager,
}

/// An approval or a return.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Who.
    pub by: PersonId,
    /// Whose authority was used, when somebody stood in.
    pub on_behalf_of: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// `true` approves.
    pub approved: bool,
    /// Reason of a return.
    pub reason: String,
    /// The content version decided on.
    pub revision: i64,
}

/// One objection and how it was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// From 1, over the whole request.
    pub number: i64,
    /// Who objects.
    pub department: DepartmentId,
    /// In whose name.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// Against which content version.
    pub revision: i64,
    /// Why.
    pub reason: String,
    /// What instead.
    pub suggestion: String,
    /// How it was answered.
    pub stage: Stage,
}

/// How far an objection has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The initiator has to answer.
    Open,
    /// The common superior has to rule.
    Escalated { by: PersonId, at: Timestamp, reason: String, superior: Holder },
    /// The superior upheld it: only a revision answers it now.
    Upheld { by: PersonId, at: Timestamp, reason: String },
    /// Answered by this content version.
    Accepted { by: PersonId, at: Timestamp, revision: i64 },
    /// Not followed, with a reason: the ask stands.
    Declined { by: PersonId, at: Timestamp, reason: String },
    /// The superior dismissed it: the ask stands.
    Dismissed { by: PersonId, at: Timestamp, reason: String },
    /// The request ended, or the department was dropped, before it was answered.
    Lapsed { at: Timestamp },
}

impl Request {
    /// Decides on an act: the table of contents of the process.
    pub fn decide(&self, act: &Act, by: &PersonId, rules: Rules) -> Result<Change, Refusal> {
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

    /// Objections that still wait for an answer or a ruling.
    pub fn open_rounds(&self) -> impl Iterator<Item = &Round> {
        self.rounds.iter().filter(|r| r.stage.is_open())
    }

    /// When an ask is wanted.
    pub fn wanted_by(&self, ask: &Ask) -> Date {
        ask.task.wanted_by.unwrap_or(self.content.wanted_by)
    }
}

impl Stage {
    /// Whether somebody still has to do something about it.
    pub fn is_open(&self) -> bool {
        matches!(self, Stage::Open | Stage::Escalated { .. } | Stage::Upheld { .. })
    }
}

impl State {
    /// Whether anything can still happen to the request.
    pub fn is_over(self) -> bool {
        matches!(self, State::Withdrawn | State::Cancelled)
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
        }
    }
}
