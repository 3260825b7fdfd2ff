//! The company as DingTalk knows it: departments, who leads them, people.
//!
//! Invariant: only what DingTalk says is in the roster; a field that a missing permission hides is empty, which is not the
//! same as being nothing, and whoever has left is not listed any more. None of these calls is metered.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::Options;
use super::api::{Api, ApiError, Ask, Class};
use crate::clock::Clock;
use crate::domain::directory::merge::{Member, Roster, Unit};
use crate::messenger::net::NetError;

/// The whole organisation.
pub(super) const ROOT: i64 = 1;
/// The most that DingTalk gives in one page.
const PAGE: i64 = 100;
/// More pages than any department has: an answer that always promises more must not hold us for ever.
const MOST_PAGES: usize = 2_000;
/// More departments than any organisation has.
const MOST_DEPARTMENTS: usize = 20_000;

/// Why the roster could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// The network.
    #[error(transparent)]
    Net(#[from] NetError),
    /// DingTalk.
    #[error(transparent)]
    Api(#[from] ApiError),
}

/// Departments and people within the application's range.
pub async fn roster(options: &Options, clock: Arc<dyn Clock>) -> Result<Roster, RosterError> {
    let client = options.network.client(&options.network.tls()?)?;
    Ok(read(&Api::new(options.clone(), client, clock)).await?)
}

async fn read(api: &Api) -> Result<Roster, ApiError> {
    let mut roster = Roster::default();
    let mut people: BTreeMap<String, Member> = BTreeMap::new();
    let (mut waiting, mut seen) = (VecDeque::from([ROOT]), BTreeSet::from([ROOT]));
    // Breadth first: those above come before those below.
    while let Some(id) = waiting.pop_front() {
        let members = members(api, id).await?;
        if id != ROOT {
            roster.departments.push(unit(api, id, &members).await?);
        }
        for user in members.into_iter().filter(|user| !user.userid.is_empty()) {
            people.entry(user.userid.clone()).or_insert_with(|| user.member(id));
        }
        for below in below(api, id).await? {
            if seen.insert(below) {
                waiting.push_back(below);
            }
        }
        if seen.len() > MOST_DEPARTMENTS {
            return Err(ApiError::new(Class::Other, "the list of departments never ends"));
        }
    }
    roster.people = people.into_values().collect();
    Ok(roster)
}

async fn below(api: &Api, department: i64) -> Result<Vec<i64>, ApiError> {
    let found = result(api, "/topapi/v2/department/listsub", &json!({"dept_id": department})).await?;
    let ids = found.as_array().into_iter().flatten().filter_map(|one| one.get("dept_id"));
    Ok(ids.filter_map(number).collect())
}

/// A department with its head: the one it names, else the member whose own entry says so.
pub(super) async fn unit(api: &Api, id: i64, members: &[User]) -> Result<Unit, ApiError> {
    let shown = result(api, "/topapi/v2/department/get", &json!({"dept_id": id})).await?;
    let text = |field: &str| shown.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let heads = shown.get("dept_manager_userid_list").and_then(Value::as_array).into_iter().flatten();
    let named = heads.filter_map(Value::as_str).find(|head| !head.is_empty()).map(str::to_owned);
    let own = || members.iter().find(|user| user.leads(id)).map(|user| user.userid.clone());
    Ok(Unit {
        id: id.to_string(),
        name: text("name"),
        parent: shown
            .get("parent_id")
            .and_then(number)
            .filter(|above| *above != ROOT)
            .map(|id| id.to_string()),
        leader: named.or_else(own),
    })
}

async fn members(api: &Api, department: i64) -> Result<Vec<User>, ApiError> {
    let (mut found, mut cursor) = (Vec::new(), 0);
    for _ in 0..MOST_PAGES {
        let body = json!({"dept_id": department, "cursor": cursor, "size": PAGE});
        let mut page = result(api, "/topapi/v2/user/list", &body).await?;
        let list = page.get_mut("list").map(Value::take).unwrap_or_default();
        let list: Vec<User> = serde_json::from_value(list).map_err(|error| {
            ApiError::new(Class::Other, format!("DingTalk lists people in another shape: {error}"))
        })?;
        found.extend(list);
        let next = page.get("next_cursor").and_then(number);
        match next.filter(|next| truth(page.get("has_more")) && *next > cursor) {
            Some(next) => cursor = next,
            None => return Ok(found),
        }
    }
    Err(ApiError::new(Class::Other, "the list of a department's people never ends"))
}

pub(super) async fn result(api: &Api, path: &str, body: &Value) -> Result<Value, ApiError> {
    let mut answer = api.call(&Ask::old(path, body)).await?;
    match answer.get_mut("result").map(Value::take) {
        Some(result) => Ok(result),
        None => Err(ApiError::new(Class::Other, format!("{path} answers without a result"))),
    }
}

/// Somebody, as DingTalk shows them.
#[derive(Deserialize)]
pub struct User {
    #[serde(default)]
    userid: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    mobile: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    org_email: String,
    #[serde(default)]
    dept_id_list: Vec<Value>,
    #[serde(default)]
    leader_in_dept: Vec<Value>,
    #[serde(default)]
    leader: Value,
}

impl User {
    /// The ids of the departments that this is in.
    pub(super) fn departments(&self) -> impl Iterator<Item = i64> + '_ {
        self.dept_id_list.iter().filter_map(number)
    }

    /// As a member of the company.
    pub(super) fn member(self, listed_in: i64) -> Member {
        let departments: Vec<_> = self.departments().map(|id| id.to_string()).collect();
        Member {
            account: self.userid,
            name: self.name,
            title: self.title,
            mobile: self.mobile,
            email: if self.org_email.is_empty() { self.email } else { self.org_email },
            departments: if departments.is_empty() { vec![listed_in.to_string()] } else { departments },
        }
    }

    fn leads(&self, department: i64) -> bool {
        let entry =
            self.leader_in_dept.iter().find(|one| one.get("dept_id").and_then(number) == Some(department));
        match entry {
            Some(one) => truth(one.get("leader")),
            None => truth(Some(&self.leader)),
        }
    }
}

/// Samples of the documentation write numbers and booleans as texts.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn truth(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value.as_bool().unwrap_or_else(|| value.as_str() == Some("true")))
}

#[cfg(test)]
mod tests {
    use super::super::api::tests::ground;
    use super::super::fake::{Fault, Person};
    use super::*;

    #[tokio::test]
    async fn everybody_comes_once_with_department_and_head() {
        let (fake, api) = ground().await;
        fake.state().people.iter_mut().for_each(|person| match person.id.as_str() {
            "u_lab_1" => person.departments = vec![3, 2],
            "u_law_1" => person.leads = vec![4],
            _ => {}
        });
        let roster = read(&api).await.unwrap();
        let shown: Vec<_> = roster
            .departments
            .iter()
            .map(|d| (d.id.as_str(), d.name.as_str(), d.parent.as_deref(), d.leader.as_deref()))
            .collect();
        assert_eq!(
            shown,
            [
                ("2", "Research", None, Some("u_dev_head")),
                ("4", "Law", None, Some("u_law_1")),
                ("3", "Lab", Some("2"), None),
            ]
        );
        assert_eq!(roster.people.len(), 4);
        let lab = roster.people.iter().find(|person| person.account == "u_lab_1").unwrap();
        assert_eq!(
            (lab.name.as_str(), lab.departments.as_slice()),
            ("Sun Jie", ["3".into(), "2".into()].as_slice())
        );
        assert_eq!(api.metered(), 0);
    }

    #[tokio::test]
    async fn who_has_left_is_not_there_any_more() {
        let (fake, api) = ground().await;
        fake.state().people.retain(|person| person.id != "u_law_1");
        let roster = read(&api).await.unwrap();
        assert!(roster.people.iter().all(|person| person.account != "u_law_1"));
        assert_eq!(roster.people.len(), 3);
    }

    #[tokio::test]
    async fn a_department_of_many_pages_is_read_to_the_end() {
        let (fake, api) = ground().await;
        {
            let mut state = fake.state();
            let like = state.people[0].clone();
            let more = (0..250).map(|n| Person { id: format!("u_many{n}"), ..like.clone() });
            state.people.extend(more.collect::<Vec<_>>());
        }
        let roster = read(&api).await.unwrap();
        assert_eq!(roster.people.iter().filter(|p| p.account.starts_with("u_many")).count(), 250);
    }

    #[tokio::test]
    async fn half_a_company_is_none() {
        let (fake, api) = ground().await;
        fake.fail("users.list", 1, Fault::Garbage);
        assert_eq!(read(&api).await.unwrap_err().class, Class::Unclear);
        fake.takes_scope("qyapi_get_department_list");
        let refused = read(&api).await.unwrap_err();
        assert_eq!(refused.class, Class::Config);
        assert!(refused.why.contains("permission"), "{refused}");
    }
}
