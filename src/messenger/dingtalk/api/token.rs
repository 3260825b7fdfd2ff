//! The access token: one of those who need it asks, the others wait for the same answer; renewed five minutes early.
//!
//! Invariant: at most one request for a token is under way, and after a failure none for a second; a token is dropped
//! only by who was refused with that very one. Asking again within its life gives the same token, so that replicas need
//! not share it.

use std::future::Future;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::fault::{ApiError, Class};

/// How long before its end a token is renewed.
const EARLY: Duration = Duration::from_secs(300);
/// How long a failure is everybody's answer.
const REST: Duration = Duration::from_secs(1);

/// A token and for how long it is good.
pub type Issued = (SecretString, Duration);

/// The token in use.
#[derive(Default)]
pub struct Tokens(Mutex<Option<Last>>);

/// What the last request for a token brought, and until when that stands.
struct Last {
    brought: Result<SecretString, ApiError>,
    until: Instant,
}

impl Tokens {
    /// The token in use, or the one that `issue` brings.
    pub async fn get<F>(&self, issue: impl FnOnce() -> F) -> Result<SecretString, ApiError>
    where
        F: Future<Output = Result<Issued, ApiError>>,
    {
        let mut last = self.0.lock().await;
        if let Some(known) = last.as_ref().filter(|known| Instant::now() < known.until) {
            return known.brought.clone();
        }
        let (brought, lasts) = match issue().await {
            Ok((token, life)) => (Ok(token), usable(life)),
            Err(error) => (Err(nothing_was_done(error)), REST),
        };
        *last = Some(Last { brought: brought.clone(), until: Instant::now() + lasts });
        brought
    }

    /// Forgets a token that was refused, unless it was replaced meanwhile.
    pub async fn refused(&self, token: &SecretString) {
        let mut last = self.0.lock().await;
        let in_use = last.as_ref().and_then(|known| known.brought.as_ref().ok());
        if in_use.is_some_and(|known| known.expose_secret() == token.expose_secret()) {
            *last = None;
        }
    }
}

/// A short life is used up to its half.
fn usable(life: Duration) -> Duration {
    life.saturating_sub(EARLY).max(life / 2)
}

/// Whatever became of the request for a token: the call that needed it was not made.
fn nothing_was_done(error: ApiError) -> ApiError {
    match error.class {
        Class::Unclear | Class::Token => ApiError { class: Class::Retry, ..error },
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_renewed_five_minutes_early_or_at_half_of_a_short_life() {
        assert_eq!(usable(Duration::from_secs(7_200)), Duration::from_secs(6_900));
        assert_eq!(usable(Duration::from_secs(400)), Duration::from_secs(200));
    }

    #[tokio::test]
    async fn who_was_refused_late_does_not_drop_the_token_that_came_after() {
        let tokens = Tokens::default();
        let next = async |name: &str| {
            let issued = Ok((SecretString::from(name.to_owned()), Duration::from_secs(7_200)));
            tokens.get(|| async { issued }).await.unwrap()
        };
        let first = next("a").await;
        tokens.refused(&first).await;
        let second = next("b").await;
        tokens.refused(&first).await;
        assert_eq!(next("c").await.expose_secret(), second.expose_secret());
    }
}
