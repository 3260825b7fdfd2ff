//! Organisation events about people and departments: whom they are about, and what DingTalk shows of them now.
//!
//! Invariant: only what DingTalk shows now is laid over the directory; an event that names nobody is nothing.

use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::PLATFORM;
use super::api::{Api, ApiError, Class};
use super::bot::DingTalk;
use super::people::{ROOT, User, result, unit};
use crate::domain::directory::merge::{Member, Unit};
use crate::domain::directory::part::Part;
use crate::messenger::staff::{self, Moved, Register, RegisterError, Seen, Shows};

/// What an event of this kind is about; several, where it names several departments.
pub fn moved(kind: &str, fields: &Value) -> Vec<Moved> {
    let people = || ids(fields, ["UserId", "userId"]);
    match kind {
        "user_add_org" | "user_modify_org" => some(people()).map(Moved::People).into_iter().collect(),
        "user_leave_org" => some(people()).map(Moved::Left).into_iter().collect(),
        "org_dept_create" | "org_dept_modify" => {
            let departments = ids(fields, ["DeptId", "deptId"]).into_iter();
            departments.map(|id| Moved::Department { id, former: None }).collect()
        }
        _ => Vec::new(),
    }
}

fn some(ids: Vec<String>) -> Option<Vec<String>> {
    (!ids.is_empty()).then_some(ids)
}

/// The ids under one of these names: a list, one alone, numbers or texts.
fn ids(fields: &Value, names: [&str; 2]) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match names.iter().find_map(|name| fields.get(name)) {
        Some(Value::Array(all)) => all.iter().filter_map(text).collect(),
        Some(one) => text(one).into_iter().collect(),
        None => Vec::new(),
    }
}

impl Register for DingTalk {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn part<'a>(&'a self, moved: &'a Moved) -> BoxFuture<'a, Result<Part, RegisterError>> {
        Box::pin(async move { staff::part(self.api(), moved).await.map_err(refusal) })
    }
}

impl Shows for Api {
    type Person = User;
    type Error = ApiError;

    async fn person(&self, account: &str) -> Result<Seen<User>, ApiError> {
        let asked = json!({"userid": account, "language": "zh_CN"});
        let Some(shown) = seen(result(self, "/topapi/v2/user/get", &asked).await)? else {
            return Ok(Seen::Nowhere);
        };
        let user = serde_json::from_value(shown).map_err(|error| {
            ApiError::new(Class::Other, format!("DingTalk shows a person in another shape: {error}"))
        })?;
        Ok(Seen::Here(user))
    }

    fn departments(person: &User) -> Vec<String> {
        person.departments().filter(|id| *id != ROOT).map(|id| id.to_string()).collect()
    }

    async fn unit(&self, id: &str, with: Option<&User>) -> Result<Option<Unit>, ApiError> {
        match id.parse().ok().filter(|id| *id != ROOT) {
            Some(id) => seen(unit(self, id, with.map_or(&[], std::slice::from_ref)).await),
            None => Ok(None),
        }
    }

    fn member(person: User) -> Member {
        person.member(ROOT)
    }
}

/// Whoever or whatever is not there (any more) is nothing to lay over the directory; leaving has an event of its own.
fn seen<T>(found: Result<T, ApiError>) -> Result<Option<T>, ApiError> {
    match found {
        Err(error) if error.class == Class::Receiver => Ok(None),
        found => found.map(Some),
    }
}

fn refusal(error: ApiError) -> RegisterError {
    match error.class {
        Class::Token | Class::Limit | Class::Banned | Class::Retry | Class::Unclear => {
            RegisterError::Away(error.why)
        }
        _ => RegisterError::Refused(error.why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_however_they_are_written_and_other_kinds_are_nothing() {
        let people = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let of = |kind, fields| moved(kind, &fields);
        assert_eq!(of("user_leave_org", json!({"UserId": ["a", "b"]})), [Moved::Left(people(&["a", "b"]))]);
        assert_eq!(of("user_modify_org", json!({"userId": "a"})), [Moved::People(people(&["a"]))]);
        assert_eq!(of("user_add_org", json!({"UserId": []})), []);
        assert_eq!(of("user_add_org", json!({"UserId": {"x": 1}})), []);
        let department = |id: &str| Moved::Department { id: id.to_owned(), former: None };
        assert_eq!(of("org_dept_modify", json!({"DeptId": [2, "3"]})), [department("2"), department("3")]);
        assert_eq!(of("org_dept_create", json!({"deptId": [4]})), [department("4")]);
        assert_eq!(of("org_dept_remove", json!({"deptId": [4]})), []);
        assert_eq!(of("robot_msg_read", json!({"UserId": ["a"]})), []);
        assert_eq!(of("user_leave_org", Value::Null), []);
    }
}
