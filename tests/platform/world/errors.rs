//! What the services of one story complained of: lines of the log at ERROR, which are mistakes of ours.
//!
//! Invariant: each story has a runtime of its own, so a line belongs to the story in whose runtime it was written.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{LazyLock, Mutex, PoisonError};

use tokio::runtime::{Handle, Id};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

static LINES: LazyLock<Mutex<HashMap<Id, Vec<String>>>> = LazyLock::new(Mutex::default);

struct Errors;

#[derive(Default)]
struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, "{}={value:?} ", field.name()).unwrap();
    }
}

impl<S: tracing::Subscriber> Layer<S> for Errors {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let Some(here) =
            Handle::try_current().ok().filter(|_| *event.metadata().level() == tracing::Level::ERROR)
        else {
            return;
        };
        let mut words = Words::default();
        event.record(&mut words);
        let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
        lines.entry(here.id()).or_default().push(words.0);
    }
}

/// From now on complaints are kept; `LIAISON_TEST_LOG` shows the whole log besides.
pub fn are_kept() {
    let shown = std::env::var("LIAISON_TEST_LOG")
        .is_ok()
        .then(|| fmt::layer().with_test_writer().with_filter(EnvFilter::from_default_env()));
    let kept = Errors.with_filter(tracing_subscriber::filter::LevelFilter::ERROR);
    // A second story in the same process finds the subscriber already set.
    let _ = tracing_subscriber::registry().with(kept).with(shown).try_init();
}

/// What was complained of in this story so far.
pub fn kept() -> Vec<String> {
    let lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    lines.get(&Handle::current().id()).cloned().unwrap_or_default()
}
