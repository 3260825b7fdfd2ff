//! A pressed button of a card: the want that was sealed into its parameter, and what stood in the form around it.
//!
//! Invariant: a want is taken from its seal alone. Who pressed is `userId`; whether that person may is asked elsewhere,
//! since anybody who sees a card can press.
//!
//! The contract with the card template: a button of the kind "callback request" has the parameter [`SEALED`], bound to a
//! variable that holds the sealed want, and a form is the parameter `form`. Facts: open platform, "interactive card
//! callback", and the vectors `card_callbacks.json`.

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Door, Received, account, field, object, place};
use crate::domain::{ChatId, Timestamp};
use crate::intent::{FormValues, Inbound, PlaceKind, Said};
use crate::messenger::Rejected;
use crate::messenger::dingtalk::PLATFORM;
use crate::messenger::dingtalk::place::private_chat;

/// The parameter of a button that holds the sealed want.
pub const SEALED: &str = "w";
/// The parameter that a form's fields come in.
const FORM: &str = "form";

/// The body over HTTP, the data in Stream mode. Some pages of the documentation show the first three only.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Callback {
    out_track_id: String,
    user_id: String,
    content: Value,
    #[serde(default, deserialize_with = "field::text")]
    corp_id: Option<String>,
    #[serde(default, deserialize_with = "field::text")]
    space_type: Option<String>,
    #[serde(default, deserialize_with = "field::text")]
    space_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    #[serde(default)]
    card_private_data: Pressed,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Pressed {
    action_ids: Vec<Value>,
    params: Value,
}

/// What stands for the id of a callback that has none.
pub fn fingerprint(timestamp: &str, body: &[u8]) -> String {
    hex::encode(Sha256::new().chain_update(timestamp).chain_update("\n").chain_update(body).finalize())
}

impl Door {
    /// The press in a body that was proved; `id` is the same when it comes again.
    pub(super) fn click(&self, id: &str, body: &[u8], now: Timestamp) -> Result<Received, Rejected> {
        let callback = object::<Callback>(body)?;
        // A derived reader would also take an array for an object.
        let content = Some(field::unpacked(&callback.content)).filter(Value::is_object);
        let content = content.and_then(|content| serde_json::from_value::<Content>(content).ok());
        let pressed = content.ok_or(Rejected::Unreadable)?.card_private_data;
        if callback.user_id.is_empty() || callback.out_track_id.is_empty() {
            return Err(Rejected::Unreadable);
        }
        let params = field::unpacked(&pressed.params);
        if pressed.action_ids.is_empty() && params.get(SEALED).is_none() {
            return Ok(Received::Nothing("a card callback without a button"));
        }
        let (chat, kind) = callback.chat();
        let place = place(chat, kind, &callback.out_track_id);
        let account = account(callback.corp_id, callback.user_id);
        let sealed = params.get(SEALED).and_then(Value::as_str);
        let Some(pressed) = sealed.and_then(|sealed| self.seal.open(sealed, now)) else {
            return Ok(Received::Stale { account, place });
        };
        let said =
            Said::Press { want: pressed.want, values: values(&params), drawing: Some(pressed.drawing) };
        Ok(Received::Heard(Inbound { event: format!("{PLATFORM}/card/{id}"), account, place, said }))
    }
}

impl Callback {
    /// A card outside of a group is taken for one of the private chat of who pressed it.
    fn chat(&self) -> (ChatId, PlaceKind) {
        match (self.space_type.as_deref(), &self.space_id) {
            (Some("IM_GROUP"), Some(group)) => (ChatId::new(&**group), PlaceKind::Group),
            _ => (private_chat(&self.user_id), PlaceKind::Private),
        }
    }
}

/// The form's values as typed; what was left empty is empty.
fn values(params: &Value) -> FormValues {
    match params.get(FORM).map(field::unpacked) {
        Some(Value::Object(fields)) => {
            fields.iter().map(|(name, value)| (name.clone(), typed(value))).collect()
        }
        _ => FormValues::new(),
    }
}

/// One field. A choice comes as `{"index", "value"}`; several are joined with `,`.
fn typed(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(several) => several.iter().map(typed).collect::<Vec<_>>().join(","),
        Value::Object(choice) => choice.get("value").map(typed).unwrap_or_default(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}
