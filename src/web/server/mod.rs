//! The HTTP server: accepts, bounds, and stops without dropping an answer.
//!
//! `axum::serve` keeps half-sent requests open for ever, so the connections are driven here. HTTP/1.1 only: TLS and
//! HTTP/2 are the reverse proxy's, and what is not spoken cannot be attacked.
//!
//! Invariant: whatever a client does or omits, each of its connections ends; [`Options`] says after how long.

mod harden;
mod socket;
#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

pub use harden::answer_within;
use harden::harden;
use socket::{Patience, Socket, Traffic};

/// The bounds of the server. The defaults are for a service behind a reverse proxy.
#[derive(Clone, Debug)]
pub struct Options {
    /// For a whole request head, from its first byte (on a new connection: from the start).
    pub head_timeout: Duration,
    /// For a whole request body.
    pub body_timeout: Duration,
    /// Between an answer and the next request; longer than the proxy keeps its idle connections.
    pub idle_timeout: Duration,
    /// For the client to take some more of an answer.
    pub write_timeout: Duration,
    /// Bytes of a request head, at most 100 headers.
    pub head_limit: usize,
    /// Bytes of a request body.
    pub body_limit: usize,
    /// Connections at once; further ones wait in the kernel's queue. Open event streams count too, so their handler
    /// bounds how many it keeps. With half of them taken, waits for heads and idle times are cut short.
    pub connections: usize,
    /// For the requests in flight when the server is asked to stop.
    pub grace: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            head_timeout: Duration::from_secs(5),
            body_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            write_timeout: Duration::from_secs(30),
            head_limit: 16 * 1024,
            body_limit: 256 * 1024,
            connections: 1_000,
            grace: Duration::from_secs(10),
        }
    }
}

/// How a stop went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// Connections that were still busy when the grace ended and were cut.
    pub cut: usize,
}

/// Serves until `shutdown`, then lets what is in flight finish, for [`Options::grace`] at most.
///
/// The router is hardened here, so that no page can be served without its bounds. Handlers that stream without end
/// watch the same `shutdown`, or they use up the grace.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    options: Options,
    shutdown: CancellationToken,
) -> Stopped {
    let places = Arc::new(Semaphore::new(options.connections));
    let (router, cut) = (harden(router, &options), CancellationToken::new());
    let server = Arc::new(Server { router, options, places: Arc::clone(&places), cut });
    let open = TaskTracker::new();
    loop {
        let next = tokio::select! {
            () = shutdown.cancelled() => break,
            next = accept(&listener, &places) => next,
        };
        let Some((stream, peer, place)) = next else { break };
        let (server, shutdown) = (Arc::clone(&server), shutdown.clone());
        open.spawn(async move {
            server.talk(stream, peer, &shutdown).await;
            drop(place);
        });
    }
    drop(listener);
    open.close();
    let mut cut = 0;
    if tokio::time::timeout(server.options.grace, open.wait()).await.is_err() {
        cut = open.len();
        tracing::warn!(connections = cut, "the grace of the stop is over; {cut} connections are cut");
        server.cut.cancel();
        open.wait().await;
    }
    Stopped { cut }
}

/// The next connection, once there is a place for it; `None` only if no place will ever come.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    if places.available_permits() == 0 {
        tracing::warn!("all connections of the server are taken; new ones wait");
    }
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return Some((stream, peer, place)),
            Err(error) if is_of_the_peer(&error) => {}
            Err(error) => {
                // Out of file handles, most likely: some will come back; without a pause this loop would burn a core.
                tracing::error!("no connection can be accepted: {error}");
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
        }
    }
}

/// Errors of one connection that ended before it was accepted, against errors of the listener.
fn is_of_the_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

struct Server {
    router: Router,
    options: Options,
    places: Arc<Semaphore>,
    /// Ends what the grace did not.
    cut: CancellationToken,
}

impl Server {
    /// Speaks with one client until either has had enough.
    async fn talk(&self, stream: TcpStream, peer: SocketAddr, shutdown: &CancellationToken) {
        // Answers are small and whole: waiting to fill a packet only delays them.
        let _best_effort = stream.set_nodelay(true);
        let traffic = Arc::new(Traffic::default());
        let patience = Patience {
            head: self.options.head_timeout,
            idle: self.options.idle_timeout,
            write: self.options.write_timeout,
            places: Arc::clone(&self.places),
            plenty: self.options.connections / 2,
        };
        let io = TokioIo::new(Socket::new(stream, patience, Arc::clone(&traffic)));
        let service = service_fn(|request| self.answer(request, peer, &traffic));
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(None).max_headers(100);
        http.max_header_size(self.options.head_limit).max_buf_size(self.options.head_limit.max(8 * 1024));
        let mut connection = std::pin::pin!(http.serve_connection(io, service));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.cut.cancelled() => return,
            () = shutdown.cancelled() => {
                connection.as_mut().graceful_shutdown();
                tokio::select! {
                    ended = connection.as_mut() => ended,
                    () = self.cut.cancelled() => return,
                }
            }
        };
        if let Err(error) = ended {
            // The weather of the internet, not news.
            tracing::debug!("a connection ended early: {error}");
        }
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        traffic: &Arc<Traffic>,
    ) -> Result<Response<Body>, Infallible> {
        let in_flight = traffic.begin();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = self.router.clone().oneshot(request).await?;
        Ok(answer.map(|body| socket::until_sent(body, in_flight)))
    }
}
