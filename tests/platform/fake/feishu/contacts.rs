//! People and departments, as far as the app may see them.
//!
//! Invariant: who is outside the app's range is left out of lists and refused alone; lists come in pages.

use serde_json::{Value, json};

use super::gate::{Call, Refusal};
use super::state::{Department, Person, State};

/// `POST users/batch_get_id`.
pub fn batch_get_id(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let list = |field: &str| {
        let list = call.body.get(field).and_then(Value::as_array).cloned().unwrap_or_default();
        list.into_iter().filter_map(|item| item.as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let (mails, mobiles) = (list("emails"), list("mobiles"));
    if mails.len() > 50 || mobiles.len() > 50 {
        return Err(Refusal::field("emails", "the max len is 50"));
    }
    let visible = |person: &&Person| person.available && !person.resigned && !person.foreign;
    let entry = |field: &str, asked: &str, found: Option<&Person>| match found {
        Some(person) => json!({"user_id": person.open_id, field: asked, "status": status(person)}),
        None => json!({field: asked}),
    };
    let people = || state.people.values().filter(visible);
    let by_mail = mails.iter().map(|mail| entry("email", mail, people().find(|p| p.email == *mail)));
    let by_mobile = mobiles.iter().map(|mobile| {
        let full = if mobile.starts_with('+') { mobile.clone() } else { format!("+86{mobile}") };
        entry("mobile", mobile, people().find(|p| p.mobile == full))
    });
    Ok(json!({"user_list": by_mail.chain(by_mobile).collect::<Vec<_>>()}))
}

/// `GET users/:id`.
pub fn user(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    match call.ids.first().and_then(|id| state.people.get(id)) {
        None => Err(Refusal::new(41_012, "user id invalid error")),
        Some(person) if !person.available => Err(Refusal::new(41_050, "no user authority error")),
        Some(person) if person.foreign => Err(Refusal::new(99_992_361, "open_id cross app")),
        Some(person) => Ok(json!({"user": shown(person)})),
    }
}

/// `GET users/find_by_department`.
pub fn find_by_department(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let asked = call.query.get("department_id").map(String::as_str).unwrap_or_default();
    let department = if asked == "0" { "0" } else { find(state, call, asked)?.open_id.as_str() };
    let people = state.people.values().filter(|p| p.department == department && p.available && !p.resigned);
    page(call, people.map(shown).collect())
}

/// `GET departments/:id`.
pub fn department(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let asked = call.ids.first().map(String::as_str).unwrap_or_default();
    let department = find(state, call, asked)?;
    Ok(json!({"department": shown_department(state, department)}))
}

/// `GET departments/:id/children?fetch_child=`.
pub fn children(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let asked = call.ids.first().map(String::as_str).unwrap_or_default();
    let top = if asked == "0" { "0".to_owned() } else { find(state, call, asked)?.open_id.clone() };
    let deep = call.query.get("fetch_child").is_some_and(|deep| deep == "true");
    let mut above = vec![top.as_str()];
    let mut found = Vec::new();
    // Parents stand before their children.
    for department in &state.departments {
        if above.contains(&department.parent.as_str()) {
            found.push(shown_department(state, department));
            if deep {
                above.push(&department.open_id);
            }
        }
    }
    page(call, found)
}

fn find<'a>(state: &'a State, call: &Call, asked: &str) -> Result<&'a Department, Refusal> {
    let is_custom = call.query.get("department_id_type").is_some_and(|kind| kind == "department_id");
    let is_it = |d: &&Department| if is_custom { d.id == asked } else { d.open_id == asked };
    state.departments.iter().find(is_it).ok_or_else(|| Refusal::new(40_008, "department id invalid"))
}

/// One page of a list; the token is where the next one begins.
fn page(call: &Call, all: Vec<Value>) -> Result<Value, Refusal> {
    let number = |field: &str| call.query.get(field).map(|text| text.parse::<usize>());
    let size = number("page_size").unwrap_or(Ok(10)).ok().filter(|size| (1..=50).contains(size));
    let size = size.ok_or_else(|| Refusal::field("page_size", "must be 1 to 50"))?;
    let from = number("page_token").unwrap_or(Ok(0)).ok().filter(|from| *from <= all.len());
    let from = from.ok_or_else(|| Refusal::field("page_token", "is not one of ours"))?;
    let items: Vec<_> = all.iter().skip(from).take(size).cloned().collect();
    let next = from + items.len();
    let mut page = json!({"has_more": next < all.len(), "items": items});
    if next < all.len() {
        page["page_token"] = json!(next.to_string());
    }
    Ok(page)
}

fn shown(person: &Person) -> Value {
    let bare = person.open_id.trim_start_matches("ou_");
    json!({
        "open_id": person.open_id,
        "union_id": format!("on_{bare}"),
        "user_id": format!("u{}", bare.chars().take(7).collect::<String>()),
        "name": person.name,
        "en_name": "",
        "email": person.email,
        "mobile": person.mobile,
        "status": status(person),
        "department_ids": [person.department],
        "leader_user_id": person.leader,
        "job_title": "",
    })
}

fn status(person: &Person) -> Value {
    json!({"is_frozen": false, "is_resigned": person.resigned, "is_activated": true, "is_exited": false,
        "is_unjoin": false})
}

fn shown_department(state: &State, department: &Department) -> Value {
    let members = state.people.values().filter(|person| person.department == department.open_id).count();
    let leaders = match department.leader.as_str() {
        "" => json!([]),
        leader => json!([{"leaderType": 1, "leaderID": leader}]),
    };
    json!({
        "name": department.name,
        "department_id": department.id,
        "open_department_id": department.open_id,
        "parent_department_id": department.parent,
        "leader_user_id": department.leader,
        "leaders": leaders,
        "chat_id": "",
        "order": "2000",
        "member_count": members,
        "status": {"is_deleted": false},
    })
}
