//! Organisation events: what this service makes of each kind.
//!
//! Invariant: an authentic event never fails, whatever is in it: a refusal would only bring it back. None of them says
//! anything that a person said.

use serde::Deserialize;

use super::{Received, field, object};
use crate::messenger::Rejected;

/// Kinds that are known, and why each is left alone.
const KINDS: &[(&str, &str)] = &[
    ("check_url", "the platform checks the address"),
    ("user_add_org", "somebody joined the company"),
    ("user_modify_org", "somebody's data changed"),
    ("user_leave_org", "somebody left the company"),
    ("org_dept_create", "a department is new"),
    ("org_dept_modify", "a department changed"),
    ("org_dept_remove", "a department is gone"),
    ("robot_msg_recall", "a message of the robot was taken back"),
    ("robot_msg_read", "a message of the robot was read"),
];

/// What a decrypted event says.
pub fn hear(plain: &[u8]) -> Result<Received, Rejected> {
    #[derive(Deserialize)]
    struct Event {
        #[serde(rename = "EventType", default, deserialize_with = "field::text")]
        kind: Option<String>,
    }
    let event = object::<Event>(plain)?;
    Ok(of(event.kind.as_deref().unwrap_or_default()))
}

/// What an event of this kind says.
pub fn of(kind: &str) -> Received {
    let known = KINDS.iter().find(|(name, _)| *name == kind);
    Received::Nothing(known.map_or("an event of a type that is not known here", |(_, why)| *why))
}
