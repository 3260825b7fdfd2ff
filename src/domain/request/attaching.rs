//! Links that are added to a request afterwards.
//!
//! Invariant: they are no part of the content, so that no signature is touched by them.

use serde::{Deserialize, Serialize};

use super::work::{Rules, Work};
use super::{Link, Request};
use crate::domain::change::{Change, Refusal, Value, with};
use crate::domain::permission::Doing;
use crate::domain::{PersonId, Timestamp};

/// A link that was added afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// What.
    #[serde(flatten)]
    pub link: Link,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// Links of one request, those of its form included.
pub const MOST_LINKS: usize = 20;

impl Request {
    /// Adds a link; those hear of it whom a comment would reach.
    pub(super) fn attach(&self, by: &PersonId, link: &Link, rules: Rules) -> Result<Change, Refusal> {
        let authority = self.case(rules).may(by, Doing::Comment, None)?;
        if self.content.attachments.len() + self.attached.len() >= MOST_LINKS {
            return Err(Refusal::EnoughLinks { most: i64::try_from(MOST_LINKS).unwrap_or(i64::MAX) });
        }
        let mut work = Work::by(self, by, authority, rules);
        work.request.attached.push(Attached { link: link.clone(), by: by.clone(), at: rules.now });
        let params = with([("by", Value::Person(by.clone())), ("name", Value::Text(link.name.clone()))]);
        let debtors: Vec<PersonId> = self.owed().map(|o| o.debtor.person.clone()).collect();
        work.news([self.initiator.clone()].into_iter().chain(debtors), "attached", params.clone());
        Ok(work.done("attached", params, "attached"))
    }
}
