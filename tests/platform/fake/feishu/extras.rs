//! The calls at the edge: the bot itself, tasks, many at once, for one pair of eyes, and where the long connection is.
//!
//! Invariant: they accept what the official client was recorded to send, and keep nothing.

use serde_json::{Value, json};

use super::gate::{Call, Refusal, check_secret};
use super::state::State;
use super::{BOT, content};

/// `GET bot/v3/info`: answers at the top.
pub fn bot_info(state: &mut State, _: &Call) -> Result<Value, Refusal> {
    check_bot(state)?;
    let bot = json!({"activate_status": 2, "app_name": "协同助手", "avatar_url": "", "ip_white_list": [],
        "open_id": BOT});
    Ok(json!({"code": 0, "msg": "ok", "bot": bot}))
}

/// Refuses what only a bot can do, while there is none.
pub fn check_bot(state: &State) -> Result<(), Refusal> {
    if state.bot_on { Ok(()) } else { Err(Refusal::new(230_006, "Bot ability is not activated.")) }
}

/// `POST tasks`.
pub fn task(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    if call.body.get("summary").and_then(Value::as_str).is_none_or(str::is_empty) {
        return Err(Refusal::field("summary", "is required"));
    }
    let mut task = call.body.clone();
    task["guid"] = json!(state.fresh("task-"));
    task["status"] = json!("todo");
    task["completed_at"] = json!("0");
    task["url"] = json!("https://applink.feishu.cn/client/todo/detail");
    task["created_at"] = json!(state.now().to_string());
    Ok(json!({"task": task}))
}

/// `POST message/v4/batch_send/`: here the content is an object.
pub fn batch_send(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    if !call.body.get("content").or(call.body.get("card")).is_some_and(Value::is_object) {
        return Err(Refusal::new(9499, "Bad Request: content must be an object"));
    }
    let people = call.body.get("open_ids").and_then(Value::as_array).into_iter().flatten();
    let invalid: Vec<_> =
        people.filter(|id| state.reachable(id.as_str().unwrap_or_default()).is_err()).collect();
    let lists = json!({"invalid_open_ids": invalid, "invalid_department_ids": [], "invalid_user_ids": [],
        "invalid_union_ids": []});
    let mut answer = lists;
    answer["message_id"] = json!(state.fresh("bm-"));
    Ok(answer)
}

/// `POST ephemeral/v1/send`: here the card is an object.
pub fn ephemeral(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let card = call.body.get("card").filter(|card| card.is_object());
    let card = card.ok_or_else(|| Refusal::new(9499, "Bad Request: card must be an object"))?;
    content::check(state, "interactive", &card.to_string())?;
    Ok(json!({"message_id": state.fresh("om_")}))
}

/// `POST /callback/ws/endpoint`: the shape only; nothing listens there.
pub fn endpoint(_: &mut State, call: &Call) -> Result<Value, Refusal> {
    check_secret(call.body.get("AppID"), call.body.get("AppSecret"))
        .map_err(|_| Refusal { status: 200, ..Refusal::new(514, "auth failed") })?;
    let config =
        json!({"ReconnectCount": -1, "ReconnectInterval": 120, "ReconnectNonce": 30, "PingInterval": 120});
    let url = "ws://127.0.0.1:9/ws/v2?device_id=7334853990310534931&service_id=33554678";
    Ok(json!({"URL": url, "ClientConfig": config}))
}
