//! Keys that nobody configured: made at the first start, kept in the database, the same for all replicas; and how they
//! are changed.
//!
//! Invariants: what a key has signed opens until its own end, also after the key was changed, and not a moment longer; no
//! replica signs with a fresh key before every other one has had the time to know it.

use jiff::SignedDuration;

use crate::clock::fresh_id;
use crate::domain::Timestamp;
use crate::messenger::{link, seal};
use crate::store::{Db, DbError, Tx, desk};

/// What the anchors of the history are marked with.
const ANCHORS: &str = "anchor_key";

/// A fresh key opens at once and signs from then on: until then every replica has looked.
pub const GRACE: SignedDuration = SignedDuration::from_secs(60);

/// A key that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Signs the links to web forms.
    Links,
    /// Seals the buttons of cards.
    Buttons,
}

/// A key with another one that opens as well: the one before it, or the one after it that does not sign yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Pair {
    /// Signs.
    pub current: String,
    /// Opens what it has signed until then.
    pub other: Option<(String, Timestamp)>,
}

impl Kept {
    /// All of them.
    pub const ALL: [Kept; 2] = [Kept::Links, Kept::Buttons];

    /// As it is typed.
    pub fn name(self) -> &'static str {
        match self {
            Kept::Links => "links",
            Kept::Buttons => "buttons",
        }
    }

    fn switch(self) -> &'static str {
        match self {
            Kept::Links => "link_secret",
            Kept::Buttons => "button_key",
        }
    }

    fn before(self) -> &'static str {
        match self {
            Kept::Links => "previous_link_secret",
            Kept::Buttons => "previous_button_key",
        }
    }

    /// How long what it signed is good.
    fn life(self) -> SignedDuration {
        match self {
            Kept::Links => link::LIFE,
            Kept::Buttons => seal::LIFE,
        }
    }

    /// The key, made now if there is none; `now` is the machine's time.
    pub async fn open(self, db: &Db, now: Timestamp) -> Result<Pair, DbError> {
        let mut tx = db.begin().await?;
        desk::set_switch_once(&mut tx, self.switch(), &made(), now).await?;
        tx.commit().await?;
        self.look(db, now).await?.ok_or_else(|| DbError::Other(format!("no key of the {}", self.name())))
    }

    /// The key as it is kept; `None`: none was made yet.
    pub async fn look(self, db: &Db, now: Timestamp) -> Result<Option<Pair>, DbError> {
        let former = self.former(db, now).await?;
        let Some((current, since)) = desk::switch(db, self.switch()).await? else { return Ok(None) };
        Ok(Some(match former {
            Some((former, _)) if now < since.saturating_add(GRACE).unwrap_or(Timestamp::MAX) => {
                Pair { current: former, other: Some((current, Timestamp::MAX)) }
            }
            other => Pair { current, other },
        }))
    }

    /// The key before, and until when it opens something.
    pub async fn former(self, db: &Db, now: Timestamp) -> Result<Option<(String, Timestamp)>, DbError> {
        let kept = desk::switch(db, self.before()).await?;
        let until = |since: Timestamp| since.saturating_add(self.life() + GRACE).unwrap_or(Timestamp::MAX);
        Ok(kept.map(|(key, since)| (key, until(since))).filter(|(_, until)| *until > now))
    }

    /// Since when the key is in use; `None`: none was made yet.
    pub async fn since(self, db: &Db) -> Result<Option<Timestamp>, DbError> {
        Ok(desk::switch(db, self.switch()).await?.map(|(_, since)| since))
    }

    /// Puts a fresh key in its place; until when the former one opens. `None`: the last change is not a minute old, and
    /// the key before it still signs somewhere.
    pub async fn rotate(self, tx: &mut Tx, now: Timestamp) -> Result<Option<Timestamp>, DbError> {
        let fresh = now.saturating_sub(GRACE).unwrap_or(Timestamp::MIN);
        if desk::switched_since(tx, self.before(), fresh).await? {
            return Ok(None);
        }
        let former = desk::set_switch_once(tx, self.switch(), &made(), now).await?;
        desk::set_switch(tx, self.before(), &former, now).await?;
        desk::set_switch(tx, self.switch(), &made(), now).await?;
        Ok(Some(now.saturating_add(self.life() + GRACE).unwrap_or(Timestamp::MAX)))
    }
}

/// What the anchors of the history are marked with; made once, and never changed: an old anchor has to hold.
pub async fn of_anchors(db: &Db, now: Timestamp) -> Result<String, DbError> {
    let mut tx = db.begin().await?;
    let key = desk::set_switch_once(&mut tx, ANCHORS, &made(), now).await?;
    tx.commit().await?;
    Ok(key)
}

/// The same as it is kept; `None`: no anchor was ever written.
pub async fn kept_of_anchors(db: &Db) -> Result<Option<String>, DbError> {
    Ok(desk::switch(db, ANCHORS).await?.map(|(key, _)| key))
}

fn made() -> String {
    format!("{}{}", fresh_id(), fresh_id())
}
