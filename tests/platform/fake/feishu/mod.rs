//! A Feishu of our own on the loopback: it keeps messages, people and chats, and refuses what the real one refuses.
//!
//! Invariant: what it answers follows from its state, the request and the faults that were asked for; time is the
//! machine's plus what [`Fake::passes`] added. Codes and shapes are those of the open platform's documentation and of
//! the requests recorded in `tests/platform/vectors/feishu/openapi_requests.json`.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

mod chats;
mod company;
mod contacts;
mod content;
mod extras;
mod faults;
mod gate;
mod images;
mod logins;
mod messages;
mod state;

pub use company::{GROUP, open_id};
pub use content::check_card;
pub use faults::Fault;
pub use gate::Call;
pub use state::{Author, Chat, Message, Person, State};

/// The app that it knows.
pub const APP_ID: &str = "cli_a1b2c3d4e5f60718";
/// The app's secret.
pub const APP_SECRET: &str = "fake-secret";
/// The bot's own id.
pub const BOT: &str = "ou_ffffffffffffffffffffffffffffffff";

/// A running fake; it ends with the runtime that it was started on.
#[derive(Clone)]
pub struct Fake {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Fake {
    /// Starts one with the small company of [`company`].
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let fake = Self { address: listener.local_addr()?, state: Arc::new(Mutex::new(State::new())) };
        tokio::spawn(serve(listener, fake.clone()));
        Ok(fake)
    }

    /// `http://127.0.0.1:…`
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything that was said and is not withdrawn, oldest first.
    pub fn messages(&self) -> Vec<Message> {
        self.state().messages.iter().filter(|message| !message.withdrawn).cloned().collect()
    }

    /// What the bot said to a person in private, oldest first.
    pub fn sent_to(&self, open_id: &str) -> Vec<Message> {
        let chat = state::private_chat(open_id);
        self.sent_in(&chat)
    }

    /// What the bot said in a chat, oldest first.
    pub fn sent_in(&self, chat: &str) -> Vec<Message> {
        let mut messages = self.messages();
        messages.retain(|message| message.chat == chat && message.author == Author::Bot);
        messages
    }

    /// Every call that arrived, refused ones too, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// How many calls of one name arrived: `messages.create`, `token`, … (the names of `gate::ROUTES`).
    pub fn count(&self, name: &str) -> usize {
        self.state().calls.iter().filter(|call| call.name == name).count()
    }

    /// The next `times` calls of that name go wrong.
    pub fn fail(&self, name: &str, times: usize, fault: Fault) {
        self.state().faults.add(name, times, fault);
    }

    /// Time goes by.
    pub fn passes(&self, by: Duration) {
        self.state().moved += by;
    }

    /// No token that was issued so far is good any more.
    pub fn ends_tokens(&self) {
        self.state().tokens.clear();
    }

    /// Tokens issued from now on are good for so long; Feishu's own are for two hours at most.
    pub fn tokens_last(&self, lasts: Duration) {
        self.state().token_lasts = lasts;
    }

    /// The app loses a permission.
    pub fn takes_scope(&self, scope: &str) {
        self.state().scopes.remove(scope);
    }

    /// The app's bot is switched off.
    pub fn bot_goes_off(&self) {
        self.state().bot_on = false;
    }

    /// Its clock is ahead of the machine's by so many seconds.
    pub fn clock_is_off(&self, seconds: i64) {
        self.state().off = seconds;
    }

    /// Changes what it knows of a person, who is made if there was none.
    pub fn person(&self, open_id: &str, change: impl FnOnce(&mut Person)) {
        change(self.state().people.entry(open_id.to_owned()).or_insert_with(|| Person::new(open_id, "")));
    }

    /// Changes a chat, which is made if there was none.
    pub fn chat(&self, id: &str, change: impl FnOnce(&mut Chat)) {
        change(self.state().chats.entry(id.to_owned()).or_insert_with(|| Chat::new(id, "")));
    }

    /// A person says something in a chat (their private one with the bot has the id that `sent_to` reads); returns the
    /// message's id.
    pub fn says(&self, open_id: &str, chat: &str, text: &str) -> String {
        let mut state = self.state();
        let content = serde_json::json!({"text": text}).to_string();
        let said = Message::new(chat, Author::Person(open_id.to_owned()), "text", content);
        state.keep(said)
    }

    /// A message is withdrawn by who wrote it.
    pub fn withdraws(&self, message: &str) {
        if let Some(message) = self.state().message_mut(message) {
            message.withdrawn = true;
        }
    }

    /// Everything at once, for what has no word of its own here.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn serve(listener: TcpListener, fake: Fake) {
    while let Ok((stream, _)) = listener.accept().await {
        let fake = fake.clone();
        tokio::spawn(async move {
            let service = hyper::service::service_fn(move |request| answer(fake.clone(), request));
            let http = hyper::server::conn::http1::Builder::new();
            // A connection that is cut is what was asked for.
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// An error cuts the connection.
async fn answer(fake: Fake, request: Request<Incoming>) -> std::io::Result<Response<Body>> {
    let (head, body) = request.into_parts();
    let bytes = axum::body::to_bytes(Body::new(body), 1 << 22).await.map_err(std::io::Error::other)?;
    let (answer, fault) = gate::pass(&mut fake.state(), &head, &bytes);
    match fault {
        Some(Fault::Silent | Fault::SilentAfter) => std::future::pending().await,
        Some(Fault::Cut | Fault::CutAfter) => Err(std::io::Error::other("cut")),
        Some(Fault::Slow(by)) => {
            tokio::time::sleep(Duration::from_millis(by)).await;
            answer.into_response()
        }
        _ => answer.into_response(),
    }
}
