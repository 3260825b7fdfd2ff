//! An improvement item is done, by whoever owes it or stands in: what came of it stays.

use super::{Finished, Improvement, short};
use crate::domain::change::{Change, Refusal, Value};
use crate::domain::obligation::Outcome;
use crate::domain::permission::Doing;
use crate::domain::request::Request;
use crate::domain::request::work::{Rules, Work};
use crate::domain::{PersonId, Timestamp};

impl Request {
    /// It is done, to this effect.
    pub(super) fn finish_improvement(
        &self,
        by: &PersonId,
        (number, effect): (i64, &str),
        rules: Rules,
    ) -> Result<Change, Refusal> {
        let item = self.open_improvement(number)?;
        let authority = self.case(rules).may_on_improvement(by, Doing::FinishImprovement, item)?;
        let on_behalf_of = authority.on_behalf_of.clone();
        let mut work = Work::by(self, by, authority, rules);
        work.settle_one(&item.owed, Outcome::Met);
        let finished = Finished { by: by.clone(), on_behalf_of, at: rules.now, effect: effect.to_owned() };
        if let Some(item) = work.request.improvements.iter_mut().find(|i| i.number == number) {
            item.finished = Some(finished);
        }
        let mut params = work.about_improvement(number);
        params.insert("effect".to_owned(), Value::Text(effect.to_owned()));
        let told = [item.set_by.clone(), self.initiator.clone(), item.owner.clone()];
        work.news(told, "improved", params.clone());
        Ok(work.done("improved", params, "improved"))
    }

    /// The item, if it is neither done nor taken back.
    pub fn open_improvement(&self, number: i64) -> Result<&Improvement, Refusal> {
        let unknown = || Refusal::NoSuchPlan { number: short(number) };
        let item = self.improvement(number).ok_or_else(unknown)?;
        let over = |by: &PersonId, at: Timestamp, decision: &str| {
            Err(Refusal::AlreadyDecided { by: Some(by.clone()), at, decision: decision.to_owned() })
        };
        match (&item.finished, &item.taken_back) {
            (Some(done), _) => over(&done.by, done.at, "improved"),
            (None, Some(back)) => over(&back.by, back.at, "improvement_taken_back"),
            (None, None) => Ok(item),
        }
    }
}
