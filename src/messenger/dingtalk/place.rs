//! Where things are said on DingTalk: group chats by `openConversationId`, private chats by the person.
//!
//! Invariant: a private chat is named after the person, because that is whom the platform sends to. Its own conversation
//! id is good for nothing but a session webhook.

use crate::domain::ChatId;

/// Stands before the staff id of whom a private chat is with. No conversation id holds a colon: they are base64.
pub const PRIVATE: &str = "user:";

/// The private chat with the bot of the person with this staff id.
pub fn private_chat(user: &str) -> ChatId {
    ChatId::new(format!("{PRIVATE}{user}"))
}
