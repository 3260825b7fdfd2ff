//! The keys of one purpose: the one that signs, and another one whose signatures are good as well.
//!
//! Invariant: whoever holds a copy of a ring holds the same keys: a change reaches all of them at once.
#![deny(clippy::indexing_slicing)]

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use super::link::{Key, TAG};
use crate::domain::Timestamp;

/// The keys. Copies share them.
#[derive(Clone)]
pub(super) struct Ring {
    purpose: &'static [u8],
    held: Arc<RwLock<Held>>,
}

struct Held {
    current: Key,
    /// What it has signed opens until then.
    other: Option<(Key, Timestamp)>,
}

impl Ring {
    /// Keys for this purpose, derived from secrets that may serve others, too.
    pub(super) fn new(purpose: &'static [u8], secret: &[u8], other: Option<(&[u8], Timestamp)>) -> Self {
        Self { purpose, held: Arc::new(RwLock::new(Held::derived(purpose, secret, other))) }
    }

    /// From now on these.
    pub(super) fn change(&self, secret: &[u8], other: Option<(&[u8], Timestamp)>) {
        let held = Held::derived(self.purpose, secret, other);
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
    }

    /// The mark that the key of today puts under these parts.
    pub(super) fn tag(&self, parts: &[&[u8]]) -> [u8; TAG] {
        self.held().current.tag(parts)
    }

    /// Whether a mark is ours and good at this moment.
    pub(super) fn holds(&self, parts: &[&[u8]], tag: &[u8; TAG], now: Timestamp) -> bool {
        let held = self.held();
        let other = held.other.as_ref().filter(|(_, until)| now <= *until);
        held.current.holds(parts, tag) || other.is_some_and(|(key, _)| key.holds(parts, tag))
    }

    fn held(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn derived(purpose: &[u8], secret: &[u8], other: Option<(&[u8], Timestamp)>) -> Self {
        let key = |secret: &[u8]| Key::derived(secret, purpose);
        Self { current: key(secret), other: other.map(|(secret, until)| (key(secret), until)) }
    }
}
