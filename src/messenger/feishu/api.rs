//! One call of the open platform: in its pace, with a token, read to the end.
//!
//! Invariant: a call is made once, or twice if its token was refused; trying again is the outbox's. Neither the secret
//! nor a token is ever in an error or a log line.

use std::time::Duration;

use governor::clock::MonotonicClock;
use reqwest::{Client, Method, Response};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::Options;
use super::fault::{self, Answer, ApiError, Class};
use super::pace::{Lane, Pace};
use super::token::{Token, Tokens};
use crate::domain::Timestamp;

/// What is worth waiting for here; who has to wait longer is told so.
const SHORT: Duration = Duration::from_secs(1);
/// How long a call stays closed when Feishu does not say.
pub(super) const CLOSED: Duration = Duration::from_secs(1);
/// The largest answer that is read, in bytes.
const LARGEST: usize = 8 << 20;

const TOKEN: &str = "/open-apis/auth/v3/tenant_access_token/internal";

/// The bot itself.
pub const BOT: &str = "/open-apis/bot/v3/info";

/// The open platform, as one app.
pub struct Api {
    /// The app.
    pub(super) options: Options,
    client: Client,
    tokens: Tokens,
    pace: Pace,
}

impl Api {
    /// The app of `options`, through `client`.
    pub fn new(options: Options, client: Client) -> Self {
        Self { options, client, tokens: Tokens::default(), pace: Pace::new(MonotonicClock) }
    }

    /// Calls `method path?query` with `body` as JSON and returns `data`, or the whole answer where there is no `data`.
    /// [`Class::Unclear`] tells that it may have been done.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Value, ApiError> {
        self.ask(&Ask { method, path, query, body: body.map(Body::Json) }).await
    }

    /// Posts bytes of a kind, and returns what [`Self::call`] would.
    pub async fn post_bytes(&self, path: &str, kind: &str, bytes: &[u8]) -> Result<Value, ApiError> {
        let body = Some(Body::Bytes(kind, bytes));
        self.ask(&Ask { method: Method::POST, path, query: &[], body }).await
    }

    async fn ask(&self, ask: &Ask<'_>) -> Result<Value, ApiError> {
        let name = name(&ask.method, ask.path);
        self.wait(Lane::Call(&name)).await?;
        let token = self.token().await?;
        let mut done = self.once(ask, Some(&token)).await;
        if done.as_ref().is_err_and(|error| error.class == Class::Token) {
            self.tokens.drop_token(&token).await;
            let fresh = self.token().await?;
            done = self.once(ask, Some(&fresh)).await;
        }
        if let Err(error) = &done
            && error.class == Class::Limit
            && (error.code == Some(fault::TOO_OFTEN) || error.after.is_some())
        {
            self.pace.close(&name, error.after.unwrap_or(CLOSED));
        }
        let mut answer = done?;
        Ok(answer.get_mut("data").map(Value::take).unwrap_or(answer))
    }

    /// Waits until something may go, if that is soon; otherwise says when to come back.
    pub async fn wait(&self, lane: Lane<'_>) -> Result<(), ApiError> {
        let mut waited = Duration::ZERO;
        while let Err(wait) = self.pace.ask(lane) {
            waited += wait;
            if waited >= SHORT {
                let why = "held back to stay within Feishu's limits".to_owned();
                return Err(ApiError::new(Class::Limit, Some(wait), why));
            }
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }

    /// Whether Feishu takes the app's credentials.
    pub async fn sign_in(&self) -> Result<(), ApiError> {
        self.token().await.map(drop)
    }

    /// What time it is at Feishu, to the second, from the header `Date` of an answer; `None` if that is not there. It
    /// is asked without a token, so that a refusal is the answer: it shows that something answers, and nothing else.
    pub async fn date(&self) -> Result<Option<Timestamp>, ApiError> {
        let url = format!("{}{BOT}", self.options.base_url.trim_end_matches('/'));
        let answer = self.client.get(url).send().await.map_err(|error| lost(&error))?;
        let date = answer.headers().get(reqwest::header::DATE).and_then(|value| value.to_str().ok());
        Ok(date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok()).map(|date| date.timestamp()))
    }

    async fn token(&self) -> Result<SecretString, ApiError> {
        self.tokens.get(|| self.issue()).await
    }

    async fn issue(&self) -> Result<Token, ApiError> {
        let secret = self.options.app_secret.expose_secret();
        let body = json!({"app_id": self.options.app_id, "app_secret": secret});
        let ask = Ask { method: Method::POST, path: TOKEN, query: &[], body: Some(Body::Json(&body)) };
        let answer = self.once(&ask, None).await?;
        let value = answer.get("tenant_access_token").and_then(Value::as_str);
        let lasts = answer.get("expire").and_then(Value::as_u64);
        match (value, lasts) {
            (Some(value), Some(lasts)) => {
                Ok(Token { value: SecretString::from(value.to_owned()), lasts: Duration::from_secs(lasts) })
            }
            _ => Err(ApiError::new(Class::Unclear, None, "Feishu issued no access token".to_owned())),
        }
    }

    /// Makes a call once, with this token or without, and returns the whole answer.
    pub(super) async fn once(&self, ask: &Ask<'_>, token: Option<&SecretString>) -> Result<Value, ApiError> {
        let url = format!("{}{}", self.options.base_url.trim_end_matches('/'), ask.path);
        let mut request = self.client.request(ask.method.clone(), url);
        if !ask.query.is_empty() {
            request = request.query(ask.query);
        }
        if let Some(token) = token {
            request = request.bearer_auth(token.expose_secret());
        }
        if let Some(body) = &ask.body {
            let (kind, bytes) = match body {
                Body::Json(body) => ("application/json; charset=utf-8", body.to_string().into_bytes()),
                Body::Bytes(kind, bytes) => (*kind, bytes.to_vec()),
            };
            request = request.header(reqwest::header::CONTENT_TYPE, kind).body(bytes);
        }
        let answer = request.send().await.map_err(|error| lost(&error))?;
        let read = read(answer).await;
        if let Err(error) = &read {
            tracing::debug!(
                feishu.path = ask.path,
                feishu.code = error.code,
                "Feishu did not do it: {error}"
            );
        }
        read
    }
}

/// A call.
pub(super) struct Ask<'a> {
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) query: &'a [(&'a str, &'a str)],
    pub(super) body: Option<Body<'a>>,
}

/// What is sent along.
pub(super) enum Body<'a> {
    Json(&'a Value),
    /// A content type, and the bytes.
    Bytes(&'a str, &'a [u8]),
}

/// The name of a call, by which Feishu counts: ids are left out of its path.
fn name(method: &Method, path: &str) -> String {
    const IDS: &[&str] = &["om_", "oc_", "ou_", "on_", "od-", "omt_", "cli_"];
    let part = |part| if IDS.iter().any(|id| str::starts_with(part, id)) { ":id" } else { part };
    let parts: Vec<_> = path.split('/').map(part).collect();
    format!("{method} {}", parts.join("/"))
}

/// An answer that never came.
fn lost(error: &reqwest::Error) -> ApiError {
    // An address may hold ids; what it was for is known to who called.
    let (class, why) = if error.is_builder() {
        (Class::Config, "the address of Feishu is none")
    } else if error.is_connect() {
        (Class::Retry, "Feishu cannot be reached")
    } else if error.is_timeout() {
        (Class::Unclear, "Feishu did not answer in time")
    } else {
        (Class::Unclear, "the connection to Feishu was lost before it answered")
    };
    ApiError::new(class, None, format!("{why}: {}", root(error)))
}

/// The innermost reason: the outer ones only say that there was a request.
fn root(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

/// The body of an answer that says it was done.
async fn read(mut answer: Response) -> Result<Value, ApiError> {
    let status = answer.status().as_u16();
    let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let reset = header("x-ogw-ratelimit-reset");
    let log_id = header("x-tt-logid").or_else(|| header("x-request-id"));
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| lost(&error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LARGEST {
            return Err(ApiError::new(Class::Unclear, None, "the answer is far too long".to_owned()));
        }
    }
    let body: Option<Value> = serde_json::from_slice(&bytes).ok();
    match body {
        Some(body) if status < 300 && body.get("code").and_then(Value::as_i64) == Some(0) => Ok(body),
        body => {
            let (reset, log_id, body) = (reset.as_deref(), log_id.as_deref(), body.as_ref());
            Err(fault::read(&Answer { status, reset, log_id, body }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_by_what_they_do_and_not_to_whom() {
        let of = |path| name(&Method::PATCH, path);
        assert_eq!(of("/open-apis/im/v1/messages/om_1"), "PATCH /open-apis/im/v1/messages/:id");
        assert_eq!(
            of("/open-apis/im/v1/messages/om_1/urgent_app"),
            "PATCH /open-apis/im/v1/messages/:id/urgent_app"
        );
        assert_eq!(of("/open-apis/contact/v3/users/ou_1"), "PATCH /open-apis/contact/v3/users/:id");
    }
}
