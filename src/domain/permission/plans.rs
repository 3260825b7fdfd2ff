//! Who asks for decisions, makes them, plans for risks and says that one has come.
//!
//! Invariant: as everywhere the table says who; here is only whom its relations mean for one decision or one plan.

use super::{Authority, Case, Doing, Relation, own, row};
use crate::domain::PersonId;
use crate::domain::change::Refusal;
use crate::domain::directory::Holder;
use crate::domain::request::decision::Decision;
use crate::domain::request::improvement::Improvement;
use crate::domain::request::risk::Risk;

use Relation as R;

/// Anybody involved.
pub(super) const ASK: &[Relation] = &[
    R::Initiator,
    R::InitiatingHead,
    R::Approver,
    R::Involved,
    R::Superior,
    R::Supervisor,
    R::Coordinator,
    R::GeneralManager,
    R::Owner,
    R::Debtor,
    R::Copied,
    R::Named,
];

/// Anybody involved, on the side of an issue, too.
pub(super) const IMPROVE: &[Relation] = &[
    R::Initiator,
    R::InitiatingHead,
    R::Involved,
    R::Superior,
    R::Supervisor,
    R::Coordinator,
    R::GeneralManager,
    R::EnterpriseManagement,
    R::Owner,
    R::Reporter,
    R::ReporterHead,
    R::Resolver,
    R::Responsible,
];

impl Case<'_> {
    /// Whether `person` may do it with one decision: who owes it, or who asked for it.
    pub fn may_on_decision(
        &self,
        person: &PersonId,
        doing: Doing,
        decision: &Decision,
    ) -> Result<Authority, Refusal> {
        let owed = || self.request.owed_decision(decision.number).map(|o| o.debtor.clone());
        self.among(person, doing, |relation| match relation {
            R::Debtor => owed().into_iter().collect(),
            R::Asker => vec![own(&decision.asked_by)],
            other => self.holders(other, None),
        })
    }

    /// Whether `person` may do it with one risk plan: who is named in it, or whoever stands so to the request.
    pub fn may_on_risk(&self, person: &PersonId, doing: Doing, risk: &Risk) -> Result<Authority, Refusal> {
        self.among(person, doing, |relation| match relation {
            R::Named => risk.named().map(own).collect(),
            other => self.holders(other, None),
        })
    }

    /// Whether `person` may do it with one improvement item: whoever owes it, was named as its owner, or set it.
    pub fn may_on_improvement(
        &self,
        person: &PersonId,
        doing: Doing,
        item: &Improvement,
    ) -> Result<Authority, Refusal> {
        let owed = || self.request.owed_improvement(item.number).map(|o| o.debtor.clone());
        self.among(person, doing, |relation| match relation {
            R::Debtor => owed().into_iter().collect(),
            R::Named => vec![own(&item.owner)],
            R::Asker => vec![own(&item.set_by)],
            other => self.holders(other, None),
        })
    }

    fn among(
        &self,
        person: &PersonId,
        doing: Doing,
        holders: impl Fn(Relation) -> Vec<Holder>,
    ) -> Result<Authority, Refusal> {
        let relations = row(doing);
        let rights = relations.iter().filter(|_| self.directory.is_active(person));
        match rights.flat_map(|r| holders(*r)).find(|h| self.is(person, h)) {
            Some(holder) => Ok(self.authority(person, holder)),
            None => {
                let who = relations.iter().flat_map(|r| holders(*r)).take(1).collect();
                Err(Refusal::NotYours { who })
            }
        }
    }

    /// Who asked for decisions.
    pub(super) fn askers(&self) -> Vec<Holder> {
        self.request.decisions.iter().map(|d| own(&d.asked_by)).collect()
    }

    /// Who decides or asked, who owns a risk plan or is called by it, who set or does an improvement item.
    pub(super) fn named(&self) -> Vec<Holder> {
        let decisions = self.request.decisions.iter().flat_map(|d| [&d.decider, &d.asked_by]);
        let items = self.request.improvements.iter().flat_map(|i| [&i.owner, &i.set_by]);
        decisions.chain(self.request.risks.iter().flat_map(Risk::named)).chain(items).map(own).collect()
    }
}
