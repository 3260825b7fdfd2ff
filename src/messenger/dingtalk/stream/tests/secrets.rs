//! What must not be read in the logs is not there, at any level.

use std::io::Write;

use super::*;

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
async fn neither_the_ticket_nor_the_secret_nor_what_people_say_is_in_the_logs() {
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
    fake.registrations([Registration::Answer(500, String::new()), Registration::Stale]);
    fake.sessions([Session::Fair, Session::Ends(1, End::Reset)]);
    let running = Running::start(&fake, quick(), acts(|_| async { Err(Fault::Busy) }));
    fake.says(Said::card("c", "the body of a message"));
    fake.until(|seen| seen.answered(500).len() == 2).await;
    running.stop(&fake).await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("HTTP 401") && log.contains("it cannot be handled now"), "{log}");
    for secret in ["do-not-log", "too-old", "ticket=", "s3cr3t", "the body of"] {
        assert!(!log.contains(secret), "{secret} is in the logs");
    }
}
