//! The access token: asked for once however many wait, renewed before it ends, dropped when Feishu does not take it.
//!
//! Invariant: at most one request for a token is under way; a token is dropped only by who was refused with that one.

use std::future::Future;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::fault::{ApiError, Class};

/// How long before its end a token is renewed: both are good meanwhile.
const EARLY: Duration = Duration::from_secs(600);
/// Who waited while a request failed shares its failure instead of asking again.
const SHARED: Duration = Duration::from_secs(1);

/// A token as Feishu issued it.
#[derive(Clone, Debug)]
pub struct Token {
    /// `t-…`.
    pub value: SecretString,
    /// For how long.
    pub lasts: Duration,
}

/// The token that is in use.
#[derive(Default)]
pub struct Tokens {
    kept: Mutex<Kept>,
}

#[derive(Default)]
enum Kept {
    #[default]
    Nothing,
    Token {
        value: SecretString,
        renew: Instant,
    },
    Failed {
        error: ApiError,
        until: Instant,
    },
}

impl Tokens {
    /// The token; `issue` is asked when there is none, by one of those who wait.
    pub async fn get<F>(&self, issue: impl FnOnce() -> F) -> Result<SecretString, ApiError>
    where
        F: Future<Output = Result<Token, ApiError>>,
    {
        let mut kept = self.kept.lock().await;
        match &*kept {
            Kept::Token { value, renew } if Instant::now() < *renew => return Ok(value.clone()),
            Kept::Failed { error, until } if Instant::now() < *until => return Err(error.clone()),
            _ => {}
        }
        match issue().await {
            Ok(token) => {
                let renew = Instant::now() + renew_after(token.lasts);
                *kept = Kept::Token { value: token.value.clone(), renew };
                Ok(token.value)
            }
            Err(error) => {
                let error = before_the_call(error);
                *kept = Kept::Failed { error: error.clone(), until: Instant::now() + SHARED };
                Err(error)
            }
        }
    }

    /// Drops a token that was refused, unless another has taken its place meanwhile.
    pub async fn drop_token(&self, refused: &SecretString) {
        let mut kept = self.kept.lock().await;
        let is_it =
            matches!(&*kept, Kept::Token { value, .. } if value.expose_secret() == refused.expose_secret());
        if is_it {
            *kept = Kept::Nothing;
        }
    }
}

/// Well before its end, and never at once.
fn renew_after(lasts: Duration) -> Duration {
    lasts.saturating_sub(EARLY.min(lasts / 2))
}

/// Whatever happened to the request for a token, the call itself was not made.
fn before_the_call(error: ApiError) -> ApiError {
    match error.class {
        Class::Unclear | Class::Token => ApiError { class: Class::Retry, ..error },
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(value: &str) -> Result<Token, ApiError> {
        Ok(Token { value: SecretString::from(value.to_owned()), lasts: Duration::from_secs(7199) })
    }

    #[test]
    fn it_is_renewed_ten_minutes_early_or_at_half_of_a_short_life() {
        assert_eq!(renew_after(Duration::from_secs(7200)), Duration::from_secs(6600));
        assert_eq!(renew_after(Duration::from_secs(300)), Duration::from_secs(150));
    }

    #[tokio::test]
    async fn who_was_refused_late_does_not_drop_the_token_that_came_after() {
        let tokens = Tokens::default();
        let first = tokens.get(|| async { token("t-1") }).await.unwrap();
        tokens.drop_token(&first).await;
        let second = tokens.get(|| async { token("t-2") }).await.unwrap();
        tokens.drop_token(&first).await;
        let third = tokens.get(|| async { token("t-3") }).await.unwrap();
        assert_eq!(third.expose_secret(), second.expose_secret());
    }
}
