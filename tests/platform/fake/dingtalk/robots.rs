//! What robots say: to people, in groups, through webhooks.
//!
//! Invariant: a message has one of the documented shapes with nothing but texts in it, or it is refused.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::gate::{Call, Refusal};
use super::state::State;
use super::{CLIENT_ID, ROBOT_SECRET, ROBOT_TOKEN};

/// Bytes of a `msgParam`.
const MOST: usize = 15_000;
/// People at once.
const MOST_PEOPLE: usize = 20;

/// Kind and the fields that it has, all of them.
fn fields(kind: &str) -> Option<Vec<String>> {
    let named = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    match kind {
        "sampleText" => named(&["content"]),
        "sampleMarkdown" => named(&["title", "text"]),
        "sampleActionCard" => named(&["title", "text", "singleTitle", "singleURL"]),
        _ => {
            let many: usize = kind.strip_prefix("sampleActionCard")?.parse().ok()?;
            let buttons = (1..=many).flat_map(|n| [format!("actionTitle{n}"), format!("actionURL{n}")]);
            let all = ["title".to_owned(), "text".to_owned()].into_iter().chain(buttons).collect();
            (2..=5).contains(&many).then_some(all)
        }
    }
}

/// The `msgParam`, read.
fn content(call: &Call) -> Result<(String, Value), Refusal> {
    let (kind, param) = (call.text("msgKey")?, call.text("msgParam")?);
    let wanted = fields(kind).ok_or_else(|| Refusal::new("invalidParameter.msgKey.invalid"))?;
    let bad = || Refusal::new("invalidParameter.msgParam.invalid");
    let read: Value = serde_json::from_str(param).map_err(|_| bad())?;
    let given = read.as_object().ok_or_else(bad)?;
    let all_there = wanted.iter().all(|field| given.get(field).is_some_and(is_said));
    if param.len() > MOST || !all_there || given.len() != wanted.len() {
        return Err(bad());
    }
    let is_address = |name: &str| name.to_lowercase().contains("url");
    let addresses = given.iter().filter(|(name, _)| is_address(name));
    let good = |url: &Value| {
        let schemes = ["https://", "dingtalk://", "dtmd://"];
        url.as_str().is_some_and(|url| schemes.iter().any(|scheme| url.starts_with(scheme)))
    };
    if !addresses.map(|(_, url)| url).all(good) {
        return Err(bad());
    }
    Ok((kind.to_owned(), read))
}

fn is_said(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

fn robot(call: &Call) -> Result<(), Refusal> {
    match call.text("robotCode")? {
        CLIENT_ID => Ok(()),
        _ => Err(Refusal::new("invalidParameter.robotCode.auth")),
    }
}

fn people(call: &Call, field: &str) -> Result<Vec<String>, Refusal> {
    let ids = call.body.get(field).and_then(Value::as_array).into_iter().flatten();
    let ids: Vec<String> = ids.filter_map(|id| id.as_str().map(str::to_owned)).collect();
    match ids.len() {
        0 => Err(Refusal::new(&format!("miss.param.{field}"))),
        1..=MOST_PEOPLE => Ok(ids),
        _ => Err(Refusal::new("invalidParameter.userIds.tooMany")),
    }
}

/// To people; who cannot be reached is only named.
pub fn batch_send(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    robot(call)?;
    let (ids, (kind, content)) = (people(call, "userIds")?, content(call)?);
    let (known, invalid): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| state.person(id).is_some());
    let (filtered, known): (Vec<_>, Vec<_>) = known.into_iter().partition(|id| state.filtered.contains(id));
    let (flooded, reached): (Vec<_>, Vec<_>) = known.into_iter().partition(|id| state.flooded.contains(id));
    for id in &reached {
        state.say(id, &kind, content.clone());
    }
    Ok(json!({"processQueryKey": format!("key{}=", state.messages.len()), "invalidStaffIdList": invalid,
        "flowControlledStaffIdList": flooded, "filteredStaffIdList": filtered}))
}

/// In a group.
pub fn group_send(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    robot(call)?;
    let (kind, content) = content(call)?;
    let group = call.text("openConversationId")?.to_owned();
    if !state.groups.contains(&group) {
        return Err(Refusal::new("resource.not.found"));
    }
    Ok(json!({"processQueryKey": state.say(&group, &kind, content)}))
}

/// Buzzes.
pub fn ding(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    robot(call)?;
    let (ids, content) = (people(call, "receiverUserIdList")?, call.text("content")?.to_owned());
    if !matches!(call.body.get("remindType").and_then(Value::as_i64), Some(1..=3)) {
        return Err(Refusal::new("invalidParameter.remindType"));
    }
    for id in &ids {
        state.say(id, "ding", json!(content));
    }
    Ok(json!({"openDingId": "ding1", "failedList": {}}))
}

/// The shape that webhooks take.
fn webhook(body: &Value) -> Result<String, Refusal> {
    let text = |path: &str| body.pointer(path).is_some_and(is_said);
    let kind = body.get("msgtype").and_then(Value::as_str).unwrap_or_default();
    let buttons = || {
        let buttons = body.pointer("/actionCard/btns").and_then(Value::as_array).into_iter().flatten();
        buttons.clone().count() > 0
            && buttons.clone().all(|button| ["title", "actionURL"].iter().all(|name| is_said(&button[*name])))
    };
    let good = match kind {
        "text" => text("/text/content"),
        "markdown" => text("/markdown/title") && text("/markdown/text"),
        "actionCard" => text("/actionCard/title") && text("/actionCard/text") && buttons(),
        _ => false,
    };
    if good { Ok(kind.to_owned()) } else { Err(Refusal::old(40_035)) }
}

/// An answer through the webhook that came with a message.
pub fn by_session(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let session = call.query.get("session").cloned().unwrap_or_default();
    if state.ended.contains(&session) {
        return Err(Refusal::old(300_001));
    }
    let kind = webhook(&call.body)?;
    state.say(&session, &kind, call.body.clone());
    Ok(json!({"errcode": 0, "errmsg": "ok"}))
}

/// A group's own robot, which takes a key.
pub fn custom(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let query = |name: &str| call.query.get(name).map(String::as_str).unwrap_or_default();
    if query("access_token") != ROBOT_TOKEN {
        return Err(Refusal::old(400_101));
    }
    let signed = format!("{}\n{ROBOT_SECRET}", query("timestamp"));
    let mut mac = Hmac::<Sha256>::new_from_slice(ROBOT_SECRET.as_bytes()).map_err(|_| Refusal::old(-1))?;
    mac.update(signed.as_bytes());
    if query("sign") != STANDARD.encode(mac.finalize().into_bytes()) {
        return Err(Refusal::old(310_000));
    }
    let kind = webhook(&call.body)?;
    let uuid = call.text("msgUuid")?.to_owned();
    if state.uuids.insert(uuid) {
        state.say("robot", &kind, call.body.clone());
    }
    Ok(json!({"errcode": 0, "errmsg": "ok"}))
}
