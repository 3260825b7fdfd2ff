//! The company as Feishu knows it: departments, who leads them, people.
//!
//! Invariant: only what Feishu says is in the roster; a field that a missing permission hides is empty, which is not the
//! same as being nothing, and whoever has left is not in it.

use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::Options;
use super::api::Api;
use super::fault::{ApiError, Class};
use crate::domain::directory::merge::{Member, Roster, Unit};
use crate::messenger::net::NetError;

/// The most that Feishu gives in one page.
const PAGE: &str = "50";
/// More pages than any company has: an answer that always promises more must not hold us for ever.
const MOST_PAGES: usize = 4_000;

/// Why the roster could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// The network.
    #[error(transparent)]
    Net(#[from] NetError),
    /// Feishu.
    #[error(transparent)]
    Api(#[from] ApiError),
}

/// Departments and people within the app's contact range.
pub async fn roster(options: &Options) -> Result<Roster, RosterError> {
    let client = options.network.client(&options.network.tls()?)?;
    Ok(read(&Api::new(options.clone(), client)).await?)
}

async fn read(api: &Api) -> Result<Roster, ApiError> {
    let path = "/open-apis/contact/v3/departments/0/children";
    let query = [
        ("department_id_type", "open_department_id"),
        ("user_id_type", "open_id"),
        ("fetch_child", "true"),
        ("page_size", PAGE),
    ];
    let departments: Vec<Department> = all(api, path, &query).await?;
    let mut roster = Roster::default();
    for id in std::iter::once("0").chain(departments.iter().map(|d| d.open_department_id.as_str())) {
        let path = "/open-apis/contact/v3/users/find_by_department";
        let query = [
            ("department_id", id),
            ("department_id_type", "open_department_id"),
            ("user_id_type", "open_id"),
            ("page_size", PAGE),
        ];
        for user in all::<User>(api, path, &query).await? {
            add(&mut roster, user, id);
        }
    }
    roster.departments = departments.into_iter().filter_map(Department::in_force).collect();
    Ok(roster)
}

/// Everything that a paged call has.
async fn all<T: serde::de::DeserializeOwned>(
    api: &Api,
    path: &str,
    query: &[(&str, &str)],
) -> Result<Vec<T>, ApiError> {
    let mut found = Vec::new();
    let mut token = String::new();
    for _ in 0..MOST_PAGES {
        let mut query = query.to_vec();
        if !token.is_empty() {
            query.push(("page_token", token.as_str()));
        }
        let mut answer = api.call(Method::GET, path, &query, None).await?;
        let items = answer.get_mut("items").map(Value::take).unwrap_or_default();
        let page: Option<Vec<T>> = serde_json::from_value(items).unwrap_or_default();
        found.extend(page.into_iter().flatten());
        let more = answer.get("has_more").and_then(Value::as_bool).unwrap_or(false);
        let next = answer.get("page_token").and_then(Value::as_str).unwrap_or_default();
        if !more || next.is_empty() {
            return Ok(found);
        }
        token = next.to_owned();
    }
    Err(ApiError::new(Class::Other, None, format!("{path} never ends")))
}

/// Somebody may be in several departments, and comes once with each.
fn add(roster: &mut Roster, user: User, department: &str) {
    let Some(mut member) = in_force(user) else { return };
    if roster.people.iter().any(|known| known.account == member.account) {
        return;
    }
    if member.departments.is_empty() {
        member.departments.push(department.to_owned());
    }
    roster.people.push(member);
}

/// Somebody as a member of the company; `None` of whoever has left.
pub(super) fn in_force(user: User) -> Option<Member> {
    let is_here = !user.open_id.is_empty() && !user.status.is_resigned && !user.status.is_exited;
    is_here.then_some(Member {
        account: user.open_id,
        name: user.name,
        title: user.job_title,
        mobile: user.mobile,
        email: user.email,
        departments: user.department_ids,
    })
}

#[derive(Deserialize)]
pub(super) struct Department {
    #[serde(default)]
    open_department_id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    parent_department_id: String,
    leader_user_id: Option<String>,
    #[serde(default)]
    leaders: Vec<Leader>,
    #[serde(default)]
    status: DepartmentStatus,
}

/// On the wire these are written as `leaderType` and `leaderID`.
#[derive(Deserialize)]
struct Leader {
    #[serde(rename = "leaderType")]
    kind: Option<i64>,
    #[serde(rename = "leaderID")]
    id: Option<String>,
}

/// The first leader, not a deputy.
const MAIN: i64 = 1;

#[derive(Default, Deserialize)]
struct DepartmentStatus {
    #[serde(default)]
    is_deleted: bool,
}

impl Department {
    /// As a department of the company, unless it is deleted.
    pub(super) fn in_force(self) -> Option<Unit> {
        (!self.status.is_deleted).then(|| self.unit())
    }

    fn unit(self) -> Unit {
        let some = |id: String| Some(id).filter(|id| !id.is_empty());
        let main = self.leaders.into_iter().find(|leader| leader.kind == Some(MAIN));
        let leader = self.leader_user_id.and_then(some);
        Unit {
            id: self.open_department_id,
            name: self.name,
            parent: some(self.parent_department_id).filter(|id| id != "0"),
            leader: leader.or_else(|| main.and_then(|leader| leader.id)),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct User {
    #[serde(default)]
    open_id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    job_title: String,
    #[serde(default)]
    mobile: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    department_ids: Vec<String>,
    #[serde(default)]
    status: UserStatus,
}

#[derive(Default, Deserialize)]
struct UserStatus {
    #[serde(default)]
    is_resigned: bool,
    #[serde(default)]
    is_exited: bool,
}

#[cfg(test)]
mod tests {
    use super::super::api_tests::ground;
    use super::*;

    #[tokio::test]
    async fn everybody_comes_once_with_department_and_leader_and_leavers_do_not() {
        let (fake, api) = ground().await;
        fake.person("ou_leaver", |person| person.resigned = true);
        let roster = read(&api).await.unwrap();
        assert_eq!(roster.departments.len(), 4);
        let lab = roster.departments.iter().find(|d| d.name == "实验室").unwrap();
        let above = roster.departments.iter().find(|d| Some(&d.id) == lab.parent.as_ref()).unwrap();
        assert_eq!((above.name.as_str(), lab.leader.as_ref()), ("研发部", None));
        assert!(above.leader.is_some());
        assert_eq!(roster.people.len(), 7);
        assert!(roster.people.iter().all(|p| !p.name.is_empty() && p.departments.len() == 1));
    }

    #[tokio::test]
    async fn a_department_of_many_pages_is_read_to_the_end() {
        let (fake, api) = ground().await;
        let department = fake.state().people.values().next().unwrap().department.clone();
        for n in 0..120 {
            fake.person(&format!("ou_many{n}"), |person| {
                person.department.clone_from(&department);
                person.name = format!("人{n}");
            });
        }
        let roster = read(&api).await.unwrap();
        assert_eq!(roster.people.iter().filter(|p| p.account.starts_with("ou_many")).count(), 120);
        assert!(fake.count("users.find_by_department") > 5, "in pages");
    }

    #[tokio::test]
    async fn a_missing_permission_is_named() {
        let (fake, api) = ground().await;
        fake.takes_scope("contact:department.base:readonly");
        fake.takes_scope("contact:department.organize:readonly");
        let refused = read(&api).await.unwrap_err();
        assert!(refused.why.contains("contact:department"), "{refused}");
    }
}
