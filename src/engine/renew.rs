//! Questions that are still open are asked anew before their messenger stops changing the card.
//!
//! Invariants: a card is sent anew once, in working time; the new one takes the updates from then on, and the old one
//! says that it has moved, as far as the messenger still lets it. In a group it is the same card, and only what is still
//! owed is said there again.

use super::Engine;
use crate::app::Trouble;
use crate::app::post::lane;
use crate::card::moved::moved;
use crate::clock::fresh_id;
use crate::domain::change::{Notice, To, What};
use crate::domain::{ChatId, MessageId, PersonId, Timestamp};
use crate::messenger::{Face, Messenger, Sent};
use crate::store::batch::Batch;
use crate::store::inbox::{self, Claim};
use crate::store::outbox::{self, Posting, Said};
use crate::store::renewal::{self, Open, Reader};

/// Questions looked at in one pass.
const BATCH: i64 = 500;

impl Engine {
    /// Sends anew what is due; how many questions were asked anew.
    pub(super) async fn renew_cards(&self) -> Result<usize, Trouble> {
        let now = self.app.clock().now();
        let lives = |m: &&std::sync::Arc<dyn Messenger>| m.changes_cards_for().is_some();
        if !self.messengers.iter().any(|m| lives(&m)) || !self.app.company().calendar.is_working_time(now) {
            return Ok(0);
        }
        if self.app.paused_since().await?.is_some() {
            return Ok(0);
        }
        let mut anew = 0;
        for messenger in self.messengers.iter().filter(lives) {
            let Some(before) = messenger.changes_cards_for().and_then(|age| now.checked_sub(age).ok()) else {
                continue;
            };
            for open in renewal::aging(self.app.db(), messenger.platform(), before, BATCH).await? {
                anew += usize::from(self.renew(messenger.as_ref(), &open, (before, now)).await?);
            }
        }
        Ok(anew)
    }

    /// Whether the question was asked anew: not where a younger card asks it already.
    async fn renew(
        &self,
        messenger: &dyn Messenger,
        open: &Open,
        (before, now): (Timestamp, Timestamp),
    ) -> Result<bool, Trouble> {
        let cards = renewal::asking(self.app.db(), messenger.platform(), open).await?;
        let is_asked_since = cards.first().is_some_and(|(_, sent_at)| *sent_at > before);
        let old: Vec<Said> =
            cards.into_iter().filter(|(_, sent_at)| *sent_at <= before).map(|(said, _)| said).collect();
        let mut tx = self.app.db().begin().await?;
        // Another replica may be at it. A card may ask for several things, so the question is claimed and not the card.
        let place = match &open.reader {
            Reader::Debtor(_) => String::new(),
            Reader::Group(chat) => format!("/{chat}"),
        };
        let key = format!("renew/{}/{}{place}", open.obligation, self.app.company().calendar.date_of(now));
        if let Claim::Repeated(_) = inbox::claim(&mut tx, &key, self.app.clock().machine()).await? {
            return Ok(false);
        }
        for said in &old {
            renewal::renewed(&mut tx, &said.id, now).await?;
        }
        if !is_asked_since {
            let mut out = Batch::default();
            self.ask_anew(&mut out, (open, old.first()), now)?;
            out.write(&mut tx).await?;
        }
        tx.commit().await?;
        for said in &old {
            self.says_moved(messenger, open, said).await;
        }
        Ok(!is_asked_since)
    }

    fn ask_anew(
        &self,
        out: &mut Batch,
        (open, old): (&Open, Option<&Said>),
        now: Timestamp,
    ) -> Result<(), Trouble> {
        let Open { obligation, request, reader } = open.clone();
        let (to, what) = match (reader, old) {
            (Reader::Debtor(debtor), _) => {
                (To::Person(debtor), What::Asked { request: request.clone(), obligation })
            }
            (Reader::Group(_), Some(old)) => (old.notice.to.clone(), old.notice.what.clone()),
            (Reader::Group(_), None) => return Ok(()),
        };
        let notice = Notice { to, what, urgent: false, late: false, starts: None };
        let (id, lane) = (fresh_id(), lane(&notice.to));
        let posting = Posting { id: &id, lane: &lane, request: Some(&request), notice: &notice, now };
        outbox::post(out, &posting)?;
        self.metrics.count("renewed");
        Ok(())
    }

    /// The old card says where the question is now. A messenger that does not change it any more leaves it as it is: its
    /// buttons work, as those of every old card.
    async fn says_moved(&self, messenger: &dyn Messenger, open: &Open, said: &Said) {
        let company = self.app.company();
        let reader = said.person.clone().map(PersonId::new);
        let card = moved(company.language(reader.as_ref()), &open.request);
        let at = Sent { chat: ChatId::new(said.chat.clone()), message: MessageId::new(said.message.clone()) };
        let face: Face = self.face(messenger, &card, reader.as_ref());
        if let Err(error) = messenger.update(&at, &face).await {
            tracing::debug!(message = %said.message, "an old card does not say that it has moved: {error}");
        }
    }
}
