//! Interactive cards: created where they are delivered, replaced as a whole.
//!
//! Invariant: every parameter is a text within the documented sizes, or the call is refused.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::CLIENT_ID;
use super::gate::{Call, Refusal};
use super::state::{Card, State};

/// Bytes of a parameter's name and of its value.
const SIZES: (usize, usize) = (100, 1_024);

fn data(call: &Call) -> Result<BTreeMap<String, String>, Refusal> {
    let map = call.body.pointer("/cardData/cardParamMap").and_then(Value::as_object);
    let map = map.ok_or_else(|| Refusal::new("param.cardDataEmpty"))?;
    let mut data = BTreeMap::new();
    for (name, value) in map {
        let value = value.as_str().ok_or_else(|| Refusal::new("param.cardParamMapError"))?;
        if name.len() > SIZES.0 || value.len() > SIZES.1 {
            return Err(Refusal::new("param.cardParamTooLong"));
        }
        data.insert(name.clone(), value.to_owned());
    }
    Ok(data)
}

/// A new card in a group or a private chat. A delivery that fails is a success all the same.
pub fn create(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let (template, id) = (call.text("cardTemplateId")?, call.text("outTrackId")?.to_owned());
    if !state.templates.contains(template) {
        return Err(Refusal::new("param.templateNotExist"));
    }
    if id.len() > 64 {
        return Err(Refusal::new("param.outTrackIdTooLong"));
    }
    if state.cards.contains_key(&id) {
        return Err(Refusal::new("param.cardAlreadyExist"));
    }
    let kind = call.text("callbackType")?;
    if kind != "STREAM" && (kind != "HTTP" || call.text("callbackRouteKey").is_err()) {
        return Err(Refusal::new("param.callbackTypeError"));
    }
    let data = data(call)?;
    let bad_space = || Refusal::new("param.openSpaceIdInvalid");
    let space = call.text("openSpaceId")?.strip_prefix("dtv1.card//").ok_or_else(bad_space)?;
    let (space_type, to) = space.split_once('.').ok_or_else(bad_space)?;
    let delivered = match space_type {
        "IM_GROUP" => {
            if call.body.pointer("/imGroupOpenDeliverModel/robotCode") != Some(&json!(CLIENT_ID)) {
                return Err(Refusal::new("param.openDeliverModelError"));
            }
            state.groups.contains(to)
        }
        "IM_ROBOT" => {
            if call.body.pointer("/imRobotOpenDeliverModel/spaceType") != Some(&json!("IM_ROBOT")) {
                return Err(Refusal::new("param.openDeliverModelEmpty"));
            }
            state.person(to).is_some()
        }
        _ => return Err(bad_space()),
    };
    state.cards.insert(id.clone(), Card { data: data.clone(), space: space.to_owned() });
    if delivered {
        state.say(to, "card", json!(data));
    }
    let result = json!({"spaceType": space_type, "spaceId": to, "success": delivered, "carrierId": "c1",
        "errorMsg": if delivered { "" } else { "space not found" }});
    Ok(json!({"success": true, "result": {"outTrackId": id, "deliverResults": [result]}}))
}

/// Where presses on cards go from now on.
pub fn register(_: &mut State, call: &Call) -> Result<Value, Refusal> {
    let (url, secret) = (call.text("callbackUrl")?, call.text("apiSecret")?);
    call.text("callbackRouteKey")?;
    if !url.starts_with("http") {
        return Err(Refusal::new("param.callbackUrlInvalid"));
    }
    Ok(json!({"success": true, "result": {"callbackUrl": url, "apiSecret": secret}}))
}

/// Other parameters in place of all that there were.
pub fn update(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let (id, data) = (call.text("outTrackId")?, data(call)?);
    let card = state.cards.get_mut(id).ok_or_else(|| Refusal::new("param.cardNotExist"))?;
    card.data = data;
    Ok(json!({"success": true, "result": true}))
}
