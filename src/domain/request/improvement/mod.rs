//! 改进项: what is to be better next time, by whom, by which day; set for a request, or from an issue that was solved.
//!
//! Invariants: a number is given once per case file and never again; an item that is open is owed by exactly one
//! obligation, also after its request is over; one that is done says to what effect, one that was taken back why.

use super::Request;
use super::work::Rules;
use crate::domain::change::{Change, Refusal};
use crate::domain::obligation::Obligation;
use crate::domain::{Date, ObligationId, PersonId, Timestamp};

mod finishing;
pub mod form;
mod setting;
mod taking_back;

pub use form::Draft;

/// What a person does with the improvement items of a case file, names already resolved.
#[derive(Clone, Debug)]
pub enum ImprovementAct {
    /// 设改进项
    Set { draft: Box<Draft> },
    /// 改进已落实: to what effect.
    Finish { item: i64, effect: String },
    /// 撤回: nobody has to see to it any more, for this reason.
    TakeBack { item: i64, reason: String },
}

/// Something that is to be better next time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Improvement {
    /// From 1 within the case file.
    pub number: i64,
    /// 改进内容
    pub subject: String,
    /// 负责人, as it was set; what is owed may have passed to somebody else since.
    pub owner: PersonId,
    /// 完成日期
    pub due: Date,
    /// The issue of this file that it was learned from.
    pub issue: Option<i64>,
    /// Who set it.
    pub set_by: PersonId,
    /// When.
    pub set_at: Timestamp,
    /// By which it is owed.
    pub owed: ObligationId,
    /// Once it is done.
    pub finished: Option<Finished>,
    /// Once nobody has to see to it any more.
    pub taken_back: Option<TakenBack>,
}

impl Improvement {
    /// Whether somebody still has to see to it.
    pub fn is_open(&self) -> bool {
        self.finished.is_none() && self.taken_back.is_none()
    }
}

/// It is not needed any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// Who said so.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// It is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Who said so.
    pub by: PersonId,
    /// Whose authority was used, when somebody stood in.
    pub on_behalf_of: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// 效果
    pub effect: String,
}

/// The number within the file, `K1` (改善, kaizen); the full one is `2026-Q4-SCB-001-K1`.
pub fn short(number: i64) -> String {
    format!("K{number}")
}

impl Request {
    /// Decides on an act about improvement items.
    pub(super) fn on_improvement(
        &self,
        act: &ImprovementAct,
        by: &PersonId,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        match act {
            ImprovementAct::Set { draft } => self.set_improvement(by, draft, rules),
            ImprovementAct::Finish { item, effect } => self.finish_improvement(by, (*item, effect), rules),
            ImprovementAct::TakeBack { item, reason } => {
                self.take_improvement_back(by, (*item, reason), rules)
            }
        }
    }

    /// The improvement item with this number.
    pub fn improvement(&self, number: i64) -> Option<&Improvement> {
        self.improvements.iter().find(|i| i.number == number)
    }

    /// What an open item is owed by; `None` once it is done.
    pub fn owed_improvement(&self, number: i64) -> Option<&Obligation> {
        self.owed().find(|o| o.improvement == Some(number))
    }
}
