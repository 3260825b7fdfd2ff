//! The end of a stream, and what of it may be read in the logs.

use std::io::Write;
use std::sync::Mutex;

use super::*;

#[tokio::test]
async fn who_stops_finishes_what_it_began_and_says_goodbye() {
    let fake = Fake::start().await.unwrap();
    let gate = Arc::new(Semaphore::new(0));
    let begun = Arc::new(Semaphore::new(0));
    let (closed, begins) = (Arc::clone(&gate), Arc::clone(&begun));
    let handler = acts(move |_| {
        let gate = Arc::clone(&closed);
        begins.add_permits(1);
        async move {
            let _ = gate.acquire().await;
            Ok(None)
        }
    });
    let running = Running::start(&fake, quick(), handler);
    fake.says(Said::event("begun", "{}"));
    let _ = begun.acquire().await;
    running.stop.cancel();
    tokio::task::yield_now().await;
    assert!(fake.seen().ended.is_empty(), "it waits for the handler");
    fake.says(Said::event("too late", "{}"));
    gate.add_permits(10);
    running.stop().await;
    let seen = fake.until(|seen| !seen.ended.is_empty()).await;
    assert_eq!(seen.acked(200), ["begun"]);
    assert_eq!(seen.ended, [(1, Some(1000))]);
    assert_eq!(seen.discoveries.len(), 1);
}

#[tokio::test]
async fn a_handler_that_never_returns_does_not_keep_the_service() {
    let fake = Fake::start().await.unwrap();
    let (begun, dropped) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (begins, drops) = (Arc::clone(&begun), Arc::clone(&dropped));
    let handler = acts(move |_| {
        begins.add_permits(1);
        let goes = Goes(Arc::clone(&drops));
        async move {
            let _goes = goes;
            std::future::pending().await
        }
    });
    let running = Running::start(&fake, Timing { stop: 100 * MS, ..quick() }, handler);
    fake.says(Said::event("e", "{}"));
    let _ = begun.acquire().await;
    running.stop().await;
    let _ = dropped.acquire().await;
    let seen = fake.until(|seen| !seen.ended.is_empty()).await;
    assert_eq!((seen.acks.len(), seen.ended[0].1), (0, Some(1000)));
}

/// Tells when it is dropped.
struct Goes(Arc<Semaphore>);

impl Drop for Goes {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

#[tokio::test]
async fn it_stops_at_once_wherever_it_waits() {
    let hour = 3_600_000 * MS;
    let timing = Timing { connect: hour, slow: hour, stop: hour, ..quick() };
    let cases = [
        (Discovery::Silent, Session::Fair),
        (Discovery::Found, Session::Silent),
        (Discovery::Code(514), Session::Fair),
        (Discovery::Found, Session::Ends(0, End::Mute)),
    ];
    for (discovery, session) in cases {
        let fake = Fake::start().await.unwrap();
        fake.discoveries([discovery]);
        fake.sessions([session]);
        let running = Running::start(&fake, timing.clone(), takes_all());
        fake.until(|seen| seen.discoveries.len() == 1).await;
        tokio::time::timeout(Duration::from_secs(20), running.stop()).await.unwrap();
    }
}

/// Where the logs of a test go.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn neither_the_address_nor_the_secret_is_in_the_logs() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    // While there is but one, whether a line of code logs is asked of whoever comes by first: another test's thread.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let _guard = tracing::subscriber::set_default(subscriber);
    let fake = Fake::start().await.unwrap();
    fake.discoveries([Discovery::Page(500), Discovery::Code(514)]);
    fake.sessions([Session::Refused(403, Vec::new()), Session::Ends(1, End::Reset)]);
    let running = Running::start(&fake, quick(), acts(|_| async { Err(Busy) }));
    fake.says(Said::event("e", "the body of a message"));
    fake.until(|seen| seen.acked(500).len() == 2).await;
    running.stop().await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("device-4") && log.contains("code 514"), "{log}");
    for secret in ["do-not-log", "ticket=", "s3cr3t", "the body of"] {
        assert!(!log.contains(secret), "{secret} is in the logs");
    }
}
