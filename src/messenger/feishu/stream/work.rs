//! What arrived is worked on beside the connection: so many at a time, and the answer goes to who writes.
//!
//! Every message that is taken is answered once, after its handler returned, whatever the handler does: return, be
//! busy, take for ever, panic. What does not fit in is refused at once, and the platform sends it again.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use serde_json::json;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::frame::{Answer, Frame, Kind};
use super::{Busy, Handler};

/// So many handlers run at the same time, over all connections of a stream.
pub const HANDS: usize = 32;
/// What may wait, in KiB.
const ROOM: usize = 64 << 10;
/// What a message takes of the room at least, in KiB: so a thousand fit in, however short.
const LEAST: usize = 64;

/// The work of a stream; it outlives its connections. Dropped, it lets go of what still runs.
pub struct Work {
    handler: Arc<dyn Handler>,
    hands: Arc<Semaphore>,
    room: Arc<Semaphore>,
    tasks: TaskTracker,
    abandon: CancellationToken,
    patience: Duration,
}

impl Work {
    /// None yet; a handler may take `patience`.
    pub fn new(handler: Arc<dyn Handler>, patience: Duration) -> Self {
        Self {
            handler,
            hands: Arc::new(Semaphore::new(HANDS)),
            room: Arc::new(Semaphore::new(ROOM)),
            tasks: TaskTracker::new(),
            abandon: CancellationToken::new(),
            patience,
        }
    }

    /// Takes a complete message and returns at once. `last` is the frame that completed it, without payload; it goes to
    /// `acks` with the answer.
    pub fn take(&self, last: Frame, payload: Vec<u8>, acks: &mpsc::Sender<Message>) {
        let size = (payload.len() >> 10).clamp(LEAST, ROOM);
        let size = u32::try_from(size).unwrap_or(u32::MAX);
        let Ok(room) = Arc::clone(&self.room).try_acquire_many_owned(size) else {
            tracing::warn!(
                feishu.trace = last.header("trace_id"),
                "there is no room for an event: sent back"
            );
            // When the answers do not fit in either, the platform hears nothing, which says the same.
            let _ = acks.try_send(binary(&last.acknowledged(&Answer::Failed)));
            return;
        };
        let (handler, hands) = (Arc::clone(&self.handler), Arc::clone(&self.hands));
        let (acks, abandon, patience) = (acks.clone(), self.abandon.clone(), self.patience);
        self.tasks.spawn(async move {
            let answering = async {
                // The semaphore is never closed.
                let hand = hands.acquire().await;
                let answer = answer(&*handler, &last, payload, patience).await;
                drop(hand);
                // The connection may be gone; then the platform repeats the event on another one.
                let _ = acks.send(binary(&last.acknowledged(&answer))).await;
            };
            abandon.run_until_cancelled(answering).await;
            drop(room);
        });
    }

    /// Waits until all is done and answered, but not longer than `most`.
    pub async fn finish(&self, most: Duration) {
        self.tasks.close();
        if tokio::time::timeout(most, self.tasks.wait()).await.is_err() {
            tracing::warn!(left = self.tasks.len(), "events are left to be repeated by the platform");
            self.abandon.cancel();
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.abandon.cancel();
    }
}

/// What goes over the wire.
pub fn binary(frame: &Frame) -> Message {
    Message::Binary(frame.bytes().into())
}

async fn answer(handler: &dyn Handler, last: &Frame, payload: Vec<u8>, patience: Duration) -> Answer {
    let began = Instant::now();
    // Nothing of ours is looked at after a panic; what the handler holds is its own business.
    let handled = AssertUnwindSafe(async { handler.handle(payload).await }).catch_unwind();
    let why = match tokio::time::timeout(patience, handled).await {
        Ok(Ok(Ok(data))) => {
            // The client shows an error where a callback is answered without data.
            let data = data.or_else(|| (last.kind() == Kind::Card).then(|| json!({})));
            return Answer::Taken { data, took: began.elapsed() };
        }
        Ok(Ok(Err(Busy))) => "it was too busy",
        Ok(Err(_)) => "it panicked",
        Err(_) => "it took too long",
    };
    tracing::warn!(feishu.trace = last.header("trace_id"), "an event could not be handled: {why}");
    Answer::Failed
}
