//! How people say it: text, button, form or link, all read into one [`Intent`].
//!
//! Invariant: this room looks nothing up. Names and dates stay as they were typed, and request numbers are only
//! brought into one spelling; `app` resolves them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{ChatId, Lang, MessageId};
pub use tasks::TaskWant;

mod arguments;
pub mod commands;
#[cfg(test)]
mod dates;
mod day;
mod fault;
mod fold;
pub mod grammar;
mod hour;
#[cfg(test)]
mod manual;
mod nearest;
mod number;
mod numeral;
#[cfg(test)]
mod phrases;
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
    },
    /// The bot is new in this place: it introduces itself, once.
    Arrived,
    /// The bot was taken out of this place, or the place is gone: nothing can be said there.
    Gone,
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
    List { words: Vec<String>, page: u32 },
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
    /// `/bind <managers|issues|project no>` makes this group what it says.
    Bind { what: Option<String>, request: RequestRef },
    /// `/settings [language zh|en] [quiet 22:00-08:00|off]`; without arguments the form opens.
    Settings { language: Option<Lang>, quiet: Option<String> },
    /// `/whoami`
    Whoami,
    /// `/status`
    Status,
    /// Words that are no command: the nearest one is offered.
    Unknown { typed: String, nearest: Option<String> },
    /// A command whose arguments could not be read; `problem` is a text key under `fault.`.
    Fault { command: String, problem: String, at: Option<String> },
    /// Something about the tasks of a request.
    Task(TaskWant),
}
