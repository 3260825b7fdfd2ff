//! An improvement item is taken back: nobody has to see to it any more, and why stays.
//!
//! Invariant: what is done is not taken back, and what was taken back is not done.

use super::TakenBack;
use crate::domain::PersonId;
use crate::domain::change::{Change, Refusal, Value};
use crate::domain::obligation::Outcome;
use crate::domain::permission::Doing;
use crate::domain::request::Request;
use crate::domain::request::work::{Rules, Work};

impl Request {
    /// It is not needed any more, for this reason; whoever owed it hears, and its ladder ends.
    pub(super) fn take_improvement_back(
        &self,
        by: &PersonId,
        (number, reason): (i64, &str),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let item = self.open_improvement(number)?;
        let authority = self.case(rules).may_on_improvement(by, Doing::TakeImprovementBack, item)?;
        let debtor = self.owed_improvement(number).map(|open| open.debtor.person.clone());
        let mut work = Work::by(self, by, authority, rules);
        work.settle_one(&item.owed, Outcome::Cancelled);
        let taken_back = TakenBack { by: by.clone(), at: rules.now, reason: reason.to_owned() };
        if let Some(item) = work.request.improvements.iter_mut().find(|i| i.number == number) {
            item.taken_back = Some(taken_back);
        }
        let mut params = work.about_improvement(number);
        params.insert("reason".to_owned(), Value::Text(reason.to_owned()));
        let named = [item.owner.clone(), item.set_by.clone(), self.initiator.clone()];
        work.news(debtor.into_iter().chain(named), "improvement_taken_back", params.clone());
        Ok(work.done("improvement_taken_back", params, "improvement_taken_back"))
    }
}
