//! The same words for several people: what may leave in one call, where a messenger has such calls.
//!
//! Invariants: whoever is told together is told exactly the same, each once; what leaves is in the order in which it came;
//! each row keeps its own lease, doubt and end. What is urgent, in doubt, or changes its request by being delivered goes
//! alone, so that nothing that is drawn meanwhile looks at a state that is about to change.

use std::collections::BTreeMap;

use super::Engine;
use super::deliver::Delivery;
use super::digest::Ready;
use crate::app::Trouble;
use crate::card::Card;
use crate::domain::change::{To, What};
use crate::intent::Want;
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

    /// What is only to be looked at gets the address of its page, which is the same for everybody and asks who it is.
    pub(super) fn make_common(&self, links: &mut BTreeMap<String, String>, card: &Card) {
        for action in &card.actions {
            if let (Some(link), Some(path)) = (links.get_mut(&action.id), path(&action.want)) {
                *link = self.links().passes().page(&path);
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

/// The page that shows what a button shows, where it changes nothing.
fn path(want: &Want) -> Option<String> {
    let Want::Show { request: Some(number) } = want else { return None };
    let is_plain = number.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_plain.then(|| format!("/requests/{number}"))
}

/// Whether others may be told the very same although it concerns no request.
fn is_for_many(row: &Waiting) -> bool {
    matches!(row.notice.what, What::Alarm { .. } | What::Note { .. })
        && matches!(row.notice.to, To::Person(_))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::card::Colour;
    use crate::messenger::Face;

    fn letter((reader, words, platform): (u8, u8, bool)) -> Letter<usize> {
        let card = Card {
            title: format!("news {words}"),
            subtitle: None,
            colour: Colour::Blue,
            tag: None,
            blocks: Vec::new(),
            actions: Vec::new(),
            form: None,
        };
        let (summary, links) = (String::new(), BTreeMap::new());
        let face = Face { card, summary: summary.clone(), shortened: summary, links, picture: None };
        let to = Address::Person(format!("reader {reader}"));
        let envelope = Envelope { key: String::new(), to, face, urgent: false };
        Letter { platform: if platform { "one" } else { "other" }, envelope, rest: 0 }
    }

    /// In which calls these letters leave.
    fn calls(letters: impl Iterator<Item = Letter<usize>>, most: usize) -> Vec<Vec<Letter<usize>>> {
        let (mut bundle, mut calls) = (Bundle::default(), Vec::new());
        for (n, letter) in letters.enumerate() {
            calls.push(bundle.add(Letter { rest: n, ..letter }, most));
        }
        calls.push(bundle.leave());
        calls.retain(|call| !call.is_empty());
        calls
    }

    proptest! {
        #[test]
        fn nobody_is_overtaken_told_twice_or_told_what_another_is_told(
            all in prop::collection::vec((0u8..6, 0u8..3, any::<bool>()), 0..60), most in 2usize..6,
        ) {
            let calls = calls(all.iter().copied().map(letter), most);
            let order: Vec<usize> = calls.iter().flatten().map(|letter| letter.rest).collect();
            prop_assert_eq!(order, (0..all.len()).collect::<Vec<_>>(), "everything leaves, in its order");
            for call in &calls {
                prop_assert!(call.len() <= most);
                for (n, one) in call.iter().enumerate() {
                    prop_assert_eq!(&one.envelope.face, &call[0].envelope.face);
                    prop_assert_eq!(one.platform, call[0].platform);
                    prop_assert!(call[..n].iter().all(|other| other.envelope.to != one.envelope.to));
                }
            }
        }
    }

    #[test]
    fn the_same_for_many_leaves_in_as_few_calls_as_there_can_be() {
        let sizes = |many: u8| -> Vec<usize> {
            calls((0..many).map(|reader| letter((reader, 0, true))), 20).iter().map(Vec::len).collect()
        };
        assert_eq!((sizes(1), sizes(20), sizes(21)), (vec![1], vec![20], vec![20, 1]));
    }

    #[test]
    fn only_what_is_looked_at_has_a_page_for_everybody() {
        let show = |number: &str| path(&Want::Show { request: Some(number.to_owned()) });
        assert_eq!(show("2026-Q4-SCB-001").as_deref(), Some("/requests/2026-Q4-SCB-001"));
        assert_eq!((show("../x"), show("a b"), show("x?y")), (None, None, None));
        assert_eq!((path(&Want::Show { request: None }), path(&Want::My)), (None, None));
    }
}
