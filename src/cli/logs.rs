//! Log lines: for people, or one JSON object a line.

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Starts logging to standard error; a second call changes nothing.
pub fn start(config: Option<&Config>) {
    let (format, level) = super::log_format(config);
    let filter = EnvFilter::try_new(format!("{level},sqlx=warn,hyper=warn"))
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // A line that nobody takes any more is no reason to stop: to complain about it there would be a panic.
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    // Only fails where a subscriber is set already; then that one stands.
    let _ = match format {
        LogFormat::Human => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(true).try_init(),
    };
}
