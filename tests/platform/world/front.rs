//! One address for the two halves of the fake: where the long connection is, and everything else.
//!
//! Invariant: passes on what it gets, both ways, and has no opinion.

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri};
use tokio::net::TcpListener;

/// Where a long connection begins, at either messenger.
const DISCOVERY: [&str; 2] = ["/callback/ws/endpoint", "/v1.0/gateway/connections/open"];
/// What a call says of itself.
const SAID: [&str; 4] = ["authorization", "content-type", "accept", "x-acs-dingtalk-access-token"];

#[derive(Clone)]
struct Halves {
    stream: String,
    others: String,
    client: reqwest::Client,
}

/// Starts it before two base addresses; its own one.
pub async fn start(stream: String, others: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    let halves = Halves { stream, others, client: crate::world::ground::client() };
    let router = Router::new().fallback(pass).with_state(halves);
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

async fn pass(
    State(halves): State<Halves>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let base = if DISCOVERY.contains(&uri.path()) { &halves.stream } else { &halves.others };
    let mut request = halves.client.request(method, format!("{base}{uri}")).body(body);
    for name in SAID {
        if let Some(value) = headers.get(name) {
            request = request.header(name, value);
        }
    }
    let Ok(answer) = request.send().await else {
        return Response::builder().status(StatusCode::BAD_GATEWAY).body(Body::empty()).unwrap();
    };
    let mut passed = Response::builder().status(answer.status());
    for name in ["content-type", "x-ogw-ratelimit-reset", "x-tt-logid"] {
        if let Some(value) = answer.headers().get(name) {
            passed = passed.header(name, value);
        }
    }
    passed.body(Body::from(answer.bytes().await.unwrap())).unwrap()
}
