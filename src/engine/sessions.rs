//! Coming in to the pages, and going out.
//!
//! Invariant: a session opens while its cookie is ours, its row is good and its person belongs to the company.

use super::Engine;
use super::stage::pages::Reader;
use crate::app::Trouble;
use crate::clock::fresh_id;
use crate::domain::PersonId;
use crate::messenger::pass::{SESSION_LIFE, hash};

impl Engine {
    /// Whose session it is; `None`: nobody's (any more).
    pub async fn reader(&self, session: &str) -> Result<Option<Reader>, Trouble> {
        let now = self.app.clock().machine();
        let Ok(person) = self.links.passes().reader(session, now) else { return Ok(None) };
        let Some(reader) = self.known(&person) else { return Ok(None) };
        let is_good = self.app.is_signed_in(&person, &hash(session)).await?;
        Ok(is_good.then_some(reader))
    }

    /// Lets somebody in; the session's cookie. `way` is `link`, or the messenger that said who it is.
    pub async fn sign_in(&self, person: &PersonId, way: &str) -> Result<String, Trouble> {
        let now = self.app.clock().machine();
        let session = self.links.passes().session(person, fresh_id(), now);
        self.app.sign_in(person, (&hash(&session), way), SESSION_LIFE).await?;
        Ok(session)
    }

    /// Ends a session, if it is one of ours.
    pub async fn sign_out(&self, session: &str) -> Result<(), Trouble> {
        match self.links.passes().reader(session, self.app.clock().machine()) {
            Ok(_) => self.app.sign_out(&hash(session)).await,
            Err(_) => Ok(()),
        }
    }
}
