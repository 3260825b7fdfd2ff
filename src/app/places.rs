//! Chats that the bot comes into, and those that it is taken out of.
//!
//! Invariant: it introduces itself once per chat; a group that is gone plays no part any more.

use super::{App, Heard, Trouble, post};
use crate::domain::change::{Audit, Notice, Params, Refusal, Reply, To, Value, View, What, with};
use crate::domain::directory::Role;
use crate::domain::{PersonId, Timestamp};
use crate::intent::{Inbound, PlaceKind};
use crate::store::batch::Batch;
use crate::store::inbox::{self, Claim};
use crate::store::{Tx, audit, desk};

impl App {
    /// The bot is new in a chat: a few lines and a button, once. Somebody unknown hears in private how to be known.
    pub(super) async fn arrived(&self, inbound: &Inbound) -> Result<Heard, Trouble> {
        let place = &inbound.place;
        let person = self.company().person_of(&inbound.account);
        let Some((mut tx, now)) = self.fresh(&inbound.event).await? else { return Ok(silent(person)) };
        let once = format!("introduced/{}/{}", place.platform, place.chat);
        if desk::switched(&mut tx, &once).await? {
            tx.commit().await?;
            return Ok(silent(person));
        }
        desk::set_switch(&mut tx, &once, "yes", now).await?;
        let private = place.kind == PlaceKind::Private;
        let reply = match (private, &person) {
            (true, None) => Reply::Refused { refusal: Refusal::UnknownPerson, request: None },
            (true, Some(_)) | (false, _) => Reply::View(View::Introduction),
        };
        let to = To::Place {
            platform: place.platform.clone(),
            chat: place.chat.to_string(),
            message: None,
            private,
            reader: person.clone().filter(|_| private),
        };
        let mut out = Batch::default();
        post::one(&mut out, None, &post::plain(to, What::Answer(reply)), now)?;
        out.write(&mut tx).await?;
        self.commit(tx, Vec::new(), false).await?;
        Ok(silent(person))
    }

    /// The bot was taken out of a chat, or the chat is gone: what was bound there is free, and the administrators know.
    pub(super) async fn gone(&self, inbound: &Inbound) -> Result<Heard, Trouble> {
        let place = &inbound.place;
        let person = self.company().person_of(&inbound.account);
        let Some((mut tx, now)) = self.fresh(&inbound.event).await? else { return Ok(silent(person)) };
        let mut out = Batch::default();
        for binding in desk::unbind(&mut tx, &place.platform, place.chat.as_str()).await? {
            let params = with([
                ("what", Value::Key(format!("binding.{}", binding.what))),
                ("request", Value::Text(binding.request)),
            ]);
            let line = Audit {
                by: person.clone(),
                on_behalf_of: None,
                what: "unbound".to_owned(),
                with: params.clone(),
            };
            audit::append_beside(&mut tx, "settings", &line, now).await?;
            self.alarm_in(&mut out, "group_gone", &params, now)?;
        }
        out.write(&mut tx).await?;
        self.commit(tx, Vec::new(), false).await?;
        Ok(silent(person))
    }

    /// Tells every administrator, through the outbox like everything else.
    pub async fn alarm(&self, alarm: &str, params: Params) -> Result<(), Trouble> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let mut out = Batch::default();
        self.alarm_in(&mut out, alarm, &params, now)?;
        out.write(&mut tx).await?;
        self.commit(tx, Vec::new(), false).await.map(drop)
    }

    pub(super) fn alarm_in(
        &self,
        out: &mut Batch,
        alarm: &str,
        params: &Params,
        now: Timestamp,
    ) -> Result<(), Trouble> {
        for person in self.company().directory.with_role(Role::Administrator) {
            let what = What::Alarm { alarm: alarm.to_owned(), with: params.clone() };
            let notice: Notice = post::plain(To::Person(person.id.clone()), what);
            post::one(out, None, &notice, now)?;
        }
        Ok(())
    }

    /// A transaction that has claimed the event; `None` when it was claimed before.
    pub(super) async fn fresh(&self, event: &str) -> Result<Option<(Tx, Timestamp)>, Trouble> {
        let mut tx = self.db.begin().await?;
        match inbox::claim(&mut tx, event, self.clock.machine()).await? {
            Claim::Fresh => Ok(Some((tx, self.clock.now()))),
            Claim::Repeated(_) => {
                tx.commit().await?;
                Ok(None)
            }
        }
    }
}

fn silent(person: Option<PersonId>) -> Heard {
    Heard::answer(Reply::Silent, person)
}
