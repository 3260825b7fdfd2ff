//! Who is signed in to the pages.
//!
//! Invariants: a session is good for as long as its row says, and never for whoever has left; what began a session is
//! taken once. All times are the machine's.

use jiff::SignedDuration;

use super::{App, Trouble};
use crate::domain::PersonId;
use crate::intent::Account;
use crate::store::inbox::{self, Claim};
use crate::store::session::{self, Session};

/// The use of a session is noted so often at most: reading a page is to write nothing.
const NOTED: SignedDuration = SignedDuration::from_mins(5);

impl App {
    /// Keeps a session of a person that lasts `life`, known by the hash of its cookie.
    pub async fn sign_in(
        &self,
        person: &PersonId,
        (hash, way): (&str, &str),
        life: SignedDuration,
    ) -> Result<(), Trouble> {
        let now = self.clock().machine();
        let (created_at, used_at) = (now, now);
        let expires_at = now.saturating_add(life).unwrap_or(crate::domain::Timestamp::MAX);
        let (hash, person, way) = (hash.to_owned(), person.clone(), way.to_owned());
        let mut tx = self.db().begin().await?;
        session::add(&mut tx, &Session { hash, person, way, created_at, used_at, expires_at }).await?;
        Ok(tx.commit().await?)
    }

    /// Whether the session of a person is good, and notes that it was used.
    pub async fn is_signed_in(&self, person: &PersonId, hash: &str) -> Result<bool, Trouble> {
        let now = self.clock().machine();
        let Some(found) = session::good(self.db(), hash, now).await?.filter(|s| s.person == *person) else {
            return Ok(false);
        };
        if now.duration_since(found.used_at) >= NOTED {
            let mut tx = self.db().begin().await?;
            session::used(&mut tx, hash, now).await?;
            tx.commit().await?;
        }
        Ok(true)
    }

    /// Ends a session.
    pub async fn sign_out(&self, hash: &str) -> Result<(), Trouble> {
        let mut tx = self.db().begin().await?;
        session::end(&mut tx, hash, self.clock().machine()).await?;
        tx.commit().await?;
        self.ends.tell(hash);
        // Pages may be open under it at other replicas.
        self.wake().others.notify_one();
        Ok(())
    }

    /// Whether `account` is of the company that an application of its messenger is bound to: the tenant of whoever of ours
    /// logged in through it first.
    pub async fn is_of_the_tenant(
        &self,
        account: &Account,
        (application, is_ours): (&str, bool),
    ) -> Result<bool, Trouble> {
        let name = format!("tenant/{}/{application}", account.platform);
        let bound = match self.kept(&name).await? {
            None if is_ours => Some(self.keep_first(&name, &account.tenant).await?),
            bound => bound,
        };
        Ok(bound.is_none_or(|tenant| tenant == account.tenant))
    }

    /// Takes what a browser was sent to log in with; `false`: it was taken before.
    pub async fn takes_login(&self, nonce: &str) -> Result<bool, Trouble> {
        let mut tx = self.db().begin().await?;
        let claim = inbox::claim(&mut tx, &format!("login/{nonce}"), self.clock().machine()).await?;
        tx.commit().await?;
        Ok(matches!(claim, Claim::Fresh))
    }
}
