//! Feishu's end of long connections, on loopback: discovery and WebSocket at one address, following a script.
//!
//! It keeps to the platform's rules: an address is good for one connection; an event goes to one connection of the app;
//! what is not acknowledged with 200 comes again, on another connection when its own is gone. It has its own idea of a
//! frame, so that a misunderstanding does not cancel out.

#[path = "feishu_stream/script.rs"]
mod script;
#[path = "feishu_stream/wire.rs"]
mod wire;

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use prost::Message as _;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};

pub use script::{Ack, Discovery, End, Said, Seen, Session};
use wire::{Frame, Header, answer, read_request, word};

/// The service that its addresses name.
pub const SERVICE: i32 = 33_554_678;
/// What was refused comes again after this.
const AGAIN: Duration = Duration::from_millis(20);
/// Nothing that is awaited takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The platform. Dropped, it is gone with all its connections.
pub struct Fake {
    address: SocketAddr,
    platform: Arc<Platform>,
    door: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Platform {
    desk: Mutex<Desk>,
    changed: Notify,
}

#[derive(Default)]
struct Desk {
    discoveries: VecDeque<Discovery>,
    sessions: VecDeque<Session>,
    config: Option<Value>,
    pong: Vec<u8>,
    tickets: HashSet<usize>,
    queue: VecDeque<Outgoing>,
    unacked: HashMap<String, (usize, Said)>,
    live: Vec<(usize, mpsc::UnboundedSender<Outgoing>)>,
    turn: usize,
    seen: Seen,
}

#[derive(Clone, Debug)]
enum Outgoing {
    Said(Said),
    Raw(Vec<u8>),
}

impl Fake {
    /// Opens for business.
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let platform = Arc::new(Platform::default());
        let inside = Arc::clone(&platform);
        let door = tokio::spawn(async move {
            let mut guests = tokio::task::JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let platform = Arc::clone(&inside);
                guests.spawn(async move { platform.receive(socket, address).await });
            }
        });
        Ok(Self { address, platform, door })
    }

    /// What the app is to take for the open platform.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How the next discoveries go.
    pub fn discoveries(&self, script: impl IntoIterator<Item = Discovery>) {
        self.platform.desk().discoveries.extend(script);
    }

    /// How the next connections go.
    pub fn sessions(&self, script: impl IntoIterator<Item = Session>) {
        self.platform.desk().sessions.extend(script);
    }

    /// The `ClientConfig` of discovery.
    pub fn config(&self, config: Value) {
        self.platform.desk().config = Some(config);
    }

    /// What pongs carry.
    pub fn pong(&self, payload: &[u8]) {
        self.platform.desk().pong = payload.to_vec();
    }

    /// Something happens: told to one connection, now or when there is one.
    pub fn says(&self, said: Said) {
        self.platform.send(Outgoing::Said(said));
    }

    /// These bytes as one message, once.
    pub fn sends(&self, raw: Vec<u8>) {
        self.platform.send(Outgoing::Raw(raw));
    }

    /// What has been seen so far.
    pub fn seen(&self) -> Seen {
        self.platform.desk().seen.clone()
    }

    /// Waits until it has seen what is awaited.
    pub async fn until(&self, awaited: impl Fn(&Seen) -> bool) -> Seen {
        let waiting = async {
            loop {
                let mut changed = std::pin::pin!(self.platform.changed.notified());
                changed.as_mut().enable();
                if awaited(&self.platform.desk().seen) {
                    break;
                }
                changed.await;
            }
        };
        let came = tokio::time::timeout(PATIENCE, waiting).await.is_ok();
        let seen = self.seen();
        assert!(came, "what was awaited did not come; seen was {seen:#?}");
        seen
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.door.abort();
    }
}

impl Platform {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes something down and wakes who waits for it.
    fn note<T>(&self, what: impl FnOnce(&mut Desk) -> T) -> T {
        let noted = what(&mut self.desk());
        self.changed.notify_waiters();
        noted
    }

    fn send(&self, outgoing: Outgoing) {
        self.note(|desk| {
            desk.queue.push_back(outgoing);
            desk.deal_out();
        });
    }

    async fn receive(self: &Arc<Self>, mut socket: TcpStream, address: SocketAddr) -> Option<()> {
        let request = read_request(&mut socket).await?;
        if request.starts_with("POST /callback/ws/endpoint ") {
            let answer = self.discovered(request, address);
            match answer {
                Some(answer) => socket.write_all(answer.as_bytes()).await.ok()?,
                None => _ = socket.read(&mut [0; 1]).await,
            }
            return Some(());
        }
        let ticket = word(&request, "ticket=", &['&', ' ']).and_then(|ticket| ticket.parse().ok());
        let (known, session) = self.note(|desk| {
            let known = ticket.is_some_and(|ticket: usize| desk.tickets.remove(&ticket));
            (known, desk.sessions.pop_front().unwrap_or(Session::Fair))
        });
        let stale = Session::Refused(403, vec![("Handshake-Status", "403".to_owned())]);
        let ends = match if known { session } else { stale } {
            Session::Fair => None,
            Session::Ends(after, end) => Some((after, end)),
            Session::Silent => {
                let _ = socket.read(&mut [0; 1]).await;
                return None;
            }
            Session::Refused(status, headers) => {
                let headers: String =
                    headers.iter().map(|(key, value)| format!("{key}: {value}\r\n")).collect();
                socket.write_all(answer(status, &headers, "").as_bytes()).await.ok()?;
                return None;
            }
        };
        let accept = derive_accept_key(word(&request, "sec-websocket-key: ", &['\r'])?.as_bytes());
        let upgrade = format!(
            "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-accept: {accept}\r\n\r\n"
        );
        socket.write_all(upgrade.as_bytes()).await.ok()?;
        self.hold(socket, ends).await;
        Some(())
    }

    fn discovered(&self, request: String, address: SocketAddr) -> Option<String> {
        self.note(|desk| {
            desk.seen.discoveries.push(request);
            let ticket = desk.seen.discoveries.len();
            let body = match desk.discoveries.pop_front().unwrap_or(Discovery::Found) {
                Discovery::Found => {
                    desk.tickets.insert(ticket);
                    let url = format!(
                        "ws://{address}/ws/v2?fpid=493&device_id=device-{ticket}&access_key=do-not-log\
                         &service_id={SERVICE}&ticket={ticket}"
                    );
                    json!({"code": 0, "msg": "", "data": {"URL": url, "ClientConfig": desk.config}})
                        .to_string()
                }
                Discovery::Code(code) => json!({"code": code, "msg": "no"}).to_string(),
                Discovery::Page(status) => return Some(answer(status, "", "<html>no</html>")),
                Discovery::Body(body) => body,
                Discovery::Silent => return None,
            };
            Some(answer(200, "content-type: application/json\r\n", &body))
        })
    }

    /// One connection, until either end has had enough.
    async fn hold(self: &Arc<Self>, socket: TcpStream, ends: Option<(usize, End)>) {
        let mut socket = WebSocketStream::from_raw_socket(socket, Role::Server, None).await;
        let (post, mut outgoing) = mpsc::unbounded_channel();
        let number = self.note(|desk| {
            desk.seen.opened.push(Instant::now());
            let number = desk.seen.opened.len();
            desk.live.push((number, post));
            desk.deal_out();
            number
        });
        let mut written = 0;
        let code = loop {
            if let Some((_, end)) = ends.filter(|(after, _)| written >= *after) {
                break finish(&mut socket, end).await;
            }
            tokio::select! {
                next = outgoing.recv() => {
                    let Some(next) = next else { break None };
                    let limit = ends.map_or(usize::MAX, |(after, _)| after - written);
                    written += self.write(&mut socket, number, next, limit).await;
                }
                came = socket.next() => match came {
                    Some(Ok(Message::Binary(bytes))) => {
                        if let Some(pong) = self.read(number, &bytes) {
                            let _ = socket.send(Message::Binary(pong.into())).await;
                        }
                    }
                    Some(Ok(Message::Close(said))) => {
                        let _ = socket.flush().await;
                        break said.map(|said| said.code.into());
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => break None,
                },
            }
        };
        drop(socket);
        self.note(|desk| desk.gone(number, code));
    }

    /// Writes at most `limit` frames of it; says how many.
    async fn write(&self, socket: &mut Socket, number: usize, next: Outgoing, limit: usize) -> usize {
        let frames = match next {
            Outgoing::Raw(raw) => vec![raw],
            Outgoing::Said(said) => {
                let frames = said.frames().iter().map(Frame::encode_to_vec).collect();
                self.note(|desk| desk.seen.deliveries.push((number, said.id)));
                frames
            }
        };
        let mut written = 0;
        for frame in frames.into_iter().take(limit) {
            if socket.send(Message::Binary(frame.into())).await.is_ok() {
                written += 1;
            }
        }
        written
    }

    /// Notes down a ping or an acknowledgement; the bytes of the pong.
    fn read(self: &Arc<Self>, number: usize, bytes: &[u8]) -> Option<Vec<u8>> {
        let frame = Frame::decode(bytes).ok()?;
        let header = |key: &str| frame.headers.iter().find(|h| h.key == key).map(|h| h.value.clone());
        if frame.method == 0 {
            let payload = self.note(|desk| {
                desk.seen.pings.push((number, frame.service, Instant::now()));
                Some(desk.pong.clone())
            });
            let headers = vec![Header { key: "type".to_owned(), value: "pong".to_owned() }];
            return Some(Frame { service: SERVICE, headers, payload, ..Frame::default() }.encode_to_vec());
        }
        let id = header("message_id").unwrap_or_default();
        let body: Value = serde_json::from_slice(&frame.payload.unwrap_or_default()).unwrap_or_default();
        let taken = body["code"] == 200;
        let failed = self.note(|desk| {
            let known = desk.unacked.remove(&id);
            desk.seen.acks.push(Ack { connection: number, id, bytes: bytes.to_vec(), body });
            known.filter(|_| !taken)
        });
        if let Some((_, said)) = failed {
            let platform = Arc::clone(self);
            tokio::spawn(async move {
                tokio::time::sleep(AGAIN).await;
                platform.send(Outgoing::Said(said));
            });
        }
        None
    }
}

impl Desk {
    /// Everything that waits goes to the live connections in turn, one each.
    fn deal_out(&mut self) {
        while !self.live.is_empty()
            && let Some(next) = self.queue.pop_front()
        {
            self.turn += 1;
            let (number, post) = &self.live[self.turn % self.live.len()];
            if let Outgoing::Said(said) = &next {
                self.unacked.insert(said.id.clone(), (*number, said.clone()));
            }
            // Who is going returns what it had, below.
            let _ = post.send(next);
        }
    }

    /// What a connection had not acknowledged goes to the others.
    fn gone(&mut self, number: usize, code: Option<u16>) {
        self.live.retain(|(other, _)| *other != number);
        self.seen.ended.push((number, code));
        let lost = self.unacked.extract_if(|_, (had, _)| *had == number).map(|(_, (_, said))| said);
        let mut lost: Vec<_> = lost.collect();
        lost.sort_by(|a, b| a.id.cmp(&b.id));
        self.queue.extend(lost.into_iter().map(Outgoing::Said));
        self.deal_out();
    }
}

type Socket = WebSocketStream<TcpStream>;

async fn finish(socket: &mut Socket, end: End) -> Option<u16> {
    match end {
        End::Cut => {}
        End::Reset => _ = socket.get_ref().set_zero_linger(),
        End::Goodbye(code) => {
            let _ = socket.close(Some(CloseFrame { code: CloseCode::from(code), reason: "".into() })).await;
            while let Some(Ok(_)) = socket.next().await {}
        }
        // Until the other end has had enough.
        End::Mute => while socket.get_mut().read(&mut [0; 1024]).await.is_ok_and(|read| read > 0) {},
    }
    None
}
