//! What was pushed is worked on beside the connection: so many at a time, and the answer goes to who writes.
//!
//! Invariant: every push that is taken is answered once, after its handler returned, whatever the handler does: return,
//! be busy, take for ever, panic. A robot message, which the platform pushes once only, is tried again before it is
//! answered; what it does is done once, because the handler knows it by its id.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use serde_json::Value;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::frame::handled;
use super::{Fault, Handler, Push, Timing};

/// So many handlers run at the same time, over all connections of a stream.
const HANDS: usize = 32;
/// So many pushes wait for one; each is at most as long as the connection lets a message be.
const ROOM: usize = 1_024;

/// The work of a stream; it outlives its connections. Dropped, it lets go of what still runs.
pub struct Work {
    tries: Arc<Tries>,
    room: Arc<Semaphore>,
    tasks: TaskTracker,
    abandon: CancellationToken,
}

struct Tries {
    handler: Arc<dyn Handler>,
    hands: Semaphore,
    patience: Duration,
    insist: Duration,
    between: Duration,
}

impl Work {
    /// None yet.
    pub fn new(handler: Arc<dyn Handler>, timing: &Timing) -> Self {
        let tries = Tries {
            handler,
            hands: Semaphore::new(HANDS),
            patience: timing.handler,
            insist: timing.insist,
            between: timing.between,
        };
        Self {
            tries: Arc::new(tries),
            room: Arc::new(Semaphore::new(ROOM)),
            tasks: TaskTracker::new(),
            abandon: CancellationToken::new(),
        }
    }

    /// Takes a push and returns at once; the answer goes to `answers`.
    pub fn take(&self, id: String, push: Push, answers: &mpsc::Sender<Message>) {
        let Ok(room) = Arc::clone(&self.room).try_acquire_owned() else {
            tracing::error!(
                dingtalk.message = id,
                "there is no room for what DingTalk pushed: it is refused"
            );
            let _ = answers.try_send(text(handled(&id, &push, &Err(Fault::Busy))));
            return;
        };
        let (tries, answers, abandon) = (Arc::clone(&self.tries), answers.clone(), self.abandon.clone());
        self.tasks.spawn(async move {
            let answering = async {
                let result = tries.until_done(&id, &push).await;
                // The connection may be gone; what was done is done.
                let _ = answers.send(text(handled(&id, &push, &result))).await;
            };
            abandon.run_until_cancelled(answering).await;
            drop(room);
        });
    }

    /// Waits until all is done and answered, but not longer than `most`.
    pub async fn finish(&self, most: Duration) {
        self.tasks.close();
        if tokio::time::timeout(most, self.tasks.wait()).await.is_err() {
            tracing::warn!(left = self.tasks.len(), "some of what DingTalk pushed is left undone");
            self.abandon.cancel();
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.abandon.cancel();
    }
}

impl Tries {
    async fn until_done(&self, id: &str, push: &Push) -> Result<Value, Fault> {
        let began = Instant::now();
        loop {
            let result = self.once(id, push).await;
            let again = result == Err(Fault::Busy) && matches!(push, Push::Robot { .. });
            if !again {
                return result;
            }
            if began.elapsed() >= self.insist {
                tracing::error!(
                    dingtalk.message = id,
                    "a message to the robot is lost: it could not be handled"
                );
                return result;
            }
            tokio::time::sleep(self.between).await;
        }
    }

    async fn once(&self, id: &str, push: &Push) -> Result<Value, Fault> {
        // The semaphore is never closed.
        let _hand = self.hands.acquire().await;
        // Nothing of ours is looked at after a panic; what the handler holds is its own business.
        let handled = AssertUnwindSafe(async { self.handler.handle(push.clone()).await }).catch_unwind();
        let (why, fault) = match tokio::time::timeout(self.patience, handled).await {
            Ok(Ok(Ok(value))) => return Ok(value),
            Ok(Ok(Err(fault))) => (fault.to_string(), fault),
            Ok(Err(_)) => ("it panicked".to_owned(), Fault::Unreadable),
            Err(_) => ("it took too long".to_owned(), Fault::Busy),
        };
        tracing::warn!(dingtalk.message = id, "what DingTalk pushed was not handled: {why}");
        Err(fault)
    }
}

/// What goes over the wire.
pub fn text(frame: String) -> Message {
    Message::Text(frame.into())
}
