//! One call of the open platform: in its pace, with a token, read to the end, counted where it is metered.
//!
//! Invariant: a call is made once, or twice if its token was refused; trying again is the outbox's. Neither the secret,
//! nor a token, nor a webhook's address is ever in an error or a log line.

use std::sync::Arc;
use std::time::Duration;

use governor::clock::MonotonicClock;
use reqwest::{Client, Method, RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use self::fault::Answer;
use self::pace::{EVERYTHING, Pace};
use self::quota::Meter;
use self::token::{Issued, Tokens};
use super::Options;
use crate::clock::Clock;
use crate::domain::Timestamp;

mod fault;
mod pace;
mod quota;
#[cfg(test)]
pub mod tests;
mod token;

pub use fault::{ApiError, Class};
pub use pace::Lane;

/// What is worth waiting for here; who has to wait longer is told so.
const SHORT: Duration = Duration::from_secs(1);
/// Metered calls are tried again after so long: somebody may have bought more.
const SPENT: Duration = Duration::from_secs(3_600);
/// The largest answer that is read, in bytes.
const LARGEST: usize = 4 << 20;
/// The name under which metered calls are closed.
const METERED: &str = "metered";

const TOKEN: &str = "/v1.0/oauth2/accessToken";

/// The open platform, as one application.
pub struct Api {
    /// The application.
    pub options: Options,
    client: Client,
    clock: Arc<dyn Clock>,
    tokens: Tokens,
    pace: Pace,
    meter: Meter,
}

/// A call of one of the two hosts.
pub struct Ask<'a> {
    method: Method,
    path: &'a str,
    body: Option<&'a Value>,
    host: Host,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Host {
    /// Token in a header, refusals as HTTP statuses, calls metered.
    New,
    /// Token in the query, refusals as HTTP 200, calls free.
    Old,
}

impl<'a> Ask<'a> {
    /// A call of the new host, which is metered.
    pub fn new(method: Method, path: &'a str, body: &'a Value) -> Self {
        Self { method, path, body: Some(body), host: Host::New }
    }

    /// A question to the new host.
    pub fn get(path: &'a str) -> Self {
        Self { method: Method::GET, path, body: None, host: Host::New }
    }

    /// A call of the old host: directory and identity, which are free.
    pub fn old(path: &'a str, body: &'a Value) -> Self {
        Self { method: Method::POST, path, body: Some(body), host: Host::Old }
    }
}

impl Api {
    /// The application of `options`, through `client`.
    pub fn new(options: Options, client: Client, clock: Arc<dyn Clock>) -> Self {
        let (tokens, pace, meter) = (Tokens::default(), Pace::new(MonotonicClock), Meter::default());
        Self { options, client, clock, tokens, pace, meter }
    }

    /// Makes a call and returns the answer. [`Class::Unclear`] tells that it may have been done.
    pub async fn call(&self, ask: &Ask<'_>) -> Result<Value, ApiError> {
        if ask.host == Host::New {
            self.affordable()?;
        }
        self.wait(Lane::Call(ask.path)).await?;
        let token = self.token().await?;
        let mut done = self.once(ask, Some(&token)).await;
        if done.as_ref().is_err_and(|error| error.class == Class::Token) {
            self.tokens.refused(&token).await;
            let fresh = self.token().await?;
            done = self.once(ask, Some(&fresh)).await;
        }
        self.learn(ask, done.as_ref().err());
        done
    }

    /// Makes a call for somebody who logs in: with their token, or with none to get one. Not metered.
    pub async fn as_user(&self, ask: &Ask<'_>, token: Option<&SecretString>) -> Result<Value, ApiError> {
        self.wait(Lane::Call(ask.path)).await?;
        self.once(ask, token).await
    }

    /// Posts to an address that needs no token: a session's webhook or a custom robot.
    pub async fn post(&self, url: &str, query: &[(&str, &str)], body: &Value) -> Result<Value, ApiError> {
        let request = self.client.post(url).query(query);
        let done = read(self.sent(request, Some(body)).await?).await;
        self.learn_ban(done.as_ref().err());
        done
    }

    /// Waits until something may go, if that is soon; otherwise says when to come back.
    pub async fn wait(&self, lane: Lane<'_>) -> Result<(), ApiError> {
        let mut waited = Duration::ZERO;
        while let Err(wait) = self.pace.ask(lane) {
            waited += wait;
            if waited >= SHORT {
                let why = "held back to stay within DingTalk's limits";
                return Err(ApiError { after: Some(wait), ..ApiError::new(Class::Limit, why) });
            }
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }

    /// Nothing under that name goes out for so long.
    pub fn close(&self, name: &str, after: Duration) {
        self.pace.close(name, after);
    }

    /// Whether DingTalk takes the application's credentials.
    pub async fn sign_in(&self) -> Result<(), ApiError> {
        self.token().await.map(drop)
    }

    /// Metered calls of this process in this month.
    pub fn metered(&self) -> u64 {
        self.meter.calls(self.clock.machine())
    }

    /// What the machine's clock says.
    pub fn now(&self) -> Timestamp {
        self.clock.machine()
    }

    /// What time it is at DingTalk, to the second, from the header `Date` of a refusal; `None` if that is not there.
    pub async fn date(&self) -> Result<Option<Timestamp>, ApiError> {
        let url = format!("{}{TOKEN}", self.options.base_url.trim_end_matches('/'));
        let answer = self.client.get(url).send().await.map_err(lost)?;
        let date = answer.headers().get(reqwest::header::DATE).and_then(|value| value.to_str().ok());
        Ok(date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok()).map(|date| date.timestamp()))
    }

    fn affordable(&self) -> Result<(), ApiError> {
        let spent = "the month's quota of metered calls is used up; tried again within the hour";
        let closed = self.pace.closed_for(METERED);
        closed.map_or(Ok(()), |after| {
            Err(ApiError { after: Some(after), ..ApiError::new(Class::Quota, spent) })
        })
    }

    /// Keeps what a call tells about those that follow.
    fn learn(&self, ask: &Ask<'_>, error: Option<&ApiError>) {
        let counted = error.is_none_or(|error| !uncounted(error.class));
        if ask.host == Host::New && counted {
            let monthly = self.options.monthly_calls;
            if let Some(share) = self.meter.add(self.clock.machine(), monthly) {
                tracing::warn!(
                    dingtalk.calls = self.metered(),
                    "{share} % of the month's {monthly} metered DingTalk calls are used up by this process"
                );
            }
        }
        let Some(error) = error else { return };
        match error.class {
            Class::Quota => self.pace.close(METERED, SPENT),
            Class::Limit if is_of_the_call(error) => {
                self.pace.close(ask.path, error.after.unwrap_or(SHORT));
            }
            _ => self.learn_ban(Some(error)),
        }
        tracing::debug!(
            dingtalk.path = ask.path,
            dingtalk.code = error.code,
            "DingTalk did not do it: {error}"
        );
    }

    fn learn_ban(&self, error: Option<&ApiError>) {
        if let Some(after) = error.filter(|error| error.class == Class::Banned).and_then(|error| error.after)
        {
            tracing::error!("DingTalk shuts our address out; nothing is called for {} s", after.as_secs());
            self.pace.close(EVERYTHING, after);
        }
    }

    async fn token(&self) -> Result<SecretString, ApiError> {
        self.tokens.get(|| self.issue()).await
    }

    async fn issue(&self) -> Result<Issued, ApiError> {
        let secret = self.options.client_secret.expose_secret();
        let body = json!({"appKey": self.options.client_id, "appSecret": secret});
        let answer = self.once(&Ask::new(Method::POST, TOKEN, &body), None).await?;
        let value = answer.get("accessToken").and_then(Value::as_str).filter(|token| !token.is_empty());
        let lasts = answer.get("expireIn").and_then(Value::as_u64);
        match (value, lasts) {
            (Some(value), Some(lasts)) => {
                Ok((SecretString::from(value.to_owned()), Duration::from_secs(lasts)))
            }
            _ => Err(ApiError::new(Class::Unclear, "DingTalk issued no access token")),
        }
    }

    async fn once(&self, ask: &Ask<'_>, token: Option<&SecretString>) -> Result<Value, ApiError> {
        let host = match ask.host {
            Host::New => &self.options.base_url,
            Host::Old => &self.options.legacy_base_url,
        };
        let url = format!("{}{}", host.trim_end_matches('/'), ask.path);
        let request = self.client.request(ask.method.clone(), url);
        let request = match (token, ask.host) {
            (None, _) => request,
            (Some(token), Host::New) => request.header("x-acs-dingtalk-access-token", token.expose_secret()),
            (Some(token), Host::Old) => request.query(&[("access_token", token.expose_secret())]),
        };
        read(self.sent(request, ask.body).await?).await
    }

    async fn sent(&self, request: RequestBuilder, body: Option<&Value>) -> Result<Response, ApiError> {
        // Without `Accept` some calls answer in XML.
        let mut request = request.header(reqwest::header::ACCEPT, "application/json");
        if let Some(body) = body {
            request = request
                .header(reqwest::header::CONTENT_TYPE, "application/json; charset=utf-8")
                .body(body.to_string());
        }
        request.send().await.map_err(lost)
    }
}

/// What DingTalk does not count: refused by the gateway, or lost on the way.
fn uncounted(class: Class) -> bool {
    matches!(
        class,
        Class::Limit | Class::Banned | Class::Quota | Class::Retry | Class::Unclear | Class::Token
    )
}

/// Whether the whole call is too much, and not one receiver.
fn is_of_the_call(error: &ApiError) -> bool {
    let code = error.code.as_deref().unwrap_or_default();
    code.starts_with("Forbidden.") || code.starts_with("900")
}

/// An answer that never came. The address is left out: it may hold a token.
fn lost(error: reqwest::Error) -> ApiError {
    let (class, why) = if error.is_builder() {
        (Class::Config, "the address cannot be called")
    } else if error.is_connect() {
        (Class::Retry, "DingTalk cannot be reached")
    } else if error.is_timeout() {
        (Class::Unclear, "DingTalk did not answer in time")
    } else {
        (Class::Unclear, "the connection to DingTalk was lost before it answered")
    };
    let error = error.without_url();
    let mut inner: &dyn std::error::Error = &error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    ApiError::new(class, format!("{why}: {inner}"))
}

/// The body of an answer that says it was done.
async fn read(mut answer: Response) -> Result<Value, ApiError> {
    let status = answer.status().as_u16();
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(lost)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LARGEST {
            return Err(ApiError::new(Class::Unclear, "the answer is far too long"));
        }
    }
    let body: Option<Value> = serde_json::from_slice(&bytes).ok();
    let is_page = bytes.trim_ascii_start().first() == Some(&b'<');
    match body {
        Some(body) if status < 300 && says_done(&body) => Ok(body),
        body => Err(fault::read(&Answer { status, body: body.as_ref(), is_page })),
    }
}

/// A success has no code, or `errcode` 0; the gateway's word for a shut-out is a success by its status.
fn says_done(body: &Value) -> bool {
    let errcode = body.get("errcode").and_then(Value::as_i64);
    body.is_object() && errcode.unwrap_or(0) == 0 && body.get("punish").is_none()
}
