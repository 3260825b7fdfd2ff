//! HTTP: webhooks, pages, the API and the sandbox, behind one server that bounds every wait and every size.
//!
//! Invariant: a handler parses, makes one call and renders; it decides nothing and holds no SQL.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::clock::MovableClock;
use crate::engine::Engine;
use crate::messenger::sandbox::Sandbox;

mod assets;
mod health;
mod sandbox;
pub mod server;
mod webhook;

pub use sandbox::PageEvent;
pub use webhook::take_event as webhook_take;

/// What handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct Web {
    /// The workers, and through them the app.
    pub engine: Arc<Engine>,
    /// The built-in messenger, when it is enabled.
    pub sandbox: Option<Arc<SandboxDoor>>,
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

/// Inside the three seconds that messengers wait, with room for the network.
const WEBHOOK_TIME: Duration = Duration::from_millis(2_500);
/// For pages and reads.
const PAGE_TIME: Duration = Duration::from_secs(20);

impl Web {
    /// Every route of the service.
    pub fn router(self) -> Router {
        let mut router = Router::new()
            .route("/healthz", get(health::alive))
            .route("/readyz", get(health::ready))
            .route("/metrics", get(health::metrics));
        if self.sandbox.is_some() {
            router = router.merge(sandbox::router()).merge(server::answer_within(
                Router::new().route("/webhook/sandbox", post(webhook::sandbox)),
                WEBHOOK_TIME,
            ));
        }
        router.with_state(self)
    }

    /// From now on `/readyz` says no.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }
}
