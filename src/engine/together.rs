//! The same words for several people: what may leave in one call, where a messenger has such calls.
//!
//! Invariants: whoever is told together is told exactly the same, each once; what leaves is in the order in which it came;
//! each row keeps its own lease, doubt and end. What is urgent, in doubt, or changes its request by being delivered goes
//! alone, so that nothing that is drawn meanwhile looks at a state that is about to change.

use super::Engine;
use super::deliver::Delivery;
use super::digest::Ready;
use crate::app::Trouble;
use crate::domain::change::{To, What};
use crate::messenger::{Address, Circular, Envelope};
use crate::store::outbox::{self, Waiting};

/// Something that is about to be said, with what is to be done about it afterwards.
pub(super) struct Letter<T = Posted> {
    /// The messenger that it leaves through.
    pub(super) platform: &'static str,
    /// What is said.
    pub(super) envelope: Envelope,
    /// For afterwards.
    pub(super) rest: T,
}

/// Where a letter came from.
pub(super) struct Posted {
    /// Its row.
    pub(super) row: Waiting,
    /// Its way.
    pub(super) route: Delivery,
    /// What its card was drawn from.
    pub(super) ready: Ready,
}

/// Letters that wait for company, in the order in which they came: one face, one messenger, nobody twice.
pub(super) struct Bundle<T = Posted>(Vec<Letter<T>>);

impl<T> Default for Bundle<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Bundle<T> {
    /// Takes a letter in, among at most `most`; those that have to leave before come out.
    fn add(&mut self, letter: Letter<T>, most: usize) -> Vec<Letter<T>> {
        let before = if self.fits(&letter, most) { Vec::new() } else { self.leave() };
        self.0.push(letter);
        before
    }

    /// All of them.
    fn leave(&mut self) -> Vec<Letter<T>> {
        std::mem::take(&mut self.0)
    }

    fn fits(&self, letter: &Letter<T>, most: usize) -> bool {
        let is_same = |other: &Letter<T>| {
            other.platform == letter.platform
                && other.envelope.to != letter.envelope.to
                && other.envelope.face == letter.envelope.face
        };
        self.0.len() < most && self.0.iter().all(is_same)
    }
}

impl Letter {
    /// Whether it may leave with others.
    fn is_common(&self) -> bool {
        let Posted { row, ready, .. } = &self.rest;
        let mut said = std::iter::once(row).chain(&ready.with);
        matches!(self.envelope.to, Address::Person(_))
            && !self.envelope.urgent
            && said.all(|row| row.unsure_since.is_none() && outbox::starts(row).is_none())
    }
}

impl Engine {
    /// Says it: now, or with those that come next and say the same. What came before leaves before.
    pub(super) async fn say(&self, letter: Letter, bundle: &mut Bundle) -> Result<(), Trouble> {
        let most = letter.rest.route.messenger.together();
        if most > 1 && letter.is_common() {
            let before = bundle.add(letter, most);
            self.say_to_all(before).await;
            return Ok(());
        }
        self.say_rest(bundle).await;
        let done = letter.rest.route.messenger.send(&letter.envelope).await;
        self.conclude(letter, done).await
    }

    /// Whoever waits for company waits no longer.
    pub(super) async fn say_rest(&self, bundle: &mut Bundle) {
        self.say_to_all(bundle.leave()).await;
    }

    async fn say_to_all(&self, letters: Vec<Letter>) {
        let Some(first) = letters.first() else { return };
        let messenger = first.rest.route.messenger.clone();
        let done = if letters.len() == 1 {
            vec![messenger.send(&first.envelope).await]
        } else {
            self.metrics.count("sent_together");
            let to = letters.iter().map(|one| (one.envelope.key.clone(), one.envelope.to.clone()));
            let circular = Circular { face: first.envelope.face.clone(), to: to.collect() };
            messenger.send_together(&circular).await
        };
        for (letter, done) in letters.into_iter().zip(done) {
            let key = letter.envelope.key.clone();
            if let Err(trouble) = self.conclude(letter, done).await {
                tracing::warn!(outbox.key = %key, "a delivery is left to its lease: {trouble}");
            }
        }
    }

    /// Whether two rows are served one after the other: they concern one request, or say the same to people whose
    /// messenger may reach them together.
    pub(super) fn is_beside(&self, first: &Waiting, row: &Waiting) -> bool {
        match (&first.request, &row.request) {
            (Some(first), Some(row)) => first == row,
            (None, None) => {
                is_for_many(first)
                    && is_for_many(row)
                    && first.notice.what == row.notice.what
                    && self.messengers.iter().any(|messenger| messenger.together() > 1)
            }
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

/// Whether others may be told the very same although it concerns no request.
fn is_for_many(row: &Waiting) -> bool {
    matches!(row.notice.what, What::Alarm { .. } | What::Note { .. })
        && matches!(row.notice.to, To::Person(_))
}
