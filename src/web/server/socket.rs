//! A socket that does not wait for ever: neither for a request's head, nor for the next request, nor for a reader.
//!
//! hyper has one time-out for both the head and the idle time before it. They must differ: a half-sent head is
//! an attack or a dead line and goes soon, an idle connection of a reverse proxy must live longer than the proxy
//! keeps it, or the proxy sends a webhook into a closing socket. So the waits are kept here, below hyper.
//!
//! Invariant: whenever a read or a write is pending outside of a handler, a timer is armed.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::{Instant, Sleep, sleep};

/// How long a connection may make us wait.
#[derive(Clone, Debug)]
pub(super) struct Patience {
    /// From the first byte of a head (on a new connection: from the start) to its last.
    pub head: Duration,
    /// Between an answer and the next request.
    pub idle: Duration,
    /// For the client to take some more of an answer.
    pub write: Duration,
    /// The places for connections that are still free.
    pub places: Arc<Semaphore>,
    /// With fewer free places than this, nobody is waited for as long.
    pub plenty: usize,
}

impl Patience {
    /// A wait that begins now. In a crowd a head gets a fifth of its time and a pause no more than a head has
    /// otherwise: idlers may hold half of the places for long, and the other half turns over quickly.
    fn with(&self, what: Awaited) -> Duration {
        let is_crowded = self.places.available_permits() < self.plenty;
        match what {
            Awaited::Head(_) if is_crowded => self.head / 5,
            Awaited::Head(_) => self.head,
            Awaited::Request(_) if is_crowded => self.idle.min(self.head),
            Awaited::Request(_) => self.idle,
        }
    }
}

/// What the connection is doing; written by the service above hyper, read by the socket below it.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    begun: AtomicU32,
    ended: AtomicU32,
}

impl Traffic {
    /// Marks a request as in flight until the returned value is dropped, which is when its answer has left.
    pub fn begin(self: &Arc<Self>) -> InFlight {
        self.begun.fetch_add(1, Ordering::Relaxed);
        InFlight(Arc::clone(self))
    }

    fn in_flight(&self) -> bool {
        self.begun.load(Ordering::Relaxed) != self.ended.load(Ordering::Relaxed)
    }

    /// How many requests this connection has had.
    fn requests(&self) -> u32 {
        self.begun.load(Ordering::Relaxed)
    }
}

/// One request that was read and whose answer has not wholly left.
#[derive(Debug)]
pub(super) struct InFlight(Arc<Traffic>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::Relaxed);
    }
}

/// An answer's body that keeps its request in flight until hyper has taken all of it.
pub(super) fn until_sent(body: Body, in_flight: InFlight) -> Body {
    Body::new(Leaving { body, _in_flight: in_flight })
}

struct Leaving {
    body: Body,
    _in_flight: InFlight,
}

impl HttpBody for Leaving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// What a read waits for, and after how many requests.
#[derive(Clone, Copy, PartialEq)]
enum Awaited {
    /// The rest of a head.
    Head(u32),
    /// The first byte of one.
    Request(u32),
}

impl Awaited {
    fn after(self) -> u32 {
        match self {
            Self::Head(requests) | Self::Request(requests) => requests,
        }
    }
}

/// A TCP stream with patience.
pub(super) struct Socket {
    stream: TcpStream,
    patience: Patience,
    traffic: Arc<Traffic>,
    awaited: Awaited,
    reading: Pin<Box<Sleep>>,
    writing: Option<Pin<Box<Sleep>>>,
}

impl Socket {
    pub fn new(stream: TcpStream, patience: Patience, traffic: Arc<Traffic>) -> Self {
        let awaited = Awaited::Head(0);
        let reading = Box::pin(sleep(patience.with(awaited)));
        Self { stream, patience, traffic, awaited, reading, writing: None }
    }

    fn wait_for(&mut self, what: Awaited) {
        self.awaited = what;
        let span = self.patience.with(what);
        self.reading.as_mut().reset(Instant::now() + span);
    }

    /// Passes a write on; if it did not progress, only until the reader's time is up.
    fn paced<T>(&mut self, wrote: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if wrote.is_ready() {
            self.writing = None;
            return wrote;
        }
        let span = self.patience.write;
        let timer = self.writing.get_or_insert_with(|| Box::pin(sleep(span)));
        timer.as_mut().poll(cx).map(|()| Err(late("the client does not take its answer")))
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if self.traffic.in_flight() {
            // A body, whose time is kept where bodies are read, or hyper watching for the client to go away.
            return read;
        }
        let requests = self.traffic.requests();
        if self.awaited.after() != requests {
            self.wait_for(Awaited::Request(requests));
        }
        if read.is_ready() {
            if buf.filled().len() > before && self.awaited == Awaited::Request(requests) {
                self.wait_for(Awaited::Head(requests));
            }
            return read;
        }
        self.reading.as_mut().poll(cx).map(|()| Err(late("no request came in time")))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.paced(wrote, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.paced(wrote, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

fn late(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, why)
}
