//! One connection, from the handshake to its end: one reads, one writes, and nobody waits for a handler.
//!
//! Invariant: the reader never waits for anything but the next message, the next ping and the end, so that a connection
//! that is mute, or cannot be written to, is noticed in time. A connection that is being left is answered on like any
//! other.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use rustls::ClientConfig;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, client_async_tls_with_config};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::frame::{Frame, NOBODY, OK, answer};
use super::policy::{Beat, Pulse};
use super::status::Status;
use super::work::{Work, text};
use super::{Timing, Trouble};
use crate::messenger::net::Network;

/// One message of the WebSocket may be so long.
const LONGEST_MESSAGE: usize = 1 << 20;
/// So many answers wait to be written; more wait with who made them.
const ANSWERS: usize = 256;

/// An open WebSocket.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Why a connection ended.
pub enum Ended {
    /// It was asked to.
    Stopped,
    /// By itself. `good` when something had been pushed over it.
    Cut { why: String, good: bool },
}

/// Connects to where the registration sent us; `patience` is for all of it: TCP, TLS and handshake.
pub async fn open(
    address: &SecretString,
    (network, tls): (&Network, &Arc<ClientConfig>),
    patience: Duration,
) -> Result<Socket, Trouble> {
    let config = WebSocketConfig::default()
        .max_message_size(Some(LONGEST_MESSAGE))
        .max_frame_size(Some(LONGEST_MESSAGE));
    let (url, connector) = (address.expose_secret(), Connector::Rustls(Arc::clone(tls)));
    let connecting = async {
        let stream = network.dial(url).await.map_err(Error::Io)?;
        client_async_tls_with_config(url, stream, Some(config), Some(connector)).await
    };
    let why = match timeout(patience, Box::pin(connecting)).await {
        Ok(Ok((socket, _))) => return Ok(socket),
        // A ticket that has expired, or was used: the next registration brings another.
        Ok(Err(Error::Http(answer))) => format!("the handshake was answered with HTTP {}", answer.status()),
        Ok(Err(error)) => format!("the connection cannot be made: {error}"),
        Err(_) => "the handshake was not answered".to_owned(),
    };
    Err(Trouble::Again(why))
}

/// One connection and what it needs of its stream.
pub struct Connection {
    /// Where what arrives goes.
    pub work: Arc<Work>,
    /// Our bounds.
    pub timing: Timing,
    /// What others may see.
    pub status: Arc<Status>,
    /// Cancelled when the platform says that it will take the connection down.
    pub moving: CancellationToken,
}

impl Connection {
    /// Stays until the connection ends or `stop`; then it stops reading, finishes what is being worked on, answers it
    /// and says goodbye.
    pub async fn hold(self, socket: Socket, stop: CancellationToken) -> Ended {
        let (sink, mut source) = socket.split();
        let (answers, queue) = mpsc::channel(ANSWERS);
        // Dropped with everything else, also when it is stuck.
        let _writer = AbortOnDropHandle::new(tokio::spawn(write(sink, queue)));
        let ended = self.listen(&mut source, &answers, &stop).await;
        if let Ended::Stopped = ended {
            self.work.finish(self.timing.stop).await;
            self.part(&mut source, &answers).await;
        }
        ended
    }

    async fn listen(
        &self,
        source: &mut SplitStream<Socket>,
        answers: &mpsc::Sender<Message>,
        stop: &CancellationToken,
    ) -> Ended {
        let mut pulse = Pulse::new(&self.timing, Instant::now());
        let mut good = false;
        let mut leave = None;
        let why = loop {
            tokio::select! {
                () = stop.cancelled() => return Ended::Stopped,
                () = answers.closed() => break "it cannot be written to".to_owned(),
                () = sleep_until(leave.unwrap_or_else(Instant::now)), if leave.is_some() => {
                    self.part(source, answers).await;
                    break "it was left".to_owned();
                }
                () = sleep_until(pulse.due()) => match pulse.beat(Instant::now()) {
                    // A ping that finds no room behind the answers is missed by nobody who reads.
                    Beat::Ping => _ = answers.try_send(Message::Ping(Bytes::new())),
                    Beat::Mute => break "the platform fell silent".to_owned(),
                    Beat::Early => {}
                },
                message = source.next() => {
                    pulse.heard(Instant::now());
                    self.status.heard();
                    match message {
                        Some(Ok(Message::Text(frame))) => match self.received(&frame, answers) {
                            Took::Push => good = true,
                            Took::Notice => leave = leave.or_else(|| Some(Instant::now() + self.timing.drain)),
                            Took::Other => {}
                        },
                        Some(Ok(Message::Close(said))) => {
                            // Our own goodbye is written while we read on.
                            let _ = timeout(self.timing.goodbye, drain(source)).await;
                            break closed(said);
                        }
                        Some(Ok(_)) => {}
                        Some(Err(error)) => break error.to_string(),
                        None => break "the platform went away".to_owned(),
                    }
                }
            }
        };
        Ended::Cut { why, good }
    }

    fn received(&self, frame: &str, answers: &mpsc::Sender<Message>) -> Took {
        match Frame::read(frame) {
            Frame::Push { id, push } => {
                self.work.take(id, push, answers);
                return Took::Push;
            }
            Frame::Disconnect { reason } => {
                tracing::info!("DingTalk will take this connection down, the next is opened: {reason}");
                self.moving.cancel();
                return Took::Notice;
            }
            Frame::Ping { id, data } => _ = answers.try_send(text(answer(&id, OK, &data))),
            Frame::Stray { id, topic } => {
                tracing::warn!(topic, "DingTalk pushed something that nobody subscribed to");
                let _ = answers.try_send(text(answer(&id, NOBODY, "{}")));
            }
            Frame::Other(why) => tracing::warn!("{why} is passed over"),
        }
        Took::Other
    }

    async fn part(&self, source: &mut SplitStream<Socket>, answers: &mpsc::Sender<Message>) {
        let normal = CloseFrame { code: CloseCode::Normal, reason: "".into() };
        let goodbye = async {
            let _ = answers.send(Message::Close(Some(normal))).await;
            drain(source).await;
        };
        let _ = timeout(self.timing.goodbye, goodbye).await;
    }
}

/// What a frame was.
enum Took {
    Push,
    Notice,
    Other,
}

/// The only one who writes; ends when the connection does, or when nobody is left who may have something to say.
async fn write(mut sink: SplitSink<Socket, Message>, mut queue: mpsc::Receiver<Message>) {
    while let Some(message) = queue.recv().await {
        if sink.send(message).await.is_err() {
            // The reader sees the queue closed, and says so.
            return;
        }
    }
}

/// Reads on until the end, so that nothing unread makes the system reset the connection under our last words.
async fn drain(source: &mut SplitStream<Socket>) {
    while let Some(Ok(_)) = source.next().await {}
}

fn closed(said: Option<CloseFrame>) -> String {
    said.map_or_else(
        || "the platform closed it".to_owned(),
        |said| format!("the platform closed it with {}", u16::from(said.code)),
    )
}
