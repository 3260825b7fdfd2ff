//! Pilot mode (试点): for chosen departments everything is computed, but what would have been said goes to one group.
//!
//! Invariant: nobody outside that group hears of anything that a chosen department owes; whoever speaks to the bot
//! himself is answered where he spoke.

use std::collections::BTreeSet;

use super::change::{Notice, To, What};
use super::directory::Directory;
use super::permission::Case;
use super::request::Request;
use super::{DepartmentId, ObligationId, PersonId};

/// The departments that try it out first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pilot {
    /// By code; none: there is no pilot.
    pub departments: BTreeSet<DepartmentId>,
}

impl Pilot {
    /// Whom a notice goes to while the pilot lasts; `None`: to whom it was meant for.
    pub fn instead(&self, notice: &Notice, about: Option<Case>) -> Option<To> {
        if self.departments.is_empty() {
            return None;
        }
        match (&notice.to, &notice.what) {
            // Answers to what was said, alarms about the service, cards that are out there already.
            (To::Place { .. } | To::Cards(_) | To::Pilot { .. }, _) => None,
            (_, What::Answer(_) | What::Alarm { .. } | What::Note { .. } | What::Refresh { .. }) => None,
            (To::Person(person), what) => {
                let directory = about.map(|case| case.directory);
                let is_own = directory.is_some_and(|directory| self.has(directory, person));
                let meant = Some(person.clone());
                (is_own || self.owes(what, about)).then_some(To::Pilot { meant })
            }
            (To::Managers | To::Issues, what) => self.owes(what, about).then_some(To::Pilot { meant: None }),
            (To::Project(_), _) => {
                let chosen = |request: &Request| self.departments.contains(&request.department);
                about.is_some_and(|case| chosen(case.request)).then_some(To::Pilot { meant: None })
            }
        }
    }

    fn has(&self, directory: &Directory, person: &PersonId) -> bool {
        let person = directory.person(person);
        person.is_some_and(|p| {
            p.also.iter().chain([&p.department]).any(|department| self.departments.contains(department))
        })
    }

    /// Whether it is about something that a chosen department owes.
    fn owes(&self, what: &What, about: Option<Case>) -> bool {
        if let (Some(case), What::Trouble { issue, .. }) = (about, what) {
            let issue = case.request.issue(*issue);
            return issue.is_some_and(|i| self.departments.contains(&i.report.department));
        }
        let (Some(case), Some(id)) = (about, obligation_of(what)) else { return false };
        let found = case.request.obligations.iter().find(|o| &o.id == id);
        found.is_some_and(|o| self.departments.contains(case.request.owing_side(o)))
    }
}

fn obligation_of(what: &What) -> Option<&ObligationId> {
    match what {
        What::Asked { obligation, .. }
        | What::Step { obligation, .. }
        | What::Urged { obligation, .. }
        | What::Revised { obligation, .. }
        | What::Promised { obligation, .. }
        | What::Undeliverable { obligation, .. } => Some(obligation),
        What::News { .. }
        | What::Note { .. }
        | What::Alarm { .. }
        | What::Answer(_)
        | What::Merged(_)
        | What::Digest(_)
        | What::Nudge { .. }
        | What::Evening { .. }
        | What::RiskFired { .. }
        | What::Trouble { .. }
        | What::Refresh { .. } => None,
    }
}
