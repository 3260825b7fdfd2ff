//! Whoever guesses at links, sessions and tokens is slowed down: after some failures his address is not looked at for a
//! while.
//!
//! Invariants: who shows no key at all guesses nothing; an address that is not looked at hears so with `Retry-After`,
//! whatever it shows; what is kept here is bounded.
#![deny(clippy::indexing_slicing)]

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde_json::json;

use super::routes::Caller;

/// Failures of one address within a minute that nobody minds: an old tab that reloads, a link of last month.
const FINE: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);
/// As long it is not looked at then.
const SHUT: Duration = Duration::from_secs(60);
/// Addresses that are remembered; beyond that, those that are quiet again are forgotten.
const MOST: usize = 10_000;
/// What a proxy adds; its last entry is what the proxy itself saw.
const FORWARDED: &str = "x-forwarded-for";

/// Counts failures, for all doors together.
pub(super) struct Guesses {
    failures: DefaultKeyedRateLimiter<IpAddr>,
    shut: Mutex<HashMap<IpAddr, Instant>>,
}

impl Default for Guesses {
    fn default() -> Self {
        Self { failures: RateLimiter::keyed(Quota::per_minute(FINE)), shut: Mutex::default() }
    }
}

impl Guesses {
    fn shut(&self) -> MutexGuard<'_, HashMap<IpAddr, Instant>> {
        // A poisoned lock only means that another thread panicked between two whole changes of the map.
        self.shut.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long an address is not looked at yet.
    fn left(&self, address: IpAddr, now: Instant) -> Option<Duration> {
        let until = self.shut().get(&address).copied()?;
        until.checked_duration_since(now).filter(|left| !left.is_zero())
    }

    fn failed(&self, address: IpAddr, now: Instant) {
        if self.failures.len() > MOST {
            self.failures.retain_recent();
        }
        if self.failures.check_key(&address).is_ok() {
            return;
        }
        let mut shut = self.shut();
        if shut.len() > MOST {
            shut.retain(|_, until| *until > now);
        }
        if shut.len() <= MOST && shut.insert(address, now + SHUT).is_none() {
            // The address is the administrator's clue; who it is nobody knows.
            tracing::warn!(%address, "{address} guesses at links or tokens and is not looked at for a minute");
        }
    }
}

/// Lets a request pass, unless its address failed too often; counts it when it fails.
pub(super) async fn watch(
    State((guesses, caller)): State<(Arc<Guesses>, Caller)>,
    request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let Some(address) = peer.map(|peer| address(peer, request.headers())) else {
        return next.run(request).await;
    };
    if let Some(left) = guesses.left(address, Instant::now()) {
        return too_often(left);
    }
    let shows = shows_key(caller, request.headers());
    let answer = next.run(request).await;
    if shows && is_failure(caller, answer.status()) {
        guesses.failed(address, Instant::now());
    }
    answer
}

/// Whose request it is: the client's own address, or, from a proxy within the house, the one that the proxy saw.
fn address(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let peer = peer.to_canonical();
    let is_proxy = match peer {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
    };
    let named = headers.get_all(FORWARDED).iter().next_back().and_then(|value| value.to_str().ok());
    let seen = named.and_then(|list| list.rsplit(',').next()).and_then(|last| last.trim().parse().ok());
    seen.filter(|_| is_proxy).map_or(peer, |seen: IpAddr| seen.to_canonical())
}

fn shows_key(caller: Caller, headers: &HeaderMap) -> bool {
    match caller {
        Caller::SignedLink | Caller::Login => true,
        Caller::Session => headers.contains_key(header::COOKIE),
        Caller::Token => headers.contains_key(header::AUTHORIZATION),
        Caller::Anyone
        | Caller::SandboxPage
        | Caller::SandboxMessenger
        | Caller::FeishuWebhook
        | Caller::DingTalkWebhook => false,
    }
}

/// A link that is unknown is not found; one that has ended was no guess.
fn is_failure(caller: Caller, status: StatusCode) -> bool {
    status == StatusCode::UNAUTHORIZED || (caller == Caller::SignedLink && status == StatusCode::NOT_FOUND)
}

fn too_often(left: Duration) -> Response {
    let seconds = left.as_secs() + 1;
    let body = Json(json!({ "error": { "code": "too_many_failures", "parameter": null } }));
    let mut answer = (StatusCode::TOO_MANY_REQUESTS, body).into_response();
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED, HeaderValue::from_static(value));
        }
        address(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_proxy_within_the_house_is_believed_and_nobody_else() {
        assert_eq!(seen("203.0.113.9", &[]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"]), "203.0.113.9", "a stranger says what he likes");
        assert_eq!(seen("127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("::1", &["10.0.0.1, 198.51.100.1"]), "198.51.100.1", "the last is the proxy's own");
        assert_eq!(seen("10.0.0.2", &["198.51.100.1", "198.51.100.2"]), "198.51.100.2");
        assert_eq!(seen("10.0.0.2", &["unknown"]), "10.0.0.2");
        assert_eq!(seen("::ffff:203.0.113.9", &[]), "203.0.113.9", "one address, however it is written");
    }

    #[test]
    fn an_address_is_shut_for_a_minute_and_no_other_is() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        let (one, other) = ("203.0.113.9".parse().unwrap(), "203.0.113.10".parse().unwrap());
        for _ in 0..FINE.get() {
            guesses.failed(one, now);
        }
        assert_eq!(guesses.left(one, now), None, "so many are fine");
        guesses.failed(one, now);
        assert_eq!(guesses.left(one, now), Some(SHUT));
        assert_eq!(guesses.left(other, now), None);
        assert_eq!(guesses.left(one, now + SHUT), None, "and then it is looked at again");
    }
}
