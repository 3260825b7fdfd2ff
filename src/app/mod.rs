//! One act, one transaction: claim, lock the case file, decide, save, answer.
//!
//! Invariants: only this room begins and commits an act; nothing in here talks to a network; a repeated event gets the
//! first answer, and gets it only after that was committed.

use std::num::NonZeroU32;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock};

use crate::clock::Clock;
use crate::crash::{self, Point};
use crate::domain::change::Reply;
use crate::domain::request::Request;
use crate::domain::{PersonId, RequestId};
use crate::intent::{Inbound, Intent, Said, Want};
use crate::store::batch::Batch;
use crate::store::inbox;
use crate::store::request::Basis;
use crate::store::{Db, DbError, Tx};

pub mod acts;
mod again;
mod alive;
mod answering;
pub mod api;
mod asked;
pub mod board;
mod changes;
mod company;
mod confine;
mod deciding;
mod decisions;
mod desk;
mod drafts;
mod ended;
mod files;
mod filing;
mod findable;
mod flood;
pub mod form;
mod heard;
mod improvements;
mod inviting;
pub mod issue_board;
mod issues;
pub mod live;
mod looks;
mod once;
mod people;
mod places;
pub mod post;
pub mod preview;
pub mod recalculation;
mod requests;
mod resolve;
mod risks;
mod rounds;
pub mod search;
mod sessions;
mod settings;
mod several;
mod snooze;
mod staff;
mod tasks;
mod ticks;
mod unfinished;
mod units;
pub mod view;
mod wake;

pub use company::{Company, Rulebook};
use files::Files;
use flood::{Flood, Verdict};
pub use heard::Heard;
pub use rounds::Reportable;
pub use wake::Wake;

/// The service's decisions over one database.
pub struct App {
    db: Db,
    clock: Arc<dyn Clock>,
    rulebook: Rulebook,
    company: RwLock<Arc<Company>>,
    files: Files,
    flood: Option<Flood>,
    wake: Wake,
    /// How far this round is that makes requests findable.
    findable: findable::Findable,
    /// What changes, for pages that are open.
    live: live::Live,
    /// Which sessions end, for what is open under them.
    ends: ended::Ends,
    /// How often somebody asked for what he may not see, since that was asked last.
    looks: AtomicU64,
}

/// What went wrong without anybody's fault who asked.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The database is busy, full or away: the messenger should ask again.
    #[error("the database cannot take it now: {0}")]
    Busy(DbError),
    /// A mistake of ours.
    #[error("{0}")]
    Broken(DbError),
}

impl Trouble {
    /// Something that cannot be, said in words for the log.
    pub fn broken(why: impl Into<String>) -> Self {
        Trouble::Broken(DbError::Other(why.into()))
    }
}

impl From<DbError> for Trouble {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Transient(_) | DbError::Full(_) => Trouble::Busy(error),
            other => Trouble::Broken(other),
        }
    }
}

/// An act while it is carried out.
struct Act<'a> {
    tx: Tx,
    out: Batch,
    intent: &'a Intent,
    company: Arc<Company>,
    now: crate::domain::Timestamp,
    person: Option<PersonId>,
    /// A button, not words: the answer is awaited on the spot.
    pressed: bool,
    /// Files to remember once they are committed.
    saved: Vec<(Basis, Request)>,
    /// It was too much: not read, only told so.
    too_much: bool,
    /// Decided on a remembered file, before the turn to write is taken.
    ahead: bool,
    /// The company's own rows were changed.
    reload: bool,
    /// The answer is not for the whole group.
    confined: bool,
}

impl App {
    /// Opens the rooms over a migrated database.
    pub async fn new(db: Db, clock: Arc<dyn Clock>, rulebook: Rulebook) -> Result<Self, Trouble> {
        let company = Company::load(&db, &rulebook, clock.now()).await?;
        Ok(Self {
            db,
            clock,
            rulebook,
            company: RwLock::new(Arc::new(company)),
            files: Files::default(),
            flood: None,
            wake: Wake::default(),
            findable: findable::Findable::default(),
            live: live::Live::default(),
            ends: ended::Ends::default(),
            looks: AtomicU64::new(0),
        })
    }

    /// The same, reading only so many messages of one person in a minute.
    #[must_use]
    pub fn with_flood(mut self, messages_per_minute: Option<NonZeroU32>) -> Self {
        self.flood = messages_per_minute.map(Flood::of);
        self
    }

    /// The database, for the workers' own leases.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The service's clock.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// The bells that wake the workers.
    pub fn wake(&self) -> &Wake {
        &self.wake
    }

    /// The company as it was last loaded, with those standing in who do so now.
    pub fn company(&self) -> Arc<Company> {
        // A poisoned lock only means that another thread panicked while it swapped an Arc: the value is whole.
        let company = self.company.read().unwrap_or_else(PoisonError::into_inner).clone();
        match company.moved_on(self.clock.now()) {
            Some(moved_on) => self.swap(moved_on),
            None => company,
        }
    }

    fn swap(&self, company: Company) -> Arc<Company> {
        let company = Arc::new(company);
        *self.company.write().unwrap_or_else(PoisonError::into_inner) = company.clone();
        company
    }

    /// Loads directory, bindings and preferences anew when another replica or command changed them.
    pub async fn refresh_company(&self) -> Result<(), Trouble> {
        let version = crate::store::directory::version(&self.db).await?;
        if version != self.company().version {
            self.reload().await?;
        }
        Ok(())
    }

    async fn reload(&self) -> Result<(), Trouble> {
        self.swap(Company::load(&self.db, &self.rulebook, self.clock.now()).await?);
        Ok(())
    }

    /// Something arrived from a messenger. `None`: it was not meant for the bot.
    pub async fn hear(&self, inbound: Inbound, bot: &str) -> Result<Option<Heard>, Trouble> {
        match inbound.said {
            Said::Arrived => return self.arrived(&inbound).await.map(Some),
            Said::Gone => return self.gone(&inbound).await.map(Some),
            Said::Text { .. } | Said::Press { .. } => {}
        }
        let pressed = matches!(inbound.said, Said::Press { .. });
        let Some(intent) = crate::intent::grammar::read(inbound, bot) else { return Ok(None) };
        let verdict = match &self.flood {
            Some(flood) if !pressed => flood.judge(&intent.account, &intent.place),
            Some(_) | None => Verdict::Fine,
        };
        match verdict {
            Verdict::Fine => self.act(&intent, pressed).await.map(Some),
            Verdict::Told => {
                let act = Act { too_much: true, ..self.begins(&intent, pressed, self.db.begin().await?) };
                self.under_lock(act).await.map(Some)
            }
            Verdict::Dropped => {
                Ok(Some(Heard::answer(Reply::Silent, self.company().person_of(&intent.account))))
            }
        }
    }

    /// Carries out what a person wants.
    async fn act(&self, intent: &Intent, pressed: bool) -> Result<Heard, Trouble> {
        if let Want::Several { .. } = intent.want {
            return Box::pin(self.several(intent)).await;
        }
        if let Some(heard) = self.act_ahead(intent, pressed).await? {
            return Ok(heard);
        }
        self.under_lock(self.begins(intent, pressed, self.db.begin().await?)).await
    }

    /// Claim, lock, decide, save, answer.
    async fn under_lock(&self, mut act: Act<'_>) -> Result<Heard, Trouble> {
        let person = act.person.clone();
        if let Some(reply) = self.answered_before(&mut act).await? {
            // The first answer may still be part of an open group: it counts once this commit has succeeded.
            act.tx.commit().await?;
            return Ok(Heard::answer(reply, person));
        }
        crash::here(Point::ActClaimed);
        let reply = self.carry_out(&mut act).await?;
        self.note_look(&act, &reply).await?;
        act.confined = self.confines(&act, &reply).await?;
        let reply = act.route(reply)?;
        act.keeps_answer(&reply)?;
        act.out.write(&mut act.tx).await?;
        let saved = self.commit(act.tx, act.saved, act.reload).await?;
        Ok(Heard { reply, person, saved })
    }

    /// The same for what changes one known case file: decided on the file as it is remembered, before the turn to
    /// write is taken, so that the turn lasts one journey. The claim goes first, and the save's tripwire compares the
    /// version. `None`, and nothing written: the key was claimed before, the file was behind, or nothing changes;
    /// whatever it was, it is found out under the lock.
    async fn act_ahead(&self, intent: &Intent, pressed: bool) -> Result<Option<Heard>, Trouble> {
        let Some(id) = requests::decided_on(&intent.want).filter(|_| !once::is_submission(intent)) else {
            return Ok(None);
        };
        let mut act = Act { ahead: true, ..self.begins(intent, pressed, self.db.later()) };
        let Some(person) = act.person.clone() else { return Ok(None) };
        let reply = self.carry_out(&mut act).await?;
        if act.saved.is_empty() {
            return Ok(None);
        }
        act.confined = self.confines(&act, &reply).await?;
        let reply = act.route(reply)?;
        inbox::claim_first(&mut act.out, &intent.key, self.clock.machine(), &reply)?;
        crash::here(Point::ActDecided);
        if !self.wrote(act.out, act.tx, &id).await? {
            return Ok(None);
        }
        let saved = self.committed(act.saved, act.reload).await?;
        Ok(Some(Heard { reply, person: Some(person), saved }))
    }

    /// Writes a batch that was decided ahead of its turn, if it meets the state that it was decided on.
    async fn wrote(&self, out: Batch, tx: Tx, id: &RequestId) -> Result<bool, Trouble> {
        match out.write_whole(tx).await {
            Ok(true) => Ok(true),
            // A line of the history that is there already is as sure a sign as the version.
            Ok(false) | Err(DbError::Unique { .. }) => {
                self.files.forget(id);
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn begins<'a>(&self, intent: &'a Intent, pressed: bool, tx: Tx) -> Act<'a> {
        let company = self.company();
        Act {
            tx,
            out: Batch::default(),
            person: company.person_of(&intent.account),
            intent,
            company,
            now: self.clock.now(),
            pressed,
            saved: Vec::new(),
            too_much: false,
            ahead: false,
            reload: false,
            confined: false,
        }
    }

    /// The files as they are remembered now.
    async fn commit(
        &self,
        tx: Tx,
        saved: Vec<(Basis, Request)>,
        reload: bool,
    ) -> Result<Vec<Arc<Request>>, Trouble> {
        tx.commit().await?;
        self.committed(saved, reload).await
    }

    async fn committed(
        &self,
        saved: Vec<(Basis, Request)>,
        reload: bool,
    ) -> Result<Vec<Arc<Request>>, Trouble> {
        let saved = saved.into_iter().map(|file| self.files.remember(file)).collect();
        if reload {
            self.reload().await?;
        }
        self.wake.all();
        Ok(saved)
    }
}
