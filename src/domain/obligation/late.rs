//! Steps that are taken after their time, because the service or its database was away.
//!
//! Invariant: only a friendly word is ever left out; what climbs is late rather than never.

use jiff::SignedDuration;

use super::Obligation;
use crate::domain::Timestamp;
use crate::domain::policy::{Rung, Step};

/// A step is late when it is this much behind its time: the service was down, so messages may be merged. Another replica
/// takes over within seconds.
pub const LATE: SignedDuration = SignedDuration::from_mins(2);

/// What comes within this is about to come: a late reminder before it would only say the same twice.
pub const SOON: SignedDuration = SignedDuration::from_mins(30);

impl Obligation {
    /// Whether a reminder that was to be said at `planned` is left to the next step, which is about to be heard by all
    /// who would hear it. What is urgent is said whenever it can be.
    pub(super) fn is_spared(&self, step: &Step, planned: Timestamp, now: Timestamp) -> bool {
        let is_late = step.rung == Rung::Remind && !self.urgent && now.duration_since(planned) > LATE;
        let next = self.next.filter(|next| next.fires_at.duration_since(now) < SOON);
        let next = next.and_then(|next| self.ladder.get(next.index));
        is_late && next.is_some_and(|next| step.to.iter().all(|to| next.to.contains(to)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::obligation::{Climbed, Kind, fixture};
    use crate::domain::permission::company::Company;
    use crate::domain::policy::Audience;

    fn opened(company: &Company, kind: Kind) -> Obligation {
        let rules = company.at("2026-11-23T10:00:00");
        let mut open = fixture::opened(kind, rules);
        open.delivered(rules.now, rules.calendar);
        open
    }

    fn kind() -> impl Strategy<Value = Kind> {
        let kinds = [Kind::ConfirmRequest, Kind::ApproveRequest, Kind::AnswerObjection, Kind::RespondIssue];
        prop::sample::select(kinds.to_vec())
    }

    proptest! {
        /// Whenever the service looks at a ladder, again and again: a word is left out only for one that comes within half
        /// an hour, and nothing that climbs ever is.
        #[test]
        fn only_a_late_reminder_is_left_out_and_the_next_step_follows_within_half_an_hour(
            kind in kind(), looks in prop::collection::vec(1_i64..2_000, 1..20), urgent: bool,
        ) {
            let company = Company::new();
            let rules = company.at("2026-11-23T10:00:00");
            let mut open = opened(&company, kind);
            open.urgent = urgent;
            let mut now = rules.now;
            for minutes in looks {
                now += SignedDuration::from_mins(minutes);
                let Some(seen) = open.next else { break };
                let before = open.clone();
                match open.climb((seen.index, seen.due), now, (&rules.policy.too_late, rules.calendar)) {
                    Climbed::Spared(taken) => {
                        prop_assert_eq!((taken.step.rung, urgent), (Rung::Remind, false));
                        let next = open.next.unwrap();
                        prop_assert!(now < next.fires_at && next.fires_at.duration_since(now) < SOON);
                        prop_assert!(open.ladder[next.index].to.contains(&Audience::Debtor));
                        prop_assert!(now.duration_since(taken.due) > LATE);
                        prop_assert_eq!(&open.climbed, &before.climbed);
                    }
                    Climbed::Fired(taken) if taken.step.rung == Rung::Remind && !urgent => {
                        let planned = rules.calendar.after_quiet(taken.due);
                        let soon = open.next.is_some_and(|next| next.fires_at.duration_since(now) < SOON);
                        prop_assert!(!soon || now.duration_since(planned) <= LATE);
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn a_reminder_that_is_in_time_or_half_an_hour_early_is_said() {
        let company = Company::new();
        let rules = company.at("2026-11-23T10:00:00");
        let fresh = opened(&company, Kind::ConfirmRequest);
        let (first, second) = (fresh.next.unwrap(), fresh.to_come(rules.calendar)[1].1);
        let at = |now: Timestamp| {
            let mut open = fresh.clone();
            open.climb((first.index, first.due), now, (&rules.policy.too_late, rules.calendar))
        };
        let (minute, second) = (SignedDuration::from_mins(1), second.fires_at);
        for said in [first.fires_at, first.fires_at + LATE, second - SOON] {
            assert!(matches!(at(said), Climbed::Fired(taken) if taken.step.rung == Rung::Remind), "{said}");
        }
        for spared in [second - SOON + minute, second - minute] {
            assert!(matches!(at(spared), Climbed::Spared(_)), "{spared}");
        }
        assert!(matches!(at(second), Climbed::Fired(taken) if taken.overtaken == 1));
    }
}
