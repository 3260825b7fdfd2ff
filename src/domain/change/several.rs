//! Several acts at once: what was done to each, and what came of it.

use serde::{Deserialize, Serialize};

use super::Reply;

/// What can be done with several requests at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bulk {
    /// Departments sign.
    Confirm,
    /// An approver says yes.
    Approve,
    /// Whoever owes is reminded.
    Urge,
}

impl Bulk {
    /// The name in text keys, buttons and forms.
    pub fn name(self) -> &'static str {
        match self {
            Bulk::Confirm => "confirm",
            Bulk::Approve => "approve",
            Bulk::Urge => "urge",
        }
    }
}

/// One of several acts: what it was about, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Each {
    /// The number as typed, or in full.
    pub number: String,
    /// The department, where one was named or chosen.
    pub department: Option<String>,
    /// The content version that the card showed.
    pub version: Option<i64>,
    /// What came of it; silent while it has not been tried, or where another message says so.
    pub reply: Reply,
}
