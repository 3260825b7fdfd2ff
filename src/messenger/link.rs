//! Signed links to the web form of one act, for people whose messenger has no forms.
//!
//! Invariant: a token that opens was made here, whole, for this person and this want, and is not older than [`LIFE`].
//! Whether the person may do it is asked again all the same. Tokens are secrets: they are never logged.
//!
//! A token is base64url of `version ‖ [until, person, want] ‖ tag`; the tag is the first 16 bytes of HMAC-SHA-256 under a
//! key that is derived for nothing else (RFC 2104 section 5 allows half of the hash).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::pass::Passes;
use super::ring::Ring;
use crate::domain::{PersonId, Timestamp};
use crate::intent::Want;

/// How long a link works.
pub const LIFE: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 7);

/// What the first byte says; another one is another format.
const VERSION: u8 = 1;
pub(super) const TAG: usize = 16;
/// What the key of these links is derived for.
const PURPOSE: &[u8] = b"liaison: links to web forms, version 1";
/// Longer texts are not ours: nothing that long is decoded.
const LONGEST: usize = 4 * 1024;

/// Makes and opens links.
#[derive(Clone)]
pub struct Links {
    base: String,
    keys: Ring,
    passes: Passes,
}

/// What a link stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Whose it is.
    pub person: PersonId,
    /// The one thing that it is for.
    pub want: Want,
}

/// Why a link does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Not made by us, or not whole.
    #[error("the link was not made here")]
    Forged,
    /// It was good once.
    #[error("the link has expired")]
    Expired,
}

#[derive(Clone)]
pub(super) struct Key([u8; 32]);

impl Links {
    /// Links that begin with `public_url`, signed with `secret`; those signed with the `other` one open until its end.
    pub fn new(public_url: &str, secret: &[u8], other: Option<(&[u8], Timestamp)>) -> Self {
        let base = public_url.trim_end_matches('/').to_owned();
        let passes = Passes::new(&base, secret, other);
        Self { base, keys: Ring::new(PURPOSE, secret, other), passes }
    }

    /// From now on with these secrets, in every copy.
    pub fn change(&self, secret: &[u8], other: Option<(&[u8], Timestamp)>) {
        self.keys.change(secret, other);
        self.passes.change(secret, other);
    }

    /// What lets people in to the pages that are read.
    pub fn passes(&self) -> &Passes {
        &self.passes
    }

    /// The address of the form where this person can do this, good until [`LIFE`] after `now` (the machine's time).
    /// The want names request and version, so the link is bound to them.
    pub fn link(&self, person: &PersonId, want: &Want, now: Timestamp) -> String {
        format!("{}/forms/{}", self.base, self.token(person, want, now))
    }

    fn token(&self, person: &PersonId, want: &Want, now: Timestamp) -> String {
        let until = now.saturating_add(LIFE).unwrap_or(Timestamp::MAX).as_second();
        let mut bytes = vec![VERSION];
        // A want is plain data with text keys: writing it cannot fail; an empty text would not open again.
        bytes.extend(serde_json::to_vec(&(until, person, want)).unwrap_or_default());
        let tag = self.keys.tag(&[b"token", &bytes]);
        bytes.extend(tag);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a token stands for.
    pub fn open(&self, token: &str, now: Timestamp) -> Result<Opened, LinkError> {
        if token.len() > LONGEST {
            return Err(LinkError::Forged);
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| LinkError::Forged)?;
        let (body, tag) = bytes.split_last_chunk::<TAG>().ok_or(LinkError::Forged)?;
        let is_ours = self.keys.holds(&[b"token", body], tag, now);
        let Some((&VERSION, json)) = body.split_first().filter(|_| is_ours) else {
            return Err(LinkError::Forged);
        };
        let (until, person, want): (i64, PersonId, Want) =
            serde_json::from_slice(json).map_err(|_| LinkError::Forged)?;
        if until < now.as_second() {
            return Err(LinkError::Expired);
        }
        Ok(Opened { person, want })
    }

    /// The mark of one submission of the form behind a token: `id` is fresh for every page that is shown. Without it
    /// nothing is taken, so a page of somebody else's cannot post here.
    pub fn submission(&self, token: &str, id: &str) -> String {
        format!(
            "{id}.{}",
            URL_SAFE_NO_PAD.encode(self.keys.tag(&[b"submission", token.as_bytes(), id.as_bytes()]))
        )
    }

    /// The key under which a submission is one act however often it arrives; `None` if its page was not shown by us for
    /// this token.
    pub fn key_of(&self, token: &str, submission: &str, now: Timestamp) -> Option<String> {
        let (id, tag) = submission.split_once('.').filter(|(id, _)| id.len() <= 64)?;
        let tag: [u8; TAG] = URL_SAFE_NO_PAD.decode(tag).ok()?.try_into().ok()?;
        let is_ours = self.keys.holds(&[b"submission", token.as_bytes(), id.as_bytes()], &tag, now);
        is_ours.then(|| format!("web:{id}:{}", hex::encode(tag)))
    }
}

impl Key {
    /// The secret may serve other purposes, too: this key serves one.
    pub(super) fn derived(secret: &[u8], purpose: &[u8]) -> Self {
        let mut mac = mac(secret);
        mac.update(purpose);
        Self(mac.finalize().into_bytes().into())
    }

    pub(super) fn tag(&self, parts: &[&[u8]]) -> [u8; TAG] {
        let whole: [u8; 32] = self.over(parts).finalize().into_bytes().into();
        let mut tag = [0; TAG];
        tag.copy_from_slice(&whole[..TAG]);
        tag
    }

    pub(super) fn holds(&self, parts: &[&[u8]], tag: &[u8; TAG]) -> bool {
        self.over(parts).verify_truncated_left(tag).is_ok()
    }

    /// Each part after its length, so that no byte can move from one to the next.
    fn over(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = mac(&self.0);
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }
}

/// HMAC takes keys of any length, so this cannot fail; see `Hmac::new_from_slice`.
fn mac(key: &[u8]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()))
}

#[cfg(test)]
#[path = "link_tests.rs"]
mod tests;
