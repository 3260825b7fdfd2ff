//! What came of one message that tried the way out.

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The messenger's name for the message, or for the card where that has one of its own.
    pub message: String,
    /// The chat, also of a person's private chat.
    pub chat: String,
    /// Whether the messenger took the card; said in words otherwise.
    pub as_card: bool,
}

/// Why nothing was said, or perhaps not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The reaction of the service: `receiver`, `configuration`, …
    pub class: &'static str,
    /// What happened.
    pub why: String,
    /// What to do.
    pub remedy: String,
}

/// The class of what may have been said all the same.
pub const UNCLEAR: &str = "unclear";
