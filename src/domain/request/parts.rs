//! What hangs on a request: asks, signatures, approvals and rounds of objection.
//!
//! Invariants: a signature names the version and the digest of what was signed; an open stage is somebody's to answer.

use serde::{Deserialize, Serialize};

use super::content::AskText;
use super::estimate::Estimate;
use crate::domain::directory::Holder;
use crate::domain::{DepartmentId, ObligationId, PersonId, Timestamp};

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
    /// What the department reckons with, if it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Estimate>,
}

/// One seat of the chain of approvers.
#[derive(Clone, Debug, PartialEq)]
pub struct Approval {
    /// Its number; rises over the whole life of the request, from 1.
    pub step: i64,
    /// Seats of one stage decide side by side, stages one after the other.
    pub stage: i64,
    /// Whose it is.
    pub seat: Seat,
    /// One approval is enough for the whole stage.
    pub any: bool,
    /// What its holder owes, once asked.
    pub asked: Option<ObligationId>,
    /// What was decided; `None` while open.
    pub decision: Option<Decision>,
}

/// Whose a seat is.
#[derive(Clone, Debug, PartialEq)]
pub enum Seat {
    /// Whoever holds the office when it is asked.
    Office(Office),
    /// 加签: an approver called somebody in, and said why, perhaps.
    Invited { person: PersonId, by: PersonId, words: String },
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

impl Stage {
    /// Whether somebody still has to do something about it.
    pub fn is_open(&self) -> bool {
        matches!(self, Stage::Open | Stage::Escalated { .. } | Stage::Upheld { .. })
    }
}
