//! Chats: made, shown, joined.
//!
//! Invariant: people outside the app's range never get into one.

use serde_json::{Value, json};

use super::gate::{Call, Refusal};
use super::state::{Chat, State};

/// `POST chats`.
pub fn create(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let key = call.query.get("uuid").cloned();
    if key.as_ref().is_some_and(|key| key.len() > 50) {
        return Err(Refusal::field("uuid", "the max length is 50"));
    }
    let made = key.as_ref().and_then(|key| state.said_under("chats", key));
    let id = match made {
        Some(id) => id,
        None => {
            let people = list(call, "user_id_list");
            if people.iter().any(|open_id| state.reachable(open_id).is_err()) {
                return Err(Refusal::new(232_043, "The list contains unavailable ids."));
            }
            let id = state.fresh("oc_");
            let name = call.body.get("name").and_then(Value::as_str).unwrap_or_default();
            let chat = Chat { members: people.into_iter().collect(), ..Chat::new(&id, name) };
            state.chats.insert(id.clone(), chat);
            if let Some(key) = &key {
                state.remember("chats", key, &id);
            }
            id
        }
    };
    state.chats.get(&id).map(shown).ok_or_else(|| Refusal::new(232_006, "Chat id is invalid."))
}

/// `GET chats`: the groups that the bot is in.
pub fn list_all(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    no_bot(state)?;
    let size = call.query.get("page_size").map_or(Ok(20), |size| size.parse::<usize>());
    let Some(size) = size.ok().filter(|size| (1..=100).contains(size)) else {
        return Err(Refusal::field("page_size", "must be 1 to 100"));
    };
    let mine: Vec<_> = state.chats.values().filter(|chat| chat.has_bot && !chat.is_private).collect();
    let items: Vec<_> = mine.iter().take(size).map(|chat| shown(chat)).collect();
    Ok(json!({"items": items, "has_more": mine.len() > size, "page_token": ""}))
}

/// `GET chats/:id`.
pub fn get(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    no_bot(state)?;
    usable(state, call).map(|chat| shown(chat))
}

fn no_bot(state: &State) -> Result<(), Refusal> {
    if state.bot_on { Ok(()) } else { Err(Refusal::new(232_025, "Bot ability is not activated.")) }
}

/// `POST chats/:id/members`.
pub fn add(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let people = list(call, "id_list");
    let (good, bad): (Vec<_>, Vec<_>) =
        people.into_iter().partition(|open_id| state.reachable(open_id).is_ok());
    let takes_the_rest = call.query.get("succeed_type").is_some_and(|kind| kind == "1");
    if !bad.is_empty() && !takes_the_rest {
        return Err(Refusal::new(232_043, "The list contains unavailable ids."));
    }
    let known = |open_id: &&String| state.people.contains_key(*open_id);
    let invalid: Vec<_> = bad.iter().filter(known).cloned().collect();
    let missing: Vec<_> = bad.iter().filter(|id| !known(id)).cloned().collect();
    usable(state, call)?.members.extend(good);
    Ok(json!({"invalid_id_list": invalid, "not_existed_id_list": missing, "pending_approval_id_list": []}))
}

fn usable<'a>(state: &'a mut State, call: &Call) -> Result<&'a mut Chat, Refusal> {
    match call.ids.first().and_then(|id| state.chats.get_mut(id)) {
        None => Err(Refusal::new(232_006, "Chat id is invalid.")),
        Some(chat) if chat.dissolved => Err(Refusal::new(232_009, "The chat has been dissolved.")),
        Some(chat) if !chat.has_bot => Err(Refusal::new(232_011, "Operator can NOT be out of the chat.")),
        Some(chat) => Ok(chat),
    }
}

fn list(call: &Call, field: &str) -> Vec<String> {
    let list = call.body.get(field).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

fn shown(chat: &Chat) -> Value {
    json!({
        "chat_id": chat.id,
        "name": chat.name,
        "description": "",
        "owner_id": "",
        "owner_id_type": "open_id",
        "chat_mode": if chat.is_private { "p2p" } else { "group" },
        "chat_type": "private",
        "external": false,
        "tenant_key": "2ca1d211f64f6438",
        "user_count": chat.members.len().to_string(),
        "bot_count": u8::from(chat.has_bot).to_string(),
        "chat_status": if chat.dissolved { "dissolved" } else { "normal" },
    })
}
