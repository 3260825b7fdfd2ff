//! What messengers tell of people and departments as it happens, and how they are asked for the rest.
//!
//! Invariant: what an event says of itself is an id; what stands behind the id is asked for, so that events that come
//! late or out of order leave the directory as the messenger shows it now.

use futures_util::future::BoxFuture;

use crate::domain::directory::part::Part;

/// Something that happened, by ids of the messenger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved {
    /// These people are new, or otherwise.
    People(Vec<String>),
    /// These people have left.
    Left(Vec<String>),
    /// A department is otherwise; the name that it had, where that is told.
    Department { id: String, former: Option<String> },
}

/// A messenger that knows the company.
pub trait Register: Send + Sync {
    /// The `platform` of its accounts.
    fn platform(&self) -> &'static str;

    /// What has become of whom or what an event is about.
    fn part<'a>(&'a self, moved: &'a Moved) -> BoxFuture<'a, Result<Part, RegisterError>>;
}

/// Why nothing is known of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// Worth asking again: the event should come once more.
    #[error("{0}")]
    Away(String),
    /// An administrator has to put something right; the event is worth nothing more.
    #[error("{0}")]
    Refused(String),
}
