//! Who may read the pages: a link from the chat that lets one person in for some minutes, and the session it is changed into.
//!
//! Invariant: a pass that opens was made here, whole, for this person and this use, and has not ended. Whether the person
//! still belongs to the company is asked again at every page. Passes are secrets: they are never logged.
//!
//! A pass is base64url of `version ‖ [until, …] ‖ tag`, the tag over its use as well, as in [`super::link`].
#![deny(clippy::indexing_slicing)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::link::{LinkError, TAG};
use super::ring::Ring;
use crate::domain::{PersonId, RequestId, Timestamp};

/// How long a link lets in.
pub const TICKET_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// How long a session lasts.
pub const SESSION_LIFE: SignedDuration = SignedDuration::from_hours(24);

const VERSION: u8 = 1;
/// Longer texts are not ours.
const LONGEST: usize = 1_024;
const PURPOSE: &[u8] = b"liaison: passes to pages, version 1";

/// What a pass is for; one is never taken for the other.
const TICKET: &[u8] = b"ticket";
const SESSION: &[u8] = b"session";

/// Makes and opens passes.
#[derive(Clone)]
pub struct Passes {
    base: String,
    keys: Ring,
}

/// Until when, whom it lets in, and to which request.
type Ticket = (i64, PersonId, Option<RequestId>);
/// Until when, whose it is, and what makes it another than all others.
type Session = (i64, PersonId, String);

impl Passes {
    /// Passes for the pages under `base`; those signed with the `other` secret open until its end.
    pub(super) fn new(base: &str, secret: &[u8], other: Option<(&[u8], Timestamp)>) -> Self {
        Self { base: base.to_owned(), keys: Ring::new(PURPOSE, secret, other) }
    }

    /// From now on with these secrets.
    pub(super) fn change(&self, secret: &[u8], other: Option<(&[u8], Timestamp)>) {
        self.keys.change(secret, other);
    }

    /// The address that lets this person in until [`TICKET_LIFE`] after `now` (the machine's time), to the board or to
    /// one request.
    pub fn link(&self, person: &PersonId, request: Option<&RequestId>, now: Timestamp) -> String {
        let body: Ticket = (ends(now, TICKET_LIFE), person.clone(), request.cloned());
        format!("{}/board/enter?pass={}", self.base, self.made(TICKET, &body))
    }

    /// Whom a link lets in, and to which request.
    pub fn enter(&self, ticket: &str, now: Timestamp) -> Result<(PersonId, Option<RequestId>), LinkError> {
        let (until, person, request): Ticket = self.opened(TICKET, ticket, now)?;
        in_time(until, now).map(|()| (person, request))
    }

    /// A session of this person, until [`SESSION_LIFE`] after `now`; `fresh` makes it another than all others.
    pub fn session(&self, person: &PersonId, fresh: String, now: Timestamp) -> String {
        let body: Session = (ends(now, SESSION_LIFE), person.clone(), fresh);
        self.made(SESSION, &body)
    }

    /// Whose session it is, as far as it says itself; whether it is still good, its row says.
    pub fn reader(&self, session: &str, now: Timestamp) -> Result<PersonId, LinkError> {
        let (until, person, _): Session = self.opened(SESSION, session, now)?;
        in_time(until, now).map(|()| person)
    }

    /// The address of one of our pages; `path` begins with `/`.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Whether the pages are reached over TLS only, so that a session need never travel without it.
    pub fn is_over_tls(&self) -> bool {
        self.base.starts_with("https://")
    }

    pub(super) fn made(&self, usage: &[u8], body: &impl Serialize) -> String {
        let mut bytes = vec![VERSION];
        // Plain data: writing it cannot fail; an empty text would not open again.
        bytes.extend(serde_json::to_vec(body).unwrap_or_default());
        let tag = self.keys.tag(&[usage, &bytes]);
        bytes.extend(tag);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// A text of 44 characters that only we can make of this one.
    pub(super) fn tagged(&self, usage: &[u8], text: &str) -> String {
        let half = |n: u8| URL_SAFE_NO_PAD.encode(self.keys.tag(&[usage, &[n], text.as_bytes()]));
        format!("{}{}", half(1), half(2))
    }

    /// What a pass of this use says; whether it has ended is for the caller, see [`in_time`].
    pub(super) fn opened<T: DeserializeOwned>(
        &self,
        usage: &[u8],
        pass: &str,
        now: Timestamp,
    ) -> Result<T, LinkError> {
        if pass.len() > LONGEST {
            return Err(LinkError::Forged);
        }
        let bytes = URL_SAFE_NO_PAD.decode(pass).map_err(|_| LinkError::Forged)?;
        let (body, tag) = bytes.split_last_chunk::<TAG>().ok_or(LinkError::Forged)?;
        let is_ours = self.keys.holds(&[usage, body], tag, now);
        let Some((&VERSION, json)) = body.split_first().filter(|_| is_ours) else {
            return Err(LinkError::Forged);
        };
        serde_json::from_slice(json).map_err(|_| LinkError::Forged)
    }
}

/// Whether what is good until then is good now.
pub(super) fn in_time(until: i64, now: Timestamp) -> Result<(), LinkError> {
    if until < now.as_second() { Err(LinkError::Expired) } else { Ok(()) }
}

/// SHA-256 of a session's cookie, in hex: what is kept of it.
pub fn hash(session: &str) -> String {
    hex::encode(Sha256::digest(session))
}

pub(super) fn ends(now: Timestamp, life: SignedDuration) -> i64 {
    now.saturating_add(life).unwrap_or(Timestamp::MAX).as_second()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_former_secret_let_in_ends_with_its_time() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let person = PersonId::new("li.na");
        let session = passes(b"former", None).session(&person, "n".to_owned(), now);
        let rotated = passes(b"former", None);
        rotated.change(b"present", Some((b"former", now + SignedDuration::from_hours(1))));
        assert_eq!(rotated.reader(&session, now).unwrap(), person);
        let later = now + SignedDuration::from_hours(2);
        assert!(matches!(rotated.reader(&session, later), Err(LinkError::Forged)));
    }

    fn passes(secret: &[u8], previous: Option<&[u8]>) -> Passes {
        let previous = previous.map(|secret| (secret, Timestamp::MAX));
        Passes::new("https://liaison.example", secret, previous)
    }

    fn now() -> Timestamp {
        "2026-11-23T02:00:00Z".parse().unwrap()
    }

    fn ticket(link: &str) -> &str {
        link.strip_prefix("https://liaison.example/board/enter?pass=").unwrap()
    }

    #[test]
    fn a_link_lets_one_person_in_for_a_quarter_of_an_hour_and_a_session_lasts_a_day() {
        let (passes, person) = (passes(b"one", None), PersonId::new("zhang.wei"));
        let request = RequestId::new("2026-Q4-SCB-001");
        let link = passes.link(&person, Some(&request), now());
        assert_eq!(passes.enter(ticket(&link), now()), Ok((person.clone(), Some(request))));
        let second = SignedDuration::from_secs(1);
        assert!(passes.enter(ticket(&link), now() + TICKET_LIFE).is_ok());
        assert_eq!(passes.enter(ticket(&link), now() + TICKET_LIFE + second), Err(LinkError::Expired));
        let session = passes.session(&person, "n".to_owned(), now());
        assert_eq!(passes.reader(&session, now() + SESSION_LIFE), Ok(person.clone()));
        assert_eq!(passes.reader(&session, now() + SESSION_LIFE + second), Err(LinkError::Expired));
    }

    #[test]
    fn nothing_forged_cut_or_made_for_something_else_opens() {
        let (ours, person) = (passes(b"one", None), PersonId::new("zhang.wei"));
        let link = ours.link(&person, None, now());
        let session = ours.session(&person, "n".to_owned(), now());
        assert_eq!(ours.reader(ticket(&link), now()), Err(LinkError::Forged), "a link is no session");
        assert_eq!(ours.enter(&session, now()), Err(LinkError::Forged), "a session is no link");
        assert_eq!(passes(b"two", None).reader(&session, now()), Err(LinkError::Forged));
        assert!(passes(b"two", Some(b"one")).reader(&session, now()).is_ok(), "while keys are changed");
        for place in 0..session.len() - 1 {
            let mut forged = session.clone().into_bytes();
            forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            assert_eq!(ours.reader(&forged, now()), Err(LinkError::Forged), "{place}");
        }
        for text in ["", "AA", "%%%", &"A".repeat(5_000)] {
            assert_eq!(ours.reader(text, now()), Err(LinkError::Forged));
        }
    }
}
