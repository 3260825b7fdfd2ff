//! HTTP: webhooks, pages, the API and the sandbox, behind one server that bounds every wait and every size.
//!
//! Invariant: a handler parses, makes one call and renders; it decides nothing and holds no SQL.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::clock::MovableClock;
use crate::engine::Engine;
use crate::messenger::dingtalk::DingTalk;
use crate::messenger::feishu::Feishu;
use crate::messenger::login::Login;
use crate::messenger::sandbox::Sandbox;

mod api;
mod assets;
mod board;
mod form;
mod guesses;
mod health;
mod html;
mod login;
mod routes;
mod sandbox;
pub mod server;
mod session;
mod shell;
mod task_list;
mod webhook;

pub use sandbox::PageEvent;
pub use webhook::dingtalk::Pushed;
pub use webhook::feishu::Streamed;
pub use webhook::sandbox::take_event as webhook_take;

/// What handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct Web {
    /// The workers, and through them the app.
    pub engine: Arc<Engine>,
    /// The built-in messenger, when it is enabled.
    pub sandbox: Option<Arc<SandboxDoor>>,
    /// The app on Feishu, when there is one.
    pub feishu: Option<Arc<Feishu>>,
    /// The application on DingTalk, when there is one.
    pub dingtalk: Option<Arc<DingTalk>>,
    /// The messengers that people log in to the pages with.
    pub logins: Vec<Arc<dyn Login>>,
    /// Set when the service is stopping, so that no new work is sent here.
    pub draining: Arc<AtomicBool>,
    /// Ends streams.
    pub stop: CancellationToken,
}

/// The sandbox with what its page needs.
pub struct SandboxDoor {
    /// The messenger.
    pub messenger: Arc<Sandbox>,
    /// The clock, when it can be moved.
    pub clock: Option<Arc<MovableClock>>,
    /// What the page hears.
    pub events: broadcast::Sender<PageEvent>,
}

impl Web {
    /// Every route of the service, as `routes` lists them.
    pub fn router(self) -> Router {
        routes::router(self)
    }

    /// From now on `/readyz` says no.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }
}
