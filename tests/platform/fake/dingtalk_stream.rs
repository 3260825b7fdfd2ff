//! DingTalk's end of Stream mode, on loopback: registration and WebSocket at one address, following a script.
//!
//! It keeps to the platform's rules: a ticket is good for one connection; a push goes to one connection of the
//! application, not to one that is being taken down; a robot message is pushed once and never again; whatever else is not
//! answered with 200 comes again, on another connection when its own is gone. What it would not take it notes down.

#[path = "dingtalk_stream/script.rs"]
mod script;
#[path = "dingtalk_stream/strict.rs"]
mod strict;

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};

pub use script::{Answer, End, ROBOT, Registration, Said, Seen, Session};

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
    registrations: VecDeque<Registration>,
    sessions: VecDeque<Session>,
    tickets: HashSet<String>,
    queue: VecDeque<Said>,
    unanswered: HashMap<String, (usize, Said)>,
    /// Those that are being left take no more pushes.
    live: Vec<(usize, mpsc::UnboundedSender<Outgoing>, bool)>,
    turn: usize,
    seen: Seen,
}

#[derive(Clone, Debug)]
enum Outgoing {
    Push(Said),
    Raw(String),
    Close,
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

    /// What the application is to take for the open platform.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How the next registrations go.
    pub fn registrations(&self, script: impl IntoIterator<Item = Registration>) {
        self.platform.desk().registrations.extend(script);
    }

    /// How the next connections go.
    pub fn sessions(&self, script: impl IntoIterator<Item = Session>) {
        self.platform.desk().sessions.extend(script);
    }

    /// Something happens: pushed to one connection, now or when there is one.
    pub fn says(&self, said: Said) {
        self.platform.note(|desk| {
            desk.queue.push_back(said);
            desk.deal_out();
        });
    }

    /// This text to every connection, as it is.
    pub fn sends(&self, frame: &str) {
        let desk = self.platform.desk();
        for (_, post, _) in &desk.live {
            let _ = post.send(Outgoing::Raw(frame.to_owned()));
        }
    }

    /// Every connection is told that it will be taken down; it gets no more pushes.
    pub fn gives_notice(&self) {
        let headers =
            json!({ "topic": "disconnect", "contentType": "application/json", "messageId": "notice" });
        let data = r#"{"reason":"persistent connection is timeout"}"#;
        let frame = json!({ "specVersion": "1.0", "type": "SYSTEM", "headers": headers, "data": data });
        self.platform.note(|desk| {
            for (number, post, is_leaving) in &mut desk.live {
                *is_leaving = true;
                desk.seen.log.push(format!("notice {number}"));
                let _ = post.send(Outgoing::Raw(frame.to_string()));
            }
        });
    }

    /// The connections that were told so are taken down.
    pub fn takes_down(&self) {
        let desk = self.platform.desk();
        for (_, post, _) in desk.live.iter().filter(|(.., is_leaving)| *is_leaving) {
            let _ = post.send(Outgoing::Close);
        }
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

    async fn receive(self: &Arc<Self>, mut socket: TcpStream, address: SocketAddr) -> Option<()> {
        let request = read_request(&mut socket).await?;
        if request.starts_with("POST /v1.0/gateway/connections/open ") {
            match self.registered(request, address) {
                Some((status, body)) => socket.write_all(answer(status, &body).as_bytes()).await.ok()?,
                None => _ = socket.read(&mut [0; 1]).await,
            }
            return Some(());
        }
        if request.starts_with("POST ") {
            // The rest of the platform is not here, and takes no connection of the script.
            socket.write_all(answer(401, "").as_bytes()).await.ok()?;
            return None;
        }
        let ticket = word(&request, "/connect?ticket=", ' ').unwrap_or_default().to_owned();
        let (known, session) = self.note(|desk| {
            let known = desk.tickets.remove(&ticket);
            (known, desk.sessions.pop_front().unwrap_or(Session::Fair))
        });
        if !known {
            socket.write_all(answer(401, "").as_bytes()).await.ok()?;
            return None;
        }
        let ends = match session {
            Session::Fair => None,
            Session::Ends(after, end) => Some((after, end)),
            Session::Silent => {
                let _ = socket.read(&mut [0; 1]).await;
                return None;
            }
        };
        let accept = derive_accept_key(word(&request, "sec-websocket-key: ", '\r')?.as_bytes());
        let upgrade = format!(
            "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-accept: {accept}\r\n\r\n"
        );
        socket.write_all(upgrade.as_bytes()).await.ok()?;
        self.hold(socket, ends).await;
        Some(())
    }

    fn registered(&self, request: String, address: SocketAddr) -> Option<(u16, String)> {
        self.note(|desk| {
            desk.seen.violations.extend(strict::registration(&request));
            desk.seen.registrations.push(request);
            let number = desk.seen.registrations.len();
            let granted = |ticket: &str| {
                let endpoint = format!("ws://{address}/connect");
                Some((200, json!({ "endpoint": endpoint, "ticket": ticket }).to_string()))
            };
            match desk.registrations.pop_front().unwrap_or(Registration::Granted) {
                Registration::Granted => {
                    desk.tickets.insert(format!("do-not-log%2F{number}%2B%3D"));
                    granted(&format!("do-not-log/{number}+="))
                }
                Registration::Stale => granted("too-old"),
                Registration::Answer(status, body) => Some((status, body)),
                Registration::Silent => None,
            }
        })
    }

    /// One connection, until either end has had enough.
    async fn hold(self: &Arc<Self>, socket: TcpStream, ends: Option<(usize, End)>) {
        let mut socket = WebSocketStream::from_raw_socket(socket, Role::Server, None).await;
        let (post, mut outgoing) = mpsc::unbounded_channel();
        let number = self.note(|desk| {
            desk.seen.opened.push(Instant::now());
            let number = desk.seen.opened.len();
            desk.seen.log.push(format!("open {number}"));
            desk.live.push((number, post, false));
            desk.deal_out();
            number
        });
        let mut written = 0;
        loop {
            if let Some((_, end)) = ends.filter(|(after, _)| written >= *after) {
                break finish(&mut socket, end).await;
            }
            tokio::select! {
                next = outgoing.recv() => match next {
                    Some(Outgoing::Push(said)) => {
                        let frame = said.frame();
                        self.note(|desk| desk.seen.pushes.push((number, said.id)));
                        written += 1;
                        let _ = socket.send(Message::text(frame)).await;
                    }
                    Some(Outgoing::Raw(frame)) => _ = socket.send(Message::text(frame)).await,
                    Some(Outgoing::Close) => break finish(&mut socket, End::Goodbye(1000)).await,
                    None => break,
                },
                came = socket.next() => match came {
                    Some(Ok(Message::Text(text))) => self.answered(number, &text),
                    Some(Ok(Message::Ping(_))) => self.note(|desk| desk.seen.pings.push(number)),
                    Some(Ok(Message::Close(said))) => {
                        let _ = socket.flush().await;
                        self.note(|desk| desk.seen.goodbyes.push(said.map(|said| said.code.into())));
                        break;
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => break,
                },
            }
        }
        drop(socket);
        self.note(|desk| desk.gone(number));
    }

    /// Notes down an answer; what was not taken comes again, unless it is a robot message.
    fn answered(self: &Arc<Self>, number: usize, text: &str) {
        let frame: Value = serde_json::from_str(text).unwrap_or_default();
        let id = frame["headers"]["messageId"].as_str().unwrap_or_default().to_owned();
        let data: Value =
            serde_json::from_str(frame["data"].as_str().unwrap_or_default()).unwrap_or_default();
        let code = frame["code"].as_i64().unwrap_or_default();
        let is_later = code != 200 || data["status"] == "LATER";
        let again = self.note(|desk| {
            let known = desk.unanswered.remove(&id).map(|(_, said)| said);
            let complaints = known.as_ref().map_or_else(Vec::new, |said| strict::answer(said, text));
            desk.seen.violations.extend(complaints);
            desk.seen.answers.push(Answer { connection: number, id, code, data });
            known.filter(|said| is_later && code != 404 && said.topic != ROBOT)
        });
        if let Some(said) = again {
            let platform = Arc::clone(self);
            tokio::spawn(async move {
                tokio::time::sleep(AGAIN).await;
                platform.note(|desk| {
                    desk.queue.push_back(said);
                    desk.deal_out();
                });
            });
        }
    }
}

impl Desk {
    /// Everything that waits goes to the live connections in turn, one each.
    fn deal_out(&mut self) {
        loop {
            let open: Vec<_> = self.live.iter().filter(|(.., is_leaving)| !is_leaving).collect();
            if open.is_empty() {
                return;
            }
            let Some(said) = self.queue.pop_front() else { return };
            self.turn += 1;
            let (number, post, _) = open[self.turn % open.len()];
            self.unanswered.insert(said.id.clone(), (*number, said.clone()));
            // Who is going returns what it had, below.
            let _ = post.send(Outgoing::Push(said));
        }
    }

    /// What a connection had not answered goes to the others, except for what is pushed once only.
    fn gone(&mut self, number: usize) {
        self.live.retain(|(other, ..)| *other != number);
        self.seen.log.push(format!("end {number}"));
        let lost = self.unanswered.extract_if(|_, (had, _)| *had == number).map(|(_, (_, said))| said);
        let mut lost: Vec<_> = lost.filter(|said| said.topic != ROBOT).collect();
        lost.sort_by(|a, b| a.id.cmp(&b.id));
        self.queue.extend(lost);
        self.deal_out();
    }
}

type Socket = WebSocketStream<TcpStream>;

async fn finish(socket: &mut Socket, end: End) {
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
}

/// Head and body; none when the guest goes away before the end.
async fn read_request(socket: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                word(head, "content-length: ", '\r').map_or(Some(0), |length| length.parse().ok())?;
            if body.len() >= length {
                return Some(text);
            }
        }
        if socket.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    }
}

/// What stands between `before`, in whatever case, and `end`.
fn word<'a>(text: &'a str, before: &str, end: char) -> Option<&'a str> {
    let at = text.to_ascii_lowercase().find(before)? + before.len();
    text[at..].split(end).next()
}

fn answer(status: u16, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} .\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}
