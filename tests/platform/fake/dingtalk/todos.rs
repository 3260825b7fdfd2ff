//! Lists of things to do (待办), by `unionId`.
//!
//! Invariant: one `sourceId` is one item; whoever asks is the one in the path.

use serde_json::{Value, json};

use super::gate::{Call, Refusal};
use super::state::{State, Todo};

/// The part of the path after `users`; refused if the operator is somebody else.
fn owner(call: &Call) -> Result<String, Refusal> {
    let owner = call.path.split('/').nth(4).unwrap_or_default();
    match call.query.get("operatorId") {
        Some(operator) if operator == owner => Ok(owner.to_owned()),
        _ => Err(Refusal::new("todo.operatorId.invalid")),
    }
}

/// A new item.
pub fn create(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let (owner, source) = (owner(call)?, call.text("sourceId")?.to_owned());
    if !state.people.iter().any(|person| format!("un_{}", person.id) == owner) {
        return Err(Refusal::new("todo.user.notExist"));
    }
    let page = |name: &str| call.body["detailUrl"][name].as_str().is_some_and(|url| url.starts_with("http"));
    let is_theirs = call.text("creatorId")? == owner && call.body["executorIds"] == json!([owner]);
    if !page("appUrl") || !page("pcUrl") || !is_theirs || !call.body["dueTime"].is_i64() {
        return Err(Refusal::new("todo.param.invalid"));
    }
    if state.todos.contains_key(&source) {
        return Err(Refusal::new("todo.taskCreate.paramError"));
    }
    let subject = call.text("subject")?.to_owned();
    let id = format!("task{}", state.todos.len() + 1);
    state.todos.insert(source, Todo { id: id.clone(), owner, subject, is_done: false });
    Ok(json!({"id": id, "done": false}))
}

/// Another state of an item.
pub fn update(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let (owner, id) = (owner(call)?, call.path.split('/').nth(6).unwrap_or_default());
    let mut todos = state.todos.values_mut();
    let found = todos.find(|todo| todo.id == id && todo.owner == owner);
    let todo = found.ok_or_else(|| Refusal::new("todo.task.notExist"))?;
    todo.is_done = call.body["done"].as_bool().ok_or_else(|| Refusal::new("todo.param.invalid"))?;
    Ok(json!({"result": true}))
}
