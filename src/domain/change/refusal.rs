//! Why something was not done. An answer with a reason and a way out, never an error.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::directory::Holder;
use crate::domain::{Date, DepartmentId, PersonId, Timestamp};

/// A command that waits for one more word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// Its name.
    pub command: String,
    /// What else was typed, by field.
    pub words: BTreeMap<String, String>,
}

impl Refusal {
    /// Several departments could be meant.
    pub fn which_department(candidates: Vec<DepartmentId>) -> Self {
        Refusal::WhichDepartment { candidates, typed: None }
    }
}

/// Why not, and what can be done instead. An answer, not an error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The account belongs to nobody in the directory, or to someone who left.
    UnknownPerson,
    /// No such request, or none that this person may see.
    NotFound { typed: String },
    /// Nothing at hand that the command could mean.
    NothingAtHand,
    /// The department is not part of the request, or several are and none was named.
    WhichDepartment {
        candidates: Vec<DepartmentId>,
        /// What was typed, to be gone on with once the department is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        typed: Option<Typed>,
    },
    /// Not this person's to do; `who` may.
    NotYours { who: Vec<Holder> },
    /// Not in the state that the request is in.
    NotNow { state: String },
    /// Somebody was faster.
    AlreadyDecided { by: Option<PersonId>, at: Timestamp, decision: String },
    /// The card showed an older version.
    OldVersion { seen: i64, now: i64 },
    /// Urged not long ago.
    CoolDown { until: Timestamp },
    /// Enough urging for today.
    UrgedEnough,
    /// Nobody owes anything just now.
    NobodyOwes,
    /// The revision changes nothing.
    NothingChanged,
    /// The command could not be read: a key under `fault.`.
    Unreadable { command: String, fault: String, at: Option<String> },
    /// Only in a group.
    OnlyInGroups,
    /// Only for these roles.
    OnlyFor { roles: Vec<String> },
    /// Too many words a minute.
    SlowDown { until: Timestamp },
    /// Whoever is to take it over owes it already.
    OwesAlready { person: PersonId },
    /// It is so already: `copied`, `followed`, `unfollowed`.
    AsItIs { what: String },
    /// Nobody stands in for that person by delegation.
    NothingDelegated { person: PersonId },
    /// A ruling stands: the ask cannot be objected to again in this version.
    Ruled,
    /// The request has no such task.
    NoSuchTask { number: i64 },
    /// Several tasks could be meant.
    WhichTask { numbers: Vec<i64> },
    /// The task is in a state in which that makes no sense.
    TaskIs { number: i64, state: String },
    /// Predecessors are unfinished: number, name, owner.
    BlockedBy { number: i64, by: Vec<(i64, String, PersonId)> },
    /// Nobody asked for another day.
    NothingToAnswer { number: i64 },
    /// Every department's ask has its task.
    AllPlanned,
    /// That many tasks are a project of its own.
    TooManyTasks { most: usize },
    /// As many drafts as a person may have; the oldest, with its title.
    TooManyDrafts { most: i64, oldest: String, saved_at: Timestamp },
    /// The draft was filed or thrown away meanwhile.
    NoSuchDraft,
    /// A list to choose from, and nothing was chosen.
    NothingChosen,
    /// The day has gone.
    PastDay { day: Date },
    /// The day is the one that holds.
    SameDay { day: Date },
    /// As many links as a request may have.
    EnoughLinks { most: i64 },
    /// There is no such issue.
    NoSuchIssue { number: i64 },
    /// The issue is in a state in which that makes no sense.
    IssueIs { number: i64, state: String },
    /// As many issues as a case file bears.
    TooManyIssues { most: usize },
    /// Cannot be called in: `initiator`, or `in_chain` already.
    CannotApprove { person: PersonId, why: String },
    /// As many as may decide on one request.
    TooManyApprovers { most: usize },
    /// The request has no such decision or risk plan: its number as people write it.
    NoSuchPlan { number: String },
    /// The risk plan was retired.
    RiskRetired { number: String },
    /// As many `decisions` or `risks` as a request may have.
    TooMany { what: String, most: usize },
}
