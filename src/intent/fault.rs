//! What can be wrong with the arguments of a command.
//!
//! Invariant: every problem has its text under `fault.` in every language, and names the word that it is about.

use super::words::Word;

/// What is wrong with an argument, and the word that is.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which.
    pub problem: Problem,
    /// The offending word as typed, cut to a length that a line of answer bears.
    pub at: Option<String>,
}

impl Fault {
    /// The fault of one word.
    pub fn at(problem: Problem, word: &Word<'_>) -> Self {
        Self { problem, at: Some(word.typed.chars().take(40).collect()) }
    }
}

/// Everything that can be wrong with the arguments of a command; each has a text under `fault.`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// More characters than a command may have.
    TooLong,
    /// Looks like a request number and is none.
    Request,
    /// A word that the command has no use for. Signing while a condition is overheard would be wrong.
    Extra,
    /// A second department where one is meant.
    OneDepartment,
    /// Neither upheld nor dismissed.
    Verdict,
    /// A page that no list has.
    Page,
    /// A kind of group that does not exist.
    Bind,
    /// A setting that does not exist.
    Setting,
    /// A setting without its value.
    Value,
    /// A language that the service does not speak.
    Language,
    /// Hours that are no hours.
    Quiet,
    /// Meant as a task's number, and none.
    Task,
    /// A second owner where one is meant.
    OneOwner,
    /// A further person where one is meant.
    OnePerson,
    /// Neither a time nor a word for digests.
    Digest,
    /// No number of messages.
    Most,
    /// Meant as the number of a decision or a risk plan, and none, or none where one is needed.
    Numbered,
}

impl Problem {
    /// All of them, for the check that each has its text.
    #[cfg(test)]
    pub const ALL: &[Self] = &[
        Self::TooLong,
        Self::Request,
        Self::Extra,
        Self::OneDepartment,
        Self::Verdict,
        Self::Page,
        Self::Bind,
        Self::Setting,
        Self::Value,
        Self::Language,
        Self::Quiet,
        Self::Task,
        Self::OneOwner,
        Self::OnePerson,
        Self::Digest,
        Self::Most,
        Self::Numbered,
    ];

    /// Its text key, below `fault.`.
    pub fn key(self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::Request => "request",
            Self::Extra => "extra",
            Self::OneDepartment => "one_department",
            Self::Verdict => "verdict",
            Self::Page => "page",
            Self::Bind => "bind",
            Self::Setting => "setting",
            Self::Value => "value",
            Self::Language => "language",
            Self::Quiet => "quiet",
            Self::Task => "task",
            Self::OneOwner => "one_owner",
            Self::OnePerson => "one_person",
            Self::Digest => "digest",
            Self::Most => "most",
            Self::Numbered => "numbered",
        }
    }
}
