//! What a test tells the fake to do and to say, and what it gets to know.
//!
//! Everything not in the script goes well.

use std::time::Instant;

use serde_json::{Value, json};

/// How one registration goes; when the script is over, all are [`Registration::Granted`].
#[derive(Clone, Debug)]
pub enum Registration {
    /// An address and a ticket.
    Granted,
    /// An address with a ticket that is too old.
    Stale,
    /// This status and this body.
    Answer(u16, String),
    /// Nothing at all.
    Silent,
}

/// How one connection goes; when the script is over, all are [`Session::Fair`].
#[derive(Clone, Copy, Debug)]
pub enum Session {
    /// Pushes, pongs, no end.
    Fair,
    /// The handshake is not answered.
    Silent,
    /// Fair until so many pushes are written; then it ends.
    Ends(usize, End),
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The socket is closed without a word.
    Cut,
    /// The socket is reset.
    Reset,
    /// A goodbye with this code.
    Goodbye(u16),
    /// It stays open, and nothing comes any more, no pongs either: half-open.
    Mute,
}

/// Something that the platform has to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// `messageId`.
    pub id: String,
    /// `CALLBACK` or `EVENT`.
    pub kind: &'static str,
    /// The topic.
    pub topic: &'static str,
    /// JSON as text.
    pub data: String,
    /// The type of an event.
    pub event: &'static str,
}

/// The topic of robot messages.
pub const ROBOT: &str = "/v1.0/im/bot/messages/get";
/// The topic of card callbacks.
pub const CARD: &str = "/v1.0/card/instances/callback";

impl Said {
    /// A message to the robot.
    pub fn robot(id: &str, data: &str) -> Self {
        Self { id: id.to_owned(), kind: "CALLBACK", topic: ROBOT, data: data.to_owned(), event: "" }
    }

    /// A pressed button.
    pub fn card(id: &str, data: &str) -> Self {
        Self { topic: CARD, ..Self::robot(id, data) }
    }

    /// An organisation event.
    pub fn event(id: &str) -> Self {
        Self::happened(id, "user_leave_org", "{}")
    }

    /// The same of a type, with fields.
    pub fn happened(id: &str, event: &'static str, data: &str) -> Self {
        Self { kind: "EVENT", topic: "*", event, ..Self::robot(id, data) }
    }

    /// As it goes over the wire.
    pub fn frame(&self) -> String {
        let mut headers = json!({
            "topic": self.topic, "contentType": "application/json", "messageId": self.id, "time": "1795233551199",
        });
        if self.kind == "EVENT" {
            headers["eventType"] = json!(self.event);
            headers["eventId"] = json!(format!("event-{}", self.id));
        }
        json!({ "specVersion": "1.0", "type": self.kind, "headers": headers, "data": self.data }).to_string()
    }
}

/// An answer that came.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Over which connection, counted from 1.
    pub connection: usize,
    /// Of which push.
    pub id: String,
    /// Its `code`.
    pub code: i64,
    /// What was in `data`.
    pub data: Value,
}

/// All that the fake has seen.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Head and body of every registration.
    pub registrations: Vec<String>,
    /// When each connection was opened.
    pub opened: Vec<Instant>,
    /// Connections by number as they came and went: `open 1`, `notice 1`, `open 2`, `end 1`.
    pub log: Vec<String>,
    /// Connection of every ping of the WebSocket.
    pub pings: Vec<usize>,
    /// In the order of arrival.
    pub answers: Vec<Answer>,
    /// Connection and id of every push.
    pub pushes: Vec<(usize, String)>,
    /// The goodbyes of the other end.
    pub goodbyes: Vec<Option<u16>>,
    /// What the platform would not take.
    pub violations: Vec<String>,
}

impl Seen {
    /// The pushes that were answered with this code.
    pub fn answered(&self, code: i64) -> Vec<&str> {
        self.answers.iter().filter(|answer| answer.code == code).map(|answer| answer.id.as_str()).collect()
    }
}
