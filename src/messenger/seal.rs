//! Buttons carry what they stand for; the seal keeps anybody from writing their own.
//!
//! Invariant: a want that comes back is one that was sent, whole, not older than [`LIFE`]. Whether the person may do it
//! is asked again all the same.
#![deny(clippy::indexing_slicing)]

use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::domain::Timestamp;
use crate::intent::{Drawing, Want};

/// How long a button works.
pub const LIFE: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 90);

/// The key that seals, and for a time another one that opens as well. Copies share them: a change reaches all at once.
#[derive(Clone)]
pub struct SealKey(Arc<RwLock<Keys>>);

#[derive(Clone)]
struct Keys {
    current: Vec<u8>,
    other: Option<(Vec<u8>, Timestamp)>,
}

/// A button that came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Pressed {
    /// What it stands for.
    pub want: Want,
    /// Where it stood: the seal is another one each time that a card is drawn.
    pub drawing: Box<Drawing>,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    until: i64,
    want: Want,
}

impl SealKey {
    /// A key of any length.
    pub fn new(key: &[u8]) -> Self {
        Self(Arc::new(RwLock::new(Keys { current: key.to_vec(), other: None })))
    }

    /// From now on this one; what the other one has sealed opens, too, until its end.
    pub fn change(&self, key: &[u8], other: Option<(&[u8], Timestamp)>) {
        let other = other.map(|(key, until)| (key.to_vec(), until));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Keys { current: key.to_vec(), other };
    }

    fn keys(&self) -> Keys {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The want as an opaque text, good until [`LIFE`] after `now` (the machine's time).
    pub fn seal(&self, want: &Want, now: Timestamp) -> String {
        let until = now.saturating_add(LIFE).unwrap_or(Timestamp::MAX).as_millisecond();
        // A want is plain data with text keys: writing it cannot fail; an empty text would not open again.
        let body = serde_json::to_vec(&Sealed { until, want: want.clone() }).unwrap_or_default();
        let tag = mac(&self.keys().current, &body).finalize().into_bytes();
        format!("{}.{}", URL_SAFE_NO_PAD.encode(&body), URL_SAFE_NO_PAD.encode(tag))
    }

    /// The want inside, and whose drawing it is; `None` if it was not sealed by us or has expired.
    pub fn open(&self, text: &str, now: Timestamp) -> Option<Pressed> {
        let (body, name) = text.split_once('.')?;
        let body = URL_SAFE_NO_PAD.decode(body).ok()?;
        let tag = URL_SAFE_NO_PAD.decode(name).ok()?;
        let Keys { current, other } = self.keys();
        let other = other.filter(|(_, until)| now <= *until).map(|(key, _)| key);
        let is_ours = |key: &Vec<u8>| mac(key, &body).verify_slice(&tag).is_ok();
        if !is_ours(&current) && !other.as_ref().is_some_and(is_ours) {
            return None;
        }
        let sealed: Sealed = serde_json::from_slice(&body).ok()?;
        let until = Timestamp::from_millisecond(sealed.until).ok().filter(|until| *until >= now)?;
        Some(Pressed { want: sealed.want, drawing: Box::new(Drawing { name: name.to_owned(), until }) })
    }
}

/// HMAC takes keys of any length, so this cannot fail; see `Hmac::new_from_slice`.
fn mac(key: &[u8], body: &[u8]) -> Hmac<Sha256> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wanted(key: &SealKey, text: &str, now: Timestamp) -> Option<Want> {
        key.open(text, now).map(|pressed| pressed.want)
    }

    proptest! {
        #[test]
        fn no_text_opens_that_was_not_sealed(text in "[A-Za-z0-9_.-]{0,300}|\\PC{0,100}") {
            prop_assert_eq!(SealKey::new(b"one key").open(&text, Timestamp::UNIX_EPOCH), None);
        }

        /// What is sealed opens, and no other body opens under its tag.
        #[test]
        fn the_tag_holds_for_its_own_body_only(one in "\\PC{0,40}", two in "\\PC{0,40}") {
            let (key, now) = (SealKey::new(b"one key"), Timestamp::UNIX_EPOCH);
            let want = |request: &str| Want::Show { request: Some(request.to_owned()) };
            let (mine, theirs) = (key.seal(&want(&one), now), key.seal(&want(&two), now));
            prop_assert_eq!(wanted(&key, &mine, now), Some(want(&one)));
            prop_assume!(one != two);
            let (body, tag) = (theirs.split_once('.').unwrap().0, mine.split_once('.').unwrap().1);
            prop_assert_eq!(key.open(&format!("{body}.{tag}"), now), None);
        }
    }

    #[test]
    fn only_our_own_unexpired_seal_opens() {
        let key = SealKey::new(b"one key");
        let now: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
        let want = Want::Show { request: Some("2026-Q4-SCB-001".into()) };
        let sealed = key.seal(&want, now);
        assert_eq!(wanted(&key, &sealed, now), Some(want));
        assert_eq!(SealKey::new(b"another").open(&sealed, now), None);
        let later = now + jiff::SignedDuration::from_millis(1);
        let drawn = |at| key.open(&key.seal(&Want::My, at), later).unwrap().drawing;
        assert!(drawn(now) == drawn(now) && drawn(now) != drawn(later) && drawn(now).until == now + LIFE);
        assert_eq!(key.open(&sealed, now + LIFE + jiff::SignedDuration::from_secs(1)), None);
        for place in 0..sealed.len() {
            let mut forged = sealed.clone().into_bytes();
            forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            let opened = key.open(&forged, now);
            assert!(opened.is_none() || forged == sealed || opened == key.open(&sealed, now), "{place}");
        }
        for text in ["", ".", "a.b", "%%%.%%%"] {
            assert_eq!(key.open(text, now), None);
        }
    }

    #[test]
    fn what_the_former_key_sealed_opens_for_a_time_and_new_seals_are_of_the_new_one() {
        let now: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
        let want = Want::Show { request: None };
        let until = now + jiff::SignedDuration::from_hours(1);
        let rotated = SealKey::new(b"old");
        let (copy, old) = (rotated.clone(), rotated.seal(&want, now));
        rotated.change(b"new", Some((b"old", until)));
        assert_eq!(
            wanted(&copy, &rotated.seal(&want, now), until),
            Some(want.clone()),
            "a copy changes, too"
        );
        assert_eq!(wanted(&rotated, &old, until), Some(want.clone()));
        assert_eq!(rotated.open(&old, until + jiff::SignedDuration::from_secs(1)), None);
        assert_eq!(wanted(&SealKey::new(b"new"), &rotated.seal(&want, now), now), Some(want));
    }
}
