//! An open obligation worked out anew: holidays became known, or the policy changed.
//!
//! Invariants: it was opened and delivered when it was; a step that would lie in the past now does not fire after the
//! fact.

use super::{Kind, Next, Obligation};
use crate::domain::Timestamp;
use crate::domain::calendar::Calendar;
use crate::domain::policy::{At, Policy};

/// What made it necessary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The holidays of a further year are known: what was provisional is counted again.
    Holidays,
    /// The rules about time were changed, and are to hold for what is open, too.
    Policy,
}

impl Obligation {
    /// The obligation as it should stand now; `None` when that is as it stands.
    pub fn anew(
        &self,
        cause: Cause,
        now: Timestamp,
        (policy, calendar): (&Policy, &Calendar),
    ) -> Option<Self> {
        let anew = match cause {
            Cause::Holidays => self.counted_again(calendar),
            Cause::Policy => self.by_policy(policy, now, calendar)?,
        };
        (self.is_open() && &anew != self).then_some(anew)
    }

    /// Whether both follow the same rules about time.
    pub fn has_rules_of(&self, other: &Self) -> bool {
        (self.allowed, self.urgent, &self.ladder) == (other.allowed, other.urgent, &other.ladder)
    }

    fn counted_again(&self, calendar: &Calendar) -> Self {
        let mut anew = self.clone();
        if !self.provisional {
            return anew;
        }
        anew.due_again(calendar);
        // A step that repeats counts from the one before it, which has fired.
        let repeats = |next: &Next| matches!(self.ladder.get(next.index).map(|s| s.at), Some(At::Every(_)));
        if let Some(next) = self.next.filter(|next| !repeats(next)) {
            anew.next = anew.step(next.index, next.due, calendar);
        }
        anew
    }

    fn by_policy(&self, policy: &Policy, now: Timestamp, calendar: &Calendar) -> Option<Self> {
        let is_urgent = self.kind.of_issue() && self.urgent;
        let row = policy.row(self.kind, is_urgent)?;
        let mut anew = self.clone();
        anew.urgent = row.urgent || is_urgent;
        // Whoever asks for a decision says how long it may take.
        if !self.is_planned() && self.decision.is_none() {
            anew.allowed = row.due.span();
        }
        anew.due_again(calendar);
        if row.ladder != self.ladder || anew.due_at != self.due_at || anew.urgent != self.urgent {
            anew.ladder.clone_from(&row.ladder);
            anew.rearm(now, calendar);
        }
        Some(anew)
    }

    /// A plan says when it is due, neither the policy nor the calendar.
    fn is_planned(&self) -> bool {
        let by_policy = matches!(self.kind, Kind::RespondIssue | Kind::CloseIssue);
        self.task.is_some() || self.improvement.is_some() || (self.kind.of_issue() && !by_policy)
    }

    fn due_again(&mut self, calendar: &Calendar) {
        if !self.is_planned() {
            self.due_at = calendar.add(self.counted_from(), self.allowed);
        }
        self.provisional = calendar.provisional(self.due_at);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::obligation::{Kind, fixture};
    use crate::domain::permission::company::Company;
    use crate::domain::policy::Due;
    use crate::domain::request::Rules;

    fn opened(rules: Rules, delivered: bool) -> Obligation {
        let mut open = fixture::opened(Kind::ConfirmRequest, rules);
        if delivered {
            open.delivered(rules.now, rules.calendar);
        }
        open
    }

    proptest! {
        #[test]
        fn nothing_changes_while_rules_and_holidays_are_the_same(
            day in 1_i8..=28, hour in 0_i8..24, later in 0_i64..2_000, delivered: bool,
        ) {
            let company = Company::new();
            let rules = company.at(&format!("2026-11-{day:02}T{hour:02}:00:00"));
            let mut open = opened(rules, delivered);
            let now = rules.now + jiff::SignedDuration::from_hours(later);
            let seen = open.next.map(|n| (n.index, n.due)).unwrap();
            open.climb(seen, now, (&rules.policy.too_late, rules.calendar));
            for cause in [Cause::Holidays, Cause::Policy] {
                prop_assert_eq!(open.anew(cause, now, (rules.policy, rules.calendar)), None);
            }
        }

        #[test]
        fn new_rules_never_fire_after_the_fact_and_a_second_time_change_nothing(
            day in 1_i8..=28, hour in 0_i8..24, later in 0_i64..500, due in 1_u32..6,
        ) {
            let company = Company::new();
            let rules = company.at(&format!("2026-11-{day:02}T{hour:02}:00:00"));
            let open = opened(rules, true);
            let now = rules.now + jiff::SignedDuration::from_hours(later);
            let mut policy = rules.policy.clone();
            policy.rows.get_mut(&Kind::ConfirmRequest).unwrap().due = Due::After(crate::domain::calendar::Span::Wd(due));
            let anew = open.anew(Cause::Policy, now, (&policy, rules.calendar));
            prop_assert_eq!(anew.is_none(), due == 1, "one working day is what it was");
            let Some(anew) = anew else { return Ok(()) };
            prop_assert!(anew.next.is_none_or(|next| next.fires_at > now));
            prop_assert_eq!((anew.opened_at, anew.delivered_at), (open.opened_at, open.delivered_at));
            prop_assert_eq!(anew.anew(Cause::Policy, now, (&policy, rules.calendar)), None);
        }
    }
}
