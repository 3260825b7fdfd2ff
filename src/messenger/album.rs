//! Pictures that stand in cards, where a messenger can show them.
//!
//! Invariant: a picture that cannot be kept is no reason to hold a message back; it goes without.

use futures_util::future::BoxFuture;

use super::SendError;

/// Where a messenger keeps the pictures of cards.
pub trait Album: Send + Sync {
    /// Keeps a PNG for a card that is about to be sent; the name by which the card refers to it.
    fn hang<'a>(&'a self, png: &'a [u8]) -> BoxFuture<'a, Result<String, SendError>>;
}
