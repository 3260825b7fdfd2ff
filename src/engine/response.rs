//! How long issues waited for a response, as a histogram in Prometheus' words.
//!
//! Invariant: it is what the database held at the last look, whole: a restart forgets nothing, and every replica says the
//! same. Every severity is there from the start, at 0.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;

use crate::domain::request::issue::Severity;
use crate::store::response::{BOUNDS, Bucket};

/// The buckets of the last look. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct Responses(Arc<Mutex<Vec<Bucket>>>);

impl Responses {
    /// These it is from now on.
    pub(super) fn are(&self, buckets: Vec<Bucket>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = buckets;
    }
}

impl Collector for Responses {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), fmt::Error> {
        let buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let help = "How long issues waited for a response, by severity";
        let name = "issue_response_seconds";
        let mut histogram = encoder.encode_descriptor(name, help, None, MetricType::Histogram)?;
        for severity in Severity::ALL {
            let mine = || buckets.iter().filter(|bucket| bucket.severity == severity.name());
            let within = |bound: Option<i64>| {
                let count: i64 = mine().filter(|bucket| bucket.within == bound).map(|b| b.count).sum();
                count.unsigned_abs()
            };
            let seconds = |bound: i64| std::time::Duration::from_secs(bound.unsigned_abs()).as_secs_f64();
            let mut counts: Vec<(f64, u64)> =
                BOUNDS.iter().map(|bound| (seconds(*bound), within(Some(*bound)))).collect();
            counts.push((f64::INFINITY, within(None)));
            let took: i64 = mine().map(|bucket| bucket.took_ms).sum();
            let sum = std::time::Duration::from_millis(took.max(0).unsigned_abs()).as_secs_f64();
            let count = counts.iter().map(|(_, count)| count).sum();
            let labels = [("severity", severity.name())];
            histogram.encode_family(&labels)?.encode_histogram::<NoLabelSet>(sum, count, &counts, None)?;
        }
        Ok(())
    }
}
