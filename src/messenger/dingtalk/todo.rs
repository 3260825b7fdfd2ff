//! 待办: what somebody owes, as an item of DingTalk's own list.
//!
//! Invariant: an item is made under a key of ours, so that it is one however often it is tried; both calls are metered.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use super::api::{Api, ApiError, Ask, Class};
use super::send::refusal;
use crate::domain::Timestamp;
use crate::messenger::SendError;
use crate::messenger::todo::{Item, Kept, TodoList};

const PERSON: &str = "/topapi/v2/user/get";
/// Characters of a subject: the documentation says 1 024.
const LONGEST: usize = 1_000;
/// 20 of 10, 20, 30 and 40: the usual.
const PRIORITY: u32 = 20;
/// How long lists rest after a mistake in the application's set-up.
const REST: SignedDuration = SignedDuration::from_hours(1);

/// The lists of the organisation's people.
pub struct Todos {
    api: Arc<Api>,
    /// `userId` → `unionId`, which lists go by. It never changes.
    unions: Mutex<BTreeMap<String, String>>,
    rests: Mutex<Option<Timestamp>>,
}

impl Todos {
    /// The lists that `api` reaches.
    pub fn new(api: Arc<Api>) -> Self {
        Self { api, unions: Mutex::default(), rests: Mutex::default() }
    }

    /// Refused while lists rest: after a mistake that somebody has to put right nothing is tried for a while, for every
    /// try may be counted.
    fn may_try(&self) -> Result<(), SendError> {
        let rests = self.rests.lock().unwrap_or_else(PoisonError::into_inner);
        match rests.map(|until| until.duration_since(self.api.now())) {
            Some(left) if left.is_positive() => {
                Err(SendError::Full { after: Duration::try_from(left).unwrap_or_default() })
            }
            _ => Ok(()),
        }
    }

    fn learned<T>(&self, done: Result<T, ApiError>) -> Result<T, SendError> {
        let done = done.map_err(refusal);
        if let Err(SendError::Misconfigured { .. }) = done {
            let mut rests = self.rests.lock().unwrap_or_else(PoisonError::into_inner);
            *rests = self.api.now().saturating_add(REST).ok();
        }
        done
    }

    async fn added(&self, item: &Item) -> Result<Option<Kept>, ApiError> {
        let owner = self.union(&item.account).await?;
        let subject: String = item.subject.chars().take(LONGEST).collect();
        let body = json!({"sourceId": item.key, "subject": subject, "creatorId": owner, "executorIds": [owner],
            "dueTime": item.due.as_millisecond(), "detailUrl": {"appUrl": item.page, "pcUrl": item.page},
            "isOnlyShowExecutor": true, "priority": PRIORITY});
        let path = format!("/v1.0/todo/users/{owner}/tasks?operatorId={owner}");
        let answer = match self.api.call(&Ask::new(Method::POST, &path, &body)).await {
            Err(error) if error.class == Class::Done => return Ok(None),
            answer => answer?,
        };
        let task = answer.get("id").and_then(Value::as_str).filter(|id| is_id(id));
        let unclear = || ApiError::new(Class::Unclear, "DingTalk took the item and did not name it");
        Ok(Some(Kept { owner, task: task.ok_or_else(unclear)?.to_owned() }))
    }

    async fn ticked_off(&self, Kept { owner, task }: &Kept) -> Result<(), ApiError> {
        let path = format!("/v1.0/todo/users/{owner}/tasks/{task}?operatorId={owner}");
        let body = json!({"done": true});
        self.api.call(&Ask::new(Method::PUT, &path, &body)).await.map(drop)
    }

    async fn union(&self, user: &str) -> Result<String, ApiError> {
        if let Some(known) = self.known(user) {
            return Ok(known);
        }
        let body = json!({"userid": user, "language": "zh_CN"});
        let answer = self.api.call(&Ask::old(PERSON, &body)).await?;
        let union = answer.pointer("/result/unionid").and_then(Value::as_str).filter(|id| is_id(id));
        let missing =
            || ApiError::new(Class::Receiver, format!("DingTalk does not tell the unionId of {user}"));
        let union = union.ok_or_else(missing)?.to_owned();
        let mut unions = self.unions.lock().unwrap_or_else(PoisonError::into_inner);
        unions.insert(user.to_owned(), union.clone());
        Ok(union)
    }

    fn known(&self, user: &str) -> Option<String> {
        self.unions.lock().unwrap_or_else(PoisonError::into_inner).get(user).cloned()
    }
}

/// Whether it can stand in a path as it is.
fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

impl TodoList for Todos {
    fn add<'a>(&'a self, item: &'a Item) -> BoxFuture<'a, Result<Option<Kept>, SendError>> {
        Box::pin(async move {
            self.may_try()?;
            self.learned(self.added(item).await)
        })
    }

    fn tick_off<'a>(&'a self, kept: &'a Kept) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(async move {
            self.may_try()?;
            self.learned(self.ticked_off(kept).await)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::api::tests::{app, options};
    use super::super::fake::{Fake, Fault, PERSON as SOMEBODY};
    use super::*;

    fn item(key: &str) -> Item {
        Item {
            key: key.to_owned(),
            account: SOMEBODY.to_owned(),
            subject: "部门确认".to_owned(),
            due: "2026-11-24T10:00:00+08:00".parse().unwrap(),
            page: "https://liaison.example.com/forms/x".to_owned(),
        }
    }

    #[tokio::test]
    async fn an_item_is_made_once_ticked_off_and_its_owner_asked_for_once() {
        let fake = Fake::start().await.unwrap();
        let todos = Todos::new(app(options(&fake)));
        let kept = todos.add(&item("o-1")).await.unwrap().unwrap();
        assert_eq!(kept.owner, "un_u_dev_1");
        assert_eq!(todos.add(&item("o-1")).await.unwrap(), None, "it is there");
        todos.tick_off(&kept).await.unwrap();
        todos.tick_off(&kept).await.unwrap();
        let state = fake.state();
        let only = state.todos.values().next().unwrap();
        assert_eq!((state.todos.len(), only.is_done, only.subject.as_str()), (1, true, "部门确认"));
        drop(state);
        assert_eq!(fake.count("users.get"), 1);
    }

    #[tokio::test]
    async fn what_goes_wrong_is_told_as_for_messages() {
        let fake = Fake::start().await.unwrap();
        let todos = Todos::new(app(options(&fake)));
        fake.fail("todo.create", 1, Fault::CutAfter);
        assert!(matches!(todos.add(&item("o-2")).await, Err(SendError::Unclear { .. })));
        assert_eq!(todos.add(&item("o-2")).await, Ok(None), "the lost answer's item is not made again");
        let nobody = Item { account: "nobody".to_owned(), ..item("o-3") };
        assert!(matches!(todos.add(&nobody).await, Err(SendError::Refused { .. })));
        fake.takes_scope("Todo.Todo.Write");
        assert!(matches!(todos.add(&item("o-4")).await, Err(SendError::Misconfigured { .. })));
        assert!(matches!(todos.add(&item("o-4")).await, Err(SendError::Full { .. })), "not asked again soon");
        assert!(["a/b", "", "../x", "a?b=c"].iter().all(|id| !is_id(id)));
    }
}
