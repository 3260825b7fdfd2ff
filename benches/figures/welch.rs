//! Whether two groups of times differ by more than chance: Welch's t.

use std::time::Duration;

/// How the second group differs from the first.
pub struct Difference {
    /// Of all times.
    pub t: f64,
    /// Of the nine tenths that were fastest: what the machine did meanwhile is not in them.
    pub t_of_fastest: f64,
    /// Nanoseconds between the means of these, and the error of that.
    pub more: (f64, f64),
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (more, error) = self.more;
        let (t, fastest) = (self.t, self.t_of_fastest);
        write!(f, "t {t:+.2}, of the fastest 90 % {fastest:+.2} ({more:+.0} ± {error:.0} ns)")
    }
}

/// Compares two groups that were measured in turns.
pub fn between(one: &[Duration], other: &[Duration]) -> Difference {
    let mut all: Vec<Duration> = one.iter().chain(other).copied().collect();
    all.sort();
    let slow = all[all.len() * 9 / 10];
    let nanos = |group: &[Duration], most: Duration| -> Vec<f64> {
        group.iter().filter(|took| **took <= most).map(|took| took.as_secs_f64() * 1e9).collect()
    };
    let (t, _) = welch(&nanos(one, Duration::MAX), &nanos(other, Duration::MAX));
    let (t_of_fastest, more) = welch(&nanos(one, slow), &nanos(other, slow));
    Difference { t, t_of_fastest, more }
}

/// t, and the difference of the means with its error.
fn welch(one: &[f64], other: &[f64]) -> (f64, (f64, f64)) {
    let ((mean_one, error_one), (mean_other, error_other)) = (mean(one), mean(other));
    let (more, error) = (mean_other - mean_one, (error_one + error_other).sqrt());
    (more / error, (more, error))
}

/// The mean, and the square of its error.
fn mean(group: &[f64]) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "thousands")]
    let n = group.len() as f64;
    let mean = group.iter().sum::<f64>() / n;
    let variance = group.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, variance / n)
}
