//! A messenger's own list of things to do (待办), for messengers that have one.
//!
//! Invariant: an item is put there and ticked off, and is never asked: what is owed stands in the case files alone.

use futures_util::future::BoxFuture;

use super::SendError;
use crate::domain::Timestamp;

/// Where the items of people stand.
pub trait TodoList: Send + Sync {
    /// Puts an item on somebody's list. The same `key` is one item: `None` if it is there from an earlier try, whose
    /// answer nobody got.
    fn add<'a>(&'a self, item: &'a Item) -> BoxFuture<'a, Result<Option<Kept>, SendError>>;

    /// Ticks an item off.
    fn tick_off<'a>(&'a self, kept: &'a Kept) -> BoxFuture<'a, Result<(), SendError>>;
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The idempotency key.
    pub key: String,
    /// Whose list, by the account there.
    pub account: String,
    /// One line.
    pub subject: String,
    /// Until when.
    pub due: Timestamp,
    /// The page that it opens.
    pub page: String,
}

/// An item on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Whose list, as the list knows people.
    pub owner: String,
    /// The item.
    pub task: String,
}
