//! Log lines: for people, or one JSON object a line.
//!
//! Invariant: nobody waits for a line to be taken; what a full or closed stream does not take is lost, and counted.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use tracing_subscriber::EnvFilter;

use self::queue::Queue;
use crate::config::{Config, LogFormat};

mod queue;

/// How long the end of a run waits for its last lines to be taken.
const LAST: Duration = Duration::from_secs(1);

/// The log of a run; dropped at its end, when the last lines go out.
pub struct Log(Queue);

impl Log {
    /// How many lines were lost so far; it goes on counting.
    pub fn lost(&self) -> Arc<AtomicU64> {
        self.0.lost()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.0.flush(LAST);
    }
}

/// Starts logging to standard error.
pub fn start(config: Option<&Config>) -> Log {
    let (format, level) = super::log_format(config);
    let queue = Queue::to(standard_error(), |lost| {
        tracing::warn!(lost, "{lost} lines of this log are lost: nobody took them");
    });
    let writer = queue.clone();
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter(&level))
        // A line that nobody takes any more is no reason to stop: to complain about it there would be a panic.
        .log_internal_errors(false)
        // Colours are control characters, and most logs are read from a journal.
        .with_ansi(false)
        .with_writer(move || writer.clone());
    // Only fails where a subscriber is set already; then that one stands.
    let _ = match format {
        LogFormat::Human => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(true).try_init(),
    };
    // A panic writes to standard error by itself, and would wait there.
    std::panic::set_hook(Box::new(|panic| tracing::error!("a part of the program panicked: {panic}")));
    Log(queue)
}

/// Standard error without the lock that the whole program shares: whoever holds that one while nobody reads would hold
/// up everybody else.
fn standard_error() -> Box<dyn Write + Send> {
    match io::stderr().as_fd().try_clone_to_owned() {
        Ok(own) => Box::new(File::from(own)),
        Err(_) => Box::new(io::sink()),
    }
}

/// What is logged at a level. Whatever the level, the crates underneath stay quiet: at `debug` and `trace` they log SQL,
/// headers with tokens, and the frames of a WebSocket, which are people's words.
fn filter(level: &str) -> EnvFilter {
    let quiet = "sqlx=warn,hyper=warn,hyper_util=warn,h2=warn,reqwest=info,rustls=info,tungstenite=info,tokio_tungstenite=info";
    EnvFilter::try_new(format!("{level},{quiet}")).unwrap_or_else(|_| EnvFilter::new("info"))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn no_frame_and_no_header_is_logged_even_at_trace() {
        for level in ["trace", "debug"] {
            let kept = Kept::default();
            let writer = kept.clone();
            let lines = tracing_subscriber::fmt().with_env_filter(filter(level));
            let lines = lines.with_writer(move || writer.clone()).finish();
            tracing::subscriber::with_default(lines, || {
                tracing::debug!(target: "liaison", "of our own");
                tracing::trace!(target: "tungstenite::protocol", "received frame: 工资单");
                tracing::debug!(target: "tokio_tungstenite::compat", "工资单");
                tracing::debug!(target: "h2::codec::framed_write", "authorization: 工资单");
                tracing::info!(target: "tungstenite::handshake", "a handshake");
            });
            let said = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
            assert!(said.contains("of our own") && said.contains("a handshake"), "{said}");
            assert!(!said.contains("工资单"), "{said}");
        }
    }

    #[test]
    fn whatever_somebody_typed_an_event_is_one_line_and_commands_no_terminal() {
        let typed = "1\r\n2026-11-23T02:00:00Z ERROR all is lost\u{1b}[2J\u{9b}2J\n{\"level\":\"ERROR\"}";
        for json in [false, true] {
            let kept = Kept::default();
            let queue = Queue::to(kept.clone(), |_| ());
            let writer = queue.clone();
            let lines = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone());
            let say = || {
                tracing::info!(person = %typed, place = ?typed, "somebody asked for {typed}");
                tracing::info!("and then");
            };
            match json {
                false => tracing::subscriber::with_default(lines.finish(), say),
                true => tracing::subscriber::with_default(lines.json().flatten_event(true).finish(), say),
            }
            queue.flush(LAST);
            let said = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
            assert_eq!(said.lines().count(), 2, "{said}");
            assert!(!said.contains(['\r', '\u{1b}', '\u{9b}']), "{said:?}");
            let objects = said.lines().filter(|line| serde_json::from_str::<serde_json::Value>(line).is_ok());
            assert_eq!(objects.count(), if json { 2 } else { 0 }, "{said}");
        }
    }
}
