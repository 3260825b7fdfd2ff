//! What kind of message a notice is, in one word: for whoever pauses one kind, and for the metrics.
//!
//! Invariant: every notice that stands in the outbox has exactly one of [`KINDS`].

use super::change::What;

/// Every kind, as it is typed.
pub const KINDS: &[&str] = &[
    "asked",
    "step",
    "urged",
    "revised",
    "promised",
    "nudge",
    "evening",
    "issue",
    "risk",
    "news",
    "note",
    "alarm",
    "undeliverable",
    "answer",
    "refresh",
];

/// Those that somebody waits for, or has to act on: after an outage they leave before the others.
pub const FIRST: &[&str] = &["answer", "asked", "urged", "revised", "issue", "risk", "alarm"];

/// The kind of what is said. Several things in one message have the kind of the first.
pub fn of(what: &What) -> &'static str {
    match what {
        What::Asked { .. } => "asked",
        What::Step { .. } => "step",
        What::Urged { .. } => "urged",
        What::Revised { .. } => "revised",
        What::Promised { .. } => "promised",
        What::Nudge { .. } => "nudge",
        What::Evening { .. } => "evening",
        What::Trouble { .. } => "issue",
        What::RiskFired { .. } => "risk",
        What::News { .. } => "news",
        What::Note { .. } => "note",
        What::Alarm { .. } => "alarm",
        What::Undeliverable { .. } => "undeliverable",
        What::Answer(_) => "answer",
        What::Refresh { .. } => "refresh",
        What::Merged(all) | What::Digest(all) => all.first().map_or("news", of),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Date;
    use crate::domain::change::with;

    #[test]
    fn what_is_said_together_has_the_kind_of_the_first_and_every_kind_can_be_typed() {
        let day = Date::constant(2026, 11, 23);
        let note = What::Note { note: "any".to_owned(), with: with([]) };
        let all = What::Digest(vec![What::Nudge { day }, note.clone()]);
        assert_eq!((of(&all), of(&note)), ("nudge", "note"));
        assert!([of(&all), of(&note), of(&What::Merged(Vec::new()))].iter().all(|k| KINDS.contains(k)));
        assert!(FIRST.iter().all(|kind| KINDS.contains(kind)));
    }
}
