//! The directory calls of the old host.

use serde_json::{Value, json};

use super::gate::{Call, Refusal};
use super::state::{Department, Person, State};

fn number(call: &Call, field: &str) -> Result<i64, Refusal> {
    call.body.get(field).and_then(Value::as_i64).ok_or_else(|| Refusal::old(40_035))
}

fn done(result: &Value) -> Value {
    json!({"errcode": 0, "errmsg": "ok", "result": result, "request_id": "r"})
}

/// As the documentation's samples have it: some booleans are texts.
fn shown(person: &Person) -> Value {
    let leads = |department: &i64| json!({"dept_id": department, "leader": person.leads.contains(department).to_string()});
    json!({"userid": person.id, "unionid": format!("un_{}", person.id), "name": person.name,
        "title": "", "mobile": person.mobile, "active": person.active.to_string(),
        "dept_id_list": person.departments,
        "leader_in_dept": person.departments.iter().map(leads).collect::<Vec<_>>()})
}

/// The people of a department, in pages.
pub fn users(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let (department, from, size) = (number(call, "dept_id")?, number(call, "cursor")?, number(call, "size")?);
    if !(1..=100).contains(&size) {
        return Err(Refusal::old(40_035));
    }
    if department != 1 && !state.departments.iter().any(|known| known.id == department) {
        return Err(Refusal::old(60_003));
    }
    let (from, size) = (usize::try_from(from).unwrap_or_default(), usize::try_from(size).unwrap_or_default());
    let all: Vec<_> = state.people.iter().filter(|person| person.departments.contains(&department)).collect();
    let page: Vec<_> = all.iter().skip(from).take(size).map(|person| shown(person)).collect();
    let mut result = json!({"list": page, "has_more": from + size < all.len()});
    if from + size < all.len() {
        result["next_cursor"] = json!(from + size);
    }
    Ok(done(&result))
}

/// One person.
pub fn user(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let person = state.person(call.text("userid")?).ok_or_else(|| Refusal::old(33_012))?;
    Ok(done(&shown(person)))
}

fn brief(department: &Department) -> Value {
    json!({"dept_id": department.id, "name": department.name, "parent_id": department.parent})
}

/// The departments right below one.
pub fn below(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let above = number(call, "dept_id")?;
    let below: Vec<_> = state.departments.iter().filter(|one| one.parent == above).map(brief).collect();
    Ok(done(&json!(below)))
}

/// One department with its heads.
pub fn department(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let id = number(call, "dept_id")?;
    let known = state.departments.iter().find(|one| one.id == id).ok_or_else(|| Refusal::old(60_003))?;
    let mut shown = brief(known);
    shown["dept_manager_userid_list"] = json!(known.heads);
    Ok(done(&shown))
}
