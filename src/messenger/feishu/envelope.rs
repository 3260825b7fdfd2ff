//! What Feishu puts into one request, opened: a challenge, an event of either schema, a click of the old kind.
//!
//! Invariant: only JSON objects are read, each named field at most once; what an envelope says of itself proves nothing.
#![deny(clippy::indexing_slicing)]

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::messenger::Rejected;

/// What it is.
#[derive(Debug)]
pub enum Envelope {
    /// The console asks whether the address is ours: `challenge` goes back.
    Challenge { challenge: String, token: String },
    /// Something happened, or somebody pressed a button.
    Event(Event),
    /// A click in the form that `card.action.trigger` replaced.
    OldClick,
    /// An object of no shape that is known here.
    Unknown,
}

/// What both schemas say of an event; what is missing is empty.
#[derive(Debug)]
pub struct Event {
    /// `event_id`, or `uuid` of schema 1.0.
    pub id: String,
    /// `im.message.receive_v1`, …
    pub kind: String,
    /// The Verification Token; may be empty on the long connection.
    pub token: String,
    /// The app that it is meant for.
    pub app_id: String,
    /// The company that it happened in.
    pub tenant: String,
    /// The `event` object, as it stands.
    pub body: Box<RawValue>,
}

/// The text under `encrypt`, if the body has one: then it has nothing else that counts.
pub fn cipher(body: &[u8]) -> Result<Option<String>, Rejected> {
    #[derive(Deserialize)]
    struct Hidden {
        encrypt: Option<Value>,
    }
    match object::<Hidden>(body)?.encrypt {
        None => Ok(None),
        Some(Value::String(cipher)) => Ok(Some(cipher)),
        Some(_) => Err(Rejected::Unreadable),
    }
}

/// Reads an envelope in the clear.
pub fn read(plain: &[u8]) -> Result<Envelope, Rejected> {
    let outer = object::<Outer>(plain)?;
    let token = outer.token.unwrap_or_default();
    let is_old_click = outer.open_message_id.is_some() && outer.action.is_some();
    Ok(match (outer.schema.as_deref(), outer.kind.as_deref(), outer.header, outer.event) {
        (Some("2.0"), _, Some(header), Some(body)) => Envelope::Event(header.of(body)),
        (_, Some("event_callback"), _, Some(body)) => {
            let inner = serde_json::from_str::<Inner>(body.get());
            let event = |inner: Inner| Envelope::Event(inner.of(outer.uuid.unwrap_or_default(), token, body));
            inner.map_or(Envelope::Unknown, event)
        }
        (_, Some("url_verification"), ..) => {
            Envelope::Challenge { challenge: outer.challenge.unwrap_or_default(), token }
        }
        _ if is_old_click => Envelope::OldClick,
        _ => Envelope::Unknown,
    })
}

/// Everything that stands at the top of any of them.
#[derive(Deserialize)]
struct Outer {
    schema: Option<String>,
    header: Option<Header>,
    event: Option<Box<RawValue>>,
    #[serde(rename = "type")]
    kind: Option<String>,
    token: Option<String>,
    challenge: Option<String>,
    uuid: Option<String>,
    open_message_id: Option<IgnoredAny>,
    action: Option<IgnoredAny>,
}

/// Of schema 2.0.
#[derive(Deserialize)]
struct Header {
    event_id: Option<String>,
    event_type: Option<String>,
    token: Option<String>,
    app_id: Option<String>,
    tenant_key: Option<String>,
}

impl Header {
    fn of(self, body: Box<RawValue>) -> Event {
        Event {
            id: self.event_id.unwrap_or_default(),
            kind: self.event_type.unwrap_or_default(),
            token: self.token.unwrap_or_default(),
            app_id: self.app_id.unwrap_or_default(),
            tenant: self.tenant_key.unwrap_or_default(),
            body,
        }
    }
}

/// What schema 1.0 says of an event inside the event.
#[derive(Deserialize)]
struct Inner {
    #[serde(rename = "type")]
    kind: Option<String>,
    app_id: Option<String>,
    tenant_key: Option<String>,
}

impl Inner {
    fn of(self, id: String, token: String, body: Box<RawValue>) -> Event {
        Event {
            id,
            kind: self.kind.unwrap_or_default(),
            token,
            app_id: self.app_id.unwrap_or_default(),
            tenant: self.tenant_key.unwrap_or_default(),
            body,
        }
    }
}

/// A derived reader would also take an array for an object; what is signed and no object is refused all the same.
fn object<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Rejected> {
    let is_object = body.trim_ascii_start().starts_with(b"{");
    if !is_object {
        return Err(Rejected::Unreadable);
    }
    serde_json::from_slice(body).map_err(|_| Rejected::Unreadable)
}
