//! What came of something that a person said.

use std::sync::Arc;

use crate::domain::PersonId;
use crate::domain::change::Reply;
use crate::domain::request::Request;

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// What the messenger is waiting for: the toast and the card of a pressed button; `Silent` for words, whose answer
    /// goes through the outbox.
    pub reply: Reply,
    /// Whose it was, when the account is known.
    pub person: Option<PersonId>,
    /// The files as this very act has committed them: what is shown of them on the spot needs no second look at the
    /// database.
    pub saved: Vec<Arc<Request>>,
}

impl Heard {
    /// An answer that changed no file, or that was given before.
    pub fn answer(reply: Reply, person: Option<PersonId>) -> Self {
        Self { reply, person, saved: Vec::new() }
    }
}
