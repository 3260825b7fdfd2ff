//! 决策: somebody is asked to decide, by when, and what was decided is kept under a number.
//!
//! Invariants: a number is given once per request and never again; a decision is made once; an open one is owed by
//! exactly one obligation.

use super::Request;
use super::work::Rules;
use crate::domain::change::{Change, Refusal};
use crate::domain::obligation::Obligation;
use crate::domain::{ObligationId, PersonId, Timestamp};

mod asking;
mod deciding;
pub mod form;

pub use form::Draft;

/// What a person does with the decisions of a request, names already resolved.
#[derive(Clone, Debug)]
pub enum DecisionAct {
    /// Asks for one.
    Ask { draft: Box<Draft> },
    /// Makes it.
    Decide { decision: i64, verdict: Verdict },
    /// It is not needed any more.
    TakeBack { decision: i64 },
}

/// What somebody decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// One of the options, counted from 1; `None`: something else, or none of them.
    pub choice: Option<i64>,
    /// 结论, in words; the option's own where one was chosen.
    pub conclusion: String,
    /// 理由; may be empty where an option was chosen.
    pub reason: String,
}

/// One thing to be decided (F10).
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// From 1 within the request.
    pub number: i64,
    /// 事项
    pub subject: String,
    /// 方案: two to six, or none where the answer is free.
    pub options: Vec<String>,
    /// 决策人
    pub decider: PersonId,
    /// Who asks.
    pub asked_by: PersonId,
    /// When.
    pub asked_at: Timestamp,
    /// 时限, in working days.
    pub working_days: i64,
    /// By which it is owed.
    pub owed: ObligationId,
    /// How far it is.
    pub state: DecisionState,
}

/// How far a decision is.
#[derive(Clone, Debug, PartialEq)]
pub enum DecisionState {
    /// 待决策
    Open,
    /// 已决策
    Decided {
        /// Who.
        by: PersonId,
        /// Whose authority was used, when somebody stood in.
        on_behalf_of: Option<PersonId>,
        /// When.
        at: Timestamp,
        /// What.
        verdict: Verdict,
    },
    /// 已撤回
    TakenBack {
        /// By whom.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
}

impl DecisionState {
    /// The name in text keys, in the database and in exports.
    pub fn name(&self) -> &'static str {
        match self {
            DecisionState::Open => "open",
            DecisionState::Decided { .. } => "decided",
            DecisionState::TakenBack { .. } => "taken_back",
        }
    }
}

/// The number within the request, `D1`; the full one is `2026-Q4-SCB-001-D1`.
pub fn short(number: i64) -> String {
    format!("D{number}")
}

impl Request {
    /// Decides on an act about decisions.
    pub(super) fn on_decision(
        &self,
        act: &DecisionAct,
        by: &PersonId,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        match act {
            DecisionAct::Ask { draft } => self.ask_for_decision(by, draft, rules),
            DecisionAct::Decide { decision, verdict } => self.make_decision(by, (*decision, verdict), rules),
            DecisionAct::TakeBack { decision } => self.take_decision_back(by, *decision, rules),
        }
    }

    /// The decision with this number.
    pub fn decision(&self, number: i64) -> Option<&Decision> {
        self.decisions.iter().find(|d| d.number == number)
    }

    /// What an open decision is owed by; `None` once it is not open any more, or the request is over.
    pub fn owed_decision(&self, number: i64) -> Option<&Obligation> {
        self.owed().find(|o| o.decision == Some(number))
    }

    /// How far a decision is, as people see it: one that nobody made before the request was over lapsed.
    pub fn decision_shown(&self, decision: &Decision) -> &'static str {
        match decision.state {
            DecisionState::Open if self.state.is_over() => "lapsed",
            DecisionState::Open | DecisionState::Decided { .. } | DecisionState::TakenBack { .. } => {
                decision.state.name()
            }
        }
    }
}
