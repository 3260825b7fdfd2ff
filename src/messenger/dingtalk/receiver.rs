//! To whom something goes: a person, a group, or a group through a robot of its own.
//!
//! Invariant: every chat that something was said in is one that the next thing can be said in.

use super::place::{PRIVATE, private_chat};
use super::{GroupRobot, Options};
use crate::domain::ChatId;
use crate::messenger::Address;

/// Stands before the name of a custom robot, whose group has no other id here.
const ROBOT: &str = "robot:";

/// To whom something goes.
#[derive(Clone, Copy, Debug)]
pub enum Receiver<'a> {
    /// A person's private chat, by `userId`.
    Person(&'a str),
    /// A group, by `openConversationId`.
    Group(&'a str),
    /// A group through a custom robot of its own.
    Robot(&'a GroupRobot),
}

/// The group whose own robot is named after a part that a group plays: `managers`, …
pub fn group_for(options: &Options, part: &str) -> Option<ChatId> {
    let robot = options.group_robots.iter().find(|robot| robot.name == part)?;
    Some(Receiver::Robot(robot).chat())
}

impl<'a> Receiver<'a> {
    /// None if the robot is not configured (any more).
    pub fn of(to: &'a Address, options: &'a Options) -> Option<Self> {
        let chat = match to {
            Address::Person(user) => return Some(Self::Person(user)),
            Address::Chat { chat, .. } => chat.as_str(),
        };
        if let Some(user) = chat.strip_prefix(PRIVATE) {
            return Some(Self::Person(user));
        }
        match chat.strip_prefix(ROBOT) {
            Some(name) => options.group_robots.iter().find(|robot| robot.name == name).map(Self::Robot),
            None => Some(Self::Group(chat)),
        }
    }

    /// The id by which messages are counted.
    pub fn id(&self) -> &'a str {
        match self {
            Self::Person(id) | Self::Group(id) => id,
            Self::Robot(robot) => &robot.name,
        }
    }

    /// The chat that it is.
    pub fn chat(&self) -> ChatId {
        match self {
            Self::Person(user) => private_chat(user),
            Self::Group(id) => ChatId::new(*id),
            Self::Robot(robot) => ChatId::new(format!("{ROBOT}{}", robot.name)),
        }
    }
}
