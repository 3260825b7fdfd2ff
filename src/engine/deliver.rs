//! To whom a notice goes, through which messenger, and what the cards that are out there look like now.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Engine;
use crate::app::{Company, Trouble};
use crate::card::{Block, Card, summary};
use crate::crash::{self, Point};
use crate::domain::calendar::QuietHours;
use crate::domain::change::{To, What};
use crate::domain::directory::Role;
use crate::domain::{ChatId, MessageId, PersonId, RequestId, Timestamp};
use crate::messenger::{Address, Envelope, Face, Messenger, SendError, Sent};
use crate::store::desk;
use crate::store::outbox::{self, Said, Waiting};
use crate::text;

/// One way to one reader.
pub struct Delivery {
    /// Through which messenger.
    pub messenger: Arc<dyn Messenger>,
    /// Where.
    pub address: Address,
    /// Who reads it; `None` in groups.
    pub person: Option<PersonId>,
}

/// Where a notice goes.
pub(super) enum Route {
    /// There.
    To(Delivery),
    /// Nowhere: there is nobody who would read it.
    Nobody,
    /// To these people instead of the group that is not bound.
    Instead(Vec<PersonId>),
}

/// Cards of one request that are brought up to date at once.
const MOST_CARDS: i64 = 200;

impl Delivery {
    pub(super) fn envelope(&self, row: &Waiting, face: Face) -> Envelope {
        Envelope { key: row.id.clone(), to: self.address.clone(), face, urgent: row.notice.urgent }
    }
}

/// A card as one reader gets it on one platform: people who are called by name get their accounts there.
pub fn face(company: &Company, card: &Card, reader: Option<&PersonId>, platform: &str) -> Face {
    let mut card = card.clone();
    for block in &mut card.blocks {
        let Block::Mentions { people } = block else { continue };
        for mention in people {
            let found = company.directory.person(&PersonId::new(mention.id.clone()));
            mention.account = found.and_then(|person| person.accounts.get(platform).cloned());
        }
    }
    let summary = summary(&card);
    let shortened = text::word(company.language(reader), "card.shortened");
    Face { card, summary, shortened, links: BTreeMap::new(), picture: None }
}

impl Engine {
    /// The same, with links where the messenger has no forms.
    pub fn face(&self, messenger: &dyn Messenger, card: &Card, reader: Option<&PersonId>) -> Face {
        let face = face(&self.app.company(), card, reader, messenger.platform());
        match reader.filter(|_| !messenger.has_forms()) {
            Some(reader) => {
                let mut links = self.links_of(card, reader);
                if messenger.together() > 1 && messenger.signs_in() {
                    self.make_common(&mut links, card);
                }
                Face { links, ..face }
            }
            None => face,
        }
    }

    pub(super) async fn route(&self, row: &Waiting) -> Result<Route, Trouble> {
        let found = match &row.notice.to {
            To::Person(person) => self.way_to(person),
            To::Place { platform, chat, message, reader, private } => {
                self.messenger(platform).map(|messenger| Delivery {
                    messenger: messenger.clone(),
                    address: Address::Chat {
                        chat: ChatId::new(chat.clone()),
                        reply_to: message.clone().map(MessageId::new).filter(|_| !private),
                    },
                    person: reader.clone(),
                })
            }
            To::Managers => match self.way_to_group("managers", "").await? {
                Some(delivery) => Some(delivery),
                None => {
                    let company = self.app.company();
                    let administrators = company.directory.with_role(Role::Administrator);
                    return Ok(Route::Instead(administrators.map(|p| p.id.clone()).collect()));
                }
            },
            To::Project(request) => self.way_to_group("project", request.as_str()).await?,
            To::Issues => self.way_to_group("issues", "").await?,
            To::Pilot { meant } => self.way_to_pilot(meant.as_ref()).await?,
            To::Cards(_) => None,
        };
        Ok(found.map_or(Route::Nobody, Route::To))
    }

    /// The person's messenger: the preferred one, else the first of ours that the directory knows an account on.
    pub(super) fn way_to(&self, person: &PersonId) -> Option<Delivery> {
        let company = self.app.company();
        let found = company.directory.person(person).filter(|p| p.active)?;
        let way = |messenger: &Arc<dyn Messenger>| {
            let account = match messenger.platform() {
                "sandbox" => Some(person.to_string()),
                platform => found.accounts.get(platform).cloned(),
            };
            account.map(|account| Delivery {
                messenger: messenger.clone(),
                address: Address::Person(account),
                person: Some(person.clone()),
            })
        };
        let preferred =
            self.messengers.iter().filter(|messenger| found.prefers.as_deref() == Some(messenger.platform()));
        preferred.chain(&self.messengers).find_map(way)
    }

    pub(super) async fn way_to_group(&self, what: &str, request: &str) -> Result<Option<Delivery>, Trouble> {
        let bound = match desk::bound(self.app.db(), what, request).await? {
            None if request.is_empty() => self.configured(what),
            bound => bound,
        };
        let Some((platform, chat)) = bound else { return Ok(None) };
        Ok(self.messenger(&platform).map(|messenger| Delivery {
            messenger: messenger.clone(),
            address: Address::Chat { chat: ChatId::new(chat), reply_to: None },
            person: None,
        }))
    }

    /// The group that plays a part by a messenger's configuration.
    fn configured(&self, what: &str) -> Option<(String, String)> {
        let group = |messenger: &Arc<dyn Messenger>| {
            Some((messenger.platform().to_owned(), messenger.group_for(what)?.to_string()))
        };
        self.messengers.iter().find_map(group)
    }

    /// A notice for a group that nobody bound goes to people, each a row of its own.
    pub(super) async fn spread(&self, row: &Waiting, people: Vec<PersonId>) -> Result<(), Trouble> {
        let now = self.app.clock().now();
        let mut tx = self.app.db().begin().await?;
        let why = Some("no group is bound: the administrators hear instead");
        let moot = (outbox::End::Moot, why);
        if outbox::finish(&mut tx, row, &self.owner, moot, now).await? {
            let mut out = crate::store::batch::Batch::default();
            for person in people {
                let mut notice = row.notice.clone();
                let lane = format!("person:{person}");
                notice.to = To::Person(person);
                let id = crate::clock::fresh_id();
                let request = row.request.as_ref();
                outbox::post(
                    &mut out,
                    &outbox::Posting { id: &id, lane: &lane, request, notice: &notice, now },
                )?;
            }
            out.write(&mut tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Until when quiet hours hold a notice back: a person's own whatever it is, the company's what first asks somebody
    /// for something, and an urge; steps of ladders were planned around them. Answers and urgent things are not held
    /// back, nor is what an earlier try may have said already.
    pub(super) fn quiet_until(&self, row: &Waiting) -> Option<Timestamp> {
        let To::Person(person) = &row.notice.to else { return None };
        if row.notice.urgent || row.unsure_since.is_some() || matches!(row.notice.what, What::Answer(_)) {
            return None;
        }
        let company = self.app.company();
        let (calendar, now) = (&company.calendar, self.app.clock().now());
        let own = company.preferences.get(person).and_then(|wishes| wishes.quiet.as_ref()?.parse().ok());
        let until = match waits_for_morning(row) {
            true => calendar.after_quiet_with(own.unwrap_or(QuietHours::NONE), now),
            false => calendar.after_own_quiet(&own?, now),
        };
        Some(until).filter(|until| *until > now)
    }

    /// Brings the cards about a request up to date; a card that looks the same is left alone.
    /// An error comes with the messenger that it is of.
    pub(super) async fn refresh_cards(
        &self,
        request: &RequestId,
    ) -> Result<Result<(), (String, SendError)>, Trouble> {
        for said in outbox::said_about(self.app.db(), request, MOST_CARDS).await? {
            if let Err(error) = self.refresh_card(&said).await? {
                match error {
                    // A message that was withdrawn or a chat that is gone: nothing to bring up to date.
                    SendError::Refused { why } => {
                        tracing::debug!(message = %said.message, "a card cannot be brought up to date: {why}");
                    }
                    other => return Ok(Err((said.platform, other))),
                }
            }
        }
        Ok(Ok(()))
    }

    async fn refresh_card(&self, said: &Said) -> Result<Result<(), SendError>, Trouble> {
        let reader = said.person.clone().map(PersonId::new);
        let Some(messenger) = self.messenger(&said.platform) else { return Ok(Ok(())) };
        let Some(card) = self.card_of(&said.notice.what, reader.as_ref(), true).await? else {
            return Ok(Ok(()));
        };
        let card = self.dressed(card, &said.notice.to);
        let shown = fingerprint(&card);
        if shown == said.shown {
            return Ok(Ok(()));
        }
        crash::here(Point::CardDrawn);
        let at = Sent { chat: ChatId::new(said.chat.clone()), message: MessageId::new(said.message.clone()) };
        let face = self.face(messenger.as_ref(), &card, reader.as_ref());
        if let Err(error) = messenger.update(&at, &face).await {
            return Ok(Err(error));
        }
        crash::here(Point::CardShown);
        self.reach.took(messenger.platform());
        self.metrics.count("updated");
        self.app.reshown(said, &shown, &face.summary).await?;
        Ok(Ok(()))
    }
}

/// Whether the company's quiet hours hold a notice back that is not urgent: it first asks for something, passes what was
/// asked on because a day begins, or urges.
pub(super) fn waits_for_morning(row: &Waiting) -> bool {
    let passed_on = row.notice.late && matches!(row.notice.what, What::Asked { .. });
    row.notice.starts.is_some() || passed_on || matches!(row.notice.what, What::Urged { .. })
}

/// SHA-256 of a card as JSON: equal fingerprints look equal.
pub fn fingerprint(card: &Card) -> String {
    // A card is plain data with text keys: writing it cannot fail; an empty text would only cost one update more.
    hex::encode(Sha256::digest(serde_json::to_vec(card).unwrap_or_default()))
}
