//! What an act leads to: the new state, what is said to whom, what is kept in the history, what the actor hears.
//!
//! Invariant: all of it is data. Texts are keys and parameters; a notice names its subject and is worded when it is
//! delivered, from the state as it is then.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::obligation::Kind;
use super::policy::Rung;
use super::request::Request;
use super::search::Turn;
use super::{Date, DepartmentId, ObligationId, PersonId, RequestId, Timestamp};

mod field;
mod preferences;
mod refusal;
mod several;

pub use field::FieldFault;
pub use preferences::Preferences;
pub use refusal::{Refusal, Typed};
pub use several::{Bulk, Each};

/// What an accepted act leads to. Saved as a whole, or not at all.
#[derive(Clone, Debug)]
pub struct Change {
    /// The case file as it is now; the store writes what differs.
    pub request: Request,
    /// The line of the history.
    pub audit: Audit,
    /// What others hear.
    pub notices: Vec<Notice>,
    /// What the actor hears.
    pub reply: Reply,
}

/// One line of the history. What people see is what is hash-chained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    /// Who; `None` is the service's clock.
    pub by: Option<PersonId>,
    /// Whose authority was used, when somebody stood in.
    pub on_behalf_of: Option<PersonId>,
    /// What: a text key under `history.`.
    pub what: String,
    /// Words and numbers for that text.
    pub with: Params,
}

/// Parameters of a text: name → value. Values are plain text or ids, worded where they are shown.
pub type Params = BTreeMap<String, Value>;

/// A parameter whose wording depends on the reader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// As it is.
    Text(String),
    /// By name.
    Person(PersonId),
    /// By name.
    Department(DepartmentId),
    /// In the reader's words, with weekday.
    Moment(Timestamp),
    /// A number.
    Number(i64),
    /// A text key.
    Key(String),
}

/// Builds [`Params`] in one line: `with([("department", Value::Department(d))])`.
pub fn with<const N: usize>(pairs: [(&str, Value); N]) -> Params {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Something to be said to somebody, later, by the outbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Who hears it.
    pub to: To,
    /// What it is.
    pub what: What,
    /// Passes quiet hours and caps.
    pub urgent: bool,
    /// Fired well after its time, so it may be merged with others for the same person or group.
    pub late: bool,
    /// The obligation whose silence counts from this delivery.
    pub starts: Option<ObligationId>,
}

/// Who hears a notice.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// In the private chat with the bot, on the messenger they prefer.
    Person(PersonId),
    /// The managers' group, or the administrators when none is bound.
    Managers,
    /// The project group of the request; nobody when there is none.
    Project(RequestId),
    /// Nobody: the cards that are out there.
    Cards(RequestId),
    /// The pilot's group, in place of whom it was meant for; `None`: of a group.
    Pilot { meant: Option<PersonId> },
    /// Where it was asked; `message` is what the answer hangs under.
    Place { platform: String, chat: String, message: Option<String>, private: bool, reader: Option<PersonId> },
    /// The issue group; nobody when there is none.
    Issues,
}

/// What a notice says. Each has one card function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// To the one who owes it: the thing with its buttons. Moot once the obligation is closed.
    Asked { request: RequestId, obligation: ObligationId },
    /// A step of a ladder.
    Step { request: RequestId, obligation: ObligationId, rung: Rung, overtaken: usize },
    /// Somebody urges.
    Urged { request: RequestId, obligation: ObligationId, by: PersonId, reason: String },
    /// Something happened to the request: a text key under `news.`, with its parameters.
    News { request: RequestId, news: String, with: Params },
    /// The department's ask changed: what, and that it is to be signed again.
    Revised { request: RequestId, obligation: ObligationId, department: DepartmentId, from: i64 },
    /// It could not be handed to the messenger of the one who owes.
    Undeliverable { request: RequestId, obligation: ObligationId, person: PersonId },
    /// Something for administrators: a text key under `alarm.`.
    Alarm { alarm: String, with: Params },
    /// Something that concerns a person but no request: a text key under `note.`.
    Note { note: String, with: Params },
    /// The answer to what was said in a chat.
    Answer(Reply),
    /// Several late reminders of one person in one message.
    Merged(Vec<What>),
    /// Nothing to read: cards about the request that people have are brought up to date.
    Refresh { request: RequestId },
    /// The daily round: everything that this person has to report on, in one card.
    Nudge { day: Date },
    /// What came of the round, for the project group.
    Evening { request: RequestId, day: Date },
    /// What waited for a digest, in one message, oldest first.
    Digest(Vec<What>),
    /// The time of the debtor's promise has come. Moot once the obligation is closed.
    Promised { request: RequestId, obligation: ObligationId },
    /// A risk plan fired: to its owner, and to the superior who is named in it. `firing` counts from 1.
    RiskFired { request: RequestId, risk: i64, firing: usize },
    /// Something about an issue: a text key under `news_of_issue.`; moot once the obligation that it asks for is closed.
    Trouble {
        request: RequestId,
        issue: i64,
        news: String,
        with: Params,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        obligation: Option<ObligationId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rung: Option<Rung>,
    },
}

/// What the actor hears at once. Stored under the event's key: a repeated delivery hears the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// It is done: a text key under `done.`.
    Done { done: String, with: Params, request: Option<RequestId> },
    /// It is not done, and this is why and what can be done now.
    Refused { refusal: Refusal, request: Option<RequestId> },
    /// A form to fill in, or to correct.
    Form(FormReply),
    /// Something to read, drawn from the state at the moment of reading.
    View(View),
    /// Nothing needs saying.
    Silent,
}

/// A form with what was typed so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormReply {
    /// Which form.
    pub form: FormKind,
    /// What it is about.
    pub request: Option<RequestId>,
    /// Of which department, for forms about one ask or one objection.
    pub department: Option<DepartmentId>,
    /// The content version that it was opened on.
    pub version: Option<i64>,
    /// Rows of asks shown on F1.
    pub rows: u8,
    /// As typed.
    pub values: BTreeMap<String, String>,
    /// What is wrong, by field.
    pub faults: Vec<FieldFault>,
}

/// The forms of this service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormKind {
    /// F1, to file, or to edit a returned one, or to answer an objection.
    Request,
    /// Reason and suggestion of an objection.
    Objection,
    /// Reason of a return.
    Return,
    /// Reason why an objection is not followed.
    Decline,
    /// Reason why the superior is asked.
    Escalate,
    /// The ruling and its reason.
    Ruling,
    /// Reason of a cancellation.
    Cancel,
    /// A comment.
    Comment,
    /// Language and quiet hours.
    Settings,
    /// F2: one task; its number stands among the values when it is changed.
    Task,
    /// Reason for finishing a task whose predecessor is unfinished.
    FinishBlocked,
    /// Another planned finish, and why.
    MoveTask,
    /// Reason why the day stays.
    DeclineMove,
    /// F5: everything that a person has to report on.
    Progress,
    /// Which tasks fell short, and why.
    SendBack,
    /// Who stands in, from when, until when.
    Delegate,
    /// Who takes over what is owed.
    Transfer,
    /// Who else is to know.
    Copy,
    /// Until when reminders rest, and what is promised.
    Snooze,
    /// F1 with the route that it would take.
    Route,
    /// What a department reckons with when it signs.
    Estimate,
    /// Another wanted day, and why.
    Reschedule,
    /// A link.
    Attach,
    /// F6: an issue.
    Issue,
    /// Where the coordination takes place.
    Coordination,
    /// F7: cause, measures, who, until when.
    Solution,
    /// How far an issue is.
    IssueUpdate,
    /// F7: what was done, to what effect.
    Resolution,
    /// Why an issue is opened again.
    Reopen,
    /// Which other department is responsible, and why.
    MoveIssue,
    /// How grave it is, and why.
    RateIssue,
    /// Whom an approver calls in, when they decide and how many have to agree.
    Invite,
    /// F10: who is to decide what.
    Decision,
    /// What is decided where it is none of the options, and why.
    Verdict,
    /// F8: a risk plan; its number stands among the values when it is changed.
    Risk,
    /// Why a risk plan is fired by hand.
    FireRisk,
    /// What is to be better, by whom, by when.
    Improvement,
    /// What came of it.
    Improved,
    /// Why nobody has to see to it any more.
    TakeImprovementBack,
}

/// Something to read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Commands that this person may use here.
    Help { word: Option<String> },
    /// What this person owes.
    My,
    /// Requests that this person may see.
    List {
        words: Vec<String>,
        page: u32,
        /// From which row the page is turned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        turn: Option<Turn>,
    },
    /// One request.
    Show { request: RequestId },
    /// How its deadlines came about.
    Why { request: RequestId },
    /// Who this is.
    Whoami,
    /// How the service is.
    Status,
    /// Which of several was meant; `want` is the text key of the command, asked again by button.
    Pick { command: String, candidates: Vec<RequestId> },
    /// The word is no command.
    Unknown { typed: String, nearest: Option<String> },
    /// A group hears for the first time what the bot is for.
    Introduction,
    /// The tasks of a request.
    Tasks { request: RequestId },
    /// What this person has to report on.
    Progress,
    /// This person's forms that were not filed yet.
    Drafts,
    /// What this person can decide or urge, to be chosen from.
    Batch,
    /// What came of each of several acts; `more` were left for another time.
    Several { doing: Bulk, each: Vec<Each>, more: usize },
    /// The way to the board, or to one request's page.
    Board { request: Option<RequestId> },
    /// Decisions that this person owes.
    Decisions,
    /// One decision.
    Decision { request: RequestId, decision: i64 },
    /// The risk plans of a request.
    Risks { request: RequestId },
    /// Open issues that this person may see, of one request or of all.
    Issues { request: Option<RequestId> },
    /// One issue.
    Issue { request: RequestId, issue: i64 },
    /// One improvement item.
    Improvement { request: RequestId, item: i64 },
}

impl View {
    /// The request whose card this is: brought up to date with it, as long as the card is out there. A list of several, and
    /// what explains how something came about, stay as they were read.
    pub fn follows(&self) -> Option<&RequestId> {
        match self {
            Self::Show { request }
            | Self::Tasks { request }
            | Self::Decision { request, .. }
            | Self::Risks { request }
            | Self::Issue { request, .. }
            | Self::Improvement { request, .. } => Some(request),
            _ => None,
        }
    }
}

/// Names an obligation's kind in parameters.
pub fn kind_key(kind: Kind) -> Value {
    Value::Key(format!("kind.{}", kind.name()))
}
