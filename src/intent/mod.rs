//! How people say it: text, button, form or link, all read into one [`Intent`].
//!
//! Invariant: this room looks nothing up. Names and dates stay as they were typed, and request numbers are only
//! brought into one spelling; `app` resolves them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::change::Bulk;
use crate::domain::search::Turn;
use crate::domain::{ChatId, Lang, MessageId, Timestamp};
pub use decisions::DecisionWant;
pub use improvements::ImproveWant;
pub use issues::IssueWant;
pub use risks::RiskWant;
pub use tasks::TaskWant;

mod again;
pub mod ago;
mod arguments;
mod board;
mod changing;
pub mod commands;
#[cfg(test)]
mod dates;
mod day;
mod decisions;
mod fault;
pub mod fold;
pub mod form;
pub mod grammar;
mod hour;
mod improvements;
mod issues;
#[cfg(test)]
mod manual;
pub mod marks;
mod nearest;
pub mod number;
mod numeral;
mod people;
#[cfg(test)]
mod phrases;
#[cfg(test)]
mod plan_phrases;
pub mod promise;
mod risks;
pub mod search;
mod several;
mod submitting;
pub mod task_list;
#[cfg(test)]
mod task_phrases;
mod tasks;
pub mod when;
mod words;

/// Who spoke, as a messenger knows them. Compared as a whole: equal ids of two platforms are two accounts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Account {
    /// `sandbox`, `feishu`, `dingtalk`, `wecom`.
    pub platform: String,
    /// The company on that platform; empty where the platform has one only.
    pub tenant: String,
    /// The person's id there.
    pub id: String,
}

/// Where it was said, and so where the answer goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The platform that the chat lives on.
    pub platform: String,
    /// The chat.
    pub chat: ChatId,
    /// Personal lists never go into a group.
    pub kind: PlaceKind,
    /// The message that carried the words or the button; answers are threaded under it.
    pub message: Option<MessageId>,
}

/// Private chat with the bot, or a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlaceKind {
    /// Only the person and the bot.
    Private,
    /// Others read along.
    Group,
}

/// What arrived from a messenger, verified, decrypted and parsed, not yet understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Inbound {
    /// The platform's event id: the idempotency key of the act.
    pub event: String,
    /// Who.
    pub account: Account,
    /// Where.
    pub place: Place,
    /// What.
    pub said: Said,
}

/// What people say, and what happens to the places where they say it.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// A text message; `to_bot` is false for group talk that did not mention the bot.
    Text {
        /// As typed, mentions included as `@name`.
        text: String,
        /// Group messages count only when the bot is mentioned or a command opens them.
        to_bot: bool,
        /// The message this one replies to.
        reply_to: Option<MessageId>,
    },
    /// A pressed button, with the form's values if it stands under a form.
    Press {
        /// What the button stands for, unsealed by the adapter.
        want: Want,
        /// Field name → value as typed; several choices are joined with `,`.
        values: FormValues,
        /// The drawing of the card that it stood on; `None` where the event's own key says as much.
        drawing: Option<Box<Drawing>>,
    },
    /// The bot is new in this place: it introduces itself, once.
    Arrived,
    /// The bot was taken out of this place, or the place is gone: nothing can be said there.
    Gone,
}

/// One drawing of a card with its buttons: whoever draws it again draws another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// Its name.
    pub name: String,
    /// Until when its buttons work.
    pub until: Timestamp,
}

/// Field name → value as typed.
pub type FormValues = BTreeMap<String, String>;

/// One thing that one person wants, however it was said.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    /// Claimed first in the transaction; a second delivery gets the first answer.
    pub key: String,
    /// Who.
    pub account: Account,
    /// Where.
    pub place: Place,
    /// The message that this one replies to; its card says which request is the one at hand.
    pub reply_to: Option<MessageId>,
    /// What.
    pub want: Want,
    /// Values of the form that the button stood under.
    pub values: FormValues,
    /// The drawing of the card that the button stood on.
    pub drawing: Option<Box<Drawing>>,
}

/// A request as people name it, in the spelling of `number::canonical`: a full number, or what is unique of it (`SCB-012`
/// for `scb-12`), so that the full one ends with it; `None` means "the one at hand":
/// the request of the card replied to, of the group, or the only candidate.
pub type RequestRef = Option<String>;

/// Everything that can be wanted. A button *is* one of these; so is a command; neither can do more than the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "want", rename_all = "snake_case")]
pub enum Want {
    /// `/help [word]`
    Help { word: Option<String> },
    /// `/new [title] [@dept …] [date]`: opens form F1, prefilled.
    New { title: Option<String>, departments: Vec<String>, date: Option<String> },
    /// The submit button under F1. `request` is set when a returned request is edited.
    File { request: RequestRef },
    /// One more row of asks on the form at hand; nothing typed is lost.
    AddRow { request: RequestRef, rows: u8 },
    /// `/my`
    My,
    /// `/list [word …]`
    List {
        words: Vec<String>,
        page: u32,
        /// From which row the page is turned; `None` counts pages from the newest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        turn: Option<Turn>,
    },
    /// `/show <no>`
    Show { request: RequestRef },
    /// `/confirm <no>`; `version` is the content version that the button's card showed.
    Confirm { request: RequestRef, department: Option<String>, version: Option<i64> },
    /// `/object <no> <reason>`; without a reason the form opens.
    Object { request: RequestRef, department: Option<String>, reason: Option<String>, version: Option<i64> },
    /// `/approve <no>`
    Approve { request: RequestRef, version: Option<i64> },
    /// `/return <no> <reason>`; without a reason the form opens.
    Return { request: RequestRef, reason: Option<String>, version: Option<i64> },
    /// `/revise <no>`: opens F1 with the present content, to answer an objection or to resubmit.
    Revise { request: RequestRef },
    /// `/decline <no> <reason>`: the objection is answered with "no"; without a reason the form opens.
    Decline { request: RequestRef, department: Option<String>, reason: Option<String> },
    /// `/escalate <no> [reason]`: the objection goes to the common superior.
    Escalate { request: RequestRef, department: Option<String>, reason: Option<String> },
    /// `/rule <no> <uphold|dismiss> <reason>`: the common superior arbitrates.
    Rule { request: RequestRef, department: Option<String>, uphold: Option<bool>, reason: Option<String> },
    /// `/withdraw <no>`
    Withdraw { request: RequestRef },
    /// `/cancel <no> <reason>`; without a reason the form opens.
    Cancel { request: RequestRef, reason: Option<String> },
    /// `/urge <no> [reason]`
    Urge { request: RequestRef, reason: Option<String> },
    /// `/why <no>`
    Why { request: RequestRef },
    /// `/comment <no> <text>`; without text the form opens.
    Comment { request: RequestRef, text: Option<String> },
    /// `/bind <managers|issues|pilot|project no>` makes this group what it says.
    Bind { what: Option<String>, request: RequestRef },
    /// `/settings [language zh|en] [quiet 22:00-08:00|off] [digest both|17:00|off] [most 4]`; without arguments the
    /// form opens.
    Settings { language: Option<Lang>, quiet: Option<String>, digest: Option<String>, most: Option<String> },
    /// `/whoami`
    Whoami,
    /// `/status`
    Status,
    /// `/delegate @deputy 直到 …`, for oneself or for staff; without arguments the form opens.
    Delegate { whose: Option<String>, deputy: Option<String>, from: Option<String>, until: Option<String> },
    /// `/delegate off`
    EndDelegation { whose: Option<String> },
    /// `/cosign <no> @person …`: an approver calls others in; without people the form opens.
    Cosign {
        request: RequestRef,
        people: Vec<String>,
        turn: Option<String>,
        rule: Option<String>,
        reason: Option<String>,
    },
    /// `/transfer <no> @person`: what is owed is handed over; without a person the form opens.
    Transfer { request: RequestRef, to: Option<String>, department: Option<String>, reason: Option<String> },
    /// `/cc <no> @person …`: they see it and hear the news; without a person the form opens.
    Cc { request: RequestRef, people: Vec<String> },
    /// `/follow <no>`: hear the news.
    Follow { request: RequestRef },
    /// `/unfollow <no>`, `/follow <no> off`: not any more.
    Unfollow { request: RequestRef },
    /// Words that are no command: the nearest one is offered.
    Unknown { typed: String, nearest: Option<String> },
    /// A command whose arguments could not be read; `problem` is a text key under `fault.`.
    Fault { command: String, problem: String, at: Option<String> },
    /// Something about the tasks of a request.
    Task(TaskWant),
    /// `/snooze <no> <moment> [words]`: reminders rest until then, and the words are a promise; without a moment the
    /// form opens.
    Snooze { request: RequestRef, department: Option<String>, words: Option<String> },
    /// `/new template <name>`: form F1, half filled; without a name an empty one.
    Template { name: Option<String> },
    /// `/new like <no>`: form F1 with what an older request says.
    Like { request: RequestRef },
    /// The button under F1 that keeps what was typed, without checking it.
    KeepDraft { request: RequestRef },
    /// `/drafts`
    Drafts,
    /// Opens one draft again.
    ContinueDraft { draft: String },
    /// Throws one draft away.
    DropDraft { draft: String },
    /// `/confirm all`, `/approve SCB-12 SCB-13`, `/urge …`: several at once; no numbers: those chosen in the form that
    /// the button stood under, else all.
    Several { doing: Bulk, requests: Vec<String>, department: Option<String>, reason: Option<String> },
    /// `/batch`
    Batch,
    /// The button that signs and says what the department reckons with: its form opens, or is taken.
    Estimate { request: RequestRef, department: Option<String>, version: Option<i64> },
    /// `/date <no> <when> <reason>`; what is missing is asked by the form.
    Date { request: RequestRef, date: Option<String>, reason: Option<String> },
    /// `/attach <no> <url> [name]`; without an address the form opens.
    Attach { request: RequestRef, url: Option<String>, name: Option<String> },
    /// The button under F1 that shows who will be asked, by when.
    Preview { request: RequestRef, rows: u8 },
    /// `/board [no]`: a link to the pages.
    Board { request: RequestRef },
    /// Something about decisions that somebody is asked for.
    Decision(DecisionWant),
    /// Something about the risk plans of a request.
    Risk(RiskWant),
    /// Something about issues.
    Issue(IssueWant),
    /// Something about what is to be better next time.
    Improve(ImproveWant),
}
