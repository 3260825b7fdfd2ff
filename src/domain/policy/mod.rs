//! The company's rules about time, as data: how long each thing may take, and who hears of it when it does not come.
//!
//! Invariant: a [`Policy`] has exactly one row per [`Kind`], and the steps of a ladder rise in time.

use std::collections::BTreeMap;

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use super::Timestamp;
use super::calendar::{Calendar, Span};
use super::mask::Names;
use super::obligation::Kind;
use super::pilot::Pilot;
use super::quiet::Caps;

pub mod check;
mod issues;
mod order;
mod round;
#[cfg(test)]
mod tests;

pub use issues::{Issues, OnSeverity};

/// Everything that `config/policy.toml` decides.
#[derive(Clone, Debug)]
pub struct Policy {
    /// One row per kind of obligation.
    pub rows: BTreeMap<Kind, Row>,
    /// Who has to approve.
    pub approval: Approval,
    /// How often somebody may be urged.
    pub urge: Urge,
    /// How late a step may fire before it is only logged.
    pub too_late: TooLate,
    /// The daily round that asks for progress.
    pub progress: Progress,
    /// Who tries it out first.
    pub pilot: Pilot,
    /// How much somebody hears.
    pub quiet: Caps,
    /// Whose names are masked.
    pub mask_names: Names,
    /// What holds for issues besides their rows.
    pub issue: Issues,
}

impl Policy {
    /// The row of a kind; what an urgent issue asks for has one of its own.
    pub fn row(&self, kind: Kind, urgent: bool) -> Option<&Row> {
        match kind {
            Kind::RespondIssue if urgent => Some(&self.issue.urgent),
            other => self.rows.get(&other),
        }
    }
}

/// How long one kind of obligation may take, and its ladder.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// From opening to due.
    pub due: Due,
    /// Passes quiet hours.
    pub urgent: bool,
    /// What happens meanwhile.
    pub ladder: Vec<Step>,
}

/// When something is due.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Due {
    /// So long after it was opened.
    After(Span),
    /// At the end of the day that the plan says.
    Planned,
}

impl Due {
    /// The time that it leaves; for a plan that is not known, five working days as an example.
    pub fn span(self) -> Span {
        match self {
            Due::After(span) => span,
            Due::Planned => Span::Wd(5),
        }
    }

    /// When something that is opened then is due.
    pub fn from(self, opened: Timestamp, calendar: &Calendar) -> Timestamp {
        let end = calendar.add(opened, self.span());
        match self {
            Due::After(_) => end,
            Due::Planned => calendar.closing_of(calendar.date_of(end)),
        }
    }
}

/// One step of a ladder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// When it fires.
    pub at: At,
    /// What it is.
    pub rung: Rung,
    /// Who hears, in this order.
    pub to: Vec<Audience>,
}

/// When a step fires.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// So long after the clock of silence started.
    After(Span),
    /// So long before it is due.
    BeforeDue(Span),
    /// When it is due.
    Due,
    /// So long after it was due.
    AfterDue(Span),
    /// Again and again, so long after the step before. Only the last step may be one.
    Every(Span),
    /// At this time of the working day that lies so many working days from the one on which it is due.
    Clock { time: Time, days: i32 },
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// A friendly word to the one who owes.
    Remind,
    /// It is overdue: the one who owes hears it, and when it climbs.
    Overdue,
    /// It has climbed: others hear.
    Alert,
}

/// Who hears a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Who owes it.
    Debtor,
    /// The head of the department that owes it.
    Head,
    /// The superior of that head.
    Supervisor,
    /// The nearest superior of both sides.
    CommonSuperior,
    /// The managers' group.
    ManagersGroup,
    /// Whoever waits for the task: the owners of those that depend on it.
    Successors,
    /// The coordinators.
    Coordinator,
    /// The vice president above the department that owes it.
    VicePresident,
    /// 企业管理部: whoever has that role.
    EnterpriseManagement,
}

impl Audience {
    /// As the policy's file and the texts' keys call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Debtor => "debtor",
            Self::Head => "head",
            Self::Supervisor => "supervisor",
            Self::CommonSuperior => "common_superior",
            Self::ManagersGroup => "managers_group",
            Self::Successors => "successors",
            Self::Coordinator => "coordinator",
            Self::VicePresident => "vice_president",
            Self::EnterpriseManagement => "enterprise_management",
        }
    }
}

/// Who has to approve a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Approval {
    /// A budget above this (whole yuan) also needs the general manager.
    pub general_manager_above: i64,
    /// Whether a head may approve an own request; it is marked in the audit.
    pub self_approval: bool,
}

/// How often somebody may be urged.
#[derive(Clone, Debug, PartialEq)]
pub struct Urge {
    /// Between two urges of one thing.
    pub cool_down: Span,
    /// A person may urge another so often a day.
    pub per_day: u32,
}

/// How late a step of each rung may fire; later it is only logged.
#[derive(Clone, Debug, PartialEq)]
pub struct TooLate {
    /// For reminders.
    pub remind: Span,
    /// For "it is overdue".
    pub overdue: Span,
    /// For alerts: late rather than never, so this is long.
    pub alert: Span,
}

/// The daily round (每日进度): when it asks, when the group reads what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// One card to everybody with a task in progress.
    pub ask: Time,
    /// The digest to each project group.
    pub digest: Time,
    /// So many rounds in a row without a report, and the steps of `report_progress` are heard.
    pub misses: u32,
}
