//! What is counted, in Prometheus' words.
//!
//! Invariant: every counter is there from the start, at 0: its first step is an increase and no new series.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use super::response::Responses;
use crate::domain::Timestamp;
use crate::domain::quiet::Class;
use crate::domain::request::issue::Severity;
use crate::store::response::Bucket;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Named {
    name: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Graded {
    severity: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Scoped {
    scope: String,
}

/// Everything that `count` is called with.
const EVENTS: &[&str] = &[
    "heard",
    "put_off",
    "failed",
    "rejected",
    "unknown_event",
    "look_refused",
    "step_fired",
    "step_moot",
    "step_set_aside",
    "step_overtaken",
    "step_too_late",
    "step_spared",
    "step_rests",
    "sent",
    "sent_free",
    "sent_question",
    "sent_news",
    "held_question",
    "held_news",
    "merged",
    "updated",
    "renewed",
    "finished",
    "moot",
    "retried",
    "held_back",
    "said_again",
    "misconfigured",
    "dead",
    "fenced",
    "heartbeat_failed",
    "woken",
    "pictured",
    "picture_failed",
    LOG_LOST,
    "clock_jumped",
];

const LOG_LOST: &str = "log_lost";

/// What a pause can be about.
const SCOPES: &[&str] = &["all", "chat", "kind"];

/// How a message is counted whose lateness is measured: by the class of its notice.
const CLASSES: &[Class] = &[Class::Free, Class::Question, Class::News];

type Seconds = Family<Named, Histogram, fn() -> Histogram>;

/// The counters. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    events: Family<Named, Counter>,
    levels: Family<Named, Gauge<i64, AtomicI64>>,
    answers: Seconds,
    lateness: Seconds,
    paused: Family<Scoped, Gauge<i64, AtomicI64>>,
    issues: Family<Graded, Gauge<i64, AtomicI64>>,
    responses: Responses,
    /// When nothing was sent last because sending was paused, in milliseconds of the service's time.
    held_at: Arc<AtomicI64>,
    worked: Arc<Mutex<HashMap<&'static str, Timestamp>>>,
    told: Arc<Mutex<HashMap<&'static str, i64>>>,
    lost_lines: Arc<OnceLock<Arc<AtomicU64>>>,
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
        let buckets: fn() -> Histogram =
            || Histogram::new([1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3_600.0, 21_600.0]);
        let lateness = Seconds::new_with_constructor(buckets);
        let late = "How long after its time a message was delivered, by class";
        registry.register("delivery_lateness_seconds", late, lateness.clone());
        let paused = Family::<Scoped, Gauge<i64, AtomicI64>>::default();
        registry.register("sending_paused", "How many pauses hold, by what they are about", paused.clone());
        let issues = Family::<Graded, Gauge<i64, AtomicI64>>::default();
        registry.register("issues_open", "Issues that are not closed, by severity", issues.clone());
        let responses = Responses::default();
        registry.register_collector(Box::new(responses.clone()));
        let build = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "Which program this is", build);
        EVENTS.iter().for_each(|name| drop(events.get_or_create(&Named { name: (*name).to_owned() })));
        SCOPES.iter().for_each(|scope| drop(paused.get_or_create(&Scoped { scope: (*scope).to_owned() })));
        Severity::ALL.iter().for_each(|severity| {
            drop(issues.get_or_create(&Graded { severity: severity.name().to_owned() }));
        });
        CLASSES.iter().for_each(|class| {
            drop(lateness.get_or_create(&Named { name: class.name().to_owned() }));
        });
        Self {
            registry: Arc::new(registry),
            events,
            levels,
            answers,
            lateness,
            paused,
            issues,
            responses,
            held_at: Arc::new(AtomicI64::new(i64::MIN)),
            worked: Arc::default(),
            told: Arc::default(),
            lost_lines: Arc::default(),
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

    /// Something happened so many times since the last look.
    pub fn add(&self, name: &str, times: u64) {
        self.events.get_or_create(&Named { name: name.to_owned() }).inc_by(times);
    }

    /// A message that could go from `due` on was delivered. What sending was paused for is nobody's lateness.
    pub fn delivered(&self, class: Class, due: Timestamp, now: Timestamp) {
        let due = due.as_millisecond().max(self.held_at.load(Ordering::Relaxed));
        let late =
            std::time::Duration::from_millis(now.as_millisecond().saturating_sub(due).max(0).unsigned_abs());
        self.lateness.get_or_create(&Named { name: class.name().to_owned() }).observe(late.as_secs_f64());
    }

    /// Nothing was sent at this moment, because sending is paused.
    pub fn held(&self, now: Timestamp) {
        self.held_at.store(now.as_millisecond(), Ordering::Relaxed);
    }

    /// How many pauses hold of what they can be about: `all`, `chat` or `kind`.
    pub fn pauses(&self, of: impl Fn(&str) -> usize) {
        for scope in SCOPES {
            let count = i64::try_from(of(scope)).unwrap_or(i64::MAX);
            self.paused.get_or_create(&Scoped { scope: (*scope).to_owned() }).set(count);
        }
    }

    /// So many issues of each severity are not closed.
    pub fn issues(&self, open: &[(String, i64)]) {
        for severity in Severity::ALL {
            let count = open.iter().find(|(name, _)| name == severity.name()).map_or(0, |(_, n)| *n);
            self.issues.get_or_create(&Graded { severity: severity.name().to_owned() }).set(count);
        }
    }

    /// So long issues waited for a response.
    pub fn responses(&self, buckets: Vec<Bucket>) {
        self.responses.are(buckets);
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

    /// The lines of the log that are lost are counted where they are written.
    pub fn follow_lost_lines(&self, lost: Arc<AtomicU64>) {
        // There is one log; whoever came first counts it.
        let _ = self.lost_lines.set(lost);
    }

    /// The text that Prometheus reads.
    pub fn text(&self) -> String {
        if let Some(lost) = self.lost_lines.get() {
            let counter = self.events.get_or_create(&Named { name: LOG_LOST.to_owned() });
            counter.inner().store(lost.load(Ordering::Relaxed), Ordering::Relaxed);
        }
        let mut text = String::new();
        match prometheus_client::encoding::text::encode(&mut text, &self.registry) {
            Ok(()) => text,
            Err(error) => format!("# cannot be written: {error}\n"),
        }
    }
}
