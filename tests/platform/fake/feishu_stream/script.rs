//! What a test tells the fake to do and to say, and what it gets to know.
//!
//! Everything not in the script goes well.

use std::time::Instant;

use serde_json::Value;

use super::SERVICE;
use super::wire::{Frame, Header};

/// How one discovery goes; when the script is over, all are [`Discovery::Found`].
#[derive(Clone, Debug)]
pub enum Discovery {
    /// An address.
    Found,
    /// HTTP 200 and this code.
    Code(i64),
    /// Another status and a page of HTML.
    Page(u16),
    /// HTTP 200 and this body.
    Body(String),
    /// Nothing at all.
    Silent,
}

/// How one connection goes; when the script is over, all are [`Session::Fair`].
#[derive(Clone, Debug)]
pub enum Session {
    /// Events, pongs, no end.
    Fair,
    /// The handshake is refused with this status and these headers.
    Refused(u16, Vec<(&'static str, String)>),
    /// The handshake is not answered.
    Silent,
    /// Fair until so many data frames are written; then it ends.
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
    /// It stays open, and nothing comes any more: half-open.
    Mute,
}

/// Something that the platform has to say.
#[derive(Clone, Debug)]
pub struct Said {
    /// `message_id`.
    pub id: String,
    /// `event` or `card`.
    pub kind: &'static str,
    /// The envelope.
    pub payload: Vec<u8>,
    /// In how many parts, and in which order they are sent.
    pub order: Vec<usize>,
}

impl Said {
    /// An event in one part.
    pub fn event(id: &str, payload: &str) -> Self {
        Self { id: id.to_owned(), kind: "event", payload: payload.as_bytes().to_vec(), order: vec![0] }
    }

    /// As it goes over the wire.
    pub fn frames(&self) -> Vec<Frame> {
        let (sum, bytes) = (self.order.len(), &self.payload);
        let size = bytes.len().div_ceil(sum).max(1);
        let piece = |seq: usize| bytes.iter().skip(seq * size).take(size).copied().collect::<Vec<u8>>();
        let frame = |seq: &usize| {
            let words = [
                ("type", self.kind),
                ("message_id", &self.id),
                ("sum", &sum.to_string()),
                ("seq", &seq.to_string()),
            ];
            let headers = words.map(|(key, value)| Header { key: key.to_owned(), value: value.to_owned() });
            let payload = Some(piece(*seq));
            let (seq_id, headers) = (*seq as u64, headers.to_vec());
            Frame { seq_id, service: SERVICE, method: 1, headers, payload, ..Frame::default() }
        };
        self.order.iter().map(frame).collect()
    }
}

/// An acknowledgement that came.
#[derive(Clone, Debug)]
pub struct Ack {
    /// Over which connection, counted from 1.
    pub connection: usize,
    /// Of which message.
    pub id: String,
    /// As it came.
    pub bytes: Vec<u8>,
    /// Its payload.
    pub body: Value,
}

/// All that the fake has seen.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Head and body of every request for an address.
    pub discoveries: Vec<String>,
    /// How many connections were opened, and when each was.
    pub opened: Vec<Instant>,
    /// Connection, service and time of every ping.
    pub pings: Vec<(usize, i32, Instant)>,
    /// In the order of arrival.
    pub acks: Vec<Ack>,
    /// Connection and message of every delivery.
    pub deliveries: Vec<(usize, String)>,
    /// Connections that are gone, with the code of the goodbye, if there was one.
    pub ended: Vec<(usize, Option<u16>)>,
}

impl Seen {
    /// The messages that were acknowledged with this code.
    pub fn acked(&self, code: i64) -> Vec<&str> {
        self.acks.iter().filter(|ack| ack.body["code"] == code).map(|ack| ack.id.as_str()).collect()
    }
}
