//! Quiet and few: what a person need not hear at once waits, and is said in one message with what else waits.
//!
//! Invariant: a notice is held by its row alone, and whoever leases that row decides anew; so replicas agree, and
//! whatever is held is said once or found to be done.

use super::deliver::Delivery;
use super::together::Bundle;
use super::{Engine, lease_of};
use crate::app::Trouble;
use crate::card::Card;
use crate::clock::fresh_id;
use crate::crash::{self, Point};
use crate::domain::PersonId;
use crate::domain::change::What;
use crate::domain::quiet::{self, Class, When, Wishes};
use crate::store::digest;
use crate::store::outbox::{End, Waiting};

/// Notices in one digest; what is beyond comes with the next.
const MOST: i64 = 200;

/// A message that is about to be said.
pub(super) struct Ready {
    /// The other rows that it says.
    pub(super) with: Vec<Waiting>,
    /// What it says.
    pub(super) what: What,
    /// As its reader sees it.
    pub(super) card: Card,
}

impl Engine {
    /// Whether a row was put aside for a digest. What an earlier try may have said already is not.
    pub(super) async fn held(&self, row: &Waiting, route: &Delivery) -> Result<bool, Trouble> {
        let class = Class::of(&row.notice);
        let Some(person) = route.person.as_ref().filter(|_| class != Class::Free) else { return Ok(false) };
        let company = self.app.company();
        let wishes = Wishes::of(&company.policy.quiet, company.preferences.get(person));
        if wishes.digests.is_empty() || row.unsure_since.is_some() {
            return Ok(false);
        }
        let now = self.app.clock().now();
        let heard = digest::heard(self.app.db(), person, company.calendar.date_of(now)).await?;
        let when = match row.held_for {
            Some(_) => wishes.digest(heard, (now, &company.calendar)),
            None if quiet::is_late_reminder(&row.notice) => wishes.when_late(heard, (now, &company.calendar)),
            None => wishes.when(class, heard, (now, &company.calendar)),
        };
        let When::At(until) = when else { return Ok(false) };
        if digest::hold(self.app.db(), row, &self.owner, until).await? {
            crash::here(Point::OutboxHeld);
            self.metrics.count(&format!("held_{}", class.name()));
        }
        Ok(true)
    }

    /// Says the digest that a held row opens. Its key is made now, so that it stands behind what was said meanwhile; one
    /// of which nobody knows whether it was said keeps its key.
    pub(super) async fn deliver_digest(
        &self,
        row: &Waiting,
        route: Delivery,
        bundle: &mut Bundle,
    ) -> Result<(), Trouble> {
        let mut row = row.clone();
        if row.unsure_since.is_none() {
            let key = fresh_id();
            if !digest::rekey(self.app.db(), &row, &self.owner, &key).await? {
                return Ok(());
            }
            crash::here(Point::DigestRekeyed);
            self.in_hand.renames(&row.id, &key);
            row.id = key;
        }
        let mut with = self.lease_held(&row).await?;
        lead_again(&mut row, &mut with);
        match self.digest(&row, with, route.person.as_ref()).await? {
            Some(ready) => self.send(&row, (route, ready), bundle).await,
            None => self.finish(&row, (End::Moot, None)).await,
        }
    }

    /// The digest that a held row opens, with those that wait with it, as far as all that is still true. One thing alone
    /// is said as it would have been. `None`: nothing is left to say.
    async fn digest(
        &self,
        row: &Waiting,
        held: Vec<Waiting>,
        person: Option<&PersonId>,
    ) -> Result<Option<Ready>, Trouble> {
        let (mut with, mut all) = (Vec::new(), Vec::new());
        all.extend(self.card_of(&row.notice.what, person, false).await?.map(|_| row.notice.what.clone()));
        for other in held {
            match self.card_of(&other.notice.what, person, false).await? {
                Some(_) => {
                    all.push(other.notice.what.clone());
                    with.push(other);
                }
                None => self.finish(&other, (End::Moot, None)).await?,
            }
        }
        let what = match all.len() {
            0 => return Ok(None),
            1 => all.remove(0),
            _ => What::Digest(all),
        };
        let card = self.card_of(&what, person, false).await?;
        Ok(card.map(|card| Ready { with, what, card }))
    }

    /// What waits with a row. After a try of which nobody knows, only what that try said, too.
    async fn lease_held(&self, row: &Waiting) -> Result<Vec<Waiting>, Trouble> {
        let (now, until) = self.lease();
        let lease = lease_of(&self.owner, (now, until));
        let service = self.app.clock().now();
        let said = row.held_for.filter(|_| row.unsure_since.is_some()).unwrap_or(service);
        let held = digest::lease_held(self.app.db(), row, said, lease, MOST).await?;
        crash::here(Point::DigestLeased);
        self.in_hand.takes(&held);
        Ok(held)
    }
}

/// After a try of which nobody knows, the digest is tried again under the key that it had. That key was made for it, so
/// its row stands behind those that it was said with, and one of those has come up now.
fn lead_again(row: &mut Waiting, with: &mut [Waiting]) {
    if row.unsure_since.is_none() {
        return;
    }
    let tried = with.iter_mut().filter(|other| other.unsure_since.is_some() && other.id > row.id);
    if let Some(tried) = tried.max_by(|a, b| a.id.cmp(&b.id)) {
        std::mem::swap(row, tried);
    }
}
