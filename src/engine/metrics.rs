//! What is counted, in Prometheus' words.

use std::collections::HashMap;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::domain::Timestamp;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Named {
    name: String,
}

type Seconds = Family<Named, Histogram, fn() -> Histogram>;

/// The counters. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    events: Family<Named, Counter>,
    levels: Family<Named, Gauge<i64, AtomicI64>>,
    answers: Seconds,
    worked: Arc<Mutex<HashMap<&'static str, Timestamp>>>,
    told: Arc<Mutex<HashMap<&'static str, i64>>>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("liaison");
        let events = Family::<Named, Counter>::default();
        let levels = Family::<Named, Gauge<i64, AtomicI64>>::default();
        let buckets: fn() -> Histogram =
            || Histogram::new([0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5]);
        let answers = Seconds::new_with_constructor(buckets);
        registry.register("events", "What happened, by name", events.clone());
        registry.register("level", "How much there is now, by name", levels.clone());
        registry.register("answer_seconds", "How long a messenger waited for us, by door", answers.clone());
        Self {
            registry: Arc::new(registry),
            events,
            levels,
            answers,
            worked: Arc::default(),
            told: Arc::default(),
        }
    }
}

impl Metrics {
    /// Something happened.
    pub fn count(&self, name: &str) {
        self.events.get_or_create(&Named { name: name.to_owned() }).inc();
    }

    /// There is so much of something now.
    pub fn level(&self, name: &str, value: i64) {
        self.levels.get_or_create(&Named { name: name.to_owned() }).set(value);
    }

    /// A messenger waited so long.
    pub fn answered(&self, door: &str, seconds: f64) {
        self.answers.get_or_create(&Named { name: door.to_owned() }).observe(seconds);
    }

    /// A worker finished a pass.
    pub fn worked(&self, worker: &'static str, at: Timestamp) {
        self.worked.lock().unwrap_or_else(PoisonError::into_inner).insert(worker, at);
    }

    /// Whether every worker finished a pass since `since`.
    pub fn all_worked(&self, since: Timestamp) -> bool {
        let worked = self.worked.lock().unwrap_or_else(PoisonError::into_inner);
        ["timers", "outbox"].iter().all(|w| worked.get(w).is_some_and(|at| *at >= since))
    }

    /// Whether this value of an alarm was not told yet.
    pub fn first_time(&self, alarm: &'static str, value: i64) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.insert(alarm, value) != Some(value)
    }

    /// The text that Prometheus reads.
    pub fn text(&self) -> String {
        let mut text = String::new();
        match prometheus_client::encoding::text::encode(&mut text, &self.registry) {
            Ok(()) => text,
            Err(error) => format!("# cannot be written: {error}\n"),
        }
    }
}
