//! The company's rules about time, as data: how long each thing may take, and who hears of it when it does not come.
//!
//! Invariant: a [`Policy`] has exactly one row per [`Kind`], and the steps of a ladder rise in time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::calendar::Span;
use super::mask::Names;
use super::obligation::Kind;
use super::pilot::Pilot;
use super::quiet::Caps;

pub mod check;
mod order;
#[cfg(test)]
mod tests;

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
    /// Who tries it out first.
    pub pilot: Pilot,
    /// How much somebody hears.
    pub quiet: Caps,
    /// Whose names are masked.
    pub mask_names: Names,
}

/// How long one kind of obligation may take, and its ladder.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// From opening to due.
    pub due: Span,
    /// Passes quiet hours.
    pub urgent: bool,
    /// What happens meanwhile.
    pub ladder: Vec<Step>,
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
