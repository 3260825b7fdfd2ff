//! Making requests findable in the background: what an older release filed, and slices of what has come to rest.
//!
//! Invariant: each round goes through its steps in order and can be broken off anywhere; two replicas may be at it at once.

use std::sync::{Mutex, PoisonError};

use super::{App, Trouble};
use crate::store::search::{self, Place};

/// Requests that are made findable in one go.
const FILL: i64 = 50;
/// Once so many requests are looked at one by one, the older half of them is put into a segment.
const LOOSE: i64 = 2_048;
/// A segment of fewer that have not changed since is dissolved.
const LEAST: usize = 512;

/// How far it is.
#[derive(Default)]
pub(super) struct Findable(Mutex<(Step, Checked)>);

/// What comes next.
#[derive(Clone, Default)]
enum Step {
    /// Requests before the one that was filled last, or all.
    #[default]
    Begin,
    Fill(Place),
    Slice,
}

/// The segment that was looked at last, for the next round.
type Checked = Option<i64>;

impl App {
    /// Makes some more of the requests findable; 0 when the round is over.
    pub async fn fill_search(&self) -> Result<usize, Trouble> {
        let (step, checked) = self.findable.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let after = match &step {
            Step::Begin => self.filled_before(None).await?,
            Step::Fill(before) => self.filled_before(Some(before)).await?,
            Step::Slice => match search::slice(&self.db, LOOSE).await? {
                true => Step::Slice,
                false => Step::Begin,
            },
        };
        let is_over = matches!(after, Step::Begin);
        let checked = if is_over { search::check(&self.db, checked, LEAST).await? } else { checked };
        *self.findable.0.lock().unwrap_or_else(PoisonError::into_inner) = (after, checked);
        Ok(usize::from(!is_over))
    }

    async fn filled_before(&self, before: Option<&Place>) -> Result<Step, Trouble> {
        let next = search::fill(&self.db, before, FILL).await?;
        Ok(next.map_or(Step::Slice, Step::Fill))
    }
}
