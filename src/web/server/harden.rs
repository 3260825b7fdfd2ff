//! What every request passes before a handler sees it, and every answer before it leaves.
//!
//! Invariant: a handler gets a whole, uncompressed body of bounded size, and whatever it does, even panic, the client
//! gets an answer with a request id and the security headers, and nothing about our insides.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use futures_util::FutureExt;
use serde::Serialize;
use tokio::sync::{Semaphore, SemaphorePermit};
use tracing::Instrument;

use super::Options;
use crate::clock;

/// Bodies up to this many bytes are read at once by everybody; larger ones take turns.
const SMALL: usize = 16 * 1024;
/// How many larger bodies may be in memory while they arrive: with the small ones, under 32 MiB in all.
const LARGE_AT_ONCE: usize = 64;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Put on every answer that does not bring its own.
const HEADERS: &[(HeaderName, &str)] = &[
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Signed links must not leak through the links of a page.
    (header::REFERRER_POLICY, "no-referrer"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'",
    ),
    // Pages and answers are for one reader at one time; assets say otherwise themselves.
    (header::CACHE_CONTROL, "no-store"),
];

/// Names one request in the answer and in the log. Always made here: one from outside could forge log lines.
#[derive(Clone, Debug)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why the server itself did not do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Fault {
    /// The body is not plain bytes.
    Compressed,
    /// The body is over the limit.
    TooLarge,
    /// The body did not come in time.
    TooSlow,
    /// The body ended in the middle.
    Broken,
    /// Not now; try again.
    Busy,
    /// Ours.
    Internal,
}

impl Fault {
    fn status(self) -> StatusCode {
        match self {
            Self::Compressed => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken => StatusCode::BAD_REQUEST,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Whether some of the body is left on the wire, so that nothing more can be read there.
    fn leaves_a_rest(self) -> bool {
        !matches!(self, Self::Internal)
    }

    fn answer(self, id: Option<&RequestId>) -> Response {
        #[derive(Serialize)]
        struct Answer<'a> {
            error: Fault,
            request_id: Option<&'a str>,
        }
        let body = Json(Answer { error: self, request_id: id.map(RequestId::as_str) });
        let mut answer = (self.status(), body).into_response();
        if self == Self::Busy {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        answer
    }
}

#[derive(Clone)]
struct Bounds {
    body_limit: usize,
    body_timeout: Duration,
    large: Arc<Semaphore>,
}

/// Wraps a router in the bounds for bodies, the catching of panics, the request id and the security headers.
pub fn harden(router: Router, options: &Options) -> Router {
    let bounds = Bounds {
        body_limit: options.body_limit,
        body_timeout: options.body_timeout,
        large: Arc::new(Semaphore::new(LARGE_AT_ONCE)),
    };
    router.layer(from_fn_with_state(bounds, guard))
}

/// Bounds the time of every handler of a router: later than `limit`, 503 with `Retry-After` is answered and the handler
/// is dropped, so that its transaction rolls back. An event stream only has to begin in time.
pub fn answer_within<S>(router: Router<S>, limit: Duration) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    router.layer(from_fn_with_state(limit, in_time))
}

async fn in_time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_elapsed| {
        tracing::warn!("a request was not answered within {limit:?}");
        Fault::Busy.answer(id.as_ref())
    })
}

async fn guard(State(bounds): State<Bounds>, mut request: Request, next: Next) -> Response {
    let id = RequestId(clock::fresh_id().into());
    request.extensions_mut().insert(id.clone());
    // The route's pattern and not the path: paths hold tokens.
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let span = tracing::info_span!("request", id = id.as_str(), method = %request.method(), route);
    let mut answer = pass(&bounds, &id, request, next).instrument(span).await;
    dress(answer.headers_mut(), &id);
    answer
}

async fn pass(bounds: &Bounds, id: &RequestId, request: Request, next: Next) -> Response {
    let request = match whole(bounds, request).await {
        Ok(request) => request,
        Err(fault) => {
            let mut answer = fault.answer(Some(id));
            if fault.leaves_a_rest() {
                answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            return answer;
        }
    };
    let handled = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    handled.unwrap_or_else(|_panic| {
        // What it said went to standard error through the panic hook; it may name values, so it is not repeated.
        tracing::error!("a handler panicked");
        Fault::Internal.answer(Some(id))
    })
}

/// The request with its body in memory.
async fn whole(bounds: &Bounds, request: Request) -> Result<Request, Fault> {
    let (head, body) = request.into_parts();
    if is_encoded(&head.headers) {
        return Err(Fault::Compressed);
    }
    if body.is_end_stream() {
        return Ok(Request::from_parts(head, body));
    }
    let hint = body.size_hint();
    if hint.lower() > bounds.body_limit as u64 {
        return Err(Fault::TooLarge);
    }
    let is_small = hint.upper().is_some_and(|most| most <= SMALL as u64);
    let _turn = if is_small { None } else { Some(turn(bounds).await?) };
    let reading = tokio::time::timeout(bounds.body_timeout, read(body, bounds.body_limit));
    let bytes = reading.await.map_err(|_elapsed| Fault::TooSlow)??;
    Ok(Request::from_parts(head, Body::from(bytes)))
}

/// Waits for memory for a large body.
async fn turn(bounds: &Bounds) -> Result<SemaphorePermit<'_>, Fault> {
    let turn = tokio::time::timeout(bounds.body_timeout, bounds.large.acquire()).await;
    turn.ok().and_then(Result::ok).ok_or(Fault::Busy)
}

fn is_encoded(headers: &HeaderMap) -> bool {
    let codings = headers.get_all(header::CONTENT_ENCODING).iter();
    codings.map(HeaderValue::as_bytes).any(|coding| !coding.eq_ignore_ascii_case(b"identity"))
}

async fn read(mut body: Body, limit: usize) -> Result<Bytes, Fault> {
    let mut bytes = Vec::new();
    while let Some(frame) = std::future::poll_fn(|cx| std::pin::Pin::new(&mut body).poll_frame(cx)).await {
        let Ok(frame) = frame else { return Err(Fault::Broken) };
        // Trailers are of no use to anybody here.
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > limit {
            return Err(Fault::TooLarge);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes.into())
}

fn dress(headers: &mut HeaderMap, id: &RequestId) {
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        headers.insert(REQUEST_ID, id);
    }
}
