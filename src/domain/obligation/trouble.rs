//! What is owed for issues.

use super::Kind;
use crate::domain::Timestamp;

/// What an issue says about what is owed for it.
#[derive(Clone, Copy, Debug)]
pub struct OfIssue {
    /// The issue's number.
    pub number: i64,
    /// 紧急: other times hold, and it passes quiet hours.
    pub urgent: bool,
    /// When it is due, where not the policy's span from the opening counts.
    pub due: Option<Timestamp>,
}

impl Kind {
    /// Whether it is about an issue: it goes on when the request has ended.
    pub fn of_issue(self) -> bool {
        matches!(
            self,
            Kind::RespondIssue
                | Kind::StartCoordination
                | Kind::UpdateIssue
                | Kind::ResolveIssue
                | Kind::CloseIssue
        )
    }

    /// Whether it passes quiet hours where the issue is urgent: news of progress and agreement can wait for the morning.
    pub fn wakes(self) -> bool {
        !matches!(self, Kind::UpdateIssue | Kind::CloseIssue)
    }

    /// Whether it is owed on when its request is over: neither trouble nor a lesson ends with the paper.
    pub fn outlives_request(self) -> bool {
        self.of_issue() || self == Kind::Improve
    }
}
