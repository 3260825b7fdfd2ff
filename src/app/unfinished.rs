//! A command that lacked a department goes on with the one that is chosen.
//!
//! Invariant: nothing that was typed is lost on the way; what was filled into a form stays in its form.

use super::Act;
use crate::domain::change::{Refusal, Typed};
use crate::intent::Want;

impl Act<'_> {
    /// The refusal, and with it what was typed, where a department is all that it lacks.
    pub(super) fn with_what_was_typed(&self, refusal: Refusal, want: &Want) -> Refusal {
        match refusal {
            Refusal::WhichDepartment { candidates, .. } => {
                let typed = typed(want).filter(|_| self.intent.values.is_empty());
                Refusal::WhichDepartment { candidates, typed }
            }
            other => other,
        }
    }
}

fn typed(want: &Want) -> Option<Typed> {
    let ruling = |uphold: bool| if uphold { "uphold" } else { "dismiss" }.to_owned();
    let (command, words) = match want {
        Want::Confirm { .. } => ("confirm", vec![]),
        Want::Object { reason, .. } => ("object", vec![("reason", reason.clone())]),
        Want::Decline { reason, .. } => ("decline", vec![("reason", reason.clone())]),
        Want::Escalate { reason, .. } => ("escalate", vec![("reason", reason.clone())]),
        Want::Rule { uphold, reason, .. } => {
            ("rule", vec![("ruling", uphold.map(ruling)), ("reason", reason.clone())])
        }
        Want::Transfer { to, reason, .. } => {
            ("transfer", vec![("to", to.clone()), ("reason", reason.clone())])
        }
        Want::Snooze { words, .. } => ("snooze", vec![("words", words.clone())]),
        _ => return None,
    };
    let words = words.into_iter().filter_map(|(field, typed)| Some((field.to_owned(), typed?)));
    Some(Typed { command: command.to_owned(), words: words.collect() })
}
