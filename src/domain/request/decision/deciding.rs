//! A decision is made, by whoever owes it or stands in: the record that stays.

use super::{DecisionState, Verdict};
use crate::domain::PersonId;
use crate::domain::change::{Change, Refusal, To, Value};
use crate::domain::obligation::{Kind, Obligation, Outcome};
use crate::domain::permission::Doing;
use crate::domain::request::Request;
use crate::domain::request::work::{Rules, Work};

impl Request {
    /// One click, or something else in words.
    pub(super) fn make_decision(
        &self,
        by: &PersonId,
        (number, verdict): (i64, &Verdict),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let decision = self.open_decision(number)?;
        let authority = self.case(rules).may_on_decision(by, Doing::Decide, decision)?;
        let on_behalf_of = authority.on_behalf_of.clone();
        let mut work = Work::by(self, by, authority, rules);
        let state =
            DecisionState::Decided { by: by.clone(), on_behalf_of, at: rules.now, verdict: verdict.clone() };
        work.end_decision(number, state);
        let mut params = work.about_decision(number);
        params.insert("conclusion".to_owned(), Value::Text(verdict.conclusion.clone()));
        params.insert("reason".to_owned(), Value::Text(verdict.reason.clone()));
        let told = [decision.asked_by.clone(), self.initiator.clone(), decision.decider.clone()];
        work.news(told, "decided", params.clone());
        let news = work.news_of("decided", params.clone());
        work.tell(To::Project(self.id.clone()), news);
        Ok(work.done("decided", params, "decided"))
    }
}

impl Work<'_> {
    /// It is not open any more, and nobody owes it.
    pub(super) fn end_decision(&mut self, number: i64, state: DecisionState) {
        let outcome = match state {
            DecisionState::Decided { .. } => Outcome::Met,
            DecisionState::Open | DecisionState::TakenBack { .. } => Outcome::Cancelled,
        };
        let (now, by) = (self.rules.now, self.actor().0.cloned());
        let mine = |o: &&mut Obligation| o.is_open() && o.kind == Kind::Decide && o.decision == Some(number);
        self.request.obligations.iter_mut().filter(mine).for_each(|o| o.close(outcome, now, by.as_ref()));
        if let Some(decision) = self.request.decisions.iter_mut().find(|d| d.number == number) {
            decision.state = state;
        }
    }
}
