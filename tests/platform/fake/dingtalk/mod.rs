//! A DingTalk of our own on the loopback: both hosts, its people, groups and cards; it refuses what the real one does.
//!
//! Invariant: what it answers follows from its state, the request and the faults that were asked for. Codes and shapes
//! are those of the open platform's documentation and of the requests recorded in
//! `tests/platform/vectors/dingtalk/openapi_requests.json`.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

mod cards;
mod company;
mod company_calls;
mod faults;
mod gate;
mod logins;
mod robots;
mod state;
mod todos;

pub use company::{GROUP, PERSON};
pub use faults::Fault;
pub use gate::{Call, route};
pub use state::{Message, Person, State};

/// The application that it knows.
pub const CLIENT_ID: &str = "dingvectorappkey01";
/// Its secret.
pub const CLIENT_SECRET: &str = "Vector-Secret_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ";
/// The published card template.
pub const TEMPLATE: &str = "11111111-2222-3333-4444-555555555555.schema";
/// The custom robot of a group.
pub const ROBOT_TOKEN: &str = "robot-token";
/// The secret of its signature.
pub const ROBOT_SECRET: &str = "SECfake";

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

    /// `http://127.0.0.1:…`, of both hosts.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A session's webhook, as it comes with a message.
    pub fn webhook(&self, chat: &str) -> String {
        format!("{}/robot/sendBySession?session={chat}", self.base_url())
    }

    /// What was said, oldest first.
    pub fn messages(&self) -> Vec<Message> {
        self.state().messages.clone()
    }

    /// Every call that arrived, refused ones too, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// How many calls of one name arrived (the names of `gate::ROUTES`).
    pub fn count(&self, name: &str) -> usize {
        self.state().calls.iter().filter(|call| call.name == name).count()
    }

    /// The next `times` calls of that name go wrong.
    pub fn fail(&self, name: &str, times: usize, fault: Fault) {
        self.state().faults.add(name, times, fault);
    }

    /// No token that was issued so far is good any more.
    pub fn ends_tokens(&self) {
        self.state().tokens.clear();
    }

    /// The application loses a permission.
    pub fn takes_scope(&self, scope: &str) {
        self.state().scopes.remove(scope);
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
    if head.uri.path() == logins::PAGE {
        return fake.shows(&head.uri);
    }
    let bytes = axum::body::to_bytes(Body::new(body), 1 << 22).await.map_err(std::io::Error::other)?;
    let (answer, fault) = gate::pass(&mut fake.state(), &head, &bytes);
    match fault {
        Some(Fault::SilentAfter) => std::future::pending().await,
        Some(Fault::CutAfter) => Err(std::io::Error::other("cut")),
        _ => answer.into_response(),
    }
}
