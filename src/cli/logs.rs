//! Log lines: for people, or one JSON object a line.

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Starts logging to standard error; a second call changes nothing.
pub fn start(config: Option<&Config>) {
    let (format, level) = super::log_format(config);
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter(&level))
        // A line that nobody takes any more is no reason to stop: to complain about it there would be a panic.
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    // Only fails where a subscriber is set already; then that one stands.
    let _ = match format {
        LogFormat::Human => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(true).try_init(),
    };
}

/// What is logged at a level. Whatever the level, the crates underneath stay quiet: at `debug` and `trace` they log SQL,
/// headers with tokens, and the frames of a WebSocket, which are people's words.
fn filter(level: &str) -> EnvFilter {
    let quiet = "sqlx=warn,hyper=warn,hyper_util=warn,h2=warn,reqwest=info,rustls=info,tungstenite=info,tokio_tungstenite=info";
    EnvFilter::try_new(format!("{level},{quiet}")).unwrap_or_else(|_| EnvFilter::new("info"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

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
}
