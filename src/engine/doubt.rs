//! What may have been said already, on a messenger that takes no keys: said once more, or let be.
//!
//! Invariant: only what somebody has to decide on, or what has climbed, is said again, and once: there one message too many
//! is better than silence. Reminders, news and answers come again by themselves, or can be asked for.

use std::time::Duration;

use crate::domain::change::{Notice, What};
use crate::domain::policy::Rung;
use crate::store::outbox::Waiting;

/// Whether a message that may have been said is said again although the messenger would not know it for the same.
pub fn said_again(row: &Waiting, remembers: Duration) -> bool {
    row.unsure_since.is_some() && may_double(&row.notice, (row.failures, remembers))
}

fn may_double(notice: &Notice, (failures, remembers): (i64, Duration)) -> bool {
    remembers.is_zero() && failures <= 1 && (notice.urgent || matters(&notice.what))
}

fn matters(what: &What) -> bool {
    match what {
        What::Asked { .. }
        | What::Revised { .. }
        | What::Undeliverable { .. }
        | What::RiskFired { .. }
        | What::Trouble { obligation: Some(_), .. } => true,
        What::Step { rung, .. } => *rung == Rung::Alert,
        What::Merged(all) | What::Digest(all) => all.iter().any(matters),
        What::Urged { .. }
        | What::News { .. }
        | What::Alarm { .. }
        | What::Answer(_)
        | What::Note { .. }
        | What::Promised { .. }
        | What::Nudge { .. }
        | What::Evening { .. }
        | What::Trouble { obligation: None, .. }
        | What::Refresh { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::change::{Reply, To};
    use crate::domain::{ObligationId, PersonId, RequestId};

    fn notice(what: What, urgent: bool) -> Notice {
        Notice { to: To::Person(PersonId::new("li.min")), what, urgent, late: false, starts: None }
    }

    fn step(rung: Rung) -> What {
        let (request, obligation) = (RequestId::new("2026-Q4-SCB-001"), ObligationId::new("o"));
        What::Step { request, obligation, rung, overtaken: 0 }
    }

    fn asked() -> What {
        What::Asked { request: RequestId::new("2026-Q4-SCB-001"), obligation: ObligationId::new("o") }
    }

    const NEVER: Duration = Duration::ZERO;

    #[test]
    fn decisions_and_alerts_are_said_once_more_and_nothing_else() {
        for (what, again) in [
            (asked(), true),
            (step(Rung::Alert), true),
            (step(Rung::Overdue), false),
            (step(Rung::Remind), false),
            (What::Answer(Reply::Silent), false),
            (What::Merged(vec![step(Rung::Remind), step(Rung::Alert)]), true),
        ] {
            assert_eq!(may_double(&notice(what.clone(), false), (1, NEVER)), again, "{what:?}");
            assert!(may_double(&notice(what, true), (1, NEVER)), "urgent");
        }
    }

    #[test]
    fn never_twice_and_not_where_the_messenger_knows_keys() {
        assert!(!may_double(&notice(asked(), true), (2, NEVER)));
        assert!(!may_double(&notice(asked(), true), (1, Duration::from_secs(1_800))));
    }
}
