//! Messages: said, answered, replaced, edited, withdrawn, and buzzed about.
//!
//! Invariant: a receiver hears one message per key and hour; only cards of our own not older than 14 days are replaced.

use serde_json::{Value, json};

use super::gate::{Call, Refusal};
use super::state::{Author, Chat, Message, State, private_chat};
use super::{APP_ID, content, extras};

const FOURTEEN_DAYS: u64 = 14 * 24 * 3_600_000;
const LONGEST_KEY: usize = 50;

/// `POST messages?receive_id_type=`.
pub fn create(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let receiver = text(call, "receive_id")?;
    let chat = match call.query.get("receive_id_type").map(String::as_str) {
        Some("open_id") => private(state, receiver)?,
        Some("chat_id") => receiver.to_owned(),
        Some("union_id" | "user_id" | "email") => {
            return Err(Refusal::new(
                230_034,
                "The receive_id is invalid: the fake knows open_id and chat_id.",
            ));
        }
        _ => {
            return Err(Refusal::field(
                "receive_id_type",
                "options: [open_id,user_id,union_id,email,chat_id]",
            ));
        }
    };
    if !receiver.starts_with(if call.query["receive_id_type"] == "open_id" { "ou_" } else { "oc_" }) {
        return Err(Refusal::new(230_034, "The receive_id is invalid."));
    }
    say(state, call, &chat, None)
}

/// `POST messages/:id/reply`.
pub fn reply(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let parent = usable(state, call)?;
    let (chat, id) = (parent.chat.clone(), parent.id.clone());
    say(state, call, &chat, Some(id))
}

fn say(state: &mut State, call: &Call, chat: &str, parent: Option<String>) -> Result<Value, Refusal> {
    let (msg_type, said) = (text(call, "msg_type")?, text(call, "content")?);
    let key = match call.body.get("uuid") {
        None => None,
        Some(Value::String(key)) if key.len() <= LONGEST_KEY => Some(key.as_str()),
        Some(_) => return Err(Refusal::field("uuid", "the max length is 50")),
    };
    extras::check_bot(state)?;
    may_speak(state, chat)?;
    content::check(state, msg_type, said)?;
    if let Some(id) = key.and_then(|key| state.said_under(chat, key)) {
        return Ok(state.message(&id).map(shown).unwrap_or_default());
    }
    limit(state, &format!("chat {chat}"))?;
    let in_thread = call.body.get("reply_in_thread").and_then(Value::as_bool).unwrap_or(false);
    let message = Message::new(chat, Author::Bot, msg_type, said.to_owned());
    let id = state.keep(Message { parent, in_thread, ..message });
    if let Some(key) = key {
        state.remember(chat, key, &id);
    }
    Ok(state.message(&id).map(shown).unwrap_or_default())
}

/// `PATCH messages/:id`: another card.
pub fn patch(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let said = text(call, "content")?;
    let message = own(state, call)?;
    if message.msg_type != "interactive" {
        return Err(Refusal::new(
            230_001,
            "Your request contains an invalid request parameter, ext=This message is NOT a card.",
        ));
    }
    if state.now() > message.created + FOURTEEN_DAYS {
        return Err(Refusal::new(230_031, "The message is too old to be updated."));
    }
    let id = message.id.clone();
    content::check(state, "interactive", said)?;
    limit(state, &format!("update {id}"))?;
    replace(state, &id, said);
    Ok(json!({}))
}

/// `PUT messages/:id`: another text.
pub fn edit(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let (msg_type, said) = (text(call, "msg_type")?, text(call, "content")?);
    let message = own(state, call)?;
    if message.msg_type == "interactive" || !["text", "post"].contains(&msg_type) {
        return Err(Refusal::new(
            230_001,
            "Your request contains an invalid request parameter, ext=not a text.",
        ));
    }
    if message.edits >= 20 {
        return Err(Refusal::new(230_072, "The message has reached its edit limit."));
    }
    let id = message.id.clone();
    content::check(state, msg_type, said)?;
    replace(state, &id, said);
    if let Some(message) = state.message_mut(&id) {
        message.edits += 1;
    }
    Ok(state.message(&id).map(shown).unwrap_or_default())
}

/// `GET messages/:id`.
pub fn get(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    Ok(json!({"items": [shown(usable(state, call)?)]}))
}

/// `DELETE messages/:id`.
pub fn recall(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let id = own(state, call)?.id.clone();
    if let Some(message) = state.message_mut(&id) {
        message.withdrawn = true;
    }
    Ok(json!({}))
}

/// `PATCH messages/:id/urgent_app?user_id_type=`.
pub fn urgent(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    if call.query.get("user_id_type").is_none_or(|kind| kind != "open_id") {
        return Err(Refusal::field("user_id_type", "is required"));
    }
    let message = own(state, call)?;
    let id = message.id.clone();
    let people = call.body.get("user_id_list").and_then(Value::as_array).into_iter().flatten();
    let people: Vec<_> = people.filter_map(Value::as_str).map(str::to_owned).collect();
    let chat = state.chats.get(&message.chat);
    let (good, bad): (Vec<_>, Vec<_>) =
        people.into_iter().partition(|person| chat.is_some_and(|chat| chat.members.contains(person)));
    if good.is_empty() {
        return Err(Refusal::new(
            230_001,
            "Your request contains an invalid request parameter, ext=no valid user.",
        ));
    }
    if let Some(message) = state.message_mut(&id) {
        message.buzzed.extend(good);
    }
    Ok(json!({"invalid_user_id_list": bad}))
}

/// A person's private chat with the bot; it is there once something is said in it.
fn private(state: &mut State, open_id: &str) -> Result<String, Refusal> {
    if open_id.starts_with("ou_") {
        state.reachable(open_id)?;
    }
    let id = private_chat(open_id);
    let members = [open_id.to_owned()].into();
    let chat = || Chat { members, is_private: true, ..Chat::new(&id, "") };
    state.chats.entry(id.clone()).or_insert_with(chat);
    Ok(id)
}

fn may_speak(state: &State, chat: &str) -> Result<(), Refusal> {
    match state.chats.get(chat) {
        None => Err(Refusal::new(230_034, "The receive_id is invalid.")),
        Some(chat) if chat.dissolved => Err(Refusal::new(232_009, "The chat has been dissolved.")),
        Some(chat) if !chat.has_bot => Err(Refusal::new(230_002, "The bot can not be outside the group.")),
        Some(chat) if chat.muted => Err(Refusal::new(230_035, "Send Message Permission deny.")),
        Some(chat) if chat.is_private => {
            chat.members.iter().try_for_each(|open_id| state.reachable(open_id).map(drop))
        }
        Some(_) => Ok(()),
    }
}

fn limit(state: &mut State, key: &str) -> Result<(), Refusal> {
    state
        .count(key, 5, usize::MAX)
        .map_err(|_| Refusal::new(230_020, "This operation triggers the frequency limit."))
}

fn replace(state: &mut State, id: &str, said: &str) {
    state.shown.push((id.to_owned(), said.to_owned()));
    let now = state.now();
    if let Some(message) = state.message_mut(id) {
        message.content = said.to_owned();
        message.updated = now;
    }
}

/// The message of the path, if it can still be seen.
fn usable<'a>(state: &'a State, call: &Call) -> Result<&'a Message, Refusal> {
    let id = call.ids.first().map(String::as_str).unwrap_or_default();
    match state.message(id) {
        None => Err(Refusal::new(99_992_354, "The request you send is not a valid {message_id}")),
        Some(message) if message.withdrawn => Err(Refusal::new(230_011, "The message was withdrawn.")),
        Some(message) => Ok(message),
    }
}

fn own<'a>(state: &'a State, call: &Call) -> Result<&'a Message, Refusal> {
    let message = usable(state, call)?;
    match message.author {
        Author::Bot => Ok(message),
        Author::Person(_) => Err(Refusal::new(230_012, "The operator is not the sender of the message.")),
    }
}

fn text<'a>(call: &'a Call, field: &str) -> Result<&'a str, Refusal> {
    let value = call.body.get(field).ok_or_else(|| Refusal::field(field, "is required"))?;
    value.as_str().ok_or_else(|| Refusal::field(field, "must be a string"))
}

/// A message as answers show it.
fn shown(message: &Message) -> Value {
    let (id, id_type, sender_type) = match &message.author {
        Author::Bot => (APP_ID, "app_id", "app"),
        Author::Person(open_id) => (open_id.as_str(), "open_id", "user"),
    };
    let mut shown = json!({
        "message_id": message.id,
        "msg_type": message.msg_type,
        "create_time": message.created.to_string(),
        "update_time": message.updated.to_string(),
        "deleted": message.withdrawn,
        "updated": message.updated > message.created,
        "chat_id": message.chat,
        "sender": {"id": id, "id_type": id_type, "sender_type": sender_type, "tenant_key": "2ca1d211f64f6438"},
        "body": {"content": message.content},
    });
    if let Some(parent) = &message.parent {
        shown["root_id"] = json!(parent);
        shown["parent_id"] = json!(parent);
    }
    if message.in_thread {
        let thread = message.parent.as_deref().unwrap_or(&message.id).trim_start_matches("om_");
        shown["thread_id"] = json!(format!("omt_{thread}"));
    }
    shown
}
