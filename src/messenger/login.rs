//! Logging in to the pages with the account that somebody has on a messenger.
//!
//! Invariants: a browser that comes back with a code brings the cookie that it was sent away with, and both speak of the
//! same login, not older than [`LOGIN_LIFE`]; it leads to pages of ours and nowhere else. Codes, tokens and cookies are
//! never logged.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::BoxFuture;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use super::link::LinkError;
use super::pass::{Passes, ends, in_time};
use crate::domain::Timestamp;
use crate::intent::Account;

/// How long somebody may take to log in. A code of Feishu or DingTalk lives for five minutes.
pub const LOGIN_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// What the pass in the cookie is for.
const LOGIN: &[u8] = b"login";
/// The pages that one can come in to.
const PAGES: [&str; 2] = ["/board", "/requests/"];
/// Longer addresses are none of ours.
const LONGEST: usize = 400;

/// A messenger that can say who sits at a browser.
pub trait Login: Send + Sync {
    /// The `platform` of its accounts.
    fn platform(&self) -> &'static str;

    /// The messenger's page to which the browser is sent.
    fn page(&self, asked: &Asked<'_>) -> String;

    /// What a page of ours needs to ask the messenger's own client around it, where this is one.
    fn inside(&self, _user_agent: &str) -> Option<Inside> {
        None
    }

    /// The application, where the messenger lets in people of any company through it and says of which one they are; `None`
    /// where it knows those of ours alone.
    fn shared_by_tenants(&self) -> Option<&str> {
        None
    }

    /// Whose the code is that came back.
    fn who<'a>(&'a self, back: &'a Back<'a>) -> BoxFuture<'a, Result<Account, LoginError>>;
}

/// What the messenger's page is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Comes back with the code.
    pub state: &'a str,
    /// SHA-256 of the verifier, base64url (RFC 7636 section 4.2).
    pub challenge: &'a str,
    /// Where the browser is to come back; registered at the messenger, letter by letter.
    pub redirect: &'a str,
}

/// What came back.
#[derive(Clone, Copy)]
pub struct Back<'a> {
    /// The code; good once.
    pub code: &'a str,
    /// What the challenge was made of.
    pub verifier: &'a str,
    /// As in [`Asked`].
    pub redirect: &'a str,
    /// The messenger's client gave the code to a page of ours.
    pub inside: bool,
}

/// What a page inside the messenger's client asks that client with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inside {
    /// The company's id there.
    pub company: String,
    /// The application's.
    pub application: String,
}

/// Why a messenger does not say who it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// The code is wrong, used or too old, or its owner is not of this company: from the start, please.
    #[error("{0}")]
    Refused(String),
    /// The messenger is away, or the application is not set up for it.
    #[error("{0}")]
    Failed(String),
}

/// A login that was begun.
#[derive(Clone, PartialEq, Eq)]
pub struct Begun {
    /// Of which messenger.
    pub platform: String,
    /// The `state` of the messenger's page; made for this login alone.
    pub nonce: String,
    /// For the messenger alone, with the code (RFC 7636).
    pub verifier: String,
    /// The path of the page that it leads to.
    pub to: String,
}

type Body = (i64, String, String, String, String);

impl Begun {
    /// The challenge that goes with the verifier.
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier))
    }
}

impl Passes {
    /// The cookie of a login that is begun now.
    pub fn login(&self, begun: &Begun, now: Timestamp) -> String {
        let Begun { platform, nonce, verifier, to } = begun.clone();
        let body: Body = (ends(now, LOGIN_LIFE), platform, nonce, verifier, to);
        self.made(LOGIN, &body)
    }

    /// The verifier of a login, which nobody else can tell from its nonce: 43 characters are the least (RFC 7636 section 4.1).
    pub fn verifier(&self, nonce: &str) -> String {
        self.tagged(b"verifier", nonce)
    }

    /// The login that a cookie speaks of, if `state` and `platform` came back with it.
    pub fn begun(
        &self,
        cookie: &str,
        (platform, state): (&str, &str),
        now: Timestamp,
    ) -> Result<Begun, LinkError> {
        let (until, of, nonce, verifier, to): Body = self.opened(LOGIN, cookie, now)?;
        if of != platform || nonce != state || state.is_empty() {
            return Err(LinkError::Forged);
        }
        in_time(until, now).map(|()| Begun { platform: of, nonce, verifier, to })
    }
}

/// Where a login leads that was asked to lead there: to a page of ours, the board if it is none.
pub fn leads_to(asked: &str) -> &str {
    let plain = |b: u8| b.is_ascii_graphic() && b != b'\\' && b != b'#';
    let is_ours = PAGES.iter().any(|page| {
        let rest = asked.strip_prefix(page);
        rest.is_some_and(|rest| page.ends_with('/') || rest.is_empty() || rest.starts_with(['/', '?']))
    });
    let climbs = asked.contains("..") || asked.contains("//");
    if is_ours && !climbs && asked.len() <= LONGEST && asked.bytes().all(plain) { asked } else { "/board" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messenger::link::Links;

    fn now() -> Timestamp {
        "2026-11-23T02:00:00Z".parse().unwrap()
    }

    fn begun() -> Begun {
        let text = str::to_owned;
        Begun { platform: text("feishu"), nonce: text("n1"), verifier: text("v1"), to: text("/board") }
    }

    #[test]
    fn a_login_comes_back_with_its_own_state_within_ten_minutes() {
        let links = Links::new("https://liaison.example", b"one", None);
        let (passes, login) = (links.passes(), begun());
        let cookie = passes.login(&login, now());
        assert!(
            passes.begun(&cookie, ("feishu", "n1"), now() + LOGIN_LIFE).is_ok_and(|found| found == login)
        );
        for (platform, state) in [("dingtalk", "n1"), ("feishu", "n2"), ("feishu", "")] {
            let other = passes.begun(&cookie, (platform, state), now());
            assert_eq!(other.err(), Some(LinkError::Forged), "{platform} {state}");
        }
        let late = now() + LOGIN_LIFE + SignedDuration::from_secs(1);
        assert_eq!(passes.begun(&cookie, ("feishu", "n1"), late).err(), Some(LinkError::Expired));
        let forged = passes.session(&crate::domain::PersonId::new("li.na"), "n1".to_owned(), now());
        assert_eq!(passes.begun(&forged, ("feishu", "n1"), now()).err(), Some(LinkError::Forged));
        let others = Links::new("https://liaison.example", b"two", None);
        assert_ne!(passes.verifier("n1"), others.passes().verifier("n1"));
        assert!(passes.verifier("n1").len() >= 43 && passes.verifier("n1") != passes.verifier("n2"));
        assert_eq!(others.passes().begun(&cookie, ("feishu", "n1"), now()).err(), Some(LinkError::Forged));
    }

    #[test]
    fn the_challenge_is_that_of_the_standard() {
        // RFC 7636, appendix B.
        let login = Begun { verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned(), ..begun() };
        assert_eq!(login.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn it_leads_to_pages_of_ours_and_nowhere_else() {
        for page in ["/board", "/board?by=department", "/board/issues", "/requests/2026-Q4-SCB-001"] {
            assert_eq!(leads_to(page), page);
        }
        let long = format!("/board?text={}", "x".repeat(400));
        for other in [
            "",
            "/",
            "//evil.example",
            "https://evil.example/board",
            "/boardroom",
            "/board/../forms/x",
            "/requests//evil.example",
            "/board\\@evil.example",
            "/board\r\nSet-Cookie: x=1",
            "/forms/token",
            "/login",
            &long,
        ] {
            assert_eq!(leads_to(other), "/board", "{other:?}");
        }
    }
}
