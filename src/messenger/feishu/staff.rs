//! Events about people and departments: whom they are about, and what Feishu shows of them now.
//!
//! Invariant: only what Feishu shows now is laid over the directory; whoever is out of the app's contact range is left
//! alone, because being out of range is not leaving.

use futures_util::future::BoxFuture;
use reqwest::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::PLATFORM;
use super::api::Api;
use super::bot::Feishu;
use super::envelope::Event;
use super::fault::{ApiError, Class};
use super::people::{Department, User, in_force};
use crate::domain::directory::merge::{Member, Unit};
use crate::domain::directory::part::Part;
use crate::messenger::staff::{self, Moved, Register, RegisterError, Seen, Shows};

const USERS: &str = "/open-apis/contact/v3/users";
const DEPARTMENTS: &str = "/open-apis/contact/v3/departments";
const IDS: [(&str, &str); 2] = [("user_id_type", "open_id"), ("department_id_type", "open_department_id")];

/// Nobody of that id, or nobody whom the app may see.
const UNSEEN: [i64; 4] = [41_012, 41_050, 40_008, 40_004];

/// What an event of `contact.user.*` and `contact.department.*` is about; of a range, who came into it.
#[derive(Deserialize)]
struct Change {
    #[serde(default)]
    object: Object,
    #[serde(default)]
    old_object: Object,
    #[serde(default)]
    added: Added,
}

#[derive(Default, Deserialize)]
struct Object {
    #[serde(default)]
    open_id: String,
    #[serde(default)]
    open_department_id: String,
    #[serde(default)]
    name: String,
}

#[derive(Default, Deserialize)]
struct Added {
    #[serde(default)]
    users: Option<Vec<Object>>,
}

fn change(event: &Event) -> Option<Change> {
    serde_json::from_str(event.body.get()).ok()
}

/// Somebody is new, or otherwise.
pub fn person(event: &Event) -> Option<Moved> {
    change(event).map(|c| c.object.open_id).filter(|id| !id.is_empty()).map(|id| Moved::People(vec![id]))
}

/// Somebody has left.
pub fn left(event: &Event) -> Option<Moved> {
    change(event).map(|c| c.object.open_id).filter(|id| !id.is_empty()).map(|id| Moved::Left(vec![id]))
}

/// A department is otherwise.
pub fn department(event: &Event) -> Option<Moved> {
    let Change { object, old_object, .. } = change(event)?;
    let id = Some(object.open_department_id).filter(|id| !id.is_empty())?;
    let former = Some(old_object.name).filter(|name| !name.is_empty() && *name != object.name);
    Some(Moved::Department { id, former })
}

/// People came into the range of what the app may see.
pub fn range(event: &Event) -> Option<Moved> {
    let added = change(event)?.added.users.unwrap_or_default();
    let people: Vec<_> = added.into_iter().map(|user| user.open_id).filter(|id| !id.is_empty()).collect();
    (!people.is_empty()).then_some(Moved::People(people))
}

impl Register for Feishu {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn part<'a>(&'a self, moved: &'a Moved) -> BoxFuture<'a, Result<Part, RegisterError>> {
        Box::pin(async move { staff::part(self.api(), moved).await.map_err(refusal) })
    }
}

impl Shows for Api {
    type Person = Member;
    type Error = ApiError;

    async fn person(&self, account: &str) -> Result<Seen<Member>, ApiError> {
        let found = one::<User>(self, &format!("{USERS}/{account}"), "user").await?;
        Ok(found.map_or(Seen::Nowhere, |user| in_force(user).map_or(Seen::Left, Seen::Here)))
    }

    fn departments(person: &Member) -> Vec<String> {
        person.departments.clone()
    }

    async fn unit(&self, id: &str, _with: Option<&Member>) -> Result<Option<Unit>, ApiError> {
        let found = one::<Department>(self, &format!("{DEPARTMENTS}/{id}"), "department").await?;
        Ok(found.and_then(Department::in_force))
    }

    fn member(person: Member) -> Member {
        person
    }
}

/// One thing that the app may see.
async fn one<T: DeserializeOwned>(api: &Api, path: &str, field: &str) -> Result<Option<T>, ApiError> {
    let mut answer = match api.call(Method::GET, path, &IDS, None).await {
        Ok(answer) => answer,
        Err(error) if error.code.is_some_and(|code| UNSEEN.contains(&code)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let found = answer.get_mut(field).map(serde_json::Value::take).unwrap_or_default();
    serde_json::from_value(found).map(Some).map_err(|error| {
        ApiError::new(Class::Other, None, format!("Feishu shows a {field} in another shape: {error}"))
    })
}

fn refusal(error: ApiError) -> RegisterError {
    match error.class {
        Class::Token | Class::Limit | Class::Retry | Class::Unclear => RegisterError::Away(error.why),
        _ => RegisterError::Refused(error.why),
    }
}
