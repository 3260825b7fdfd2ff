//! Pilot mode at the outbox: what is meant for others goes to the pilot's group, and says so.

use std::borrow::Cow;

use super::Engine;
use super::deliver::Delivery;
use crate::app::Trouble;
use crate::card::{Card, pilot};
use crate::domain::PersonId;
use crate::domain::change::{Notice, To};
use crate::domain::directory::Role;
use crate::store::outbox::Waiting;

impl Engine {
    /// The row as it is to be delivered while the pilot lasts.
    pub(super) async fn in_pilot<'a>(&self, row: &'a Waiting) -> Result<Cow<'a, Waiting>, Trouble> {
        let company = self.app.company();
        if company.policy.pilot.departments.is_empty() {
            return Ok(Cow::Borrowed(row));
        }
        let file = match &row.request {
            Some(request) => self.app.file(request).await?,
            None => None,
        };
        let rules = company.rules(self.app.clock().now());
        let case = file.as_ref().map(|file| file.case(rules));
        Ok(match company.policy.pilot.instead(&row.notice, case) {
            None => Cow::Borrowed(row),
            Some(to) => Cow::Owned(Waiting { notice: Notice { to, ..row.notice.clone() }, ..row.clone() }),
        })
    }

    /// To the pilot's group; to an administrator, while none is bound.
    pub(super) async fn way_to_pilot(&self, meant: Option<&PersonId>) -> Result<Option<Delivery>, Trouble> {
        let group = self.way_to_group("pilot", "").await?;
        let company = self.app.company();
        let mut administrators = company.directory.with_role(Role::Administrator);
        let way = group.or_else(|| administrators.find_map(|admin| self.way_to(&admin.id)));
        // Drawn as the one would have seen it for whom it was meant.
        Ok(way.map(|way| Delivery { person: meant.cloned(), ..way }))
    }

    /// A card as it looks where it goes.
    pub(super) fn dressed(&self, card: Card, to: &To) -> Card {
        let To::Pilot { meant } = to else { return card };
        let company = self.app.company();
        pilot::would_have_sent(card, meant.as_ref(), (&company.directory, company.language(None)))
    }
}
