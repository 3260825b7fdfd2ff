//! One connection, from the handshake to its end: one reads, one writes, and nobody waits for a handler.
//!
//! The reader never waits for anything but the next message, the next ping and the end: so a connection that is mute,
//! or cannot be written to, is noticed in time.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use rustls::ClientConfig;
use secrecy::ExposeSecret as _;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, client_async_tls_with_config};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::Status;
use super::discover::{Address, refusal};
use super::frame::{Frame, Kind};
use super::parts::{Added, Parts};
use super::policy::{Beat, Pulse, Rhythm, Timing, Trouble};
use super::work::{Work, binary};
use crate::messenger::net::Network;

/// One message of the WebSocket may be so long; a payload, over all its parts, half of it.
const LONGEST_MESSAGE: usize = 16 << 20;
/// So many acknowledgements wait to be written; more wait with who made them.
const ACKS: usize = 256;

/// An open WebSocket.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Why a connection ended.
pub enum Ended {
    /// It was asked to.
    Stopped,
    /// By itself. `good` when an event had come over it.
    Cut { why: String, good: bool },
}

/// Connects to where discovery sent us; `patience` is for all of it: TCP, TLS and handshake.
pub async fn open(
    address: &Address,
    (network, tls): (&Network, &Arc<ClientConfig>),
    patience: Duration,
) -> Result<Socket, Trouble> {
    let config = WebSocketConfig::default()
        .max_message_size(Some(LONGEST_MESSAGE))
        .max_frame_size(Some(LONGEST_MESSAGE));
    let (url, connector) = (address.url.expose_secret(), Connector::Rustls(Arc::clone(tls)));
    let connecting = async {
        let stream = network.dial(url).await.map_err(Error::Io)?;
        client_async_tls_with_config(url, stream, Some(config), Some(connector)).await
    };
    match timeout(patience, Box::pin(connecting)).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(Error::Http(answer))) => Err(refusal(answer.status().as_u16(), |key| {
            answer.headers().get(key).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        })),
        Ok(Err(error)) => Err(Trouble::Again(format!("the connection cannot be made: {error}"))),
        Err(_) => Err(Trouble::Again("the handshake was not answered".to_owned())),
    }
}

/// One connection and what it needs of its stream.
pub struct Connection<'a> {
    /// Of the address: what a ping says.
    pub service: i32,
    /// Where what arrives goes.
    pub work: &'a Work,
    /// Our bounds.
    pub timing: &'a Timing,
    /// The platform's rhythm; a pong may change it.
    pub rhythm: &'a mut Rhythm,
    /// What others may see.
    pub status: &'a Status,
}

impl Connection<'_> {
    /// Stays until the connection ends or `stop`; then it stops reading, finishes what is being worked on, acknowledges
    /// it and says goodbye.
    pub async fn hold(mut self, socket: Socket, stop: &CancellationToken) -> Ended {
        let (sink, mut source) = socket.split();
        let (acks, queue) = mpsc::channel(ACKS);
        // Dropped with everything else, also when it is stuck.
        let _writer = AbortOnDropHandle::new(tokio::spawn(write(sink, queue)));
        let ended = self.listen(&mut source, &acks, stop).await;
        if let Ended::Stopped = ended {
            self.work.finish(self.timing.stop).await;
            let normal = CloseFrame { code: CloseCode::Normal, reason: "".into() };
            let goodbye = async {
                let _ = acks.send(Message::Close(Some(normal))).await;
                drain(&mut source).await;
            };
            let _ = timeout(self.timing.goodbye, goodbye).await;
        }
        ended
    }

    async fn listen(
        &mut self,
        source: &mut SplitStream<Socket>,
        acks: &mpsc::Sender<Message>,
        stop: &CancellationToken,
    ) -> Ended {
        let mut pulse = Pulse::new(self.rhythm.ping, self.timing.grace, Instant::now());
        let mut parts = Parts::new(self.timing.parts.clone());
        let mut good = false;
        let why = loop {
            tokio::select! {
                () = stop.cancelled() => return Ended::Stopped,
                () = acks.closed() => break "it cannot be written to".to_owned(),
                () = sleep_until(pulse.due()) => match pulse.beat(Instant::now()) {
                    // A ping that finds no room behind the answers is missed by nobody who reads.
                    Beat::Ping => _ = acks.try_send(binary(&Frame::ping(self.service))),
                    Beat::Mute => break "the platform fell silent".to_owned(),
                    Beat::Early => {}
                },
                message = source.next() => {
                    pulse.heard(Instant::now());
                    match message {
                        Some(Ok(Message::Binary(bytes))) => {
                            self.status.heard();
                            good |= self.received(&bytes, &mut parts, acks);
                            pulse.adopt(self.rhythm.ping);
                        }
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

    /// Takes one frame; says whether it belonged to an event.
    fn received(&mut self, bytes: &[u8], parts: &mut Parts, acks: &mpsc::Sender<Message>) -> bool {
        let mut frame = match Frame::read(bytes) {
            Ok(frame) => frame,
            Err(error) => {
                tracing::warn!("a frame cannot be read and is passed over: {error}");
                return false;
            }
        };
        match frame.kind() {
            Kind::Pong => {
                // Most pongs are empty.
                if let Ok(asked) = serde_json::from_slice(frame.payload.as_deref().unwrap_or_default()) {
                    *self.rhythm = self.rhythm.adopt(&asked, self.timing);
                }
                false
            }
            Kind::Event | Kind::Card => {
                match parts.add(&mut frame, Instant::now()) {
                    Added::Whole(payload) => self.work.take(frame, payload, acks),
                    Added::Waiting => {}
                    Added::Dropped(why) => {
                        tracing::warn!(feishu.trace = frame.header("trace_id"), "an event is dropped: {why}");
                    }
                }
                true
            }
            Kind::Other => false,
        }
    }
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
