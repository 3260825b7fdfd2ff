//! Deadlines of a request that are worked out anew, and who hears of it.

use super::work::Work;
use crate::domain::ObligationId;
use crate::domain::change::{Change, Value};
use crate::domain::obligation::Cause;

impl Work<'_> {
    /// One obligation counted again. Whoever owes it and whoever asked hear when its deadline has moved.
    pub(super) fn recalculate(mut self, id: &ObligationId, cause: Cause) -> Option<Change> {
        let rules = self.rules;
        let open = self.open(id)?;
        let anew = open.anew(cause, rules.now, (rules.policy, rules.calendar))?;
        let before = std::mem::replace(open, anew.clone());
        let mut params = self.facts(id)?;
        params.insert("from".to_owned(), Value::Moment(before.due_at));
        params.insert("to".to_owned(), Value::Moment(anew.due_at));
        if before.due_at != anew.due_at {
            let asker = self.initiator().map(|holder| holder.person);
            let news = match cause {
                Cause::Holidays => "due_by_holidays",
                Cause::Policy => "due_by_policy",
            };
            self.news(std::iter::once(anew.debtor.person).chain(asker), news, params.clone());
        }
        match cause {
            Cause::Holidays => Some(self.ticked("counted_again", params)),
            Cause::Policy => Some(self.ticked("policy_reapplied", params)),
        }
    }
}
