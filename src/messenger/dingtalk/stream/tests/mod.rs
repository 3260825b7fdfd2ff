//! The stream against the fake platform: what people said arrives and is answered, whatever happens to the connection.
//!
//! Sockets are real; the intervals are short. What is awaited is awaited by name, never slept for.

#![expect(clippy::panic, reason = "a handler that panics is one of the stories")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::fake::{End, Fake, Registration, Said, Seen, Session};
use super::*;
use crate::messenger::dingtalk::Mode;

mod frames;
mod pushes;
mod reconnects;
mod secrets;

const MS: Duration = Duration::from_millis(1);

type Handled = Result<Value, Fault>;

/// A handler made of a function.
struct Acts<F>(F);

impl<F: Fn(Push) -> BoxFuture<'static, Handled> + Send + Sync + 'static> Handler for Acts<F> {
    fn handle(&self, push: Push) -> BoxFuture<'_, Handled> {
        (self.0)(push)
    }
}

/// A handler that does nothing but this.
fn acts<Fut: Future<Output = Handled> + Send + 'static>(
    act: impl Fn(Push) -> Fut + Send + Sync + 'static,
) -> Arc<dyn Handler> {
    Arc::new(Acts(move |push| Box::pin(act(push)) as BoxFuture<'static, Handled>))
}

/// A handler that takes everything at once.
fn takes_all() -> Arc<dyn Handler> {
    acts(|_| async { Ok(json!({})) })
}

/// Quick to come again, slow to give up, so that a busy machine is no reason to reconnect.
fn quick() -> Timing {
    Timing {
        connect: 2_000 * MS,
        ping: 100 * MS,
        mute: 20_000 * MS,
        first: 5 * MS,
        again: (5 * MS, 40 * MS),
        slow: 50 * MS,
        lived: Duration::ZERO,
        drain: 20_000 * MS,
        handler: 10_000 * MS,
        insist: 10_000 * MS,
        between: 5 * MS,
        stop: 10_000 * MS,
        goodbye: 2_000 * MS,
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
            client_id: "dingvectorappkey01".to_owned(),
            client_secret: "s3cr3t".to_owned().into(),
            robot_code: "dingvectorappkey01".to_owned(),
            mode: Mode::Stream,
            base_url: fake.base_url(),
            legacy_base_url: fake.base_url(),
            card_template_id: None,
            card_route_key: None,
            ding: None,
            todo: false,
            monthly_calls: 5_000,
            login: false,
            network: Default::default(),
            corp_id: None,
            group_robots: Vec::new(),
            event_token: None,
            event_aes_key: None,
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

    /// Stops it, waits for its end, and looks whether the platform had anything to complain about.
    async fn stop(self, fake: &Fake) -> Seen {
        self.stop.cancel();
        self.task.await.unwrap();
        assert!(!self.stream.state().connected);
        let seen = fake.seen();
        assert_eq!(seen.violations, [""; 0]);
        seen
    }
}
