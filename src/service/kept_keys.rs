//! Keys that nobody configured: made at the first start, kept in the database, the same for all replicas; and how they
//! are changed.
//!
//! Invariant: what a key has signed opens until its own end, also after the key was changed, and not a moment longer.

use jiff::SignedDuration;

use crate::clock::fresh_id;
use crate::domain::Timestamp;
use crate::messenger::{link, seal};
use crate::store::{Db, DbError, Tx, desk};

/// A key that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Signs the links to web forms.
    Links,
    /// Seals the buttons of cards.
    Buttons,
}

/// A key with the one before it, as long as that still opens something.
pub struct Pair {
    /// Signs from now on.
    pub current: String,
    /// Opens what it has signed until then.
    pub previous: Option<(String, Timestamp)>,
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
        let current = desk::set_switch_once(&mut tx, self.switch(), &made(), now).await?;
        tx.commit().await?;
        Ok(Pair { current, previous: self.former(db, now).await? })
    }

    /// The key before, and until when it opens something.
    pub async fn former(self, db: &Db, now: Timestamp) -> Result<Option<(String, Timestamp)>, DbError> {
        let kept = desk::switch(db, self.before()).await?;
        let ended =
            kept.map(|(key, since)| (key, since.saturating_add(self.life()).unwrap_or(Timestamp::MAX)));
        Ok(ended.filter(|(_, until)| *until > now))
    }

    /// Since when the key is in use; `None`: none was made yet.
    pub async fn since(self, db: &Db) -> Result<Option<Timestamp>, DbError> {
        Ok(desk::switch(db, self.switch()).await?.map(|(_, since)| since))
    }

    /// Puts a fresh key in its place. The service takes it up when it starts next; until when the former one opens.
    pub async fn rotate(self, tx: &mut Tx, now: Timestamp) -> Result<Timestamp, DbError> {
        let former = desk::set_switch_once(tx, self.switch(), &made(), now).await?;
        desk::set_switch(tx, self.before(), &former, now).await?;
        desk::set_switch(tx, self.switch(), &made(), now).await?;
        Ok(now.saturating_add(self.life()).unwrap_or(Timestamp::MAX))
    }
}

fn made() -> String {
    format!("{}{}", fresh_id(), fresh_id())
}
