//! What the policy says about issues (问题): `[issue]` and the row of urgent ones.

use super::Row;
use crate::domain::calendar::Span;

/// What holds for issues besides the rows of their kinds.
#[derive(Clone, Debug, PartialEq)]
pub struct Issues {
    /// `respond_issue` of urgent ones.
    pub urgent: Row,
    /// What a change of severity does to the clocks that run.
    pub on_severity: OnSeverity,
    /// An urgent issue without a plan has to be solved so long after the response.
    pub unplanned_urgent: Span,
    /// Any other.
    pub unplanned: Span,
    /// A report that comes so long after the trouble is marked as late.
    pub late_after: Span,
    /// Reports about one task within so long are one issue with a count.
    pub group_within: Span,
    /// What is solved and nobody agrees to closes by itself when `close_issue` is due.
    pub close_unanswered: bool,
}

/// What a change of severity does to the clocks that run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnSeverity {
    /// They stay as they are.
    Keep,
    /// They begin again, with the time of the new severity.
    Restart,
    /// The time of the new severity, from the moment at which they began.
    Rebudget,
}

impl OnSeverity {
    /// The name in the policy file and in text keys.
    pub fn name(self) -> &'static str {
        match self {
            OnSeverity::Keep => "keep",
            OnSeverity::Restart => "restart",
            OnSeverity::Rebudget => "rebudget",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        [OnSeverity::Keep, OnSeverity::Restart, OnSeverity::Rebudget].into_iter().find(|o| o.name() == name)
    }
}
