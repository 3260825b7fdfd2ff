//! Open obligations worked out anew, one act each: shown first, then done.

use super::{App, Trouble};
use crate::clock::fresh_id;
use crate::domain::obligation::{Cause, Kind};
use crate::domain::request::Tick;
use crate::domain::{ObligationId, PersonId, RequestId, Timestamp};
use crate::store::obligation;

/// Obligations looked at in one go.
const PAGE: i64 = 500;

/// What would change about one obligation.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its request.
    pub request: RequestId,
    /// Itself.
    pub obligation: ObligationId,
    /// What is owed.
    pub kind: Kind,
    /// By whom.
    pub debtor: PersonId,
    /// When it is due, and would be.
    pub due: (Timestamp, Timestamp),
    /// When its next step fires, and would.
    pub next: (Option<Timestamp>, Option<Timestamp>),
}

impl App {
    /// What would be different, in order of the obligations' keys.
    pub async fn differences(&self, cause: Cause) -> Result<Vec<Difference>, Trouble> {
        let (company, now) = (self.company(), self.clock.now());
        let rules = company.rules(now);
        let mut found = Vec::new();
        let mut after = String::new();
        loop {
            let page = match cause {
                Cause::Holidays => obligation::provisional(&self.db, &after, PAGE).await?,
                Cause::Policy => obligation::open_after(&self.db, &after, PAGE).await?,
            };
            let Some(last) = page.last() else { return Ok(found) };
            after = last.obligation.id.to_string();
            for owed in page {
                let old = owed.obligation;
                let Some(anew) = old.anew(cause, now, (rules.policy, rules.calendar)) else { continue };
                found.push(Difference {
                    request: owed.request,
                    obligation: old.id,
                    kind: old.kind,
                    debtor: old.debtor.person,
                    due: (old.due_at, anew.due_at),
                    next: (old.next.map(|n| n.fires_at), anew.next.map(|n| n.fires_at)),
                });
            }
        }
    }

    /// Carries them out; how many. What was closed or changed meanwhile is left as it is then.
    pub async fn recalculate(&self, cause: Cause, differences: &[Difference]) -> Result<usize, Trouble> {
        let mut done = 0;
        for difference in differences {
            // The state says whether there is something left to do; a second run finds nothing.
            let key = format!("{}/anew/{}", difference.obligation, fresh_id());
            let tick = Tick::Recalculate { obligation: difference.obligation.clone(), cause };
            done += usize::from(self.tick(&key, &difference.request, &tick).await?.is_some());
        }
        Ok(done)
    }

    /// Counts again what was provisional when the known holidays reach further than they did; how many moved.
    pub async fn heed_holidays(&self) -> Result<usize, Trouble> {
        let known = self.company().calendar.known_until().map_or_else(String::new, |day| day.to_string());
        if self.kept("holidays").await?.as_deref() == Some(known.as_str()) {
            return Ok(0);
        }
        let differences = self.differences(Cause::Holidays).await?;
        let moved = self.recalculate(Cause::Holidays, &differences).await?;
        self.keep("holidays", &known).await?;
        Ok(moved)
    }
}
