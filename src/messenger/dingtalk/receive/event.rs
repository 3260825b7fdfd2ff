//! Organisation events: what this service makes of each kind.
//!
//! Invariant: an authentic event never fails, whatever is in it: a refusal would only bring it back. None of them says
//! anything that a person said; those of people and departments say who it is about.

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{PLATFORM, Received, field, object};
use crate::messenger::Rejected;
use crate::messenger::dingtalk::staff;

/// Kinds that are known, and why each is left alone; some of them only where they name nobody.
const KINDS: &[(&str, &str)] = &[
    ("check_url", "the platform checks the address"),
    ("user_add_org", "somebody joined the company"),
    ("user_modify_org", "somebody's data changed"),
    ("user_leave_org", "somebody left the company"),
    ("org_dept_create", "a department is new"),
    ("org_dept_modify", "a department changed"),
    // Only an empty one can be removed: its people have moved, by events of their own, and its code is part of numbers.
    ("org_dept_remove", "a department is gone"),
    ("robot_msg_recall", "a message of the robot was taken back"),
    ("robot_msg_read", "a message of the robot was read"),
];

/// What a decrypted event says. One without an id is known by what is in it.
pub fn hear(plain: &[u8]) -> Result<Received, Rejected> {
    #[derive(Deserialize)]
    struct Event {
        #[serde(rename = "EventType", default, deserialize_with = "field::text")]
        kind: Option<String>,
        #[serde(rename = "eventId", alias = "EventId", default, deserialize_with = "field::text")]
        id: Option<String>,
    }
    let event = object::<Event>(plain)?;
    let id = event.id.unwrap_or_else(|| hex::encode(Sha256::digest(plain)));
    Ok(of((&event.kind.unwrap_or_default(), &id), &object(plain)?))
}

/// What an event of Stream mode says: kind and id stand in its header.
pub fn pushed(header: (&str, &str), data: &str) -> Received {
    of(header, &serde_json::from_str(data).unwrap_or_default())
}

fn of((kind, id): (&str, &str), fields: &Value) -> Received {
    let moved = staff::moved(kind, fields);
    if !moved.is_empty() && !id.is_empty() {
        return Received::Moved { key: format!("{PLATFORM}/event/{id}"), moved };
    }
    let known = KINDS.iter().find(|(name, _)| *name == kind);
    known.map_or(Received::Unknown, |(_, why)| Received::Nothing(why))
}
