//! The stream against the fake platform: what people said arrives and is answered, whatever happens to the connection.
//!
//! Sockets are real; the intervals are short. What is awaited is awaited by name, never slept for.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::fake::{Discovery, End, Fake, Said, Session};
use super::*;
use crate::messenger::feishu::Mode;

mod events;
mod reconnects;
mod stops;
mod tls;
mod vectors;

const MS: Duration = Duration::from_millis(1);

/// A handler made of a function.
struct Acts<F>(F);

impl<F: Fn(String) -> BoxFuture<'static, Handled> + Send + Sync + 'static> Handler for Acts<F> {
    fn handle(&self, payload: Vec<u8>) -> BoxFuture<'_, Handled> {
        (self.0)(String::from_utf8(payload).unwrap())
    }
}

type Handled = Result<Option<Value>, Busy>;

/// A handler that does nothing but this.
fn acts<Fut: Future<Output = Handled> + Send + 'static>(
    act: impl Fn(String) -> Fut + Send + Sync + 'static,
) -> Arc<dyn Handler> {
    Arc::new(Acts(move |payload| Box::pin(act(payload)) as BoxFuture<'static, Handled>))
}

/// A handler that takes everything at once.
fn takes_all() -> Arc<dyn Handler> {
    acts(|_| async { Ok(None) })
}

/// Quick to come again, slow to give up, so that a busy machine is no reason to reconnect.
fn quick() -> Timing {
    Timing {
        connect: 500 * MS,
        ping: (100 * MS, 100 * MS),
        grace: 20_000 * MS,
        first: 5 * MS,
        again: (5 * MS, 40 * MS),
        slow: 50 * MS,
        lived: 60_000 * MS,
        handler: 10_000 * MS,
        stop: 10_000 * MS,
        goodbye: 2_000 * MS,
        parts: super::parts::Limits::default(),
    }
}

/// A stream that runs.
struct Running {
    stream: Arc<Stream>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    fn start(fake: &Fake, timing: Timing, handler: Arc<dyn Handler>) -> Self {
        let options = Options {
            app_id: "cli_a1b2c3d4e5f60718".to_owned(),
            app_secret: "s3cr3t".into(),
            encrypt_key: None,
            previous_encrypt_key: None,
            verification_token: None,
            mode: Mode::Stream,
            base_url: fake.base_url(),
            login: false,
            network: Default::default(),
        };
        let tls = options.network.tls().unwrap();
        let stream = Arc::new(Stream::timed(&options, options.network.client(&tls).unwrap(), tls, timing));
        let (stop, inside) = (CancellationToken::new(), Arc::clone(&stream));
        let stopped = stop.clone();
        let task = tokio::spawn(async move { inside.run(handler, stopped).await });
        Self { stream, stop, task }
    }

    /// Waits until the state is as awaited.
    async fn until(&self, awaited: impl Fn(&State) -> bool) -> State {
        let waiting = async {
            loop {
                let state = self.stream.state();
                if awaited(&state) {
                    return state;
                }
                tokio::time::sleep(5 * MS).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), waiting).await.unwrap()
    }

    /// Stops it and waits for its end.
    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
        assert!(!self.stream.state().connected);
    }
}
